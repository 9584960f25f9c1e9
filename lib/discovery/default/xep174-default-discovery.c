/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174DefaultDiscovery:
 *
 * The discovery that fits best.
 *
 * At each start it asks whether avahi-daemon is there. If the daemon answers within a second, this
 * discovery works as an [class@AvahiDiscovery], else as an [class@EmbeddedDiscovery]. Nothing waits
 * for the answer. Until the next start it stays with its choice, also if the daemon comes or goes.
 *
 * If libxep174 was built without avahi-core, there is only the daemon.
 *
 * A start fails as that of the discovery that was chosen. The domain is always `local`.
 *
 * Since: 1.0
 */

#include "xep174-default-discovery.h"

#include "xep174-default-stack-private.h"
#include "xep174-mdns-discovery-private.h"

struct _Xep174DefaultDiscovery
{
  Xep174MdnsDiscovery parent_instance;
  /* The discovery owns it. NULL if there is nothing to choose from. */
  Xep174DefaultStack *stack;
};

G_DEFINE_FINAL_TYPE (Xep174DefaultDiscovery, xep174_default_discovery, XEP174_TYPE_MDNS_DISCOVERY)

static void
xep174_default_discovery_constructed (GObject *object)
{
  Xep174DefaultDiscovery *self = XEP174_DEFAULT_DISCOVERY (object);
  Xep174MdnsStack *stack = xep174_avahi_stack_new ();

  G_OBJECT_CLASS (xep174_default_discovery_parent_class)->constructed (object);

#ifdef HAVE_EMBEDDED
  stack = xep174_default_stack_new (stack, xep174_embedded_stack_new ());
  self->stack = XEP174_DEFAULT_STACK (stack);
#endif
  xep174_mdns_discovery_take_stack (&self->parent_instance, stack);
}

static void
xep174_default_discovery_class_init (Xep174DefaultDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = xep174_default_discovery_constructed;
}

static void
xep174_default_discovery_init (Xep174DefaultDiscovery *self)
{
}

/**
 * xep174_default_discovery_new:
 *
 * Makes a discovery that chooses when it is started.
 *
 * Returns: (transfer full): a discovery
 *
 * Since: 1.0
 */
Xep174DefaultDiscovery *
xep174_default_discovery_new (void)
{
  return g_object_new (XEP174_TYPE_DEFAULT_DISCOVERY, NULL);
}

/**
 * xep174_default_discovery_asks_daemon:
 * @self: a discovery
 *
 * Tells what was chosen. Ask when the discovery has been started; before the first start nothing is
 * chosen.
 *
 * Returns: %TRUE if the contacts come from avahi-daemon, %FALSE if from this process itself
 *
 * Since: 1.0
 */
gboolean
xep174_default_discovery_asks_daemon (Xep174DefaultDiscovery *self)
{
  g_return_val_if_fail (XEP174_IS_DEFAULT_DISCOVERY (self), FALSE);

  return self->stack == NULL || xep174_default_stack_is_first (self->stack);
}
