/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174EmbeddedDiscovery:
 *
 * Discovery with an mDNS server in this process: no daemon and no bus is needed.
 *
 * It works beside an avahi-daemon and beside other programs that do the same, since it answers for
 * a host name of its own, `xep174-` and a random number; only the SRV record shows it. Our name
 * has the machine's real host name in it unless [method@Profile.set_machine] says otherwise.
 * Without any other network it works over the loopback interface, among the programs of this
 * machine.
 *
 * The domain is always `local`. Starting fails with %XEP174_DISCOVERY_ERROR_NO_NETWORK if no
 * interface is up, with %XEP174_DISCOVERY_ERROR_NOT_SUPPORTED if libxep174 was built without
 * avahi-core or that library is not installed, and with %XEP174_DISCOVERY_ERROR_COLLISION if a
 * hundred names were taken. Once it runs interfaces may come and go.
 *
 * avahi-core is opened at the first start, in such a way that its functions and those of
 * libavahi-client, some of which have the same names, do not meet: a program may use both.
 *
 * avahi-core has one log function for the whole process and writes to the standard error if nobody
 * sets it. The first start of an embedded discovery sets one that logs to GLib's log domain
 * `avahi`; a program that links avahi-core itself and wants its own function calls
 * `avahi_set_log_function()` after that.
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
 * Makes a discovery that needs nothing but the network.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174Discovery *
xep174_embedded_discovery_new (void)
{
  return g_object_new (XEP174_TYPE_EMBEDDED_DISCOVERY, NULL);
}
