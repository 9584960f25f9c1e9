/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-pump-state-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-tcp-private.h"

#define TELL_US (G_USEC_PER_SEC / 10)
/* For the last octets to be read at the other side, after they were written here. */
#define LAST_MS 5000

static void
unref (gpointer data)
{
  Xep174Pump *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->pipe, xep174_pipe_free);
  g_clear_pointer (&self->source, xep174_file_source_free);
  g_clear_pointer (&self->sink, xep174_file_sink_free);
  g_object_unref (self->stop);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_main_context_unref (self->context);
  g_free (self);
}

/* --- What is told ---------------------------------------------------------------------------- */

static void
tell (Xep174Pump  *self,
      GSourceFunc  func)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[xep174] pump");
  g_atomic_ref_count_inc (&self->ref_count);
  g_source_set_callback (source, func, self, unref);
  g_source_attach (source, self->context);
}

static guint64
take_done (Xep174Pump *self)
{
  guint64 done;

  g_mutex_lock (&self->mutex);
  done = self->done;
  self->telling = FALSE;
  g_mutex_unlock (&self->mutex);
  return done;
}

static gboolean
on_progress (gpointer data)
{
  Xep174Pump *self = data;

  self->last_told = take_done (self);
  if (self->events != NULL)
    self->events->progress (self->last_told, self->data);
  return G_SOURCE_REMOVE;
}

/* The socket, at once: the other side waits for its end. It may be about to write, and hear nothing of it: a
 * socket that was shut and that nobody reads makes it wait for minutes. What is whole is left to arrive. */
static void
close_pipe (Xep174Pump *self)
{
  if (g_cancellable_is_cancelled (self->stop) && !self->hashed)
    xep174_tcp_reset_on_close (G_IO_STREAM (self->pipe->connection));
  xep174_pipe_rest (self->pipe, g_cancellable_is_cancelled (self->stop));
  g_clear_pointer (&self->pipe, xep174_pipe_free);
}

static gboolean
on_ended (gpointer data)
{
  Xep174Pump *self = data;
  guint64 done = take_done (self);

  self->ended = TRUE;
  close_pipe (self);
  if (self->events != NULL && done != self->last_told)
    self->events->progress (done, self->data);
  if (self->events != NULL)
    self->events->ended (self->error, self->data);
  return G_SOURCE_REMOVE;
}

/* In the thread, as all that follows. */
static void
note (Xep174Pump *self,
      gsize       more)
{
  gint64 now = g_get_monotonic_time ();
  gboolean is_time;

  g_mutex_lock (&self->mutex);
  self->done += more;
  is_time = !self->telling && (now - self->told_at >= TELL_US || (more > 0 && self->done == self->size));
  self->telling |= is_time;
  g_mutex_unlock (&self->mutex);
  if (!is_time)
    return;

  self->told_at = now;
  tell (self, on_progress);
}

static gboolean
hash_octets (Xep174Pump  *self,
             GError     **error)
{
  guint64 at = 0;
  gssize n;

  while (self->sink != NULL || at < self->offset)
    {
      n = self->sink != NULL
          ? xep174_pump_hash_part (self, error)
          : xep174_pump_read_file (self, at, MIN (XEP174_PUMP_CHUNK, self->offset - at), error);
      if (n < 0 || xep174_pump_is_stopped (self, error))
        return FALSE;
      if (n == 0)
        break;
      at += n;
      note (self, 0);
    }

  return TRUE;
}

/* What was over before belongs to the hash, too. Records that came behind the handshake stay where they
 * are. */
static gboolean
hash_before (Xep174Pump  *self,
             GError     **error)
{
  guint8 *kept = self->buffer;
  gboolean well;

  if (self->offset == 0)
    return TRUE;

  self->buffer = g_malloc (XEP174_PUMP_CHUNK);
  well = hash_octets (self, error);
  g_free (self->buffer);
  self->buffer = kept;
  return well;
}

/* --- Sending --------------------------------------------------------------------------------- */

static gboolean
send_chunk (Xep174Pump  *self,
            gsize        length,
            GError     **error)
{
  if (self->pipe->tls == NULL)
    return xep174_pump_write (self, self->buffer, length, error);

  return xep174_tls_send (self->pipe->tls, (const char *) self->buffer, length, self->wire, error)
         && xep174_pump_write_records (self, error);
}

