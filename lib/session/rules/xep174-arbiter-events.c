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

  turn->self->slots[slot].flags &= ~XEP174_STREAM_FLAGS_OF_PROBE;
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
features_tls_came (Xep174Turn *turn,
                   guint       slot)
{
  sign_came (turn, slot, XEP174_STREAM_EVENT_FEATURES_TLS);
}

/* Inside TLS, and its key is accepted: only now may it count for more than a session that is silent
 * (T8), or resume one (A5). The rules see to both. */
static void
header_came (Xep174Turn *turn,
             guint       slot)
{
  const Xep174View *view = &turn->view;
  Xep174StreamEvent event = XEP174_STREAM_EVENT_HEADER;

  if (turn->self->slots[slot].state == XEP174_STREAM_RESTART_R && view->n_est > 0)
    event = view->n_est == 1 && xep174_shows_same_key (turn->self, slot, view->est)
            && (view->lasting != XEP174_NO_SLOT
                || xep174_is_silent (&turn->self->slots[view->est]))
              ? XEP174_STREAM_EVENT_ACCEPT_BESIDE : XEP174_STREAM_EVENT_REFUSE;

  xep174_turn_stream (turn, slot, event);
}

/* A5: it takes the place of the session that it names, if that still stands, without a probe. */
static void
resume_came (Xep174Turn *turn,
             guint       slot)
{
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (i != slot && xep174_is_resumable (turn->self, i)
        && xep174_shows_same_key (turn->self, slot, i))
      xep174_turn_stream (turn, i, XEP174_STREAM_EVENT_CUT);

  sign_came (turn, slot, XEP174_STREAM_EVENT_RESUME);
}

static void
acks_came (Xep174Turn *turn,
           guint       slot)
{
  sign_came (turn, slot, XEP174_STREAM_EVENT_ACKS);
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

  if (turn->view.n_est != 1)
    return;

  /* It is our own wish now, whoever asked before (T8). */
  turn->self->slots[est].flags &= ~XEP174_STREAM_CALLED;
  if (is_probing (turn, est))
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
  xep174_turn_abort_securing (turn);
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

/* Who goes first of two that may not both stay; a session that is authenticated does not go for one
 * that is not (T8). */
static guint
rank_to_go (const Xep174Turn   *turn,
            const Xep174Stream *stream)
{
  gboolean incoming = (stream->flags & XEP174_STREAM_INCOMING) != 0;

  if (xep174_stream_is_securing (stream))
    return incoming ? 5 : turn->view.secure ? 4 : 1;
  if (stream->state == XEP174_STREAM_AWAIT_FIRST)
    return stream->flags & XEP174_STREAM_SECURE ? 2 : 3;

  return xep174_stream_is_session (stream) && !incoming ? 1 : 0;
}

/* Of two sessions one is ours and one the peer's: a second incoming one is held by rule 2 or 3. */
static void
settle (Xep174Turn *turn,
        guint       slot)
{
  Xep174Arbiter *self = turn->self;
  guint loser = 0, most = 0;

  if (turn->view.opening)
    {
      abort_dial (turn, slot);
      return;
    }

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      guint rank = rank_to_go (turn, &self->slots[i]);

      if (rank > most)
        {
          loser = i;
          most = rank;
        }
    }

  xep174_turn_stream (turn, loser, xep174_stream_is_securing (&self->slots[loser])
                                     ? XEP174_STREAM_EVENT_ABORT : XEP174_STREAM_EVENT_CLOSE);
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
  Xep174Stream *stream = &turn->self->slots[slot];

  if (xep174_stream_is_secure (stream) && stream->flags & XEP174_STREAM_CALLED)
    {
      stream->flags &= ~(XEP174_STREAM_PROBING | XEP174_STREAM_PINGED);
      return;
    }

  xep174_turn_replace (turn, slot);
}

/* Its silence may be that of a broken stream: then a closing tag of ours would reach nobody, and end
 * what could be resumed (A2). */
