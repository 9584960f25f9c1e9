/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The decision table: what one contact's streams and queue lead to, whatever happened. */

#include "xep174-arbiter-private.h"

/* A turn that needs more than this many rules goes round in circles; a test proves that none
 * needs half of them. */
#define TURNS_MAX 16

static gboolean
is_held (const Xep174View *view)
{
  return view->held != XEP174_NO_SLOT;
}

static gboolean
is_dialling (const Xep174View *view)
{
  return view->out != XEP174_NO_SLOT;
}

static gboolean
is_probed (const Xep174Arbiter *self,
           const Xep174View    *view)
{
  return view->n_est > 0 && (self->slots[view->est].flags & XEP174_STREAM_PROBING) != 0;
}

static gboolean
is_silent (const Xep174Arbiter *self,
           const Xep174View    *view)
{
  return view->n_est > 0 && xep174_is_silent (&self->slots[view->est]);
}

/* --- Situations -------------------------------------------------------------------------- */

static gboolean
held_while_stopping (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return is_held (view) && self->stopping;
}

static gboolean
held_while_closing (const Xep174Arbiter *self,
                    const Xep174View    *view)
{
  return is_held (view) && view->n_closing > 0;
}

static gboolean
held_beside_two (const Xep174Arbiter *self,
                 const Xep174View    *view)
{
  return is_held (view) && view->n_est > 1;
}

/* Whatever was done about the session meanwhile: a probe that has begun is finished for itself. */
static gboolean
held_beside_heard (const Xep174Arbiter *self,
                   const Xep174View    *view)
{
  return is_held (view) && view->n_est > 0 && (self->heard >> view->est & 1) != 0;
}

static gboolean
held_beside_session (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return is_held (view) && view->n_est > 0 && view->n_securing == 0 && !is_probed (self, view)
         && !is_silent (self, view);
}

static gboolean
probed_and_pingable (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return is_probed (self, view)
         && (self->slots[view->est].flags & XEP174_STREAM_PINGED) == 0
         && xep174_may_ping (self, view, view->est);
}

static gboolean
bare_and_sealed (const Xep174Arbiter *self,
                 const Xep174View    *view)
{
  return view->sealed && view->bare != XEP174_NO_SLOT;
}

static gboolean
held_beside_securing (const Xep174Arbiter *self,
                      const Xep174View    *view)
{
  return is_held (view) && view->n_securing > 0;
}

/* A5: there is a way for it to show the key of the session, or it has shown one (T4). */
static gboolean
held_beside_lasting (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  guint flags = is_held (view) ? self->slots[view->held].flags : 0;

  return is_held (view) && view->lasting != XEP174_NO_SLOT && view->n_securing == 0
         && (flags & XEP174_STREAM_SECURE
             || (self->encrypts && !(flags & (XEP174_STREAM_LEGACY | XEP174_STREAM_SPOKEN))));
}

/* Of a crossing; answered late, it would be taken for one that resumes. */
static gboolean
dialling_beside_lasting (const Xep174Arbiter *self,
                         const Xep174View    *view)
{
  return is_dialling (view) && view->lasting != XEP174_NO_SLOT;
}

static gboolean
asking_and_free (const Xep174Arbiter *self,
                 const Xep174View    *view)
{
  return view->asking != XEP174_NO_SLOT && view->n_closing == 0
         && (view->n_est == 0
             || (view->n_est == 1 && is_silent (self, view)
                 && xep174_shows_same_key (self, view->asking, view->est)));
}

/* A nameless stream that its key has named (T4) has shown it before it is held. */
static gboolean
held_with_same_key (const Xep174Arbiter *self,
                    const Xep174View    *view)
{
  return is_held (view) && is_silent (self, view)
         && xep174_shows_same_key (self, view->held, view->est);
}

static gboolean
held_beside_silent (const Xep174Arbiter *self,
                    const Xep174View    *view)
{
  return is_held (view) && is_silent (self, view);
}

static gboolean
held_beside_probed (const Xep174Arbiter *self,
                    const Xep174View    *view)
{
  return is_held (view) && is_probed (self, view);
}

