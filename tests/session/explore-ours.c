/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Our side in the explored world: the real tables, and an interpreter that turns their actions
 * into units on connections. It decides nothing. */

#include "explore-ours.h"

#include <string.h>

#define OPS_IN_QUEUE 8

/* --- The queue --------------------------------------------------------------------------- */

static void
queue_put (Side  *side,
           guint  op)
{
  guint at = 0;

  while (at < OPS_IN_QUEUE && (side->queue >> (4 * at)) & 0xf)
    at++;

  if (at == OPS_IN_QUEUE)
    world_violate (VIOLATION_UNBOUNDED);
  else
    side->queue |= op << (4 * at);
}

/* Before all that the program has asked for. */
static void
queue_put_first (Side  *side,
                 guint  op)
{
  if (side->queue >> (4 * (OPS_IN_QUEUE - 1)) != 0)
    world_violate (VIOLATION_UNBOUNDED);
  else
    side->queue = side->queue << 4 | op;
}

static guint
queue_take (Side *side)
{
  guint op = side->queue & 0xf;

  side->queue >>= 4;

  return op;
}

/* What is written again goes before all but our own answers. */
guint
ours_head (const Side *side)
{
  guint head = side->queue & 0xf;

  return side->again != 0 && head != XEP174_HEAD_ANSWER ? XEP174_HEAD_MESSAGE : head;
}

static void
lose_queue (Side   *side,
            guint8 *fate)
{
  *fate |= side->again;
  side->again = 0;
  while (side->queue != 0)
    if (queue_take (side) == XEP174_HEAD_MESSAGE)
      *fate |= 1 << side->numbered++;
}

/* --- Carrying out ------------------------------------------------------------------------ */

static guint
conn_of_slot (const World *world,
              guint        side,
              guint        slot)
{
  for (guint conn = 0; conn < N_CONNS; conn++)
    if (world->conns[conn].end[side] == END_SLOT + slot)
      return conn;

  g_return_val_if_reached (0);
}

static void
write_stanza (World        *world,
              const Config *config,
              guint         side,
              guint         conn,
              Unit          unit)
{
  if (world->conns[conn].dialler != side && !world->conns[conn].heard)
    world_violate (VIOLATION_S1);
  tls_check_stanza (world, config, conn, side);

  world_push (world, config, conn, !side, unit);
}

static void
write_head (World        *world,
            const Config *config,
            guint         side,
            guint         conn)
{
  Side *self = &world->sides[side];
  guint message;

  if ((self->queue & 0xf) == XEP174_HEAD_ANSWER)
    {
      queue_take (self);
      write_stanza (world, config, side, conn, UNIT_PONG);
      return;
    }

  if (self->again != 0)
    message = g_bit_nth_lsf (self->again, -1);
  else
    {
      queue_take (self);
      message = self->numbered++;
    }
  self->again &= ~(1u << message);
  if (world->conns[conn].acks[side])
    world->conns[conn].sent[side] |= 1u << message;
  write_stanza (world, config, side, conn, UNIT_MESSAGE + message);
}

static void
fail_queue (World        *world,
            const Config *config,
            guint         side)
{
  Side *self = &world->sides[side];

  lose_queue (self, &self->failed);
  if (self->failed != 0 && !config->may_fail[side]
      && (!world->spoiled || config->kinds[!side] == KIND_OURS))
    world_violate (VIOLATION_FAILED);
}

static const guint8 said[XEP174_N_ACTIONS] = {
  [XEP174_ACTION_SEND_HEADER] = UNIT_HEADER,
  [XEP174_ACTION_SEND_FEATURES] = UNIT_FEATURES,
  [XEP174_ACTION_SEND_OFFER] = UNIT_OFFER,
  [XEP174_ACTION_SEND_STARTTLS] = UNIT_STARTTLS,
  [XEP174_ACTION_SEND_PROCEED] = UNIT_PROCEED,
  [XEP174_ACTION_SEND_ENABLE] = UNIT_ENABLE,
  [XEP174_ACTION_SEND_CONFLICT] = UNIT_CONFLICT,
  [XEP174_ACTION_SEND_FAULT] = UNIT_ERROR,
  [XEP174_ACTION_SEND_FOOTER] = UNIT_FOOTER,
};

