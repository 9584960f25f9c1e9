/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-fetch-private.h"

#include <string.h>

#include "xep174-gettext-private.h"

/* What is looked at in one go, of what comes before the file. */
#define LOOK 2048

struct _Xep174Fetch
{
  Xep174Network *network;
  GMainContext *context;
  char *request;
  Xep174FetchFunc func; /* %NULL: given up, waits for its callback */
  gpointer data;
  GCancellable *cancellable; /* while TCP is made */
  GSocketConnection *connection;
  GSource *source;
  Xep174Http reply;
};

static void
stop_reading (Xep174Fetch *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* Takes @error. */
static void
end (Xep174Fetch *self,
     GError      *error)
{
  g_autoptr(GError) held = error;
  Xep174Http reply = self->reply;

  stop_reading (self);
  self->func (&reply, held, self->data);
}

/* --- What comes before the file -------------------------------------------------------------- */

static GError *
explain (const Xep174Http *reply)
{
  if (reply->state == XEP174_HTTP_REFUSED)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                        _("The contact's program does not give the file any more (it answers %u). "
                          "Ask for it once more"), reply->status);

  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                              _("What answers for the contact says nothing that can be understood"));
}

/* Looks, and takes away what is not of the file: that is for who moves it. FALSE at the end of all. */
static gboolean
take_some (Xep174Fetch  *self,
           GError      **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  guint8 octets[LOOK];
  GInputVector vector = { octets, sizeof octets };
  int flags = G_SOCKET_MSG_PEEK;
  gsize n_body, taken;
  gssize n = g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, error);

  if (n < 0)
    return FALSE;
  if (n == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                           _("The contact ended the connection before all had come"));
      return FALSE;
    }

  taken = xep174_http_read (&self->reply, octets, n, &n_body);
  if (self->reply.state >= XEP174_HTTP_REFUSED)
    {
      g_propagate_error (error, explain (&self->reply));
      return FALSE;
    }

  return g_socket_receive (socket, (char *) octets, taken, NULL, error) == (gssize) taken;
}

static gboolean
on_readable (GSocket      *socket,
             GIOCondition  condition,
             gpointer      data)
{
  Xep174Fetch *self = data;
  GError *error = NULL;

  while (error == NULL && !xep174_http_has_head (&self->reply))
    take_some (self, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      g_error_free (error);
      return G_SOURCE_CONTINUE;
    }

  end (self, error);
  return G_SOURCE_REMOVE;
}

/* --- The request ----------------------------------------------------------------------------- */

/* So few octets have room in any socket. */
static gboolean
ask (Xep174Fetch  *self,
     GError      **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  gsize length = strlen (self->request);

  g_socket_set_blocking (socket, FALSE);
  if (g_socket_send (socket, self->request, length, NULL, error) != (gssize) length)
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _("The connection has broken"));
      return FALSE;
    }

  self->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_static_name (self->source, "[xep174] fetch");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, self->context);

  return TRUE;
}

static void
on_connected (GObject      *client,
              GAsyncResult *result,
              gpointer      data)
{
  Xep174Fetch *self = data;
  GError *error = NULL;

  self->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);
  g_clear_object (&self->cancellable);
  if (self->func == NULL)
    {
      g_clear_error (&error);
      xep174_fetch_free (self);
    }
  else if (self->connection == NULL || !ask (self, &error))
    end (self, error);
}

/* --- Both ------------------------------------------------------------------------------------ */

Xep174Fetch *
xep174_fetch_new (Xep174Network   *network,
                  GMainContext    *context,
                  GSocketAddress  *address,
                  const char      *request,
                  Xep174FetchFunc  func,
                  gpointer         data)
{
  Xep174Fetch *self = g_new0 (Xep174Fetch, 1);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  gboolean entered;

  self->network = xep174_network_ref (network);
  self->context = g_main_context_ref (context);
  self->request = g_strdup (request);
  self->func = func;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  xep174_http_init (&self->reply);

  /* Between two hosts of one network. */
  g_socket_client_set_enable_proxy (client, FALSE);
  entered = xep174_poller_enter (network->poller);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), self->cancellable, on_connected,
                                 self);
  xep174_poller_leave (network->poller, entered);

  return self;
}

Xep174Pipe *
xep174_fetch_take (Xep174Fetch *self)
{
  Xep174Pipe *pipe;

  g_return_val_if_fail (xep174_http_has_head (&self->reply), NULL);

  pipe = xep174_pipe_new (self->connection, TRUE, NULL, NULL, NULL, NULL);
  if (self->reply.chunked)
    pipe->chunks = g_memdup2 (&self->reply, sizeof self->reply);

  return pipe;
}

void
xep174_fetch_free (Xep174Fetch *self)
{
  stop_reading (self);
  if (self->cancellable != NULL)
    {
      self->func = NULL;
      g_cancellable_cancel (self->cancellable);
      return;
    }

  g_clear_object (&self->connection);
  g_main_context_unref (self->context);
  xep174_network_unref (self->network);
  g_free (self->request);
  g_free (self);
}