static gboolean
legacy_probed_for_nobody (const Xep174Arbiter *self,
                          const Xep174View    *view)
{
  return !is_held (view) && is_probed (self, view)
         && (self->slots[view->est].flags & XEP174_STREAM_LEGACY) != 0;
}

static gboolean
smaller_and_connecting (const Xep174Arbiter *self,
                        const Xep174View    *view)
{
  return is_held (view) && is_dialling (view) && !view->opening && self->local_is_smaller;
}

static gboolean
smaller_and_opening (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return is_held (view) && view->opening && self->local_is_smaller;
}

static gboolean
larger_and_connecting (const Xep174Arbiter *self,
                       const Xep174View    *view)
{
  return is_held (view) && is_dialling (view) && !view->opening && !self->local_is_smaller;
}

static gboolean
larger_and_opening (const Xep174Arbiter *self,
                    const Xep174View    *view)
{
  return is_held (view) && view->opening && !self->local_is_smaller;
}

static gboolean
held_alone (const Xep174Arbiter *self,
            const Xep174View    *view)
{
  return is_held (view);
}

static gboolean
open_and_there (const Xep174Arbiter *self,
                const Xep174View    *view)
{
  return self->head == XEP174_HEAD_OPEN && view->n_est > 0;
}

static gboolean
close_and_settled (const Xep174Arbiter *self,
                   const Xep174View    *view)
{
  return self->head == XEP174_HEAD_CLOSE && view->n_est <= 1;
}

static gboolean
stanza_and_writable (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  guint blocked = view->n_est > 0 ? self->slots[view->est].blocked : XEP174_STREAM_FULL;

  return ((self->head == XEP174_HEAD_MESSAGE && blocked == XEP174_STREAM_FREE)
          || (self->head == XEP174_HEAD_ANSWER && blocked != XEP174_STREAM_FULL))
         && xep174_guard (XEP174_GUARD_MAY_WRITE, self, view, view->est);
}

static gboolean
answer_to_nobody (const Xep174Arbiter *self,
                  const Xep174View    *view)
{
  return self->head == XEP174_HEAD_ANSWER && view->n_open == 0;
}

static gboolean
wanted_and_free (const Xep174Arbiter *self,
                 const Xep174View    *view)
{
  return (self->head == XEP174_HEAD_MESSAGE || self->head == XEP174_HEAD_OPEN)
         && xep174_arbiter_may_dial (self);
}

static gboolean
wanted_and_hopeless (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return self->hopeless && wanted_and_free (self, view);
}

/* --- Actions ----------------------------------------------------------------------------- */

static void
turn_away (Xep174Turn *turn)
{
  xep174_turn_stream (turn, turn->view.held, XEP174_STREAM_EVENT_FAULT);
}

static void
refuse (Xep174Turn *turn)
{
  xep174_turn_refuse_held (turn);
}

static void
end_bare (Xep174Turn *turn)
{
  xep174_turn_stream (turn, turn->view.bare, XEP174_STREAM_EVENT_UNENCRYPTED);
}

static void
probe (Xep174Turn *turn)
{
  guint est = turn->view.est;

  if (turn->self->slots[est].flags & XEP174_STREAM_SECURE)
    turn->self->slots[est].flags |= XEP174_STREAM_CALLED;
  xep174_turn_probe (turn, est);
}

static void
replace (Xep174Turn *turn)
{
  xep174_turn_replace (turn, turn->view.est);
}

static void
take_place (Xep174Turn *turn)
{
  guint asking = turn->view.asking;

  if (turn->view.n_est > 0)
    replace (turn);
  xep174_turn_stream (turn, asking, XEP174_STREAM_EVENT_ACCEPT);
}

