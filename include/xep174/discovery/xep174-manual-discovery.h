/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_MANUAL_DISCOVERY (xep174_manual_discovery_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174ManualDiscovery, xep174_manual_discovery, XEP174, MANUAL_DISCOVERY,
                      Xep174Discovery)

XEP174_AVAILABLE_IN_1_0
Xep174ManualDiscovery *xep174_manual_discovery_new    (void);
XEP174_AVAILABLE_IN_1_0
Xep174Contact         *xep174_manual_discovery_add    (Xep174ManualDiscovery *self,
                                                       const char            *name,
                                                       const char            *host,
                                                       guint16                port,
                                                       GError               **error);
XEP174_AVAILABLE_IN_1_0
gboolean               xep174_manual_discovery_remove (Xep174ManualDiscovery *self,
                                                       const char            *name);
XEP174_AVAILABLE_IN_1_0
gboolean               xep174_manual_discovery_set_avatar (Xep174ManualDiscovery  *self,
                                                           const char             *name,
                                                           GBytes                 *avatar,
                                                           GError                **error);

G_END_DECLS
