/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-private.h"

#include "xep174-profile-private.h"

void
xep174_discovery_set_capabilities (Xep174Profile *profile,
                                   const char    *node,
                                   const char    *ver)
{
  xep174_profile_set_capabilities (profile, node, ver);
}
