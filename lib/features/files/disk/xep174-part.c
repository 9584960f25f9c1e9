/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-part-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "xep174-file-name.h"
#include "xep174-gettext-private.h"

void
xep174_part_set_errno (GError     **error,
                       int          number,
                       const char  *what)
{
  if (number == ENOSPC || number == EDQUOT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                         _("There is not enough room here. Make some, or choose another folder"));
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", what, g_strerror (number));
}

/* --- Opening --------------------------------------------------------------------------------- */

char *
xep174_part_dup_name (const char *id)
{
  gsize length = strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-");

  g_return_val_if_fail (length > 0 && length <= 100 && id[length] == '\0', NULL);

  return g_strdup_printf (".%s.part", id);
}

int
xep174_part_open_folder (const char  *folder,
                         GError     **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    xep174_part_set_errno (error, errno, _("The folder to keep it in cannot be opened"));

  return fd;
}

gboolean
xep174_part_check_room (int       fd,
                        guint64   missing,
                        guint     n_files,
                        GError  **error)
{
  struct statvfs status;

  /* Each file begins a block of its own. */
  if (missing <= G_MAXINT64
      && (missing == 0 || fstatvfs (fd, &status) < 0 || status.f_frsize == 0
          || missing / status.f_frsize + n_files <= status.f_bavail))
    return TRUE;

  xep174_part_set_errno (error, ENOSPC, NULL);
  return FALSE;
}

gboolean
xep174_part_has_its_name (int         folder,
                          const char *part,
                          int         fd)
{
  struct stat own, named;

  return fstat (fd, &own) == 0 && fstatat (folder, part, &named, AT_SYMLINK_NOFOLLOW) == 0
         && own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

char *
xep174_part_dup_path (const char *path,
                      int         fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *known = NULL;

  if (xep174_part_has_its_name (AT_FDCWD, path, fd))
    return g_strdup (path);

  known = g_file_read_link (link, NULL);

  return known != NULL && xep174_part_has_its_name (AT_FDCWD, known, fd) ? g_steal_pointer (&known) : NULL;
}

gboolean
xep174_part_is_ours (const struct stat *status,
                     guint64            size)
{
  return S_ISREG (status->st_mode) && status->st_uid == geteuid () && status->st_nlink == 1
         && (guint64) status->st_size <= size;
}

gboolean
xep174_part_is_whole (int     fd,
                      guint64 size)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && (guint64) status.st_size == size;
}

gboolean
xep174_part_fail_changed (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _("What has come was changed. Ask for it once more"));
  return FALSE;
}

gssize
xep174_part_write (int            fd,
                   gconstpointer  octets,
                   gsize          length,
                   guint64        offset,
                   const char    *what,
                   GError       **error)
{
  struct stat status;
  ssize_t n;

  if (fstat (fd, &status) == 0 && (guint64) status.st_size < offset)
    {
      xep174_part_fail_changed (error);
      return -1;
    }

  do
    n = pwrite (fd, octets, length, offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    xep174_part_set_errno (error, errno, what);

  return n;
}

/* --- Its name -------------------------------------------------------------------------------- */

static int
place_by_rename (int         from,
                 const char *part,
                 int         folder,
                 const char *name)
{
  return renameat2 (from, part, folder, name, RENAME_NOREPLACE) == 0 ? 0 : errno;
}

/* NFS and old kernels know no RENAME_NOREPLACE. */
static int
place_by_link (int         from,
               const char *part,
               int         folder,
               const char *name)
{
  if (linkat (from, part, folder, name, 0) < 0)
    return errno;

  unlinkat (from, part, 0);
  return 0;
}

static int
rename_over (int         from,
             const char *part,
             int         folder,
             const char *name,
             int         flags)
{
  int number;

  if (renameat (from, part, folder, name) == 0)
    return 0;

  number = errno;
  unlinkat (folder, name, flags);
  return number;
}

/* FAT knows no links: an empty file of our own takes the name first. */
static int
place_by_taking (int         from,
                 const char *part,
                 int         folder,
                 const char *name)
{
  int fd = openat (folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

  if (fd < 0)
    return errno;

  close (fd);
  return rename_over (from, part, folder, name, 0);
}

/* The same for a folder: an empty one may be replaced. */
static int
place_by_making (int         from,
                 const char *part,
                 int         folder,
                 const char *name)
{
  if (mkdirat (folder, name, 0700) < 0)
    return errno;

  return rename_over (from, part, folder, name, AT_REMOVEDIR);
}

const Xep174Placer xep174_file_placers[] = { place_by_rename, place_by_link, place_by_taking, NULL };
const Xep174Placer xep174_folder_placers[] = { place_by_rename, place_by_making, NULL };

static gboolean
is_unknown_here (int number)
{
  return number == EINVAL || number == ENOSYS || number == EPERM || number == EOPNOTSUPP;
}

char *
xep174_part_place (const Xep174Placer  *placers,
                   int                  from,
                   const char          *part,
                   int                  folder,
                   const char          *name,
                   GError             **error)
{
  g_autofree char *safe = xep174_file_name_make_safe (name);
  int number = EEXIST;

  for (guint i = 0; i < XEP174_PART_MAX_NUMBER && number == EEXIST; i++)
    {
      g_autofree char *numbered = xep174_file_name_number (safe, i);

      number = EINVAL;
      for (const Xep174Placer *placer = placers; *placer != NULL && is_unknown_here (number); placer++)
        number = (*placer) (from, part, folder, numbered);
      if (number == 0)
        {
          fsync (folder);
          return g_steal_pointer (&numbered);
        }
    }

  xep174_part_set_errno (error, number, _("What has come cannot get its name"));
  return NULL;
}
