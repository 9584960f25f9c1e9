/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-tree-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
/* Nothing of ours is deeper. */
#define MAX_DEPTH (XEP174_MANIFEST_MAX_DEPTH + 8)

void
xep174_tree_init (Xep174Tree           *self,
                  int                   root,
                  const Xep174Manifest *manifest,
                  gboolean              said)
{
  *self = (Xep174Tree) { manifest, said, root, XEP174_MANIFEST_ROOT, -1 };
}

void
xep174_tree_clear (Xep174Tree *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->root >= 0)
    close (self->root);
}

static const char *
name_of (Xep174Tree *self,
         guint       index)
{
  const Xep174ManifestEntry *entry = xep174_manifest_get (self->manifest, index);

  return self->said ? entry->said : entry->name;
}

/* --- Opening --------------------------------------------------------------------------------- */

static int
enter (int         fd,
       const char *name,
       gboolean    make)
{
  if (make && mkdirat (fd, name, 0777) < 0 && errno != EEXIST)
    return -1;

  return openat (fd, name, FOLDER);
}

int
xep174_tree_get_folder (Xep174Tree *self,
                        guint       folder,
                        gboolean    make)
{
  guint way[XEP174_MANIFEST_MAX_DEPTH];
  guint n = 0;
  int fd = self->root;

  if (folder == XEP174_MANIFEST_ROOT)
    return self->root;
  if (folder == self->folder)
    return self->fd;

  for (guint i = folder; i != XEP174_MANIFEST_ROOT; i = xep174_manifest_get (self->manifest, i)->parent)
    way[n++] = i;
  while (n > 0)
    {
      int next = enter (fd, name_of (self, way[--n]), make);
      int number = errno;

      if (fd != self->root)
        close (fd);
      errno = number;
      if (next < 0)
        return -1;
      fd = next;
    }

  if (self->fd >= 0)
    close (self->fd);
  self->folder = folder;
  self->fd = fd;

  return fd;
}

int
xep174_tree_open (Xep174Tree *self,
                  guint       index,
                  int         flags)
{
  const Xep174ManifestEntry *entry = xep174_manifest_get (self->manifest, index);
  int folder = xep174_tree_get_folder (self, entry->parent, (flags & O_CREAT) != 0);

  /* A pipe in its place must not stop us. */
  return folder < 0 ? -1 : openat (folder, name_of (self, index),
                                   flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
}

/* --- What is there --------------------------------------------------------------------------- */

static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

GPtrArray *
xep174_tree_list (int      folder,
                  GError **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int fd = openat (folder, ".", FOLDER);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *found;
  int number;

  while (dir != NULL && (errno = 0, found = readdir (dir)) != NULL)
    if (strcmp (found->d_name, ".") != 0 && strcmp (found->d_name, "..") != 0)
      g_ptr_array_add (names, g_strdup (found->d_name));
  number = errno;
  if (dir != NULL)
    closedir (dir);
  else if (fd >= 0)
    close (fd);

  if (number != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), g_strerror (number));
      return NULL;
    }
  g_ptr_array_sort (names, compare);

  return g_steal_pointer (&names);
}

static void
remove_at (int         folder,
           const char *name,
           guint       depth)
{
  int fd;

  if (unlinkat (folder, name, 0) == 0 || (errno != EISDIR && errno != EPERM) || depth == 0
      || (fd = openat (folder, name, FOLDER)) < 0)
    return;

  g_autoptr(GPtrArray) names = xep174_tree_list (fd, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    remove_at (fd, names->pdata[i], depth - 1);
  close (fd);
  unlinkat (folder, name, AT_REMOVEDIR);
}

void
xep174_tree_remove (int         folder,
                    const char *name)
{
  remove_at (folder, name, MAX_DEPTH);
}
