/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The moment between “it has got its name” and “the record says that it is done”, of a file and of a folder:
 * whenever the program ends there, the next start knows what has come, and leaves nothing hidden. */

#include "transfer-sides.h"

#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-tree-private.h"

/* It goes inside of the conversation, which makes no difference here. */
#define FOLDER "folder"
#define NAME "sonnet.txt"

static gboolean
is_folder (Sides *sides)
{
  return sides->in_band;
}

/* What is called otherwise here is in it, too. */
static void
make (Sides *sides)
{
  static const char *const paths[] = { "a:b/one", "a:b/none/", "two", "zero" };

  if (!is_folder (sides))
    {
      g_assert_true (g_file_set_contents (sides->path, "the one", -1, NULL));
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_build_filename (sides->path, paths[i], NULL);
      g_autofree char *above = g_path_get_dirname (path);

      g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
      if (!g_str_has_suffix (path, "/"))
        g_assert_true (g_file_set_contents (path, i < 3 ? "the one" : "", -1, NULL));
    }
}

/* The file, or one of the folder. */
static char *
dup_path (Sides      *sides,
          const char *name)
{
  return g_build_filename (sides->keep, name, is_folder (sides) ? "two" : NULL, NULL);
}

static void
put (Sides      *sides,
     const char *name,
     const char *text)
{
  g_autofree char *path = dup_path (sides, name);
  g_autofree char *above = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
check (Sides      *sides,
       const char *name,
       const char *expected)
{
  g_autofree char *path = dup_path (sides, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *inner = g_build_filename (folder, "a_b", NULL);
  g_autofree char *base = g_path_get_basename (path);

  assert_contents (folder, base, expected);
  if (!is_folder (sides))
    return;
  assert_contents (inner, "one", "the one");
  g_assert_cmpuint (count (inner), ==, 2);
  g_assert_cmpuint (count (folder), ==, 3);
}

static void
rename_in (const char *folder,
           const char *one,
           const char *other)
{
  g_autofree char *from = g_build_filename (folder, one, NULL);
  g_autofree char *to = g_build_filename (folder, other, NULL);

  g_assert_cmpint (g_rename (from, to), ==, 0);
}

static char *
dup_part (Sides *sides)
{
  g_autofree char *record = side_dup_record (&sides->juliet);
  g_autofree char *id = g_path_get_basename (record);

  return g_strdup_printf (".%s.part", id);
}

/* --- Not told -------------------------------------------------------------------------------- */

static void
await_verifying (Sides *sides)
{
  make (sides);
  g_object_unref (sides_send (sides));
  wait_until (side_last (&sides->juliet) != NULL
              && side_last (&sides->juliet)->fsm.state == XEP174_TRANSFER_VERIFYING);
}

/* Juliet's program ends when what she gets has got its name; her thread comes so far, and nobody hears. */
static void
end_when_placed (Sides *sides)
{
  g_autofree char *phase = NULL;

  await_verifying (sides);
  side_kill (&sides->juliet);
  phase = side_dup_phase (&sides->juliet);
  g_assert_cmpstr (phase, ==, "VERIFYING");
  check (sides, NAME, "the one");
}

static Xep174Transfer *
start_and_await (Sides               *sides,
                 Xep174TransferState  state)
{
  side_start (sides, &sides->juliet);
  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, state);

  return side_last (&sides->juliet);
}

static void
find_as (Sides      *sides,
         const char *name,
         guint       n_in_all)
{
  Xep174Transfer *come = start_and_await (sides, STATE (DONE));
  g_autofree char *path = g_build_filename (sides->keep, name, NULL);
  g_autofree char *phase = NULL;

  g_assert_cmpstr (g_file_peek_path (xep174_transfer_get_file (come)), ==, path);
  g_assert_nonnull (xep174_transfer_get_sha256 (come));
  g_assert_null (xep174_transfer_get_error (come));
  check (sides, name, "the one");
  wait_until (!come->keeping);
  phase = side_dup_phase (&sides->juliet);
  g_assert_cmpstr (phase, ==, "DONE");
  wait_until (sides_count (sides) == n_in_all);
}

/* It fails, and what is there stays as it is. */
static void
find_nothing (Sides      *sides,
              const char *name,
              const char *text)
{
  Xep174Transfer *come = start_and_await (sides, STATE (FAILED));

  g_assert_error (xep174_transfer_get_error (come), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (xep174_transfer_get_file (come));
  check (sides, name, text);
  wait_until (sides_count (sides) == 1 && count (sides->juliet.records) == 0);
}

static void
test_has_its_name (Sides         *sides,
                   gconstpointer  data)
{
  end_when_placed (sides);
  find_as (sides, NAME, 1);
}

/* Others had the names before it. */
static void
test_has_another_name (Sides         *sides,
                       gconstpointer  data)
{
  end_when_placed (sides);
  rename_in (sides->keep, NAME, "sonnet (2).txt");
  put (sides, NAME, "another");
  put (sides, "sonnet (1).txt", "the ONE");
  find_as (sides, "sonnet (2).txt", 3);
}

/* Somebody has changed it. */
static void
test_changed (Sides         *sides,
              gconstpointer  data)
{
  end_when_placed (sides);
  put (sides, NAME, "the ONE");
  find_nothing (sides, NAME, "the ONE");
}

static void
test_renamed (Sides         *sides,
              gconstpointer  data)
{
  end_when_placed (sides);
  rename_in (sides->keep, NAME, "mine");
  find_nothing (sides, "mine", "the one");
}

/* File systems without a rename that replaces nothing: for a moment it has both names. */
static void
test_has_both_names (Sides         *sides,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (sides->keep, NAME, NULL);
  g_autofree char *name = NULL, *part = NULL;

  end_when_placed (sides);
  name = dup_part (sides);
  part = g_build_filename (sides->keep, name, NULL);
  g_assert_cmpint (link (path, part), ==, 0);
  find_as (sides, NAME, 1);
}

/* --- Just before, and just behind ------------------------------------------------------------ */

/* It is whole, and has no name yet. */
static void
take_name (Sides *sides)
{
  g_autofree char *part = dup_part (sides);
  g_autofree char *inner = g_build_filename (part, is_folder (sides) ? "tree" : NULL, NULL);

  rename_in (sides->keep, NAME, inner);
}

static void
test_has_no_name (Sides         *sides,
                  gconstpointer  data)
{
  end_when_placed (sides);
  take_name (sides);
  find_as (sides, NAME, 1);
}

/* The same where an empty one takes the name first: that is nobody's any more. */
static void
test_has_taken_its_name (Sides         *sides,
                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (sides->keep, NAME, NULL);

  end_when_placed (sides);
  take_name (sides);
  if (is_folder (sides))
    g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  else
    g_assert_true (g_file_set_contents (path, "", 0, NULL));
  find_as (sides, "sonnet (1).txt", 2);
}

/* Somebody has cleaned up. */
static void
test_has_no_part (Sides         *sides,
                  gconstpointer  data)
{
  g_autofree char *name = NULL, *part = NULL;

  end_when_placed (sides);
  name = dup_part (sides);
  part = g_build_filename (sides->keep, name, NULL);
  xep174_tree_remove (AT_FDCWD, part);
  find_nothing (sides, NAME, "the one");
}

/* What the contact says while it is looked for does not go before what is found. */
static void
test_looked_for (Sides         *sides,
                 gconstpointer  data)
{
  Xep174Transfer *come;

  end_when_placed (sides);
  put (sides, NAME, "a text of somebody else");
  side_start (sides, &sides->juliet);
  wait_until ((come = side_last (&sides->juliet)) != NULL);
  g_assert_true (come->paused);
  for (guint event = XEP174_TRANSFER_EVENT_OFFER_CAME; event < XEP174_TRANSFER_EVENT_PATH_LOST; event++)
    xep174_transfer_post (come, event, come->attempt);
  wait_until (!come->paused);
  g_assert_true (xep174_transfer_has_ended (come));
  g_assert_error (come->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* It is told as soon as the record can be written again. */
static void
on_placed (Xep174Transfer *come,
           GParamSpec     *pspec,
           Sides          *sides)
{
  rename_in (sides->folder, "juliet", "away");
}

static void
test_not_written (Sides         *sides,
                  gconstpointer  data)
{
  await_verifying (sides);
  /* Nor when it was found. */
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *phase = NULL;

      if (i > 0)
        side_start (sides, &sides->juliet);
      wait_until (side_last (&sides->juliet) != NULL);
      g_signal_connect (side_last (&sides->juliet), "notify::file", G_CALLBACK (on_placed), sides);
      wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
      g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (DONE));
      side_kill (&sides->juliet);
      rename_in (sides->folder, "away", "juliet");
      phase = side_dup_phase (&sides->juliet);
      g_assert_cmpstr (phase, ==, "VERIFYING");
    }
  find_as (sides, NAME, 1);
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (DONE));
}

/* The record says that it is done, and what a folder is found by is still there. */
static void
test_left_behind (Sides         *sides,
                  gconstpointer  data)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *record = NULL;

  end_when_placed (sides);
  record = side_dup_record (&sides->juliet);
  g_assert_true (g_key_file_load_from_file (file, record, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string (file, "transfer", "phase", "DONE");
  g_assert_true (g_key_file_save_to_file (file, record, NULL));
  g_assert_cmpint (g_chmod (record, 0600), ==, 0);
  g_assert_cmpuint (sides_count (sides), ==, 2);
  side_start (sides, &sides->juliet);
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)) && sides_count (sides) == 1);
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (DONE));
  check (sides, NAME, "the one");
}

