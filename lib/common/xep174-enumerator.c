/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-enumerator-private.h"

typedef struct
{
  Xep174Enumerator *enumerator;
  GTask *task;
  GSource *cancelled;
  GList link;
} Waiter;

/* GSocketClient asks when an attempt takes long, and again if that fails meanwhile. */
typedef struct
{
  GQueue waiters;
} Xep174EnumeratorPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Xep174Enumerator, xep174_enumerator,
                                     G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

gboolean
xep174_enumerator_is_awaited (Xep174Enumerator *self)
{
  Xep174EnumeratorPrivate *priv = xep174_enumerator_get_instance_private (self);

  return !g_queue_is_empty (&priv->waiters);
}

static GTask *
waiter_end (Waiter *waiter)
{
  Xep174EnumeratorPrivate *priv = xep174_enumerator_get_instance_private (waiter->enumerator);
  GTask *task = waiter->task;

  g_queue_unlink (&priv->waiters, &waiter->link);
  if (waiter->cancelled != NULL)
    g_source_destroy (waiter->cancelled);
  g_clear_pointer (&waiter->cancelled, g_source_unref);
  g_free (waiter);
  return task;
}

GTask *
xep174_enumerator_steal_task (Xep174Enumerator *self)
{
  Xep174EnumeratorPrivate *priv = xep174_enumerator_get_instance_private (self);

  return waiter_end (g_queue_peek_head (&priv->waiters));
}

void
xep174_enumerator_answer_all (Xep174Enumerator  *self,
                              gboolean         (*answer_first) (Xep174Enumerator *self))
{
  g_object_ref (self);
  while (xep174_enumerator_is_awaited (self) && answer_first (self))
    ;
  g_object_unref (self);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  g_autoptr(GTask) task = waiter_end (data);

  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
xep174_enumerator_next_async (GSocketAddressEnumerator *enumerator,
                              GCancellable             *cancellable,
                              GAsyncReadyCallback       callback,
                              gpointer                  user_data)
{
  Xep174Enumerator *self = XEP174_ENUMERATOR (enumerator);
  Xep174EnumeratorPrivate *priv = xep174_enumerator_get_instance_private (self);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Waiter *waiter;

  g_task_set_source_tag (task, xep174_enumerator_next_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  waiter = g_new0 (Waiter, 1);
  waiter->enumerator = self;
  waiter->task = g_steal_pointer (&task);
  waiter->link.data = waiter;
  g_queue_push_tail_link (&priv->waiters, &waiter->link);
  if (cancellable != NULL)
    {
      waiter->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (on_cancelled), waiter, NULL);
      g_source_attach (waiter->cancelled, g_main_context_get_thread_default ());
    }
  XEP174_ENUMERATOR_GET_CLASS (self)->asked (self);
}

static GSocketAddress *
xep174_enumerator_next_finish (GSocketAddressEnumerator  *enumerator,
                               GAsyncResult              *result,
                               GError                   **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GSocketAddress *
xep174_enumerator_next (GSocketAddressEnumerator  *enumerator,
                        GCancellable              *cancellable,
                        GError                   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "The addresses of a contact are looked up without blocking only; "
                       "use g_socket_client_connect_async()");
  return NULL;
}

static void
xep174_enumerator_class_init (Xep174EnumeratorClass *klass)
{
  GSocketAddressEnumeratorClass *enumerator_class = G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass);

  enumerator_class->next = xep174_enumerator_next;
  enumerator_class->next_async = xep174_enumerator_next_async;
  enumerator_class->next_finish = xep174_enumerator_next_finish;
}

static void
xep174_enumerator_init (Xep174Enumerator *self)
{
}
