/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a transport can tell of its connection. Nothing is changed here. */

#include "xep174-transport-state-private.h"

#include <netinet/tcp.h>

#include "xep174-tcp-private.h"

GSocketAddress *
xep174_transport_dup_remote (Xep174Transport *self)
{
  if (!G_IS_SOCKET_CONNECTION (self->stream))
    return NULL;

  return g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (self->stream), NULL);
}

GSocketAddress *
xep174_transport_dup_local (Xep174Transport *self)
{
  if (!G_IS_SOCKET_CONNECTION (self->stream))
    return NULL;

  return g_socket_connection_get_local_address (G_SOCKET_CONNECTION (self->stream), NULL);
}

gboolean
xep174_transport_is_tcp (Xep174Transport *self)
{
  return G_IS_TCP_CONNECTION (self->stream) && !G_IS_TCP_WRAPPER_CONNECTION (self->stream);
}

gboolean
xep174_transport_is_encrypted (Xep174Transport *self)
{
  return self->layer != NULL ? self->layer->open : G_IS_TLS_CONNECTION (self->stream);
}

guint
xep174_transport_get_round_trip (Xep174Transport *self)
{
  return xep174_tcp_get_round_trip (self->stream);
}

int
xep174_transport_get_repeats (Xep174Transport *self)
{
  return xep174_tcp_get_repeats (self->stream);
}

gboolean
xep174_transport_get_read (Xep174Transport *self,
                           guint64         *octets)
{
  int unacknowledged = 0;
  guint state = 0;

  *octets = 0;
  /* T9: what TCP acknowledges can be forged by whoever stands between the two. */
  if (self->layer != NULL || !xep174_tcp_get_unacknowledged (self->stream, &unacknowledged, &state))
    return FALSE;

  /* Behind our own FIN, which counts as an octet, both ends are through. */
  if (state == TCP_CLOSE_WAIT)
    *octets = self->written - unacknowledged;
  else if (state == TCP_CLOSE && self->finished && self->ended_by_fin && unacknowledged == 0)
    *octets = self->written;
  return TRUE;
}

gboolean
xep174_transport_is_taken_in (Xep174Transport *self)
{
  int unacknowledged = 0;
  guint state = 0;

  return self->buffer->len == 0 && (self->layer == NULL || self->layer->records->len == 0)
         && xep174_tcp_get_unacknowledged (self->stream, &unacknowledged, &state)
         && unacknowledged == 0 && state == TCP_ESTABLISHED;
}
