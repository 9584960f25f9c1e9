/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What can happen next, and what may be left when nothing can. */

#include "explore-ours.h"

#include <string.h>

/* --- What can happen --------------------------------------------------------------------- */

/* How patient a timer is. Time passes only when nothing else can happen, and then the least
 * patient timers fire; the differences of durations within a class are not relied on. */
static guint
patience (const World  *world,
          const Config *config,
          guint         side,
          Xep174Timer   timer)
{
  const Xep174Arbiter *arbiter = &world->sides[side].arbiter;

  switch (timer)
    {
    case XEP174_TIMER_RELEASE:
    case XEP174_TIMER_CROSS:
    case XEP174_TIMER_COURTESY:
      return 1;

    case XEP174_TIMER_HOLD:
    case XEP174_TIMER_SETTLE:
    case XEP174_TIMER_FEATURES:
    case XEP174_TIMER_CLOSE:
      return 2;

    case XEP174_TIMER_PROBE:
      return config->impatient[!side] ? 3 : 2;

    case XEP174_TIMER_TLS: /* T11: T_open is above it */
      return config->impatient[!side] ? 2 : 4;

    case XEP174_TIMER_RETRY: /* the last one outlasts probe and close */
      return arbiter->retries < arbiter->max_retries ? 0 : 4;

    case XEP174_TIMER_OPEN:
      return config->impatient[side] && !world->due[!side] ? 3 : 5;

    case XEP174_TIMER_CONNECT:
      return 5;

    default:
      return 4;
    }
}

static guint
add (Move   moves[MAX_MOVES],
     guint  n,
     guint  kind,
     guint  side,
     guint  what,
     guint  slot)
{
  g_assert (n < MAX_MOVES);
  moves[n] = (Move) { kind, side, what, slot };

  return n + 1;
}

/* What follows a header is written with it: T_features does not fire between the two. */
static gboolean
is_being_answered (const World *world,
                   guint        side,
                   guint        slot)
{
  if (!(world->sides[side].arbiter.stream_timers[slot] & 1 << XEP174_TIMER_FEATURES))
    return FALSE;

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[side] == END_SLOT + slot)
      return conn_next (&world->conns[i], side) != UNIT_NONE;

  return FALSE;
}

static guint
running_timers (const World  *world,
                const Config *config,
                Move          moves[MAX_MOVES],
                guint         n,
                guint         kind)
{
  for (guint side = 0; side < 2; side++)
    {
      const Xep174Arbiter *arbiter = &world->sides[side].arbiter;

      if (!is_ours (config, side))
        continue;
      for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
        for (guint bits = arbiter->stream_timers[slot]; bits != 0; bits &= bits - 1)
          if (kind == MOVE_TIMER || !is_being_answered (world, side, slot))
            n = add (moves, n, kind, side, g_bit_nth_lsf (bits, -1), slot);
      for (guint bits = arbiter->timers; bits != 0; bits &= bits - 1)
        n = add (moves, n, kind, side, g_bit_nth_lsf (bits, -1), XEP174_NO_SLOT);
    }

  return n;
}

static guint
waits (const World  *world,
       const Config *config,
       Move          moves[MAX_MOVES],
       guint         n)
{
  Move all[MAX_MOVES];
  guint n_all = running_timers (world, config, all, 0, MOVE_TIMER);
  guint least = G_MAXUINT;

  for (guint i = 0; i < N_CONNS; i++)
    for (guint side = 0; side < 2; side++)
      if (is_ours (config, side)
          && (world->conns[i].end[side] == END_ANON || world->conns[i].end[side] == END_ANSWERED))
        n_all = add (all, n_all, MOVE_HEADER_TIMER, side, i, XEP174_NO_SLOT);
  for (guint side = 0; side < 2; side++)
    if (config->idle_close && !is_ours (config, side) && world->sides[side].conv == CONV_OPEN)
      n = add (moves, n, MOVE_IDLE, side, 0, 0);

  for (guint i = 0; i < n_all; i++)
    {
      guint p = all[i].kind == MOVE_TIMER ? patience (world, config, all[i].side, all[i].what) : 4;

      if (p > 0)
        least = MIN (least, p);
    }
  for (guint i = 0; i < n_all; i++)
    {
      guint p = all[i].kind == MOVE_TIMER ? patience (world, config, all[i].side, all[i].what) : 4;

      if (p == 0 || p == least)
        n = add (moves, n, all[i].kind, all[i].side, all[i].what, all[i].slot);
    }

  return n;
}

