/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-arbiter-private.h"

#include <string.h>

/* Nobody has more addresses; who announces them without end is not followed without end. */
#define ASIDE_MAX 16

/* --- What the rows and rules are made of -------------------------------------------------- */

void
xep174_view_of (const Xep174Arbiter *self,
                Xep174View          *view)
{
  *view = (Xep174View) {
    .est = XEP174_NO_SLOT, .out = XEP174_NO_SLOT, .held = XEP174_NO_SLOT,
  };

  for (guint i = XEP174_ARBITER_N_SLOTS; i-- > 0;)
    {
      const Xep174Stream *stream = &self->slots[i];

      if (stream->state == XEP174_STREAM_CLOSED)
        continue;
      view->used |= 1u << i;
      if (xep174_stream_is_session (stream))
        {
          view->n_est++;
          view->n_open += xep174_stream_is_open (stream);
          view->est = i;
        }
      else if (xep174_stream_is_dial (stream))
        {
          view->out = i;
          view->opening = xep174_stream_is_opening (stream);
        }
      else if (stream->state == XEP174_STREAM_HELD)
        view->held = i;
      else if (stream->state == XEP174_STREAM_CLOSE_SENT)
        view->n_closing++;
      else if (stream->state == XEP174_STREAM_DROPPED)
        view->n_dropped++;

      if (stream->flags & XEP174_STREAM_ABORTED && stream->state == XEP174_STREAM_DROPPED)
        view->unsettled = TRUE;
    }

  view->unsettled |= view->opening;
}

void
xep174_turn_emit (Xep174Turn       *turn,
                  Xep174ActionKind  kind,
                  guint             slot)
{
  Xep174ActionList *out = turn->out;

  g_assert (out->n < XEP174_ACTION_LIST_MAX);

  out->actions[out->n++] = (Xep174Action) { .kind = kind, .slot = slot };
}

static void
emit_todo (Xep174Turn *turn,
           guint       slot,
           guint       todo)
{
  /* In the order of Xep174StreamDo. */
  static const guint8 kinds[] = {
    XEP174_ACTION_DIAL, XEP174_ACTION_CANCEL_DIAL, XEP174_ACTION_DELIVER, XEP174_ACTION_REPORT,
    XEP174_ACTION_SEND_HEADER, XEP174_ACTION_SEND_FEATURES, XEP174_ACTION_NEGOTIATE,
    XEP174_ACTION_SEND_CONFLICT, XEP174_ACTION_SEND_TIMEOUT, XEP174_ACTION_SEND_FAULT,
    XEP174_ACTION_SEND_FOOTER, XEP174_ACTION_SHUT, XEP174_ACTION_CLOSE_TCP,
  };

  G_STATIC_ASSERT (1 << (G_N_ELEMENTS (kinds) - 1) == XEP174_STREAM_DO_CLOSE_TCP);
  for (guint bit = 0; bit < G_N_ELEMENTS (kinds) && todo >> bit != 0; bit++)
    if (todo & 1u << bit)
      xep174_turn_emit (turn, kinds[bit], slot);
}

void
xep174_turn_stream (Xep174Turn        *turn,
                    guint              slot,
                    Xep174StreamEvent  event)
{
  Xep174Stream *stream = &turn->self->slots[slot];
  Xep174Stream was;
  guint todo;

  g_return_if_fail (slot < XEP174_ARBITER_N_SLOTS);

  was = *stream;
  todo = xep174_stream_step (stream, event);
  if (stream->state != was.state || stream->flags != was.flags)
    {
      turn->out->moved = TRUE;
      xep174_view_of (turn->self, &turn->view);
    }
  emit_todo (turn, slot, todo);
  if (todo & XEP174_STREAM_DO_DIAL_ASIDE)
    xep174_turn_emit (turn, XEP174_ACTION_PUT_ASIDE, slot);

  if (xep174_stream_is_session (stream) && !xep174_stream_is_session (&was))
    xep174_turn_emit (turn, XEP174_ACTION_OPENED, slot);
  else if (xep174_stream_is_session (&was) && stream->state >= XEP174_STREAM_CLOSE_SENT)
    xep174_turn_emit (turn, XEP174_ACTION_CLOSING, slot);
  else if (stream->state == XEP174_STREAM_CLOSED && was.state != XEP174_STREAM_CLOSED)
    xep174_turn_emit (turn, XEP174_ACTION_CLOSED, slot);

  if (todo & XEP174_STREAM_DO_PROVEN)
    {
      turn->self->aside = 0;
      xep174_turn_refuse_held (turn);
    }
  if (todo & XEP174_STREAM_DO_DIAL_ASIDE)
    xep174_turn_put_aside (turn);
  if (todo & (XEP174_STREAM_DO_DIAL_FAILED | XEP174_STREAM_DO_DIAL_HOPELESS))
    xep174_turn_dial_failed (turn, (todo & XEP174_STREAM_DO_DIAL_HOPELESS) != 0);
}

