/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-candidates-private.h"

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "xep174-ways-private.h"

/* XEP-0260 §2.2: of all kinds, connections without somebody between are preferred. */
#define DIRECT   126u
#define PRIORITY (DIRECT << 16)
#define BEST     0xffffu

/* --- Addresses ------------------------------------------------------------------------------- */

/* An IPv4 address that stands in one of IPv6 is what it is. */
static GInetAddress *
dup_within (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *octets = g_inet_address_to_bytes (address);

  if (g_inet_address_get_native_size (address) != 16 || memcmp (octets, mapped, sizeof mapped) != 0)
    return g_object_ref (address);

  return g_inet_address_new_from_bytes (octets + sizeof mapped, G_SOCKET_FAMILY_IPV4);
}

static GInetAddress *
address_from_native (const struct sockaddr *native)
{
  if (native == NULL)
    return NULL;
  if (native->sa_family == AF_INET)
    return g_inet_address_new_from_bytes ((const guint8 *) &((const struct sockaddr_in *) native)->sin_addr,
                                          G_SOCKET_FAMILY_IPV4);
  if (native->sa_family == AF_INET6)
    return g_inet_address_new_from_bytes ((const guint8 *) &((const struct sockaddr_in6 *) native)->sin6_addr,
                                          G_SOCKET_FAMILY_IPV6);

  return NULL;
}

static GInetAddress *
host_of (GSocketAddress *local)
{
  return g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local));
}

GInetAddress *
xep174_candidates_dup_address (GSocketAddress *address)
{
  return G_IS_INET_SOCKET_ADDRESS (address) ? dup_within (host_of (address)) : NULL;
}

/* The name of the interface that has @address; "" if none has. */
static char *
dup_interface (const struct ifaddrs *all,
               GInetAddress         *address)
{
  for (const struct ifaddrs *entry = all; entry != NULL; entry = entry->ifa_next)
    {
      g_autoptr(GInetAddress) other = address_from_native (entry->ifa_addr);

      if (other != NULL && g_inet_address_equal (other, address))
        return g_strdup (entry->ifa_name);
    }

  return g_strdup ("");
}

/* --- Ours ------------------------------------------------------------------------------------ */

static gboolean
is_there (GPtrArray  *candidates,
          const char *host)
{
  for (guint i = 0; i < candidates->len; i++)
    if (strcmp (((Xep174JingleCandidate *) candidates->pdata[i])->host, host) == 0)
      return TRUE;

  return FALSE;
}

static void
add (GPtrArray    *candidates,
     GInetAddress *address,
     const char   *name,
     guint16       port,
     GRand        *random)
{
  g_autofree char *host = g_inet_address_to_string (address);
  g_autofree char *cid = NULL;

  if (candidates->len == XEP174_JINGLE_MAX_CANDIDATES || is_there (candidates, host))
    return;

  cid = g_strdup_printf ("%08x", g_rand_int (random));
  g_ptr_array_add (candidates, xep174_jingle_candidate_new (cid, name, host, port,
                                                            PRIORITY + BEST - candidates->len));
}

/* What comes first is tried first. The way that the conversation has may be shut for a second connection,
 * so the other family is next; of its addresses one of the link alone is the last: it asks for a scope. */
typedef enum
{
  ROUND_OTHER_FAMILY,
  ROUND_OTHER_FAMILY_LINK,
  ROUND_SAME_FAMILY,
  N_ROUNDS,
  ROUND_NONE,
} Round;

/* An address of IPv4 may have a name of its own there: `eth0:1`. */
static gboolean
is_of_link (const struct ifaddrs *entry,
            const char           *interface)
{
  gsize length = strcspn (interface, ":");

  return length > 0 && length == strcspn (entry->ifa_name, ":")
         && strncmp (entry->ifa_name, interface, length) == 0;
}

