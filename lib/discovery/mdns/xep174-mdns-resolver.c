/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-resolver-private.h"

#include "xep174-address-private.h"
#include "xep174-discovery.h"
#include "xep174-gettext-private.h"
#include "xep174-mdns-rdata-private.h"

enum
{
  QUERY_IPV6,
  QUERY_IPV4,
  N_FAMILIES,
};

static const guint16 family_types[N_FAMILIES] = {
  [QUERY_IPV6] = XEP174_DNS_TYPE_AAAA,
  [QUERY_IPV4] = XEP174_DNS_TYPE_A,
};

typedef struct
{
  Xep174MdnsResolver *resolver;
  Xep174MdnsQuery    *query;
  gboolean            settled;
} FamilyQuery;

struct _Xep174MdnsResolver
{
  Xep174MdnsHub          *hub;
  GList                   link;
  char                   *instance;
  Xep174MdnsResolverFunc  func;
  gpointer                user_data;
  Xep174MdnsSlot         *slot;
  GSource                *deadline;
  Xep174MdnsQuery        *srv_query;
  FamilyQuery             families[N_FAMILIES];
  char                   *published;
  guint16                 port;
  GArray                 *links; /* guint32, where the SRV record came from */
  GPtrArray              *addresses;
  GError                 *error;
  gboolean                asked;
  gboolean                done;
};

static void
stop_asking (Xep174MdnsResolver *self)
{
  if (!self->done)
    g_queue_unlink (&self->hub->resolvers, &self->link);
  self->done = TRUE;

  xep174_mdns_stack_cancel (self->hub->stack, &self->srv_query);
  for (guint i = 0; i < N_FAMILIES; i++)
    xep174_mdns_stack_cancel (self->hub->stack, &self->families[i].query);
  xep174_clear_source (&self->deadline);
  xep174_mdns_slots_release (self->hub->slots, &self->slot);
}

static void
finish (Xep174MdnsResolver *self)
{
  stop_asking (self);
  self->func (self, self->user_data);
}

void
xep174_mdns_resolver_stop (Xep174MdnsResolver *self)
{
  g_clear_error (&self->error);
  g_set_error (&self->error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_DAEMON,
               _("“%s” cannot be found now: you are not online any more"), self->instance);
  finish (self);
}

static gboolean
on_deadline (gpointer user_data)
{
  finish (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
is_known_address (Xep174MdnsResolver *self,
                  GInetAddress       *address,
                  guint32             scope_id)
{
  for (guint i = 0; i < self->addresses->len; i++)
    {
      GInetSocketAddress *known = g_ptr_array_index (self->addresses, i);

      if (g_inet_address_equal (g_inet_socket_address_get_address (known), address) &&
          (scope_id == 0 || g_inet_socket_address_get_scope_id (known) == scope_id))
        return TRUE;
    }

  return FALSE;
}

static void
add_address (Xep174MdnsResolver     *self,
             const Xep174MdnsRecord *record)
{
  g_autoptr(GInetAddress) address = xep174_mdns_record_dup_address (record);
  g_autoptr(GSocketAddress) found = NULL;
  guint32 scope_id = 0;

  /* Others on the network must not make us talk to a service that only this machine can reach. */
  if (address == NULL || !xep174_address_is_plausible (address, record->interface))
    return;

  /* RFC 4007 §6: a link-local address means nothing without its link. */
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      g_inet_address_get_is_link_local (address))
    scope_id = MAX (record->interface, 0);
  if (is_known_address (self, address, scope_id))
    return;

  found = g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                        "address", address,
                        "port", self->port,
                        "scope-id", scope_id,
                        NULL);
  g_ptr_array_add (self->addresses, g_steal_pointer (&found));
  self->func (self, self->user_data);
}

/* If there is no address yet, the queries go on until the deadline, because a host may announce its
 * addresses after its service. */
static void
family_settled (FamilyQuery *family)
{
  Xep174MdnsResolver *self = family->resolver;

  family->settled = TRUE;
  if (self->families[QUERY_IPV6].settled && self->families[QUERY_IPV4].settled &&
      self->addresses->len > 0)
    finish (self);
}

static void
on_address_record (Xep174MdnsEvent         event,
                   const Xep174MdnsRecord *record,
                   const GError           *error,
                   gpointer                user_data)
{
  FamilyQuery *family = user_data;

  switch (event)
    {
    case XEP174_MDNS_RECORD_ADDED:
      add_address (family->resolver, record);
      break;
    case XEP174_MDNS_QUERY_FAILED:
    case XEP174_MDNS_QUERY_SETTLED:
      family_settled (family);
      break;
    case XEP174_MDNS_RECORD_REMOVED:
    case XEP174_MDNS_CACHE_DONE:
    default:
      break;
    }
}

static void
query_addresses (Xep174MdnsResolver *self,
                 const char         *host)
{
  for (guint i = 0; i < N_FAMILIES; i++)
    {
      FamilyQuery *family = &self->families[i];
      g_autoptr(GError) error = NULL;

      family->query = xep174_mdns_stack_query (self->hub->stack, host, family_types[i],
                                               NULL, on_address_record, family, &error);
      family->settled = family->query == NULL;
      if (family->query == NULL && self->error == NULL)
        self->error = g_steal_pointer (&error);
    }

  if (self->families[QUERY_IPV6].query == NULL && self->families[QUERY_IPV4].query == NULL)
    finish (self);
}

