/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-poller-private.h"

#include <errno.h>
#include <gio/gfiledescriptorbased.h>
#include <glib-unix.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#endif

#include "xep174-session.h"

/* How many streams one dispatch serves before other sources of the main loop have their turn. The
 * kernel takes up its list where it stopped, so every stream has its turn. */
#define BATCH 32

#ifdef __linux__
/* The events of one dispatch, linked because a callback may run a main loop of its own. */
typedef struct _Frame
{
  struct epoll_event events[BATCH];
  int count;
  struct _Frame *outer;
} Frame;
#endif

struct _Xep174Poller
{
  gint ref_count;
  GMainContext *context;
  guint8 *buffer;
#ifdef __linux__
  int epoll;
  GSource *source;
  Frame *frames;
#endif
};

struct _Xep174Watch
{
  gint ref_count;
  Xep174Poller *poller;
  Xep174WatchFunc func;
  gpointer data;
  GIOCondition interest;
  GPollableInputStream *input;
  GPollableOutputStream *output;
  /* -1 for a stream that is not a single descriptor. */
  int fd;
  gboolean registered;
  /* In its callback, and made silent because a nested main loop found it ready again. */
  gboolean busy;
  gboolean parked;
  GSource *input_source;
  GSource *output_source;
};

static void
watch_unref (Xep174Watch *watch)
{
  if (--watch->ref_count > 0)
    return;

  g_object_unref (watch->input);
  g_object_unref (watch->output);
  g_free (watch);
}

#ifdef __linux__

static void
register_fd (Xep174Watch *watch)
{
  struct epoll_event event = { .data.ptr = watch };
  /* Nothing asked for means not registered: epoll reports errors and hang-ups unasked. */
  gboolean wanted = watch->func != NULL && watch->interest != 0 && !watch->parked;
  int operation;

  if (!wanted && !watch->registered)
    return;

  operation = !wanted ? EPOLL_CTL_DEL : watch->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  event.events = ((watch->interest & G_IO_IN) ? EPOLLIN : 0)
                 | ((watch->interest & G_IO_OUT) ? EPOLLOUT : 0);
  if (epoll_ctl (watch->poller->epoll, operation, watch->fd, &event) < 0)
    g_warning ("Cannot watch a socket: %s", g_strerror (errno));
  watch->registered = wanted;
}

/* A hang-up or an error shows itself in the read or write that is tried next. */
static GIOCondition
ready_condition (Xep174Watch *watch,
                 guint32      events)
{
  GIOCondition ready = 0;

  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    ready |= G_IO_IN;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
    ready |= G_IO_OUT;
  return ready & watch->interest;
}

static void
dispatch_watch (Xep174Watch *watch,
                guint32      events)
{
  GIOCondition ready = ready_condition (watch, events);

  if (ready == 0)
    return;

  if (watch->busy)
    {
      watch->parked = TRUE;
      register_fd (watch);
      return;
    }

  watch->ref_count++;
  watch->busy = TRUE;
  watch->func (ready, watch->data);
  watch->busy = FALSE;
  if (watch->parked)
    {
      watch->parked = FALSE;
      register_fd (watch);
    }
  watch_unref (watch);
}

static gboolean
on_epoll_ready (int          fd,
                GIOCondition condition,
                gpointer     data)
{
  Xep174Poller *self = xep174_poller_ref (data);
  Frame frame = { .outer = self->frames };

  frame.count = epoll_wait (fd, frame.events, BATCH, 0);
  self->frames = &frame;
  for (int i = 0; i < frame.count; i++)
    if (frame.events[i].data.ptr != NULL)
      dispatch_watch (frame.events[i].data.ptr, frame.events[i].events);
  self->frames = frame.outer;

  xep174_poller_unref (self);
  return G_SOURCE_CONTINUE;
}

static void
open_epoll (Xep174Poller *self)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    {
      g_warning ("No epoll: %s; each stream is polled by itself", g_strerror (errno));
      return;
    }

  self->source = g_unix_fd_source_new (self->epoll, G_IO_IN);
  g_source_set_static_name (self->source, "[xep174] sockets");
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_epoll_ready), self, NULL);
  g_source_attach (self->source, self->context);
}

static void
close_epoll (Xep174Poller *self)
{
  if (self->source == NULL)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->epoll);
}

static void
forget_events (Xep174Watch *watch)
{
  for (Frame *frame = watch->poller->frames; frame != NULL; frame = frame->outer)
    for (int i = 0; i < frame->count; i++)
      if (frame->events[i].data.ptr == watch)
        frame->events[i].data.ptr = NULL;
}

