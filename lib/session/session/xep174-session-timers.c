/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The timers that the arbiter starts and stops, and what is looked at before one of them rings. */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

/* An alarm that rings while a handler of the program runs a main loop of its own rings again. */
#define BUSY_MS 20
/* How often T_probe begins anew while the peer's host acknowledges and nobody is kept waiting. */
#define MAX_EXTENSIONS 9

/* T_retry varies by this much, so that two sides do not go in step. */
#define JITTER 0.3

static void
note_timeout (Xep174Session *self,
              Xep174Slot    *slot,
              Xep174Timer    timer)
{
  static const struct
  {
    Xep174Timer timer;
    int code;
    const char *text;
  } texts[] = {
    { XEP174_TIMER_CONNECT, XEP174_SESSION_ERROR_UNREACHABLE, N_("no address answers") },
    { XEP174_TIMER_OPEN, XEP174_SESSION_ERROR_TIMED_OUT,
      N_("connected, but the program there does not answer") },
    { XEP174_TIMER_ANSWER, XEP174_SESSION_ERROR_TIMED_OUT,
      N_("connected, but the program there does not answer") },
    { XEP174_TIMER_TLS, XEP174_SESSION_ERROR_TIMED_OUT,
      N_("connected, but the program there took too long to begin the encryption") },
    { XEP174_TIMER_PROBE, XEP174_SESSION_ERROR_TIMED_OUT, N_("no sign of life any more") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].timer == timer)
      xep174_slot_set_error (slot, g_error_new_literal (XEP174_SESSION_ERROR, texts[i].code,
                                                        _(texts[i].text)));
  if (timer == XEP174_TIMER_CONNECT)
    xep174_session_report_failure (self);
}

/* A process that slept, or had no core for a while, may have the answer that it waits for. It reads
 * before it judges; once, or a peer that never stops talking would keep its alarms from ringing. */
static gboolean
is_to_read_first (Xep174SlotAlarm *alarm)
{
  gboolean was_late = alarm->is_late;
  Xep174Transport *transport = alarm->slot->transport;

  alarm->is_late = TRUE;

  return !was_late && transport != NULL && xep174_transport_has_input (transport);
}

/* D22, X9: while nothing passes TCP repeats itself ever more rarely, so that the answer may come as
 * long after an outage as that has lasted. A host that acknowledges what we say is there; its
 * program's words are waited for if nobody else wants the place (S9). Its answer may lie in what we do
 * not read (X8). */
static gboolean
extend (Xep174Session   *self,
        Xep174SlotAlarm *alarm)
{
  Xep174Transport *transport = alarm->slot->transport;

  if (alarm->timer != XEP174_TIMER_PROBE || transport == NULL)
    return FALSE;

  for (guint i = 0; i < self->n_slots; i++)
    if (self->arbiter.slots[i].state == XEP174_STREAM_HELD
        || self->arbiter.slots[i].state == XEP174_STREAM_AWAIT_RESUME)
      return FALSE;

  if (xep174_session_is_deaf_to (self, alarm->slot->index))
    return TRUE;
  return alarm->extended++ < MAX_EXTENSIONS && xep174_transport_is_taken_in (transport);
}

static void
on_slot_alarm (gpointer data)
{
  Xep174SlotAlarm *alarm = data;
  Xep174Slot *slot = alarm->slot;
  Xep174Session *self = slot->session;

  if (self->running || is_to_read_first (alarm))
    {
      xep174_alarm_set (&alarm->alarm, self->network->clock, BUSY_MS, on_slot_alarm, alarm);
      return;
    }
  if (extend (self, alarm))
    {
      alarm->is_late = FALSE;
      xep174_alarm_set (&alarm->alarm, self->network->clock,
                        xep174_slot_get_delay (slot, alarm->timer), on_slot_alarm, alarm);
      return;
    }

  note_timeout (self, slot, alarm->timer);
  xep174_session_post (self, xep174_timer_event (alarm->timer), slot);
  xep174_session_wake (self);
}

