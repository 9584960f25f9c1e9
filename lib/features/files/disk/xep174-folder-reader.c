/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-folder-reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-digest-private.h"
#include "xep174-gettext-private.h"
#include "xep174-tree-private.h"

/* By which a file is known again, with its size. */
typedef struct
{
  guint64 number;  /* on its disk */
  gint64  seconds; /* when it was changed last */
  gint64  nanoseconds;
} Stamp;

/* What was found; several readers share it. */
typedef struct
{
  gatomicrefcount ref_count;
  GString *text;
  Xep174Manifest *manifest;
  GArray *stamps;   /* of each entry; of a folder it is empty */
  guint n_left_out; /* symbolic links, and what is no file */
} Listing;

typedef struct
{
  Xep174Reader parent;
  Listing *listing;
  Xep174Tree tree;
  guint index; /* of the file that is open, */
  int fd;      /* or -1 */
} FolderReader;

/* --- Finding --------------------------------------------------------------------------------- */

static gboolean
fail (GError     **error,
      int          code,
      const char  *why,
      const char  *path)
{
  g_autofree char *shown = g_filename_display_name (*path != '\0' ? path : ".");

  g_set_error (error, G_IO_ERROR, code, _("“%s” cannot be read: %s"), shown, why);
  return FALSE;
}

static gboolean
fail_errno (GError     **error,
            int          number,
            const char  *path)
{
  return fail (error, g_io_error_from_errno (number), g_strerror (number), path);
}

static Stamp
to_stamp (const struct stat *status)
{
  return (Stamp) { status->st_ino, status->st_mtim.tv_sec, status->st_mtim.tv_nsec };
}

static gboolean find_in (Listing     *self,
                         int          folder,
                         const char  *path,
                         guint        depth,
                         GError     **error);

static gboolean
find_folder (Listing     *self,
             int          folder,
             const char  *name,
             const char  *path,
             guint        depth,
             GError     **error)
{
  int fd = openat (folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  gsize before = self->text->len;
  gboolean well;

  if (fd < 0)
    return fail_errno (error, errno, path);

  well = find_in (self, fd, path, depth, error);
  close (fd);
  if (well && self->text->len == before)
    {
      g_autofree char *empty = g_strconcat (path, "/", NULL);

      xep174_manifest_append (self->text, empty, 0);
    }

  return well;
}

static gboolean
find_one (Listing     *self,
          int          folder,
          const char  *name,
          const char  *path,
          guint        depth,
          GError     **error)
{
  struct stat status;
  Stamp stamp;

  if (fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return fail_errno (error, errno, path);
  if (S_ISDIR (status.st_mode))
    return find_folder (self, folder, name, path, depth + 1, error);
  if (!S_ISREG (status.st_mode))
    {
      self->n_left_out++;
      return TRUE;
    }
  if (faccessat (folder, name, R_OK, AT_EACCESS) < 0)
    return fail_errno (error, errno, path);

  xep174_manifest_append (self->text, path, status.st_size);
  stamp = to_stamp (&status);
  g_array_append_val (self->stamps, stamp);

  return TRUE;
}

static gboolean
fail_too_much (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("The folder has more files than can be sent at once, or is too deep. Send what "
                         "is in it"));
  return FALSE;
}

static gboolean
find_in (Listing     *self,
         int          folder,
         const char  *path,
         guint        depth,
         GError     **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(GPtrArray) names = xep174_tree_list (folder, &failure);

  if (names == NULL)
    return fail (error, failure->code, failure->message, path);
  if (depth > XEP174_MANIFEST_MAX_DEPTH || self->text->len > XEP174_MANIFEST_MAX_LENGTH)
    return fail_too_much (error);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *inner = *path != '\0' ? g_strconcat (path, "/", names->pdata[i], NULL)
                                             : g_strdup (names->pdata[i]);

      if (!find_one (self, folder, names->pdata[i], inner, depth, error))
        return FALSE;
    }

  return TRUE;
}

