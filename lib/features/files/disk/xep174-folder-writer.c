/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-folder-writer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-folder-part-private.h"
#include "xep174-gettext-private.h"
#include "xep174-part-private.h"
#include "xep174-placed-private.h"
#include "xep174-tree-private.h"

#define NOT_WRITTEN _("The folder cannot be written")

typedef struct
{
  Xep174Writer parent;
  Xep174FolderPart part;
  Xep174FileInfo info; /* what was offered; without the texts */
  guint64 done;
  Xep174Manifest *manifest; /* once it is whole, with its */
  Xep174Tree tree;
  guint   next;     /* the first entry that is not whole, */
  int     file;     /* and its file, once it is begun */
  guint   again;    /* the one that is read back, */
  int     read;     /* and its file */
} FolderWriter;

static gboolean
fail_write (GError **error)
{
  if (errno == EEXIST || errno == ELOOP || errno == ENOTDIR)
    return xep174_part_fail_changed (error);

  xep174_part_set_errno (error, errno, NOT_WRITTEN);
  return FALSE;
}

static gboolean
read_manifest (FolderWriter  *self,
               GError       **error)
{
  self->manifest = xep174_folder_part_read (&self->part, &self->info, error);
  if (self->manifest == NULL)
    return FALSE;

  xep174_tree_init (&self->tree, xep174_folder_part_open_tree (&self->part), self->manifest, FALSE);

  return TRUE;
}

static gboolean
open_manifest (FolderWriter  *self,
               GError       **error)
{
  return read_manifest (self, error) && (self->tree.root >= 0 || fail_write (error));
}

/* --- Writing --------------------------------------------------------------------------------- */

/* Whoever offers one says how large it is. */
static gboolean
folder_expect (Xep174Writer  *writer,
               guint64        size,
               GError       **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("What was sent is not the folder that was offered"));
  return FALSE;
}

static guint64
folder_get_done (Xep174Writer *writer)
{
  return ((FolderWriter *) writer)->done;
}

static gssize
write_manifest (FolderWriter  *self,
                const char    *octets,
                gsize          length,
                GError       **error)
{
  gsize missing = self->part.length - self->done;
  gssize n = xep174_part_write (self->part.text, octets, MIN (length, missing), self->done, NOT_WRITTEN,
                                error);

  /* Of a manifest that is wrong the last octet does not count: otherwise an empty folder would be whole. */
  if (n < 0 || ((gsize) n == missing && !open_manifest (self, error)))
    return -1;
  self->done += n;

  return n;
}

static void
end_file (FolderWriter *self)
{
  if (self->file >= 0)
    close (self->file);
  self->file = -1;
  self->next++;
}

/* Nothing is there yet. */
static gboolean
make (FolderWriter  *self,
      GError       **error)
{
  gboolean is_folder = xep174_manifest_get (self->manifest, self->next)->is_folder;

  if (is_folder ? xep174_tree_get_folder (&self->tree, self->next, TRUE) >= 0
                : (self->file = xep174_tree_open (&self->tree, self->next, O_RDWR | O_CREAT | O_EXCL)) >= 0)
    return TRUE;

  return fail_write (error);
}

/* What has no octets is there as soon as it is its turn. */
static gboolean
make_empty (FolderWriter  *self,
            GError       **error)
{
  for (; self->next < self->manifest->entries->len
         && xep174_manifest_get (self->manifest, self->next)->size == 0; end_file (self))
    if (!make (self, error))
      return FALSE;

  return TRUE;
}

static gssize
write_file (FolderWriter  *self,
            const char    *octets,
            gsize          length,
            GError       **error)
{
  const Xep174ManifestEntry *entry;
  guint64 end;
  gssize n;

  if (!make_empty (self, error))
    return -1;
  entry = xep174_manifest_get (self->manifest, self->next);
  end = entry->offset + entry->size;
  if (self->file < 0 && !make (self, error))
    return -1;

  n = xep174_part_write (self->file, octets, MIN (length, end - self->done), self->done - entry->offset,
                         NOT_WRITTEN, error);
  if (n < 0)
    return -1;
  self->done += n;
  if (self->done == end)
    end_file (self);

  return n;
}

