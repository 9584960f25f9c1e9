/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a side makes of what it reads. */

#include "explore-acks.h"

static void
fail_stream (World *world,
             guint  conn,
             guint  side)
{
  acks_world_say (world, conn, !side, UNIT_ERROR, 0, 0);
  acks_world_end (world, conn, side, TRUE);
}

/* What names @id: a stream of ours, N_CONNS for what is kept, or more. */
static guint
find_id (const World *world,
         guint        side,
         guint        but,
         guint        id)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (i != but && world->conns[i].ends[side].there && world->conns[i].ends[side].id == id
        && xep174_acks_may_keep (&world->conns[i].ends[side].acks,
                                 world->conns[i].ends[side].closing))
      return i;

  return id != 0 && world->sides[side].kept_id == id ? N_CONNS : N_CONNS + 1;
}

static void
refuse_resume (World *world,
               guint  conn,
               guint  side,
               Unit   unit)
{
  Side *self = &world->sides[side];
  guint n;

  xep174_acks_step (&world->conns[conn].ends[side].acks, XEP174_ACKS_EVENT_UNKNOWN_CAME, unit.h, &n);
  acks_world_say (world, conn, !side, UNIT_FAILED,
                  self->late_id == unit.id && self->late_id != 0 ? self->late_h : NO_H, 0);
  if (world->conns[conn].stranger)
    acks_world_leave (world, conn, side);
}

/* The value is the new stream's alone: what had it before ends. */
static void
take_over (World *world,
           guint  conn,
           guint  side,
           guint  from)
{
  Side *self = &world->sides[side];
  End *old = &world->conns[from % N_CONNS].ends[side];

  if (from == N_CONNS)
    self->kept_id = 0;
  else if (acks_mistake != MISTAKE_TWICE)
    {
      if (old->half != 0)
        acks_prepend (self->waiting, old->half);
      acks_world_say (world, from, !side, UNIT_FIN, 0, 0);
      acks_world_leave (world, from, side);
    }
}

static void
resume_came (World *world,
             guint  conn,
             guint  side,
             Unit   unit)
{
  Conn *stream = &world->conns[conn];
  End *end = &stream->ends[side];
  guint from = find_id (world, side, conn, unit.id);
  const Xep174Acks *was = from < N_CONNS ? &world->conns[from].ends[side].acks
                                         : &world->sides[side].kept;
  Xep174Acks next = end->acks;
  guint bits, n;

  if (from > N_CONNS
      || !xep174_acks_may_resume (was, 1, stream->stranger && acks_mistake != MISTAKE_ID_ALONE ? 2 : 1,
                                  TRUE, 0))
    {
      refuse_resume (world, conn, side, unit);
      return;
    }
  if (was->state == XEP174_ACKS_RESUMING && from < N_CONNS && side == 1)
    {
      /* S5: of two dials that of the larger stays. */
      acks_world_say (world, conn, !side, UNIT_FIN, 0, 0);
      acks_world_leave (world, conn, side);
      return;
    }

  xep174_acks_carry (&next, was);
  bits = xep174_acks_step (&next, XEP174_ACKS_EVENT_RESUME_CAME, unit.h, &n);
  if ((bits & XEP174_ACKS_DO_TOO_HIGH) != 0)
    {
      fail_stream (world, conn, side);
      return;
    }
  if (unit.lie)
    acks_violate ("A1: a wrong h ends the stream");
  if (stream->stranger)
    acks_violate ("A2: never across keys");

  end->acks = next;
  end->id = unit.id;
  take_over (world, conn, side, from);
  if (acks_mistake != MISTAKE_ALL_AGAIN)
    acks_world_confirm (world, side, n, FALSE);
  acks_world_write_again (world, side);
  acks_world_say (world, conn, !side, UNIT_RESUMED,
                  acks_world_tell_all (world, side, &end->acks), unit.id);
}

/* A stream that is not resumed: what was kept is not any more, and one that stands is not given up. */
static void
enable_came (World *world,
             guint  conn,
             guint  side)
{
  End *end = &world->conns[conn].ends[side];
  guint n;

  for (guint i = 0; i < N_CONNS; i++)
    if (i != conn && world->conns[i].ends[side].acks.state >= XEP174_ACKS_ENABLING
        && (side == 1 || world->conns[i].dialler != side))
      {
        acks_world_say (world, conn, !side, UNIT_FIN, 0, 0);
        acks_world_leave (world, conn, side);
        return;
      }
  for (guint i = 0; i < N_CONNS; i++)
    if (i != conn && world->conns[i].ends[side].there)
      {
        acks_world_say (world, i, !side, UNIT_FIN, 0, 0);
        acks_world_end (world, i, side, FALSE);
      }

  acks_world_report_sent (world, side);
  if (acks_config->refuses)
    {
      end->acks.state = XEP174_ACKS_OFF;
      xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, &n);
      acks_world_say (world, conn, !side, UNIT_FAILED, NO_H, 0);
      return;
    }
  xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, &n);
  end->acks.resumable = TRUE;
  end->id = ++world->ids;
  acks_world_say (world, conn, !side, UNIT_ENABLED, 0, end->id);
}

