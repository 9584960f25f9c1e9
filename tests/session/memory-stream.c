/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory-stream.h"

/* One direction. */
typedef struct
{
  gatomicrefcount ref_count;
  GByteArray *flight;
  GByteArray *arrived;
  GString *written;
  gsize delivered;
  guint room;
  gboolean flowing;
  gboolean cut;
  gboolean fin;
  gboolean fin_arrived;
  gboolean broken;
  int error; /* what a broken one says */
  MemoryFaultFunc fault;
  gpointer fault_data;
} Pipe;

static Pipe *
pipe_new (void)
{
  Pipe *pipe = g_new0 (Pipe, 1);

  g_atomic_ref_count_init (&pipe->ref_count);
  pipe->flight = g_byte_array_new ();
  pipe->arrived = g_byte_array_new ();
  pipe->written = g_string_new (NULL);
  pipe->room = G_MAXUINT;
  pipe->flowing = TRUE;
  pipe->error = G_IO_ERROR_CONNECTION_CLOSED;
  return pipe;
}

static Pipe *
pipe_ref (Pipe *pipe)
{
  g_atomic_ref_count_inc (&pipe->ref_count);
  return pipe;
}

static void
pipe_unref (Pipe *pipe)
{
  if (!g_atomic_ref_count_dec (&pipe->ref_count))
    return;

  g_byte_array_unref (pipe->flight);
  g_byte_array_unref (pipe->arrived);
  g_string_free (pipe->written, TRUE);
  g_free (pipe);
}

static void
pipe_deliver (Pipe  *pipe,
              gsize  octets)
{
  gsize length = MIN (octets, pipe->flight->len);

  if (pipe->broken)
    return;

  g_byte_array_append (pipe->arrived, pipe->flight->data, length);
  g_byte_array_remove_range (pipe->flight, 0, length);
  pipe->delivered += length;
  if (octets > length && pipe->fin)
    pipe->fin_arrived = TRUE;
}

/* Whatever is done to one end comes over this operation first. */
static gboolean
pipe_suffer (Pipe     *pipe,
             gsize    *length,
             GError  **error)
{
  switch (pipe->fault != NULL ? pipe->fault (pipe->fault_data) : MEMORY_FAULT_NONE)
    {
    case MEMORY_FAULT_AGAIN:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Not now");
      return FALSE;
    case MEMORY_FAULT_SHORT:
      *length = MIN (*length, 1);
      return TRUE;
    case MEMORY_FAULT_NONE:
    default:
      return TRUE;
    }
}

static gssize
pipe_write (Pipe          *pipe,
            gconstpointer  octets,
            gsize          length,
            GError       **error)
{
  if (!pipe_suffer (pipe, &length, error))
    return -1;
  if (pipe->broken || pipe->fin)
    {
      g_set_error_literal (error, G_IO_ERROR,
                           pipe->error == G_IO_ERROR_TIMED_OUT ? G_IO_ERROR_TIMED_OUT
                                                               : G_IO_ERROR_BROKEN_PIPE,
                           "Broken pipe");
      return -1;
    }
  if (pipe->room == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "No room");
      return -1;
    }

  length = MIN (length, pipe->room);
  if (pipe->room != G_MAXUINT)
    pipe->room -= length;
  g_string_append_len (pipe->written, octets, length);
  if (!pipe->cut)
    g_byte_array_append (pipe->flight, octets, length);
  if (pipe->flowing)
    pipe_deliver (pipe, length);
  return length;
}

static gssize
pipe_read (Pipe     *pipe,
           gpointer  octets,
           gsize     length,
           GError  **error)
{
  if (!pipe_suffer (pipe, &length, error))
    return -1;
  length = MIN (length, pipe->arrived->len);
  if (length > 0)
    {
      memcpy (octets, pipe->arrived->data, length);
      g_byte_array_remove_range (pipe->arrived, 0, length);
      return length;
    }
  if (pipe->broken)
    g_set_error_literal (error, G_IO_ERROR, pipe->error, "Connection reset");
  else if (!pipe->fin_arrived)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Nothing there");
  else
    return 0;
  return -1;
}

