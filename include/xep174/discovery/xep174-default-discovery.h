/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_DEFAULT_DISCOVERY (xep174_default_discovery_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174DefaultDiscovery, xep174_default_discovery, XEP174, DEFAULT_DISCOVERY,
                      Xep174Discovery)

XEP174_AVAILABLE_IN_1_0
Xep174DefaultDiscovery *xep174_default_discovery_new         (void);
XEP174_AVAILABLE_IN_1_0
gboolean                xep174_default_discovery_asks_daemon (Xep174DefaultDiscovery *self);

G_END_DECLS
