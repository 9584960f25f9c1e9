/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Worlds whose die is seeded, so that each can be played again: XEP174_TEST_SEED. */

#include "world.h"

#define STEPS 120

static guint
throw_seeded (gpointer data,
              guint    n)
{
  return g_rand_int_range (data, 0, n);
}

static void
run_world (guint32  seed,
           gboolean harm)
{
  GRand *die = g_rand_new_with_seed (seed);
  World *world = world_new (throw_seeded, die, harm);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < STEPS; i++)
    world_happen (world);
  world_end (world);
  g_rand_free (die);
}

static void
test_worlds (gconstpointer data)
{
  gboolean harm = GPOINTER_TO_INT (data);
  const char *only = g_getenv ("XEP174_TEST_SEED");
  guint n = g_test_slow () ? 20000 : 1000;

  if (only != NULL)
    run_world (g_ascii_strtoull (only, NULL, 10), harm);
  for (guint32 seed = 0; seed < n && only == NULL; seed++)
    run_world (seed, harm);
  g_test_message ("%u runs of %u steps; %u messages crossed a closing tag", n, STEPS, world_crossed);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/interleavings/S1-S3-S6-S7/whole-connections", GINT_TO_POINTER (FALSE),
                        test_worlds);
  g_test_add_data_func ("/interleavings/S1-S3-S6-S7/broken-connections", GINT_TO_POINTER (TRUE),
                        test_worlds);
  return g_test_run ();
}
