/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast the proof of the session rules goes on, in one world: what a change to the rules has to
 * wait for. */

#include "bench.h"
#include "explore-families.h"

#define TURNS 10

static void
visit (const Config *config,
       gpointer      data)
{
  guint64 *states = data;
  Outcome outcome;

  explore (config, G_MAXUINT32, &outcome);
  if (outcome.violation != VIOLATION_NONE)
    g_error ("A rule is broken: the test “explore” tells which");
  *states += outcome.states;
  outcome_clear (&outcome);
}

int
main (void)
{
  double best = INFINITY;
  guint64 states = 0;

  bench_progress ("exploring the session rules");
  variant_apply (0);
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double before = bench_now ();

      states = 0;
      explore_family (&explore_families (FALSE, &(guint) { 0 })[0], visit, &states);
      best = MIN (best, bench_now () - before);
    }
  BENCH_ROW (.group = "rules", .name = "exploration of the session rules", .unit = "states/s",
             .value = states / best);
  return 0;
}