/* What was heard since it came needs no probe, and yet may be what the peer has left behind. */
static void
answer_beside (Xep174Turn *turn)
{
  guint held = turn->view.held, est = turn->view.est;

  if ((turn->self->heard >> est & 1) == 0 && !is_probed (turn->self, &turn->view)
      && !is_silent (turn->self, &turn->view))
    probe (turn);
  if (!(turn->self->slots[held].flags & XEP174_STREAM_SECURE))
    xep174_turn_accept (turn, held);
  else if (xep174_shows_same_key (turn->self, held, est))
    xep174_turn_stream (turn, held, XEP174_STREAM_EVENT_ACCEPT_BESIDE);
  else
    refuse (turn);
}

/* It has to prove itself; who has shown another key cannot. */
static void
ask_for_key (Xep174Turn *turn)
{
  if (turn->self->slots[turn->view.held].flags & XEP174_STREAM_SECURE)
    xep174_turn_refuse_held (turn);
  else
    xep174_turn_accept (turn, turn->view.held);
}

static void
ping (Xep174Turn *turn)
{
  guint est = turn->view.est;

  turn->self->slots[est].flags |= XEP174_STREAM_PINGED;
  xep174_turn_stream (turn, est, XEP174_STREAM_EVENT_WRITE);
  xep174_turn_emit (turn, XEP174_ACTION_PROBE_PING, est);
}

static void
forget_probe (Xep174Turn *turn)
{
  turn->self->slots[turn->view.est].flags &= ~XEP174_STREAM_FLAGS_OF_PROBE;
}

static void
cancel_dial (Xep174Turn *turn)
{
  xep174_turn_stream (turn, turn->view.out, XEP174_STREAM_EVENT_ABORT);
}

static void
accept_held (Xep174Turn *turn)
{
  xep174_turn_accept (turn, turn->view.held);
}

static void
finish_open (Xep174Turn *turn)
{
  xep174_turn_pop (turn, turn->view.est);
}

/* Who calls beside a session that may be resumed stays, as one that is held does. */
static void
close_session (Xep174Turn *turn)
{
  guint est = turn->view.est;

  if (turn->view.out != XEP174_NO_SLOT)
    xep174_turn_stream (turn, turn->view.out, XEP174_STREAM_EVENT_ABORT);
  if (turn->view.n_callers == 0)
    xep174_turn_abort_securing (turn);
  if (est != XEP174_NO_SLOT)
    xep174_turn_stream (turn, est, XEP174_STREAM_EVENT_CLOSE);
  xep174_turn_pop (turn, est);
}

/* The retries are those of what is at the head: a peer that only listens is not worn out. */
static void
write_head (Xep174Turn *turn)
{
  guint est = turn->view.est;

  turn->self->retries = 0;
  xep174_turn_stream (turn, est, XEP174_STREAM_EVENT_WRITE);
  turn->self->head = XEP174_HEAD_NONE;
  xep174_turn_emit (turn, XEP174_ACTION_WRITE_HEAD, est);
}

static void
drop_answer (Xep174Turn *turn)
{
  xep174_turn_pop (turn, XEP174_NO_SLOT);
}

static void
dial (Xep174Turn *turn)
{
  guint slot = xep174_turn_take_slot (turn);

  turn->self->crossings = 0;
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_DIAL);
}

/* --- The table --------------------------------------------------------------------------- */

