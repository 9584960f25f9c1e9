/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"

GParamSpec *xep174_discovery_properties[XEP174_DISCOVERY_N_PROPS];
guint xep174_discovery_signals[XEP174_DISCOVERY_N_SIGNALS];

/* Does what G_ADD_PRIVATE() does. It is here because files below the class need it. */
static int private_offset;

void
xep174_discovery_add_private (GType type)
{
  private_offset = g_type_add_instance_private (type, sizeof (Xep174DiscoveryPrivate));
}

void
xep174_discovery_adjust_private (Xep174DiscoveryClass *klass)
{
  g_type_class_adjust_private_offset (klass, &private_offset);
}

Xep174DiscoveryPrivate *
xep174_discovery_get_private (Xep174Discovery *self)
{
  return G_STRUCT_MEMBER_P (self, private_offset);
}
