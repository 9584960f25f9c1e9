/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files between two clients on loopback. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "client-people.h"
#include "on-disk.h"

typedef struct
{
  Person *romeo;
  Person *juliet;
  Xep174Contact *to; /* juliet, as romeo sees her */
  char *folder;      /* where she keeps files */
  GFile *keep;
  char *path;        /* what he sends */
  Xep174Transfer *sent;
  Xep174Transfer *offered;
  guint n_offered;
  gboolean accepts;
  gboolean declines;
  GOutputStream *into; /* where she has the file written to, if not to the folder */
  gboolean in_band;    /* the octets went inside of the conversation */
} Fixture;

static const char clear[] = "clear";

#define STATE(name) XEP174_TRANSFER_STATE_##name

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, &error);
  g_assert_no_error (error);
}

static void
on_offered (Xep174Client   *client,
            Xep174Contact  *contact,
            Xep174Transfer *transfer,
            Fixture        *f)
{
  g_assert_cmpstr (xep174_contact_get_name (contact), ==, "romeo@montague");
  g_set_object (&f->offered, transfer);
  f->n_offered++;
  if (f->declines)
    xep174_transfer_decline (transfer);
  if (f->into != NULL)
    g_assert_true (xep174_transfer_accept_into (transfer, f->into, NULL));
  else if (f->accepts)
    xep174_transfer_accept_async (transfer, f->keep, NULL, on_accepted, NULL);
}

static void
on_trace (Xep174SessionManager *manager,
          Xep174Session        *session,
          gboolean              sent,
          const char           *text,
          Fixture              *f)
{
  f->in_band = f->in_band || strstr (text, "http://jabber.org/protocol/ibb' sid=") != NULL;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->romeo = person_new ("romeo", "montague", NULL);
  f->juliet = person_new ("juliet", "capulet", NULL);
  if (data == clear)
    {
      xep174_client_set_encryption (f->romeo->client, XEP174_ENCRYPTION_POLICY_OFF);
      xep174_client_set_encryption (f->juliet->client, XEP174_ENCRYPTION_POLICY_OFF);
    }
  g_signal_connect (f->juliet->client, "transfer-offered", G_CALLBACK (on_offered), f);
  g_signal_connect (xep174_client_get_session_manager (f->romeo->client), "trace", G_CALLBACK (on_trace), f);
  xep174_client_get_transfers (f->romeo->client);
  xep174_client_get_transfers (f->juliet->client);
  person_start (f->romeo);
  person_start (f->juliet);
  f->to = person_learn (f->romeo, f->juliet);
  person_learn (f->juliet, f->romeo);
  f->folder = g_dir_make_tmp (NULL, NULL);
  f->keep = g_file_new_for_path (f->folder);
  f->path = g_build_filename (f->folder, "sonnet.txt", NULL);
  f->accepts = TRUE;
}

/* What a thread does for it has a part of it. */
static void
let_go (Xep174Transfer **transfer)
{
  Xep174Transfer *left = *transfer;

  if (left == NULL)
    return;

  g_object_add_weak_pointer (G_OBJECT (left), (gpointer *) transfer);
  g_object_unref (left);
  wait_until (*transfer == NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  person_stop (f->romeo);
  person_stop (f->juliet);
  g_signal_handlers_disconnect_by_data (f->juliet->client, f);
  g_signal_handlers_disconnect_by_data (xep174_client_get_session_manager (f->romeo->client), f);
  person_free (f->romeo);
  person_free (f->juliet);
  let_go (&f->sent);
  let_go (&f->offered);
  g_clear_object (&f->into);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_object_unref (f->keep);
  g_free (f->folder);
  g_free (f->path);
}

static void
send_file (Fixture *f)
{
  g_autoptr(GFile) file = g_file_new_for_path (f->path);
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  xep174_client_send_file_async (f->romeo->client, f->to, file, NULL, call_done, &call);
  call_wait (&call);
  f->sent = xep174_client_send_file_finish (f->romeo->client, call.result, &error);
  g_assert_no_error (error);
  g_object_unref (call.result);
}

static void
check_arrived (Fixture    *f,
               const char *octets,
               gsize       size)
{
  g_autofree char *path = g_file_get_path (xep174_transfer_get_file (f->offered));
  g_autofree char *expected = g_build_filename (f->folder, "sonnet (1).txt", NULL);
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) octets, size);
  g_autofree char *come = NULL;
  gsize length;

  g_assert_cmpint (xep174_transfer_get_state (f->offered), ==, STATE (DONE));
  g_assert_cmpstr (path, ==, expected);
  g_assert_true (g_file_get_contents (path, &come, &length, NULL));
  g_assert_cmpmem (come, length, octets, size);
  g_assert_cmpstr (xep174_transfer_get_sha256 (f->offered), ==, hash);
  g_assert_cmpstr (xep174_transfer_get_sha256 (f->sent), ==, hash);
  g_assert_cmpuint (xep174_transfer_get_done (f->offered), ==, size);
  g_assert_cmpuint (xep174_transfer_get_done (f->sent), ==, size);
  g_assert_null (xep174_transfer_get_error (f->sent));
}