static int
find_fd (Xep174Poller *poller,
         GIOStream    *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  int fd;

  if (poller->source == NULL || !G_IS_FILE_DESCRIPTOR_BASED (input)
      || !G_IS_FILE_DESCRIPTOR_BASED (output))
    return -1;

  fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (input));
  return fd == g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (output)) ? fd : -1;
}

#else

static void register_fd (Xep174Watch *watch) { g_assert_not_reached (); }
static void open_epoll (Xep174Poller *self) { }
static void close_epoll (Xep174Poller *self) { }
static void forget_events (Xep174Watch *watch) { }
static int find_fd (Xep174Poller *poller, GIOStream *stream) { return -1; }

#endif

/* Streams that are polled by themselves. */

static gboolean
on_input_ready (GObject *stream,
                gpointer data)
{
  Xep174Watch *watch = data;

  watch->func (G_IO_IN, watch->data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_output_ready (GObject *stream,
                 gpointer data)
{
  Xep174Watch *watch = data;

  watch->func (G_IO_OUT, watch->data);
  return G_SOURCE_CONTINUE;
}

static void
set_source (GSource         **source,
            GSource          *wanted,
            GPollableSourceFunc func,
            Xep174Watch      *watch)
{
  if (*source != NULL)
    {
      g_source_destroy (*source);
      g_source_unref (*source);
    }
  *source = wanted;
  if (wanted == NULL)
    return;

  g_source_set_callback (wanted, G_SOURCE_FUNC (func), watch, NULL);
  g_source_attach (wanted, watch->poller->context);
}

static void
update_sources (Xep174Watch *watch)
{
  gboolean in = (watch->interest & G_IO_IN) != 0;
  gboolean out = (watch->interest & G_IO_OUT) != 0;

  if (in != (watch->input_source != NULL))
    set_source (&watch->input_source,
                in ? g_pollable_input_stream_create_source (watch->input, NULL) : NULL,
                on_input_ready, watch);
  if (out != (watch->output_source != NULL))
    set_source (&watch->output_source,
                out ? g_pollable_output_stream_create_source (watch->output, NULL) : NULL,
                on_output_ready, watch);
}

Xep174Poller *
xep174_poller_new (GMainContext *context)
{
  Xep174Poller *self = g_new0 (Xep174Poller, 1);

  self->ref_count = 1;
  self->context = g_main_context_ref (context);
  self->buffer = g_malloc (XEP174_POLLER_BUFFER_SIZE);
  open_epoll (self);
  return self;
}

Xep174Poller *
xep174_poller_ref (Xep174Poller *self)
{
  self->ref_count++;
  return self;
}

void
xep174_poller_unref (Xep174Poller *self)
{
  if (--self->ref_count > 0)
    return;

  close_epoll (self);
  g_main_context_unref (self->context);
  g_free (self->buffer);
  g_free (self);
}

guint8 *
xep174_poller_get_buffer (Xep174Poller *self)
{
  return self->buffer;
}

Xep174Watch *
xep174_watch_new (Xep174Poller     *poller,
                  GIOStream        *stream,
                  Xep174WatchFunc   func,
                  gpointer          data,
                  GError          **error)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  Xep174Watch *self;

  if (!G_IS_POLLABLE_INPUT_STREAM (input) || !G_IS_POLLABLE_OUTPUT_STREAM (output)
      || !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input))
      || !g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (output)))
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
                   "A stream of type %s cannot be polled; give one whose two halves can",
                   G_OBJECT_TYPE_NAME (stream));
      return NULL;
    }

  self = g_new0 (Xep174Watch, 1);
  self->ref_count = 1;
  self->poller = xep174_poller_ref (poller);
  self->func = func;
  self->data = data;
  self->input = G_POLLABLE_INPUT_STREAM (g_object_ref (input));
  self->output = G_POLLABLE_OUTPUT_STREAM (g_object_ref (output));
  self->fd = find_fd (poller, stream);
  return self;
}

void
xep174_watch_set_interest (Xep174Watch  *self,
                           GIOCondition  interest)
{
  if (self->interest == interest)
    return;

  self->interest = interest;
  if (self->fd >= 0)
    register_fd (self);
  else
    update_sources (self);
}

void
xep174_watch_free (Xep174Watch *self)
{
  xep174_watch_set_interest (self, 0);
  self->parked = FALSE;
  self->func = NULL;
  forget_events (self);
  g_clear_pointer (&self->poller, xep174_poller_unref);
  watch_unref (self);
}
