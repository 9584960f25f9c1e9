/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has ended stays ended, and leaves nothing behind but what is the user's; and what has come is told to
 * be where it is. */

#include "transfer-sides.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-part-private.h"

/* It goes inside of the conversation, block by block. */
#define IN_BAND "in band"
#define NAME "sonnet.txt"
#define SIZE (3 * 1024 * 1024 + 1)

/* Days later. */
static gint64 later_us;

gint64
g_get_real_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000 + later_us;
}

/* --- Programs that end ----------------------------------------------------------------------- */

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

/* The program is left before its disk has answered. */
static Xep174Transfer *
cancel_and_leave (Side *side)
{
  Xep174Transfer *transfer = g_object_ref (side_last (side));

  xep174_jobs_hold (transfer->jobs);
  xep174_transfer_cancel (transfer);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (CANCELLED));
  wait_until (!transfer->keeping);
  if (transfer->lock >= 0)
    close (transfer->lock);
  transfer->lock = -1;
  side_kill (side);

  return transfer;
}

static void
expect_nothing (Sides *sides,
                Side  *side)
{
  side_start (sides, side);
  wait_until (!side->files->restoring);
  g_assert_null (side_last (side));
  wait_until (count (side->records) == 0 && sides_count (sides) == 0);
}

static void
test_cancelled_receiver (Sides         *sides,
                         gconstpointer  data)
{
  g_autoptr(Xep174Transfer) left = NULL;

  begin_and_await_octets (sides);
  left = cancel_and_leave (&sides->juliet);
  expect_nothing (sides, &sides->juliet);
  xep174_jobs_release (left->jobs);
}

static void
test_cancelled_sender (Sides         *sides,
                       gconstpointer  data)
{
  g_autoptr(Xep174Transfer) left = NULL;

  begin_and_await_octets (sides);
  left = cancel_and_leave (&sides->romeo);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  expect_nothing (sides, &sides->romeo);
  xep174_jobs_release (left->jobs);
}

/* The record is written behind that. */
static void
test_cancelled_first (Sides         *sides,
                      gconstpointer  data)
{
  g_autoptr(Xep174Transfer) left = NULL;
  Xep174Transfer *come = begin (sides);

  wait_until (come->keeping);
  left = cancel_and_leave (&sides->juliet);
  expect_nothing (sides, &sides->juliet);
  xep174_jobs_release (left->jobs);
}

/* It is still looked for. */
static void
cancel_while_opened (Sides *sides,
                     Side  *side)
{
  begin_and_await_octets (sides);
  side_kill (side);
  side_start (sides, side);
  wait_until (side_last (side) != NULL);
  g_assert_true (side_last (side)->paused);
  xep174_transfer_cancel (side_last (side));
  side_kill (side);
}

static void
test_cancelled_soon_receiver (Sides         *sides,
                              gconstpointer  data)
{
  cancel_while_opened (sides, &sides->juliet);
  expect_nothing (sides, &sides->juliet);
}

static void
test_cancelled_soon_sender (Sides         *sides,
                            gconstpointer  data)
{
  cancel_while_opened (sides, &sides->romeo);
  side_start (sides, &sides->romeo);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (CANCELLED));
  wait_until (count (sides->romeo.records) == 0 && sides_count (sides) == 0);
}

/* --- A day is over --------------------------------------------------------------------------- */

static void
start_later (Sides *sides)
{
  side_kill (&sides->romeo);
  side_kill (&sides->juliet);
  later_us = G_GINT64_CONSTANT (2) * 24 * 3600 * G_USEC_PER_SEC;
  side_start (sides, &sides->juliet);
  wait_until (!sides->juliet.files->restoring);
  later_us = 0;
}

static void
test_old (Sides         *sides,
          gconstpointer  data)
{
  Xep174Transfer *come;

  begin_and_await_octets (sides);
  start_later (sides);
  wait_until (side_last (&sides->juliet) != NULL && xep174_transfer_has_ended (side_last (&sides->juliet)));
  come = side_last (&sides->juliet);
  g_assert_error (xep174_transfer_get_error (come), XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_TIMED_OUT);
  wait_until (sides_count (sides) == 0 && count (sides->juliet.records) == 0);
}

static void
test_old_and_done (Sides         *sides,
                   gconstpointer  data)
{
  Xep174Transfer *come = begin (sides);

  wait_until (xep174_transfer_has_ended (come) && !come->keeping);
  start_later (sides);
  wait_until (count (sides->juliet.records) == 0);
  g_assert_null (side_last (&sides->juliet));
  g_assert_cmpuint (sides_count (sides), ==, 1);
}