void
xep174_turn_pop (Xep174Turn *turn,
                 guint       slot)
{
  turn->self->head = XEP174_HEAD_NONE;
  xep174_turn_emit (turn, XEP174_ACTION_POP_HEAD, slot);
}

void
xep174_turn_fail_queue (Xep174Turn *turn)
{
  turn->self->head = XEP174_HEAD_NONE;
  turn->self->retries = 0;
  turn->self->backoff = FALSE;
  xep174_turn_emit (turn, XEP174_ACTION_FAIL_QUEUE, XEP174_NO_SLOT);
}

/* S7: a dial that failed means nothing while another stream may carry the queue. */
void
xep174_turn_dial_failed (Xep174Turn *turn,
                         gboolean    hopeless)
{
  Xep174Arbiter *self = turn->self;

  self->aside = 0;
  if (turn->view.n_est > 0 || turn->view.held != XEP174_NO_SLOT)
    return;

  if (self->head != XEP174_HEAD_NONE && (hopeless || self->retries >= self->max_retries))
    {
      xep174_turn_fail_queue (turn);
      return;
    }

  self->backoff = TRUE;
  self->retries = MIN (self->retries + 1, self->max_retries);
}

/* D12: the next address is no retry. That it is dialled at once is rule 10's doing. */
void
xep174_turn_put_aside (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  if (self->others && self->head != XEP174_HEAD_NONE && self->aside < ASIDE_MAX)
    self->aside++;
  else
    xep174_turn_dial_failed (turn, FALSE);
}

void
xep174_turn_refuse_held (Xep174Turn *turn)
{
  if (turn->view.held != XEP174_NO_SLOT)
    xep174_turn_stream (turn, turn->view.held, XEP174_STREAM_EVENT_REFUSE);
}

/* A stanza must be allowed to go, and a peer without version answers none. */
gboolean
xep174_may_ping (const Xep174Arbiter *self,
                 const Xep174View    *view,
                 guint                slot)
{
  return !(self->slots[slot].flags & XEP174_STREAM_LEGACY)
         && xep174_guard (XEP174_GUARD_MAY_WRITE, self, view, slot);
}

/* The ping is the rules' to send, as soon as it may go; white space finds a dead TCP connection at
 * least. */
void
xep174_turn_probe (Xep174Turn *turn,
                   guint       slot)
{
  Xep174Arbiter *self = turn->self;

  self->slots[slot].flags |= XEP174_STREAM_PROBING;
  if (!xep174_may_ping (self, &turn->view, slot))
    xep174_turn_emit (turn, XEP174_ACTION_PROBE_SPACE, slot);
}

/* Where slots run out a stream that is no session any more makes room: first one whose peer has
 * said its last, then one that was refused. */
guint
xep174_turn_take_slot (Xep174Turn *turn)
{
  static const guint8 order[] = {
    XEP174_STREAM_CLOSED, XEP174_STREAM_CLOSE_RCVD, XEP174_STREAM_DROPPED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
      if (turn->self->slots[slot].state == order[i])
        {
          if (i > 0)
            xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_RECLAIM);
          return slot;
        }

  g_return_val_if_reached (0);
}

/* --- The machine -------------------------------------------------------------------------- */

void
xep174_arbiter_init (Xep174Arbiter *self,
                     gboolean       local_is_smaller,
                     guint          max_retries)
{
  memset (self, 0, sizeof *self);
  self->local_is_smaller = local_is_smaller != FALSE;
  self->max_retries = MIN (max_retries, G_MAXUINT8);
}