/* What is done on a connection. */
static void
carry_out_on (World              *world,
              const Config       *config,
              guint               side,
              const Xep174Action *action,
              Unit                reading,
              guint               conn)
{
  switch (action->kind)
    {
    case XEP174_ACTION_CANCEL_DIAL:
    case XEP174_ACTION_CLOSE_TCP:
      world_hang_up (world, config, conn, side);
      break;

    case XEP174_ACTION_SHUT:
      world_shut (world, conn, side);
      break;

    case XEP174_ACTION_NEGOTIATE:
      if (reading == UNIT_STARTTLS)
        world_push (world, config, conn, !side, UNIT_FAILURE);
      break;

    case XEP174_ACTION_BEGIN_TLS:
      tls_begin (world, config, conn, side);
      break;

    case XEP174_ACTION_TRUST_KEY:
      tls_trust (world, config, conn, side);
      break;

    case XEP174_ACTION_UNENCRYPTED:
      /* The peer is told, and reports what it has written. */
      world->conns[conn].soft = TRUE;
      break;

    case XEP174_ACTION_DELIVER:
      tls_check_stanza (world, config, conn, side);
      if (reading >= UNIT_MESSAGE)
        world_deliver (world, config, side, reading);
      break;

    case XEP174_ACTION_PROBE_PING:
    case XEP174_ACTION_RELEASE:
      write_stanza (world, config, side, conn, UNIT_PING);
      break;

    case XEP174_ACTION_WRITE_HEAD:
      write_head (world, config, side, conn);
      break;

    default:
      resume_carry_out (world, config, conn, side, action->kind, reading);
    }
}

static void
carry_out_one (World              *world,
               const Config       *config,
               guint               side,
               const Xep174Action *action,
               Unit                reading,
               guint               adopted,
               gboolean            denied)
{
  guint slot = action->slot;

  switch (action->kind)
    {
    case XEP174_ACTION_DIAL:
      world_dial (world, config, side, END_SLOT + slot);
      break;

    case XEP174_ACTION_ADOPT:
      g_assert (adopted < N_CONNS);
      world->conns[adopted].end[side] = END_SLOT + slot;
      break;

    case XEP174_ACTION_POP_HEAD:
      if (queue_take (&world->sides[side]) == XEP174_HEAD_OPEN)
        tls_check_open (world, config, conn_of_slot (world, side, slot), side);
      break;

    case XEP174_ACTION_FAIL_QUEUE:
      fail_queue (world, config, side);
      break;

    case XEP174_ACTION_PUT_ASIDE:
    case XEP174_ACTION_OPENED ... XEP174_ACTION_CLOSED: /* FORGET and KEEP are done */
    case XEP174_ACTION_START_TIMER:
    case XEP174_ACTION_STOP_TIMER:
      break;

    default:
      if (said[action->kind] != UNIT_NONE)
        world_push (world, config, conn_of_slot (world, side, slot), !side,
                    said[action->kind] == UNIT_ERROR && denied ? UNIT_DENIED
                                                               : said[action->kind]);
      else
        carry_out_on (world, config, side, action, reading, conn_of_slot (world, side, slot));
    }
}

/* Before the connections are gone. */
static gboolean
keep (World                  *world,
      const Config           *config,
      guint                   side,
      const Xep174ActionList *list)
{
  gboolean kept = FALSE;

  for (guint i = 0; i < list->n; i++)
    if (list->actions[i].kind == XEP174_ACTION_FORGET)
      resume_forget (world, config, side);
    else if (list->actions[i].kind == XEP174_ACTION_KEEP)
      {
        resume_keep (world, conn_of_slot (world, side, list->actions[i].slot), side);
        kept = TRUE;
      }

  return kept && !world->sides[side].arbiter.stopping;
}

static void
carry_out (World                  *world,
           const Config           *config,
           guint                   side,
           const Xep174ActionList *list,
           Unit                    reading,
           guint                   adopted)
{
  gboolean asked = FALSE, kept;
  gboolean denied = reading == UNIT_DENIED;

  kept = keep (world, config, side, list);
  for (guint i = 0; i < list->n; i++)
    {
      denied |= list->actions[i].kind == XEP174_ACTION_UNENCRYPTED;
      carry_out_one (world, config, side, &list->actions[i], reading, adopted, denied);
      asked |= list->actions[i].kind == XEP174_ACTION_DELIVER && reading == UNIT_PING;
    }

  /* Not earlier: the actions are about the head of before. */
  if (asked)
    queue_put_first (&world->sides[side], XEP174_HEAD_ANSWER);
  if (kept && ours_head (&world->sides[side]) == XEP174_HEAD_NONE && world->sides[side].kept != 0)
    queue_put (&world->sides[side], XEP174_HEAD_OPEN);
}