static gboolean
finish_sending (Xep174Pump  *self,
                GError     **error)
{
  gint64 end = g_get_monotonic_time () + LAST_MS * 1000;
  gssize n;

  if (self->pipe->tls != NULL)
    {
      xep174_tls_close (self->pipe->tls, self->wire);
      if (!xep174_pump_write_records (self, error))
        return FALSE;
    }
  shutdown (self->socket, SHUT_WR);

  do
    n = xep174_pump_await_last (self, end);
  while (n > 0);
  if (xep174_pump_is_stopped (self, error))
    return FALSE;
  if (n < 0)
    xep174_pump_set_errno (error, _("The connection has broken"));

  return n == 0;
}

static gboolean
send_file (Xep174Pump  *self,
           GError     **error)
{
  guint64 at = self->offset;

  while (at < self->size)
    {
      gssize n = xep174_pump_read_file (self, at, MIN (XEP174_PUMP_CHUNK, self->size - at), error);

      if (n < 0 || !send_chunk (self, n, error))
        return FALSE;
      at += n;
      note (self, n);
    }

  self->hashed = xep174_file_source_hash (self->source, self->hash, error);
  return self->hashed && finish_sending (self, error);
}

/* --- Receiving ------------------------------------------------------------------------------- */

/* The sink refuses all of what is more than was declared. */
static gboolean
keep (Xep174Pump     *self,
      gconstpointer   octets,
      gsize           length,
      GError        **error)
{
  g_autoptr(GError) failure = NULL;
  guint64 before = xep174_file_sink_get_done (self->sink);
  gboolean well = xep174_file_sink_write (self->sink, octets, length, self->stop, &failure);

  note (self, xep174_file_sink_get_done (self->sink) - before);
  if (well)
    return TRUE;

  self->local = !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
receive_clear (Xep174Pump  *self,
               guint64      left,
               GError     **error)
{
  gssize n = xep174_pump_read (self, MIN (XEP174_PUMP_CHUNK, left), error);

  return n > 0 && keep (self, self->buffer, n, error);
}

static gboolean
receive_chunk (Xep174Pump  *self,
               GError     **error)
{
  const guint8 *octets;
  gssize n = xep174_pump_read_chunk (self, &octets, error);

  return n > 0 && keep (self, octets, n, error);
}

/* All that has come, which is at most as much as the buffer has. */
static gboolean
receive_encrypted (Xep174Pump  *self,
                   guint64      left,
                   GError     **error)
{
  gboolean well;

  do
    if (xep174_pump_open_records (self, FALSE, error) == XEP174_TLS_FAILED)
      return FALSE;
  while (self->n_unread > 0 && self->text->len < left);

  well = keep (self, self->text->str, self->text->len, error);
  g_string_truncate (self->text, 0);
  return well;
}

/* As records, so chunks: what is behind the last octet of the file. */
static Xep174TlsResult
look_behind_chunks (Xep174Pump *self)
{
  if (!xep174_pump_is_chunks_end (self))
    return XEP174_TLS_TEXT;

  return self->pipe->chunks->state == XEP174_HTTP_DONE ? XEP174_TLS_CLOSED : XEP174_TLS_MORE;
}

/* The file is whole, whatever becomes of the connection; but who sends more has sent another one. */
static gboolean
finish_receiving (Xep174Pump  *self,
                  GError     **error)
{
  gint64 end = g_get_monotonic_time () + LAST_MS * 1000;
  Xep174TlsResult result = self->pipe->tls != NULL ? XEP174_TLS_MORE : XEP174_TLS_TEXT;
  gssize n = self->n_unread;

  shutdown (self->socket, SHUT_WR);
  while (n > 0 || (n = xep174_pump_await_last (self, end)) > 0)
    {
      if (self->n_unread == 0)
        {
          self->unread = self->buffer;
          self->n_unread = n;
        }
      if (self->pipe->tls != NULL)
        result = xep174_tls_receive (self->pipe->tls, &self->unread, &self->n_unread, self->text, self->wire,
                                     NULL);
      else if (self->pipe->chunks != NULL)
        result = look_behind_chunks (self);
      if (result == XEP174_TLS_TEXT)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                               _("More was sent than was offered"));
          return FALSE;
        }
      if (result != XEP174_TLS_MORE)
        break;
      n = self->n_unread;
    }

  return !xep174_pump_is_stopped (self, error);
}