static gboolean
folder_write (Xep174Writer  *writer,
              gconstpointer  octets,
              gsize          length,
              GCancellable  *cancellable,
              GError       **error)
{
  FolderWriter *self = (FolderWriter *) writer;
  const char *rest = octets;

  if (!xep174_writer_has_room (self->info.size, self->done, length, error))
    return FALSE;

  while (length > 0)
    {
      gssize n = self->done < self->part.length ? write_manifest (self, rest, length, error)
                                           : write_file (self, rest, length, error);

      if (n < 0)
        return FALSE;
      rest += n;
      length -= n;
    }

  return TRUE;
}

/* --- Reading back ---------------------------------------------------------------------------- */

static gssize
folder_read (Xep174Writer  *writer,
             guint64        offset,
             gpointer       buffer,
             gsize          size,
             GError       **error)
{
  FolderWriter *self = (FolderWriter *) writer;
  guint64 end = MIN (self->done, self->part.length), start = 0;
  int fd = self->part.text;
  ssize_t n;

  if (offset >= self->part.length)
    {
      guint index = xep174_manifest_find (self->manifest, offset);

      if (self->read < 0 || index != self->again)
        {
          if (self->read >= 0)
            close (self->read);
          self->again = index;
          self->read = xep174_tree_open (&self->tree, index, O_RDONLY);
        }
      fd = self->read;
      start = xep174_manifest_get (self->manifest, index)->offset;
      end = MIN (self->done, start + xep174_manifest_get (self->manifest, index)->size);
    }

  do
    n = pread (fd, buffer, MIN (size, end - offset), offset - start);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    xep174_part_set_errno (error, errno, _("What has come of the folder cannot be read"));

  return n;
}

/* --- Ending ---------------------------------------------------------------------------------- */

static gboolean
is_whole (Xep174Tree *tree,
          guint       index)
{
  const Xep174ManifestEntry *entry = xep174_manifest_get (tree->manifest, index);
  gboolean whole;
  int fd;

  if (entry->is_folder)
    return xep174_tree_get_folder (tree, index, FALSE) >= 0;

  fd = xep174_tree_open (tree, index, O_PATH);
  whole = xep174_part_is_whole (fd, entry->size);
  if (fd >= 0)
    close (fd);

  return whole;
}

/* By their names, from the topmost on. */
static gboolean
check_entries (FolderWriter  *self,
               GError       **error)
{
  gboolean whole = TRUE;
  Xep174Tree tree;

  xep174_tree_init (&tree, self->tree.root, self->manifest, FALSE);
  for (guint i = 0; i < self->manifest->entries->len && whole; i++)
    whole = is_whole (&tree, i);
  tree.root = -1;
  xep174_tree_clear (&tree);

  return whole || xep174_part_fail_changed (error);
}

static char *
folder_finish (Xep174Writer  *writer,
               const char    *name,
               GError       **error)
{
  FolderWriter *self = (FolderWriter *) writer;

  g_return_val_if_fail (self->done == self->info.size && self->manifest != NULL, NULL);

  if (!make_empty (self, error))
    return NULL;
  /* A thousand files, in one go. */
  if (syncfs (self->part.fd) < 0)
    {
      fail_write (error);
      return NULL;
    }
  if (!xep174_folder_part_has_tree (&self->part, self->tree.root))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("The folder was changed, moved or removed. Ask for it once more"));
      return NULL;
    }
  if (!check_entries (self, error))
    return NULL;

  return xep174_folder_part_place (&self->part, name, error);
}

static int
folder_get_fd (Xep174Writer *writer)
{
  return ((FolderWriter *) writer)->tree.root;
}

static void
folder_settle (Xep174Writer *writer)
{
  xep174_folder_part_remove (&((FolderWriter *) writer)->part);
}

