/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A folder from one to the other: it arrives the same, also after a restart of either program in the
 * middle. */

#include "transfer-sides.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"

#define IN_BAND "in band"
#define N_FILES 200
#define N_LEFT_OUT 2

static void
put (const char *folder,
     const char *path,
     gsize       size)
{
  g_autofree char *whole = g_build_filename (folder, path, NULL);
  g_autofree char *above = g_path_get_dirname (whole);
  g_autofree char *octets = g_strnfill (size, path[0]);

  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (whole, octets, size, NULL));
}

/* What is larger than the sockets take, so that there is a middle; and what is not sent. */
static void
make_folder (Sides *sides,
             gsize  large)
{
  g_autofree char *empty = g_build_filename (sides->path, "empty", NULL);
  g_autofree char *link_path = g_build_filename (sides->path, "link", NULL);
  g_autofree char *pipe_path = g_build_filename (sides->path, "9", "pipe", NULL);

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u/small-%u", i % 7, i);

      put (sides->path, path, i);
    }
  put (sides->path, "9/large", large);
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  g_assert_cmpint (symlink (sides->folder, link_path), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
}

static gboolean
has_arrived (Sides *sides)
{
  g_autofree char *path = g_build_filename (sides->keep, "sonnet.txt", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) && side_last (&sides->romeo) != NULL
         && xep174_transfer_has_ended (side_last (&sides->romeo));
}

static void
check_same (Sides      *sides,
            const char *path)
{
  g_autofree char *one = g_build_filename (sides->path, path, NULL);
  g_autofree char *other = g_build_filename (sides->keep, "sonnet.txt", path, NULL);
  g_autofree char *sent = NULL;
  g_autofree char *come = NULL;
  gsize size, length;

  g_assert_true (g_file_get_contents (one, &sent, &size, NULL));
  g_assert_true (g_file_get_contents (other, &come, &length, NULL));
  g_assert_cmpmem (come, length, sent, size);
}

static void
check_folder (Sides *sides)
{
  g_autofree char *empty = g_build_filename (sides->keep, "sonnet.txt", "empty", NULL);

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u/small-%u", i % 7, i);

      check_same (sides, path);
    }
  check_same (sides, "9/large");
  g_assert_true (g_file_test (empty, G_FILE_TEST_IS_DIR));
  /* The part goes when the record is written. */
  wait_until (sides_count (sides) == 1);
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (DONE));
}

static void
test_whole (Sides         *sides,
            gconstpointer  data)
{
  g_autoptr(Xep174Transfer) sent = NULL;
  g_autofree char *path = NULL;

  make_folder (sides, 1000);
  sent = sides_send (sides);
  g_assert_true (xep174_transfer_get_is_folder (sent));
  g_assert_cmpuint (xep174_transfer_get_n_files (sent), ==, N_FILES + 1);
  g_assert_cmpuint (xep174_transfer_get_n_left_out (sent), ==, N_LEFT_OUT);
  wait_until (has_arrived (sides));
  check_folder (sides);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_true (xep174_transfer_get_is_folder (side_last (&sides->juliet)));
  g_assert_cmpuint (xep174_transfer_get_n_files (side_last (&sides->juliet)), ==, N_FILES + 1);
  g_assert_cmpuint (xep174_transfer_get_n_left_out (side_last (&sides->juliet)), ==, 0);
  g_assert_cmpstr (xep174_transfer_get_sha256 (sent), ==,
                   xep174_transfer_get_sha256 (side_last (&sides->juliet)));
  path = g_file_get_path (xep174_transfer_get_file (side_last (&sides->juliet)));
  g_assert_true (g_str_has_suffix (path, "/keep/sonnet.txt"));
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, &error);
  g_assert_no_error (error);
}

/* A stream has no names: it is said at once, and the offer stays. */
static void
test_into_a_stream (Sides         *sides,
                    gconstpointer  data)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GFile) folder = g_file_new_for_path (sides->keep);
  g_autoptr(GError) error = NULL;
  Xep174Transfer *come;

  make_folder (sides, 1000);
  g_signal_handlers_block_matched (sides->juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, sides);
  g_object_unref (sides_send (sides));
  wait_until (side_last (&sides->juliet) != NULL);
  come = side_last (&sides->juliet);
  g_assert_false (xep174_transfer_accept_into (come, stream, &error));
  g_assert_error (error, XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "folder"));
  g_assert_cmpint (xep174_transfer_get_state (come), ==, STATE (OFFERED));
  g_assert_false (g_output_stream_is_closed (stream));
  xep174_transfer_accept_async (come, folder, NULL, on_accepted, NULL);
  wait_until (has_arrived (sides));
  check_folder (sides);
}