/* A message that is read and not delivered, for what T5 and T6 say of its stream, is reported where
 * it was written. */
static void
note_unheard (World                  *world,
              guint                   side,
              guint                   event,
              const Xep174ActionList *list,
              Unit                    reading)
{
  if (event != XEP174_STREAM_EVENT_STANZA || reading < UNIT_MESSAGE)
    return;

  for (guint i = 0; i < list->n; i++)
    if (list->actions[i].kind == XEP174_ACTION_DELIVER)
      return;

  world->sides[!side].excused |= 1 << (reading - UNIT_MESSAGE);
}

static guint
count_anon (const World  *world,
            const Config *config,
            guint         side)
{
  guint n = 0;

  for (guint conn = 0; conn < N_CONNS; conn++)
    if (world->conns[conn].end[side] == END_ANON || world->conns[conn].end[side] == END_ANSWERED)
      n++;

  return config->no_courtesy ? 0 : n;
}

gboolean
ours_has_others (const Side   *side,
                 const Config *config)
{
  return config->two_addresses && side->arbiter.aside == 0;
}

void
ours_settle (World        *world,
             const Config *config,
             guint         side)
{
  Side *self = &world->sides[side];
  Xep174ActionList list;

  while (TRUE)
    {
      guint head = ours_head (self);
      guint anon = count_anon (world, config, side);
      gboolean others = ours_has_others (self, config);
      gboolean sealed = ours_is_sealed (world, config, side);
      guint event;

      if (head != self->arbiter.head)
        event = XEP174_ARBITER_EVENT_HEAD;
      else if (anon != self->arbiter.anon)
        event = XEP174_ARBITER_EVENT_ANON;
      else if (others != self->arbiter.others)
        event = XEP174_ARBITER_EVENT_WAYS;
      else if (sealed != self->arbiter.sealed)
        event = XEP174_ARBITER_EVENT_POLICY;
      else if (resume_has_begun ())
        event = XEP174_ARBITER_EVENT_KEPT;
      else
        return;

      self->arbiter.sealed = sealed;
      self->arbiter.head = head;
      self->arbiter.anon = anon;
      self->arbiter.others = others;
      xep174_arbiter_step (&self->arbiter, event, XEP174_NO_SLOT, &list);
      carry_out (world, config, side, &list, UNIT_NONE, N_CONNS);
    }
}

void
ours_step (World        *world,
           const Config *config,
           guint         side,
           guint         event,
           guint         slot,
           Unit          reading)
{
  Xep174Arbiter before;
  Xep174ActionList list;

  if (ours_encrypts (config, side))
    before = world->sides[side].arbiter;
  xep174_arbiter_step (&world->sides[side].arbiter, event, slot, &list);
  if (ours_encrypts (config, side))
    tls_check_step (&before, &world->sides[side].arbiter, event);
  note_unheard (world, side, event, &list, reading);
  carry_out (world, config, side, &list, reading, N_CONNS);
  ours_settle (world, config, side);
}

/* --- Reading ----------------------------------------------------------------------------- */

static Xep174Stream
anonymous_stream (End end)
{
  Xep174Stream stream = { 0 };

  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  if (end == END_ANSWERED)
    xep174_stream_step (&stream, XEP174_STREAM_EVENT_NAMELESS_LEGACY);

  return stream;
}

/* --- S9: what was heard, and since when --------------------------------------------------- */

static guint
sessions_of (const World *world,
             guint        side)
{
  guint mask = 0;

  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
    if (xep174_stream_is_session (&world->sides[side].arbiter.slots[slot]))
      mask |= 1u << slot;

  return mask;
}

static gboolean
is_waiting (const World *world,
            guint        conn,
            guint        side)
{
  guint end = world->conns[conn].end[side];

  return end == END_ANON || end == END_ANSWERED
         || (end >= END_SLOT
             && world->sides[side].arbiter.slots[end - END_SLOT].state == XEP174_STREAM_HELD);
}

static void
note_sign (World *world,
           guint  side,
           guint  slot)
{
  for (guint conn = 0; conn < N_CONNS; conn++)
    if (world->conns[conn].dialler != side && is_waiting (world, conn, side))
      world->conns[conn].since |= 1u << slot;
}