static void
arrive (Fixture *f,
        gsize    size)
{
  g_autofree char *octets = make_random_file (f->path, size);

  send_file (f);
  wait_until (xep174_transfer_has_ended (f->sent) && f->offered != NULL
              && xep174_transfer_has_ended (f->offered));
  g_assert_cmpint (xep174_transfer_get_state (f->sent), ==, STATE (DONE));
  g_assert_cmpuint (f->n_offered, ==, 1);
  check_arrived (f, octets, size);
  g_assert_false (f->in_band);
}

/* To a stream of the program's. */
static void
arrive_into (Fixture *f,
                gsize    size)
{
  g_autofree char *octets = make_random_file (f->path, size);
  GMemoryOutputStream *into;

  f->into = g_memory_output_stream_new_resizable ();
  into = G_MEMORY_OUTPUT_STREAM (f->into);
  send_file (f);
  wait_until (xep174_transfer_has_ended (f->sent) && f->offered != NULL
              && xep174_transfer_has_ended (f->offered));
  g_assert_cmpint (xep174_transfer_get_state (f->sent), ==, STATE (DONE));
  g_assert_cmpint (xep174_transfer_get_state (f->offered), ==, STATE (DONE));
  g_assert_cmpmem (g_memory_output_stream_get_data (into), g_memory_output_stream_get_data_size (into),
                   octets, size);
  g_assert_true (g_output_stream_is_closed (f->into));
  g_assert_null (xep174_transfer_get_file (f->offered));
  g_assert_cmpstr (xep174_transfer_get_sha256 (f->sent), ==, xep174_transfer_get_sha256 (f->offered));
  g_assert_false (f->in_band);
}

static void
test_one_octet (Fixture       *f,
                gconstpointer  data)
{
  arrive (f, 1);
}

static void
test_empty (Fixture       *f,
            gconstpointer  data)
{
  arrive (f, 0);
}

static void
test_megabyte (Fixture       *f,
               gconstpointer  data)
{
  arrive (f, 1024 * 1024 + 7);
}

static void
test_into (Fixture       *f,
              gconstpointer  data)
{
  arrive_into (f, 1024 * 1024 + 7);
}

static void
test_into_empty (Fixture       *f,
                    gconstpointer  data)
{
  arrive_into (f, 0);
}

/* Of which the disk has nothing. */
static void
test_sparse (Fixture       *f,
             gconstpointer  data)
{
  const gsize size = 100 * 1024 * 1024;
  g_autofree char *octets = g_malloc0 (size);
  int fd = g_open (f->path, O_CREAT | O_WRONLY, 0600);

  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  g_close (fd, NULL);
  send_file (f);
  wait_until (f->offered != NULL);
  /* As long as it moves it may take its time. */
  while (!xep174_transfer_has_ended (f->sent) || !xep174_transfer_has_ended (f->offered))
    {
      guint64 done = xep174_transfer_get_done (f->offered);
      Xep174TransferState state = xep174_transfer_get_state (f->offered);

      wait_until (xep174_transfer_get_done (f->offered) > done
                  || xep174_transfer_get_state (f->offered) != state || xep174_transfer_has_ended (f->sent));
      if (xep174_transfer_has_ended (f->sent))
        wait_until (xep174_transfer_has_ended (f->offered));
    }
  check_arrived (f, octets, size);
  g_assert_false (f->in_band);
}

static void
test_offered (Fixture       *f,
              gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = make_random_file (f->path, 5);
  g_autoptr(GObject) first = NULL;
  GListModel *transfers = xep174_client_get_transfers (f->juliet->client);

  f->accepts = FALSE;
  send_file (f);
  g_assert_cmpint (xep174_transfer_get_state (f->sent), ==, STATE (OFFERED));
  g_assert_true (xep174_transfer_get_outgoing (f->sent));
  g_assert_cmpstr (xep174_transfer_get_contact (f->sent), ==, "juliet@capulet");
  wait_until (f->offered != NULL);
  g_assert_false (xep174_transfer_get_outgoing (f->offered));
  g_assert_cmpstr (xep174_transfer_get_name (f->offered), ==, "sonnet.txt");
  g_assert_cmpstr (xep174_transfer_get_media_type (f->offered), ==, "text/plain");
  g_assert_cmpuint (xep174_transfer_get_size (f->offered), ==, 5);
  g_assert_cmpint (xep174_transfer_get_state (f->offered), ==, STATE (OFFERED));
  g_assert_cmpuint (g_list_model_get_n_items (transfers), ==, 1);
  first = g_list_model_get_item (transfers, 0);
  g_assert_true (first == G_OBJECT (f->offered));
}