/* --- Parts that somebody has changed --------------------------------------------------------- */

static char *
dup_part (Sides *sides)
{
  g_autofree char *record = side_dup_record (&sides->juliet);
  g_autofree char *id = g_path_get_basename (record);
  g_autofree char *name = g_strdup_printf (".%s.part", id);

  return g_build_filename (sides->keep, name, NULL);
}

static void
change (const char *part,
        const char *other,
        const char *how)
{
  if (g_str_equal (how, "longer"))
    g_assert_cmpint (truncate (part, SIZE + 1), ==, 0);
  else if (g_str_equal (how, "linked"))
    g_assert_cmpint (link (part, other), ==, 0);
  else if (g_str_equal (how, "a link"))
    {
      g_assert_cmpint (g_rename (part, other), ==, 0);
      g_assert_cmpint (symlink (other, part), ==, 0);
    }
  else
    {
      g_assert_cmpint (g_remove (part), ==, 0);
      g_assert_cmpint (g_str_equal (how, "a pipe") ? mkfifo (part, 0600) : g_mkdir (part, 0700), ==, 0);
    }
}

static void
test_changed (Sides         *sides,
              gconstpointer  data)
{
  static const char *const ways[] = { "longer", "linked", "a link", "a pipe", "a folder" };
  g_autofree char *other = g_build_filename (sides->folder, "other", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *part = NULL;

      begin_and_await_octets (sides);
      side_kill (&sides->juliet);
      part = dup_part (sides);
      change (part, other, ways[i]);
      side_start (sides, &sides->juliet);
      wait_until (side_last (&sides->juliet) != NULL
                  && xep174_transfer_has_ended (side_last (&sides->juliet)));
      g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
      wait_until (count (sides->juliet.records) == 0);
      if (g_str_equal (ways[i], "a folder"))
        g_assert_cmpint (g_rmdir (part), ==, 0);
      g_assert_cmpuint (sides_count (sides), ==, 0);
      g_assert_cmpint (g_remove (other), ==, i == 1 || i == 2 ? 0 : -1);
      wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
    }
}

/* --- Records that are not ours --------------------------------------------------------------- */

