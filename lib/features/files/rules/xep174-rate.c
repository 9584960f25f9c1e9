/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-rate.h"

static void
count_from (Xep174Rate *self,
            guint64     done,
            gint64      now_ms)
{
  self->since_ms = MAX (1, now_ms);
  self->from = done;
}

guint64
xep174_rate_step (Xep174Rate *self,
                  gboolean    moves,
                  guint64     done,
                  gint64      now_ms)
{
  gint64 passed = now_ms - self->since_ms;

  if (!moves)
    *self = (Xep174Rate) { 0 };
  else if (self->since_ms == 0 || done < self->from)
    count_from (self, done, now_ms);
  else if (done > self->from && passed >= XEP174_RATE_MS)
    {
      self->rate = (done - self->from) * 1000 / passed;
      self->quiet = FALSE;
      count_from (self, done, now_ms);
    }
  else if (done == self->from && passed >= XEP174_RATE_QUIET_MS)
    {
      self->rate = 0;
      self->quiet = TRUE;
      count_from (self, done, now_ms);
    }

  return self->rate;
}
