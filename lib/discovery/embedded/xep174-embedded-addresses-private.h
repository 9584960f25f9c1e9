/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-embedded-core-private.h"

/* The A and AAAA records for the host name of our own server. Avahi could add them by itself, but
 * with reverse records, about which two servers on one machine would fight. So we keep them up to
 * date. */
typedef struct _Xep174EmbeddedAddresses Xep174EmbeddedAddresses;

Xep174EmbeddedAddresses *xep174_embedded_addresses_new     (const Xep174AvahiCore *core,
                                                            AvahiServer           *server);
void                     xep174_embedded_addresses_free    (Xep174EmbeddedAddresses *addresses);
/* Publishes the addresses that are new since the last call, and withdraws those that have gone. */
void                     xep174_embedded_addresses_refresh (Xep174EmbeddedAddresses *addresses);
/* Whether there is a link that mDNS can use; the loopback interface counts. */
gboolean                 xep174_embedded_addresses_any     (void);
