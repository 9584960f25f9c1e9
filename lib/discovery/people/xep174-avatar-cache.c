/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avatar-cache-private.h"

#include <glib/gstdio.h>
#include <utime.h>

#include "xep174-avatar-private.h"

struct _Xep174AvatarCache
{
  GHashTable *entries; /* Entry by its hash */
  GQueue      order;   /* of Entry, the last one used first */
  gsize       size;
  char       *folder;
};

typedef struct
{
  GList   link;
  char   *hash;
  GBytes *picture;
} Entry;

typedef struct
{
  char  *path;
  gint64 used;
} File;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->hash);
  g_bytes_unref (entry->picture);
  g_free (entry);
}

Xep174AvatarCache *
xep174_avatar_cache_new (void)
{
  Xep174AvatarCache *self = g_new0 (Xep174AvatarCache, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);

  return self;
}

void
xep174_avatar_cache_free (Xep174AvatarCache *self)
{
  g_hash_table_unref (self->entries);
  g_free (self->folder);
  g_free (self);
}

void
xep174_avatar_cache_set_folder (Xep174AvatarCache *self,
                                const char        *folder)
{
  g_free (self->folder);
  self->folder = g_strdup (folder);
}

static void
remember (Xep174AvatarCache *self,
          const char        *hash,
          GBytes            *picture)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->link.data = entry;
  entry->hash = g_strdup (hash);
  entry->picture = g_bytes_ref (picture);
  g_queue_push_head_link (&self->order, &entry->link);
  g_hash_table_insert (self->entries, entry->hash, entry);
  self->size += g_bytes_get_size (picture);

  while (self->size > XEP174_AVATAR_CACHE_SIZE)
    {
      Entry *oldest = g_queue_peek_tail (&self->order);

      self->size -= g_bytes_get_size (oldest->picture);
      g_queue_unlink (&self->order, &oldest->link);
      g_hash_table_remove (self->entries, oldest->hash);
    }
}

/* What is in the file may be damaged, and then it is asked for again. */
static GBytes *
read_file (Xep174AvatarCache *self,
           const char        *hash)
{
  g_autofree char *path = NULL;
  g_autoptr(GBytes) picture = NULL;
  char *contents;
  gsize size;

  if (self->folder == NULL)
    return NULL;

  path = g_build_filename (self->folder, hash, NULL);
  if (!g_file_get_contents (path, &contents, &size, NULL))
    return NULL;

  picture = g_bytes_new_take (contents, size);
  if (!xep174_avatar_matches (picture, hash))
    {
      g_unlink (path);
      return NULL;
    }

  g_utime (path, NULL);
  return g_steal_pointer (&picture);
}

GBytes *
xep174_avatar_cache_dup (Xep174AvatarCache *self,
                         const char        *hash)
{
  g_autofree char *key = g_ascii_strdown (hash, -1);
  Entry *entry = g_hash_table_lookup (self->entries, key);
  GBytes *picture;

  if (entry != NULL)
    {
      g_queue_unlink (&self->order, &entry->link);
      g_queue_push_head_link (&self->order, &entry->link);
      return g_bytes_ref (entry->picture);
    }

  picture = read_file (self, key);
  if (picture != NULL)
    remember (self, key, picture);

  return picture;
}

static void
file_clear (gpointer data)
{
  g_free (((File *) data)->path);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const File *first = a;
  const File *second = b;

  return first->used > second->used ? -1 : first->used < second->used;
}

static GArray *
list_files (const char *folder)
{
  GArray *files = g_array_new (FALSE, FALSE, sizeof (File));
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (files, file_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (xep174_avatar_is_hash (name) && g_stat (path, &status) == 0)
        {
          File file = { g_steal_pointer (&path), status.st_mtime };

          g_array_append_val (files, file);
        }
    }
  g_array_sort (files, compare_files);

  return files;
}

static void
make_room (const char *folder)
{
  gint64 oldest = g_get_real_time () / G_USEC_PER_SEC - XEP174_AVATAR_CACHE_DAYS * 24 * 60 * 60;
  g_autoptr(GArray) files = list_files (folder);

  for (guint i = 0; i < files->len; i++)
    {
      const File *file = &g_array_index (files, File, i);

      if (i >= XEP174_AVATAR_CACHE_FILES || file->used < oldest)
        g_unlink (file->path);
    }
}

/* Without a file it is asked for again, which is no matter. */
static void
write_file (Xep174AvatarCache *self,
            const char        *hash,
            GBytes            *picture)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (self->folder == NULL || g_mkdir_with_parents (self->folder, 0700) < 0)
    return;

  path = g_build_filename (self->folder, hash, NULL);
  if (!g_file_set_contents_full (path, g_bytes_get_data (picture, NULL), g_bytes_get_size (picture),
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("A picture is kept in memory only: %s", error->message);
  make_room (self->folder);
}

void
xep174_avatar_cache_put (Xep174AvatarCache *self,
                         const char        *hash,
                         GBytes            *picture)
{
  g_autofree char *key = g_ascii_strdown (hash, -1);

  if (g_hash_table_contains (self->entries, key))
    return;

  remember (self, key, picture);
  write_file (self, key, picture);
}
