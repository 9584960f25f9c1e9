/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-clock-private.h"

#include <unistd.h>

#ifdef __linux__
#include <sys/timerfd.h>
#endif

/* When the manual clock begins: 2001-09-09T01:46:40Z. */
#define MANUAL_EPOCH_MS G_GINT64_CONSTANT (1000000000000)

struct _Xep174Clock
{
  gint ref_count;
  GSequence *pending;
  GSource *source;
  Xep174Poller *poller;
  /* A main loop that has to wake in time sets a timer of the kernel's each time it polls. One that
   * the poller waits for beside its streams is set once; -1 where there is none. */
  int timer;
  /* When it is to wake, in µs: never later than the first alarm. */
  gint64 armed;
  /* It has woken, and wakes at once again and again until it is set anew. */
  gboolean spent;
  /* µs; only the manual clock keeps it. */
  gint64 manual_now;
};

typedef struct
{
  GSource source;
  Xep174Clock *clock;
} ClockSource;

static gint64
now (Xep174Clock *self)
{
  return self->source != NULL ? g_get_monotonic_time () : self->manual_now;
}

static Xep174Alarm *
first (Xep174Clock *self)
{
  GSequenceIter *begin = g_sequence_get_begin_iter (self->pending);

  return g_sequence_iter_is_end (begin) ? NULL : g_sequence_get (begin);
}

#ifdef __linux__
static void
open_timer (Xep174Clock *self)
{
  self->timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC);
  if (self->timer >= 0 && !xep174_poller_wake_on (self->poller, self->timer))
    {
      close (self->timer);
      self->timer = -1;
    }
}

/* @due is 0 for never. */
static void
set_timer (Xep174Clock *self,
           gint64       due)
{
  struct itimerspec spec = {
    .it_value = { due / G_USEC_PER_SEC, due % G_USEC_PER_SEC * 1000 }
  };

  timerfd_settime (self->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}
#else
static void open_timer (Xep174Clock *self) { }
static void set_timer (Xep174Clock *self, gint64 due) { g_assert_not_reached (); }
#endif

/* An alarm that is put off or cleared leaves a call that nobody needs, once, and costs nothing. */
static void
arm (Xep174Clock *self)
{
  Xep174Alarm *alarm = first (self);

  if (alarm == NULL && self->spent)
    set_timer (self, 0);
  else if (self->source == NULL || alarm == NULL || alarm->due >= self->armed)
    return;
  else
    {
      self->armed = alarm->due;
      if (self->timer >= 0)
        set_timer (self, self->armed);
      else
        g_source_set_ready_time (self->source, self->armed);
    }
  self->spent = FALSE;
}

/* Fires what is due at @until. An alarm is off before its function runs, so the function may set it
 * again, free its owner, or run a main loop of its own. */
static void
run (Xep174Clock *self,
     gint64        until)
{
  Xep174Alarm *alarm;

  xep174_clock_ref (self);
  while ((alarm = first (self)) != NULL && alarm->due <= until)
    {
      g_sequence_remove (alarm->place);
      alarm->place = NULL;
      arm (self);
      alarm->func (alarm->data);
    }
  arm (self);
  xep174_clock_unref (self);
}

static gboolean
clock_source_check (GSource *source)
{
  return g_source_get_time (source) >= ((ClockSource *) source)->clock->armed;
}

static gboolean
clock_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     data)
{
  Xep174Clock *self = ((ClockSource *) source)->clock;

  self->armed = G_MAXINT64;
  self->spent = self->timer >= 0;
  if (!self->spent)
    g_source_set_ready_time (source, -1);
  run (self, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_source_funcs = {
  .check = clock_source_check,
  .dispatch = clock_source_dispatch,
};

Xep174Clock *
xep174_clock_new_manual (void)
{
  Xep174Clock *self = g_new0 (Xep174Clock, 1);

  self->ref_count = 1;
  self->pending = g_sequence_new (NULL);
  self->timer = -1;
  self->armed = G_MAXINT64;
  return self;
}

Xep174Clock *
xep174_clock_new (GMainContext *context,
                  Xep174Poller *poller)
{
  Xep174Clock *self = xep174_clock_new_manual ();

  self->source = g_source_new (&clock_source_funcs, sizeof (ClockSource));
  ((ClockSource *) self->source)->clock = self;
  g_source_set_static_name (self->source, "[xep174] clock");
  g_source_set_can_recurse (self->source, TRUE);
  self->poller = xep174_poller_ref (poller);
  open_timer (self);
  g_source_attach (self->source, context);
  return self;
}

Xep174Clock *
xep174_clock_ref (Xep174Clock *self)
{
  self->ref_count++;
  return self;
}

void
xep174_clock_unref (Xep174Clock *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
      xep174_poller_unref (self->poller);
    }
  if (self->timer >= 0)
    close (self->timer);
  g_assert (g_sequence_is_empty (self->pending));
  g_sequence_free (self->pending);
  g_free (self);
}

gint64
xep174_clock_get_now_ms (Xep174Clock *self)
{
  return now (self) / 1000;
}

gint64
xep174_clock_get_real_ms (Xep174Clock *self)
{
  return self->source != NULL ? g_get_real_time () / 1000 : MANUAL_EPOCH_MS + self->manual_now / 1000;
}

gint64
xep174_clock_get_wait_ms (Xep174Clock *self)
{
  Xep174Alarm *alarm = first (self);

  return alarm != NULL ? MAX (0, (alarm->due - now (self)) / 1000) : -1;
}

void
xep174_clock_advance (Xep174Clock *self,
                       guint         ms)
{
  g_assert (self->source == NULL);

  self->manual_now += (gint64) ms * 1000;
  run (self, self->manual_now);
}

static int
compare_due (gconstpointer a,
             gconstpointer b,
             gpointer      data)
{
  gint64 left = ((const Xep174Alarm *) a)->due;
  gint64 right = ((const Xep174Alarm *) b)->due;

  return (left > right) - (left < right);
}

void
xep174_alarm_set (Xep174Alarm     *alarm,
                  Xep174Clock    *clock,
                  guint            ms,
                  Xep174AlarmFunc  func,
                  gpointer         data)
{
  if (alarm->place != NULL)
    g_sequence_remove (alarm->place);

  alarm->due = now (clock) + (gint64) ms * 1000;
  alarm->func = func;
  alarm->data = data;
  alarm->place = g_sequence_insert_sorted (clock->pending, alarm, compare_due, NULL);
  arm (clock);
}

void
xep174_alarm_clear (Xep174Alarm  *alarm,
                    Xep174Clock *clock)
{
  if (alarm->place == NULL)
    return;

  g_sequence_remove (alarm->place);
  alarm->place = NULL;
  arm (clock);
}
