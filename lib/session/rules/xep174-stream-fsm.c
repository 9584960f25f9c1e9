/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-fsm-private.h"

/* What the flags of an ending stream are still good for. */
#define FLAGS_OF_ENDING                                                                         \
  (XEP174_STREAM_INCOMING | XEP174_STREAM_SESSION | XEP174_STREAM_ABORTED | XEP174_STREAM_TLS  \
   | XEP174_STREAM_SECURE)

/* What is said anew inside TLS (T3). */
#define FLAGS_OF_RESTART                                                                        \
  (XEP174_STREAM_HEADER | XEP174_STREAM_FEATURES | XEP174_STREAM_ANSWERED)

/* What is done and leaves a flag. */
#define NOTED                                                                                   \
  (XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_STARTTLS | XEP174_STREAM_DO_BEGIN_TLS  \
   | XEP174_STREAM_DO_TRUST_KEY)

static guint
flags_of_event (Xep174StreamEvent event)
{
  switch (event)
    {
    case XEP174_STREAM_EVENT_ACCEPTED:
      return XEP174_STREAM_INCOMING;

    case XEP174_STREAM_EVENT_HEADER:
    case XEP174_STREAM_EVENT_NAMELESS:
      return XEP174_STREAM_HEADER;

    case XEP174_STREAM_EVENT_HEADER_LEGACY:
    case XEP174_STREAM_EVENT_NAMELESS_LEGACY:
      return XEP174_STREAM_HEADER | XEP174_STREAM_LEGACY;

    case XEP174_STREAM_EVENT_FEATURES:
    case XEP174_STREAM_EVENT_FEATURES_SM:
    case XEP174_STREAM_EVENT_FEATURES_RESUME:
    case XEP174_STREAM_EVENT_FEATURES_TLS:
      return XEP174_STREAM_FEATURES;

    case XEP174_STREAM_EVENT_STANZA:
      return XEP174_STREAM_SPOKEN;

    default:
      return 0;
    }
}

static void
move (Xep174Stream      *self,
      Xep174StreamState  next)
{
  gboolean was_opening = xep174_stream_is_opening (self);

  self->state = next;

  if (xep174_stream_is_session (self))
    self->flags |= XEP174_STREAM_SESSION;
  else if (next == XEP174_STREAM_DROPPED && was_opening)
    self->flags |= XEP174_STREAM_ABORTED;

  if (next >= XEP174_STREAM_CLOSE_SENT)
    self->flags &= FLAGS_OF_ENDING;
  else if (next == XEP174_STREAM_CLOSED)
    self->flags = self->key = self->blocked = XEP174_STREAM_FREE;
}

static void
note_done (Xep174Stream *self,
           guint         bits)
{
  if (bits & XEP174_STREAM_DO_SEND_HEADER)
    self->flags |= XEP174_STREAM_ANSWERED;
  if (bits & (XEP174_STREAM_DO_SEND_STARTTLS | XEP174_STREAM_DO_BEGIN_TLS))
    self->flags = (self->flags & ~FLAGS_OF_RESTART) | XEP174_STREAM_TLS;
  if (bits & XEP174_STREAM_DO_TRUST_KEY)
    self->flags |= XEP174_STREAM_SECURE;
}

guint
xep174_stream_step (Xep174Stream      *self,
                    Xep174StreamEvent  event)
{
  const Xep174StreamCell *cell = xep174_stream_cell (self->state, event);
  guint bits = cell->bits;

  g_return_val_if_fail (cell->kind != XEP174_CELL_IMPOSSIBLE, 0);

  self->flags |= flags_of_event (event);

  if (self->flags & XEP174_STREAM_ANSWERED)
    bits &= ~(XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_FEATURES
              | XEP174_STREAM_DO_SEND_OFFER);
  if (self->flags & XEP174_STREAM_LEGACY)
    bits &= ~XEP174_STREAM_DO_SEND_FEATURES;
  if (!(self->flags & XEP174_STREAM_TLS))
    bits &= ~XEP174_STREAM_DO_TRUST_KEY;
  if (bits & NOTED)
    note_done (self, bits);
  if (event == XEP174_STREAM_EVENT_KEY_REFUSED)
    self->flags &= ~XEP174_STREAM_SECURE;

  if (cell->kind == XEP174_CELL_MOVE)
    move (self, cell->next);

  return bits;
}

const Xep174StreamCell *
xep174_stream_cell (Xep174StreamState state,
                    Xep174StreamEvent event)
{
  g_assert (state < XEP174_STREAM_N_STATES && event < XEP174_STREAM_N_EVENTS);

  if (state >= XEP174_STREAM_OFFERED && state <= XEP174_STREAM_ENABLING)
    return &xep174_stream_table_tls[state - XEP174_STREAM_OFFERED][event];

  return &xep174_stream_table[state][event];
}

const char *
xep174_stream_state_name (Xep174StreamState state)
{
  static const char *const names[] = {
    "CLOSED", "CONNECTING", "OPENING", "GREETED", "ANON", "ANON_ANSWERED", "ANON_TLS", "HELD",
    "OFFERED", "TLS_R", "RESTART_R", "AWAIT_RESUME", "ASKED", "TLS_I", "RESTART_I", "RESUMING",
    "ENABLING", "AWAIT_FIRST", "OPEN_I0", "OPEN_I", "OPEN_R", "CLOSE_SENT", "DROPPED", "CLOSE_RCVD",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_STREAM_N_STATES);

  return names[state];
}

const char *
xep174_stream_event_name (Xep174StreamEvent event)
{
  static const char *const names[] = {
    "dial", "accepted",
    "connected", "header", "header without version", "header without name",
    "header without name and version", "features", "features with sm",
    "features with sm, to be resumed", "features with starttls", "negotiation",
    "starttls", "proceed", "failure", "enabled or resumed", "failed", "resume", "acknowledgements",
    "stanza", "conflict", "error", "fatal error", "fault", "footer",
    "handshake done", "handshake failed", "key refused", "end of file",
    "write", "accept", "accept (spoken)", "accept (TLS)", "accept (beside a session)",
    "refuse", "abort", "close", "replace", "cut", "reclaim", "steal", "not encrypted",
    "T_connect", "T_open", "T_answer", "T_features", "T_tls", "T_header", "T_close",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_STREAM_N_EVENTS);

  return names[event];
}

const char *
xep174_stream_do_name (Xep174StreamDo bit)
{
  static const char *const names[] = {
    "start dial", "cancel dial", "deliver", "tell: not encrypted", "report", "trust the key",
    "send header", "send features", "send features with starttls", "negotiate", "send starttls",
    "send proceed", "begin TLS", "resume", "acknowledge", "send enable", "send resume",
    "send conflict", "send timeout", "send error", "send footer",
    "close our half of TCP", "close TCP", "proven", "dial failed", "dial hopeless", "put aside",
  };
  guint index = g_bit_nth_lsf (bit, -1);

  return names[index];
}
