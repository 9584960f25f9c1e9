/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-hub-private.h"

Xep174MdnsHub *
xep174_mdns_hub_new (Xep174MdnsStack *stack,
                     const char      *domain)
{
  Xep174MdnsHub *hub = g_new0 (Xep174MdnsHub, 1);

  g_atomic_ref_count_init (&hub->ref_count);
  hub->context = g_main_context_ref_thread_default ();
  hub->stack = stack;
  hub->slots = xep174_mdns_slots_new (stack);
  hub->domain = g_strdup (domain);
  g_queue_init (&hub->resolvers);
  xep174_mdns_slots_set_paused (hub->slots, TRUE);

  return hub;
}

Xep174MdnsHub *
xep174_mdns_hub_ref (Xep174MdnsHub *hub)
{
  g_atomic_ref_count_inc (&hub->ref_count);

  return hub;
}

void
xep174_mdns_hub_unref (Xep174MdnsHub *hub)
{
  if (!g_atomic_ref_count_dec (&hub->ref_count))
    return;

  xep174_mdns_slots_free (hub->slots);
  g_object_unref (hub->stack);
  g_main_context_unref (hub->context);
  g_free (hub->domain);
  g_free (hub);
}
