/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-placed-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-file-name.h"
#include "xep174-part-private.h"

#define CHUNK (128 * 1024)
/* As many as the writer tries. */
#define MAX_NUMBER 10000

static gboolean
is_right (int                   fd,
          const Xep174FileInfo *info)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *chunk = g_malloc (CHUNK);
  guint8 sha256[XEP174_SHA256_LENGTH];
  gsize length = sizeof sha256;
  ssize_t n;

  while ((n = read (fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_checksum_update (checksum, chunk, n);
  g_checksum_get_digest (checksum, sha256, &length);

  return n == 0 && memcmp (sha256, info->sha256, sizeof sha256) == 0;
}

/* A plain file of this user: who else could have a name for it might change it. */
static gboolean
is_it (int                   folder,
       const char           *name,
       nlink_t               n_names,
       const Xep174FileInfo *info)
{
  struct stat status;
  gboolean right;
  int fd;

  if (fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG (status.st_mode)
      || status.st_uid != geteuid () || status.st_nlink != n_names || (guint64) status.st_size != info->size)
    return FALSE;

  fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  right = fd >= 0 && is_right (fd, info);
  if (fd >= 0)
    close (fd);

  return right;
}

char *
xep174_file_find_placed (const char           *folder,
                         const char           *id,
                         const Xep174FileInfo *info)
{
  g_autofree char *part = xep174_part_dup_name (id);
  g_autofree char *safe = xep174_file_name_make_safe (info->name);
  char *found = NULL;
  struct stat status = { .st_nlink = 0 };
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return NULL;

  /* Where it gets its name by a link it has both for a moment. */
  if (fstatat (fd, part, &status, AT_SYMLINK_NOFOLLOW) < 0 || status.st_nlink == 2)
    for (guint i = 0; i < MAX_NUMBER && found == NULL; i++)
      {
        g_autofree char *name = xep174_file_name_number (safe, i);

        if (is_it (fd, name, MAX (1, status.st_nlink), info))
          found = g_steal_pointer (&name);
      }
  if (found != NULL)
    unlinkat (fd, part, 0);
  close (fd);

  return found;
}
