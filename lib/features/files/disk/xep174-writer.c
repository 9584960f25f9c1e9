/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-writer-private.h"

#include <errno.h>
#include <signal.h>

#include "xep174-gettext-private.h"
#include "xep174-part-private.h"

gboolean
xep174_writer_expect (Xep174Writer  *self,
                      guint64        size,
                      GError       **error)
{
  return self->expect (self, size, error);
}

guint64
xep174_writer_get_done (Xep174Writer *self)
{
  return self->get_done (self);
}

gboolean
xep174_writer_write (Xep174Writer  *self,
                     gconstpointer  octets,
                     gsize          length,
                     GCancellable  *cancellable,
                     GError       **error)
{
  sigset_t signals, before;
  gboolean well;

  /* Behind the limit of what a process may write (RLIMIT_FSIZE) the kernel sends a signal beside the error,
   * which would end the program. What a signal does is the program's to say: it is kept from this thread. */
  sigemptyset (&signals);
  sigaddset (&signals, SIGXFSZ);
  pthread_sigmask (SIG_BLOCK, &signals, &before);
  well = self->write (self, octets, length, cancellable, error);
  if (!sigismember (&before, SIGXFSZ))
    {
      const struct timespec now = { 0 };

      while (sigtimedwait (&signals, NULL, &now) < 0 && errno == EINTR)
        continue;
      pthread_sigmask (SIG_SETMASK, &before, NULL);
    }

  return well;
}

gssize
xep174_writer_read (Xep174Writer  *self,
                    guint64        offset,
                    gpointer       buffer,
                    gsize          size,
                    GError       **error)
{
  return self->read (self, offset, buffer, size, error);
}

char *
xep174_writer_finish (Xep174Writer  *self,
                      const char    *name,
                      GError       **error)
{
  if (self->placed == NULL)
    self->placed = self->finish (self, name, error);

  return g_strdup (self->placed);
}

const char *
xep174_writer_get_placed (Xep174Writer *self)
{
  return self->placed;
}

char *
xep174_writer_dup_path (Xep174Writer *self,
                        const char   *folder)
{
  g_autofree char *path = NULL;

  if (self->placed == NULL || self->get_fd == NULL)
    return NULL;

  path = g_build_filename (folder, self->placed, NULL);

  return xep174_part_dup_path (path, self->get_fd (self));
}

void
xep174_writer_settle (Xep174Writer *self)
{
  if (self->placed != NULL && self->settle != NULL)
    self->settle (self);
}

void
xep174_writer_discard (Xep174Writer *self)
{
  self->discard (self);
}

void
xep174_writer_free (Xep174Writer *self)
{
  g_free (self->placed);
  self->free (self);
}

gboolean
xep174_writer_has_room (guint64   size,
                        guint64   done,
                        gsize     length,
                        GError  **error)
{
  if (length <= size - done)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                       _("More was sent than was offered"));
  return FALSE;
}
