/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-address-private.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

/* RFC 4291 §2.5.5.2: the octets before an IPv4 address that is mapped into IPv6. */
static const guint8 mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* The octets of @address, without the mapping. */
static const guint8 *
get_octets (GInetAddress *address,
            gsize        *size)
{
  const guint8 *octets = g_inet_address_to_bytes (address);

  *size = g_inet_address_get_native_size (address);
  if (*size == 16 && memcmp (octets, mapped_prefix, sizeof mapped_prefix) == 0)
    {
      *size -= sizeof mapped_prefix;
      octets += sizeof mapped_prefix;
    }

  return octets;
}

static guint32
get_scope_id (GSocketAddress *address)
{
  if (g_socket_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return 0;

  return g_inet_socket_address_get_scope_id (G_INET_SOCKET_ADDRESS (address));
}

gboolean
xep174_address_matches (GSocketAddress *source,
                        GInetAddress   *address,
                        guint32         scope_id)
{
  GInetAddress *ours;
  const guint8 *a, *b;
  gsize a_size, b_size;

  if (!G_IS_INET_SOCKET_ADDRESS (source))
    return FALSE;

  ours = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (source));
  a = get_octets (ours, &a_size);
  b = get_octets (address, &b_size);
  if (a_size != b_size || memcmp (a, b, a_size) != 0)
    return FALSE;

  if (a_size != 16 || !g_inet_address_get_is_link_local (ours))
    return TRUE;

  return scope_id == 0 || get_scope_id (source) == 0 || scope_id == get_scope_id (source);
}

gboolean
xep174_address_equal (GSocketAddress *a,
                      GSocketAddress *b)
{
  if (!G_IS_INET_SOCKET_ADDRESS (b))
    return FALSE;

  return xep174_address_matches (a, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (b)),
                                 get_scope_id (b));
}

gboolean
xep174_address_is_link_local (GSocketAddress *source,
                              guint32        *scope_id)
{
  GInetAddress *address;
  const guint8 *octets;
  gsize size;

  *scope_id = 0;
  if (!G_IS_INET_SOCKET_ADDRESS (source))
    return FALSE;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (source));
  octets = get_octets (address, &size);
  if (size == 4)
    return octets[0] == 169 && octets[1] == 254; /* RFC 3927 §2.1 */

  *scope_id = get_scope_id (source);
  return g_inet_address_get_is_link_local (address);
}

static gboolean
is_loopback (int interface)
{
  char name[IF_NAMESIZE];
  struct ifaddrs *all;
  gboolean found = FALSE;

  if (interface <= 0 || if_indextoname (interface, name) == NULL || getifaddrs (&all) < 0)
    return FALSE;

  for (const struct ifaddrs *entry = all; entry != NULL && !found; entry = entry->ifa_next)
    found = (entry->ifa_flags & IFF_LOOPBACK) != 0 && strcmp (entry->ifa_name, name) == 0;
  freeifaddrs (all);

  return found;
}

gboolean
xep174_address_is_plausible (GInetAddress *address,
                             int           interface)
{
  static const guint8 broadcast[4] = { 255, 255, 255, 255 };
  gsize size;
  const guint8 *octets = get_octets (address, &size);
  g_autoptr(GInetAddress) plain = NULL;

  plain = g_inet_address_new_from_bytes (octets, size == 4 ? G_SOCKET_FAMILY_IPV4
                                                           : G_SOCKET_FAMILY_IPV6);
  if (g_inet_address_get_is_any (plain) || g_inet_address_get_is_multicast (plain) ||
      (size == 4 && memcmp (octets, broadcast, size) == 0))
    return FALSE;

  return !g_inet_address_get_is_loopback (plain) || is_loopback (interface);
}

static void
on_next_address (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GSocketAddressEnumerator *enumerator = G_SOCKET_ADDRESS_ENUMERATOR (object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = NULL;

  address = g_socket_address_enumerator_next_finish (enumerator, result, &error);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (address == NULL)
    g_task_return_boolean (task, FALSE);
  else if (xep174_address_equal (g_task_get_task_data (task), address))
    g_task_return_boolean (task, TRUE);
  else
    g_socket_address_enumerator_next_async (enumerator, g_task_get_cancellable (task),
                                            on_next_address, g_object_ref (task));
}

void
xep174_address_check_async (GSocketConnectable  *connectable,
                            GSocketAddress      *source,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (connectable, cancellable, callback, user_data);
  g_autoptr(GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (connectable);

  g_task_set_source_tag (task, xep174_address_check_async);
  g_task_set_task_data (task, g_object_ref (source), g_object_unref);
  g_socket_address_enumerator_next_async (enumerator, cancellable, on_next_address,
                                          g_object_ref (task));
}

gboolean
xep174_address_check_finish (GAsyncResult  *result,
                             gboolean      *matches,
                             GError       **error)
{
  g_autoptr(GError) cancelled = NULL;

  *matches = g_task_propagate_boolean (G_TASK (result), &cancelled);
  if (cancelled == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cancelled));
  return FALSE;
}
