/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-avahi-discovery.h"
#include "xep174-discovery.h"
#include "xep174-embedded-discovery.h"
#include "xep174-manual-discovery.h"
#include "xep174-mdns-stack-private.h"

static gboolean
daemon_answers (void)
{
#ifdef HAVE_AVAHI
  g_autoptr(Xep174MdnsStack) stack = xep174_avahi_stack_new ();
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();

  if (!xep174_mdns_stack_open (stack, context, NULL))
    return FALSE;

  xep174_mdns_stack_close (stack);
  return TRUE;
#else
  return FALSE;
#endif
}

/**
 * xep174_discovery_new_default:
 *
 * Creates the best discovery at hand: [class@AvahiDiscovery] where avahi-daemon answers at once,
 * else [class@EmbeddedDiscovery], else, in a build that has neither, [class@ManualDiscovery].
 *
 * The choice is made here and stays, whatever comes or goes later on; to choose anew, make another.
 * Asking the daemon waits for its answer over D-Bus, as all requests to it do.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174Discovery *
xep174_discovery_new_default (void)
{
  if (daemon_answers ())
    return xep174_avahi_discovery_new (NULL);

#ifdef HAVE_EMBEDDED
  return xep174_embedded_discovery_new ();
#else
  return xep174_manual_discovery_new ();
#endif
}