/* --- Cancelled ------------------------------------------------------------------------------- */

static void
check_cancelled (Sides *sides)
{
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (CANCELLED));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (CANCELLED));
  g_assert_null (xep174_transfer_get_file (side_last (&sides->juliet)));
  wait_until (sides_count (sides) == 0 && count (sides->juliet.records) == 0);
}

/* While it gets its name. */
static void
test_cancelled_before (Sides         *sides,
                       gconstpointer  data)
{
  await_verifying (sides);
  xep174_transfer_cancel (side_last (&sides->juliet));
  check_cancelled (sides);
}

/* When the program hears of it. */
static void
test_cancelled_behind (Sides         *sides,
                       gconstpointer  data)
{
  await_verifying (sides);
  g_signal_connect (side_last (&sides->juliet), "notify::file", G_CALLBACK (xep174_transfer_cancel), NULL);
  check_cancelled (sides);
}

/* Somebody else puts something in its place then, which stays. */
static void
on_placed_elsewhere (Xep174Transfer *come,
                     GParamSpec     *pspec,
                     Sides          *sides)
{
  if (xep174_transfer_get_file (come) == NULL)
    return;

  rename_in (sides->keep, NAME, "mine");
  put (sides, NAME, "another");
  xep174_transfer_cancel (come);
}

