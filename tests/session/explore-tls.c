/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* TLS in the explored world: an engine without ciphers, what each side knows of the other's key, and
 * what must be true of both. None of it asks the tables. */

#include "explore-ours.h"

gboolean
ours_encrypts (const Config *config,
               guint         side)
{
  return config->policy[side] != POLICY_OFF;
}

gboolean
ours_is_sealed (const World  *world,
                const Config *config,
                guint         side)
{
  return config->policy[side] == POLICY_REQUIRE || world->sides[side].record != 0;
}

/* To begin with: then nobody on the wire can make anything be lost. */
gboolean
is_sealed_world (const Config *config)
{
  for (guint side = 0; side < 2; side++)
    if (config->policy[side] != POLICY_REQUIRE && config->record[side] == 0)
      return FALSE;

  return TRUE;
}

/* The key of whoever is at the other end. */
static guint
key_shown (const World  *world,
           const Config *config,
           guint         conn,
           guint         side)
{
  if (world->conns[conn].end[!side] == END_STRANGER)
    return KEY_STRANGER;

  return config->key[!side] != 0 ? config->key[!side] : KEY_FIRST;
}

static gboolean
judge (const World  *world,
       const Config *config,
       guint         conn,
       guint         side)
{
  guint record = world->sides[side].record;

  return record == 0 || (record & key_shown (world, config, conn, side)) != 0;
}

/* --- What must be true -------------------------------------------------------------------- */

void
tls_check_stanza (const World  *world,
                  const Config *config,
                  guint         conn,
                  guint         side)
{
  guint known = config->record[side];

  switch (world->conns[conn].tls[side])
    {
    case TLS_NONE:
      if (ours_is_sealed (world, config, side) || known != 0)
        world_violate (VIOLATION_CLEAR);
      break;
    case TLS_ANEW:
      if (known != 0 && !(known & key_shown (world, config, conn, side)))
        world_violate (VIOLATION_KEY);
      break;
    default:
      world_violate (VIOLATION_TOO_EARLY);
    }
}

void
tls_check_open (const World  *world,
                const Config *config,
                guint         conn,
                guint         side)
{
  guint slot = world->conns[conn].end[side] - END_SLOT;
  guint tls = world->conns[conn].tls[side];

  if (!xep174_stream_is_session (&world->sides[side].arbiter.slots[slot]))
    world_violate (VIOLATION_NO_SESSION);
  if (tls != TLS_ANEW && (tls != TLS_NONE || ours_is_sealed (world, config, side)))
    world_violate (VIOLATION_NO_SESSION);
}

static gboolean
has_secure (const Xep174Arbiter *arbiter,
            guint                key)
{
  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
    if (xep174_stream_is_secure (&arbiter->slots[slot])
        && (key == 0 || arbiter->slots[slot].key == key))
      return TRUE;

  return FALSE;
}

void
tls_check_step (const Xep174Arbiter *before,
                const Xep174Arbiter *after,
                guint                event)
{
  gboolean called = event == XEP174_ARBITER_EVENT_T_PROBE || event == XEP174_STREAM_EVENT_HEADER
                    || event == XEP174_STREAM_EVENT_HEADER_LEGACY
                    || event == XEP174_STREAM_EVENT_RESUME;

  if (!called && event != XEP174_ARBITER_EVENT_T_SETTLE)
    return;

  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
    {
      const Xep174Stream *was = &before->slots[slot];
      gboolean for_caller = event != XEP174_ARBITER_EVENT_T_PROBE
                            || was->flags & XEP174_STREAM_CALLED;

      if (xep174_stream_is_secure (was) && !xep174_stream_is_session (&after->slots[slot])
          && for_caller && !has_secure (after, called ? was->key : 0))
        world_violate (VIOLATION_T8);
    }
}

/* --- The engine ---------------------------------------------------------------------------- */

static gboolean
is_handshake (Unit unit)
{
  return unit >= UNIT_HELLO && unit <= UNIT_FINISHED;
}

void
tls_begin (World        *world,
           const Config *config,
           guint         index,
           guint         side)
{
  Conn *conn = &world->conns[index];

  conn->tls[side] = TLS_BEGUN;
  conn->heard = FALSE; /* T3: S1 begins anew */
  if (conn->dialler == side)
    world_push (world, config, index, !side, UNIT_HELLO);
}

