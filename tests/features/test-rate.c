/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast octets move, at given times. */

#include "xep174-rate.h"

typedef struct
{
  gboolean moves;
  gint64   ms;
  guint64  done, rate;
} Moment;

static void
check (const Moment *moments,
       guint         n)
{
  Xep174Rate rate = { 0 };

  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (xep174_rate_step (&rate, moments[i].moves, moments[i].done, moments[i].ms), ==,
                      moments[i].rate);
}

/* Of each second a new one. */
static void
test_moves (void)
{
  static const Moment moments[] = {
    { TRUE, 0, 0, 0 },       { TRUE, 500, 400, 0 },       { TRUE, 1001, 1000, 1000 },
    { TRUE, 1500, 9000, 1000 }, { TRUE, 3001, 9000, 4000 }, { FALSE, 3100, 9000, 0 },
    { TRUE, 9000, 9000, 0 }, { TRUE, 10000, 9500, 500 },
  };

  check (moments, G_N_ELEMENTS (moments));
}

/* Where no octets come any more it sinks, and what comes then counts from then on. */
static void
test_quiet (void)
{
  static const Moment moments[] = {
    { TRUE, 10, 0, 0 },         { TRUE, 1010, 5000, 5000 }, { TRUE, 2010, 5000, 5000 },
    { TRUE, 4010, 5000, 5000 }, { TRUE, 5010, 5000, 0 },    { TRUE, 60010, 5000, 0 },
    { TRUE, 60510, 6000, 0 },   { TRUE, 61010, 7000, 2000 },
  };
  Xep174Rate rate = { .rate = 7, .since_ms = 1, .from = 3 };

  check (moments, G_N_ELEMENTS (moments));
  xep174_rate_step (&rate, TRUE, 3, 1 + XEP174_RATE_QUIET_MS);
  g_assert_true (rate.quiet);
  xep174_rate_step (&rate, TRUE, 2000, 1 + XEP174_RATE_QUIET_MS + XEP174_RATE_MS);
  g_assert_false (rate.quiet);
}

/* A link on which a block takes two seconds is no dead one. */
static void
test_slow (void)
{
  static const Moment moments[] = {
    { TRUE, 1, 0, 0 }, { TRUE, 2001, 1000, 500 }, { TRUE, 3001, 1000, 500 }, { TRUE, 4001, 2000, 500 },
  };

  check (moments, G_N_ELEMENTS (moments));
}

/* What was on its way as a connection broke comes once more. */
static void
test_back (void)
{
  static const Moment moments[] = {
    { TRUE, 1, 8000, 0 }, { TRUE, 1001, 9000, 1000 }, { TRUE, 1500, 2000, 1000 }, { TRUE, 2500, 2500, 500 },
  };

  check (moments, G_N_ELEMENTS (moments));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate/moves", test_moves);
  g_test_add_func ("/rate/quiet", test_quiet);
  g_test_add_func ("/rate/slow", test_slow);
  g_test_add_func ("/rate/back", test_back);

  return g_test_run ();
}
