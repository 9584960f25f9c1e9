/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the rows and rules are made of. */

#include "xep174-arbiter-private.h"

/* Nobody has more addresses; who announces them without end is not followed without end. */
#define ASIDE_MAX 16

const char *
xep174_action_name (Xep174ActionKind kind)
{
  static const char *const names[] = {
    "dial", "put aside", "adopt", "cancel dial",
    "deliver", "tell: not encrypted", "report", "trust the key", "send header", "send features",
    "send offer", "negotiate", "send starttls", "send proceed", "begin TLS",
    "resume", "acknowledge", "send enable", "send resume",
    "send conflict", "send timeout", "send fault", "send footer", "shut", "close TCP", "opened",
    "closing",
    "forget", "keep", "closed", "stolen", "probe: ping", "probe: space", "probe done", "release",
    "write head",
    "pop head", "fail queue", "start timer", "stop timer",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_N_ACTIONS);

  return names[kind];
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
           guint       bits)
{
  /* In the order of Xep174StreamDo. */
  static const guint8 kinds[] = {
    XEP174_ACTION_DIAL, XEP174_ACTION_CANCEL_DIAL, XEP174_ACTION_DELIVER,
    XEP174_ACTION_UNENCRYPTED, XEP174_ACTION_REPORT, XEP174_ACTION_TRUST_KEY,
    XEP174_ACTION_SEND_HEADER, XEP174_ACTION_SEND_FEATURES, XEP174_ACTION_SEND_OFFER,
    XEP174_ACTION_NEGOTIATE, XEP174_ACTION_SEND_STARTTLS, XEP174_ACTION_SEND_PROCEED,
    XEP174_ACTION_BEGIN_TLS, XEP174_ACTION_RESUME, XEP174_ACTION_ACKNOWLEDGE,
    XEP174_ACTION_SEND_ENABLE, XEP174_ACTION_SEND_RESUME,
    XEP174_ACTION_SEND_CONFLICT, XEP174_ACTION_SEND_TIMEOUT, XEP174_ACTION_SEND_FAULT,
    XEP174_ACTION_SEND_FOOTER, XEP174_ACTION_SHUT, XEP174_ACTION_CLOSE_TCP,
  };

  G_STATIC_ASSERT (1 << (G_N_ELEMENTS (kinds) - 1) == XEP174_STREAM_DO_CLOSE_TCP);
  for (guint bit = 0; bit < G_N_ELEMENTS (kinds) && bits >> bit != 0; bit++)
    if (bits & 1u << bit)
      xep174_turn_emit (turn, kinds[bit], slot);
}

/* A2: whether a session lives on when its stream ends: without a closing tag, or before its <resume/>
 * was answered. */
static gboolean
lasts (const Xep174Turn   *turn,
       guint               slot,
       const Xep174Stream *was,
       guint               bits)
{
  guint state = turn->self->slots[slot].state;

  if (was->state == XEP174_STREAM_RESUMING)
    return (state == XEP174_STREAM_CLOSED || state >= XEP174_STREAM_CLOSE_SENT)
           && !(bits & XEP174_STREAM_DO_SEND_FAULT);

  return xep174_stream_is_session (was) && (turn->self->resumable >> slot & 1) != 0
         && (bits & (XEP174_STREAM_DO_CLOSE_TCP | XEP174_STREAM_DO_SEND_FOOTER))
              == XEP174_STREAM_DO_CLOSE_TCP;
}

/* One thing is kept. What a stream opens without, or another takes the place of, is lost (A3). */
static void
note_kept (Xep174Turn         *turn,
           guint               slot,
           const Xep174Stream *was,
           guint               bits)
{
  Xep174Arbiter *self = turn->self;
  const Xep174Stream *stream = &self->slots[slot];
  gboolean keeps = lasts (turn, slot, was, bits);

  if (bits & (XEP174_STREAM_DO_SEND_RESUME | XEP174_STREAM_DO_RESUME))
    self->kept = 0;
  if (self->kept != 0
      && (keeps || (xep174_stream_is_open (stream) && !xep174_stream_is_open (was))))
    {
      self->kept = 0;
      xep174_turn_emit (turn, XEP174_ACTION_FORGET, XEP174_NO_SLOT);
    }
  if (keeps)
    {
      self->kept = was->key;
      xep174_turn_emit (turn, XEP174_ACTION_KEEP, slot);
    }
  if (!xep174_stream_is_session (stream))
    self->resumable &= ~(1u << slot);
}

