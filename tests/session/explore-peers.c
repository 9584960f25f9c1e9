/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clients out there, as far as they matter to a rule: when they dial, which of two streams
 * they keep, and how they close. What they lose of their own is not our doing. */

#include "explore-private.h"

static guint
conversation (const World *world,
              guint        side)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[side] == END_CONV)
      return i;

  return N_CONNS;
}

static gboolean
has_version (const Config *config,
             guint         side)
{
  return config->kinds[side] == KIND_WOCKY || config->kinds[side] == KIND_SWIFTEN;
}

static Unit
header (const Config *config,
        guint         side)
{
  if (has_version (config, side))
    return UNIT_HEADER;

  return config->nameless[side] ? UNIT_NAMELESS : UNIT_LEGACY;
}

/* --- What they say ----------------------------------------------------------------------- */

static void
say_waiting (World        *world,
             const Config *config,
             guint         side)
{
  Side *self = &world->sides[side];
  guint conn = conversation (world, side);

  for (; self->queue > 0; self->queue--)
    world_push (world, config, conn, !side, UNIT_MESSAGE + self->numbered++);
}

static void
lose_waiting (Side *self)
{
  self->numbered += self->queue;
  self->queue = 0;
}

static void
open_conversation (World        *world,
                   const Config *config,
                   guint         side)
{
  world->sides[side].conv = CONV_OPEN;
  say_waiting (world, config, side);
}

/* libpurple, Kopete and Swiften close at once, wocky waits for the answer. */
static void
close_conversation (World        *world,
                    const Config *config,
                    guint         side)
{
  guint conn = conversation (world, side);
  Side *self = &world->sides[side];

  if (conn == N_CONNS)
    return;

  lose_waiting (self);
  if (self->conv == CONV_OPEN && config->kinds[side] != KIND_KOPETE)
    world_push (world, config, conn, !side, UNIT_FOOTER);

  if (config->kinds[side] == KIND_WOCKY && self->conv == CONV_OPEN)
    self->conv = CONV_CLOSING;
  else
    {
      self->conv = CONV_NONE;
      world_hang_up (world, config, conn, side);
    }
}

/* A window is closed, or nothing was said for a while. It can cross what we write, on this stream
 * or on one that it had left before. */
void
peer_close (World        *world,
            const Config *config,
            guint         side)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[!side] != END_NONE)
      world->conns[i].soft = TRUE;

  close_conversation (world, config, side);
}

void
peer_ask (World        *world,
          const Config *config,
          guint         side)
{
  Side *self = &world->sides[side];
  char asked = config->scripts[side][self->issued++];

  if (asked == 'c')
    {
      peer_close (world, config, side);
      return;
    }
  if (asked == 'd')
    {
      world_dial (world, config, side, END_SECOND);
      return;
    }

  self->queue++;
  if (self->conv == CONV_NONE)
    {
      self->conv = CONV_CONNECTING;
      world_dial (world, config, side, END_CONV);
    }
  else if (self->conv == CONV_OPEN)
    say_waiting (world, config, side);
}

/* --- What they hear ---------------------------------------------------------------------- */

/* wocky and Swiften keep the first stream and close the second with a bare footer; the others take the
 * newest header and close what they had, with all that waited in it. */
static void
read_incoming_header (World        *world,
                      const Config *config,
                      guint         conn,
                      guint         side)
{
  if (has_version (config, side) && world->sides[side].conv != CONV_NONE)
    {
      world->conns[conn].end[side] = END_DROPPED;
      world_push (world, config, conn, !side, UNIT_HEADER);
      world_push (world, config, conn, !side, UNIT_FOOTER);
      return;
    }

  close_conversation (world, config, side);
  world->conns[conn].end[side] = END_CONV;
  world_push (world, config, conn, !side, header (config, side));
  if (has_version (config, side))
    world_push (world, config, conn, !side, UNIT_FEATURES);
  open_conversation (world, config, side);
}

