/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-pipe-private.h"

#include "xep174-arbiter.h"
#include "xep174-gettext-private.h"
#include "xep174-tcp-private.h"
#include "xep174-trust-error.h"

typedef enum
{
  XEP174_HANDSHAKE_OPEN,
  XEP174_HANDSHAKE_DONE,
  XEP174_HANDSHAKE_FAILED,
  XEP174_HANDSHAKE_LATE,
} Xep174Handshake;

/* Before our own certificate leaves: nobody else learns who we are. It is called in the thread of a pump. */
static gboolean
look (GBytes   *key,
      gpointer  expected,
      GError  **error)
{
  if (g_bytes_equal (key, expected))
    return TRUE;

  g_set_error_literal (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                       _("Somebody else is at the address of the contact: the key is another one"));
  return FALSE;
}

Xep174Pipe *
xep174_pipe_new (GSocketConnection  *connection,
                 gboolean            dials,
                 Xep174Certificate  *certificate,
                 GBytes             *key,
                 Xep174Clock        *clock,
                 GError            **error)
{
  Xep174Tls *tls = NULL;
  Xep174Pipe *self;

  if (key != NULL && (tls = xep174_tls_new (certificate, dials, look, key, error)) == NULL)
    return NULL;

  self = g_new0 (Xep174Pipe, 1);
  xep174_tcp_prepare (G_IO_STREAM (connection));
  self->connection = g_object_ref (connection);
  self->tls = tls;
  self->key = key != NULL ? g_bytes_ref (key) : NULL;
  self->dials = dials;
  self->clock = clock != NULL ? xep174_clock_ref (clock) : NULL;
  return self;
}

void
xep174_pipe_free (Xep174Pipe *self)
{
  xep174_pipe_rest (self, TRUE);
  g_clear_pointer (&self->tls, xep174_tls_free);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self->chunks);
  g_object_unref (self->connection);
  g_free (self);
}

void
xep174_pipe_set_spoiled (Xep174Pipe    *self,
                         Xep174Spoiled *spoiled,
                         const char    *contact)
{
  g_autoptr(GSocketAddress) address
    = self->dials ? g_socket_connection_get_remote_address (self->connection, NULL)
                  : g_socket_connection_get_local_address (self->connection, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return;

  self->spoiled = xep174_spoiled_ref (spoiled);
  self->contact = g_strdup (contact);
  self->host = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* --- The handshake ------------------------------------------------------------------------------- */

static gboolean
change (Xep174Pipe      *self,
        Xep174Handshake  to)
{
  return g_atomic_int_compare_and_exchange (&self->handshake, XEP174_HANDSHAKE_OPEN, to);
}

/* Whoever waits for the other side wakes up. */
static void
on_late (gpointer data)
{
  Xep174Pipe *self = data;

  if (change (self, XEP174_HANDSHAKE_LATE))
    g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
}

void
xep174_pipe_begin_handshake (Xep174Pipe *self)
{
  if (self->tls != NULL && self->clock != NULL)
    xep174_alarm_set (&self->alarm, self->clock, xep174_timer_info (XEP174_TIMER_TLS)->milliseconds, on_late,
                      self);
}

gboolean
xep174_pipe_end_handshake (Xep174Pipe  *self,
                           gboolean     well,
                           GError     **error)
{
  if (change (self, well ? XEP174_HANDSHAKE_DONE : XEP174_HANDSHAKE_FAILED))
    return well;

  g_clear_error (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                       _("The contact did not begin the encryption in time"));
  return FALSE;
}

void
xep174_pipe_rest (Xep174Pipe *self,
                  gboolean    given_up)
{
  gint handshake = g_atomic_int_get (&self->handshake);

  if (self->clock == NULL)
    return;

  if (!given_up && self->spoiled != NULL
      && (handshake == XEP174_HANDSHAKE_FAILED || handshake == XEP174_HANDSHAKE_LATE))
    xep174_spoiled_add (self->spoiled, self->contact, self->dials, self->host);
  xep174_alarm_clear (&self->alarm, self->clock);
  g_clear_pointer (&self->clock, xep174_clock_unref);
  g_clear_pointer (&self->spoiled, xep174_spoiled_unref);
  g_clear_pointer (&self->contact, g_free);
  g_clear_pointer (&self->host, g_free);
}
