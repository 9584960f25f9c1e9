/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an event does beyond the stream it happened on. The rules follow after each. */

#include "xep174-arbiter-private.h"

static gboolean
is_probing (const Xep174Turn *turn,
            guint             slot)
{
  return (turn->self->slots[slot].flags & XEP174_STREAM_PROBING) != 0;
}

/* S9: what the contact says in a session is a sign of life, asked for or not; the rules turn the held one
 * away. */
static void
sign_came (Xep174Turn        *turn,
           guint              slot,
           Xep174StreamEvent  event)
{
  gboolean answers = is_probing (turn, slot);

  turn->self->slots[slot].flags &= ~(XEP174_STREAM_PROBING | XEP174_STREAM_PINGED);
  xep174_turn_stream (turn, slot, event);
  if (turn->view.held != XEP174_NO_SLOT)
    turn->self->heard |= 1u << slot;

  if (answers)
    xep174_turn_emit (turn, XEP174_ACTION_PROBE_DONE, slot);
}

static void
stanza_came (Xep174Turn *turn,
             guint       slot)
{
  turn->self->retries = 0;
  sign_came (turn, slot, XEP174_STREAM_EVENT_STANZA);
}

static void
features_came (Xep174Turn *turn,
               guint       slot)
{
  sign_came (turn, slot, XEP174_STREAM_EVENT_FEATURES);
}

static void
negotiation_came (Xep174Turn *turn,
                  guint       slot)
{
  sign_came (turn, slot, XEP174_STREAM_EVENT_NEGOTIATION);
}

static void
steal (Xep174Turn *turn,
       guint       slot)
{
  xep174_turn_emit (turn, XEP174_ACTION_STOLEN, slot);
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_STEAL);
}

static void
look_again (Xep174Turn *turn,
            guint       slot)
{
}

static void
count_anon (Xep174Turn *turn,
            guint       slot)
{
  if (turn->self->anon == 0)
    turn->self->courtesy_over = FALSE;
}

/* Nobody is held: what cannot be pinged need not prove itself. */
static void
probe_asked (Xep174Turn *turn,
             guint       slot)
{
  guint est = turn->view.est;

  if (turn->view.n_est != 1 || is_probing (turn, est))
    return;

  if (xep174_may_ping (turn->self, &turn->view, est))
    xep174_turn_probe (turn, est);
  else
    xep174_turn_emit (turn, XEP174_ACTION_PROBE_SPACE, est);
}

static void
stop (Xep174Turn *turn,
      guint       slot)
{
  Xep174Arbiter *self = turn->self;

  self->stopping = TRUE;
  self->backoff = FALSE;
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (xep174_stream_is_session (&self->slots[i]))
      xep174_turn_stream (turn, i, XEP174_STREAM_EVENT_CLOSE);
    else if (xep174_stream_is_dial (&self->slots[i]))
      xep174_turn_stream (turn, i, XEP174_STREAM_EVENT_ABORT);
}

static void
abort_dial (Xep174Turn *turn,
            guint       slot)
{
  xep174_turn_stream (turn, turn->view.out, XEP174_STREAM_EVENT_ABORT);
}

static void
cross (Xep174Turn *turn,
       guint       slot)
{
  if (turn->self->crossings++ == 0)
    xep174_turn_refuse_held (turn);
  else
    abort_dial (turn, slot);
}

/* Of two sessions one is ours and one the peer's: a second incoming one is held by rule 2 or 3. */
static void
settle (Xep174Turn *turn,
        guint       slot)
{
  Xep174Arbiter *self = turn->self;
  guint loser = XEP174_NO_SLOT;

  if (turn->view.opening)
    {
      abort_dial (turn, slot);
      return;
    }

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->slots[i].state == XEP174_STREAM_AWAIT_FIRST
        || (loser == XEP174_NO_SLOT && xep174_stream_is_session (&self->slots[i])
            && !(self->slots[i].flags & XEP174_STREAM_INCOMING)))
      loser = i;

  xep174_turn_stream (turn, loser, XEP174_STREAM_EVENT_CLOSE);
}

static void
retry (Xep174Turn *turn,
       guint       slot)
{
  turn->self->backoff = FALSE;
}

