/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http-server.h"

#include <string.h>

struct _HttpServer
{
  GSocket *socket;
  GCancellable *stop;
  GThread *thread;
  guint16 port;
  GBytes *reply;
  gsize step;
  gboolean holds;
  GMutex mutex;
  guint n;
  GString *heard;
};

/* Whether it is still there at the end of what it asks for. */
static gboolean
hear (HttpServer *self,
      GSocket    *socket)
{
  g_autoptr(GString) heard = g_string_new (NULL);
  char octets[1024];
  gssize n = 1;

  while (n > 0 && strstr (heard->str, "\r\n\r\n") == NULL)
    {
      n = g_socket_receive (socket, octets, sizeof octets, self->stop, NULL);
      if (n > 0)
        g_string_append_len (heard, octets, n);
    }
  g_mutex_lock (&self->mutex);
  self->n++;
  g_string_append (self->heard, heard->str);
  g_mutex_unlock (&self->mutex);

  return n > 0;
}

static void
say (HttpServer *self,
     GSocket    *socket)
{
  gsize length, at = 0;
  const char *octets = g_bytes_get_data (self->reply, &length);
  gssize n = 1;

  while (at < length && n > 0)
    {
      n = g_socket_send (socket, octets + at, MIN (self->step, length - at), self->stop, NULL);
      at += MAX (n, 0);
    }
}

static gpointer
serve (gpointer data)
{
  HttpServer *self = data;
  GSocket *socket;
  char octet;

  while ((socket = g_socket_accept (self->socket, self->stop, NULL)) != NULL)
    {
      if (hear (self, socket))
        say (self, socket);
      if (self->holds)
        g_socket_receive (socket, &octet, 1, self->stop, NULL);
      g_object_unref (socket);
    }

  return NULL;
}

HttpServer *
http_server_new (const char *address,
                 GBytes     *reply,
                 gsize       step,
                 gboolean    holds)
{
  HttpServer *self = g_new0 (HttpServer, 1);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr(GSocketAddress) bound = NULL;

  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (self->socket, any, FALSE, NULL) && g_socket_listen (self->socket, NULL));
  bound = g_socket_get_local_address (self->socket, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->stop = g_cancellable_new ();
  self->reply = g_bytes_ref (reply);
  self->step = step;
  self->holds = holds;
  self->heard = g_string_new (NULL);
  g_mutex_init (&self->mutex);
  self->thread = g_thread_new ("http", serve, self);

  return self;
}

void
http_server_free (HttpServer *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->socket);
  g_object_unref (self->stop);
  g_bytes_unref (self->reply);
  g_string_free (self->heard, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint16
http_server_get_port (HttpServer *self)
{
  return self->port;
}

guint
http_server_get_n (HttpServer *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->n;
  g_mutex_unlock (&self->mutex);

  return n;
}

char *
http_server_dup_heard (HttpServer *self)
{
  char *heard;

  g_mutex_lock (&self->mutex);
  heard = g_strdup (self->heard->str);
  g_mutex_unlock (&self->mutex);

  return heard;
}
