/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-transport-state-private.h"

#include "xep174-gettext-private.h"
#include "xep174-tcp-private.h"
#include "xep174-trust-error.h"

/* A buffer that a burst has blown up is given back, for the next one of any stream. */
#define BUFFER_KEEP 4096

/* How much of what the peer had said before a write failed is heard: more than any host keeps of it.
 * Who goes on talking while it cannot be answered is not listened to for ever. */
#define LAST_WORDS (8 * 1024 * 1024)
#define PIECE_MS 1

/* How many may wait at a time for the peer's end. More is a flood: the oldest waits no longer, so
 * that there are descriptors left for others. */
#define LINGER_MAX 256

static void
transport_unref (Xep174Transport *self)
{
  if (--self->ref_count > 0)
    return;

  g_string_free (self->buffer, TRUE);
  g_clear_pointer (&self->layer, xep174_record_layer_free);
  g_clear_error (&self->write_error);
  xep174_network_unref (self->network);
  g_free (self);
}

static gboolean
has_records (Xep174Transport *self)
{
  return self->layer != NULL && self->layer->records->len > 0;
}

static void
update_interest (Xep174Transport *self)
{
  GIOCondition interest = 0;

  if (self->watch == NULL)
    return;

  if (self->reading && !self->ended)
    interest |= G_IO_IN;
  if ((self->flushed > self->written || has_records (self)) && self->write_error == NULL)
    interest |= G_IO_OUT;
  xep174_watch_set_interest (self->watch, interest);
}

static void
end (Xep174Transport *self,
     const GError    *error)
{
  self->ended = TRUE;
  update_interest (self);
  self->events->ended (error, self->data);
}

/* The first @length octets of the buffer have gone out. */
static void
forget (Xep174Transport *self,
        gsize            length)
{
  self->written += length;
  g_string_erase (self->buffer, 0, length);
  if (self->buffer->len == 0 && self->buffer->allocated_len > BUFFER_KEEP)
    {
      xep174_network_give_scratch (self->network, self->buffer);
      self->buffer = g_string_new (NULL);
    }
}

static void
write_text (Xep174Transport *self)
{
  gssize length;

  if (self->flushed == self->written)
    return;

  length = self->output_iface->write_nonblocking (self->output, self->buffer->str,
                                                  self->flushed - self->written,
                                                  &self->write_error);
  if (length > 0)
    forget (self, length);
}

static void
write_records (Xep174Transport *self)
{
  const GString *records;
  gsize gone = 0;
  gssize length;

  while (xep174_record_layer_fill (self->layer, self->buffer->str + gone,
                                   self->flushed - self->written - gone, &self->write_error))
    {
      records = self->layer->records;
      length = self->output_iface->write_nonblocking (self->output, records->str, records->len,
                                                      &self->write_error);
      if (length < 0)
        break;
      gone += xep174_record_layer_sent (self->layer, length);
    }
  /* Once, for what is behind it is moved. */
  forget (self, gone);
}

