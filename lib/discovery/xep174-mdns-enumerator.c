/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-enumerator-private.h"

#include "xep174-discovery.h"
#include "xep174-mdns-resolver-private.h"

struct _Xep174MdnsEnumerator
{
  GSocketAddressEnumerator  parent_instance;
  Xep174MdnsHub            *hub;
  char                     *instance;
  Xep174MdnsResolver       *resolver;
  GPtrArray                *given; /* borrowed from the resolver */
  GSocketFamily             last_family;
  GTask                    *pending;
  GSource                  *cancelled;
};

G_DEFINE_FINAL_TYPE (Xep174MdnsEnumerator, xep174_mdns_enumerator, G_TYPE_SOCKET_ADDRESS_ENUMERATOR)

/* Lower is better: the family that was not tried last, IPv6 to begin with (RFC 8305 §4), and
 * within a family what is routed before what is link-local. */
static guint
rank_address (Xep174MdnsEnumerator *self,
              GSocketAddress       *address)
{
  GInetAddress *inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  GSocketFamily family = g_socket_address_get_family (address);

  return (family == self->last_family ? 2 : 0) + (g_inet_address_get_is_link_local (inet) ? 1 : 0);
}

static GSocketAddress *
take_next (Xep174MdnsEnumerator *self)
{
  GPtrArray *addresses = xep174_mdns_resolver_get_addresses (self->resolver);
  GSocketAddress *best = NULL;

  for (guint i = 0; i < addresses->len; i++)
    {
      GSocketAddress *address = g_ptr_array_index (addresses, i);

      if (!g_ptr_array_find (self->given, address, NULL) &&
          (best == NULL || rank_address (self, address) < rank_address (self, best)))
        best = address;
    }

  if (best == NULL)
    return NULL;

  g_ptr_array_add (self->given, best);
  self->last_family = g_socket_address_get_family (best);

  return g_object_ref (best);
}

static GTask *
steal_pending (Xep174MdnsEnumerator *self)
{
  xep174_clear_source (&self->cancelled);

  return g_steal_pointer (&self->pending);
}

/* Answers what is pending if there is an answer, or never will be. */
static void
answer_pending (Xep174MdnsEnumerator *self)
{
  GSocketAddress *address;

  if (self->pending == NULL)
    return;

  address = take_next (self);
  if (address == NULL && !xep174_mdns_resolver_is_done (self->resolver))
    return;

  if (address == NULL && self->given->len == 0)
    xep174_mdns_return_error (steal_pending (self), xep174_mdns_resolver_dup_error (self->resolver));
  else
    xep174_mdns_return_pointer (steal_pending (self), address, g_object_unref);
}

static void
on_resolver_changed (Xep174MdnsResolver *resolver,
                     gpointer            user_data)
{
  answer_pending (user_data);
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr(GTask) task = steal_pending (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
xep174_mdns_enumerator_next_async (GSocketAddressEnumerator *enumerator,
                                   GCancellable             *cancellable,
                                   GAsyncReadyCallback       callback,
                                   gpointer                  user_data)
{
  Xep174MdnsEnumerator *self = XEP174_MDNS_ENUMERATOR (enumerator);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, xep174_mdns_enumerator_next_async);
  g_return_if_fail (self->pending == NULL);

  if (g_task_return_error_if_cancelled (task))
    return;

  self->pending = g_steal_pointer (&task);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
      g_source_attach (self->cancelled, self->hub->context);
    }

  if (self->resolver == NULL)
    self->resolver = xep174_mdns_resolver_new (self->hub, self->instance, TRUE,
                                               on_resolver_changed, self);
  answer_pending (self);
}

static GSocketAddress *
xep174_mdns_enumerator_next_finish (GSocketAddressEnumerator  *enumerator,
                                    GAsyncResult              *result,
                                    GError                   **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GSocketAddress *
xep174_mdns_enumerator_next (GSocketAddressEnumerator  *enumerator,
                             GCancellable              *cancellable,
                             GError                   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "The addresses of a contact are looked up without blocking only; "
                       "use g_socket_client_connect_async()");

  return NULL;
}

static void
xep174_mdns_enumerator_finalize (GObject *object)
{
  Xep174MdnsEnumerator *self = XEP174_MDNS_ENUMERATOR (object);

  g_clear_pointer (&self->given, g_ptr_array_unref);
  g_clear_pointer (&self->resolver, xep174_mdns_resolver_free);
  xep174_mdns_hub_unref (self->hub);
  g_free (self->instance);

  G_OBJECT_CLASS (xep174_mdns_enumerator_parent_class)->finalize (object);
}

static void
xep174_mdns_enumerator_class_init (Xep174MdnsEnumeratorClass *klass)
{
  GSocketAddressEnumeratorClass *enumerator_class = G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = xep174_mdns_enumerator_finalize;
  enumerator_class->next = xep174_mdns_enumerator_next;
  enumerator_class->next_async = xep174_mdns_enumerator_next_async;
  enumerator_class->next_finish = xep174_mdns_enumerator_next_finish;
}

static void
xep174_mdns_enumerator_init (Xep174MdnsEnumerator *self)
{
  self->given = g_ptr_array_new ();
  self->last_family = G_SOCKET_FAMILY_IPV4;
}

GSocketAddressEnumerator *
xep174_mdns_enumerator_new (Xep174MdnsHub *hub,
                            const char    *instance)
{
  Xep174MdnsEnumerator *self = g_object_new (XEP174_TYPE_MDNS_ENUMERATOR, NULL);

  self->hub = xep174_mdns_hub_ref (hub);
  self->instance = g_strdup (instance);

  return G_SOCKET_ADDRESS_ENUMERATOR (self);
}
