/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* What AvahiDiscovery and EmbeddedDiscovery have in common: everything except the stack. The class
 * has no functions of its own, so the public classes can be declared as children of
 * Xep174Discovery. */
typedef struct _Xep174MdnsDiscovery Xep174MdnsDiscovery;
typedef Xep174DiscoveryClass        Xep174MdnsDiscoveryClass;

struct _Xep174MdnsDiscovery
{
  Xep174Discovery parent_instance;
};

#define XEP174_TYPE_MDNS_DISCOVERY (xep174_mdns_discovery_get_type ())
GType xep174_mdns_discovery_get_type (void);

/* For the constructors: takes over @stack. With NULL a start fails and says that the build lacks
 * it. */
void  xep174_mdns_discovery_take_stack (Xep174MdnsDiscovery *self,
                                        Xep174MdnsStack     *stack);
/* Interfaces, addresses or the host name have changed, or the machine has woken up (D22). For
 * @can_ask see Xep174NetworkWatchFunc. */
void  xep174_mdns_discovery_network_changed (Xep174MdnsDiscovery *self,
                                             gboolean             can_ask);

G_END_DECLS
