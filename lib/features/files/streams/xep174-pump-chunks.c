/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file that comes in the chunks of HTTP (RFC 9112 §7.1), in the thread of a pump. */

#include "xep174-pump-state-private.h"

#include "xep174-gettext-private.h"

/* What the next octets are; those of the file are the first @n_body, and still unread. */
static void
look (Xep174Pump *self,
      gsize      *n_body)
{
  gsize taken = xep174_http_read (self->pipe->chunks, self->unread, self->n_unread, n_body);

  if (*n_body > 0)
    return;

  self->unread += taken;
  self->n_unread -= taken;
}

gssize
xep174_pump_read_chunk (Xep174Pump    *self,
                        const guint8 **octets,
                        GError       **error)
{
  gsize n_body = 0;

  do
    {
      gssize n = self->n_unread == 0 ? xep174_pump_read (self, XEP174_PUMP_CHUNK, error) : 0;

      if (n < 0)
        return -1;
      if (n > 0)
        {
          self->unread = self->buffer;
          self->n_unread = n;
        }
      look (self, &n_body);
    }
  while (n_body == 0 && self->pipe->chunks->state < XEP174_HTTP_DONE);

  *octets = self->unread;
  self->unread += n_body;
  self->n_unread -= n_body;
  if (n_body > 0)
    return n_body;

  if (self->pipe->chunks->state == XEP174_HTTP_DONE)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         _("The contact ended the connection before all had come"));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _("What answers for the contact says nothing that can be understood"));

  return -1;
}

gboolean
xep174_pump_is_chunks_end (Xep174Pump *self)
{
  gsize n_body = 0;

  while (self->n_unread > 0 && n_body == 0 && self->pipe->chunks->state < XEP174_HTTP_REFUSED)
    look (self, &n_body);

  return self->n_unread == 0 && self->pipe->chunks->state < XEP174_HTTP_REFUSED;
}