static gboolean
is_first_address (const World  *world,
                  const Config *config,
                  const Conn   *conn)
{
  return is_ours (config, conn->dialler)
         && world->sides[conn->dialler].arbiter.aside == 0;
}

static guint
faults (const World  *world,
        const Config *config,
        Move          moves[MAX_MOVES],
        guint         n)
{
  guint kinds = config->fault_kinds;

  for (guint i = 0; i < N_CONNS; i++)
    {
      const Conn *conn = &world->conns[i];

      if (conn->syn && !conn->hole)
        {
          if (kinds & FAULT_REFUSED)
            n = add (moves, n, MOVE_REFUSED, 0, i, 0);
          if (kinds & FAULT_HOLE)
            n = add (moves, n, MOVE_HOLE, 0, i, 0);
          if (kinds & FAULT_WRONG && is_first_address (world, config, conn))
            {
              n = add (moves, n, MOVE_WRONG_CLOSES, 0, i, 0);
              n = add (moves, n, MOVE_WRONG_SILENT, 0, i, 0);
            }
        }
      else if (conn->end[0] != END_NONE && conn->end[1] != END_NONE && !conn->broken
               && conn->end[conn->dialler] != END_STRANGER)
        {
          if (kinds & FAULT_RESET)
            n = add (moves, n, MOVE_RESET, 0, i, 0);
          if (kinds & FAULT_SILENT)
            n = add (moves, n, MOVE_SILENT, 0, i, 0);
        }
    }

  for (guint i = 0; i < N_CONNS; i++)
    for (guint side = 0; side < 2; side++)
      {
        const Conn *conn = &world->conns[i];
        guint first = conn_next (conn, side) & UNIT_MASK;

        if (!is_ours (config, side) || conn->end[side] == END_NONE)
          continue;
        if (kinds & FAULT_GARBAGE && first != UNIT_NONE && first != UNIT_CONNECTED
            && first != UNIT_EOF && ours_may_read (world, i, side))
          n = add (moves, n, MOVE_GARBAGE, side, i, 0);
        if (kinds & FAULT_BLOCKED && conn->end[side] >= END_SLOT
            && xep174_stream_is_session (stream_of ((World *) world, i, side))
            && !stream_of ((World *) world, i, side)->blocked)
          n = add (moves, n, MOVE_BLOCKED, side, i, 0);
      }

  for (guint side = 0; side < 2; side++)
    if (is_ours (config, side))
      {
        if (kinds & FAULT_KILLED)
          n = add (moves, n, MOVE_KILLED, side, 0, 0);
        if (kinds & FAULT_POWER)
          n = add (moves, n, MOVE_POWER, side, 0, 0);
      }

  return n;
}

/* Who sits on the wire: what he can do before TLS. Inside he can but cut, as everybody (MOVE_RESET). */
static guint
attacks (const World  *world,
         const Config *config,
         Move          moves[MAX_MOVES],
         guint         n)
{
  static const guint8 forged[] = {
    UNIT_FORGED, UNIT_CONFLICT, UNIT_FAILURE, UNIT_PROCEED, UNIT_STARTTLS,
  };
  guint kinds = config->fault_kinds;

  for (guint i = 0; i < N_CONNS; i++)
    for (guint side = 0; side < 2; side++)
      {
        const Conn *conn = &world->conns[i];

        if (!is_ours (config, side) || conn->end[side] == END_NONE || conn->syn || conn->broken)
          continue;
        if (kinds & FAULT_TLS && conn->tls[side] == TLS_BEGUN)
          n = add (moves, n, MOVE_TLS_FAILS, side, i, 0);
        if (kinds & FAULT_STRIP && conn_next (conn, side) == UNIT_OFFER)
          n = add (moves, n, MOVE_STRIP, side, i, 0);
        if (kinds & FAULT_FORGE && conn->tls[side] <= TLS_BEGUN && !conn->fin[!side]
            && (conn->end[side] >= END_SLOT || conn_next (conn, side) != UNIT_NONE))
          for (guint j = 0; j < G_N_ELEMENTS (forged); j++)
            n = add (moves, n, MOVE_FORGE, side, i, forged[j]);
      }

  for (guint side = 0; side < 2; side++)
    if (kinds & FAULT_CALL && is_ours (config, side))
      n = add (moves, n, MOVE_CALL, side, 0, 0);

  return n;
}

