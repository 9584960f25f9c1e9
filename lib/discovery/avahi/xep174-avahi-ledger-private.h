/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-stack-private.h"

G_BEGIN_DECLS

/* How much the daemon has told that it has not taken back. It remembers some thousand records itself
 * (cache-entries-max), so one that tells of ever more is out of its mind. What is above the bound is not
 * told on. */
#define XEP174_AVAHI_LEDGER_MAX (16 << 20)

/* What a record costs us beside its own octets. */
#define XEP174_AVAHI_RECORD_COST 1024

typedef struct
{
  gsize octets;
} Xep174AvahiLedger;

/* The part of one browser. */
typedef struct _Xep174AvahiPage Xep174AvahiPage;

Xep174AvahiPage *xep174_avahi_page_new    (Xep174AvahiLedger *ledger);
void             xep174_avahi_page_free   (Xep174AvahiPage *self);
/* FALSE where there is no room. The same record is added once. */
gboolean         xep174_avahi_page_add    (Xep174AvahiPage        *self,
                                           const Xep174MdnsRecord *record);
/* FALSE for what was not added. */
gboolean         xep174_avahi_page_remove (Xep174AvahiPage        *self,
                                           const Xep174MdnsRecord *record);

G_END_DECLS
