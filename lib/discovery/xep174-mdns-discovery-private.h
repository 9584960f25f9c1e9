/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* What discovery through Avahi's daemon and discovery in our own process have in common, which is
 * everything but the stack. Nothing is added to the class, so that the public classes are declared
 * as children of Xep174Discovery. */
typedef struct _Xep174MdnsDiscovery Xep174MdnsDiscovery;
typedef Xep174DiscoveryClass        Xep174MdnsDiscoveryClass;

struct _Xep174MdnsDiscovery
{
  Xep174Discovery parent_instance;
};

#define XEP174_TYPE_MDNS_DISCOVERY (xep174_mdns_discovery_get_type ())
GType xep174_mdns_discovery_get_type (void);

/* For the constructors: takes over @stack. NULL, and starting says that the build lacks it. */
void  xep174_mdns_discovery_take_stack (Xep174MdnsDiscovery *self,
                                        Xep174MdnsStack     *stack);
/* Interfaces, addresses or the host name have changed, or the machine woke up (D22); @can_ask as
 * Xep174NetworkWatchFunc has it. */
void  xep174_mdns_discovery_network_changed (Xep174MdnsDiscovery *self,
                                             gboolean             can_ask);

G_END_DECLS
