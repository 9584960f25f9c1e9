/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-writer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-part-private.h"
#include "xep174-placed-private.h"

typedef struct
{
  Xep174Writer parent;
  int     folder; /* stays the same folder, whatever happens to its name */
  int     fd;
  char   *part;
  guint64 size;
  guint64 done;
} FileWriter;

/* --- Writing --------------------------------------------------------------------------------- */

/* FALSE, and errno, if that is known not to work. With KEEP_SIZE the limit of the process is not asked. */
static gboolean
allocate (FileWriter *self,
          guint64     missing)
{
  struct rlimit limit;

  if (missing == 0)
    return TRUE;
  if (getrlimit (RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && self->size > limit.rlim_cur)
    {
      errno = EFBIG;
      return FALSE;
    }

  return fallocate (self->fd, FALLOC_FL_KEEP_SIZE, self->done, missing) == 0
         || (errno != ENOSPC && errno != EDQUOT && errno != EFBIG);
}

/* What was kept free for it before a restart is its own: the disk counts it no more. */
static guint64
get_room_wanted (FileWriter *self,
                 guint64     missing)
{
  struct stat status;
  guint64 own = fstat (self->fd, &status) == 0 ? (guint64) status.st_blocks * 512 : 0;

  return own < self->size ? MIN (missing, self->size - own) : 0;
}

/* What is asked for is kept free for it, where the file system can do that. */
static gboolean
reserve (FileWriter  *self,
         GError     **error)
{
  guint64 missing = self->size - self->done;

  if (!xep174_part_check_room (self->fd, get_room_wanted (self, missing), 1, error))
    return FALSE;
  if (!allocate (self, missing))
    {
      xep174_part_set_errno (error, errno, _("A file of this size cannot be kept here"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
file_expect (Xep174Writer  *writer,
             guint64        size,
             GError       **error)
{
  FileWriter *self = (FileWriter *) writer;

  self->size = size;

  return reserve (self, error);
}

static guint64
file_get_done (Xep174Writer *writer)
{
  return ((FileWriter *) writer)->done;
}

static gboolean
file_write (Xep174Writer  *writer,
            gconstpointer  octets,
            gsize          length,
            GCancellable  *cancellable,
            GError       **error)
{
  FileWriter *self = (FileWriter *) writer;
  const char *rest = octets;

  if (!xep174_writer_has_room (self->size, self->done, length, error))
    return FALSE;

  while (length > 0)
    {
      gssize n = xep174_part_write (self->fd, rest, length, self->done, _("The file cannot be written"),
                                    error);

      if (n < 0)
        return FALSE;
      self->done += n;
      rest += n;
      length -= n;
    }

  return TRUE;
}

static gssize
file_read (Xep174Writer  *writer,
           guint64        offset,
           gpointer       buffer,
           gsize          size,
           GError       **error)
{
  FileWriter *self = (FileWriter *) writer;
  ssize_t n;

  g_return_val_if_fail (offset <= self->done, -1);

  do
    n = pread (self->fd, buffer, MIN (size, self->done - offset), offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    xep174_part_set_errno (error, errno, _("What has come of the file cannot be read"));

  return n;
}

/* --- Ending ---------------------------------------------------------------------------------- */

static char *
file_finish (Xep174Writer  *writer,
             const char    *name,
             GError       **error)
{
  FileWriter *self = (FileWriter *) writer;

  g_return_val_if_fail (self->done == self->size, NULL);

  /* Before somebody is told that it is there. */
  if (fsync (self->fd) < 0 && errno != EINVAL)
    {
      xep174_part_set_errno (error, errno, _("The file cannot be written"));
      return NULL;
    }
  if (!xep174_part_has_its_name (self->folder, self->part, self->fd))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _("The folder or the file in it was moved or removed. Let the file be sent "
                             "again"));
      return NULL;
    }
  if (!xep174_part_is_whole (self->fd, self->size))
    {
      xep174_part_fail_changed (error);
      return NULL;
    }

  return xep174_part_place (xep174_file_placers, self->folder, self->part, self->folder, name, error);
}

static int
file_get_fd (Xep174Writer *writer)
{
  return ((FileWriter *) writer)->fd;
}

static void
file_discard (Xep174Writer *writer)
{
  FileWriter *self = (FileWriter *) writer;
  const char *name = writer->placed != NULL ? writer->placed : self->part;

  if (xep174_part_has_its_name (self->folder, name, self->fd))
    unlinkat (self->folder, name, 0);
}

static void
file_free (Xep174Writer *writer)
{
  FileWriter *self = (FileWriter *) writer;

  if (self->fd >= 0)
    close (self->fd);
  if (self->folder >= 0)
    close (self->folder);
  g_free (self->part);
  g_free (self);
}

/* --- Opening --------------------------------------------------------------------------------- */

static FileWriter *
writer_new (const char  *folder,
            const char  *id,
            guint64      size,
            GError     **error)
{
  FileWriter *self = g_new0 (FileWriter, 1);

  self->parent = (Xep174Writer) {
    file_expect, file_get_done, file_write, file_read, file_finish, file_discard, file_free, NULL,
    file_get_fd,
  };
  self->fd = -1;
  self->part = xep174_part_dup_name (id);
  self->size = size;
  self->folder = xep174_part_open_folder (folder, error);
  if (self->folder >= 0)
    return self;

  file_free (&self->parent);
  return NULL;
}

Xep174Writer *
xep174_file_writer_create (const char  *folder,
                           const char  *id,
                           guint64      size,
                           GError     **error)
{
  FileWriter *self = writer_new (folder, id, size, error);

  if (self == NULL)
    return NULL;

  self->fd = openat (self->folder, self->part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (self->fd < 0)
    xep174_part_set_errno (error, errno, _("The file cannot be made in this folder"));
  else if (reserve (self, error))
    return &self->parent;

  if (self->fd >= 0)
    file_discard (&self->parent);
  file_free (&self->parent);
  return NULL;
}

static gboolean
find_part (FileWriter  *self,
           GError     **error)
{
  struct stat status;

  /* A pipe in its place must not stop us. */
  self->fd = openat (self->folder, self->part, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (self->fd < 0 || fstat (self->fd, &status) < 0)
    {
      xep174_part_set_errno (error, errno, _("What has come of the file cannot be found"));
      return FALSE;
    }
  if (!xep174_part_is_ours (&status, self->size))
    return xep174_part_fail_changed (error);

  self->done = status.st_size;

  return TRUE;
}

/* Where it gets its name by a link it has both for a moment. */
static gboolean
find_placed (FileWriter           *self,
             const Xep174FileInfo *info)
{
  struct stat status = { .st_nlink = 0 };

  if (fstatat (self->folder, self->part, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_nlink != 2)
    return FALSE;

  self->fd = xep174_placed_open_file (self->folder, info, MAX (1, status.st_nlink), &self->parent.placed);
  if (self->fd < 0)
    return FALSE;

  if (xep174_part_has_its_name (self->folder, self->part, self->fd))
    unlinkat (self->folder, self->part, 0);
  self->done = self->size;

  return TRUE;
}

Xep174Writer *
xep174_file_writer_resume (const char            *folder,
                           const char            *id,
                           const Xep174FileInfo  *info,
                           GError               **error)
{
  FileWriter *self = writer_new (folder, id, info->size, error);

  if (self == NULL)
    return NULL;
  if (find_placed (self, info))
    return &self->parent;
  if (find_part (self, error))
    {
      if (reserve (self, error))
        return &self->parent;
      file_discard (&self->parent);
    }

  file_free (&self->parent);
  return NULL;
}

void
xep174_file_writer_remove (const char *folder,
                           const char *id)
{
  FileWriter *self = writer_new (folder, id, 0, NULL);

  if (self == NULL)
    return;

  unlinkat (self->folder, self->part, 0);
  file_free (&self->parent);
}