static void
test_capitals (Sides         *sides,
               gconstpointer  data)
{
  g_autofree char *record = NULL, *id = NULL, *upper = NULL, *renamed = NULL;

  begin_and_await_octets (sides);
  side_kill (&sides->juliet);
  record = side_dup_record (&sides->juliet);
  id = g_path_get_basename (record);
  upper = g_ascii_strup (id, -1);
  renamed = g_build_filename (sides->juliet.records, upper, NULL);
  g_assert_cmpint (g_rename (record, renamed), ==, 0);
  side_start (sides, &sides->juliet);
  wait_until (!sides->juliet.files->restoring);
  g_assert_null (side_last (&sides->juliet));
  g_assert_true (g_file_test (renamed, G_FILE_TEST_EXISTS));
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

/* While no program of ours ran: who has moved it learns what is left in it. */
static void
test_moved_between_runs (Sides         *sides,
                         gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (sides->folder, "moved", NULL);
  g_autofree char *part = NULL;
  const char *message;
  Xep174Transfer *come;

  begin_and_await_octets (sides);
  part = xep174_part_dup_name (xep174_transfer_get_id (side_last (&sides->juliet)));
  side_kill (&sides->juliet);
  g_assert_cmpint (g_rename (sides->keep, moved), ==, 0);
  side_start (sides, &sides->juliet);
  wait_until ((come = side_last (&sides->juliet)) != NULL && xep174_transfer_has_ended (come));
  message = xep174_transfer_get_error (come)->message;
  g_assert_nonnull (strstr (message, sides->keep));
  g_assert_nonnull (strstr (message, part));
  wait_until (count (sides->juliet.records) == 0);
  g_assert_cmpint (g_rename (moved, sides->keep), ==, 0);
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

/* --- Too many -------------------------------------------------------------------------------- */

static void
on_refused (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  *(gboolean *) data = TRUE;
}

/* Of other contacts, which have broken them off. */
static Xep174Transfer *
add_resting (Sides *sides)
{
  Xep174FileInfo info = { .name = g_strdup (NAME), .size = SIZE };
  g_autoptr(Xep174Transfer) transfer = xep174_transfer_new (sides->juliet.files->around, "mallory", NULL,
                                                            XEP174_TRANSFER_RECEIVER, &info);

  transfer->folder = g_file_new_for_path (sides->keep);
  transfer->fsm.state = XEP174_TRANSFER_RESTING;
  xep174_files_know (sides->juliet.files, transfer);

  return transfer;
}

static void
test_many (Sides         *sides,
           gconstpointer  data)
{
  g_autoptr(GFile) folder = g_file_new_for_path (sides->keep);
  Xep174Transfer *last = NULL, *offered;
  gboolean refused = FALSE;

  for (guint i = 0; i < XEP174_FILES_MAX_OPEN; i++)
    last = add_resting (sides);
  sides->accepts_nothing = TRUE;
  offered = begin (sides);
  xep174_transfer_accept_async (offered, folder, NULL, on_refused, &refused);
  wait_until (refused);
  g_assert_cmpint (xep174_transfer_get_state (offered), ==, STATE (OFFERED));
  xep174_transfer_cancel (last);
  xep174_transfer_accept_async (offered, folder, NULL, NULL, NULL);
  wait_until (xep174_transfer_has_ended (offered));
  g_assert_cmpint (xep174_transfer_get_state (offered), ==, STATE (DONE));
}

static void
on_state (Xep174Transfer *transfer,
          GParamSpec     *property,
          gpointer        data)
{
  if (xep174_transfer_get_state (transfer) == STATE (DONE))
    xep174_transfer_cancel (transfer);
}

/* Too late: that it has come is said all the same, once the record says so. */
static void
test_cancelled_too_late (Sides         *sides,
                         gconstpointer  data)
{
  g_autoptr(Xep174Transfer) sent = NULL;

  g_free (sides_make_file (sides, SIZE));
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL);
  g_signal_connect (side_last (&sides->juliet), "notify::state", G_CALLBACK (on_state), NULL);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
}

/* --- What nobody goes on with ---------------------------------------------------------------- */

static void
leave_part (Sides              *sides,
            Xep174TransferRole  role)
{
  Xep174TransferRecord *record = g_new0 (Xep174TransferRecord, 1);
  g_autoptr(GError) error = NULL;
  g_autofree char *part = NULL;

  record->local_id = g_uuid_string_random ();
  record->contact = g_strdup (ROMEO);
  record->id = g_strdup ("0");
  record->role = role;
  record->phase = XEP174_TRANSFER_ASKED;
  record->info.name = g_strdup (NAME);
  record->info.size = 5;
  record->place = g_strdup (sides->keep);
  record->lock = -1;
  xep174_transfer_record_write (record, sides->juliet.records, &error);
  g_assert_no_error (error);
  part = g_strdup_printf ("%s/.%s.part", sides->keep, record->local_id);
  g_assert_true (g_file_set_contents (part, "two", -1, NULL));
  xep174_transfer_record_free (record);
}

/* The program ended while room was made, or has no way to go on: the next one removes what it finds. */
static void
test_tidied (Sides         *sides,
             gconstpointer  data)
{
  static const Xep174TransferRole roles[] = { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_SI_RECEIVER,
                                              XEP174_TRANSFER_OOB_RECEIVER };

  side_kill (&sides->juliet);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    leave_part (sides, roles[i]);
  g_assert_cmpuint (sides_count (sides), ==, G_N_ELEMENTS (roles));
  side_start (sides, &sides->juliet);
  wait_until (sides_count (sides) == 0 && count (sides->juliet.records) == 0);
  g_assert_null (side_last (&sides->juliet));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/transfer-ends/" name, Sides, IN_BAND, sides_set_up, function, sides_tear_down)
  ADD ("cancelled/receiver", test_cancelled_receiver);
  ADD ("cancelled/sender", test_cancelled_sender);
  ADD ("cancelled/first", test_cancelled_first);
  ADD ("cancelled/soon/receiver", test_cancelled_soon_receiver);
  ADD ("cancelled/soon/sender", test_cancelled_soon_sender);
  ADD ("cancelled/too-late", test_cancelled_too_late);
  ADD ("old", test_old);
  ADD ("old-and-done", test_old_and_done);
  ADD ("changed", test_changed);
  ADD ("capitals", test_capitals);
  ADD ("moved", test_moved);
  ADD ("moved-and-cancelled", test_moved_and_cancelled);
  ADD ("moved-between-runs", test_moved_between_runs);
  ADD ("removed", test_removed);
  ADD ("many", test_many);
  ADD ("tidied", test_tidied);

  return g_test_run ();
}
