/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When a contact is called again for the files that wait for it. */

#include "xep174-links-private.h"

#define CONTACT "juliet@verona"

typedef struct
{
  Xep174Clock *clock;
  Xep174Links *links;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->clock = xep174_clock_new_manual ();
  f->links = xep174_links_new (NULL, f->clock); /* Nobody is called here. */
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  xep174_links_free (f->links);
  g_assert_cmpint (xep174_clock_get_wait_ms (f->clock), ==, -1);
  xep174_clock_unref (f->clock);
}

static void
assert_called_in (Fixture *f,
                  gint64   ms)
{
  g_assert_cmpint (xep174_clock_get_wait_ms (f->clock), ==, ms);
}

/* Twenty files of one contact that a restart has found are one call. */
static void
test_many_files (Fixture       *f,
                 gconstpointer  data)
{
  for (guint i = 0; i < 20; i++)
    xep174_links_mend (f->links, CONTACT, FALSE);
  assert_called_in (f, 1000);

  xep174_clock_advance (f->clock, 400);
  xep174_links_mend (f->links, CONTACT, FALSE);
  assert_called_in (f, 600);
}

/* Who comes and goes at once is called after longer and longer times. */
static void
test_longer (Fixture       *f,
             gconstpointer  data)
{
  for (guint ms = 1000; ms <= 32000; ms *= 2)
    {
      xep174_links_mend (f->links, CONTACT, FALSE);
      assert_called_in (f, ms);
      xep174_links_rejoice (f->links, CONTACT);
      assert_called_in (f, -1);
    }
  xep174_links_mend (f->links, CONTACT, FALSE);
  assert_called_in (f, 32000);

  /* Something has moved since. */
  xep174_links_mend (f->links, CONTACT, TRUE);
  assert_called_in (f, 1000);
}

static void
test_steady (Fixture       *f,
             gconstpointer  data)
{
  for (guint i = 0; i < 3; i++)
    {
      xep174_links_mend (f->links, CONTACT, FALSE);
      xep174_links_rejoice (f->links, CONTACT);
    }
  xep174_clock_advance (f->clock, 31 * 1000);
  xep174_links_mend (f->links, CONTACT, FALSE);
  assert_called_in (f, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/links/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("many-files", test_many_files);
  ADD ("longer", test_longer);
  ADD ("steady", test_steady);

  return g_test_run ();
}
