/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-embedded-core-private.h"

/* The A and AAAA records of the host name that our own server answers for. Avahi's automatic ones
 * come with reverse records, over which two servers on one machine would fight, so these are ours
 * to keep up to date. */
typedef struct _Xep174EmbeddedAddresses Xep174EmbeddedAddresses;

Xep174EmbeddedAddresses *xep174_embedded_addresses_new     (const Xep174AvahiCore *core,
                                                            AvahiServer           *server);
void                     xep174_embedded_addresses_free    (Xep174EmbeddedAddresses *addresses);
/* Publishes what has come and withdraws what has gone since the last time. */
void                     xep174_embedded_addresses_refresh (Xep174EmbeddedAddresses *addresses);
/* Whether there is a link that mDNS can use, the loopback one included. */
gboolean                 xep174_embedded_addresses_any     (void);
