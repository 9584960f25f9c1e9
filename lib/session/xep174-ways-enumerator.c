/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-ways-enumerator-private.h"

struct _Xep174WaysEnumerator
{
  GSocketAddressEnumerator parent_instance;

  Xep174Ways *ways;
  GSocketAddressEnumerator *told;
  GCancellable *looking;
  gboolean asking;
  gboolean ended;
  GError *error;
  GSocketAddress *next;
  guint n_given;
  GTask *pending;
  GSource *cancelled;
};

G_DEFINE_FINAL_TYPE (Xep174WaysEnumerator, xep174_ways_enumerator, G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

static GTask *
steal_pending (Xep174WaysEnumerator *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  return g_steal_pointer (&self->pending);
}

/* Given were those that TCP is being made to; it is one of them that is taken. */
static void
tell_others (Xep174WaysEnumerator *self)
{
  if (!g_cancellable_is_cancelled (self->looking))
    xep174_ways_set_other (self->ways, !self->ended || self->next != NULL || self->n_given > 1);
}

static void ask_ahead (Xep174WaysEnumerator *self);

static void
answer_pending (Xep174WaysEnumerator *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->pending == NULL || (self->next == NULL && !self->ended))
    return;

  task = steal_pending (self);
  if (self->next != NULL)
    {
      self->n_given++;
      g_task_return_pointer (task, g_steal_pointer (&self->next), g_object_unref);
      ask_ahead (self);
    }
  else if (self->n_given == 0) /* without an address GSocketClient must have an error */
    g_task_return_error (task, xep174_ways_explain (self->ways, self->error));
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
on_told (GObject      *told,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(Xep174WaysEnumerator) self = data;
  g_autoptr(GSocketAddress) address = NULL;

  self->asking = FALSE;
  address = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (told), result,
                                                     self->error == NULL ? &self->error : NULL);
  if (address == NULL || g_cancellable_is_cancelled (self->looking))
    self->ended = TRUE;
  else if (xep174_ways_may_try (self->ways, address))
    self->next = g_steal_pointer (&address);
  else
    ask_ahead (self);

  answer_pending (self);
  tell_others (self);
}

static void
ask_ahead (Xep174WaysEnumerator *self)
{
  if (self->asking || self->ended || self->next != NULL)
    return;

  self->asking = TRUE;
  g_socket_address_enumerator_next_async (self->told, self->looking, on_told,
                                          g_object_ref (self));
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  g_autoptr(GTask) task = steal_pending (data);

  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
xep174_ways_enumerator_next_async (GSocketAddressEnumerator *enumerator,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (enumerator);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, xep174_ways_enumerator_next_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  self->pending = g_steal_pointer (&task);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
      g_source_attach (self->cancelled, g_main_context_get_thread_default ());
    }
  ask_ahead (self);
  answer_pending (self);
}

static GSocketAddress *
xep174_ways_enumerator_next_finish (GSocketAddressEnumerator  *enumerator,
                                    GAsyncResult              *result,
                                    GError                   **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GSocketAddress *
xep174_ways_enumerator_next (GSocketAddressEnumerator  *enumerator,
                             GCancellable              *cancellable,
                             GError                   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "Addresses are looked up without blocking only");
  return NULL;
}

static void
xep174_ways_enumerator_finalize (GObject *object)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (object);

  g_clear_object (&self->ways);
  g_clear_object (&self->told);
  g_clear_object (&self->looking);
  g_clear_object (&self->next);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (xep174_ways_enumerator_parent_class)->finalize (object);
}

static void
xep174_ways_enumerator_class_init (Xep174WaysEnumeratorClass *klass)
{
  GSocketAddressEnumeratorClass *enumerator_class = G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_ways_enumerator_finalize;
  enumerator_class->next = xep174_ways_enumerator_next;
  enumerator_class->next_async = xep174_ways_enumerator_next_async;
  enumerator_class->next_finish = xep174_ways_enumerator_next_finish;
}

static void
xep174_ways_enumerator_init (Xep174WaysEnumerator *self)
{
}

GSocketAddressEnumerator *
xep174_ways_enumerator_new (Xep174Ways         *ways,
                            GSocketConnectable *told,
                            GCancellable       *looking)
{
  Xep174WaysEnumerator *self = g_object_new (XEP174_TYPE_WAYS_ENUMERATOR, NULL);

  self->ways = g_object_ref (ways);
  self->told = g_socket_connectable_enumerate (told);
  self->looking = g_object_ref (looking);
  tell_others (self);
  return G_SOCKET_ADDRESS_ENUMERATOR (self);
}
