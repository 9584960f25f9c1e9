/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Acknowledgements in the explored world (A2, A3, A5). What is counted is test-explore-acks's matter:
 * here the `h` that a side tells is what it has had, because nothing can reach it between its word
 * and the other side's. None of it asks the tables. */

#include "explore-ours.h"

/* Neither on a stream nor kept. */
static guint
free_id (const World *world)
{
  guint used = 1;

  for (guint i = 0; i < N_CONNS; i++)
    used |= 1u << world->conns[i].id;
  for (guint side = 0; side < 2; side++)
    used |= 1u << world->sides[side].kept_id;

  for (guint id = 0; id < 8; id++)
    if ((used >> id & 1) == 0)
      return id;

  world_violate (VIOLATION_UNBOUNDED);
  return 1;
}

/* Of a stream on which acknowledgements have begun, or of what is kept: what a stranger has heard. */
guint
resume_known_id (const World *world)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].acks[0] || world->conns[i].acks[1])
      return world->conns[i].id;

  return world->sides[0].kept_id | world->sides[1].kept_id;
}

/* Its fate is not decided while one of its sender's streams, or what that keeps, has it. */
gboolean
resume_tracks (const World *world,
               guint        sender,
               guint        message)
{
  guint tracked = world->sides[sender].kept | world->sides[sender].again;

  for (guint i = 0; i < N_CONNS; i++)
    tracked |= world->conns[i].sent[sender];

  return (tracked >> message & 1) != 0;
}

/* What is told as unconfirmed. */
void
resume_report (World        *world,
               const Config *config,
               guint         side,
               guint8       *messages)
{
  if (config->keeps_all && *messages != 0)
    world_violate (VIOLATION_UNCONFIRMED);

  world->sides[side].excused |= *messages;
  *messages = 0;
}

/* A stream's end is gone; what it wrote is not kept, and whatever has arrived is known to have. */
void
resume_end (World        *world,
            const Config *config,
            Conn         *conn,
            guint         side)
{
  conn->sent[side] &= ~world->sides[side].delivered;
  resume_report (world, config, side, &conn->sent[side]);
  conn->acks[side] = FALSE;
}

/* A3: what the other side has not had is written again, before the queue. */
static void
write_again (Side   *self,
             guint8 *messages)
{
  self->again |= *messages & ~self->delivered;
  *messages = 0;
}

static gboolean has_begun;

/* Since the last call. */
gboolean
resume_has_begun (void)
{
  gboolean begun = has_begun;

  has_begun = FALSE;

  return begun;
}

static void
begin (World *world,
       guint  conn,
       guint  side)
{
  has_begun = TRUE;
  world->conns[conn].acks[side] = TRUE;
  world->sides[side].arbiter.resumable |= 1u << (world->conns[conn].end[side] - END_SLOT);
}

/* --- What is read --------------------------------------------------------------------------- */

/* A <resume/> means the session beside it that may be resumed, or else what is kept. */
static gboolean
knows_id (const World *world,
          guint        conn,
          guint        side)
{
  for (guint i = 0; i < N_CONNS; i++)
    if (i != conn && world->conns[i].acks[side] && world->conns[i].end[side] >= END_SLOT
        && xep174_stream_is_session (&world->sides[side].arbiter
                                        .slots[world->conns[i].end[side] - END_SLOT]))
      return world->conns[i].id == world->conns[conn].id;

  return world->sides[side].kept_id == world->conns[conn].id;
}

guint
resume_event (const World *world,
              guint        conn,
              guint        side,
              Unit         unit)
{
  guint state = world->sides[side].arbiter.slots[world->conns[conn].end[side] - END_SLOT].state;
  gboolean asked = state == XEP174_STREAM_RESUMING || state == XEP174_STREAM_ENABLING;

  switch (unit)
    {
    case UNIT_RESUME:
      return knows_id (world, conn, side) ? XEP174_STREAM_EVENT_RESUME : XEP174_STREAM_EVENT_ACKS;
    case UNIT_ENABLED:
    case UNIT_RESUMED:
      return asked ? XEP174_STREAM_EVENT_SM_AGREED : XEP174_STREAM_EVENT_ACKS;
    case UNIT_SM_FAILED:
      return asked ? XEP174_STREAM_EVENT_SM_FAILED : XEP174_STREAM_EVENT_ACKS;
    case UNIT_ENABLE:
      return XEP174_STREAM_EVENT_ACKS;
    default:
      return XEP174_STREAM_N_EVENTS;
    }
}

