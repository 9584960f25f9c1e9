/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How connections come into a manager. */

#include "xep174-session-manager-private.h"

#include "xep174-incoming-private.h"
#include "xep174-session-private.h"

static guint
count_from (const GQueue *callers,
            const char   *host)
{
  guint n = 0;

  for (GList *l = callers->head; l != NULL && host != NULL; l = l->next)
    if (g_strcmp0 (((Xep174Caller *) l->data)->host, host) == 0)
      n++;

  return n;
}

/* X8: one host cannot take what all others need. */
static gboolean
is_one_too_many (Xep174SessionManager *self,
                 Xep174Incoming       *incoming)
{
  const char *host = ((Xep174Caller *) incoming)->host;
  const Xep174Settings *settings = &self->around.settings;

  return self->incoming.length + self->guests.length >= settings->max_unidentified
         || count_from (&self->incoming, host) + count_from (&self->guests, host)
            >= settings->max_unidentified_per_address;
}

static gboolean
take_incoming (Xep174SessionManager  *self,
               GIOStream             *connection,
               const char            *name,
               GError               **error)
{
  Xep174Incoming *incoming = xep174_incoming_new (self, connection, name, error);

  if (incoming == NULL)
    return FALSE;

  if (is_one_too_many (self, incoming))
    {
      g_debug ("Too many incoming streams, from %s among others",
               ((Xep174Caller *) incoming)->host);
      xep174_incoming_turn_away (incoming);
      return TRUE;
    }

  g_queue_push_tail (&self->incoming, incoming);
  xep174_incoming_start (incoming);
  return TRUE;
}

static void
on_accepted (GIOStream *connection,
             gpointer   data)
{
  Xep174SessionManager *self = data;
  g_autoptr(GError) error = NULL;

  /* Without a name there is nobody to talk to yet; the peer tries again. */
  if (self->around.local_name == NULL)
    g_io_stream_close (connection, NULL, NULL);
  else if (!take_incoming (self, connection, NULL, &error))
    g_debug ("Cannot take a connection in: %s", error->message);
}

/**
 * xep174_session_manager_get_port:
 * @self: a session manager
 *
 * The TCP port that streams are accepted on.
 *
 * Returns: a port, 0 while it does not listen
 *
 * Since: 1.0
 */
guint16
xep174_session_manager_get_port (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), 0);

  return self->around.port;
}

/**
 * xep174_session_manager_listen:
 * @self: a session manager
 * @port: a TCP port; 0 for port 5298 if it is free, else any free one
 * @error: return location for an error
 *
 * Begins to accept streams, over IPv4 and IPv6 on the same port.
 *
 * Returns: %TRUE, or %FALSE with an error of [error@Gio.IOErrorEnum], for example
 *   `G_IO_ERROR_ADDRESS_IN_USE`, or `XEP174_SESSION_ERROR_INVALID_STATE` if it listens already
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_listen (Xep174SessionManager  *self,
                               guint16                port,
                               GError               **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->listener != NULL)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   "Already listening on port %u; stop first", self->around.port);
      return FALSE;
    }

  self->listener = xep174_listener_new (self->context, self->around.network->clock, port, on_accepted,
                                        self, error);
  if (self->listener == NULL)
    return FALSE;

  self->around.port = xep174_listener_get_port (self->listener);
  g_object_notify (G_OBJECT (self), "port");
  return TRUE;
}

/**
 * xep174_session_manager_add_connection:
 * @self: a session manager
 * @connection: an established connection whose two halves can be polled; the manager owns it from
 *   now on
 * @role: `XEP174_SESSION_ROLE_INITIATOR` to open a stream on it, `XEP174_SESSION_ROLE_RECIPIENT`
 *   to wait for the contact's
 * @name: (nullable): whose connection it is; needed to open a stream. For a recipient it takes the
 *   place of the directory; with %NULL the stream is attributed as one that was accepted
 * @error: return location for an error
 *
 * Gives the manager a connection that the program has made itself.
 *
 * To be taken in is not to be kept: what becomes of the connection is decided as for any other. One that
 * is beyond a limit such as [property@SessionManager:max-unidentified], whose contact is not known,
 * or that loses against another stream of that contact, is turned away afterwards, with the error to the
 * contact that RFC 6120 has for it. [signal@SessionManager::session-opened] tells that it has become a
 * session.
 *
 * Returns: %TRUE, or %FALSE with `XEP174_SESSION_ERROR_NOT_SUPPORTED` for a stream that cannot be
 *   polled, `G_IO_ERROR_CLOSED` for one that is closed, `XEP174_SESSION_ERROR_INVALID_STATE` if a
 *   stream to @name exists or is being opened, or an error of [method@SessionManager.ensure_session]
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_add_connection (Xep174SessionManager  *self,
                                       GIOStream             *connection,
                                       Xep174SessionRole      role,
                                       const char            *name,
                                       GError               **error)
{
  g_autoptr(Xep174Session) session = NULL;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (G_IS_IO_STREAM (connection), FALSE);
  g_return_val_if_fail (role != XEP174_SESSION_ROLE_NONE, FALSE);
  g_return_val_if_fail (role == XEP174_SESSION_ROLE_RECIPIENT || name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (name != NULL || self->around.local_name == NULL)
    {
      session = xep174_session_manager_make_session (self, name != NULL ? name : "?", error);
      if (session == NULL)
        return FALSE;
    }

  return role == XEP174_SESSION_ROLE_RECIPIENT
         ? take_incoming (self, connection, name, error)
         : xep174_session_add_outgoing (session, connection, error);
}