static void
write_some (Xep174Transport *self)
{
  if (self->write_error != NULL)
    return;

  if (self->layer != NULL)
    write_records (self);
  else
    write_text (self);
  if (g_error_matches (self->write_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_clear_error (&self->write_error);
}

static void
hear (Xep174Transport *self,
      const guint8    *octets,
      gsize            length)
{
  if (self->write_error != NULL)
    self->heard_after_error += length;
  self->events->octets (octets, length, self->data);
  if (self->heard_after_error > LAST_WORDS && !self->ended && self->watch != NULL)
    end (self, self->write_error);
}

static void
pad (GString *text)
{
  gsize length = text->len;

  if (text->allocated_len - length >= XEP174_POLLER_PADDING)
    return;

  g_string_set_size (text, length + XEP174_POLLER_PADDING);
  g_string_set_size (text, length);
}

/* Up to the end of @octets, or until a happening that the owner is told at once. */
static Xep174TlsResult
open_records (Xep174Transport  *self,
              const guint8    **octets,
              gsize            *length,
              GString          *text,
              GError          **error)
{
  Xep174TlsResult result;

  do
    result = xep174_tls_receive (self->layer->tls, octets, length, text, self->layer->records, error);
  while (result == XEP174_TLS_TEXT && *length > 0);
  return result;
}

/* The same for what is encrypted. What follows close_notify is not read. */
static void
hear_records (Xep174Transport *self,
              const guint8    *octets,
              gsize            length)
{
  GString *text = xep174_network_take_scratch (self->network, length + XEP174_POLLER_PADDING);
  g_autoptr(GError) error = NULL;
  Xep174TlsResult result = XEP174_TLS_OPEN;

  while (result == XEP174_TLS_OPEN && self->watch != NULL && !self->ended && !self->retired)
    {
      result = open_records (self, &octets, &length, text, &error);
      write_some (self);
      update_interest (self);
      self->layer->open |= result == XEP174_TLS_OPEN;
      self->layer->closed |= result == XEP174_TLS_CLOSED;
      pad (text);
      if (text->len > 0)
        hear (self, (const guint8 *) text->str, text->len);
      if (result == XEP174_TLS_OPEN && self->events->encrypted != NULL)
        self->events->encrypted (self->data);
      if (result == XEP174_TLS_FAILED && self->watch != NULL && !self->ended)
        end (self, error);
    }
  xep174_network_give_scratch (self->network, text);
}

/* Anybody on the way can end TCP: only close_notify says that the peer did (T9). */
static void
end_by_fin (Xep174Transport *self)
{
  g_autoptr(GError) cut = NULL;

  if (self->write_error == NULL && self->layer != NULL && !self->layer->closed)
    g_set_error_literal (&cut, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS,
                         _("The connection was cut: its end was not encrypted"));
  self->ended_by_fin = self->write_error == NULL && cut == NULL;
  end (self, self->write_error != NULL ? self->write_error : cut);
}

/* Reads once. FALSE when there is nothing more for now. */
static gboolean
read_some (Xep174Transport *self)
{
  Xep174Poller *poller = self->network->poller;
  guint8 *octets = xep174_poller_take_buffer (poller);
  g_autoptr(GError) error = NULL;
  gboolean waits = FALSE;
  gssize length;

  length = self->input_iface->read_nonblocking (self->input, octets, XEP174_POLLER_BUFFER_SIZE,
                                                &error);
  if (length > 0 && self->layer == NULL)
    hear (self, octets, length);
  else if (length > 0 && !self->layer->closed)
    hear_records (self, octets, length);
  else if (length == 0)
    end_by_fin (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    end (self, error);
  else
    waits = TRUE;

  xep174_poller_give_buffer (poller, octets);
  return !waits && !self->ended && self->watch != NULL && self->reading;
}

/* After a failed write: what the peer had said before is still heard, then it is the end. Others
 * have their turn between its pieces. */
static void
on_write_failed (gpointer data)
{
  Xep174Transport *self = data;

  self->ref_count++;
  if (read_some (self))
    xep174_alarm_set (&self->alarm, self->network->clock, PIECE_MS, on_write_failed, self);
  else if (self->watch != NULL && self->reading && !self->ended)
    end (self, self->write_error);
  transport_unref (self);
}

/* Reported later, never from within the call that wrote. */
static void
report_write_error (Xep174Transport *self)
{
  if (self->write_error != NULL && self->reading && !self->ended && self->watch != NULL)
    xep174_alarm_set (&self->alarm, self->network->clock, 0, on_write_failed, self);
}

/* Behind all text (RFC 8446 §6.1). */
static void
say_close_notify (Xep174Transport *self)
{
  if (self->layer == NULL || !self->layer->open || self->close_notify_said || !self->shut
      || self->flushed - self->written > self->layer->text)
    return;

  self->close_notify_said = TRUE;
  xep174_tls_close (self->layer->tls, self->layer->records);
  write_some (self);
}

static void
finish_if_drained (Xep174Transport *self)
{
  if (!self->shut || self->finished || self->buffer->len > 0 || has_records (self))
    return;

  self->finished = TRUE;
  if (G_IS_SOCKET_CONNECTION (self->stream) && !G_IS_TCP_WRAPPER_CONNECTION (self->stream))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->stream)), FALSE,
                       TRUE, NULL);
  else
    g_output_stream_close_async (g_io_stream_get_output_stream (self->stream), G_PRIORITY_DEFAULT,
                                 NULL, NULL, NULL);
}

