/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-reader-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "xep174-gettext-private.h"

typedef struct
{
  Xep174Reader parent;
  int fd;
} FileReader;

static void
set_errno (GError **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", _("The file cannot be read"),
               g_strerror (errno));
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
  else if (n == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                         _("The file was changed while it was sent. Send it again"));

  return n > 0 ? n : -1;
}

static Xep174Reader *
file_dup (Xep174Reader  *reader,
          GError       **error)
{
  int fd = fcntl (((FileReader *) reader)->fd, F_DUPFD_CLOEXEC, 3);

  if (fd >= 0)
    return xep174_file_reader_new (fd);

  set_errno (error);
  return NULL;
}

static void
file_free (Xep174Reader *reader)
{
  close (((FileReader *) reader)->fd);
  g_free (reader);
}

Xep174Reader *
xep174_file_reader_new (int fd)
{
  FileReader *self = g_new0 (FileReader, 1);

  self->parent = (Xep174Reader) { file_read, file_dup, file_free };
  self->fd = fd;

  return &self->parent;
}
