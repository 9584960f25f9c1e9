/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-enumerator-private.h"

#include "xep174-discovery.h"
#include "xep174-mdns-resolver-private.h"

struct _Xep174MdnsEnumerator
{
  Xep174Enumerator          parent_instance;
  Xep174MdnsHub            *hub;
  char                     *instance;
  Xep174MdnsResolver       *resolver;
  GPtrArray                *given; /* borrowed from the resolver */
  GSocketFamily             last_family;
};

G_DEFINE_FINAL_TYPE (Xep174MdnsEnumerator, xep174_mdns_enumerator, XEP174_TYPE_ENUMERATOR)

/* A lower rank is better. First comes the family that was not tried last, at the start IPv6 (RFC
 * 8305 §4). Within a family, link-local addresses come last. */
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

/* Answers who waits longest, if there is an answer or it is sure that there will be none. */
static gboolean
answer_first (Xep174Enumerator *enumerator)
{
  Xep174MdnsEnumerator *self = XEP174_MDNS_ENUMERATOR (enumerator);
  GSocketAddress *address = take_next (self);

  if (address == NULL && !xep174_mdns_resolver_is_done (self->resolver))
    return FALSE;

  if (address == NULL && self->given->len == 0)
    xep174_mdns_return_error (xep174_enumerator_steal_task (enumerator),
                              xep174_mdns_resolver_dup_error (self->resolver));
  else
    xep174_mdns_return_pointer (xep174_enumerator_steal_task (enumerator), address, g_object_unref);
  return TRUE;
}

static void
on_resolver_changed (Xep174MdnsResolver *resolver,
                     gpointer            user_data)
{
  xep174_enumerator_answer_all (user_data, answer_first);
}

static void
xep174_mdns_enumerator_asked (Xep174Enumerator *enumerator)
{
  Xep174MdnsEnumerator *self = XEP174_MDNS_ENUMERATOR (enumerator);

  if (self->resolver == NULL)
    self->resolver = xep174_mdns_resolver_new (self->hub, self->instance, TRUE,
                                               on_resolver_changed, self);
  xep174_enumerator_answer_all (enumerator, answer_first);
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
  G_OBJECT_CLASS (klass)->finalize = xep174_mdns_enumerator_finalize;
  XEP174_ENUMERATOR_CLASS (klass)->asked = xep174_mdns_enumerator_asked;
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