XEP174_TABLE Xep174Rule xep174_arbiter_rules[XEP174_N_RULES] = {
  [XEP174_RULE_STOPPING] = {
    "0", XEP174_CHAPTER_STREAMS, "held, and we are going offline",
    "turn it away (system-shutdown)", held_while_stopping, turn_away
  },
  [XEP174_RULE_BARE] = {
    "0 a", XEP174_CHAPTER_STREAMS, "a session is in the clear, and that is sealed",
    "end it (T5: policy-violation)", bare_and_sealed, end_bare
  },
  [XEP174_RULE_ASKING] = {
    "0 b", XEP174_CHAPTER_STREAMS,
    "AWAIT_RESUME, and no session is left, not even CLOSE_SENT, or the one there is is silent and of "
    "the same key",
    "it takes the place of that (A5, T8)", asking_and_free, take_place
  },
  [XEP174_RULE_NEEDLESS] = {
    "0 c", XEP174_CHAPTER_STREAMS, "own dial, and a session that may be resumed",
    "abort the dial (S3, A5)", dialling_beside_lasting, cancel_dial
  },
  [XEP174_RULE_CLOSING] = {
    "1", XEP174_CHAPTER_STREAMS, "held, and a session is CLOSE_SENT",
    "hold (S6)", held_while_closing, NULL, XEP174_TIMER_CLOSE
  },
  [XEP174_RULE_TWO] = {
    "2", XEP174_CHAPTER_STREAMS, "held, two sessions",
    "hold (T_settle)", held_beside_two, NULL, XEP174_TIMER_SETTLE
  },
  [XEP174_RULE_LASTING] = {
    "2 a", XEP174_CHAPTER_STREAMS,
    "held, one session, which is authenticated and may be resumed, none in its TLS phase; and it can "
    "still show a key, or has",
    "answer with an offer, and see whether it resumes that; conflict for another key. Probe that if "
    "it was not heard since the TCP connection of the held one was accepted (A5, T8)",
    held_beside_lasting, answer_beside
  },
  [XEP174_RULE_HEARD] = {
    "3", XEP174_CHAPTER_STREAMS,
    "held, one session, which was heard since the TCP connection of the held one was accepted",
    "conflict (S4, S9)", held_beside_heard, refuse
  },
  [XEP174_RULE_PROBE] = {
    "3 a", XEP174_CHAPTER_STREAMS, "held, one session, which is neither probed nor silent, none in its "
    "TLS phase",
    "probe that; white space where no stanza may go yet (S9)", held_beside_session, probe
  },
  [XEP174_RULE_PING] = {
    "3 b", XEP174_CHAPTER_STREAMS, "a session is probed, was not pinged and may be",
    "ping it (S9, S1)", probed_and_pingable, ping
  },
  [XEP174_RULE_SECURING] = {
    "3 c", XEP174_CHAPTER_STREAMS, "held, and a stream is in its TLS phase",
    "hold (T11, T_tls)", held_beside_securing, NULL, XEP174_TIMER_TLS
  },
  [XEP174_RULE_SAME_KEY] = {
    "3 d", XEP174_CHAPTER_STREAMS, "held, and has shown the key of the one session, which is silent",
    "footer on and close of that, or a cut if it may be resumed; the held one is accepted (T8)",
    held_with_same_key, replace
  },
  [XEP174_RULE_SILENT] = {
    "3 e", XEP174_CHAPTER_STREAMS,
    "held, one session, which is silent: authenticated, and a probe for a caller found no answer",
    "answer with an offer, and see whether the same key is shown; conflict for another key (T8)",
    held_beside_silent, ask_for_key
  },
  [XEP174_RULE_PROBING] = {
    "3 f", XEP174_CHAPTER_STREAMS, "held, one session, which is probed",
    "hold (T_probe)", held_beside_probed, NULL, XEP174_TIMER_PROBE
  },
  [XEP174_RULE_FORGET_PROBE] = {
    "3 g", XEP174_CHAPTER_STREAMS, "none held, a peer without version is probed",
    "forget the probe: it answers none", legacy_probed_for_nobody, forget_probe
  },
  [XEP174_RULE_SMALLER_CONNECTING] = {
    "4 a", XEP174_CHAPTER_STREAMS, "held, own dial CONNECTING, our name smaller",
    "cancel the dial (S5)", smaller_and_connecting, cancel_dial
  },
  [XEP174_RULE_SMALLER_OPENING] = {
    "4 b", XEP174_CHAPTER_STREAMS, "held, own dial OPENING or GREETED, our name smaller",
    "answer header and features, with an offer of TLS if we encrypt; keep the dial (S5, T1)",
    smaller_and_opening, accept_held
  },
  [XEP174_RULE_LARGER_CONNECTING] = {
    "5 a", XEP174_CHAPTER_STREAMS, "held, own dial CONNECTING, our name larger",
    "hold (S8, T_hold)", larger_and_connecting, NULL, XEP174_TIMER_HOLD
  },
  [XEP174_RULE_LARGER_OPENING] = {
    "5 b", XEP174_CHAPTER_STREAMS, "held, own dial OPENING or GREETED, our name larger",
    "hold (S5, T_cross)", larger_and_opening, NULL, XEP174_TIMER_CROSS
  },
  [XEP174_RULE_ACCEPT] = {
    "6", XEP174_CHAPTER_STREAMS, "held, nothing else",
    "answer header and features, with an offer of TLS if we encrypt (T1)", held_alone, accept_held
  },
  [XEP174_RULE_QUEUE_OPEN] = {
    "7", XEP174_CHAPTER_QUEUE, "the head of the queue is an open, there is a session",
    "done", open_and_there, finish_open
  },
  [XEP174_RULE_QUEUE_CLOSE] = {
    "8", XEP174_CHAPTER_QUEUE, "the head is a close, at most one session",
    "abort the own dial and what is in its TLS phase, but not who may resume the session (A5); footer on "
    "the session",
    close_and_settled, close_session
  },
  [XEP174_RULE_QUEUE_WRITE] = {
    "9", XEP174_CHAPTER_QUEUE, "the head is a message or an answer, a stream may be written",
    "write it whole (S7)", stanza_and_writable, write_head
  },
  [XEP174_RULE_QUEUE_ANSWER] = {
    "9 a", XEP174_CHAPTER_QUEUE, "the head is an answer, no session is OPEN",
    "drop it: the stream of its question has gone", answer_to_nobody, drop_answer
  },
  [XEP174_RULE_HOPELESS] = {
    "10 a", XEP174_CHAPTER_QUEUE,
    "as for 10, and a dial has failed for good beside a stream that has left now",
    "fail the queue (S7, T5, T6)", wanted_and_hopeless, xep174_turn_fail_queue
  },
  [XEP174_RULE_DIAL] = {
    "10", XEP174_CHAPTER_QUEUE,
    "the head is a message or an open; no session, TLS phase, own dial, held, CLOSE_SENT, DROPPED, "
    "anonymous stream or backoff",
    "dial (S6)", wanted_and_free, dial
  },
};