static void
on_srv_record (Xep174MdnsEvent         event,
               const Xep174MdnsRecord *record,
               const GError           *error,
               gpointer                user_data)
{
  Xep174MdnsResolver *self = user_data;
  g_autofree char *host = NULL;
  guint32 interface;

  if (event == XEP174_MDNS_QUERY_FAILED)
    {
      if (self->error == NULL)
        self->error = g_error_copy (error);
      finish (self);
    }
  if (event != XEP174_MDNS_RECORD_ADDED)
    return;

  /* A record without a target, or of another name, does not prove that the contact is on this link
   * (X13). */
  host = xep174_mdns_record_dup_target (record, &self->port);
  self->published = host != NULL ? xep174_mdns_instance_of_name (record->owner) : NULL;
  if (self->published == NULL)
    return;

  interface = MAX (record->interface, 0);
  g_array_append_val (self->links, interface);
  xep174_mdns_stack_cancel (self->hub->stack, &self->srv_query);
  query_addresses (self, host);
}

static void
start_asking (gpointer user_data)
{
  Xep174MdnsResolver *self = user_data;
  g_autofree char *name = xep174_mdns_service_name (self->instance, self->hub->domain);

  self->asked = TRUE;
  self->srv_query = xep174_mdns_stack_query (self->hub->stack, name, XEP174_DNS_TYPE_SRV,
                                             NULL, on_srv_record, self, &self->error);
  /* The caller may still be inside xep174_mdns_resolver_new(), so it is told later. */
  if (self->srv_query == NULL)
    {
      xep174_clear_source (&self->deadline);
      self->deadline = xep174_mdns_stack_after (self->hub->stack, 0, on_deadline, self);
    }
}

Xep174MdnsResolver *
xep174_mdns_resolver_new (Xep174MdnsHub          *hub,
                          const char             *instance,
                          gboolean                urgent,
                          Xep174MdnsResolverFunc  func,
                          gpointer                user_data)
{
  Xep174MdnsResolver *self = g_new0 (Xep174MdnsResolver, 1);

  self->hub = xep174_mdns_hub_ref (hub);
  self->instance = g_strdup (instance);
  self->func = func;
  self->user_data = user_data;
  self->links = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < N_FAMILIES; i++)
    self->families[i].resolver = self;

  self->link.data = self;
  g_queue_push_tail_link (&hub->resolvers, &self->link);
  self->deadline = xep174_mdns_stack_after (hub->stack, XEP174_MDNS_RESOLVE_MS, on_deadline, self);
  xep174_mdns_slots_take (hub->slots, urgent ? XEP174_MDNS_URGENT : XEP174_MDNS_PATIENT,
                          start_asking, self, &self->slot);

  return self;
}

void
xep174_mdns_resolver_free (Xep174MdnsResolver *self)
{
  stop_asking (self);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->addresses);
  g_array_unref (self->links);
  g_free (self->published);
  g_free (self->instance);
  xep174_mdns_hub_unref (self->hub);
  g_free (self);
}

gboolean
xep174_mdns_resolver_is_done (Xep174MdnsResolver *self)
{
  return self->done;
}

gboolean
xep174_mdns_resolver_is_asked (Xep174MdnsResolver *self)
{
  return self->asked;
}

const char *
xep174_mdns_resolver_get_published (Xep174MdnsResolver *self)
{
  return self->published;
}

GPtrArray *
xep174_mdns_resolver_get_addresses (Xep174MdnsResolver *self)
{
  return self->addresses;
}

gboolean
xep174_mdns_resolver_has_address (Xep174MdnsResolver *self,
                                  GSocketAddress     *source)
{
  for (guint i = 0; i < self->addresses->len; i++)
    if (xep174_address_equal (source, g_ptr_array_index (self->addresses, i)))
      return TRUE;

  return FALSE;
}

gboolean
xep174_mdns_resolver_has_source (Xep174MdnsResolver *self,
                                 GSocketAddress     *source)
{
  guint32 scope_id;

  if (xep174_mdns_resolver_has_address (self, source))
    return TRUE;

  if (!xep174_address_is_link_local (source, &scope_id) || scope_id == 0)
    return FALSE;

  for (guint i = 0; i < self->links->len; i++)
    if (g_array_index (self->links, guint32, i) == scope_id)
      return TRUE;

  return FALSE;
}

GError *
xep174_mdns_resolver_dup_error (Xep174MdnsResolver *self)
{
  if (self->error != NULL)
    return g_error_copy (self->error);

  return g_error_new (XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                      self->published == NULL
                        ? _("“%s” did not answer within %d seconds and may have left. Try again "
                            "later")
                        : _("The address of “%s” was not found within %d seconds. Try again later"),
                      self->instance, XEP174_MDNS_RESOLVE_MS / 1000);
}