static Round
find_round (const struct ifaddrs *entry,
            GInetAddress         *address,
            GInetAddress         *local,
            const char           *interface)
{
  if (address == NULL || (entry->ifa_flags & IFF_UP) == 0 || !is_of_link (entry, interface)
      || g_inet_address_get_is_loopback (address))
    return ROUND_NONE;
  if (g_inet_address_get_family (address) == g_inet_address_get_family (local))
    return ROUND_SAME_FAMILY;

  return g_inet_address_get_is_link_local (address) ? ROUND_OTHER_FAMILY_LINK : ROUND_OTHER_FAMILY;
}

GPtrArray *
xep174_candidates_choose (const struct ifaddrs *all,
                          GSocketAddress       *local,
                          const char           *name,
                          guint16               port,
                          GRand                *random)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_jingle_candidate_free);
  g_autofree char *interface = NULL;

  if (!G_IS_INET_SOCKET_ADDRESS (local) || port == 0)
    return candidates;

  add (candidates, host_of (local), name, port, random);
  interface = dup_interface (all, host_of (local));
  for (guint round = 0; round < N_ROUNDS; round++)
    for (const struct ifaddrs *entry = all; entry != NULL; entry = entry->ifa_next)
      {
        g_autoptr(GInetAddress) address = address_from_native (entry->ifa_addr);

        if (find_round (entry, address, host_of (local), interface) == round)
          add (candidates, address, name, port, random);
      }

  return candidates;
}

GPtrArray *
xep174_candidates_list (GSocketAddress *local,
                        const char     *name,
                        guint16         port,
                        GRand          *random)
{
  struct ifaddrs *all = NULL;
  GPtrArray *candidates;

  /* Without an answer there is the one that we know. */
  if (getifaddrs (&all) != 0)
    all = NULL;
  candidates = xep174_candidates_choose (all, local, name, port, random);
  if (all != NULL)
    freeifaddrs (all);

  return candidates;
}

/* --- The contact's --------------------------------------------------------------------------- */

static gboolean
is_everybody (GInetAddress *address)
{
  static const guint8 broadcast[4] = { 0xff, 0xff, 0xff, 0xff };

  return g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address)
         || (g_inet_address_get_native_size (address) == sizeof broadcast
             && memcmp (g_inet_address_to_bytes (address), broadcast, sizeof broadcast) == 0);
}

static guint32
scope_of (GSocketAddress *local)
{
  struct ifaddrs *all = NULL;
  g_autofree char *interface = NULL;

  if (g_socket_address_get_family (local) == G_SOCKET_FAMILY_IPV6
      && g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (local)) != 0)
    return g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (local));
  if (getifaddrs (&all) != 0)
    return 0;

  interface = dup_interface (all, host_of (local));
  freeifaddrs (all);

  return if_nametoindex (interface);
}

/* What only this host can reach is for who is on it, too. */
static gboolean
is_closed (GInetAddress   *address,
           GSocketAddress *local,
           GSocketAddress *remote)
{
  if (g_inet_address_get_is_loopback (address))
    return !g_inet_address_get_is_loopback (host_of (local));

  return xep174_ways_is_of_this_host (address) && !xep174_ways_is_of_this_host (host_of (remote));
}

GSocketAddress *
xep174_candidates_resolve (const char     *host,
                           guint16         port,
                           GSocketAddress *local,
                           GSocketAddress *remote,
                           guint16         own_port)
{
  g_autoptr(GInetAddress) written = g_inet_address_new_from_string (host);
  g_autoptr(GInetAddress) address = written != NULL ? dup_within (written) : NULL;
  gboolean needs_scope;

  if (address == NULL || port == 0 || is_everybody (address) || is_closed (address, local, remote))
    return NULL;
  if (port == own_port && xep174_ways_is_of_this_host (address))
    return NULL;

  needs_scope = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
                && g_inet_address_get_is_link_local (address);
  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS,
                       "address", address,
                       "port", (guint) port,
                       "scope-id", needs_scope ? scope_of (local) : 0,
                       NULL);
}
