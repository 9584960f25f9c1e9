/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transfer-sides.h"

#include <fcntl.h>

#include <glib/gstdio.h>

#include "kept-port.h"
#include "on-disk.h"
#include "xep174-session-manager-private.h"
#include "xep174-tree-private.h"

#define PATIENCE_SECONDS 60

static gboolean
on_watchdog (gpointer condition)
{
  g_error ("this never came true: %s", (const char *) condition);

  return G_SOURCE_REMOVE;
}

guint
wait_begin (const char *condition)
{
  return g_timeout_add_seconds (PATIENCE_SECONDS, on_watchdog, (gpointer) condition);
}

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(GError) error = NULL;

  xep174_transfer_accept_finish (XEP174_TRANSFER (source), result, &error);
  /* The side may have been killed meanwhile. */
  if (XEP174_TRANSFER (source)->around->manager != NULL)
    g_assert_no_error (error);
}

static void
on_offered (Xep174Files    *files,
            Xep174Transfer *transfer,
            Sides          *sides)
{
  g_autoptr(GFile) folder = g_file_new_for_path (sides->keep);

  sides->n_offered++;
  if (sides->declines)
    xep174_transfer_decline (transfer);
  else if (!sides->accepts_nothing)
    xep174_transfer_accept_async (transfer, folder, NULL, on_accepted, NULL);
}

void
side_start (Sides *sides,
            Side  *side)
{
  g_autoptr(GError) error = NULL;

  side->manager = xep174_session_manager_new (side->name, XEP174_DIRECTORY (side->book));
  if (side->kept == NULL)
    {
      side->kept = keep_port (&side->port);
      test_book_add (side->book, side->name, "127.0.0.1", side->port);
    }
  xep174_session_manager_listen (side->manager, side->port, &error);
  g_assert_no_error (error);
  side->files = xep174_files_new (side->records);
  g_signal_connect (side->files, "transfer-offered", G_CALLBACK (on_offered), sides);
  xep174_feature_host_add_feature (XEP174_FEATURE_HOST (side->manager), XEP174_FEATURE (side->files), &error);
  g_assert_no_error (error);
  if (sides->in_band)
    g_clear_pointer (&side->files->around->streams, xep174_bytestreams_free);
}

Xep174Transfer *
side_last (Side *side)
{
  GListModel *transfers = xep174_files_get_transfers (side->files);
  guint n = g_list_model_get_n_items (transfers);
  g_autoptr(Xep174Transfer) last = n > 0 ? g_list_model_get_item (transfers, n - 1) : NULL;

  return last;
}

guint64
side_get_done (Side *side)
{
  Xep174Transfer *transfer = side_last (side);

  return transfer != NULL ? transfer->fsm.done : 0;
}

gboolean
sides_have_it (Sides *sides)
{
  g_autofree char *path = g_build_filename (sides->keep, "sonnet.txt", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

void
side_open (Side       *side,
           const char *with)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (side->manager, with, NULL);

  xep174_session_open_async (session, NULL, NULL, NULL);
}

gboolean
side_is_closed (Side       *side,
                const char *with)
{
  Xep174Session *session = xep174_session_manager_find_session (side->manager, with);

  return session == NULL || xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED;
}

void
side_kill (Side *side)
{
  g_autoptr(Xep174Transfer) last = NULL;

  if (side->manager == NULL)
    return;

  if (side_last (side) != NULL)
    last = g_object_ref (side_last (side));
  g_signal_handlers_disconnect_matched (side->files, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_offered, NULL);
  xep174_feature_host_remove_feature (XEP174_FEATURE_HOST (side->manager), XEP174_FEATURE (side->files));
  xep174_session_manager_stop_listening (side->manager);
  xep174_session_manager_end_everything (side->manager);
  g_clear_object (&side->manager);
  g_clear_object (&side->files);
  /* The kernel would take the lock from a program that has ended. */
  if (last != NULL)
    wait_until (g_atomic_int_get (&last->lock) < 0);
}

char *
side_dup_record (Side *side)
{
  g_autoptr(GDir) dir = g_dir_open (side->records, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  while (name != NULL && !g_uuid_string_is_valid (name))
    name = g_dir_read_name (dir);

  return name != NULL ? g_build_filename (side->records, name, NULL) : NULL;
}

char *
side_dup_phase (Side *side)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = side_dup_record (side);

  return path != NULL && g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL)
         ? g_key_file_get_string (file, "transfer", "phase", NULL) : NULL;
}

void
sides_set_up (Sides         *sides,
              gconstpointer  data)
{
  sides->book = test_book_new ();
  sides->folder = g_dir_make_tmp (NULL, NULL);
  sides->keep = g_build_filename (sides->folder, "keep", NULL);
  sides->path = g_build_filename (sides->folder, "sonnet.txt", NULL);
  g_assert_cmpint (g_mkdir (sides->keep, 0700), ==, 0);
  sides->romeo = (Side) { .name = ROMEO, .book = sides->book };
  sides->juliet = (Side) { .name = JULIET, .book = sides->book };
  sides->romeo.records = g_build_filename (sides->folder, "romeo", NULL);
  sides->juliet.records = g_build_filename (sides->folder, "juliet", NULL);
  sides->in_band = data != NULL;
  side_start (sides, &sides->romeo);
  side_start (sides, &sides->juliet);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
sides_tear_down (Sides         *sides,
                 gconstpointer  data)
{
  guint tick;

  side_kill (&sides->romeo);
  side_kill (&sides->juliet);
  /* The last threads have a part of it. */
  g_object_add_weak_pointer (G_OBJECT (sides->book), (gpointer *) &sides->book);
  g_object_unref (sides->book);
  tick = g_timeout_add (10, on_tick, NULL);
  wait_until (sides->book == NULL);
  g_source_remove (tick);
  xep174_tree_remove (AT_FDCWD, sides->folder);
  g_assert_false (g_file_test (sides->folder, G_FILE_TEST_EXISTS));
  g_clear_object (&sides->romeo.kept);
  g_clear_object (&sides->juliet.kept);
  g_free (sides->romeo.records);
  g_free (sides->juliet.records);
  g_free (sides->keep);
  g_free (sides->path);
  g_free (sides->folder);
}

char *
sides_make_file (Sides *sides,
                 gsize  size)
{
  return make_random_file (sides->path, size);
}

static void
on_sent (GObject      *files,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GError) error = NULL;
  Xep174Transfer **sent = data;

  *sent = xep174_files_send_finish (XEP174_FILES (files), result, &error);
  g_assert_no_error (error);
}

Xep174Transfer *
sides_send_to (Sides      *sides,
               const char *contact)
{
  g_autoptr(GFile) file = g_file_new_for_path (sides->path);
  Xep174Transfer *sent = NULL;

  xep174_files_send_async (sides->romeo.files, contact, file, NULL, on_sent, &sent);
  wait_until (sent != NULL);

  return sent;
}

Xep174Transfer *
sides_send (Sides *sides)
{
  return sides_send_to (sides, JULIET);
}

guint
sides_count (Sides *sides)
{
  return count (sides->keep);
}

void
sides_check (Sides      *sides,
             const char *octets,
             gsize       size)
{
  g_autofree char *path = g_build_filename (sides->keep, "sonnet.txt", NULL);
  g_autofree char *come = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &come, &length, NULL));
  g_assert_cmpmem (come, length, octets, size);
  g_assert_cmpuint (sides_count (sides), ==, 1);
}