static void
hang_up (World        *world,
         const Config *config,
         guint         conn,
         guint         side)
{
  if (world->conns[conn].end[side] == END_CONV)
    {
      lose_waiting (&world->sides[side]);
      world->sides[side].conv = CONV_NONE;
    }
  world_hang_up (world, config, conn, side);
}

static void
read_connected (World        *world,
                const Config *config,
                guint         conn,
                guint         side)
{
  world->sides[side].conv = CONV_OPENING;
  world_push (world, config, conn, !side, header (config, side));
  if (config->kinds[side] == KIND_KOPETE)
    open_conversation (world, config, side); /* it pipelines */
}

static void
read_footer (World        *world,
             const Config *config,
             guint         conn,
             guint         side)
{
  switch (config->kinds[side])
    {
    case KIND_KOPETE: /* no echo, and it stays */
    case KIND_SWIFTEN:
      break;

    case KIND_WOCKY:
      if (world->conns[conn].end[side] == END_CONV && world->sides[side].conv != CONV_CLOSING)
        world_push (world, config, conn, !side, UNIT_FOOTER);
      hang_up (world, config, conn, side);
      break;

    default:
      if (world->conns[conn].end[side] == END_CONV)
        world_push (world, config, conn, !side, UNIT_FOOTER);
      hang_up (world, config, conn, side);
      break;
    }
}

/* A connection that it does not talk on; what it was refused with ends it. */
static void
read_second (World        *world,
             const Config *config,
             guint         conn,
             guint         side,
             Unit          unit)
{
  if (unit == UNIT_CONNECTED)
    world_push (world, config, conn, !side, UNIT_HEADER);
  else if (unit == UNIT_CONFLICT || unit == UNIT_ERROR || unit == UNIT_FOOTER || unit == UNIT_EOF)
    world_hang_up (world, config, conn, side);
  else if (unit >= UNIT_MESSAGE)
    world_deliver (world, config, side, unit);
}

void
peer_read (World        *world,
           const Config *config,
           guint         conn,
           guint         side,
           Unit          unit)
{
  Side *self = &world->sides[side];
  gboolean conv = world->conns[conn].end[side] == END_CONV;
  SideKind kind = config->kinds[side];

  /* They do not know what they are offered, nor one error from another. */
  if (unit == UNIT_OFFER)
    unit = UNIT_FEATURES;
  else if (unit == UNIT_DENIED)
    unit = UNIT_ERROR;

  if (world->conns[conn].end[side] == END_SECOND)
    read_second (world, config, conn, side, unit);
  else if (unit == UNIT_CONNECTED)
    read_connected (world, config, conn, side);
  else if (unit == UNIT_EOF)
    hang_up (world, config, conn, side);
  else if (unit == UNIT_FOOTER)
    read_footer (world, config, conn, side);
  else if ((unit == UNIT_CONFLICT || unit == UNIT_ERROR) && has_version (config, side))
    hang_up (world, config, conn, side);
  else if (unit == UNIT_HEADER && world->conns[conn].end[side] == END_ANON)
    read_incoming_header (world, config, conn, side);
  else if (unit == UNIT_HEADER && conv && kind == KIND_PURPLE && self->conv == CONV_OPENING)
    open_conversation (world, config, side);
  else if (unit == UNIT_FEATURES && conv && has_version (config, side)
           && self->conv == CONV_OPENING)
    {
      if (kind == KIND_WOCKY)
        world_push (world, config, conn, !side, UNIT_FEATURES);
      open_conversation (world, config, side);
    }
  else if (unit == UNIT_PING && conv && kind == KIND_WOCKY && self->conv == CONV_OPEN)
    world_push (world, config, conn, !side, UNIT_PONG);
  else if (unit >= UNIT_MESSAGE && conv)
    world_deliver (world, config, side, unit);
  else
    world_lose (world, config, conn, side, unit);
}
