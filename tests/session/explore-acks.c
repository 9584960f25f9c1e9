/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two sides: the real machine, and an interpreter that only queues units. */

#include "explore-acks.h"

const Config *acks_config;
Mistake acks_mistake;
const char *acks_violation;

void
acks_violate (const char *rule)
{
  if (acks_violation == NULL)
    acks_violation = rule;
}

/* --- Lists and queues ----------------------------------------------------------------------- */

void
acks_append (guint8 *items,
             guint   item)
{
  guint n = acks_length (items);

  g_assert (n < MAX_ITEMS);
  items[n] = item;
}

void
acks_prepend (guint8 *items,
              guint   item)
{
  g_assert (acks_length (items) < MAX_ITEMS);
  memmove (items + 1, items, MAX_ITEMS - 1);
  items[0] = item;
}

static guint
take (guint8 *items)
{
  guint item = items[0];

  memmove (items, items + 1, MAX_ITEMS - 1);
  items[MAX_ITEMS - 1] = 0;

  return item;
}

void
acks_world_say (World *world,
                guint  conn,
                guint  to,
                guint  kind,
                guint  h,
                guint  id)
{
  End *end = &world->conns[conn].ends[to];
  guint n = 0;

  if (!end->there || world->conns[conn].cut || world->conns[conn].stranger)
    return;
  while (n < MAX_UNITS && end->queue[n].kind != 0)
    n++;
  g_assert (n < MAX_UNITS);
  end->queue[n] = (Unit) { kind, h, id, FALSE };
}

void
acks_world_leave (World *world,
                  guint  conn,
                  guint  side)
{
  memset (&world->conns[conn].ends[side], 0, sizeof (End));
  if (!world->conns[conn].ends[!side].there)
    memset (&world->conns[conn], 0, sizeof (Conn));
}

/* --- What becomes of what was written ------------------------------------------------------- */

void
acks_world_confirm (World   *world,
                    guint    side,
                    guint    n,
                    gboolean answered)
{
  Side *self = &world->sides[side];

  while (n-- > 0)
    {
      guint item = take (self->sent) - 1;

      if (item == PING)
        continue;
      if (!(self->delivered >> item & 1))
        acks_violate ("received means delivered");
      if (answered && !(self->returned >> item & 1))
        acks_violate ("A1: h goes up when the handlers have returned");
      self->confirmed |= 1 << item;
    }
}

static void
report (guint8 *items,
        guint8 *fate)
{
  while (items[0] != 0)
    {
      guint item = take (items) - 1;

      if (item != PING)
        *fate |= 1 << item;
    }
}

void
acks_world_report_sent (World *world,
                        guint  side)
{
  report (world->sides[side].sent, &world->sides[side].reported);
  world->sides[side].kept_id = 0;
}

/* Before the queue, in their order; a ping is not asked anew. */
void
acks_world_write_again (World *world,
                        guint  side)
{
  Side *self = &world->sides[side];

  for (guint n = acks_length (self->sent); n > 0; n--)
    if (self->sent[n - 1] - 1 != PING)
      acks_prepend (self->waiting, self->sent[n - 1]);
  memset (self->sent, 0, sizeof self->sent);
}

/* @closed: a footer or a stream error was said. */
void
acks_world_end (World   *world,
                guint    conn,
                guint    side,
                gboolean closed)
{
  Side *self = &world->sides[side];
  End *end = &world->conns[conn].ends[side];
  gboolean keeps = xep174_acks_may_keep (&end->acks, closed || end->closing);

  if (end->half != 0 && keeps)
    acks_prepend (self->waiting, end->half);
  else if (end->half != 0 && end->half - 1 != PING)
    self->reported |= 1 << (end->half - 1);

  if (keeps)
    {
      self->kept = end->acks;
      self->kept_id = end->id;
    }
  else if (end->open || end->acks.state >= XEP174_ACKS_ENABLING)
    acks_world_report_sent (world, side);
  acks_world_leave (world, conn, side);
}

/* What one of our ends says of what it has had while it resumes. */
guint
acks_world_tell_all (World      *world,
                     guint       side,
                     Xep174Acks *acks)
{
  Side *self = &world->sides[side], *other = &world->sides[!side];

  for (guint i = 0; i < acks_length (self->hands); i++)
    other->returned |= 1 << (self->hands[i] - 1);

  return xep174_acks_tell_all (acks);
}