static void
begin_turn (Xep174Turn       *turn,
            Xep174Arbiter    *self,
            Xep174ActionList *out)
{
  turn->self = self;
  turn->out = out;
  out->n = 0;
  out->moved = FALSE;
  xep174_view_of (self, &turn->view);
}

/* Its end may have come and lie there unread: a stream that may not be read is read for a moment
 * before we write to it again (S7). A peer without version leaves one stream for another of its
 * own, so that one that was held, or whose first stanza told whose it is (X4), is read first too. */
static void
pause_unread (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  for (guint i = 0; turn->view.used >> i != 0; i++)
    {
      Xep174Stream *stream = &self->slots[i];

      if (xep174_stream_is_session (stream)
            ? !xep174_guard (XEP174_GUARD_MAY_READ, self, &turn->view, i)
            : stream->state == XEP174_STREAM_HELD && (stream->flags & XEP174_STREAM_LEGACY))
        stream->flags |= XEP174_STREAM_PAUSED;
    }
}

/* Signs of life are for the held stream, and of sessions. */
static void
forget_heard (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS && self->heard != 0; i++)
    if (turn->view.held == XEP174_NO_SLOT || !xep174_stream_is_session (&self->slots[i]))
      self->heard &= ~(1u << i);
}

static void
end_turn (Xep174Turn *turn)
{
  xep174_turn_apply_rules (turn);
  forget_heard (turn);
  if (turn->self->head == XEP174_HEAD_NONE && turn->view.out == XEP174_NO_SLOT)
    turn->self->aside = 0;
  pause_unread (turn);
  xep174_turn_sync_timers (turn);
}

/* A timer that has fired runs no longer; if its wait goes on it is started anew. */
static void
note_fired (Xep174Arbiter *self,
            guint          event,
            guint          slot)
{
  if (self->timers == 0 && (slot >= XEP174_ARBITER_N_SLOTS || self->stream_timers[slot] == 0))
    return;

  for (guint timer = 0; timer < XEP174_N_TIMERS; timer++)
    if (xep174_timer_event (timer) != event)
      continue;
    else if (xep174_timer_info (timer)->per_stream)
      self->stream_timers[slot] &= ~(1u << timer);
    else
      self->timers &= ~(1u << timer);
}

/* That the interpreter has changed something. */
static gboolean
tells_input (guint event)
{
  return event >= XEP174_ARBITER_EVENT_HEAD && event <= XEP174_ARBITER_EVENT_UNBLOCKED;
}

void
xep174_arbiter_step (Xep174Arbiter    *self,
                     guint             event,
                     guint             slot,
                     Xep174ActionList *out)
{
  Xep174Arbiter was;
  Xep174Turn turn;

  g_return_if_fail (event < XEP174_ARBITER_N_EVENTS);
  g_return_if_fail (event >= XEP174_STREAM_N_EVENTS || slot < XEP174_ARBITER_N_SLOTS);

  begin_turn (&turn, self, out);
  was = *self;
  note_fired (self, event, slot);

  if (xep174_arbiter_rows[event].act != NULL)
    xep174_arbiter_rows[event].act (&turn, slot);
  else
    xep174_turn_stream (&turn, slot, event);

  /* The turn before left no rule that applies: neither does what changes nothing, as most stanzas. */
  if (tells_input (event) || memcmp (&was, self, sizeof was) != 0)
    end_turn (&turn);
}

guint
xep174_arbiter_adopt (Xep174Arbiter      *self,
                      const Xep174Stream *stream,
                      Xep174StreamEvent   event,
                      Xep174ActionList   *out)
{
  Xep174Turn turn;
  guint slot;

  begin_turn (&turn, self, out);

  /* The newest of the same contact counts: the peer has left the older one behind. */
  if (event != XEP174_STREAM_EVENT_CONNECTED)
    xep174_turn_refuse_held (&turn);
  else
    self->crossings = 0;

  slot = xep174_turn_take_slot (&turn);
  self->slots[slot] = *stream;
  if (stream->state == XEP174_STREAM_ANON_ANSWERED && stream->flags & XEP174_STREAM_LEGACY)
    self->slots[slot].flags |= XEP174_STREAM_PAUSED;
  out->moved = TRUE;
  xep174_turn_emit (&turn, XEP174_ACTION_ADOPT, slot);
  xep174_turn_stream (&turn, slot, event);

  end_turn (&turn);

  return slot;
}