static void
test_cancelled_elsewhere (Sides         *sides,
                          gconstpointer  data)
{
  g_autofree char *path = dup_path (sides, NAME);

  await_verifying (sides);
  g_signal_connect (side_last (&sides->juliet), "notify::file", G_CALLBACK (on_placed_elsewhere), sides);
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
  wait_until (sides_count (sides) == 2 && count (sides->juliet.records) == 0);
  check (sides, "mine", "the one");
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-placed/" name, Sides, data, sides_set_up, function, sides_tear_down)
#define ADD_BOTH(name, function) ADD ("file/" name, NULL, function); ADD ("folder/" name, FOLDER, function)
  ADD_BOTH ("has-its-name", test_has_its_name);
  ADD_BOTH ("has-another-name", test_has_another_name);
  ADD_BOTH ("changed", test_changed);
  ADD_BOTH ("renamed", test_renamed);
  ADD_BOTH ("has-no-name", test_has_no_name);
  ADD_BOTH ("has-taken-its-name", test_has_taken_its_name);
  ADD_BOTH ("looked-for", test_looked_for);
  ADD_BOTH ("not-written", test_not_written);
  ADD_BOTH ("cancelled-before", test_cancelled_before);
  ADD_BOTH ("cancelled-behind", test_cancelled_behind);
  ADD_BOTH ("cancelled-elsewhere", test_cancelled_elsewhere);
  ADD ("folder/has-no-part", FOLDER, test_has_no_part);
  ADD ("folder/left-behind", FOLDER, test_left_behind);
  ADD ("file/has-both-names", NULL, test_has_both_names);

  return g_test_run ();
}