static void
stanza_came (World *world,
             guint  conn,
             guint  side,
             Unit   unit)
{
  Side *self = &world->sides[side], *other = &world->sides[!side];
  End *end = &world->conns[conn].ends[side];

  if (!end->closing)
    end->open = TRUE; /* S1 */
  if (acks_mistake != MISTAKE_HALF)
    xep174_acks_note_given (&end->acks);
  if (acks_mistake == MISTAKE_EARLY || unit.h == PING)
    xep174_acks_note_returned (&end->acks);
  if (unit.h == PING)
    return;

  acks_append (self->hands, unit.h + 1);
  if (unit.h < self->last)
    acks_violate ("S7: at most once, and in order");
  self->last = unit.h + 1;
  other->delivered |= 1 << unit.h;
}

/* <a/>, or what has an `h` and answers a <resume/> of ours. */
static void
h_came (World          *world,
        guint           conn,
        guint           side,
        Unit            unit,
        Xep174AcksEvent event)
{
  End *end = &world->conns[conn].ends[side];
  guint h = unit.h == NO_H ? end->acks.confirmed : unit.h;
  gboolean asks_anew = end->acks.state == XEP174_ACKS_RESUMING;
  guint n, bits = xep174_acks_step (&end->acks, event, h, &n);

  if (bits & XEP174_ACKS_DO_FAULT)
    acks_violate ("a cell is wrong");
  if (bits & (XEP174_ACKS_DO_FAULT | XEP174_ACKS_DO_TOO_HIGH))
    {
      fail_stream (world, conn, side);
      return;
    }
  if (unit.lie && event != XEP174_ACKS_EVENT_FAILED_CAME)
    acks_violate ("A1: a wrong h ends the stream");

  if (acks_mistake != MISTAKE_ALL_AGAIN || event == XEP174_ACKS_EVENT_ANSWER_CAME)
    acks_world_confirm (world, side, n, event == XEP174_ACKS_EVENT_ANSWER_CAME);
  if (bits & XEP174_ACKS_DO_AGAIN)
    {
      acks_world_write_again (world, side);
      acks_world_open (world, conn, side);
    }
  if (bits & XEP174_ACKS_DO_REPORT)
    acks_world_report_sent (world, side);
  if (event == XEP174_ACKS_EVENT_FAILED_CAME && asks_anew)
    acks_world_enable (world, conn, side);
  else if (event == XEP174_ACKS_EVENT_FAILED_CAME)
    acks_world_open (world, conn, side);
}

/* Behind a stanza that is begun. */
void
acks_world_say_footer (World *world,
                       guint  conn,
                       guint  side)
{
  End *end = &world->conns[conn].ends[side];

  if (end->half != 0)
    acks_world_finish (world, conn, side);
  if (xep174_acks_owes_farewell (&end->acks))
    acks_world_say (world, conn, !side, UNIT_ANSWER, xep174_acks_tell (&end->acks), 0);
  acks_world_say (world, conn, !side, UNIT_FOOTER, 0, 0);
  end->closing = TRUE;
  end->open = FALSE;
}

/* X5, S7: a FIN behind both footers says that all was read. */
static void
fin_came (World *world,
          guint  conn,
          guint  side)
{
  End *end = &world->conns[conn].ends[side];

  if (!end->closing)
    {
      acks_world_end (world, conn, side, FALSE);
      return;
    }
  acks_world_confirm (world, side, acks_length (world->sides[side].sent), FALSE);
  if (!end->fin)
    acks_world_say (world, conn, !side, UNIT_FIN, 0, 0);
  acks_world_leave (world, conn, side);
}

void
acks_world_read (World *world,
                 guint  conn,
                 guint  side)
{
  End *end = &world->conns[conn].ends[side];
  Unit unit = end->queue[0];
  guint n;

  memmove (end->queue, end->queue + 1, sizeof end->queue - sizeof unit);
  end->queue[MAX_UNITS - 1] = (Unit) { 0 };

  switch (unit.kind)
    {
    case UNIT_ENABLE:
      enable_came (world, conn, side);
      break;
    case UNIT_ENABLED:
      xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_ENABLED_CAME, 0, &n);
      end->acks.resumable = TRUE;
      end->id = unit.id;
      acks_world_open (world, conn, side);
      break;
    case UNIT_RESUME:
      resume_came (world, conn, side, unit);
      break;
    case UNIT_RESUMED:
      h_came (world, conn, side, unit, XEP174_ACKS_EVENT_RESUMED_CAME);
      break;
    case UNIT_FAILED:
      h_came (world, conn, side, unit, XEP174_ACKS_EVENT_FAILED_CAME);
      break;
    case UNIT_REQUEST:
      xep174_acks_step (&end->acks, XEP174_ACKS_EVENT_REQUEST_CAME, 0, &n);
      if (!end->closing && xep174_acks_owes_answer (&end->acks))
        acks_world_say (world, conn, !side, UNIT_ANSWER, xep174_acks_tell (&end->acks), 0);
      break;
    case UNIT_ANSWER:
      h_came (world, conn, side, unit, XEP174_ACKS_EVENT_ANSWER_CAME);
      break;
    case UNIT_HALF:
      if (acks_mistake == MISTAKE_HALF)
        xep174_acks_note_given (&end->acks);
      break;
    case UNIT_STANZA:
      stanza_came (world, conn, side, unit);
      break;
    case UNIT_FOOTER:
      if (!end->closing)
        acks_world_say_footer (world, conn, side);
      else
        {
          acks_world_say (world, conn, !side, UNIT_FIN, 0, 0);
          end->fin = TRUE;
        }
      break;
    case UNIT_ERROR:
      acks_world_end (world, conn, side, TRUE);
      break;
    default:
      fin_came (world, conn, side);
    }
}
