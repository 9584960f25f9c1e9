/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-discovery.h"
#include "xep174-discovery.h"
#include "xep174-embedded-discovery.h"
#include "xep174-manual-discovery.h"

/* How long the daemon has to answer. */
#define ANSWER_MS 1000

static gboolean
daemon_answers (void)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr(GDBusConnection) bus =
    g_dbus_connection_new_for_address_sync (address,
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, NULL);
  g_autoptr(GVariant) state = NULL;

  if (bus == NULL)
    return FALSE;

  state = g_dbus_connection_call_sync (bus, "org.freedesktop.Avahi", "/",
                                       "org.freedesktop.Avahi.Server", "GetState", NULL,
                                       G_VARIANT_TYPE ("(i)"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS,
                                       NULL, NULL);
  g_dbus_connection_close_sync (bus, NULL, NULL);

  return state != NULL;
}

/**
 * xep174_discovery_new_default:
 *
 * Creates the best discovery at hand: [class@AvahiDiscovery] where avahi-daemon answers at once,
 * else [class@EmbeddedDiscovery], else, in a build that has neither, [class@ManualDiscovery].
 *
 * The choice is made here and stays, whatever comes or goes later on; to choose anew, make another.
 * Asking the daemon waits for its answer over D-Bus, for a second at most.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174Discovery *
xep174_discovery_new_default (void)
{
  if (daemon_answers ())
    return xep174_avahi_discovery_new (NULL);

#ifdef HAVE_EMBEDDED
  return xep174_embedded_discovery_new ();
#else
  return xep174_manual_discovery_new ();
#endif
}
