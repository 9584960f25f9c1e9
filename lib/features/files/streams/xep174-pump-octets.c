/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the thread of a pump does with the socket and with the file. */

#include "xep174-pump-state-private.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-trust-error.h"

/* --- Socket and file ------------------------------------------------------------------------- */

void
xep174_pump_set_errno (GError     **error,
                       const char  *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", what, g_strerror (errno));
}

gboolean
xep174_pump_is_stopped (Xep174Pump  *self,
                        GError     **error)
{
  if (!g_cancellable_is_cancelled (self->stop))
    return FALSE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The transfer was stopped");
  return TRUE;
}

gboolean
xep174_pump_write (Xep174Pump    *self,
                   gconstpointer  octets,
                   gsize          length,
                   GError       **error)
{
  const char *rest = octets;

  while (length > 0)
    {
      ssize_t n = send (self->socket, rest, length, MSG_NOSIGNAL);

      if (xep174_pump_is_stopped (self, error))
        return FALSE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          xep174_pump_set_errno (error, _("The connection has broken"));
          return FALSE;
        }
      rest += n;
      length -= n;
    }

  return TRUE;
}

gssize
xep174_pump_read (Xep174Pump  *self,
                  gsize        size,
                  GError     **error)
{
  ssize_t n;

  do
    n = recv (self->socket, self->buffer, size, 0);
  while (n < 0 && errno == EINTR);
  if (xep174_pump_is_stopped (self, error))
    return -1;
  if (n < 0)
    xep174_pump_set_errno (error, _("The connection has broken"));
  else if (n == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         _("The contact ended the connection before all had come"));

  return n > 0 ? n : -1;
}

/* Whether it is the file here that has failed. */
static gssize
note_local (Xep174Pump *self,
            gssize      n)
{
  self->local = n < 0;
  return n;
}

gssize
xep174_pump_read_file (Xep174Pump  *self,
                       guint64      offset,
                       gsize        size,
                       GError     **error)
{
  return note_local (self, xep174_file_source_read (self->source, offset, self->buffer, size, error));
}

gssize
xep174_pump_hash_part (Xep174Pump  *self,
                       GError     **error)
{
  return note_local (self, xep174_file_sink_hash_some (self->sink, self->buffer, XEP174_PUMP_CHUNK, error));
}

/* --- TLS ------------------------------------------------------------------------------------- */

gboolean
xep174_pump_write_records (Xep174Pump  *self,
                           GError     **error)
{
  gboolean well = xep174_pump_write (self, self->wire->str, self->wire->len, error);

  g_string_truncate (self->wire, 0);
  return well;
}

/* One happening of what has come, or what comes next. Behind a failure the peer is told why. */
Xep174TlsResult
xep174_pump_open_records (Xep174Pump  *self,
                          gboolean     begins,
                          GError     **error)
{
  Xep174TlsResult result;
  gssize n;

  if (self->n_unread == 0 && !begins)
    {
      if ((n = xep174_pump_read (self, XEP174_PUMP_CHUNK, error)) < 0)
        return XEP174_TLS_FAILED;
      self->unread = self->buffer;
      self->n_unread = n;
    }

  result = xep174_tls_receive (self->pipe->tls, &self->unread, &self->n_unread, self->text, self->wire,
                               error);
  if (!xep174_pump_write_records (self, result == XEP174_TLS_FAILED ? NULL : error))
    return XEP174_TLS_FAILED;
  if (result == XEP174_TLS_CLOSED)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                           _("The contact ended the connection before all had come"));
      return XEP174_TLS_FAILED;
    }

  return result;
}

/* Who was connected to looks at the key here, before an octet of the file goes either way. */
static gboolean
shake_hands (Xep174Pump  *self,
             GError     **error)
{
  Xep174TlsResult result = XEP174_TLS_MORE;
  gboolean begins = self->pipe->dials;
  g_autoptr(GBytes) key = NULL;

  for (; result == XEP174_TLS_MORE; begins = FALSE)
    result = xep174_pump_open_records (self, begins, error);
  if (result == XEP174_TLS_FAILED)
    return FALSE;

  key = xep174_tls_dup_peer_key (self->pipe->tls, error);
  if (key == NULL)
    return FALSE;
  if (g_bytes_equal (key, self->pipe->key))
    return TRUE;

  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                       _("Somebody else is at the address of the contact: the key is another one"));
  return FALSE;
}

gboolean
xep174_pump_shake_hands (Xep174Pump  *self,
                         GError     **error)
{
  return self->pipe->tls == NULL || xep174_pipe_end_handshake (self->pipe, shake_hands (self, error), error);
}

/* --- The end --------------------------------------------------------------------------------- */

/* A close with something unread would be a reset, and destroy what is on its way: so each side says that it
 * has ended, and waits for the other for a while. Returns 0 at the end of both. */
gssize
xep174_pump_await_last (Xep174Pump *self,
                        gint64      end)
{
  struct pollfd ready = { .fd = self->socket, .events = POLLIN };
  gint64 left;
  ssize_t n;

  do
    left = end - g_get_monotonic_time ();
  while (left > 0 && (n = poll (&ready, 1, left / 1000 + 1)) < 0 && errno == EINTR);
  if (left <= 0 || n == 0)
    return 0;

  do
    n = recv (self->socket, self->buffer, XEP174_PUMP_CHUNK, 0);
  while (n < 0 && errno == EINTR);

  return n;
}
