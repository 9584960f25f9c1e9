/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-listener-private.h"

#include "xep174-gettext-private.h"

#include <netinet/in.h>

#define BACKLOG 128
/* Connections taken in one dispatch, so that a flood leaves the main loop its other sources. */
#define BURST 16
/* How long not to ask again when there are no descriptors left: the socket stays ready. */
#define PAUSE_MS 500

struct _Xep174Listener
{
  gint ref_count;
  GMainContext *context;
  Xep174Clock *clock;
  Xep174Alarm pause;
  GSocket *socket;
  GSource *source;
  guint16 port;
  gboolean short_of_room;
  Xep174AcceptFunc func;
  gpointer data;
};

static void listener_resume (gpointer data);

static void
listener_stop (Xep174Listener *self)
{
  if (self->source == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
listener_unref (Xep174Listener *self)
{
  if (--self->ref_count > 0)
    return;

  g_object_unref (self->socket);
  xep174_clock_unref (self->clock);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
on_connections (GSocket      *socket,
                GIOCondition  condition,
                gpointer      data)
{
  Xep174Listener *self = data;

  self->ref_count++;
  for (int i = 0; i < BURST && self->source != NULL; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSocketConnection) connection = NULL;
      g_autoptr(GSocket) accepted = g_socket_accept (socket, NULL, &error);

      if (accepted != NULL)
        {
          self->short_of_room = FALSE;
          connection = g_socket_connection_factory_create_connection (accepted);
          self->func (G_IO_STREAM (connection), self->data);
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        {
          /* EMFILE and its kin: once, not twice a second while it lasts. */
          if (!self->short_of_room)
            g_warning ("Cannot accept a connection: %s", error->message);
          self->short_of_room = TRUE;
          listener_stop (self);
          xep174_alarm_set (&self->pause, self->clock, PAUSE_MS, listener_resume, self);
        }
    }
  listener_unref (self);

  return G_SOURCE_CONTINUE;
}

static void
listener_resume (gpointer data)
{
  Xep174Listener *self = data;

  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->source, "[xep174] listener");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_connections), self, NULL);
  g_source_attach (self->source, self->context);
}

static GSocket *
open_socket (GSocketFamily   family,
             guint16         port,
             GError        **error)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GInetAddress) any = g_inet_address_new_any (family);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (any, port);

  socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  if (family == G_SOCKET_FAMILY_IPV6
      && !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 0, error))
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* One socket for both families, so they are never on different ports, not after a crash either.
 * Hosts without IPv6 get one for IPv4. */
static GSocket *
open_port (guint16   port,
           GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  GSocket *socket = open_socket (G_SOCKET_FAMILY_IPV6, port, &local_error);

  if (socket != NULL)
    return socket;

  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_clear_error (&local_error);
      socket = open_socket (G_SOCKET_FAMILY_IPV4, port, &local_error);
    }
  if (socket == NULL)
    {
      g_prefix_error (&local_error, _("Cannot listen on TCP port %u: "), port);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  return socket;
}

Xep174Listener *
xep174_listener_new (GMainContext      *context,
                     Xep174Clock      *clock,
                     guint16            port,
                     Xep174AcceptFunc   func,
                     gpointer           data,
                     GError           **error)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocketAddress) address = NULL;
  Xep174Listener *self;

  if (port != 0)
    socket = open_port (port, error);
  else if ((socket = open_port (XEP174_DEFAULT_PORT, NULL)) == NULL)
    socket = open_port (0, error);
  if (socket == NULL || (address = g_socket_get_local_address (socket, error)) == NULL)
    return NULL;

  self = g_new0 (Xep174Listener, 1);
  self->ref_count = 1;
  self->context = g_main_context_ref (context);
  self->clock = xep174_clock_ref (clock);
  self->socket = g_steal_pointer (&socket);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->func = func;
  self->data = data;
  listener_resume (self);
  return self;
}

void
xep174_listener_free (Xep174Listener *self)
{
  listener_stop (self);
  xep174_alarm_clear (&self->pause, self->clock);
  g_socket_close (self->socket, NULL);
  listener_unref (self);
}

guint16
xep174_listener_get_port (Xep174Listener *self)
{
  return self->port;
}
