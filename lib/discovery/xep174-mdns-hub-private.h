/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-slots-private.h"
#include "xep174-mdns-stack-private.h"

/* What the parts of mDNS discovery share. It is kept alive by an address enumeration that outlives
 * the discovery. */
typedef struct
{
  gatomicrefcount  ref_count;
  GMainContext    *context; /* that everything happens in */
  Xep174MdnsStack *stack;
  Xep174MdnsSlots *slots;
  char            *domain;
  gboolean         running;
  GQueue           resolvers; /* all that are not done */
} Xep174MdnsHub;

/* Takes over @stack. */
Xep174MdnsHub *xep174_mdns_hub_new   (Xep174MdnsStack *stack,
                                      const char      *domain);
Xep174MdnsHub *xep174_mdns_hub_ref   (Xep174MdnsHub *hub);
void           xep174_mdns_hub_unref (Xep174MdnsHub *hub);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174MdnsHub, xep174_mdns_hub_unref)
