/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which timers run follows from the state alone, so that no wait can be left without one and no
 * timer outlives its wait. */

#include "xep174-arbiter-private.h"

#define MAX_DOUBLINGS 8

G_STATIC_ASSERT (XEP174_TIMER_COURTESY < 16);

#define IN(state) (1u << XEP174_STREAM_##state)
#define IN_ANY G_MAXUINT32
#define IN_TLS_PHASE                                                                            \
  (IN (OFFERED) | IN (TLS_R) | IN (RESTART_R) | IN (AWAIT_RESUME) | IN (ASKED) | IN (TLS_I)    \
   | IN (RESTART_I) | IN (RESUMING) | IN (ENABLING))
#define IN_SESSION (IN (AWAIT_FIRST) | IN (OPEN_I0) | IN (OPEN_I) | IN (OPEN_R))

/* The state says it. */
static gboolean
waits_always (const Xep174Arbiter *self,
              const Xep174View    *view,
              guint                slot)
{
  return TRUE;
}

/* While a stream may not be read its silence means nothing: this wait and those for a sign of life
 * and for the first stanza begin when it may. */
static gboolean
waits_features (const Xep174Arbiter *self,
                const Xep174View    *view,
                guint                slot)
{
  /* Silence is no refusal to encrypt: where the clear is not permitted T_open ends the wait (T5). */
  return !view->sealed && xep174_guard (XEP174_GUARD_MAY_READ, self, view, slot);
}

/* D12: who takes TCP and says nothing is left when there is somebody else to ask. */
static gboolean
waits_answer (const Xep174Arbiter *self,
              const Xep174View    *view,
              guint                slot)
{
  return self->others && xep174_guard (XEP174_GUARD_MAY_READ, self, view, slot);
}

static gboolean
waits_probe (const Xep174Arbiter *self,
             const Xep174View    *view,
             guint                slot)
{
  return (self->slots[slot].flags & XEP174_STREAM_PROBING) != 0
         && xep174_guard (XEP174_GUARD_MAY_READ, self, view, slot);
}

static gboolean
waits_first (const Xep174Arbiter *self,
             const Xep174View    *view,
             guint                slot)
{
  return self->head == XEP174_HEAD_MESSAGE
         && xep174_guard (XEP174_GUARD_MAY_READ, self, view, slot)
         && view->n_est == 1 && view->n_securing == 0
         && view->out == XEP174_NO_SLOT && view->held == XEP174_NO_SLOT;
}

static gboolean
waits_release (const Xep174Arbiter *self,
               const Xep174View    *view,
               guint                slot)
{
  const Xep174Stream *stream = &self->slots[slot];

  if (stream->flags & XEP174_STREAM_PAUSED)
    return xep174_guard (XEP174_GUARD_MAY_READ, self, view, slot);

  return stream->state == XEP174_STREAM_OPEN_I0
         && (stream->flags & XEP174_STREAM_FEATURES) != 0
         && xep174_guard (XEP174_GUARD_MAY_WRITE, self, view, slot);
}

static gboolean
is_holding_until (const Xep174Arbiter *self,
                  const Xep174View    *view,
                  Xep174Timer          timer)
{
  Xep174RuleId id;

  /* Nothing else is held; asked first, because this is asked at every step. */
  if (view->held == XEP174_NO_SLOT)
    return FALSE;

  id = xep174_rule_that_applies (self, view, XEP174_CHAPTER_STREAMS);
  return id != XEP174_N_RULES && xep174_arbiter_rules[id].act == NULL
         && xep174_arbiter_rules[id].timer == timer;
}

static gboolean
waits_hold (const Xep174Arbiter *self,
            const Xep174View    *view,
            guint                slot)
{
  return is_holding_until (self, view, XEP174_TIMER_HOLD);
}

static gboolean
waits_cross (const Xep174Arbiter *self,
             const Xep174View    *view,
             guint                slot)
{
  return is_holding_until (self, view, XEP174_TIMER_CROSS);
}

