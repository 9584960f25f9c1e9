/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-network-private.h"

#include "xep174-transport-private.h"

/* What a stanza needs whose size is usual. Who sends larger ones gets new room for each. */
#define SCRATCH_MAX (128 * 1024)

Xep174Network *
xep174_network_new (Xep174Clock        *clock,
                    Xep174Poller        *poller,
                    GRand               *random,
                    const Xep174Dialler *dialler,
                    gpointer             dialler_data,
                    GDestroyNotify       dialler_free)
{
  Xep174Network *self = g_new0 (Xep174Network, 1);

  self->ref_count = 1;
  self->clock = xep174_clock_ref (clock);
  self->poller = xep174_poller_ref (poller);
  self->random = g_rand_copy (random);
  self->dialler = dialler;
  self->dialler_data = dialler_data;
  self->dialler_free = dialler_free;
  self->is_logged = !g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN);
  g_queue_init (&self->lingering);
  return self;
}

Xep174Network *
xep174_network_ref (Xep174Network *self)
{
  self->ref_count++;
  return self;
}

void
xep174_network_unref (Xep174Network *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->dialler_free != NULL)
    self->dialler_free (self->dialler_data);
  g_rand_free (self->random);
  xep174_poller_unref (self->poller);
  xep174_clock_unref (self->clock);
  while (self->n_scratches > 0)
    g_string_free (self->scratches[--self->n_scratches], TRUE);
  g_free (self);
}

GString *
xep174_network_take_scratch (Xep174Network *self,
                             gsize          room)
{
  GString *scratch = self->n_scratches > 0 ? self->scratches[--self->n_scratches] : NULL;

  if (scratch != NULL && scratch->allocated_len > room)
    return scratch;

  if (scratch != NULL)
    g_string_free (scratch, TRUE);
  return g_string_sized_new (room);
}

void
xep174_network_give_scratch (Xep174Network *self,
                             GString       *scratch)
{
  g_string_truncate (scratch, 0);
  if (self->n_scratches < G_N_ELEMENTS (self->scratches) && scratch->allocated_len <= SCRATCH_MAX)
    self->scratches[self->n_scratches++] = scratch;
  else
    g_string_free (scratch, TRUE);
}

void
xep174_network_remove_lingering (Xep174Network   *self,
                                 Xep174Transport *transport)
{
  g_queue_remove (&self->lingering, transport);
  if (g_queue_is_empty (&self->lingering) && self->drained != NULL)
    self->drained (self->drained_data);
}

void
xep174_network_dial_async (Xep174Network       *self,
                           Xep174Ways          *ways,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  self->dialler->dial_async (self->dialler_data, ways, cancellable, callback, user_data);
}

GIOStream *
xep174_network_dial_finish (Xep174Network   *self,
                            GAsyncResult    *result,
                            GSocketAddress **address,
                            GError         **error)
{
  return self->dialler->dial_finish (self->dialler_data, result, address, error);
}

/* TCP. */

static void
on_connected (GObject      *client,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (client), result, &error);
  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
ask_directory (Xep174Directory *directory,
               Xep174Ways      *ways,
               GError         **error)
{
  g_autoptr(GSocketConnectable) told = NULL;

  if (xep174_ways_get_led (ways) != NULL)
    return TRUE;

  told = xep174_directory_dup_connectable (directory, xep174_ways_get_name (ways), error);
  if (told == NULL)
    return FALSE;

  xep174_ways_follow (ways, told);
  return TRUE;
}

static void
tcp_dial_async (gpointer             directory,
                Xep174Ways          *ways,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(GSocketClient) client = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, tcp_dial_async);
  if (!ask_directory (directory, ways, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* A proxy has no business between two hosts of one network, and resolving it may block. */
  client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (ways), cancellable, on_connected,
                                 g_steal_pointer (&task));
}

static GIOStream *
tcp_dial_finish (gpointer         directory,
                 GAsyncResult    *result,
                 GSocketAddress **address,
                 GError         **error)
{
  GIOStream *stream = g_task_propagate_pointer (G_TASK (result), error);

  *address = stream != NULL
             ? g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL) : NULL;
  return stream;
}

static const Xep174Dialler tcp_dialler = { tcp_dial_async, tcp_dial_finish };

static void
tcp_dial_nowhere (gpointer             data,
                  Xep174Ways          *ways,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tcp_dial_nowhere);
  g_task_return_new_error (task, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                           "There is no directory to look “%s” up in; give the session manager "
                           "one, or connections with add_connection", xep174_ways_get_name (ways));
}

static const Xep174Dialler no_dialler = { tcp_dial_nowhere, tcp_dial_finish };

Xep174Network *
xep174_network_new_for_tcp (GMainContext    *context,
                            Xep174Directory *directory)
{
  Xep174Poller *poller = xep174_poller_new (context);
  g_autoptr(Xep174Clock) clock = xep174_clock_new (context, poller);
  g_autoptr(GRand) random = g_rand_new ();
  Xep174Network *self;

  self = xep174_network_new (clock, poller, random, directory != NULL ? &tcp_dialler : &no_dialler,
                             directory != NULL ? g_object_ref (directory) : NULL,
                             directory != NULL ? g_object_unref : NULL);
  xep174_poller_unref (poller);
  return self;
}