void
ours_forget_since (World        *world,
                   const Config *config)
{
  for (guint conn = 0; conn < N_CONNS; conn++)
    {
      Conn *waiting = &world->conns[conn];
      guint side = !waiting->dialler;

      if (waiting->since == 0)
        continue;
      if (is_ours (config, side) && is_waiting (world, conn, side))
        waiting->since &= sessions_of (world, side);
      else
        waiting->since = 0;
    }
}

void
ours_check_replaced (World *world,
                     guint  side,
                     guint  slot)
{
  for (guint conn = 0; conn < N_CONNS; conn++)
    if (world->conns[conn].dialler != side && world->conns[conn].end[side] >= END_SLOT
        && is_waiting (world, conn, side) && world->conns[conn].since >> slot & 1)
      world_violate (VIOLATION_S9);
}

static void
adopt (World            *world,
       const Config     *config,
       guint             side,
       guint             conn,
       Xep174StreamEvent event)
{
  Xep174Stream stream = anonymous_stream (world->conns[conn].end[side]);
  Xep174ActionList list;

  Xep174Arbiter before;

  world->sides[side].arbiter.heard = world->conns[conn].since;
  before = world->sides[side].arbiter;
  xep174_arbiter_adopt (&world->sides[side].arbiter, &stream, event, &list);
  tls_check_step (&before, &world->sides[side].arbiter, event);
  carry_out (world, config, side, &list, UNIT_NONE, conn);
  ours_settle (world, config, side);
}

static void
read_anonymous (World        *world,
                const Config *config,
                guint         side,
                guint         conn,
                Unit          unit)
{
  switch (unit)
    {
    case UNIT_HEADER:
      adopt (world, config, side, conn, XEP174_STREAM_EVENT_HEADER);
      break;

    case UNIT_LEGACY:
      adopt (world, config, side, conn, XEP174_STREAM_EVENT_HEADER_LEGACY);
      break;

    case UNIT_NAMELESS:
      world->conns[conn].end[side] = END_ANSWERED;
      world_push (world, config, conn, !side, UNIT_HEADER);
      break;

    case UNIT_ERROR:
    case UNIT_FOOTER:
      world_push (world, config, conn, !side, UNIT_FOOTER);
      world_hang_up (world, config, conn, side);
      ours_settle (world, config, side);
      break;

    case UNIT_EOF:
      world_hang_up (world, config, conn, side);
      ours_settle (world, config, side);
      break;

    default:
      if (config->fault_kinds & FAULT_FORGE)
        ours_give_up_anonymous (world, config, conn, side);
      else
        world_violate (VIOLATION_IMPOSSIBLE);
      break;
    }
}

static guint
event_of_word (Unit unit)
{
  switch (unit)
    {
    case UNIT_CONNECTED:
      return XEP174_STREAM_EVENT_CONNECTED;
    case UNIT_HEADER:
      return XEP174_STREAM_EVENT_HEADER;
    case UNIT_LEGACY:
    case UNIT_NAMELESS:
      return XEP174_STREAM_EVENT_HEADER_LEGACY;
    case UNIT_FEATURES:
      return XEP174_STREAM_EVENT_FEATURES;
    case UNIT_OFFER:
      return XEP174_STREAM_EVENT_FEATURES_TLS;
    case UNIT_STARTTLS:
      return XEP174_STREAM_EVENT_STARTTLS;
    case UNIT_PROCEED:
      return XEP174_STREAM_EVENT_PROCEED;
    case UNIT_FAILURE:
      return XEP174_STREAM_EVENT_FAILURE;
    case UNIT_DENIED:
      return XEP174_STREAM_EVENT_ERROR_FATAL;
    case UNIT_CONFLICT:
      return XEP174_STREAM_EVENT_CONFLICT;
    case UNIT_ERROR:
      return XEP174_STREAM_EVENT_ERROR;
    case UNIT_FOOTER:
      return XEP174_STREAM_EVENT_FOOTER;
    case UNIT_EOF:
      return XEP174_STREAM_EVENT_EOF;
    default:
      return XEP174_STREAM_EVENT_STANZA;
    }
}

static guint
event_of_unit (const World *world,
               guint        conn,
               guint        side,
               Unit         unit)
{
  guint event = resume_event (world, conn, side, unit);

  return event != XEP174_STREAM_N_EVENTS ? event : event_of_word (unit);
}

