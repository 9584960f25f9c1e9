/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xep174-gettext-private.h"

typedef struct
{
  Xep174Reader parent;
  int fd;
  struct stat first; /* as it was when it was opened */
} FileReader;

static void
set_errno (GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", _("The file cannot be read"),
               g_strerror (errno));
}

/* Somebody may write over what is sent, and the size stays. */
static gboolean
is_same (FileReader *self)
{
  struct stat now;

  return fstat (self->fd, &now) == 0 && now.st_size == self->first.st_size
         && now.st_mtim.tv_sec == self->first.st_mtim.tv_sec
         && now.st_mtim.tv_nsec == self->first.st_mtim.tv_nsec;
}

static gssize
file_read (Xep174Reader  *reader,
           guint64        offset,
           gpointer       buffer,
           gsize          size,
           GError       **error)
{
  ssize_t n;

  do
    n = pread (((FileReader *) reader)->fd, buffer, size, offset);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    set_errno (error);
  else if (n == 0 || !is_same ((FileReader *) reader))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                           _("The file was changed while it was sent. Send it again"));
      return -1;
    }

  return n > 0 ? n : -1;
}

static Xep174Reader *reader_new (int                fd,
                                 const struct stat *first);

static Xep174Reader *
file_dup (Xep174Reader  *reader,
          GError       **error)
{
  FileReader *self = (FileReader *) reader;
  int fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 3);

  if (fd >= 0)
    return reader_new (fd, &self->first);

  set_errno (error);
  return NULL;
}

static void
file_free (Xep174Reader *reader)
{
  close (((FileReader *) reader)->fd);
  g_free (reader);
}

/* Takes @fd. */
static Xep174Reader *
reader_new (int                fd,
            const struct stat *first)
{
  FileReader *self = g_new0 (FileReader, 1);

  self->parent = (Xep174Reader) { file_read, file_dup, file_free };
  self->fd = fd;
  self->first = *first;

  return &self->parent;
}

Xep174Reader *
xep174_file_reader_new (int fd)
{
  struct stat first = { 0 };

  /* Where this fails the first look at it does, too. */
  if (fstat (fd, &first) < 0)
    first.st_size = -1;

  return reader_new (fd, &first);
}
