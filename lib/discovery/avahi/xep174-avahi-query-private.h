/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avahi-ledger-private.h"
#include "xep174-avahi-objects-private.h"

G_BEGIN_DECLS

/* A browser of the daemon's for the records of one name and type. */
Xep174MdnsQuery *xep174_avahi_query_new  (Xep174AvahiObjects    *objects,
                                          Xep174AvahiLedger     *ledger,
                                          const char            *name,
                                          guint16                type,
                                          const Xep174MdnsPlace *place,
                                          Xep174MdnsQueryFunc    func,
                                          gpointer               user_data);
void             xep174_avahi_query_free (Xep174MdnsQuery *self);

G_END_DECLS