static void
pipe_close (Pipe *pipe)
{
  pipe->fin = TRUE;
  if (pipe->flowing && !pipe->cut)
    pipe_deliver (pipe, G_MAXSIZE);
}

static gboolean
pipe_is_readable (Pipe *pipe)
{
  return pipe->arrived->len > 0 || pipe->fin_arrived || pipe->broken;
}

static gboolean
pipe_is_writable (Pipe *pipe)
{
  return pipe->room > 0 || pipe->broken;
}

/* A source that is ready when a pipe is. */

typedef struct
{
  GSource source;
  GObject *stream;
  Pipe *pipe;
  gboolean (*is_ready) (Pipe *pipe);
} PipeSource;

static gboolean
pipe_source_prepare (GSource *source,
                     int     *timeout)
{
  PipeSource *self = (PipeSource *) source;

  *timeout = -1;
  return self->is_ready (self->pipe);
}

static gboolean
pipe_source_check (GSource *source)
{
  PipeSource *self = (PipeSource *) source;

  return self->is_ready (self->pipe);
}

static gboolean
pipe_source_dispatch (GSource     *source,
                      GSourceFunc  callback,
                      gpointer     data)
{
  return ((GPollableSourceFunc) (void (*) (void)) callback) (((PipeSource *) source)->stream, data);
}

static void
pipe_source_finalize (GSource *source)
{
  PipeSource *self = (PipeSource *) source;

  g_object_unref (self->stream);
  pipe_unref (self->pipe);
}

static GSourceFuncs pipe_source_funcs = {
  pipe_source_prepare, pipe_source_check, pipe_source_dispatch, pipe_source_finalize, NULL, NULL,
};

static GSource *
pipe_source_new (gpointer   stream,
                 Pipe      *pipe,
                 gboolean (*is_ready) (Pipe *pipe))
{
  GSource *source = g_source_new (&pipe_source_funcs, sizeof (PipeSource));

  ((PipeSource *) source)->stream = g_object_ref (stream);
  ((PipeSource *) source)->pipe = pipe_ref (pipe);
  ((PipeSource *) source)->is_ready = is_ready;
  return source;
}

/* The input half. */

#define MEMORY_TYPE_INPUT (memory_input_get_type ())
G_DECLARE_FINAL_TYPE (MemoryInput, memory_input, MEMORY, INPUT, GInputStream)

struct _MemoryInput
{
  GInputStream parent_instance;
  Pipe *pipe;
};

static gboolean
memory_input_is_readable (GPollableInputStream *stream)
{
  return pipe_is_readable (MEMORY_INPUT (stream)->pipe);
}

static GSource *
memory_input_create_source (GPollableInputStream *stream,
                            GCancellable         *cancellable)
{
  return pipe_source_new (stream, MEMORY_INPUT (stream)->pipe, pipe_is_readable);
}

static gssize
memory_input_read_nonblocking (GPollableInputStream *stream,
                               void                 *octets,
                               gsize                 length,
                               GError              **error)
{
  return pipe_read (MEMORY_INPUT (stream)->pipe, octets, length, error);
}

static void
memory_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = memory_input_is_readable;
  iface->create_source = memory_input_create_source;
  iface->read_nonblocking = memory_input_read_nonblocking;
}

G_DEFINE_TYPE_WITH_CODE (MemoryInput, memory_input, G_TYPE_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                memory_input_pollable_init))

static void
memory_input_finalize (GObject *object)
{
  pipe_unref (MEMORY_INPUT (object)->pipe);
  G_OBJECT_CLASS (memory_input_parent_class)->finalize (object);
}

static void
memory_input_class_init (MemoryInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = memory_input_finalize;
}

static void
memory_input_init (MemoryInput *self)
{
}

/* The output half. */

#define MEMORY_TYPE_OUTPUT (memory_output_get_type ())
G_DECLARE_FINAL_TYPE (MemoryOutput, memory_output, MEMORY, OUTPUT, GOutputStream)