static gboolean
receive_some (Xep174Pump  *self,
              guint64      left,
              GError     **error)
{
  if (self->pipe->tls != NULL)
    return receive_encrypted (self, left, error);

  return self->pipe->chunks != NULL ? receive_chunk (self, error) : receive_clear (self, left, error);
}

static gboolean
receive_file (Xep174Pump  *self,
              GError     **error)
{
  guint64 left;

  while ((left = self->size - xep174_file_sink_get_done (self->sink)) > 0)
    if (!receive_some (self, left, error))
      return FALSE;

  self->hashed = xep174_file_sink_hash (self->sink, self->hash, error);
  return self->hashed && finish_receiving (self, error);
}

/* --- The thread ------------------------------------------------------------------------------ */

/* GSocket never lets the kernel wait. */
static gboolean
let_it_wait (Xep174Pump  *self,
             GError     **error)
{
  int flags = fcntl (self->socket, F_GETFL);

  if (flags >= 0 && fcntl (self->socket, F_SETFL, flags & ~O_NONBLOCK) == 0)
    return TRUE;

  xep174_pump_set_errno (error, _("The connection has broken"));
  return FALSE;
}

static gpointer
run (gpointer data)
{
  Xep174Pump *self = data;

  self->buffer = g_malloc (XEP174_PUMP_CHUNK);
  self->text = g_string_new (NULL);
  self->wire = g_string_new (NULL);
  /* The other side does not wait for our disk when it shakes hands. */
  if (let_it_wait (self, &self->error) && xep174_pump_shake_hands (self, &self->error)
      && hash_before (self, &self->error))
    {
      if (self->sink != NULL)
        receive_file (self, &self->error);
      else
        send_file (self, &self->error);
    }

  g_clear_pointer (&self->buffer, g_free);
  g_string_free (self->text, TRUE);
  g_string_free (self->wire, TRUE);
  tell (self, on_ended);
  unref (self);
  return NULL;
}

static Xep174Pump *
begin (Xep174Pipe             *pipe,
       Xep174FileSource       *source,
       Xep174FileSink         *sink,
       guint64                 offset,
       guint64                 size,
       const Xep174PumpEvents *events,
       gpointer                data)
{
  Xep174Pump *self = g_new0 (Xep174Pump, 1);
  GThread *thread;

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->events = events;
  self->data = data;
  self->pipe = pipe;
  self->socket = g_socket_get_fd (g_socket_connection_get_socket (pipe->connection));
  self->source = source;
  self->sink = sink;
  self->offset = self->done = self->last_told = offset;
  self->size = size;
  self->stop = g_cancellable_new ();
  xep174_pipe_begin_handshake (pipe);

  g_atomic_ref_count_inc (&self->ref_count);
  thread = g_thread_try_new ("xep174-file", run, self, &self->error);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    {
      tell (self, on_ended);
      unref (self);
    }

  return self;
}

Xep174Pump *
xep174_pump_send (Xep174Pipe             *pipe,
                  Xep174FileSource       *source,
                  guint64                 offset,
                  guint64                 size,
                  const Xep174PumpEvents *events,
                  gpointer                data)
{
  return begin (pipe, source, NULL, offset, size, events, data);
}

Xep174Pump *
xep174_pump_receive (Xep174Pipe             *pipe,
                     Xep174FileSink         *sink,
                     guint64                 size,
                     const Xep174PumpEvents *events,
                     gpointer                data)
{
  return begin (pipe, NULL, sink, xep174_file_sink_get_done (sink), size, events, data);
}

void
xep174_pump_stop (Xep174Pump *self)
{
  if (self->ended)
    return;

  /* The thread wakes from whatever it does with the socket, or with a stream of the program's. */
  g_cancellable_cancel (self->stop);
  shutdown (self->socket, SHUT_RDWR);
}

gboolean
xep174_pump_is_local (Xep174Pump *self)
{
  g_return_val_if_fail (self->ended, FALSE);

  return self->local;
}

const guint8 *
xep174_pump_get_hash (Xep174Pump *self)
{
  g_return_val_if_fail (self->ended, NULL);

  return self->hashed ? self->hash : NULL;
}

Xep174FileSink *
xep174_pump_take_sink (Xep174Pump *self)
{
  g_return_val_if_fail (self->ended, NULL);

  return g_steal_pointer (&self->sink);
}

void
xep174_pump_free (Xep174Pump *self)
{
  xep174_pump_stop (self);
  if (!self->ended)
    xep174_pipe_rest (self->pipe, TRUE);
  self->events = NULL;
  unref (self);
}