static void
on_alarm (gpointer data)
{
  Xep174SessionAlarm *alarm = data;
  Xep174Session *self = alarm->session;

  if (self->running)
    {
      xep174_alarm_set (&alarm->alarm, self->network->clock, BUSY_MS, on_alarm, alarm);
      return;
    }

  xep174_session_post (self, xep174_timer_event (alarm->timer), NULL);
  xep174_session_wake (self);
}

static guint
slot_delay (Xep174Session *self,
            Xep174Slot    *slot,
            Xep174Timer    timer)
{
  const Xep174Settings *settings = &self->around->settings;

  if (timer == XEP174_TIMER_RELEASE)
    return settings->release_delay;
  if (timer == XEP174_TIMER_OPEN)
    return settings->open_timeout;

  return xep174_slot_get_delay (slot, timer);
}

static guint
contact_delay (Xep174Session *self,
               Xep174Timer    timer)
{
  guint delay = xep174_timer_delay (timer, self->arbiter.retries, 0);

  if (timer == XEP174_TIMER_RETRY)
    delay *= g_rand_double_range (self->network->random, 1 - JITTER, 1 + JITTER);

  return delay;
}

void
xep174_session_start_timer (Xep174Session      *self,
                            const Xep174Action *action)
{
  Xep174Slot *slot;
  Xep174SessionAlarm *alarm;

  if (action->slot != XEP174_NO_SLOT)
    {
      slot = self->slots[action->slot];
      slot->alarms[action->timer].is_late = FALSE;
      slot->alarms[action->timer].extended = 0;
      xep174_alarm_set (&slot->alarms[action->timer].alarm, self->network->clock,
                        slot_delay (self, slot, action->timer), on_slot_alarm,
                        &slot->alarms[action->timer]);
      return;
    }

  alarm = &self->alarms[action->timer - XEP174_N_SLOT_TIMERS];
  xep174_alarm_set (&alarm->alarm, self->network->clock, contact_delay (self, action->timer),
                    on_alarm, alarm);
}

void
xep174_session_stop_timer (Xep174Session      *self,
                           const Xep174Action *action)
{
  Xep174Slot *slot;

  if (action->slot == XEP174_NO_SLOT)
    xep174_alarm_clear (&self->alarms[action->timer - XEP174_N_SLOT_TIMERS].alarm,
                        self->network->clock);
  else if ((slot = self->slots[action->slot]) != NULL)
    xep174_alarm_clear (&slot->alarms[action->timer].alarm, self->network->clock);
}

/* X9: silence is noticed, whoever should have spoken. How much is left of it, in ms; FALSE if nobody
 * is waited for. */
static gboolean
get_silence_left (Xep174Session *self,
                  gint64        *left)
{
  guint current = self->current;
  gint64 interval;

  if (self->around == NULL || current == XEP174_NO_SLOT || self->slots[current] == NULL)
    return FALSE;

  interval = self->around->settings.idle_interval;
  *left = self->slots[current]->heard + interval
          - xep174_clock_get_now_ms (self->network->clock);
  return interval > 0;
}

/* Not in the silence of a contact that is not listened to (X8). */
static void
on_idle (gpointer data)
{
  Xep174Session *self = data;
  gint64 left;

  if (!get_silence_left (self, &left))
    return;

  if (left > 0)
    {
      xep174_session_watch_idle (self);
      return;
    }

  xep174_alarm_set (&self->idle, self->network->clock, self->around->settings.idle_interval, on_idle,
                    self);
  if (xep174_session_is_deaf_to (self, self->current))
    return;

  xep174_session_post (self, XEP174_ARBITER_EVENT_PROBE, NULL);
  xep174_session_wake (self);
}

void
xep174_session_watch_idle (Xep174Session *self)
{
  gint64 left;

  if (get_silence_left (self, &left))
    xep174_alarm_set (&self->idle, self->network->clock, MAX (left, 0), on_idle, self);
  else
    xep174_alarm_clear (&self->idle, self->network->clock);
}
