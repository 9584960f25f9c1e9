/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has come is told to be where it is. */

#include "transfer-sides.h"

#include <glib/gstdio.h>

#include "on-disk.h"

/* It goes inside of the conversation, block by block. */
#define IN_BAND "in band"
#define NAME "sonnet.txt"
#define SIZE (3 * 1024 * 1024 + 1)

static Xep174Transfer *
begin (Sides *sides)
{
  guint before = sides->n_offered;

  g_free (sides_make_file (sides, SIZE));
  g_object_unref (sides_send (sides));
  wait_until (sides->n_offered > before);

  return side_last (&sides->juliet);
}

static void
begin_and_await_octets (Sides *sides)
{
  Xep174Transfer *come = begin (sides);

  wait_until (come->recorded && come->fsm.done > SIZE / 4);
}

/* --- A folder that is moved meanwhile -------------------------------------------------------- */

static void
move_folder (Sides      *sides,
             const char *moved)
{
  g_autofree char *mine = g_build_filename (sides->keep, NAME, "deep", NULL);

  g_assert_cmpint (g_rename (sides->keep, moved), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (mine, 0700), ==, 0);
}

static void
test_moved (Sides         *sides,
            gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (sides->folder, "moved", NULL);
  g_autofree char *path = g_build_filename (moved, NAME, NULL);
  Xep174Transfer *come;

  begin_and_await_octets (sides);
  come = side_last (&sides->juliet);
  move_folder (sides, moved);
  wait_until (xep174_transfer_has_ended (come));
  g_assert_cmpint (xep174_transfer_get_state (come), ==, STATE (DONE));
  g_assert_cmpstr (g_file_peek_path (xep174_transfer_get_file (come)), ==, path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

static void
test_moved_and_cancelled (Sides         *sides,
                          gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (sides->folder, "moved", NULL);
  g_autofree char *mine = g_build_filename (sides->keep, NAME, "deep", NULL);
  Xep174Transfer *come;

  begin_and_await_octets (sides);
  come = side_last (&sides->juliet);
  move_folder (sides, moved);
  wait_until (come->fsm.state == XEP174_TRANSFER_VERIFYING);
  xep174_transfer_cancel (come);
  wait_until (count (moved) == 0 && count (sides->juliet.records) == 0);
  g_assert_true (g_file_test (mine, G_FILE_TEST_IS_DIR));
}

/* Nobody can say where it is. */
static void
test_removed (Sides         *sides,
              gconstpointer  data)
{
  Xep174FileInfo info = { .name = (char *) NAME };
  g_autoptr(Xep174FileSink) sink = xep174_file_sink_create (sides->keep, "id-1", &info, NULL);
  g_autofree char *path = g_build_filename (sides->keep, NAME, NULL);
  g_autofree char *name = NULL, *found = NULL, *lost = NULL;

  g_assert_nonnull (sink);
  g_assert_null (xep174_file_sink_dup_path (sink, sides->keep));
  name = xep174_file_sink_finish (sink, NAME, NULL);
  found = xep174_file_sink_dup_path (sink, sides->keep);
  g_assert_cmpstr (found, ==, path);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_true (g_file_set_contents (path, "another", -1, NULL));
  lost = xep174_file_sink_dup_path (sink, sides->keep);
  g_assert_null (lost);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/transfer-ends/" name, Sides, IN_BAND, sides_set_up, function, sides_tear_down)
  ADD ("moved", test_moved);
  ADD ("moved-and-cancelled", test_moved_and_cancelled);
  ADD ("removed", test_removed);

  return g_test_run ();
}