void
xep174_turn_stream (Xep174Turn        *turn,
                    guint              slot,
                    Xep174StreamEvent  event)
{
  Xep174Stream *stream = &turn->self->slots[slot];
  Xep174Stream was;
  guint bits;

  g_return_if_fail (slot < XEP174_ARBITER_N_SLOTS);

  was = *stream;
  bits = xep174_stream_step (stream, event);
  if (stream->state != was.state || stream->flags != was.flags)
    {
      turn->out->moved = TRUE;
      xep174_view_of (turn->self, &turn->view);
    }
  emit_todo (turn, slot, bits);
  if (bits & XEP174_STREAM_DO_DIAL_ASIDE)
    xep174_turn_emit (turn, XEP174_ACTION_PUT_ASIDE, slot);
  if (stream->state != was.state || bits & XEP174_STREAM_DO_RESUME)
    note_kept (turn, slot, &was, bits);

  if (xep174_stream_is_session (stream) && !xep174_stream_is_session (&was))
    {
      turn->self->backoff = FALSE;
      turn->self->hopeless = FALSE;
      xep174_turn_emit (turn, XEP174_ACTION_OPENED, slot);
    }
  else if (xep174_stream_is_session (&was) && stream->state >= XEP174_STREAM_CLOSE_SENT)
    xep174_turn_emit (turn, XEP174_ACTION_CLOSING, slot);
  else if (stream->state == XEP174_STREAM_CLOSED && was.state != XEP174_STREAM_CLOSED)
    xep174_turn_emit (turn, XEP174_ACTION_CLOSED, slot);

  if (bits & XEP174_STREAM_DO_PROVEN)
    {
      turn->self->aside = 0;
      xep174_turn_refuse_held (turn);
    }
  if (bits & XEP174_STREAM_DO_DIAL_ASIDE)
    xep174_turn_put_aside (turn);
  if (bits & (XEP174_STREAM_DO_DIAL_FAILED | XEP174_STREAM_DO_DIAL_HOPELESS))
    xep174_turn_dial_failed (turn, (bits & XEP174_STREAM_DO_DIAL_HOPELESS) != 0);
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
  turn->self->hopeless = FALSE;
  xep174_turn_emit (turn, XEP174_ACTION_FAIL_QUEUE, XEP174_NO_SLOT);
}

/* S7: a dial that failed means nothing while another stream may carry the queue. One in its TLS phase
 * may yet fail as the dial did: then the next dial waits, or there is none. */
static void
note_failed_beside (Xep174Arbiter *self,
                    gboolean       hopeless,
                    gboolean       held)
{
  if (hopeless || (self->retries >= self->max_retries && !held))
    self->hopeless = TRUE;
  else if (!held)
    {
      self->backoff = TRUE;
      self->retries++;
    }
}

void
xep174_turn_dial_failed (Xep174Turn *turn,
                         gboolean    hopeless)
{
  Xep174Arbiter *self = turn->self;
  gboolean held = turn->view.held != XEP174_NO_SLOT;

  self->aside = 0;
  if (turn->view.n_est > 0)
    return;

  if (held || turn->view.n_securing > 0)
    {
      note_failed_beside (self, hopeless, held);
      return;
    }

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

/* A closing tag would end for the other side, too, what may be resumed (A2). */
void
xep174_turn_replace (Xep174Turn *turn,
                     guint       slot)
{
  xep174_turn_stream (turn, slot, xep174_is_resumable (turn->self, slot)
                                    ? XEP174_STREAM_EVENT_CUT : XEP174_STREAM_EVENT_REPLACE);
}

void
xep174_turn_abort_securing (Xep174Turn *turn)
{
  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS && turn->view.n_securing > 0; slot++)
    if (xep174_stream_is_securing (&turn->self->slots[slot]))
      xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_ABORT);
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

/* Who has spoken in the clear has made its choice: TLS cannot begin behind a stanza. */
static Xep174StreamEvent
way_to_answer (const Xep174Arbiter *self,
               const Xep174View    *view,
               guint                slot)
{
  guint flags = self->slots[slot].flags;
  gboolean offers = self->encrypts && !(flags & (XEP174_STREAM_LEGACY | XEP174_STREAM_SPOKEN));

  if (xep174_guard (XEP174_GUARD_UNHEARD, self, view, slot))
    return offers && !(flags & XEP174_STREAM_TLS) ? XEP174_STREAM_EVENT_ACCEPT_TLS
                                                  : XEP174_STREAM_EVENT_UNENCRYPTED;
  if (offers && !(flags & XEP174_STREAM_SECURE))
    return XEP174_STREAM_EVENT_ACCEPT_TLS;

  return flags & XEP174_STREAM_SPOKEN ? XEP174_STREAM_EVENT_ACCEPT_SPOKEN
                                      : XEP174_STREAM_EVENT_ACCEPT;
}

void
xep174_turn_accept (Xep174Turn *turn,
                    guint       slot)
{
  turn->self->aside = 0;
  xep174_turn_stream (turn, slot, way_to_answer (turn->self, &turn->view, slot));
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
