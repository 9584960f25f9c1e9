/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-folder-part-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-part-private.h"
#include "xep174-tree-private.h"

#define MANIFEST "manifest"
#define TREE     "tree"
#define FOLDER   (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* --- Opening --------------------------------------------------------------------------------- */

static gboolean
open_folder (Xep174FolderPart      *self,
             const char            *folder,
             const char            *id,
             const Xep174FileInfo  *info,
             GError               **error)
{
  *self = (Xep174FolderPart) { xep174_part_open_folder (folder, error), xep174_part_dup_name (id), -1, -1,
                               info->manifest };

  return self->folder >= 0;
}

gboolean
xep174_folder_part_make (Xep174FolderPart      *self,
                         const char            *folder,
                         const char            *id,
                         const Xep174FileInfo  *info,
                         GError               **error)
{
  if (!open_folder (self, folder, id, info, error)
      || !xep174_part_check_room (self->folder, info->size, info->n_files + 1, error))
    return FALSE;
  /* The manifest first: who finds nothing but that, or it and the rest, knows whose it is. */
  if (mkdirat (self->folder, self->name, 0700) < 0
      || (self->fd = openat (self->folder, self->name, FOLDER)) < 0
      || (self->text = openat (self->fd, MANIFEST, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                               0600)) < 0
      || mkdirat (self->fd, TREE, 0777) < 0)
    {
      xep174_part_set_errno (error, errno, _("The folder cannot be made here"));
      xep174_folder_part_remove (self);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_private (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && status.st_uid == geteuid () && (status.st_mode & 077) == 0;
}

gboolean
xep174_folder_part_find (Xep174FolderPart      *self,
                         const char            *folder,
                         const char            *id,
                         const Xep174FileInfo  *info,
                         guint64               *done,
                         GError               **error)
{
  struct stat status;

  if (!open_folder (self, folder, id, info, error))
    return FALSE;

  self->fd = openat (self->folder, self->name, FOLDER);
  if (self->fd >= 0)
    self->text = openat (self->fd, MANIFEST, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (self->text < 0)
    {
      xep174_part_set_errno (error, errno, _("What has come of the folder cannot be found"));
      /* Who ends while it is removed leaves an empty one. */
      unlinkat (self->folder, self->name, AT_REMOVEDIR);
      return FALSE;
    }
  if (!is_private (self->fd) || fstat (self->text, &status) < 0
      || !xep174_part_is_ours (&status, self->length))
    return xep174_part_fail_changed (error);

  *done = status.st_size;

  return TRUE;
}

void
xep174_folder_part_clear (Xep174FolderPart *self)
{
  const int fds[] = { self->folder, self->fd, self->text };

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    if (fds[i] >= 0)
      close (fds[i]);
  g_free (self->name);
}

/* --- What is in it --------------------------------------------------------------------------- */

static gboolean
read_text (Xep174FolderPart  *self,
           char              *text,
           GError           **error)
{
  for (gsize at = 0; at < self->length;)
    {
      ssize_t n = pread (self->text, text + at, self->length - at, at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return xep174_part_fail_changed (error);
      at += n;
    }

  return TRUE;
}

Xep174Manifest *
xep174_folder_part_read (Xep174FolderPart      *self,
                         const Xep174FileInfo  *info,
                         GError               **error)
{
  g_autofree char *text = g_malloc (self->length + 1);
  g_autoptr(Xep174Manifest) manifest = NULL;
  const char *why = "it is not what was offered";

  if (!read_text (self, text, error))
    return NULL;

  manifest = xep174_manifest_read (text, self->length, &why);
  if (manifest != NULL && manifest->size == info->size && manifest->n_files == info->n_files)
    return g_steal_pointer (&manifest);

  g_debug ("A folder cannot be taken: %s", why);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("What was sent is not the folder that was offered"));
  return NULL;
}

int
xep174_folder_part_open_tree (Xep174FolderPart *self)
{
  return openat (self->fd, TREE, FOLDER);
}

gboolean
xep174_folder_part_has_tree (Xep174FolderPart *self,
                             int               tree)
{
  return xep174_part_has_its_name (self->folder, self->name, self->fd)
         && xep174_part_has_its_name (self->fd, TREE, tree);
}

/* --- Ending ---------------------------------------------------------------------------------- */

char *
xep174_folder_part_place (Xep174FolderPart  *self,
                          const char        *name,
                          GError           **error)
{
  return xep174_part_place (xep174_folder_placers, self->fd, TREE, self->folder, name, error);
}

/* In one step, if somebody has not removed the part. What is another thing by then goes back. */
void
xep174_folder_part_take_back (Xep174FolderPart *self,
                              int               tree,
                              const char       *name)
{
  if (!xep174_part_has_its_name (self->folder, name, tree))
    return;

  if (renameat (self->folder, name, self->fd, TREE) < 0)
    xep174_tree_remove (self->folder, name);
  else if (!xep174_part_has_its_name (self->fd, TREE, tree))
    renameat2 (self->fd, TREE, self->folder, name, RENAME_NOREPLACE);
}

/* The manifest last: who finds it knows what the rest is. */
void
xep174_folder_part_remove (Xep174FolderPart *self)
{
  if (self->fd < 0 || !xep174_part_has_its_name (self->folder, self->name, self->fd))
    return;

  xep174_tree_remove (self->fd, TREE);
  xep174_tree_remove (self->folder, self->name);
}

/* It is ours if only its owner can enter it, and there is a manifest. */
void
xep174_folder_part_remove_left (const char           *folder,
                                const char           *id,
                                const Xep174FileInfo *info)
{
  Xep174FolderPart self;
  struct stat status;

  if (open_folder (&self, folder, id, info, NULL))
    {
      self.fd = openat (self.folder, self.name, FOLDER);
      if (self.fd < 0)
        unlinkat (self.folder, self.name, 0);
      else if (is_private (self.fd) && fstatat (self.fd, MANIFEST, &status, AT_SYMLINK_NOFOLLOW) == 0
               && S_ISREG (status.st_mode))
        xep174_folder_part_remove (&self);
      else
        unlinkat (self.folder, self.name, AT_REMOVEDIR);
    }
  xep174_folder_part_clear (&self);
}