static void
on_ready (GIOCondition ready,
          gpointer     data)
{
  Xep174Transport *self = data;

  self->ref_count++;
  if (ready & G_IO_OUT)
    {
      write_some (self);
      say_close_notify (self);
      update_interest (self);
      report_write_error (self);
      finish_if_drained (self);
      if (self->events->progress != NULL)
        self->events->progress (self->data);
    }
  if ((ready & G_IO_IN) && self->watch != NULL && self->reading && !self->ended)
    read_some (self);
  transport_unref (self);
}

Xep174Transport *
xep174_transport_new (Xep174Network                *network,
                      GIOStream                    *stream,
                      const Xep174TransportEvents  *events,
                      gpointer                      data,
                      GError                      **error)
{
  Xep174Transport *self;

  if (g_io_stream_is_closed (stream)
      || g_input_stream_is_closed (g_io_stream_get_input_stream (stream))
      || g_output_stream_is_closed (g_io_stream_get_output_stream (stream)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                           _("The connection is closed already; give an open one"));
      return NULL;
    }

  self = g_new0 (Xep174Transport, 1);
  self->watch = xep174_watch_new (network->poller, stream, on_ready, self, error);
  if (self->watch == NULL)
    {
      g_free (self);
      return NULL;
    }

  xep174_tcp_prepare (stream);
  self->ref_count = 1;
  self->network = xep174_network_ref (network);
  self->stream = g_object_ref (stream);
  self->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  self->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  self->input_iface = G_POLLABLE_INPUT_STREAM_GET_INTERFACE (self->input);
  self->output_iface = G_POLLABLE_OUTPUT_STREAM_GET_INTERFACE (self->output);
  self->events = events;
  self->data = data;
  self->buffer = g_string_new (NULL);
  return self;
}

void
xep174_transport_set_events (Xep174Transport             *self,
                             const Xep174TransportEvents *events,
                             gpointer                     data)
{
  self->events = events;
  self->data = data;
}

void
xep174_transport_start_tls (Xep174Transport *self,
                            Xep174Tls       *tls)
{

  g_return_if_fail (self->layer == NULL);

  /* What was still to be said in the clear goes first. */
  self->flushed = xep174_transport_get_appended (self);
  self->layer = xep174_record_layer_new (tls, self->network, self->buffer->str, self->buffer->len);
  self->ref_count++;
  hear_records (self, NULL, 0);
  transport_unref (self);
}

GIOStream *
xep174_transport_steal (Xep174Transport *self)
{
  g_clear_pointer (&self->watch, xep174_watch_free);
  xep174_alarm_clear (&self->alarm, self->network->clock);
  /* Last: who is told that none is left may run a main loop. */
  if (self->retired)
    xep174_network_remove_lingering (self->network, self);
  return g_steal_pointer (&self->stream);
}

static void
close_stream (Xep174Transport *self,
              GCancellable    *cancellable)
{
  g_autoptr(GIOStream) stream = xep174_transport_steal (self);

  /* Closing a socket does not block; what else a stream may do in its close is its own affair. */
  if (G_IS_SOCKET_CONNECTION (stream))
    g_io_stream_close (stream, NULL, NULL);
  else if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, cancellable, NULL, NULL);
  transport_unref (self);
}

void
xep174_transport_free (Xep174Transport *self)
{
  close_stream (self, NULL);
}

void
xep174_transport_abort (Xep174Transport *self)
{
  g_autoptr(GCancellable) at_once = g_cancellable_new ();

  /* What has failed or ended has nothing to be told. */
  if (self->ended || self->write_error != NULL)
    {
      xep174_transport_free (self);
      return;
    }

  xep174_tcp_reset_on_close (self->stream);
  /* A cancelled close is one without farewell, for TLS for example. */
  g_cancellable_cancel (at_once);
  close_stream (self, at_once);
}