/* S10: the recipient waits for a first stanza. */
void
acks_world_open (World *world,
                 guint  conn,
                 guint  side)
{
  world->conns[conn].ends[side].open = TRUE;
  if (world->sides[side].waiting[0] == 0)
    acks_append (world->sides[side].waiting, PING + 1);
}

void
acks_world_enable (World *world,
                   guint  conn,
                   guint  side)
{
  End *end = &world->conns[conn].ends[side];
  guint n;

  xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_ENABLE, 0, &n);
  acks_world_say (world, conn, !side, UNIT_ENABLE, 0, 0);
  if (acks_config->pipelines)
    acks_world_open (world, conn, side);
}

/* --- Writing, and the rest ------------------------------------------------------------------ */

/* What this side counts in, wherever it is now. */
static Xep174Acks *
find_acks (World *world,
           guint  side)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].ends[side].acks.state >= XEP174_ACKS_ENABLING)
      return &world->conns[i].ends[side].acks;

  return &world->sides[side].kept;
}

void
acks_world_dial (World *world,
                 guint  conn,
                 guint  side)
{
  Side *self = &world->sides[side];
  End *end = &world->conns[conn].ends[side];
  guint n;

  world->conns[conn].dialler = side;
  world->conns[conn].ends[0].there = world->conns[conn].ends[1].there = TRUE;
  xep174_acks_step (&world->conns[conn].ends[!side].acks, XEP174_ACKS_EVENT_OFFER, 0, &n);

  if (self->kept_id == 0)
    {
      if (acks_config->pings && self->waiting[0] != PING + 1)
        acks_prepend (self->waiting, PING + 1);
      acks_world_enable (world, conn, side);
      return;
    }
  xep174_acks_carry (&end->acks, &self->kept);
  end->id = self->kept_id;
  self->kept_id = 0;
  xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_RESUME, 0, &n);
  acks_world_say (world, conn, !side, UNIT_RESUME, acks_world_tell_all (world, side, &end->acks),
                  end->id);
}

/* He knows the id, and has another key that is accepted, too. */
void
acks_world_call (World *world,
                 guint  conn,
                 guint  side,
                 guint  id)
{
  Conn *stream = &world->conns[conn];
  guint n;

  stream->dialler = !side;
  stream->ends[side].there = TRUE;
  xep174_acks_step (&stream->ends[side].acks, XEP174_ACKS_EVENT_OFFER, 0, &n);
  acks_world_say (world, conn, side, UNIT_RESUME, find_acks (world, side)->confirmed, id);
  stream->stranger = TRUE;
}

void
acks_world_begin (World *world,
                  guint  conn,
                  guint  side)
{
  world->conns[conn].ends[side].half = take (world->sides[side].waiting);
  acks_world_say (world, conn, !side, UNIT_HALF, 0, 0);
}

void
acks_world_finish (World *world,
                   guint  conn,
                   guint  side)
{
  End *end = &world->conns[conn].ends[side];

  acks_world_say (world, conn, !side, UNIT_STANZA, end->half - 1, 0);
  acks_append (world->sides[side].sent, end->half);
  xep174_acks_note_sent (&end->acks, 0);
  end->half = 0;
}

/* The innermost handler. */
void
acks_world_return (World *world,
                   guint  side)
{
  Side *self = &world->sides[side];
  guint n = acks_length (self->hands);
  guint item = self->hands[n - 1] - 1;

  self->hands[n - 1] = 0;
  world->sides[!side].returned |= 1 << item;
  if (acks_mistake != MISTAKE_EARLY)
    xep174_acks_note_returned (find_acks (world, side));
}

/* The process is gone, and what it remembers. */
void
acks_world_crash (World *world,
                  guint  side)
{
  Side *self = &world->sides[side];

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].ends[side].there)
      {
        guint half = world->conns[i].ends[side].half;

        if (half != 0 && half - 1 != PING)
          self->excused |= 1 << (half - 1);
        acks_world_say (world, i, !side, UNIT_FIN, 0, 0);
        acks_world_leave (world, i, side);
      }
  report (self->sent, &self->excused);
  report (self->waiting, &self->excused);
  memset (self->hands, 0, sizeof self->hands);
  self->kept_id = self->late_id = 0;
  world->hurt = TRUE;
}

void
acks_world_expire (World *world,
                   guint  side)
{
  Side *self = &world->sides[side];

  self->late_id = self->kept_id;
  self->late_h = acks_world_tell_all (world, side, &self->kept);
  acks_world_report_sent (world, side);
  world->hurt = TRUE;
}