/* A stranger says something once, and finishes the handshake when he has begun one. */
static guint
strangers (const World  *world,
           const Config *config,
           Move          moves[MAX_MOVES],
           guint         n)
{
  for (guint i = 0; i < N_CONNS; i++)
    for (guint side = 0; side < 2; side++)
      {
        const Conn *conn = &world->conns[i];

        if (conn->end[!side] != END_STRANGER || conn->end[side] < END_SLOT
            || conn_next (conn, side) != UNIT_NONE)
          continue;
        if (conn->said == 0)
          {
            n = add (moves, n, MOVE_STRANGER, side, i, UNIT_FORGED);
            n = add (moves, n, MOVE_STRANGER, side, i, UNIT_STARTTLS);
            n = add (moves, n, MOVE_STRANGER, side, i, UNIT_EOF);
          }
        else if (conn->said == 1 && conn->tls[side] == TLS_BEGUN)
          n = add (moves, n, MOVE_STRANGER, side, i, UNIT_FINISHED);
      }

  return n;
}

guint
world_moves (const World  *world,
             const Config *config,
             Move          moves[MAX_MOVES])
{
  guint n = 0;

  for (guint i = 0; i < N_CONNS; i++)
    {
      const Conn *conn = &world->conns[i];

      if (conn->syn && !conn->hole)
        n = add (moves, n, MOVE_SYN, 0, i, 0);
      for (guint side = 0; side < 2; side++)
        {
          if (conn_next (conn, side) != UNIT_NONE
              && (!is_ours (config, side) || ours_may_read (world, i, side)))
            n = add (moves, n, MOVE_READ, side, i, 0);
          if (is_ours (config, side) && conn->end[side] >= END_SLOT
              && stream_of ((World *) world, i, side)->blocked)
            n = add (moves, n, MOVE_UNBLOCKED, side, i, 0);
        }
    }

  if (n == 0)
    n = waits (world, config, moves, n);

  n = strangers (world, config, moves, n);

  for (guint side = 0; side < 2; side++)
    if (config->scripts[side][world->sides[side].issued] != '\0')
      n = add (moves, n, MOVE_ASK, side, 0, 0);

  if (n > 0 && world->faults > 0)
    {
      n = faults (world, config, moves, n);
      n = attacks (world, config, moves, n);
    }
  if (n > 0 && world->early > 0)
    n = running_timers (world, config, moves, n, MOVE_EARLY);

  return n;
}

/* --- At rest ----------------------------------------------------------------------------- */

static guint
sessions (const World  *world,
          const Config *config,
          guint         side,
          guint        *index)
{
  guint n = 0;

  for (guint i = 0; i < N_CONNS; i++)
    {
      guint end = world->conns[i].end[side];

      if (end == END_NONE || end == END_STRANGER)
        continue;
      n++;
      *index = i;
      if (is_ours (config, side)
          && (end < END_SLOT
              || !xep174_stream_is_session (&world->sides[side].arbiter.slots[end - END_SLOT])))
        world_violate (VIOLATION_STUCK);
    }

  return n;
}

static void
check_streams (const World  *world,
               const Config *config)
{
  for (guint side = 0; side < 2; side++)
    {
      guint index = 0;

      if (!is_ours (config, side))
        continue;
      if (sessions (world, config, side, &index) > 1)
        world_violate (VIOLATION_S3);
      else if (world->conns[index].end[side] == END_NONE || world->conns[index].broken)
        continue;
      else if (world->conns[index].end[!side] == END_NONE)
        world_violate (VIOLATION_STUCK);
      else if (world->crossed && !world->spoiled && config->faults == world->faults
               && !strpbrk (config->scripts[0], "cs") && !strpbrk (config->scripts[1], "cs")
               && world->conns[index].dialler != 1)
        world_violate (VIOLATION_S5);
    }
}

Violation
world_rest (const World  *world,
            const Config *config)
{
  for (guint side = 0; side < 2; side++)
    {
      const Side *self = &world->sides[side];

      if (!is_ours (config, side))
        continue;
      if (self->queue != 0)
        world_violate (VIOLATION_STUCK);
      if ((self->delivered | self->excused | self->failed | resume_pending (world, side))
          != (1u << self->numbered) - 1)
        world_violate (VIOLATION_LOST);
      if (config->keeps_all && self->kept != 0)
        world_violate (VIOLATION_UNCONFIRMED);
    }
  check_streams (world, config);

  return world_judgement ();
}