void
tls_trust (World        *world,
           const Config *config,
           guint         conn,
           guint         side)
{
  if (world->conns[conn].tls[side] != TLS_ANEW)
    world_violate (VIOLATION_TRUST);

  world->sides[side].record |= key_shown (world, config, conn, side);
}

static void
refuse (World        *world,
        const Config *config,
        guint         conn,
        guint         side)
{
  if (variant_forgets_keys)
    world->sides[side].record = 0;
  ours_step (world, config, side, XEP174_STREAM_EVENT_KEY_REFUSED,
             world->conns[conn].end[side] - END_SLOT, UNIT_DENIED);
}

void
ours_handshake_fails (World        *world,
                      const Config *config,
                      guint         index,
                      guint         side)
{
  Conn *conn = &world->conns[index];
  guint event = conn->tls[side] == TLS_BEGUN ? XEP174_STREAM_EVENT_TLS_FAILED
                                             : XEP174_STREAM_EVENT_EOF;

  conn->mute[side] = TRUE;
  ours_step (world, config, side, event, conn->end[side] - END_SLOT, UNIT_NONE);
}

/* The certificates come with the second flight and the third. */
static void
read_handshake (World        *world,
                const Config *config,
                guint         index,
                guint         side,
                Unit          unit)
{
  Conn *conn = &world->conns[index];

  if (unit == UNIT_HELLO)
    {
      world_push (world, config, index, !side, UNIT_FLIGHT);
      return;
    }
  if (unit == UNIT_FLIGHT && !judge (world, config, index, side))
    {
      refuse (world, config, index, side);
      return;
    }

  stream_of (world, index, side)->key =
    1 + g_bit_nth_lsf (key_shown (world, config, index, side), -1);
  conn->tls[side] = TLS_DONE;
  if (unit == UNIT_FLIGHT)
    world_push (world, config, index, !side, UNIT_FINISHED);
  ours_step (world, config, side, XEP174_STREAM_EVENT_TLS_DONE, conn->end[side] - END_SLOT,
             UNIT_NONE);
}

/* T3: octets behind <starttls/> or <proceed/> are a fault, as are words that nobody asked for. */
static gboolean
read_word (World        *world,
           const Config *config,
           guint         index,
           guint         side,
           Unit          unit)
{
  Conn *conn = &world->conns[index];
  guint state = stream_of (world, index, side)->state;
  Unit behind = conn_next (conn, side);
  gboolean begins = state == (unit == UNIT_STARTTLS ? XEP174_STREAM_OFFERED : XEP174_STREAM_ASKED);
  gboolean right = unit == UNIT_STARTTLS || begins;

  if (right && (!begins || unit == UNIT_FAILURE || behind == UNIT_NONE || behind == UNIT_EOF))
    return FALSE;

  world_deafen (world, config, index, side);
  ours_read_garbage (world, config, index, side);
  return TRUE;
}

static void
read_inside (World        *world,
             const Config *config,
             guint         index,
             guint         side,
             Unit          unit)
{
  Conn *conn = &world->conns[index];

  if (conn->tls[side] == TLS_DONE
      && unit == (conn->dialler == side ? UNIT_FEATURES : UNIT_HEADER))
    conn->tls[side] = TLS_ANEW;
}

gboolean
tls_read (World        *world,
          const Config *config,
          guint         index,
          guint         side,
          Unit         *unit)
{
  Conn *conn = &world->conns[index];
  gboolean inside = (*unit & UNIT_INSIDE) != 0;

  *unit &= UNIT_MASK;
  if (conn->end[side] < END_SLOT || *unit == UNIT_EOF)
    return FALSE;

  if (stream_of (world, index, side)->state == XEP174_STREAM_OPENING && *unit > UNIT_NAMELESS)
    {
      /* Forged: the parser yields nothing before the header. */
      world_deafen (world, config, index, side);
      ours_read_garbage (world, config, index, side);
    }
  else if (is_handshake (*unit))
    read_handshake (world, config, index, side, *unit);
  else if (conn->tls[side] != TLS_NONE && !inside)
    {
      conn->soft = TRUE; /* as good as cut */
      ours_handshake_fails (world, config, index, side);
    }
  else if (*unit >= UNIT_STARTTLS && *unit <= UNIT_FAILURE)
    return read_word (world, config, index, side, *unit);
  else
    {
      read_inside (world, config, index, side, *unit);
      if (*unit != UNIT_HEADER || conn->dialler == side || judge (world, config, index, side))
        return FALSE;
      refuse (world, config, index, side); /* T10: so that its people see why */
    }

  return TRUE;
}
