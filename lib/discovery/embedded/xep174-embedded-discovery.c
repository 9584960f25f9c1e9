/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174EmbeddedDiscovery:
 *
 * Discovery with an mDNS server in this process. It needs no daemon and no bus.
 *
 * It works beside an avahi-daemon and beside other programs that do the same, because it has a host
 * name of its own: `xep174-` and a random number. Only the SRV record shows it. Our own name
 * contains the real host name of the machine unless you call [method@Profile.set_machine]. If there
 * is no other network, it works over the loopback interface, among the programs of this machine.
 *
 * The domain is always `local`. The start fails with %XEP174_DISCOVERY_ERROR_NO_NETWORK if no
 * interface is up, with %XEP174_DISCOVERY_ERROR_NOT_SUPPORTED if libxep174 was built without
 * avahi-core or that library is not installed, and with %XEP174_DISCOVERY_ERROR_COLLISION if a
 * hundred names were taken. While it runs, interfaces may come and go.
 *
 * avahi-core and libavahi-client have some functions with the same names. A program may use both:
 * avahi-core is opened at the first start, in such a way that these functions do not mix.
 *
 * avahi-core has one log function for the whole process; without one it writes to the standard
 * error. The first start of an embedded discovery sets one that writes to GLib's log, with the
 * domain `avahi`. If your program uses avahi-core itself and wants its own function, call
 * `avahi_set_log_function()` after that start.
 *
 * Since: 1.0
 */

#include "xep174-embedded-discovery.h"

#include "xep174-mdns-discovery-private.h"

struct _Xep174EmbeddedDiscovery
{
  Xep174MdnsDiscovery parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174EmbeddedDiscovery, xep174_embedded_discovery, XEP174_TYPE_MDNS_DISCOVERY)

static void
xep174_embedded_discovery_constructed (GObject *object)
{
  G_OBJECT_CLASS (xep174_embedded_discovery_parent_class)->constructed (object);

#ifdef HAVE_EMBEDDED
  xep174_mdns_discovery_take_stack ((Xep174MdnsDiscovery *) object, xep174_embedded_stack_new ());
#endif
}

static void
xep174_embedded_discovery_class_init (Xep174EmbeddedDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = xep174_embedded_discovery_constructed;
}

static void
xep174_embedded_discovery_init (Xep174EmbeddedDiscovery *self)
{
}

/**
 * xep174_embedded_discovery_new:
 *
 * Creates a discovery that needs only the network.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174EmbeddedDiscovery *
xep174_embedded_discovery_new (void)
{
  return g_object_new (XEP174_TYPE_EMBEDDED_DISCOVERY, NULL);
}