static void
test_declined (Fixture       *f,
               gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = make_random_file (f->path, 5);

  f->accepts = FALSE;
  f->declines = TRUE;
  send_file (f);
  wait_until (xep174_transfer_has_ended (f->sent));
  g_assert_cmpint (xep174_transfer_get_state (f->sent), ==, STATE (DECLINED));
  g_assert_error (xep174_transfer_get_error (f->sent), XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_DECLINED);
  g_assert_cmpint (xep174_transfer_get_state (f->offered), ==, STATE (DECLINED));
}

static void
on_not_accepted (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, data);
}

/* The offer stays: with a folder that is there it arrives. */
static void
test_not_accepted (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GFile) nowhere = g_file_new_for_path ("/dev/null/nowhere");
  G_GNUC_UNUSED g_autofree char *octets = make_random_file (f->path, 5);
  g_autoptr(GError) cancelled = NULL;
  g_autoptr(GError) refused = NULL;

  f->accepts = FALSE;
  send_file (f);
  wait_until (f->offered != NULL);
  xep174_transfer_accept_async (f->offered, f->keep, cancellable, on_not_accepted, &cancelled);
  g_cancellable_cancel (cancellable);
  wait_until (cancelled != NULL);
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  xep174_transfer_accept_async (f->offered, nowhere, NULL, on_not_accepted, &refused);
  wait_until (refused != NULL);
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_cmpint (xep174_transfer_get_state (f->offered), ==, STATE (OFFERED));
  xep174_transfer_accept_async (f->offered, f->keep, NULL, on_accepted, NULL);
  wait_until (xep174_transfer_has_ended (f->sent) && xep174_transfer_has_ended (f->offered));
  check_arrived (f, octets, 5);
}

static const Xep174TransferState steps[] = { STATE (OFFERED), STATE (CONNECTING), STATE (MOVING) };

/* No part remains, and no file. */
static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  gsize step = GPOINTER_TO_SIZE (data) / 2;
  gboolean by_sender = GPOINTER_TO_SIZE (data) % 2;
  G_GNUC_UNUSED g_autofree char *octets = make_random_file (f->path, 1024 * 1024);
  Xep174Transfer *own, *other;

  f->accepts = steps[step] != STATE (OFFERED);
  send_file (f);
  wait_until (f->offered != NULL);
  own = by_sender ? f->sent : f->offered;
  other = by_sender ? f->offered : f->sent;
  wait_until (xep174_transfer_get_state (own) == steps[step]);
  xep174_transfer_cancel (own);
  g_assert_cmpint (xep174_transfer_get_state (own), ==, STATE (CANCELLED));
  g_assert_error (xep174_transfer_get_error (own), XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_CANCELLED);
  wait_until (xep174_transfer_has_ended (other));
  g_assert_cmpint (xep174_transfer_get_state (other), ==, STATE (CANCELLED));
  g_assert_error (xep174_transfer_get_error (other), XEP174_TRANSFER_ERROR, XEP174_TRANSFER_ERROR_ENDED);
  g_assert_null (xep174_transfer_get_file (f->offered));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) g_test_add ("/files/" name, Fixture, data, set_up, function, tear_down)
  ADD ("offered", NULL, test_offered);
  ADD ("one-octet", NULL, test_one_octet);
  ADD ("one-octet-in-the-clear", clear, test_one_octet);
  ADD ("empty", NULL, test_empty);
  ADD ("megabyte", NULL, test_megabyte);
  ADD ("megabyte-in-the-clear", clear, test_megabyte);
  ADD ("into", NULL, test_into);
  ADD ("into-in-the-clear", clear, test_into);
  ADD ("into-empty", NULL, test_into_empty);
  ADD ("sparse", NULL, test_sparse);
  ADD ("sparse-in-the-clear", clear, test_sparse);
  ADD ("not-accepted", NULL, test_not_accepted);
  ADD ("declined", NULL, test_declined);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *name = g_strdup_printf ("/files/cancelled/%" G_GSIZE_FORMAT, i);

      g_test_add (name, Fixture, GSIZE_TO_POINTER (i), set_up, test_cancelled, tear_down);
    }

  return g_test_run ();
}