void
xep174_transport_shut (Xep174Transport *self)
{
  self->shut = TRUE;
  self->flushed = xep174_transport_get_appended (self);
  write_some (self);
  say_close_notify (self);
  finish_if_drained (self);
  update_interest (self);
}

static void
on_linger_octets (const guint8 *octets,
                  gsize         length,
                  gpointer      data)
{
}

static void
on_linger_ended (const GError *error,
                 gpointer      data)
{
  xep174_transport_free (data);
}

static void
on_linger_timeout (gpointer data)
{
  xep174_transport_free (data);
}

static const Xep174TransportEvents linger_events = { on_linger_octets, on_linger_ended, NULL };

void
xep174_transport_retire (Xep174Transport *self,
                         guint            ms)
{
  if (self->ended || self->write_error != NULL)
    {
      xep174_transport_free (self);
      return;
    }

  if (self->network->lingering.length >= LINGER_MAX)
    xep174_transport_free (g_queue_peek_head (&self->network->lingering));
  self->retired = TRUE;
  g_queue_push_tail (&self->network->lingering, self);
  xep174_transport_set_events (self, &linger_events, self);
  xep174_alarm_set (&self->alarm, self->network->clock, ms, on_linger_timeout, self);
  self->reading = TRUE;
  xep174_transport_shut (self);
}

void
xep174_transport_end_lingering (Xep174Network *network)
{
  Xep174Transport *transport;

  while ((transport = g_queue_peek_head (&network->lingering)) != NULL)
    xep174_transport_free (transport);
}

void
xep174_transport_set_reading (Xep174Transport *self,
                              gboolean         reading)
{
  if (self->reading == reading)
    return;

  self->reading = reading;
  update_interest (self);
  report_write_error (self);
}

gboolean
xep174_transport_has_input (Xep174Transport *self)
{
  return self->reading && !self->ended && g_pollable_input_stream_is_readable (self->input);
}

gboolean
xep174_transport_get_reading (Xep174Transport *self)
{
  return self->reading;
}

GString *
xep174_transport_get_buffer (Xep174Transport *self)
{
  return self->buffer;
}

void
xep174_transport_make_room (Xep174Transport *self,
                            gsize            octets)
{
  if (octets <= BUFFER_KEEP || self->buffer->len > 0)
    return;

  g_string_free (self->buffer, TRUE);
  self->buffer = xep174_network_take_scratch (self->network, octets);
}

gboolean
xep174_transport_has_unflushed (Xep174Transport *self)
{
  return self->flushed - self->written < self->buffer->len;
}

const char *
xep174_transport_get_unflushed (Xep174Transport *self,
                                gsize           *length)
{
  gsize start = self->flushed - self->written;

  *length = self->buffer->len - start;
  return self->buffer->str + start;
}

void
xep174_transport_flush (Xep174Transport *self)
{
  self->flushed = xep174_transport_get_appended (self);
  write_some (self);
  update_interest (self);
  report_write_error (self);
}

gboolean
xep174_transport_has_failed (Xep174Transport *self)
{
  return self->write_error != NULL;
}

guint64
xep174_transport_get_written (Xep174Transport *self)
{
  return self->written;
}

guint64
xep174_transport_get_begun (Xep174Transport *self)
{
  return self->written + (self->layer != NULL ? self->layer->text : 0);
}

guint64
xep174_transport_get_appended (Xep174Transport *self)
{
  return self->written + self->buffer->len;
}

void
xep174_transport_erase (Xep174Transport *self,
                        guint64          start,
                        guint64          end)
{
  g_return_if_fail (start >= xep174_transport_get_begun (self) && end >= start);

  g_string_erase (self->buffer, start - self->written, end - start);
  if (start < self->flushed)
    self->flushed -= MIN (end, self->flushed) - start;
}
