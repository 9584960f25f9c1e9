/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How fast octets move, as values. */
typedef struct
{
  guint64 rate;     /* octets a second */
  gint64  since_ms; /* counted from then on, 0 while nothing moves, */
  guint64 from;     /* with so many octets done */
  guint8  quiet;    /* none has come for long */
} Xep174Rate;

/* How often it is found anew; and without an octet for so long it is 0. */
#define XEP174_RATE_MS       1000
#define XEP174_RATE_QUIET_MS 4000

/* To be called now and then, also while no octet comes. Returns the rate. */
guint64 xep174_rate_step (Xep174Rate *self,
                          gboolean    moves,
                          guint64     done,
                          gint64      now_ms);

G_END_DECLS