static void
close_to_dial (Xep174Turn *turn,
               guint       slot)
{
  xep174_turn_stream (turn, slot, xep174_is_resumable (turn->self, slot)
                                    ? XEP174_STREAM_EVENT_CUT : XEP174_STREAM_EVENT_CLOSE);
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
  [XEP174_STREAM_EVENT_HEADER] = {
    "header",
    "in RESTART_R beside a session: if that is of the same key, and silent or may be resumed, it is "
    "accepted beside it; else conflict (T8, A5, S4)",
    header_came
  },
  [XEP174_STREAM_EVENT_FEATURES_TLS] = {
    "features with starttls", "a sign of life (S9)", features_tls_came
  },
  [XEP174_STREAM_EVENT_FEATURES] = {
    "features", "a sign of life (S9)", features_came
  },
  [XEP174_STREAM_EVENT_NEGOTIATION] = {
    "negotiation", "a sign of life (S9)", negotiation_came
  },
  [XEP174_STREAM_EVENT_RESUME] = {
    "resume", "a session of the same key that may be resumed is cut; a sign of life (A5, S9)",
    resume_came
  },
  [XEP174_STREAM_EVENT_ACKS] = { "acknowledgements", "a sign of life (S9)", acks_came },
  [XEP174_STREAM_EVENT_STANZA] = {
    "stanza", "resets the retry count; a sign of life (S9)", stanza_came
  },
  [XEP174_STREAM_EVENT_STEAL] = { "steal", "the connection is the application's", steal },
  [XEP174_ARBITER_EVENT_HEAD] = { "head of the queue", "the rules look again", look_again },
  [XEP174_ARBITER_EVENT_ANON] = {
    "anonymous streams", "with the last one T_courtesy is forgotten", count_anon
  },
  [XEP174_ARBITER_EVENT_WAYS] = { "other addresses", "T_answer begins or ends", look_again },
  [XEP174_ARBITER_EVENT_POLICY] = { "policy", "the rules look again", look_again },
  [XEP174_ARBITER_EVENT_KEPT] = { "kept", "the rules look again", look_again },
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
    "own dial still OPENING or GREETED: abort it; else the incoming stays if it has spoken, else our "
    "own, but an authenticated one before one in its TLS phase; footer on the other (S3, T8)",
    settle
  },
  [XEP174_ARBITER_EVENT_T_RETRY] = { "T_retry", "the backoff is over", retry },
  [XEP174_ARBITER_EVENT_T_COURTESY] = {
    "T_courtesy", "anonymous streams no longer keep us from dialling", end_courtesy
  },
  [XEP174_ARBITER_EVENT_T_PROBE] = {
    "T_probe",
    "footer on and close of the probed one, or a cut if it may be resumed (A2); the held one is accepted "
    "(S9). One that is authenticated, and was probed for a caller, is silent from now on instead (T8)",
    replace
  },
  [XEP174_ARBITER_EVENT_T_FIRST] = {
    "T_first", "footer, or a cut if it may be resumed (A2); then we dial as initiator (S11)",
    close_to_dial
  },
  [XEP174_ARBITER_EVENT_T_RELEASE] = {
    "T_release", "the harmless first stanza (S10); of a stream that was held: the pause is over",
    release },
};

/* --- T5, A2: under the policy -------------------------------------------------------------- */

#define IN(state) (1u << XEP174_STREAM_##state)

/* In this order, one after the other. */
XEP174_TABLE Xep174PolicyRow xep174_arbiter_policy[XEP174_N_POLICIES] = {
  { XEP174_STREAM_EVENT_STANZA, XEP174_GUARD_UNHEARD, XEP174_STREAM_EVENT_UNENCRYPTED,
    G_MAXUINT32, "any" },
  { XEP174_STREAM_EVENT_FEATURES_TLS, XEP174_GUARD_PLAIN, XEP174_STREAM_EVENT_FEATURES,
    IN (GREETED), "GREETED" },
  { XEP174_STREAM_EVENT_FEATURES, XEP174_GUARD_SEALED, XEP174_STREAM_EVENT_UNENCRYPTED,
    IN (GREETED), "GREETED" },
  { XEP174_STREAM_EVENT_HEADER_LEGACY, XEP174_GUARD_SEALED, XEP174_STREAM_EVENT_UNENCRYPTED,
    IN (OPENING), "OPENING" },
  { XEP174_STREAM_EVENT_T_TLS, XEP174_GUARD_UNSEALED, XEP174_STREAM_EVENT_ACCEPT,
    IN (OFFERED), "OFFERED" },
  { XEP174_STREAM_EVENT_FEATURES_SM, XEP174_GUARD_KEEPS, XEP174_STREAM_EVENT_FEATURES_RESUME,
    IN (RESTART_I), "RESTART_I" },
  { XEP174_STREAM_EVENT_RESUME, XEP174_GUARD_RESUMES_NOTHING, XEP174_STREAM_EVENT_ACKS,
    G_MAXUINT32, "any" },
};

guint
xep174_turn_under_policy (const Xep174Turn *turn,
                          guint             event,
                          guint             slot)
{
  if (event == XEP174_STREAM_EVENT_STANZA
      && !xep174_is_guarded (&turn->view, &turn->self->slots[slot]))
    return event;

  for (guint i = 0; i < XEP174_N_POLICIES; i++)
    if (xep174_arbiter_policy[i].event == event
        && (xep174_arbiter_policy[i].states >> turn->self->slots[slot].state & 1) != 0
        && xep174_guard (xep174_arbiter_policy[i].guard, turn->self, &turn->view, slot))
      event = xep174_arbiter_policy[i].becomes;

  return event;
}

gboolean
xep174_arbiter_is_sign (guint event)
{
  return event == XEP174_STREAM_EVENT_FEATURES || event == XEP174_STREAM_EVENT_FEATURES_TLS
         || event == XEP174_STREAM_EVENT_NEGOTIATION || event == XEP174_STREAM_EVENT_RESUME
         || event == XEP174_STREAM_EVENT_ACKS || event == XEP174_STREAM_EVENT_STANZA;
}

const char *
xep174_arbiter_event_name (guint event)
{
  if (event < XEP174_STREAM_N_EVENTS)
    return xep174_stream_event_name (event);

  return xep174_arbiter_rows[event].name;
}