/* Where nothing can be written down nothing stays hidden either. */
static void
test_no_records (Sides         *sides,
                 gconstpointer  data)
{
  g_assert_true (g_file_set_contents (sides->juliet.records, "", 0, NULL));
  test_whole (sides, data);
}

/* To the middle of it. */
static void
send_half (Sides *sides)
{
  const gsize large = 3 * 1024 * 1024;

  make_folder (sides, large);
  g_object_unref (sides_send (sides));
  wait_until (side_last (&sides->juliet) != NULL && side_last (&sides->juliet)->fsm.done > large / 2
              && side_last (&sides->romeo)->lock >= 0 && side_last (&sides->juliet)->lock >= 0);
}

/* What is left out is found again by whoever looks at the folder again. */
static void
break_off (Sides *sides,
           Side  *side)
{
  send_half (sides);
  side_kill (side);
  side_start (sides, side);
  wait_until (has_arrived (sides));
  check_folder (sides);
  g_assert_cmpuint (sides->n_offered, ==, 1);
  g_assert_cmpuint (xep174_transfer_get_n_left_out (side_last (&sides->romeo)), ==, N_LEFT_OUT);
}

static void
test_receiver (Sides         *sides,
               gconstpointer  data)
{
  break_off (sides, &sides->juliet);
}

static void
test_sender (Sides         *sides,
             gconstpointer  data)
{
  break_off (sides, &sides->romeo);
}

/* --- Words ----------------------------------------------------------------------------------- */

/* Why it ended, on both sides: a folder is not called a file. */
static void
check_words (Sides               *sides,
             Xep174TransferState  state)
{
  Side *all[] = { &sides->romeo, &sides->juliet };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      const GError *error;

      wait_until (side_last (all[i]) != NULL && xep174_transfer_has_ended (side_last (all[i])));
      g_assert_cmpint (xep174_transfer_get_state (side_last (all[i])), ==, state);
      error = xep174_transfer_get_error (side_last (all[i]));
      g_assert_nonnull (strstr (error->message, "folder"));
      g_assert_null (strstr (error->message, "file"));
    }
  wait_until (sides_count (sides) == 0);
}

static void
test_changed (Sides         *sides,
              gconstpointer  data)
{
  send_half (sides);
  side_kill (&sides->romeo);
  put (sides->path, "9/another", 1);
  side_start (sides, &sides->romeo);
  check_words (sides, STATE (FAILED));
}

static void
test_cancelled (Sides         *sides,
                gconstpointer  data)
{
  send_half (sides);
  xep174_transfer_cancel (side_last (&sides->romeo));
  check_words (sides, STATE (CANCELLED));
}

static void
test_declined (Sides         *sides,
               gconstpointer  data)
{
  make_folder (sides, 1000);
  sides->declines = TRUE;
  g_object_unref (sides_send (sides));
  check_words (sides, STATE (DECLINED));
}

/* --- A program that ends while it makes a part ------------------------------------------------ */

#define ID "6f0a3a6e-3d1c-4c53-9c2b-5d6f6a9b8c7d"

static const Xep174FileInfo small = { .is_folder = TRUE, .n_files = 1, .manifest = 4, .size = 7 };
/* The next program removes there what is left, when so many more folders are made. */
static const char *removing_in;
static guint n_left;

int
mkdirat (int         folder,
         const char *name,
         mode_t      mode)
{
  int result = syscall (SYS_mkdirat, folder, name, mode);

  if (n_left > 0 && --n_left == 0)
    {
      xep174_file_sink_remove (removing_in, ID, &small);
      g_assert_cmpuint (count (removing_in), ==, 0);
    }

  return result;
}

static void
test_made (Sides         *sides,
           gconstpointer  data)
{
  removing_in = sides->keep;
  for (guint at = 1; n_left == 0; at++)
    {
      Xep174FileSink *sink;

      n_left = at;
      sink = xep174_file_sink_create (sides->keep, ID, &small, NULL);
      g_clear_pointer (&sink, xep174_file_sink_free);
      xep174_file_sink_remove (sides->keep, ID, &small);
      g_assert_cmpuint (sides_count (sides), ==, 0);
    }
  n_left = 0;
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-folder/" name, Sides, data, sides_set_up, function, sides_tear_down)
  ADD ("whole", NULL, test_whole);
  ADD ("in-band", IN_BAND, test_whole);
  ADD ("into-a-stream", NULL, test_into_a_stream);
  ADD ("no-records", NULL, test_no_records);
  ADD ("receiver", IN_BAND, test_receiver);
  ADD ("sender", IN_BAND, test_sender);
  ADD ("changed", IN_BAND, test_changed);
  ADD ("cancelled", IN_BAND, test_cancelled);
  ADD ("declined", NULL, test_declined);
  ADD ("made", NULL, test_made);

  return g_test_run ();
}