static gboolean
waits_settle (const Xep174Arbiter *self,
              const Xep174View    *view,
              guint                slot)
{
  guint n = view->n_est + view->n_securing - view->n_callers;

  /* T8: who may take the place of a silent one has T_tls to show its key. */
  if (n == 2 && view->n_est == 1 && xep174_is_silent (&self->slots[view->est]))
    return FALSE;

  return n > 1 || (n == 1 && view->opening);
}

static gboolean
waits_retry (const Xep174Arbiter *self,
             const Xep174View    *view,
             guint                slot)
{
  return self->backoff;
}

static gboolean
waits_courtesy (const Xep174Arbiter *self,
                const Xep174View    *view,
                guint                slot)
{
  return self->anon > 0 && !self->courtesy_over;
}

XEP174_TABLE Xep174Wait xep174_arbiter_waits[XEP174_N_TIMERS] = {
  [XEP174_TIMER_CONNECT]  = { "CONNECTING", IN (CONNECTING), waits_always },
  [XEP174_TIMER_OPEN]     = { "OPENING or GREETED", IN (OPENING) | IN (GREETED), waits_always },
  [XEP174_TIMER_ANSWER]   = { "OPENING, another address may be left, may be read (D12)",
                              IN (OPENING), waits_answer },
  [XEP174_TIMER_FEATURES] = { "GREETED, may be read, unsealed", IN (GREETED), waits_features },
  [XEP174_TIMER_TLS]      = { "in the TLS phase: OFFERED to ENABLING (T11)", IN_TLS_PHASE,
                              waits_always },
  /* The arbiter does not see anonymous streams. */
  [XEP174_TIMER_HEADER]   = { "ANON, ANON_ANSWERED or ANON_TLS (the manager's)", 0, waits_always },
  [XEP174_TIMER_CLOSE]    = { "CLOSE_SENT, DROPPED or CLOSE_RCVD",
                              IN (CLOSE_SENT) | IN (DROPPED) | IN (CLOSE_RCVD), waits_always },
  [XEP174_TIMER_PROBE]    = { "probed, may be read", IN_SESSION, waits_probe },
  [XEP174_TIMER_FIRST]    = { "AWAIT_FIRST, the only stream, may be read, a message waits (S11)",
                              IN (AWAIT_FIRST), waits_first },
  [XEP174_TIMER_RELEASE]  = { "OPEN_I0 of a peer that sent features, may be written (S10); "
                              "paused, may be read",
                              IN_SESSION, waits_release },
  [XEP174_TIMER_HOLD]     = { "held by rule 5 a", IN_ANY, waits_hold },
  [XEP174_TIMER_CROSS]    = { "held by rule 5 b", IN_ANY, waits_cross },
  [XEP174_TIMER_SETTLE]   = { "two sessions or streams in their TLS phase, unless one of them is a "
                              "session that is silent, or the other may resume it; or one beside an "
                              "own dial OPENING or GREETED",
                              IN_ANY, waits_settle },
  [XEP174_TIMER_RETRY]    = { "backing off", IN_ANY, waits_retry },
  [XEP174_TIMER_COURTESY] = { "an anonymous stream keeps us from dialling", IN_ANY, waits_courtesy },
};

/* T_release < T_first; T_cross, T_hold, T_settle, T_probe, T_close < T_answer < T_open, or a peer that
 * holds us is abandoned each time; for the same reason T_hold + T_probe + T_tls < T_open (T11). */
