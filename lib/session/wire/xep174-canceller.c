/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-canceller-private.h"

struct _Xep174Canceller
{
  /* What other threads may touch: who cancels is in a thread of its own. */
  GMutex lock;
  GQueue told; /* of Xep174Cancel, each with a reference */
  /* %NULL once it is freed. */
  GSource *source;
};

/* Its owner has a reference, the handler of the signal another: a thread may be in there while the
 * owner frees it. */
struct _Xep174Cancel
{
  Xep174Canceller *canceller;
  GCancellable *cancellable;
  gulong handler;
  /* The context's alone; %NULL once it is freed. */
  Xep174CancelFunc func;
  gpointer data;
};

typedef struct
{
  GSource source;
  Xep174Canceller *canceller;
} CancellerSource;

static void
canceller_clear (gpointer data)
{
  Xep174Canceller *self = data;

  g_mutex_clear (&self->lock);
}

static void
cancel_clear (gpointer data)
{
  Xep174Cancel *self = data;

  g_object_unref (self->cancellable);
  g_atomic_rc_box_release_full (self->canceller, canceller_clear);
}

static void
cancel_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, cancel_clear);
}

/* The next that was told; without one the source rests. */
static Xep174Cancel *
take_told (Xep174Canceller *self)
{
  Xep174Cancel *cancel;

  g_mutex_lock (&self->lock);
  cancel = g_queue_pop_head (&self->told);
  if (cancel == NULL && self->source != NULL)
    g_source_set_ready_time (self->source, -1);
  g_mutex_unlock (&self->lock);
  return cancel;
}

static gboolean
canceller_source_dispatch (GSource     *source,
                           GSourceFunc  callback,
                           gpointer     data)
{
  Xep174Canceller *self = g_atomic_rc_box_acquire (((CancellerSource *) source)->canceller);
  Xep174Cancel *cancel;

  while ((cancel = take_told (self)) != NULL)
    {
      if (cancel->func != NULL)
        cancel->func (cancel->data);
      cancel_unref (cancel);
    }
  g_atomic_rc_box_release_full (self, canceller_clear);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs canceller_source_funcs = { .dispatch = canceller_source_dispatch };

Xep174Canceller *
xep174_canceller_new (GMainContext *context)
{
  Xep174Canceller *self = g_atomic_rc_box_new0 (Xep174Canceller);

  g_mutex_init (&self->lock);
  g_queue_init (&self->told);
  self->source = g_source_new (&canceller_source_funcs, sizeof (CancellerSource));
  ((CancellerSource *) self->source)->canceller = self;
  g_source_set_static_name (self->source, "[xep174] cancel");
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, context);
  return self;
}

void
xep174_canceller_free (Xep174Canceller *self)
{
  GSource *source;
  GQueue told;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  told = self->told;
  g_queue_init (&self->told);
  g_mutex_unlock (&self->lock);

  g_source_destroy (source);
  g_source_unref (source);
  g_queue_clear_full (&told, cancel_unref);
  g_atomic_rc_box_release_full (self, canceller_clear);
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  Xep174Cancel *self = data;
  Xep174Canceller *canceller = self->canceller;

  g_mutex_lock (&canceller->lock);
  if (canceller->source != NULL)
    {
      if (g_queue_is_empty (&canceller->told))
        g_source_set_ready_time (canceller->source, 0);
      g_queue_push_tail (&canceller->told, g_atomic_rc_box_acquire (self));
    }
  g_mutex_unlock (&canceller->lock);
}

static void
release_handler (gpointer  data,
                 GClosure *closure)
{
  cancel_unref (data);
}

/* Not g_cancellable_connect(), whose counterpart waits for the handler in the other thread. */
Xep174Cancel *
xep174_cancel_new (Xep174Canceller  *canceller,
                   GCancellable     *cancellable,
                   Xep174CancelFunc  func,
                   gpointer          data)
{
  Xep174Cancel *self = g_atomic_rc_box_new0 (Xep174Cancel);

  self->canceller = g_atomic_rc_box_acquire (canceller);
  self->cancellable = g_object_ref (cancellable);
  self->func = func;
  self->data = data;
  self->handler = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                                         g_atomic_rc_box_acquire (self), release_handler, 0);
  /* It may have been cancelled meanwhile; to be told twice is harmless. */
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled (cancellable, self);
  return self;
}

void
xep174_cancel_free (Xep174Cancel *self)
{
  self->func = NULL;
  g_signal_handler_disconnect (self->cancellable, self->handler);
  cancel_unref (self);
}

GCancellable *
xep174_cancel_get_cancellable (Xep174Cancel *self)
{
  return self->cancellable;
}
