/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "random-tree.h"

#define TREES 400
#define MOST_OCTETS 400

/* X7, X8: whatever a program builds is refused when it is written, or read as it was. Each tree has a
 * seed of its own, which is told when it fails; XEP174_TREE=seed tries that one only. */
static void
test_round_trips (void)
{
  const char *only = getenv ("XEP174_TREE");
  guint first = only != NULL ? g_ascii_strtoull (only, NULL, 10) : 0;
  guint n = only != NULL ? 1 : TREES;
  guint n_written = 0;

  for (guint seed = first; seed < first + n; seed++)
    {
      GRand *die = g_rand_new_with_seed (seed);
      guint8 octets[MOST_OCTETS];
      FuzzBytes bytes = { octets, g_rand_int_range (die, 1, MOST_OCTETS) };
      g_autoptr(Xep174Element) tree = NULL;
      g_autofree char *name = g_strdup_printf ("XEP174_TREE=%u", seed);

      for (guint i = 0; i < MOST_OCTETS; i++)
        octets[i] = g_rand_int_range (die, 0, 256);
      g_rand_free (die);
      g_test_message ("%s", name);
      tree = random_tree_build (&bytes, seed % 8 != 0);
      n_written += random_tree_check (tree);
      for (Xep174Element *inner = xep174_element_get_first_child (tree); inner != NULL;
           inner = xep174_element_get_first_child (inner))
        random_tree_check (inner);
    }

  g_test_message ("%u of %u trees were written", n_written, n);
  g_assert_true (only != NULL || n_written > TREES / 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/element-trees/X7-X8/round-trips", test_round_trips);
  return g_test_run ();
}