/* --- Queries ------------------------------------------------------------------------------ */

gboolean
xep174_arbiter_may_read (const Xep174Arbiter *self,
                         guint                slot)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return xep174_guard (XEP174_GUARD_MAY_READ, self, &view, slot);
}

gboolean
xep174_arbiter_may_write (const Xep174Arbiter *self,
                          guint                slot)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return xep174_guard (XEP174_GUARD_MAY_WRITE, self, &view, slot);
}

gboolean
xep174_arbiter_may_dial (const Xep174Arbiter *self)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return view.n_est == 0 && view.out == XEP174_NO_SLOT && view.held == XEP174_NO_SLOT
         && view.n_closing == 0 && view.n_dropped == 0
         && (self->anon == 0 || self->courtesy_over)
         && !self->backoff && !self->stopping;
}

/* Two sessions are not settled yet, and what waits in the queue would be left without a stream. */
gboolean
xep174_arbiter_may_steal (const Xep174Arbiter *self,
                          guint                slot)
{
  return self->head == XEP174_HEAD_NONE && !self->slots[slot].blocked
         && xep174_arbiter_may_write (self, slot);
}

/* How much a stream stands for its contact. */
static inline guint
rank (const Xep174Stream *stream)
{
  static const guint8 ranks[XEP174_STREAM_N_STATES] = {
    [XEP174_STREAM_OPEN_R] = 7,
    [XEP174_STREAM_OPEN_I] = 7,
    [XEP174_STREAM_OPEN_I0] = 6,
    [XEP174_STREAM_AWAIT_FIRST] = 5,
    [XEP174_STREAM_OPENING] = 4,
    [XEP174_STREAM_GREETED] = 4,
    [XEP174_STREAM_HELD] = 3,
    [XEP174_STREAM_CONNECTING] = 2,
    /* Of what has been a session. */
    [XEP174_STREAM_CLOSE_SENT] = 1,
    [XEP174_STREAM_CLOSE_RCVD] = 1,
  };
  guint found = ranks[stream->state];

  return found == 1 && !(stream->flags & XEP174_STREAM_SESSION) ? 0 : found;
}

guint
xep174_arbiter_current (const Xep174Arbiter *self)
{
  guint best = XEP174_NO_SLOT;
  guint best_rank = 0;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      guint found = rank (&self->slots[i]);

      if (found > best_rank)
        {
          best = i;
          best_rank = found;
        }
    }

  return best;
}

Xep174Phase
xep174_arbiter_phase (const Xep174Arbiter *self,
                      guint                current)
{
  static const Xep174Phase phases[] = {
    XEP174_PHASE_CLOSED, XEP174_PHASE_CLOSING, XEP174_PHASE_CONNECTING, XEP174_PHASE_NEGOTIATING,
    XEP174_PHASE_NEGOTIATING, XEP174_PHASE_WAITING, XEP174_PHASE_OPEN, XEP174_PHASE_OPEN,
  };

  return current == XEP174_NO_SLOT ? XEP174_PHASE_CLOSED : phases[rank (&self->slots[current])];
}

gboolean
xep174_arbiter_is_idle (const Xep174Arbiter *self)
{
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->slots[i].state != XEP174_STREAM_CLOSED)
      return FALSE;

  return self->timers == 0 && self->head == XEP174_HEAD_NONE;
}

const char *
xep174_action_name (Xep174ActionKind kind)
{
  static const char *const names[] = {
    "dial", "put aside", "adopt", "cancel dial",
    "deliver", "negotiate", "report", "send header", "send features",
    "send conflict", "send timeout", "send fault", "send footer", "shut", "close TCP", "opened",
    "closing",
    "closed", "stolen", "probe: ping", "probe: space", "probe done", "release", "write head",
    "pop head", "fail queue", "start timer", "stop timer",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_N_ACTIONS);

  return names[kind];
}