/* --- Applying them ----------------------------------------------------------------------- */

/* What every rule of a chapter needs. After most events neither has anything to say. */
static gboolean
is_about (const Xep174Arbiter *self,
          const Xep174View    *view,
          Xep174Chapter        chapter)
{
  return chapter == XEP174_CHAPTER_QUEUE ? self->head != XEP174_HEAD_NONE
                                         : is_held (view) || is_probed (self, view)
                                             || view->asking != XEP174_NO_SLOT
                                             || dialling_beside_lasting (self, view)
                                             || bare_and_sealed (self, view);
}

Xep174RuleId
xep174_rule_that_applies (const Xep174Arbiter *self,
                          const Xep174View    *view,
                          Xep174Chapter        chapter)
{
  guint id = chapter == XEP174_CHAPTER_QUEUE ? XEP174_RULE_QUEUE_OPEN : 0;

  if (!is_about (self, view, chapter))
    return XEP174_N_RULES;

  while (id < XEP174_N_RULES
         && (xep174_arbiter_rules[id].chapter != chapter
             || !xep174_arbiter_rules[id].matches (self, view)))
    id++;

  return id;
}

static gboolean
apply_one (Xep174Turn *turn)
{
  for (guint chapter = 0; chapter < XEP174_N_CHAPTERS; chapter++)
    {
      Xep174RuleId id = xep174_rule_that_applies (turn->self, &turn->view, chapter);

      if (id == XEP174_N_RULES || xep174_arbiter_rules[id].act == NULL)
        continue;

      xep174_arbiter_rules[id].act (turn);
      return TRUE;
    }

  return FALSE;
}

guint
xep174_turn_apply_rules (Xep174Turn *turn)
{
  guint n = 0;

  while (apply_one (turn))
    {
      n++;
      g_return_val_if_fail (n < TURNS_MAX, n);
    }

  return n;
}
