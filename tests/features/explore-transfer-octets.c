/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Octets on their way: a thread writes them, another one reads them, and each tells its machine later. */

#include "explore-transfer-private.h"

#include <string.h>

Conn *
transfer_world_conn (World *world,
                     guint  side)
{
  guint path = world->sides[side].path;

  return path == PATH_OWN || path == PATH_OTHER ? &world->conns[path - 1] : NULL;
}

/* --- What can happen ------------------------------------------------------------------------- */

static guint
n_written (const World *world)
{
  const Side *self = &world->sides[SENDER];

  return self->fsm.done + self->untold;
}

gboolean
transfer_world_may_write (World *world)
{
  Side *self = &world->sides[SENDER];
  Conn *conn = transfer_world_conn (world, SENDER);

  if (n_written (world) == self->fsm.size || !(IS (self, MOVING) || IS (self, IN_BAND)))
    return FALSE;
  if (self->path == PATH_BAND)
    return world->sides[RECEIVER].n_words < 4;

  return conn != NULL && conn->open[SENDER] && conn->open[RECEIVER] && conn->n < 2;
}

gboolean
transfer_world_may_exceed (World *world)
{
  Conn *conn = transfer_world_conn (world, SENDER);

  return conn != NULL && conn->open[0] && conn->open[1] && conn->n < MAX_UNITS
         && n_written (world) == transfer_config->size;
}

gboolean
transfer_world_may_read (World *world)
{
  Conn *conn = transfer_world_conn (world, RECEIVER);

  return conn != NULL && conn->open[RECEIVER] && conn->n > 0 && !transfer_config->deaf;
}

/* A block is answered. */
gboolean
transfer_world_may_tell (World *world,
                         guint  side)
{
  return world->sides[side].untold > 0 && transfer_world_conn (world, side) != NULL;
}

gboolean
transfer_world_is_eof (World *world,
                       guint  side)
{
  Conn *conn = transfer_world_conn (world, side);

  if (conn == NULL || (side == RECEIVER && conn->n > 0))
    return FALSE;

  return !conn->open[side] || !conn->open[!side];
}

/* --- What happens ---------------------------------------------------------------------------- */

static void
count (World *world,
       guint  side,
       guint  n)
{
  transfer_carry_out (world, side, xep174_transfer_fsm_step_octets (&world->sides[side].fsm, n));
}

void
transfer_tell (World *world,
               guint  side)
{
  Side *self = &world->sides[side];
  guint n = self->untold;

  self->untold = 0;
  count (world, side, n);
}

/* The pump tells of what has gone before it tells that it has ended. */
void
transfer_lose_path (World *world,
                    guint  side)
{
  Side *self = &world->sides[side];

  if (transfer_world_conn (world, side) != NULL)
    transfer_tell (world, side);
  self->path = PATH_NONE;
  transfer_step (world, side, EVENT (PATH_LOST));
}

void
transfer_write (World *world)
{
  Conn *conn = transfer_world_conn (world, SENDER);
  guint place = n_written (world);

  world->sides[SENDER].untold++;
  if (conn == NULL)
    transfer_say (world, SENDER, WORD_DATA, place);
  else
    conn->units[conn->n++] = place;
}

static void
keep_unit (World *world,
           guint  place)
{
  if (place % 16 != world->disk)
    transfer_violate (IN_ORDER);
  if (!world->sides[RECEIVER].accepted)
    transfer_violate (ASKED_ONCE);
  world->disk++;
  world->corrupt |= place >= 16;
  if (world->disk > transfer_config->size)
    transfer_violate (SIZE_HOLDS);
}

/* A connection is read by a thread, which takes no octet more than is missing. */
void
transfer_read (World *world)
{
  Conn *conn = transfer_world_conn (world, RECEIVER);
  guint place = conn->units[0];

  conn->n--;
  memmove (conn->units, conn->units + 1, conn->n);
  conn->units[conn->n] = 0;
  if (world->disk >= transfer_config->size)
    {
      transfer_tell (world, RECEIVER);
      count (world, RECEIVER, transfer_config->size + 1);
      return;
    }

  keep_unit (world, place);
  world->sides[RECEIVER].untold++;
}

/* In the conversation the machine knows before it is written, and it is answered then. */
void
transfer_hear_unit (World *world,
                    Word   word)
{
  Side *self = &world->sides[RECEIVER];
  gboolean comes = self->path == PATH_BAND && IS (self, IN_BAND);
  guint64 before = self->fsm.done;
  guint bits = comes ? xep174_transfer_fsm_step_octets (&self->fsm, 1) : 0;

  if (self->fsm.done > before)
    keep_unit (world, word.number);
  transfer_carry_out (world, RECEIVER, bits);
  transfer_answer (world, RECEIVER, word.attempt, comes);
}

void
transfer_hear_answer (World    *world,
                      gboolean  well)
{
  if (!well)
    {
      transfer_lose_path (world, SENDER);
      return;
    }

  world->sides[SENDER].untold--;
  count (world, SENDER, 1);
}