gboolean
ours_may_read (const World *world,
               guint        conn,
               guint        side)
{
  guint end = world->conns[conn].end[side];

  if (end < END_SLOT || conn_next (&world->conns[conn], side) == UNIT_CONNECTED)
    return TRUE;

  return xep174_arbiter_may_take (&world->sides[side].arbiter, end - END_SLOT,
                                  event_of_unit (world, conn, side,
                                                 conn_next (&world->conns[conn], side) & UNIT_MASK));
}

void
ours_read (World        *world,
           const Config *config,
           guint         conn,
           guint         side,
           Unit          unit)
{
  guint end = world->conns[conn].end[side];

  if (tls_read (world, config, conn, side, &unit))
    return;

  if (end == END_ANSWERED && unit_is_stanza (unit))
    {
      /* X4: its `from` tells whose it is; then it is read like any other, when it may. */
      conn_put_back (&world->conns[conn], side, unit);
      adopt (world, config, side, conn, XEP174_STREAM_EVENT_HEADER_LEGACY);
    }
  else if (end < END_SLOT)
    read_anonymous (world, config, side, conn, unit);
  else
    {
      if (unit_is_stanza (unit) && world->conns[conn].dialler != side)
        world->conns[conn].heard = TRUE;
      guint event = event_of_unit (world, conn, side, unit);

      if (unit == UNIT_FEATURES && acks_offered (config)
          && stream_of (world, conn, side)->state == XEP174_STREAM_RESTART_I)
        event = XEP174_STREAM_EVENT_FEATURES_SM;
      if (xep174_arbiter_is_sign (event))
        note_sign (world, side, end - END_SLOT);
      ours_step (world, config, side, event, end - END_SLOT, unit);
    }
}

/* --- The rest ---------------------------------------------------------------------------- */

void
ours_ask (World        *world,
          const Config *config,
          guint         side)
{
  Side *self = &world->sides[side];

  switch (config->scripts[side][self->issued++])
    {
    case 'm':
      queue_put (self, XEP174_HEAD_MESSAGE);
      break;
    case 'o':
      queue_put (self, XEP174_HEAD_OPEN);
      break;
    case 'c':
      queue_put (self, XEP174_HEAD_CLOSE);
      break;
    case 's':
      lose_queue (self, &self->failed);
      resume_forget (world, config, side);
      self->arbiter.kept = 0;
      self->arbiter.head = XEP174_HEAD_NONE;
      ours_step (world, config, side, XEP174_ARBITER_EVENT_STOP, XEP174_NO_SLOT, UNIT_NONE);
      break;
    case 'p':
      ours_step (world, config, side, XEP174_ARBITER_EVENT_PROBE, XEP174_NO_SLOT, UNIT_NONE);
      break;
    default:
      g_assert_not_reached ();
    }

  ours_settle (world, config, side);
}

/* T_header, where the manager bounds how long a connection stays anonymous. */
void
ours_give_up_anonymous (World        *world,
                        const Config *config,
                        guint         conn,
                        guint         side)
{
  if (world->conns[conn].end[side] == END_ANON)
    world_push (world, config, conn, !side, UNIT_HEADER);
  world_push (world, config, conn, !side, UNIT_ERROR);
  world_push (world, config, conn, !side, UNIT_FOOTER);
  world_hang_up (world, config, conn, side);
  ours_settle (world, config, side);
}

/* The parser stops at what it cannot take; a stream that stays is read no further. */
void
ours_read_garbage (World        *world,
                   const Config *config,
                   guint         conn,
                   guint         side)
{
  guint end = world->conns[conn].end[side];

  if (end < END_SLOT)
    ours_give_up_anonymous (world, config, conn, side);
  else if (world->conns[conn].tls[side] == TLS_BEGUN)
    ours_handshake_fails (world, config, conn, side);
  else
    ours_step (world, config, side, XEP174_STREAM_EVENT_FAULT, end - END_SLOT, UNIT_NONE);
}

/* The process is gone and starts anew; its queue has gone with it. */
void
ours_die (World *world,
          guint  side)
{
  Side *self = &world->sides[side];

  lose_queue (self, &self->excused);
  self->excused |= self->kept;
  self->kept = self->kept_id = 0;
  xep174_arbiter_init (&self->arbiter, side == 0, OURS_MAX_RETRIES);
}
