/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-greeting-private.h"

#include "xep174-socks.h"

struct _Xep174Greeting
{
  GSocketConnection *connection;
  GMainContext *context;
  Xep174Network *network;
  Xep174Alarm alarm;
  GSource *source;
  Xep174Socks socks;
  GByteArray *heard; /* and not taken yet: never much, see take() */
  const Xep174GreetingEvents *events;
  gpointer data;
};

static void
stop_reading (Xep174Greeting *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
end (Xep174Greeting *self,
     gboolean        well)
{
  stop_reading (self);
  self->events->over (well ? self->connection : NULL, self->data);
}

static void
on_timeout (gpointer data)
{
  end (data, FALSE);
}

/* So few octets have room in any socket; where not, nobody is there who reads. */
static gboolean
say (Xep174Greeting   *self,
     const GByteArray *words)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);

  return words->len == 0
         || g_socket_send (socket, (const char *) words->data, words->len, NULL, NULL) == (gssize) words->len;
}

/* Who goes on talking before it is answered says something that nobody has asked for. */
static void
grant (Xep174Greeting *self,
       GByteArray     *words)
{
  gboolean expected = self->heard->len == 0 && self->events->asks (self->socks.address, self->data);

  xep174_socks_grant (&self->socks, expected, words);
}

/* What the machine leaves is less than it needs for its next word, which is at most XEP174_SOCKS_MAX, or
 * comes too early. */
static gboolean
take (Xep174Greeting *self)
{
  g_autoptr(GByteArray) words = g_byte_array_new ();
  gsize taken;

  while ((taken = xep174_socks_read (&self->socks, self->heard->data, self->heard->len, words)) > 0)
    g_byte_array_remove_range (self->heard, 0, taken);
  if (xep174_socks_asks (&self->socks))
    grant (self, words);

  return say (self, words) && self->socks.state != XEP174_SOCKS_REFUSED;
}

/* One octet at a time, which is done some fifty times for a file: so nothing behind the greeting is taken.
 * What libpurple sends follows its last word at once. */
static gboolean
on_readable (GSocket      *socket,
             GIOCondition  condition,
             gpointer      data)
{
  Xep174Greeting *self = data;
  gboolean well = TRUE;

  while (well && self->socks.state != XEP174_SOCKS_DONE)
    {
      g_autoptr(GError) error = NULL;
      guint8 octet;
      gssize n = g_socket_receive (socket, (char *) &octet, 1, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;

      well = n == 1;
      if (well)
        {
          g_byte_array_append (self->heard, &octet, 1);
          well = take (self);
        }
    }

  end (self, well);
  return G_SOURCE_REMOVE;
}

static void
read_on (Xep174Greeting *self)
{
  self->source = g_socket_create_source (g_socket_connection_get_socket (self->connection), G_IO_IN, NULL);
  g_source_set_static_name (self->source, "[xep174] greeting");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, self->context);
}

Xep174Greeting *
xep174_greeting_new (GSocketConnection          *connection,
                     GMainContext               *context,
                     Xep174Network              *network,
                     guint                       ms,
                     const Xep174GreetingEvents *events,
                     gpointer                    data)
{
  Xep174Greeting *self = g_new0 (Xep174Greeting, 1);

  g_socket_set_blocking (g_socket_connection_get_socket (connection), FALSE);
  self->connection = g_object_ref (connection);
  self->context = g_main_context_ref (context);
  self->network = xep174_network_ref (network);
  self->heard = g_byte_array_new ();
  self->events = events;
  self->data = data;
  xep174_alarm_set (&self->alarm, network->clock, ms, on_timeout, self);
  return self;
}

void
xep174_greeting_free (Xep174Greeting *self)
{
  stop_reading (self);
  xep174_alarm_clear (&self->alarm, self->network->clock);
  g_byte_array_unref (self->heard);
  xep174_network_unref (self->network);
  g_main_context_unref (self->context);
  g_object_unref (self->connection);
  g_free (self);
}

void
xep174_greeting_dial (Xep174Greeting *self,
                      const char     *address)
{
  g_autoptr(GByteArray) words = g_byte_array_new ();

  xep174_socks_dial (&self->socks, address, words);
  if (say (self, words))
    read_on (self);
  else
    end (self, FALSE);
}

void
xep174_greeting_accept (Xep174Greeting *self,
                        const guint8   *octets,
                        gsize           length)
{
  gboolean well = length <= 2 * XEP174_SOCKS_MAX;

  xep174_socks_accept (&self->socks);
  if (well)
    {
      g_byte_array_append (self->heard, octets, length);
      well = take (self);
    }
  if (!well || self->socks.state == XEP174_SOCKS_DONE)
    end (self, well);
  else
    read_on (self);
}

const char *
xep174_greeting_get_address (Xep174Greeting *self)
{
  return self->socks.address;
}
