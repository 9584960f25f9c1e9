/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One story, and everything that can fail in it: at each read and each write of either side, one
 * after the other, it comes short, cannot be done now, finds the connection reset, timed out or
 * silent; after each step of the main loop a request is cancelled, or one of the two programs drops
 * all that it has. What must hold in any world (S1, S3, S6, S7, see world.h) holds in all of them. */

#include "world.h"

/* Octets that arrive at a time. */
#define QUANTUM 50

typedef struct
{
  World *world;
  /* What happens when. */
  WorldFault fault;
  gboolean sliced;  /* one octet at a time but for the fault */
  int cancel;       /* the request, or -1 */
  int drop;         /* the side, or -1 */
  guint at;
  /* What has happened. */
  guint n;          /* operations or steps */
  guint n_injected;
} Plan;

static guint n_stories;

static WorldFault
on_operation (gpointer data)
{
  Plan *plan = data;
  guint n = plan->n++;

  if (n != plan->at)
    return plan->sliced ? WORLD_FAULT_SHORT : WORLD_FAULT_NONE;

  plan->n_injected++;
  return plan->fault;
}

static void
on_step (gpointer data)
{
  Plan *plan = data;

  if (plan->n++ != plan->at)
    return;

  if (plan->cancel >= 0 && world_cancel (plan->world, plan->cancel))
    plan->n_injected++;
  if (plan->drop >= 0)
    {
      world_drop (plan->world, plan->drop);
      plan->n_injected++;
    }
}

/* The die is not thrown here. */
static guint
throw_none (gpointer data,
            guint    n)
{
  g_assert_not_reached ();
}

/* They talk, pause, close, talk again from the other side, and close at once while one still has
 * something to say; then both open at the same time. */
static void
tell (World *world)
{
  world_send (world, 0);
  world_send (world, 0);
  world_trickle (world, QUANTUM);
  world_send (world, 1);
  world_send (world, 0);
  world_trickle (world, QUANTUM);
  world_wait (world, 700);
  world_close (world, 0);
  world_send (world, 1);
  world_trickle (world, QUANTUM);
  world_trickle (world, QUANTUM);
  world_send (world, 0);
  world_close (world, 1);
  world_trickle (world, QUANTUM);
  world_wait (world, 4000);
  world_send (world, 0);
  world_send (world, 1);
  world_trickle (world, QUANTUM);
  world_trickle (world, QUANTUM);
  world_send (world, 1);
  world_trickle (world, QUANTUM);
}

static void
play (Plan *plan)
{
  World *world = world_new (throw_none, NULL, TRUE);

  plan->n = plan->n_injected = 0;
  plan->world = world;
  if (plan->fault != WORLD_FAULT_NONE)
    world_set_fault (world, on_operation, plan);
  else
    world_set_step (world, on_step, plan);
  tell (world);
  world_end (world);
  n_stories++;
}

/* At each place in the story, or each @stride-th, until it has no more. */
static guint
play_all (Plan *plan,
          guint stride)
{
  guint n_injected = 0;

  for (plan->at = 0;; plan->at += stride)
    {
      play (plan);
      if (plan->n_injected == 0)
        break;
      n_injected += plan->n_injected;
    }
  g_assert_cmpuint (plan->at, >, 30);
  return n_injected;
}

static void
report (const char *what,
        guint       n)
{
  g_assert_cmpuint (world_crossed, ==, 0);
  g_test_message ("%s: %u injected, in %u stories, 0 lost unreported", what, n, n_stories);
  n_stories = 0;
}

static void
test_fault (gconstpointer data)
{
  Plan plan = { .fault = GPOINTER_TO_UINT (data), .cancel = -1, .drop = -1 };

  report ("faults", play_all (&plan, 1));
}

/* As there are thousands, a prime number apart. */
static void
test_sliced_fault (gconstpointer data)
{
  Plan plan = { .fault = GPOINTER_TO_UINT (data), .sliced = TRUE, .cancel = -1, .drop = -1 };

  report ("faults among slices of one octet", play_all (&plan, g_test_slow () ? 1 : 31));
}

static void
test_cancel (void)
{
  guint n_injected = 0;

  for (int request = 0; request < 11; request++)
    {
      Plan plan = { .cancel = request, .drop = -1 };
      guint n_steps;

      plan.at = G_MAXUINT;
      play (&plan);
      n_steps = plan.n;
      for (plan.at = 0; plan.at < n_steps; plan.at++)
        {
          play (&plan);
          n_injected += plan.n_injected;
        }
    }
  report ("cancellations", n_injected);
}

static void
test_drop (void)
{
  guint n_injected = 0;

  for (int side = 0; side < 2; side++)
    {
      Plan plan = { .cancel = -1, .drop = side };

      n_injected += play_all (&plan, 1);
    }
  report ("managers dropped", n_injected);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const faults[N_WORLD_FAULTS] = {
    "none", "again", "short", "reset", "time-out", "silence",
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 1; i < N_WORLD_FAULTS; i++)
    {
      g_autofree char *path = g_strconcat ("/faults/S7/", faults[i], NULL);
      g_autofree char *sliced_path = g_strconcat ("/faults/S7/sliced/", faults[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_fault);
      g_test_add_data_func (sliced_path, GUINT_TO_POINTER (i), test_sliced_fault);
    }
  g_test_add_func ("/faults/S7/cancel", test_cancel);
  g_test_add_func ("/faults/S7/drop", test_drop);
  return g_test_run ();
}
