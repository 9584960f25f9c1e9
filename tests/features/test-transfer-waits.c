/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that wait, or ought to: whose client stops, whose sender forgets, whose octets are written over. */

#include "transfer-sides.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "on-disk.h"

#define IN_BAND "in band"
#define SIZE (3 * 1024 * 1024 + 1)

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  *(gboolean *) data = xep174_session_manager_stop_finish (XEP174_SESSION_MANAGER (source), result, NULL);
}

/* Octets end with the words; later both go on. */
static void
stop (Sides *sides,
      Side  *side)
{
  const gsize size = 64 * 1024 * 1024;
  g_autofree char *octets = g_malloc0 (size);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = NULL;
  g_autofree char *phase = NULL;
  gboolean stopped = FALSE;

  g_assert_true (g_file_set_contents (sides->path, octets, size, NULL));
  sent = sides_send (sides);
  wait_until (side_last (side) != NULL && side_last (side)->pump != NULL && side_last (side)->recorded);
  xep174_session_manager_stop_async (side->manager, NULL, on_stopped, &stopped);
  g_assert_cmpint (xep174_transfer_get_state (side_last (side)), ==, STATE (WAITING));
  wait_until (stopped && side_last (side)->pump == NULL);
  /* As a client does that goes away. */
  xep174_session_manager_set_local_name (side->manager, NULL);
  g_assert_cmpint (xep174_transfer_get_state (side_last (side)), ==, STATE (WAITING));
  side_kill (side);
  phase = side_dup_phase (side);
  g_assert_nonnull (phase);
  side_start (sides, side);
  wait_until (sides_have_it (sides));
  sides_check (sides, octets, size);
}

static void
test_stopped_sender (Sides         *sides,
                     gconstpointer  data)
{
  stop (sides, &sides->romeo);
}

static void
test_stopped_receiver (Sides         *sides,
                       gconstpointer  data)
{
  stop (sides, &sides->juliet);
}

/* Romeo's record is lost: juliet asks when they talk again. */
static void
test_forgotten (Sides         *sides,
                gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autofree char *record = NULL;

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && sent->recorded);
  record = side_dup_record (&sides->romeo);
  side_kill (&sides->romeo);
  g_assert_cmpint (g_remove (record), ==, 0);
  side_start (sides, &sides->romeo);
  wait_until (side_is_closed (&sides->juliet, ROMEO));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (WAITING));
  side_open (&sides->juliet, ROMEO);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_error (xep174_transfer_get_error (side_last (&sides->juliet)), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_ENDED);
  wait_until (sides_count (sides) == 0 && count (sides->juliet.records) == 0);
}

/* Somebody else has romeo's record: then romeo does not say that there is none. */
static void
test_held (Sides         *sides,
           gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autoptr(Xep174Transfer) comes = NULL;
  g_autoptr(Xep174Transfer) other = NULL;
  g_autofree char *record = NULL;
  g_autofree char *path = NULL;
  gint64 due;
  int lock;

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && sent->recorded);
  comes = g_object_ref (side_last (&sides->juliet));
  record = side_dup_record (&sides->romeo);
  path = g_strconcat (record, ".lock", NULL);
  side_kill (&sides->romeo);
  lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (flock (lock, LOCK_EX | LOCK_NB), ==, 0);
  side_start (sides, &sides->romeo);
  wait_until (side_is_closed (&sides->juliet, ROMEO));
  due = comes->alarm.due;
  other = sides_send (sides);
  wait_until (xep174_transfer_get_state (other) == STATE (DONE));
  g_assert_cmpint (xep174_transfer_get_state (comes), ==, STATE (WAITING));
  g_assert_cmpint (comes->alarm.due, ==, due); /* A day from the break on, not from the question. */

  close (lock);
  side_kill (&sides->romeo);
  side_start (sides, &sides->romeo);
  wait_until (xep174_transfer_has_ended (comes));
  g_assert_cmpint (xep174_transfer_get_state (comes), ==, STATE (DONE));
}

/* Romeo's transfer has ended, and juliet has not heard it: the answer is how. */
static void
test_ended (Sides         *sides,
            gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && side_last (&sides->juliet)->recorded);
  side_kill (&sides->juliet);
  wait_until (xep174_transfer_get_state (sent) == STATE (WAITING));
  xep174_transfer_post (sent, XEP174_TRANSFER_EVENT_LINK_BACK, 0);
  xep174_transfer_post (sent, XEP174_TRANSFER_EVENT_UNKNOWN_CAME, 0);
  wait_until (xep174_transfer_get_state (sent) == STATE (FAILED));
  side_start (sides, &sides->juliet);
  wait_until (side_last (&sides->juliet) != NULL);
  side_open (&sides->juliet, ROMEO);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
  wait_until (sides_count (sides) == 0 && count (sides->juliet.records) == 0);
}

/* What has gone is not what is there any more: octets of both would be neither. */
static void
test_overwritten (Sides         *sides,
                  gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  struct utimbuf past = { 1000000000, 1000000000 };
  g_autoptr(Xep174Transfer) sent = NULL;
  int fd;

  g_assert_cmpint (g_utime (sides->path, &past), ==, 0);
  sent = sides_send (sides);
  wait_until (side_get_done (&sides->juliet) > SIZE / 2);
  fd = g_open (sides->path, O_WRONLY);
  g_assert_cmpint (pwrite (fd, "another", 7, 0), ==, 7);
  g_close (fd, NULL);
  wait_until (xep174_transfer_has_ended (sent) && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (FAILED));
  g_assert_error (xep174_transfer_get_error (sent), G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
  g_assert_nonnull (strstr (xep174_transfer_get_error (side_last (&sides->juliet))->message, "changed"));
  wait_until (sides_count (sides) == 0);
}

static void
note_done (GListModel *transfers,
           guint       position,
           guint       removed,
           guint       added,
           guint64    *done)
{
  g_autoptr(Xep174Transfer) transfer = g_list_model_get_item (transfers, position);

  *done = xep174_transfer_get_done (transfer);
}

/* How much is over when the program sees it first. */
static guint64
begin_again (Sides *sides,
             Side  *side)
{
  guint64 done = G_MAXUINT64;

  side_start (sides, side);
  g_signal_connect (xep174_files_get_transfers (side->files), "items-changed", G_CALLBACK (note_done), &done);
  wait_until (side_last (side) != NULL);
  g_signal_handlers_disconnect_by_data (xep174_files_get_transfers (side->files), &done);

  return done;
}

static void
test_done (Sides         *sides,
           gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autoptr(Xep174Transfer) come = NULL;
  guint64 done;

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && sent->noted > 0
              && g_atomic_int_get (&sent->recorded));
  come = g_object_ref (side_last (&sides->juliet));
  side_kill (&sides->romeo);
  side_kill (&sides->juliet);
  done = begin_again (sides, &sides->juliet);
  g_assert_cmpuint (done, >, SIZE / 2);
  g_assert_cmpuint (done, <, SIZE);
  done = begin_again (sides, &sides->romeo);
  g_assert_cmpuint (done, >, 0);
  g_assert_cmpuint (done, <, SIZE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-waits/" name, Sides, data, sides_set_up, function, sides_tear_down)
  ADD ("stopped/sender", NULL, test_stopped_sender);
  ADD ("stopped/receiver", NULL, test_stopped_receiver);
  ADD ("forgotten", IN_BAND, test_forgotten);
  ADD ("held", IN_BAND, test_held);
  ADD ("ended", IN_BAND, test_ended);
  ADD ("overwritten", IN_BAND, test_overwritten);
  ADD ("done", IN_BAND, test_done);

  return g_test_run ();
}