static const Xep174TimerInfo infos[XEP174_N_TIMERS] = {
  [XEP174_TIMER_CONNECT]  = { "T_connect", 10000, TRUE, FALSE, XEP174_STREAM_EVENT_T_CONNECT },
  [XEP174_TIMER_OPEN]     = { "T_open", 15000, TRUE, FALSE, XEP174_STREAM_EVENT_T_OPEN },
  [XEP174_TIMER_ANSWER]   = { "T_answer", 5000, TRUE, TRUE, XEP174_STREAM_EVENT_T_ANSWER },
  [XEP174_TIMER_FEATURES] = { "T_features", 2000, TRUE, FALSE, XEP174_STREAM_EVENT_T_FEATURES },
  [XEP174_TIMER_TLS]      = { "T_tls", 8000, TRUE, FALSE, XEP174_STREAM_EVENT_T_TLS },
  [XEP174_TIMER_HEADER]   = { "T_header", 5000, TRUE, FALSE, XEP174_STREAM_EVENT_T_HEADER },
  [XEP174_TIMER_CLOSE]    = { "T_close", 3000, TRUE, TRUE, XEP174_STREAM_EVENT_T_CLOSE },
  [XEP174_TIMER_PROBE]    = { "T_probe", 3000, TRUE, TRUE, XEP174_ARBITER_EVENT_T_PROBE },
  [XEP174_TIMER_FIRST]    = { "T_first", 5000, TRUE, FALSE, XEP174_ARBITER_EVENT_T_FIRST },
  [XEP174_TIMER_RELEASE]  = { "T_release", 500, TRUE, FALSE, XEP174_ARBITER_EVENT_T_RELEASE },
  [XEP174_TIMER_HOLD]     = { "T_hold", 2000, FALSE, FALSE, XEP174_ARBITER_EVENT_T_HOLD },
  [XEP174_TIMER_CROSS]    = { "T_cross", 1000, FALSE, FALSE, XEP174_ARBITER_EVENT_T_CROSS },
  [XEP174_TIMER_SETTLE]   = { "T_settle", 2000, FALSE, FALSE, XEP174_ARBITER_EVENT_T_SETTLE },
  [XEP174_TIMER_RETRY]    = { "T_retry", 1000, FALSE, FALSE, XEP174_ARBITER_EVENT_T_RETRY },
  [XEP174_TIMER_COURTESY] = { "T_courtesy", 1000, FALSE, FALSE, XEP174_ARBITER_EVENT_T_COURTESY },
};

const Xep174TimerInfo *
xep174_timer_info (Xep174Timer timer)
{
  g_assert (timer < XEP174_N_TIMERS);

  return &infos[timer];
}

guint
xep174_timer_event (Xep174Timer timer)
{
  return xep174_timer_info (timer)->event;
}

guint
xep174_timer_delay (Xep174Timer timer,
                    guint       retries,
                    guint       round_trip)
{
  guint delay = infos[timer].milliseconds;

  if (timer == XEP174_TIMER_RETRY && retries > 1)
    delay <<= MIN (retries - 1, MAX_DOUBLINGS);
  if (infos[timer].grows)
    delay = MAX (delay, 4 * round_trip);

  return delay;
}

/* Of the timers from @first on those that are wanted now: starts and stops what is not as it
 * should be, and returns what runs. */
static guint
sync_some (Xep174Turn *turn,
           guint       slot,
           guint       states,
           guint       first,
           guint       last,
           guint       running)
{
  guint wanted = 0;

  for (guint timer = first; timer <= last; timer++)
    if ((xep174_arbiter_waits[timer].states & states) != 0
        && xep174_arbiter_waits[timer].wanted (turn->self, &turn->view, slot))
      wanted |= 1u << timer;

  for (guint timer = first; wanted != running && timer <= last; timer++)
    if ((wanted ^ running) & 1u << timer)
      {
        xep174_turn_emit (turn, wanted & 1u << timer ? XEP174_ACTION_START_TIMER
                                                     : XEP174_ACTION_STOP_TIMER, slot);
        turn->out->actions[turn->out->n - 1].timer = timer;
      }

  return wanted;
}

void
xep174_turn_sync_timers (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
    if ((turn->view.used >> slot & 1) != 0 || self->stream_timers[slot] != 0)
      self->stream_timers[slot] = sync_some (turn, slot, 1u << self->slots[slot].state, 0,
                                             XEP174_TIMER_HOLD - 1, self->stream_timers[slot]);
  self->timers = sync_some (turn, XEP174_NO_SLOT, IN_ANY, XEP174_TIMER_HOLD, XEP174_N_TIMERS - 1,
                            self->timers);
}
