/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-poller-private.h"

#include <errno.h>
#include <gio/gfiledescriptorbased.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#endif

#include "xep174-session-error.h"

/* How many streams one dispatch serves before other sources of the main loop have their turn. The
 * kernel takes up its list where it stopped, so every stream has its turn. */
#define BATCH 32

/* After so many dispatches in which a stream was the only one that was ready, it is polled without
 * epoll. To begin and to end that takes as long as ten dispatches save. */
#define SOLO 32

#ifdef __linux__
/* The same bits, so that they need no translation. */
G_STATIC_ASSERT ((int) G_IO_IN == EPOLLIN && (int) G_IO_OUT == EPOLLOUT
                 && (int) G_IO_HUP == EPOLLHUP && (int) G_IO_ERR == EPOLLERR);

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
  Xep174Canceller *canceller; /* %NULL until it is needed */
#ifdef __linux__
  int epoll;
  GSource *source;
  gpointer epoll_tag;
  Frame *frames;
  /* The only stream that was ready of late, in so many dispatches. From SOLO on, and until another
   * one is ready, it is a descriptor of the source itself and not one of epoll's. */
  Xep174Watch *soloist;
  guint solos;
  gpointer solo_tag;
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
register_epoll (Xep174Watch *watch,
                gboolean     wanted)
{
  struct epoll_event event = { .data.ptr = watch, .events = watch->interest };
  int operation;

  if (!wanted && !watch->registered)
    return;

  operation = !wanted ? EPOLL_CTL_DEL : watch->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl (watch->poller->epoll, operation, watch->fd, &event) < 0)
    g_warning ("Cannot watch a socket: %s", g_strerror (errno));
  watch->registered = wanted;
}

static void
register_solo (Xep174Watch *watch,
               gboolean     wanted)
{
  Xep174Poller *poller = watch->poller;

  if (wanted && poller->solo_tag != NULL)
    g_source_modify_unix_fd (poller->source, poller->solo_tag, watch->interest);
  else if (wanted)
    poller->solo_tag = g_source_add_unix_fd (poller->source, watch->fd, watch->interest);
  else if (poller->solo_tag != NULL)
    g_source_remove_unix_fd (poller->source, g_steal_pointer (&poller->solo_tag));
}

static void
register_fd (Xep174Watch *watch)
{
  /* Nothing asked for means not registered: errors and hang-ups are reported unasked. */
  gboolean wanted = watch->func != NULL && watch->interest != 0 && !watch->parked;
  gboolean is_soloist = watch == watch->poller->soloist;
  gboolean is_solo = is_soloist && watch->poller->solos >= SOLO;

  if (is_soloist)
    register_solo (watch, wanted && is_solo);
  register_epoll (watch, wanted && !is_solo);
}

static void
set_soloist (Xep174Poller *self,
             Xep174Watch  *watch)
{
  Xep174Watch *last = self->soloist;

  self->solos = 0;
  if (self->solo_tag != NULL)
    register_fd (last);
  self->soloist = watch;
}

/* @frame is what epoll has found, and that is nothing of a stream that is polled without it. */
static void
count_solo (Xep174Poller *self,
            const Frame  *frame)
{
  Xep174Watch *only = frame->count == 1 ? frame->events[0].data.ptr : NULL;

  if (only == NULL || only != self->soloist)
    set_soloist (self, only);
  else if (++self->solos == SOLO)
    register_fd (only);
}

/* A hang-up or an error shows itself in the read or write that is tried next. */
static GIOCondition
ready_condition (Xep174Watch  *watch,
                 GIOCondition  condition)
{
  if (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL))
    condition |= G_IO_IN | G_IO_OUT;
  return condition & watch->interest;
}

static void
dispatch_watch (Xep174Watch  *watch,
                GIOCondition  condition)
{
  GIOCondition ready = ready_condition (watch, condition);

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

static void
dispatch_epoll (Xep174Poller *self)
{
  Frame frame = { .outer = self->frames };

  frame.count = epoll_wait (self->epoll, frame.events, BATCH, 0);
  count_solo (self, &frame);
  self->frames = &frame;
  for (int i = 0; i < frame.count; i++)
    if (frame.events[i].data.ptr != NULL)
      dispatch_watch (frame.events[i].data.ptr, frame.events[i].events);
  self->frames = frame.outer;
}

/* Whoever is polled without epoll has one turn in each dispatch, as have the others. */
static gboolean
on_ready (gpointer data)
{
  Xep174Poller *self = xep174_poller_ref (data);
  GIOCondition others = g_source_query_unix_fd (self->source, self->epoll_tag);
  GIOCondition solo = 0;

  if (self->solo_tag != NULL)
    solo = g_source_query_unix_fd (self->source, self->solo_tag);
  if (solo != 0)
    dispatch_watch (self->soloist, solo);
  if (others != 0)
    dispatch_epoll (self);

  xep174_poller_unref (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
source_dispatch (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     data)
{
  return callback (data);
}

/* It is ready when one of its descriptors is. */
static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

static void
open_epoll (Xep174Poller *self)
{
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll < 0)
    {
      g_warning ("No epoll: %s; each stream is polled by itself", g_strerror (errno));
      return;
    }

  self->source = g_source_new (&source_funcs, sizeof (GSource));
  self->epoll_tag = g_source_add_unix_fd (self->source, self->epoll, G_IO_IN);
  g_source_set_static_name (self->source, "[xep174] sockets");
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, on_ready, self, NULL);
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
  if (watch->poller->soloist == watch)
    watch->poller->soloist = NULL;
  for (Frame *frame = watch->poller->frames; frame != NULL; frame = frame->outer)
    for (int i = 0; i < frame->count; i++)
      if (frame->events[i].data.ptr == watch)
        frame->events[i].data.ptr = NULL;
}

/* Reported to no watch, and for as long as it is readable: what becomes so between the poll of the
 * main loop and ours is found by the next poll. */
gboolean
xep174_poller_wake_on (Xep174Poller *self,
                       int           fd)
{
  struct epoll_event event = { .events = EPOLLIN };

  return self->source != NULL && epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
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
gboolean xep174_poller_wake_on (Xep174Poller *self, int fd) { return FALSE; }

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
  g_clear_pointer (&self->canceller, xep174_canceller_free);
  g_main_context_unref (self->context);
  g_free (self->buffer);
  g_free (self);
}

guint8 *
xep174_poller_take_buffer (Xep174Poller *self)
{
  if (self->buffer == NULL)
    return g_malloc (XEP174_POLLER_BUFFER_SIZE + XEP174_POLLER_PADDING);

  return g_steal_pointer (&self->buffer);
}

void
xep174_poller_give_buffer (Xep174Poller *self,
                           guint8       *buffer)
{
  if (self->buffer == NULL)
    self->buffer = buffer;
  else
    g_free (buffer);
}

Xep174Canceller *
xep174_poller_get_canceller (Xep174Poller *self)
{
  if (self->canceller == NULL)
    self->canceller = xep174_canceller_new (self->context);
  return self->canceller;
}

gboolean
xep174_poller_enter (Xep174Poller *self)
{
  GMainContext *current = g_main_context_get_thread_default ();

  if (self->context == (current != NULL ? current : g_main_context_default ()))
    return FALSE;

  g_main_context_push_thread_default (self->context);
  return TRUE;
}

void
xep174_poller_leave (Xep174Poller *self,
                     gboolean      entered)
{
  if (entered)
    g_main_context_pop_thread_default (self->context);
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
