/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-placed-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-digest-private.h"
#include "xep174-file-name.h"
#include "xep174-part-private.h"
#include "xep174-tree-private.h"

#define CHUNK (128 * 1024)
/* A pipe in its place must not stop us. */
#define READ (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

typedef struct
{
  const Xep174FileInfo *info;
  guint n_names;
  const Xep174Manifest *manifest; /* %NULL for a file */
  int text;
} Search;

/* --- Octets ---------------------------------------------------------------------------------- */

/* FALSE if @fd has more than @size octets. */
static gboolean
hash_octets (int           fd,
             guint64       size,
             Xep174Digest *digest)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  guint64 at = 0;
  ssize_t n;

  while (at <= size && ((n = pread (fd, chunk, CHUNK, at)) > 0 || (n < 0 && errno == EINTR)))
    if (n > 0)
      {
        xep174_digest_update (digest, chunk, n);
        at += n;
      }

  return n == 0;
}

static gboolean
hash_file (int           fd,
           guint64       size,
           guint         n_names,
           Xep174Digest *digest)
{
  struct stat status;

  return fd >= 0 && fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid ()
         && status.st_nlink == n_names && (guint64) status.st_size == size && hash_octets (fd, size, digest);
}

/* --- Folders --------------------------------------------------------------------------------- */

/* Adds how much is in a folder, if it is this user's. */
static gboolean
count (int    folder,
       guint *n)
{
  g_autoptr(GPtrArray) names = NULL;
  struct stat status;

  if (folder < 0 || fstat (folder, &status) < 0 || status.st_uid != geteuid ())
    return FALSE;

  names = xep174_tree_list (folder, NULL);
  *n += names != NULL ? names->len : 0;

  return names != NULL;
}

static gboolean
hash_entry (Xep174Tree   *tree,
            guint         index,
            guint        *n,
            Xep174Digest *digest)
{
  const Xep174ManifestEntry *entry = xep174_manifest_get (tree->manifest, index);
  gboolean right;
  int fd;

  if (entry->is_folder)
    return count (xep174_tree_get_folder (tree, index, FALSE), n);

  fd = xep174_tree_open (tree, index, O_RDONLY);
  right = hash_file (fd, entry->size, 1, digest);
  if (fd >= 0)
    close (fd);

  return right;
}

/* All is there; and if there are as many names as entries, nothing else is. */
static gboolean
hash_folder (Search       *self,
             int           fd,
             Xep174Digest *digest)
{
  guint n_entries = self->manifest->entries->len;
  Xep174Tree tree;
  guint n = 0;
  gboolean right = count (fd, &n) && hash_octets (self->text, self->info->manifest, digest);

  xep174_tree_init (&tree, fd, self->manifest, FALSE);
  for (guint i = 0; i < n_entries && right; i++)
    right = hash_entry (&tree, i, &n, digest);
  tree.root = -1;
  xep174_tree_clear (&tree);

  return right && n == n_entries;
}

/* --- Looking for it -------------------------------------------------------------------------- */

static gboolean
is_it (Search *self,
       int     fd)
{
  g_autoptr(Xep174Digest) digest = xep174_digest_new ();
  guint8 sha256[XEP174_DIGEST_LENGTH];

  if (!(self->manifest != NULL ? hash_folder (self, fd, digest)
                               : hash_file (fd, self->info->size, self->n_names, digest)))
    return FALSE;

  xep174_digest_finish (digest, sha256);

  return memcmp (sha256, self->info->sha256, sizeof sha256) == 0;
}

static int
look (Search  *self,
      int      folder,
      char   **name)
{
  g_autofree char *safe = xep174_file_name_make_safe (self->info->name);

  for (guint i = 0; i < XEP174_PART_MAX_NUMBER; i++)
    {
      g_autofree char *numbered = xep174_file_name_number (safe, i);
      int fd = openat (folder, numbered, READ | (self->manifest != NULL ? O_DIRECTORY : 0));

      if (fd >= 0 && is_it (self, fd))
        {
          *name = g_steal_pointer (&numbered);
          return fd;
        }
      if (fd >= 0)
        close (fd);
    }

  return -1;
}

int
xep174_placed_open_file (int                    folder,
                         const Xep174FileInfo  *info,
                         guint                  n_names,
                         char                 **name)
{
  Search self = { info, n_names, NULL, -1 };

  return info->hashed ? look (&self, folder, name) : -1;
}

int
xep174_placed_open_folder (int                    folder,
                           const Xep174FileInfo  *info,
                           const Xep174Manifest  *manifest,
                           int                    text,
                           char                 **name)
{
  Search self = { info, 1, manifest, text };

  return info->hashed ? look (&self, folder, name) : -1;
}
