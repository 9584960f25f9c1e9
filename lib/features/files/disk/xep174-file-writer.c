/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-writer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "xep174-file-name.h"
#include "xep174-gettext-private.h"

/* Names that are tried, until one is free. */
#define MAX_NUMBER 10000

struct _Xep174FileWriter
{
  int     folder; /* stays the same folder, whatever happens to its name */
  int     fd;
  char   *part;
  guint64 size;
  guint64 done;
};

static void
set_errno (GError     **error,
           int          number,
           const char  *what)
{
  if (number == ENOSPC || number == EDQUOT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                         _("There is no room for the file. Make some, or choose another folder"));
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", what, g_strerror (number));
}

/* --- Opening --------------------------------------------------------------------------------- */

static gboolean
is_id (const char *id)
{
  gsize length = strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-");

  return length > 0 && length <= 100 && id[length] == '\0';
}

static Xep174FileWriter *
open_folder (const char  *folder,
             const char  *id,
             guint64      size,
             GError     **error)
{
  Xep174FileWriter *self;
  int fd;

  g_return_val_if_fail (is_id (id), NULL);

  /* Where the person wants it: there a link may lead. */
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    {
      set_errno (error, errno, _("The folder for the file cannot be opened"));
      return NULL;
    }

  self = g_new0 (Xep174FileWriter, 1);
  self->folder = fd;
  self->fd = -1;
  self->part = g_strdup_printf (".%s.part", id);
  self->size = size;

  return self;
}

/* What is asked for is kept free for it, where the file system can do that. */
static gboolean
reserve (Xep174FileWriter  *self,
         GError           **error)
{
  guint64 missing = self->size - self->done;
  struct statvfs status;

  if (self->size > G_MAXINT64)
    {
      set_errno (error, ENOSPC, NULL);
      return FALSE;
    }
  if (fstatvfs (self->fd, &status) == 0 && status.f_frsize > 0
      && missing / status.f_frsize >= status.f_bavail && missing > 0)
    {
      set_errno (error, ENOSPC, NULL);
      return FALSE;
    }
  if (missing > 0 && fallocate (self->fd, FALLOC_FL_KEEP_SIZE, self->done, missing) < 0
      && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
    {
      set_errno (error, errno, _("A file of this size cannot be kept here"));
      return FALSE;
    }

  return TRUE;
}

Xep174FileWriter *
xep174_file_writer_create (const char  *folder,
                           const char  *id,
                           guint64      size,
                           GError     **error)
{
  g_autoptr(Xep174FileWriter) self = open_folder (folder, id, size, error);

  if (self == NULL)
    return NULL;

  self->fd = openat (self->folder, self->part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (self->fd < 0)
    set_errno (error, errno, _("The file cannot be made in this folder"));
  else if (reserve (self, error))
    return g_steal_pointer (&self);

  if (self->fd >= 0)
    xep174_file_writer_discard (self);

  return NULL;
}

/* A plain file of this user under one name: who else could have a name for it might change it. */
static gboolean
is_ours (const struct stat *status,
         guint64            size)
{
  return S_ISREG (status->st_mode) && status->st_uid == geteuid () && status->st_nlink == 1
         && (guint64) status->st_size <= size;
}

Xep174FileWriter *
xep174_file_writer_resume (const char  *folder,
                           const char  *id,
                           guint64      size,
                           GError     **error)
{
  g_autoptr(Xep174FileWriter) self = open_folder (folder, id, size, error);
  struct stat status;

  if (self == NULL)
    return NULL;

  /* A pipe in its place must not stop us. */
  self->fd = openat (self->folder, self->part, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &status) < 0)
    {
      set_errno (error, errno, _("What has come of the file cannot be found"));
      return NULL;
    }
  if (!is_ours (&status, size))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _("What has come of the file was changed. Let it be sent again"));
      return NULL;
    }

  self->done = status.st_size;
  if (!reserve (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

gboolean
xep174_file_writer_expect (Xep174FileWriter  *self,
                           guint64            size,
                           GError           **error)
{
  self->size = size;

  return reserve (self, error);
}

/* --- Writing --------------------------------------------------------------------------------- */

guint64
xep174_file_writer_get_done (Xep174FileWriter *self)
{
  return self->done;
}

gboolean
xep174_file_writer_write (Xep174FileWriter  *self,
                          gconstpointer      octets,
                          gsize              length,
                          GError           **error)
{
  const char *rest = octets;

  if (length > self->size - self->done)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           _("More was sent than the file was said to have"));
      return FALSE;
    }

  while (length > 0)
    {
      ssize_t n = pwrite (self->fd, rest, length, self->done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_errno (error, errno, _("The file cannot be written"));
          return FALSE;
        }
      self->done += n;
      rest += n;
      length -= n;
    }

  return TRUE;
}