/* --- What is done --------------------------------------------------------------------------- */

void
resume_forget (World        *world,
               const Config *config,
               guint         side)
{
  resume_report (world, config, side, &world->sides[side].kept);
  world->sides[side].kept_id = 0;
}

void
resume_keep (World *world,
             guint  conn,
             guint  side)
{
  Side *self = &world->sides[side];

  if (self->kept_id != 0)
    world_violate (VIOLATION_TWICE);
  self->kept_id = world->conns[conn].id;
  self->kept = world->conns[conn].sent[side];
  world->conns[conn].sent[side] = 0;
  world->conns[conn].acks[side] = FALSE;
}

/* <resume/> came. */
static void
answer_resume (World        *world,
               const Config *config,
               guint         index,
               guint         side)
{
  Conn *conn = &world->conns[index];
  Side *self = &world->sides[side];

  if (conn->end[!side] == END_STRANGER)
    world_violate (VIOLATION_ACROSS_KEYS);
  if (self->kept_id != conn->id)
    world_violate (VIOLATION_TWICE);

  write_again (self, &self->kept);
  self->kept_id = 0;
  world_push (world, config, index, !side, UNIT_RESUMED);
  begin (world, index, side);
}

static void
send_resume (World        *world,
             const Config *config,
             guint         index,
             guint         side)
{
  Conn *conn = &world->conns[index];
  Side *self = &world->sides[side];

  if (self->kept_id == 0)
    world_violate (VIOLATION_TWICE);
  conn->id = self->kept_id;
  conn->sent[side] = self->kept;
  self->kept_id = self->kept = 0;
  world_push (world, config, index, !side, UNIT_RESUME);
}

static void
acknowledge (World        *world,
             const Config *config,
             guint         index,
             guint         side,
             Unit          reading)
{
  Conn *conn = &world->conns[index];

  switch (reading)
    {
    case UNIT_ENABLE:
      if (!config->refuses[side])
        {
          conn->id = 0;
          conn->id = free_id (world);
          begin (world, index, side);
        }
      world_push (world, config, index, !side, config->refuses[side] ? UNIT_SM_FAILED : UNIT_ENABLED);
      break;

    case UNIT_RESUME:
      world_push (world, config, index, !side, UNIT_SM_FAILED);
      break;

    case UNIT_SM_FAILED:
      conn->id = 0;
      resume_report (world, config, side, &conn->sent[side]);
      break;

    default:
      if (conn->acks[side])
        break;
      write_again (&world->sides[side], &conn->sent[side]);
      begin (world, index, side);
    }
}

void
resume_carry_out (World        *world,
                  const Config *config,
                  guint         conn,
                  guint         side,
                  guint         action,
                  Unit          reading)
{
  if (action == XEP174_ACTION_RESUME)
    answer_resume (world, config, conn, side);
  else if (action == XEP174_ACTION_ACKNOWLEDGE)
    acknowledge (world, config, conn, side, reading);
  else if (action == XEP174_ACTION_SEND_RESUME)
    send_resume (world, config, conn, side);
}

/* --- What must be true ---------------------------------------------------------------------- */

/* A5: T_probe passes for nobody who could resume. */
void
resume_check_probe (const World *world,
                    guint        side)
{
  Xep174View view;

  xep174_view_of (&world->sides[side].arbiter, &view);
  if (view.held == XEP174_NO_SLOT || view.lasting == XEP174_NO_SLOT)
    return;

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[side] == END_SLOT + view.held && !world->conns[i].broken
        && world->conns[i].end[!side] >= END_SLOT && world->sides[!side].kept_id != 0)
      world_violate (VIOLATION_A5);
}

/* What is not delivered, and may still be: on a stream whose break is not noticed yet, or kept until
 * that is too old (300 s). Then it is reported. */
guint
resume_pending (const World *world,
                guint        side)
{
  guint pending = world->sides[side].kept;

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].broken)
      pending |= world->conns[i].sent[side];

  return pending;
}
