/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_AVAHI_DISCOVERY (xep174_avahi_discovery_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174AvahiDiscovery, xep174_avahi_discovery, XEP174, AVAHI_DISCOVERY,
                      Xep174Discovery)

XEP174_AVAILABLE_IN_1_0
Xep174AvahiDiscovery *xep174_avahi_discovery_new (const char *domain);

G_END_DECLS