static void
end_courtesy (Xep174Turn *turn,
              guint       slot)
{
  turn->self->courtesy_over = TRUE;
}

static void
replace (Xep174Turn *turn,
         guint       slot)
{
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_REPLACE);
}

static void
close_to_dial (Xep174Turn *turn,
               guint       slot)
{
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_CLOSE);
}

static void
release (Xep174Turn *turn,
         guint       slot)
{
  Xep174Stream *stream = &turn->self->slots[slot];

  if (stream->flags & XEP174_STREAM_PAUSED)
    {
      stream->flags &= ~XEP174_STREAM_PAUSED;
      return;
    }

  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_WRITE);
  xep174_turn_emit (turn, XEP174_ACTION_RELEASE, slot);
}

/* An event without a row here is its stream's alone. */
XEP174_TABLE Xep174ArbiterRow xep174_arbiter_rows[XEP174_ARBITER_N_EVENTS] = {
  [XEP174_STREAM_EVENT_FEATURES] = {
    "features", "a sign of life (S9)", features_came
  },
  [XEP174_STREAM_EVENT_NEGOTIATION] = {
    "negotiation", "a sign of life (S9)", negotiation_came
  },
  [XEP174_STREAM_EVENT_STANZA] = {
    "stanza", "resets the retry count; a sign of life (S9)", stanza_came
  },
  [XEP174_STREAM_EVENT_STEAL] = { "steal", "the connection is the application's", steal },
  [XEP174_ARBITER_EVENT_HEAD] = { "head of the queue", "the rules look again", look_again },
  [XEP174_ARBITER_EVENT_ANON] = {
    "anonymous streams", "with the last one T_courtesy is forgotten", count_anon
  },
  [XEP174_ARBITER_EVENT_WAYS] = { "other addresses", "T_answer begins or ends", look_again },
  [XEP174_ARBITER_EVENT_UNBLOCKED] = { "unblocked", "the rules look again", look_again },
  [XEP174_ARBITER_EVENT_PROBE] = {
    "probe", "the only session is probed if it may be pinged, else it gets white space (D22)",
    probe_asked
  },
  [XEP174_ARBITER_EVENT_STOP] = {
    "stop", "every session gets the footer, the own dial is aborted, none begins", stop
  },
  [XEP174_ARBITER_EVENT_T_HOLD] = {
    "T_hold", "cancel the own dial; the held one is accepted (S8)", abort_dial
  },
  [XEP174_ARBITER_EVENT_T_CROSS] = {
    "T_cross",
    "the first time on this dial: conflict to the held one; the second time: abort the own dial, "
    "the held one is accepted (S5)",
    cross
  },
  [XEP174_ARBITER_EVENT_T_SETTLE] = {
    "T_settle",
    "own dial still OPENING or GREETED: abort it; else the incoming stays if it has spoken, else our own; "
    "footer on the other (S3)",
    settle
  },
  [XEP174_ARBITER_EVENT_T_RETRY] = { "T_retry", "the backoff is over", retry },
  [XEP174_ARBITER_EVENT_T_COURTESY] = {
    "T_courtesy", "anonymous streams no longer keep us from dialling", end_courtesy
  },
  [XEP174_ARBITER_EVENT_T_PROBE] = {
    "T_probe", "footer on and close of the probed one; the held one is accepted (S9)", replace
  },
  [XEP174_ARBITER_EVENT_T_FIRST] = {
    "T_first", "footer; then we dial as initiator (S11)", close_to_dial
  },
  [XEP174_ARBITER_EVENT_T_RELEASE] = {
    "T_release", "the harmless first stanza (S10); of a stream that was held: the pause is over",
    release },
};

gboolean
xep174_arbiter_is_sign (guint event)
{
  return event == XEP174_STREAM_EVENT_FEATURES || event == XEP174_STREAM_EVENT_NEGOTIATION
         || event == XEP174_STREAM_EVENT_STANZA;
}

const char *
xep174_arbiter_event_name (guint event)
{
  if (event < XEP174_STREAM_N_EVENTS)
    return xep174_stream_event_name (event);

  return xep174_arbiter_rows[event].name;
}
