/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-ways-enumerator-private.h"

struct _Xep174WaysEnumerator
{
  Xep174Enumerator parent_instance;

  Xep174Ways *ways;
  GSocketAddressEnumerator *told;
  GCancellable *looking;
  gboolean asking;
  gboolean ended;
  GError *error;
  GSocketAddress *next;
  guint n_given;
};

G_DEFINE_FINAL_TYPE (Xep174WaysEnumerator, xep174_ways_enumerator, XEP174_TYPE_ENUMERATOR)

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

  if (!xep174_enumerator_is_awaited (XEP174_ENUMERATOR (self))
      || (self->next == NULL && !self->ended))
    return;

  task = xep174_enumerator_steal_task (XEP174_ENUMERATOR (self));
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

static void
xep174_ways_enumerator_asked (Xep174Enumerator *enumerator)
{
  Xep174WaysEnumerator *self = XEP174_WAYS_ENUMERATOR (enumerator);

  ask_ahead (self);
  answer_pending (self);
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
  G_OBJECT_CLASS (klass)->finalize = xep174_ways_enumerator_finalize;
  XEP174_ENUMERATOR_CLASS (klass)->asked = xep174_ways_enumerator_asked;
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
