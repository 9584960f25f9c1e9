/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* S1–S11 over the real tables: every interleaving of two whole sides, in many worlds, and each
 * naive variant of the rules found out by the same search. XEP174_EXPLORE=deep adds the large
 * worlds; XEP174_EXPLORE_STATES limits the states of one world (default 12 million). */

#include "explore-families.h"

typedef struct
{
  guint64 worlds;
  guint64 states;
  guint64 moves;
  guint   depth;
} Total;

static Total total;

/* In the deep run a world may be larger than the limit; it is sound as far as it was seen. */
static gboolean
is_deep (void)
{
  return g_strcmp0 (g_getenv ("XEP174_EXPLORE"), "deep") == 0;
}

static guint64
max_states (void)
{
  const char *text = g_getenv ("XEP174_EXPLORE_STATES");

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 12000000;
}

static void
add_to (Total         *sum,
        const Outcome *outcome)
{
  sum->worlds++;
  sum->states += outcome->states;
  sum->moves += outcome->moves;
  sum->depth = MAX (sum->depth, outcome->depth);
}

static void
visit_sound (const Config *config,
             gpointer      data)
{
  g_autofree char *name = explore_config_name (config);
  Outcome outcome;

  explore (config, max_states (), &outcome);
  g_test_message ("%s: %" G_GUINT64_FORMAT " states, %" G_GUINT64_FORMAT " moves, depth %u%s",
                  name, outcome.states, outcome.moves, outcome.depth,
                  outcome.cut ? " (cut)" : "");
  if (outcome.violation != VIOLATION_NONE)
    {
      g_test_message ("%s\n%s", violation_name (outcome.violation), outcome.story);
      g_test_fail_printf ("%s: %s", name, violation_name (outcome.violation));
    }
  else if (!outcome.cut)
    g_assert_true (outcome.acyclic);
  else if (!is_deep ())
    g_test_fail_printf ("%s: more states than the limit", name);

  add_to (data, &outcome);
  add_to (&total, &outcome);
  outcome_clear (&outcome);
}

static void
test_family (gconstpointer data)
{
  const Family *family = data;
  Total sum = { 0 };

  variant_apply (0);
  explore_family (family, visit_sound, &sum);
  g_test_message ("%s: %" G_GUINT64_FORMAT " worlds, %" G_GUINT64_FORMAT " states, %"
                  G_GUINT64_FORMAT " moves, depth %u",
                  family->name, sum.worlds, sum.states, sum.moves, sum.depth);
}

/* --- The naive variants ------------------------------------------------------------------- */

typedef struct
{
  Violation violation;
  guint     trace;
  char     *name;
  char     *story;
} Finding;

static void
visit_variant (const Config *config,
               gpointer      data)
{
  Finding *finding = data;
  Outcome outcome;

  explore (config, 200000, &outcome);
  if (outcome.violation != VIOLATION_NONE
      && (finding->violation == VIOLATION_NONE || outcome.trace < finding->trace))
    {
      g_free (finding->name);
      g_free (finding->story);
      *finding = (Finding) {
        outcome.violation, outcome.trace, explore_config_name (config),
        g_steal_pointer (&outcome.story),
      };
    }
  outcome_clear (&outcome);
}

/* In which family a variant is sure to be found; the shortest story of that family is told. */
static const char *const family_of_variant[N_VARIANTS] = {
  "ours/one-way", "ours/quiet", "ours/quiet", "ours/quiet", "ours/closing", "ours/closing",
  "ours/closing", "ours/one-fault", "ours/impatient", "ours/quiet", "purple/quiet", "purple/quiet",
  "swiften/second", "tls/quiet", "tls/one-fault-opening", "tls/changed", "tls/quiet",
  "tls/called-early", "tls/forged", "acks/called", "acks/probing", "acks/one-break", "acks/one-break",
};

static const Family *
find_family (const char *name)
{
  guint n;
  const Family *families = explore_families (FALSE, &n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (families[i].name, name))
      return &families[i];

  g_assert_not_reached ();
}

static void
test_variant (gconstpointer data)
{
  guint variant = GPOINTER_TO_UINT (data);
  Finding finding = { 0 };

  variant_apply (variant);
  explore_family (find_family (family_of_variant[variant - 1]), visit_variant, &finding);
  variant_apply (0);

  g_test_message ("variant %u, %s: found after %u moves in [%s]: %s", variant,
                  variant_name (variant), finding.trace, finding.name,
                  violation_name (finding.violation));
  g_assert_cmpint (finding.violation, !=, VIOLATION_NONE);
  g_free (finding.name);
  g_free (finding.story);
}

/* --- Main ---------------------------------------------------------------------------------- */

/* A cell that cannot be reached is reached, or a rule finds nothing to act on. */
static void
on_log (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        data)
{
  world_violate (VIOLATION_IMPOSSIBLE);
}

static void
add_families (gboolean deep)
{
  guint n;
  const Family *families = explore_families (deep, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strconcat ("/explore/", families[i].name, NULL);

      g_test_add_data_func (path, &families[i], test_family);
    }
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_log_set_default_handler (on_log, NULL);

  add_families (FALSE);
  if (is_deep ())
    add_families (TRUE);

  for (guint i = 1; i <= N_VARIANTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/explore/variant/%02u", i);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_variant);
    }

  result = g_test_run ();
  g_print ("# in all: %" G_GUINT64_FORMAT " worlds, %" G_GUINT64_FORMAT " states, %"
           G_GUINT64_FORMAT " moves, longest shortest way %u\n",
           total.worlds, total.states, total.moves, total.depth);

  return result;
}
