/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-pair.h"

#include <errno.h>
#include <fcntl.h>

#include <glib/gstdio.h>

#include "chat-saving.h"

static struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_closed;
  gboolean is_full;
} disk;

/* In the place of that of the C library. GLib, which writes records with it, keeps no size. */
__attribute__ ((visibility ("default"))) int
fallocate (int   fd,
           int   mode,
           off_t offset,
           off_t length)
{
  gboolean is_full;

  if ((mode & FALLOC_FL_KEEP_SIZE) == 0)
    return 0;

  g_mutex_lock (&disk.mutex);
  while (disk.is_closed)
    g_cond_wait (&disk.cond, &disk.mutex);
  is_full = disk.is_full;
  g_mutex_unlock (&disk.mutex);
  errno = ENOSPC;

  return is_full ? -1 : 0;
}

void
set_disk (gboolean is_closed,
          gboolean is_full)
{
  g_mutex_lock (&disk.mutex);
  disk.is_closed = is_closed;
  disk.is_full = is_full;
  g_cond_broadcast (&disk.cond);
  g_mutex_unlock (&disk.mutex);
}

static Xep174Message *
await_first (Person *self)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);

  await (g_list_model_get_n_items (messages) > 0);

  return g_list_model_get_item (messages, 0);
}

void
pair_begin (Pair   *pair,
            Person *self)
{
  const char *user = self == &pair->romeo ? "romeo" : "juliet";
  g_autofree char *data = g_build_filename (pair->folder, user, NULL);

  person_begin (self, user, data);
}

void
pair_set_up (Pair          *pair,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  pair->folder = g_dir_make_tmp (NULL, &error);
  g_assert_no_error (error);
  pair->path = g_build_filename (pair->folder, "sonnet", NULL);
  g_file_set_contents (pair->path, "Two households", -1, &error);
  g_assert_no_error (error);
  pair_begin (pair, &pair->romeo);
  pair_begin (pair, &pair->juliet);
  person_learn (&pair->romeo, &pair->juliet);
  person_learn (&pair->juliet, &pair->romeo);

  file = g_file_new_for_path (pair->path);
  chat_conversation_send_file (pair->romeo.conversation, file, NULL, NULL);
  pair->sent = await_first (&pair->romeo);
  pair->offer = await_first (&pair->juliet);
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_all (inner);
    }
  g_remove (path);
}

void
pair_tear_down (Pair          *pair,
                gconstpointer  data)
{
  g_clear_object (&pair->sent);
  g_clear_object (&pair->offer);
  person_end (&pair->romeo);
  person_end (&pair->juliet);
  /* A thread may be about to write down where a file is. */
  while (g_file_test (pair->folder, G_FILE_TEST_EXISTS))
    remove_all (pair->folder);
  g_free (pair->folder);
  g_free (pair->path);
}

void
assert_note (Xep174Message *message,
             const char    *state)
{
  g_autofree char *note = chat_message_dup_note (message);

  g_assert_true (g_str_has_suffix (note, state));
}

void
pair_begin_saving (Pair     *pair,
                   gboolean  is_closed,
                   gboolean  is_full)
{
  g_autofree char *path = g_build_filename (pair->folder, "in", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  set_disk (is_closed, is_full);
  chat_saving_begin (chat_message_get_transfer (pair->offer), folder);
}

guint
pair_count_saved (Pair *pair)
{
  g_autofree char *path = g_build_filename (pair->folder, "in", NULL);
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

char *
pair_dup_record (Pair *pair)
{
  return g_build_filename (pair->folder, "juliet", "transfers",
                           xep174_transfer_get_id (chat_message_get_transfer (pair->offer)), NULL);
}