static void
folder_discard (Xep174Writer *writer)
{
  FolderWriter *self = (FolderWriter *) writer;

  if (writer->placed != NULL)
    xep174_folder_part_take_back (&self->part, self->tree.root, writer->placed);
  xep174_folder_part_remove (&self->part);
}

static void
folder_free (Xep174Writer *writer)
{
  FolderWriter *self = (FolderWriter *) writer;

  if (self->file >= 0)
    close (self->file);
  if (self->read >= 0)
    close (self->read);
  xep174_tree_clear (&self->tree);
  g_clear_pointer (&self->manifest, xep174_manifest_free);
  xep174_folder_part_clear (&self->part);
  g_free (self);
}

/* --- Opening --------------------------------------------------------------------------------- */

static FolderWriter *
writer_new (const Xep174FileInfo *info)
{
  FolderWriter *self = g_new0 (FolderWriter, 1);

  self->parent = (Xep174Writer) {
    folder_expect, folder_get_done, folder_write, folder_read, folder_finish, folder_discard,
    folder_free, folder_settle, folder_get_fd,
  };
  self->info = *info;
  self->info.name = self->info.media_type = NULL;
  self->file = self->read = -1;
  xep174_tree_init (&self->tree, -1, NULL, FALSE);

  return self;
}

Xep174Writer *
xep174_folder_writer_create (const char            *folder,
                             const char            *id,
                             const Xep174FileInfo  *info,
                             GError               **error)
{
  FolderWriter *self = writer_new (info);

  if (xep174_folder_part_make (&self->part, folder, id, info, error))
    {
      if (self->part.length > 0 || open_manifest (self, error))
        return &self->parent;
      folder_discard (&self->parent);
    }

  folder_free (&self->parent);
  return NULL;
}

/* Up to the first that is not whole: that is where it goes on. */
static gboolean
find_files (FolderWriter  *self,
            GError       **error)
{
  for (; self->next < self->manifest->entries->len; end_file (self))
    {
      const Xep174ManifestEntry *entry = xep174_manifest_get (self->manifest, self->next);
      struct stat status;

      if (entry->is_folder)
        {
          if (!make (self, error))
            return FALSE;
          continue;
        }
      self->file = xep174_tree_open (&self->tree, self->next, O_RDWR);
      if (self->file < 0 && errno == ENOENT)
        return TRUE;
      if (self->file < 0)
        return fail_write (error);
      if (fstat (self->file, &status) < 0 || !xep174_part_is_ours (&status, entry->size))
        return xep174_part_fail_changed (error);
      self->done = entry->offset + status.st_size;
      if ((guint64) status.st_size < entry->size)
        return TRUE;
    }

  return TRUE;
}

/* There is nothing behind the manifest: it may have its name. */
static gboolean
find_placed (FolderWriter          *self,
             const Xep174FileInfo  *info,
             GError               **error)
{
  self->tree.root = xep174_placed_open_folder (self->part.folder, info, self->manifest, self->part.text,
                                               &self->parent.placed);
  if (self->tree.root < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("The folder was changed, moved or removed. Ask for it once more"));
      return FALSE;
    }

  self->next = self->manifest->entries->len;
  self->done = self->info.size;

  return TRUE;
}

static gboolean
go_on (FolderWriter          *self,
       const Xep174FileInfo  *info,
       GError               **error)
{
  if (self->done < self->part.length)
    return TRUE;
  if (!read_manifest (self, error))
    return FALSE;
  if (self->tree.root < 0)
    return errno == ENOENT ? find_placed (self, info, error) : fail_write (error);

  return find_files (self, error);
}

Xep174Writer *
xep174_folder_writer_resume (const char            *folder,
                             const char            *id,
                             const Xep174FileInfo  *info,
                             GError               **error)
{
  FolderWriter *self = writer_new (info);

  if (xep174_folder_part_find (&self->part, folder, id, info, &self->done, error))
    {
      if (go_on (self, info, error)
          && xep174_part_check_room (self->part.fd, self->info.size - self->done, 1, error))
        return &self->parent;
      folder_discard (&self->parent);
    }

  folder_free (&self->parent);
  return NULL;
}
