/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-poller-private.h"

G_BEGIN_DECLS

/* All clock of a session manager behind one #GSource, so that an idle session costs the main loop
 * nothing. An alarm is embedded in its owner, who clears it before it goes. */

typedef struct _Xep174Clock Xep174Clock;
typedef void (*Xep174AlarmFunc) (gpointer data);

typedef struct
{
  GSequenceIter *place;
  gint64 due;
  Xep174AlarmFunc func;
  gpointer data;
} Xep174Alarm;

/* The context is the poller's. */
Xep174Clock *xep174_clock_new        (GMainContext *context,
                                      Xep174Poller *poller);
/* A clock that stands still until it is advanced: what tests drive. */
Xep174Clock *xep174_clock_new_manual (void);
Xep174Clock *xep174_clock_ref        (Xep174Clock *self);
void          xep174_clock_unref      (Xep174Clock *self);
gint64        xep174_clock_get_now_ms (Xep174Clock *self);
/* What time it is for people, since 1970 and in UTC; it may be set back. */
gint64       xep174_clock_get_real_ms (Xep174Clock *self);
/* Until the next alarm is due; -1 without one. */
gint64        xep174_clock_get_wait_ms (Xep174Clock *self);
void          xep174_clock_advance    (Xep174Clock *self,
                                        guint         ms);

void          xep174_alarm_set         (Xep174Alarm     *alarm,
                                        Xep174Clock    *clock,
                                        guint            ms,
                                        Xep174AlarmFunc  func,
                                        gpointer         data);
void          xep174_alarm_clear       (Xep174Alarm  *alarm,
                                        Xep174Clock *clock);

static inline gboolean
xep174_alarm_is_set (const Xep174Alarm *alarm)
{
  return alarm->place != NULL;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Clock, xep174_clock_unref)

G_END_DECLS
