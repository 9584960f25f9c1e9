/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <xep174/xep174.h>

int
main (void)
{
  g_autoptr(Xep174Profile) me = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174ManualDiscovery) discovery = xep174_manual_discovery_new ();
  g_autoptr(Xep174Client) client = xep174_client_new (me, XEP174_DISCOVERY (discovery));

  if (!XEP174_CHECK_VERSION (1, 0, 0))
    return 1;
  g_print ("%s\n", xep174_profile_get_user (xep174_client_get_profile (client)));
  return 0;
}
