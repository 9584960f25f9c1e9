/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-embedded-addresses-private.h"

#include <arpa/inet.h>
#include <avahi-common/error.h>
#include <gio/gio.h>
#include <ifaddrs.h>
#include <net/if.h>

struct _Xep174EmbeddedAddresses
{
  const Xep174AvahiCore *core;
  AvahiServer           *server;
  GHashTable            *groups; /* AvahiSEntryGroup by Key */
};

typedef struct
{
  AvahiIfIndex interface;
  AvahiAddress address;
} Key;

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;
  guint hash = key->interface;

  for (gsize i = 0; i < sizeof key->address.data.data; i++)
    hash = hash * 33 + key->address.data.data[i];

  return hash;
}

static gboolean
key_equal (gconstpointer a,
           gconstpointer b)
{
  const Key *first = a;
  const Key *second = b;

  return first->interface == second->interface &&
         avahi_address_cmp (&first->address, &second->address) == 0;
}

/* The links that Avahi uses. */
static gboolean
is_usable (const struct ifaddrs *entry)
{
  return entry->ifa_addr != NULL &&
         (entry->ifa_addr->sa_family == AF_INET || entry->ifa_addr->sa_family == AF_INET6) &&
         (entry->ifa_flags & IFF_UP) != 0 &&
         (entry->ifa_flags & (IFF_LOOPBACK | IFF_MULTICAST)) != 0 &&
         (entry->ifa_flags & IFF_POINTOPOINT) == 0;
}

static gboolean
is_link_local (const struct ifaddrs *entry)
{
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) entry->ifa_addr;
  const struct sockaddr_in *ipv4 = (const struct sockaddr_in *) entry->ifa_addr;

  if (entry->ifa_addr->sa_family == AF_INET6)
    return IN6_IS_ADDR_LINKLOCAL (&ipv6->sin6_addr);

  return (ntohl (ipv4->sin_addr.s_addr) & 0xffff0000) == 0xa9fe0000; /* RFC 3927 §2.1 */
}

/* A link-local address is useful only together with its link. So, like Avahi, we publish it only if
 * the link has no other address of its family. */
static gboolean
is_better_known (const struct ifaddrs *all,
                 const struct ifaddrs *entry)
{
  for (const struct ifaddrs *other = all; other != NULL; other = other->ifa_next)
    if (is_usable (other) && other->ifa_addr->sa_family == entry->ifa_addr->sa_family &&
        g_str_equal (other->ifa_name, entry->ifa_name) && !is_link_local (other))
      return TRUE;

  return FALSE;
}

static void
fill_key (Key                  *key,
          const struct ifaddrs *entry)
{
  *key = (Key) { .interface = if_nametoindex (entry->ifa_name) };
  if (entry->ifa_addr->sa_family == AF_INET)
    {
      key->address.proto = AVAHI_PROTO_INET;
      key->address.data.ipv4.address =
        ((const struct sockaddr_in *) entry->ifa_addr)->sin_addr.s_addr;
    }
  else
    {
      key->address.proto = AVAHI_PROTO_INET6;
      memcpy (key->address.data.ipv6.address,
              &((const struct sockaddr_in6 *) entry->ifa_addr)->sin6_addr,
              sizeof key->address.data.ipv6.address);
    }
}

/* The addresses that there are now, as a set of keys. */
static GHashTable *
list_keys (void)
{
  GHashTable *keys = g_hash_table_new_full (key_hash, key_equal, g_free, NULL);
  struct ifaddrs *all;

  if (getifaddrs (&all) < 0)
    return keys;

  for (const struct ifaddrs *entry = all; entry != NULL; entry = entry->ifa_next)
    {
      Key key;

      if (!is_usable (entry) || (is_link_local (entry) && is_better_known (all, entry)))
        continue;
      fill_key (&key, entry);
      if (key.interface > 0)
        g_hash_table_add (keys, g_memdup2 (&key, sizeof key));
    }
  freeifaddrs (all);

  return keys;
}

/* Nobody else has our random host name, so there is nothing to probe (RFC 6762 §8.1). */
static AvahiSEntryGroup *
publish (Xep174EmbeddedAddresses *addresses,
         const Key               *key)
{
  const Xep174AvahiCore *core = addresses->core;
  AvahiSEntryGroup *group = core->s_entry_group_new (addresses->server, NULL, NULL);
  AvahiAddress address = key->address;

  if (group != NULL &&
      core->server_add_address (addresses->server, group, key->interface, AVAHI_PROTO_UNSPEC,
                                AVAHI_PUBLISH_NO_REVERSE | AVAHI_PUBLISH_NO_PROBE, NULL,
                                &address) == AVAHI_OK &&
      core->s_entry_group_commit (group) == AVAHI_OK)
    return group;

  g_warning ("One of this machine's addresses could not be published: %s",
             avahi_strerror (core->server_errno (addresses->server)));
  g_clear_pointer (&group, core->s_entry_group_free);

  return NULL;
}

Xep174EmbeddedAddresses *
xep174_embedded_addresses_new (const Xep174AvahiCore *core,
                               AvahiServer           *server)
{
  Xep174EmbeddedAddresses *addresses = g_new0 (Xep174EmbeddedAddresses, 1);

  addresses->core = core;
  addresses->server = server;
  addresses->groups = g_hash_table_new_full (key_hash, key_equal, g_free,
                                             (GDestroyNotify) core->s_entry_group_free);

  return addresses;
}

void
xep174_embedded_addresses_free (Xep174EmbeddedAddresses *addresses)
{
  g_hash_table_unref (addresses->groups);
  g_free (addresses);
}

void
xep174_embedded_addresses_refresh (Xep174EmbeddedAddresses *addresses)
{
  g_autoptr(GHashTable) keys = list_keys ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, addresses->groups);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (keys, key))
      g_hash_table_iter_remove (&iter);

  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      AvahiSEntryGroup *group;

      if (g_hash_table_contains (addresses->groups, key))
        continue;
      group = publish (addresses, key);
      if (group != NULL)
        g_hash_table_insert (addresses->groups, g_memdup2 (key, sizeof (Key)), group);
    }
}

gboolean
xep174_embedded_addresses_any (void)
{
  g_autoptr(GHashTable) keys = list_keys ();

  return g_hash_table_size (keys) > 0;
}
