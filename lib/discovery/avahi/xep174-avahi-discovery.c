/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174AvahiDiscovery:
 *
 * Discovery through the avahi-daemon that runs on this machine.
 *
 * The daemon is reached over the system bus. Its host name is the machine part of our name unless
 * [method@Profile.set_machine] says otherwise; when the daemon changes it we are published anew
 * under the new one. If the daemon goes away the contacts do too, and when it is back they are
 * found again and we are published under the same name as before; sessions go on meanwhile. Until
 * then [property@Discovery:problem] tells of it.
 *
 * The daemon keeps 4,096 records of others, some 1,300 contacts, and gives a client 1,024 objects
 * at a time; both are settings of its `avahi-daemon.conf` (`cache-entries-max`,
 * `objects-per-client-max`). Several clients are made where one is not enough. What its cache has
 * no room for it does not tell of, so [property@Discovery:problem] says when that may be.
 *
 * Starting fails with %XEP174_DISCOVERY_ERROR_NO_DAEMON if there is no bus or no daemon on it, or
 * if nobody answers for ten seconds, with %XEP174_DISCOVERY_ERROR_NOT_SUPPORTED if the daemon or
 * the rules of the bus forbid it, or if the daemon cannot publish in
 * [property@Discovery:domain], with %XEP174_DISCOVERY_ERROR_LIMIT if the daemon has no room, and
 * with %XEP174_DISCOVERY_ERROR_COLLISION if a hundred names were taken. A daemon that the bus can
 * start is started.
 *
 * The daemon is asked over private connections to the bus, without a wait: a daemon that is busy,
 * or hangs, never holds up the main loop. If nothing comes from it for ten seconds though it was
 * asked something, [property@Discovery:problem] says so, and so it does if a daemon that had
 * nothing to say for half a minute does not tell that it is there.
 *
 * Since: 1.0
 */

#include "xep174-avahi-discovery.h"

#include "xep174-mdns-discovery-private.h"

struct _Xep174AvahiDiscovery
{
  Xep174MdnsDiscovery parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174AvahiDiscovery, xep174_avahi_discovery, XEP174_TYPE_MDNS_DISCOVERY)

static void
xep174_avahi_discovery_constructed (GObject *object)
{
  G_OBJECT_CLASS (xep174_avahi_discovery_parent_class)->constructed (object);

  xep174_mdns_discovery_take_stack ((Xep174MdnsDiscovery *) object, xep174_avahi_stack_new ());
}

static void
xep174_avahi_discovery_class_init (Xep174AvahiDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = xep174_avahi_discovery_constructed;
}

static void
xep174_avahi_discovery_init (Xep174AvahiDiscovery *self)
{
}

/**
 * xep174_avahi_discovery_new:
 * @domain: (nullable): where to browse and to publish, %NULL for `local`
 *
 * Makes a discovery that uses avahi-daemon.
 *
 * Domains other than `local` are asked for over unicast DNS where the daemon is set up to do so
 * (`enable-wide-area`, RFC 6763 §11). It cannot publish there, and so
 * [method@Discovery.start_async] has to be called without a profile; where it has no DNS server for
 * a domain it uses multicast in it.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174AvahiDiscovery *
xep174_avahi_discovery_new (const char *domain)
{
  return g_object_new (XEP174_TYPE_AVAHI_DISCOVERY,
                       "domain", domain != NULL ? domain : "local",
                       NULL);
}