gssize
xep174_file_writer_read (Xep174FileWriter  *self,
                         guint64            offset,
                         gpointer           buffer,
                         gsize              size,
                         GError           **error)
{
  ssize_t n;

  g_return_val_if_fail (offset <= self->done, -1);

  do
    n = pread (self->fd, buffer, MIN (size, self->done - offset), offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    set_errno (error, errno, _("What has come of the file cannot be read"));

  return n;
}

/* Whether the name of the part is still that of our file: in a folder that others may write to, they may have
 * put another one there. */
static gboolean
has_its_name (Xep174FileWriter *self)
{
  struct stat own, named;

  return fstat (self->fd, &own) == 0
         && fstatat (self->folder, self->part, &named, AT_SYMLINK_NOFOLLOW) == 0
         && own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/* --- Ending ---------------------------------------------------------------------------------- */

static int
place_by_rename (int         folder,
                 const char *part,
                 const char *name)
{
  return renameat2 (folder, part, folder, name, RENAME_NOREPLACE) == 0 ? 0 : errno;
}

/* NFS and old kernels know no RENAME_NOREPLACE. */
static int
place_by_link (int         folder,
               const char *part,
               const char *name)
{
  if (linkat (folder, part, folder, name, 0) < 0)
    return errno;

  unlinkat (folder, part, 0);
  return 0;
}

/* FAT knows no links: an empty file of our own takes the name first. */
static int
place_by_taking (int         folder,
                 const char *part,
                 const char *name)
{
  int fd = openat (folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  int number;

  if (fd < 0)
    return errno;

  close (fd);
  if (renameat (folder, part, folder, name) == 0)
    return 0;

  number = errno;
  unlinkat (folder, name, 0);
  return number;
}

const Xep174FilePlacer xep174_file_placers[XEP174_FILE_N_PLACERS] = {
  place_by_rename, place_by_link, place_by_taking,
};

static gboolean
is_unknown_here (int number)
{
  return number == EINVAL || number == ENOSYS || number == EPERM || number == EOPNOTSUPP;
}

static int
place (Xep174FileWriter *self,
       const char       *name)
{
  int number = EINVAL;

  for (guint i = 0; i < XEP174_FILE_N_PLACERS && is_unknown_here (number); i++)
    number = xep174_file_placers[i] (self->folder, self->part, name);

  return number;
}

char *
xep174_file_writer_finish (Xep174FileWriter  *self,
                           const char        *name,
                           GError           **error)
{
  g_autofree char *safe = xep174_file_name_make_safe (name);
  int number = EEXIST;

  g_return_val_if_fail (self->done == self->size, NULL);

  /* Before somebody is told that it is there. */
  if (fsync (self->fd) < 0 && errno != EINVAL)
    {
      set_errno (error, errno, _("The file cannot be written"));
      return NULL;
    }
  if (!has_its_name (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("The folder or the file in it was moved or removed. Let the file be sent "
                             "again"));
      return NULL;
    }

  for (guint i = 0; i < MAX_NUMBER && number == EEXIST; i++)
    {
      g_autofree char *numbered = xep174_file_name_number (safe, i);

      number = place (self, numbered);
      if (number == 0)
        {
          fsync (self->folder);
          return g_steal_pointer (&numbered);
        }
    }

  set_errno (error, number, _("The file cannot get its name"));
  return NULL;
}

void
xep174_file_writer_discard (Xep174FileWriter *self)
{
  if (has_its_name (self))
    unlinkat (self->folder, self->part, 0);
}

void
xep174_file_writer_free (Xep174FileWriter *self)
{
  if (self->fd >= 0)
    close (self->fd);
  close (self->folder);
  g_free (self->part);
  g_free (self);
}