struct _MemoryOutput
{
  GOutputStream parent_instance;
  Pipe *pipe;
};

static gboolean
memory_output_is_writable (GPollableOutputStream *stream)
{
  return pipe_is_writable (MEMORY_OUTPUT (stream)->pipe);
}

static GSource *
memory_output_create_source (GPollableOutputStream *stream,
                             GCancellable          *cancellable)
{
  return pipe_source_new (stream, MEMORY_OUTPUT (stream)->pipe, pipe_is_writable);
}

static gssize
memory_output_write_nonblocking (GPollableOutputStream *stream,
                                 const void            *octets,
                                 gsize                  length,
                                 GError               **error)
{
  return pipe_write (MEMORY_OUTPUT (stream)->pipe, octets, length, error);
}

static void
memory_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = memory_output_is_writable;
  iface->create_source = memory_output_create_source;
  iface->write_nonblocking = memory_output_write_nonblocking;
}

G_DEFINE_TYPE_WITH_CODE (MemoryOutput, memory_output, G_TYPE_OUTPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                memory_output_pollable_init))

static void
memory_output_finalize (GObject *object)
{
  pipe_unref (MEMORY_OUTPUT (object)->pipe);
  G_OBJECT_CLASS (memory_output_parent_class)->finalize (object);
}

/* FIN, at once: the default would ask a thread. */
static void
memory_output_close_async (GOutputStream       *stream,
                           int                  priority,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  pipe_close (MEMORY_OUTPUT (stream)->pipe);
  g_task_return_boolean (task, TRUE);
}

static gboolean
memory_output_close_finish (GOutputStream  *stream,
                            GAsyncResult   *result,
                            GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
memory_output_class_init (MemoryOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->close_async = memory_output_close_async;
  G_OUTPUT_STREAM_CLASS (klass)->close_finish = memory_output_close_finish;
  G_OBJECT_CLASS (klass)->finalize = memory_output_finalize;
}

static void
memory_output_init (MemoryOutput *self)
{
}

/* The two together. */

struct _MemoryStream
{
  GIOStream parent_instance;
  MemoryInput *input;
  MemoryOutput *output;
  Pipe *in;
  Pipe *out;
};

G_DEFINE_TYPE (MemoryStream, memory_stream, G_TYPE_IO_STREAM)

static GInputStream *
memory_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (MEMORY_STREAM (stream)->input);
}

static GOutputStream *
memory_stream_get_output_stream (GIOStream *stream)
{
  return G_OUTPUT_STREAM (MEMORY_STREAM (stream)->output);
}

/* As TCP does it: who closes and has not read everything resets. */
static gboolean
memory_stream_close (GIOStream     *stream,
                     GCancellable  *cancellable,
                     GError       **error)
{
  MemoryStream *self = MEMORY_STREAM (stream);

  if (g_cancellable_is_cancelled (cancellable) || self->in->arrived->len > 0)
    memory_stream_break (self);
  pipe_close (self->out);
  return TRUE;
}

/* Closes at once: the default would ask a thread. */
static void
memory_stream_close_async (GIOStream           *stream,
                           int                  priority,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stream, cancellable, callback, user_data);

  g_task_return_boolean (task, memory_stream_close (stream, cancellable, NULL));
}

static gboolean
memory_stream_close_finish (GIOStream     *stream,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
memory_stream_dispose (GObject *object)
{
  MemoryStream *self = MEMORY_STREAM (object);

  G_OBJECT_CLASS (memory_stream_parent_class)->dispose (object);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->in, pipe_unref);
  g_clear_pointer (&self->out, pipe_unref);
}

static void
memory_stream_class_init (MemoryStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = memory_stream_dispose;
  stream_class->get_input_stream = memory_stream_get_input_stream;
  stream_class->get_output_stream = memory_stream_get_output_stream;
  stream_class->close_fn = memory_stream_close;
  stream_class->close_async = memory_stream_close_async;
  stream_class->close_finish = memory_stream_close_finish;
}

static void
memory_stream_init (MemoryStream *self)
{
}