static Listing *
listing_new (void)
{
  Listing *self = g_new0 (Listing, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_string_new (NULL);
  self->stamps = g_array_new (FALSE, FALSE, sizeof (Stamp));

  return self;
}

static void
listing_unref (Listing *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_string_free (self->text, TRUE);
  g_array_unref (self->stamps);
  g_clear_pointer (&self->manifest, xep174_manifest_free);
  g_free (self);
}

/* As many as there are entries. */
static void
spread_stamps (Listing *self)
{
  guint n_entries = self->manifest->entries->len;
  GArray *stamps = g_array_sized_new (FALSE, TRUE, sizeof (Stamp), n_entries);
  guint n = 0;

  g_array_set_size (stamps, n_entries);
  for (guint i = 0; i < n_entries; i++)
    if (!xep174_manifest_get (self->manifest, i)->is_folder)
      g_array_index (stamps, Stamp, i) = g_array_index (self->stamps, Stamp, n++);
  g_array_unref (self->stamps);
  self->stamps = stamps;
}

static Listing *
find_all (int      root,
          GError **error)
{
  Listing *self = listing_new ();
  const char *why;

  if (find_in (self, root, "", 0, error))
    {
      self->manifest = xep174_manifest_read (self->text->str, self->text->len, &why);
      if (self->manifest != NULL)
        {
          spread_stamps (self);
          return self;
        }
      g_debug ("A folder cannot be sent: %s", why);
      fail_too_much (error);
    }

  listing_unref (self);
  return NULL;
}

/* Of names, sizes and times. */
static gint64
digest (Listing *self)
{
  g_autoptr(Xep174Digest) all = xep174_digest_new ();
  guint8 sha256[XEP174_DIGEST_LENGTH];
  gint64 first;

  xep174_digest_update (all, self->text->str, self->text->len);
  xep174_digest_update (all, self->stamps->data, self->stamps->len * sizeof (Stamp));
  xep174_digest_finish (all, sha256);
  memcpy (&first, sha256, sizeof first);

  return first;
}

/* --- Reading --------------------------------------------------------------------------------- */

static void
close_file (FolderReader *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* What is not right is not so the next time either. */
static gssize
fail_file (FolderReader  *self,
           int            number,
           GError       **error)
{
  g_autofree char *path = xep174_manifest_dup_path (self->listing->manifest, self->index);
  g_autofree char *shown = g_filename_display_name (path);

  if (number != 0)
    fail_errno (error, number, path);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 _("“%s” was changed while the folder was sent. Send it again"), shown);
  close_file (self);

  return -1;
}

static gboolean
is_same (FolderReader *self)
{
  struct stat status;
  Stamp stamp;

  if (fstat (self->fd, &status) < 0 || !S_ISREG (status.st_mode))
    return FALSE;

  stamp = to_stamp (&status);

  return (guint64) status.st_size == xep174_manifest_get (self->listing->manifest, self->index)->size
         && memcmp (&stamp, &g_array_index (self->listing->stamps, Stamp, self->index), sizeof stamp) == 0;
}

static gssize
read_file (FolderReader  *self,
           guint64        offset,
           guint8        *buffer,
           gsize          size,
           GError       **error)
{
  guint index = xep174_manifest_find (self->listing->manifest, offset);
  const Xep174ManifestEntry *entry = xep174_manifest_get (self->listing->manifest, index);
  guint64 left = entry->offset + entry->size - offset;
  ssize_t n;

  if (self->fd < 0 || index != self->index)
    {
      close_file (self);
      self->index = index;
      self->fd = xep174_tree_open (&self->tree, index, O_RDONLY);
      if (self->fd < 0)
        return fail_file (self, errno, error);
      if (!is_same (self))
        return fail_file (self, 0, error);
    }

  do
    n = pread (self->fd, buffer, MIN (size, left), offset - entry->offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return fail_file (self, errno, error);
  /* It is looked at once more at its end. */
  if (n == 0 || ((guint64) n == left && !is_same (self)))
    return fail_file (self, 0, error);

  return n;
}

static gssize
folder_read (Xep174Reader  *reader,
             guint64        offset,
             gpointer       buffer,
             gsize          size,
             GError       **error)
{
  FolderReader *self = (FolderReader *) reader;
  GString *text = self->listing->text;
  g_autoptr(GError) failure = NULL;
  gsize done = 0;

  if (offset < text->len)
    {
      done = MIN (size, text->len - offset);
      memcpy (buffer, text->str + offset, done);
    }
  /* Many small files at a time. */
  while (done < size && offset + done < self->listing->manifest->size)
    {
      gssize n = read_file (self, offset + done, (guint8 *) buffer + done, size - done, &failure);

      if (n < 0)
        break;
      done += n;
    }
  if (done > 0)
    return done;

  g_propagate_error (error, g_steal_pointer (&failure));
  return -1;
}

/* --- The reader ------------------------------------------------------------------------------ */

static void
folder_free (Xep174Reader *reader)
{
  FolderReader *self = (FolderReader *) reader;

  close_file (self);
  xep174_tree_clear (&self->tree);
  listing_unref (self->listing);
  g_free (self);
}

static Xep174Reader *folder_dup (Xep174Reader  *reader,
                                 GError       **error);

/* Takes both. */
static Xep174Reader *
reader_new (Listing *listing,
            int      root)
{
  FolderReader *self = g_new0 (FolderReader, 1);

  self->parent = (Xep174Reader) { folder_read, folder_dup, folder_free };
  self->listing = listing;
  self->fd = -1;
  xep174_tree_init (&self->tree, root, listing->manifest, TRUE);

  return &self->parent;
}

static Xep174Reader *
folder_dup (Xep174Reader  *reader,
            GError       **error)
{
  FolderReader *self = (FolderReader *) reader;
  int root = fcntl (self->tree.root, F_DUPFD_CLOEXEC, 3);

  if (root < 0)
    {
      fail_errno (error, errno, "");
      return NULL;
    }
  g_atomic_ref_count_inc (&self->listing->ref_count);

  return reader_new (self->listing, root);
}

Xep174Reader *
xep174_folder_reader_open (const char      *path,
                           Xep174FileInfo  *info,
                           gint64          *changed,
                           GError         **error)
{
  int root = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Listing *listing;

  if (root < 0)
    {
      fail_errno (error, errno, path);
      return NULL;
    }
  listing = find_all (root, error);
  if (listing == NULL)
    {
      close (root);
      return NULL;
    }

  info->is_folder = TRUE;
  info->n_files = listing->manifest->n_files;
  info->n_left_out = listing->n_left_out;
  info->manifest = listing->text->len;
  info->size = listing->manifest->size;
  *changed = digest (listing);

  return reader_new (listing, root);
}