static MemoryStream *
memory_stream_new (Pipe *in,
                   Pipe *out)
{
  MemoryStream *self = g_object_new (MEMORY_TYPE_STREAM, NULL);

  self->in = pipe_ref (in);
  self->out = pipe_ref (out);
  self->input = g_object_new (MEMORY_TYPE_INPUT, NULL);
  self->input->pipe = pipe_ref (in);
  self->output = g_object_new (MEMORY_TYPE_OUTPUT, NULL);
  self->output->pipe = pipe_ref (out);
  return self;
}

void
memory_stream_new_pair (MemoryStream **one,
                        MemoryStream **other)
{
  Pipe *there = pipe_new ();
  Pipe *back = pipe_new ();

  *one = memory_stream_new (back, there);
  *other = memory_stream_new (there, back);
  pipe_unref (there);
  pipe_unref (back);
}

void
memory_stream_set_flowing (MemoryStream *self,
                           gboolean      flowing)
{
  self->out->flowing = flowing;
}

void
memory_stream_set_room (MemoryStream *self,
                        guint         room)
{
  self->out->room = room;
}

gsize
memory_stream_get_in_flight (MemoryStream *self)
{
  if (self->out->broken || self->out->cut)
    return 0;

  return self->out->flight->len + (self->out->fin && !self->out->fin_arrived ? 1 : 0);
}

void
memory_stream_deliver (MemoryStream *self,
                       gsize         octets)
{
  pipe_deliver (self->out, octets);
}

void
memory_stream_break (MemoryStream *self)
{
  self->in->broken = TRUE;
  self->out->broken = TRUE;
}

void
memory_stream_cut_off (MemoryStream *self)
{
  g_byte_array_set_size (self->out->flight, 0);
  self->out->fin_arrived = TRUE;
  self->out->cut = TRUE;
}

void
memory_stream_time_out (MemoryStream *self)
{
  self->in->error = G_IO_ERROR_TIMED_OUT;
  self->out->error = G_IO_ERROR_TIMED_OUT;
  memory_stream_break (self);
}

void
memory_stream_set_fault (MemoryStream    *self,
                         MemoryFaultFunc  fault,
                         gpointer         data)
{
  self->in->fault = fault;
  self->in->fault_data = data;
  self->out->fault = fault;
  self->out->fault_data = data;
}

void
memory_stream_cut (MemoryStream *self)
{
  self->in->cut = TRUE;
  self->out->cut = TRUE;
}

gboolean
memory_stream_is_closed (MemoryStream *self)
{
  return self->out->fin;
}

void
memory_stream_copy_written (MemoryStream *self,
                            GString      *text)
{
  g_string_assign (text, self->out->written->str);
}

void
memory_stream_copy_delivered (MemoryStream *self,
                              GString      *text)
{
  g_string_truncate (text, 0);
  g_string_append_len (text, self->out->written->str, self->out->delivered);
}

MemoryStream *
memory_stream_dup_other (MemoryStream *self)
{
  return memory_stream_new (self->out, self->in);
}

void
memory_stream_say (MemoryStream *self,
                   const char   *text)
{
  memory_stream_say_octets (self, text, strlen (text));
}

void
memory_stream_say_octets (MemoryStream  *self,
                          gconstpointer  octets,
                          gsize          length)
{
  pipe_write (self->out, octets, length, NULL);
}

char *
memory_stream_hear (MemoryStream *self)
{
  gsize length = self->in->arrived->len;
  char *text = length > 0 ? g_strndup ((const char *) self->in->arrived->data, length)
                          : g_strdup ("");

  g_byte_array_set_size (self->in->arrived, 0);
  return text;
}

guint8 *
memory_stream_hear_octets (MemoryStream *self,
                           gsize        *length)
{
  guint8 *octets = g_memdup2 (self->in->arrived->data, self->in->arrived->len);

  *length = self->in->arrived->len;
  g_byte_array_set_size (self->in->arrived, 0);
  return octets;
}

gboolean
memory_stream_has_ended (MemoryStream *self)
{
  return self->in->arrived->len == 0 && (self->in->fin_arrived || self->in->broken);
}
