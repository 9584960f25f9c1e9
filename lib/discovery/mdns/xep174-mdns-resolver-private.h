/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-hub-private.h"

/* One look-up of where an instance is: SRV, then A and AAAA. It is made when somebody dials, or
 * when an address is checked (D12, D21). Every query ends with its answer, and at the latest with
 * the deadline. */
typedef struct _Xep174MdnsResolver Xep174MdnsResolver;

#define XEP174_MDNS_RESOLVE_MS 5000

/* There is a new address, or the look-up is done. The resolver may be freed in this function. */
typedef void (*Xep174MdnsResolverFunc) (Xep174MdnsResolver *resolver,
                                        gpointer            user_data);

Xep174MdnsResolver *xep174_mdns_resolver_new           (Xep174MdnsHub          *hub,
                                                        const char             *instance,
                                                        gboolean                urgent,
                                                        Xep174MdnsResolverFunc  func,
                                                        gpointer                user_data);
void                xep174_mdns_resolver_free          (Xep174MdnsResolver *self);
/* The stack goes away: nothing more will be found. */
void                xep174_mdns_resolver_stop          (Xep174MdnsResolver *self);
gboolean            xep174_mdns_resolver_is_done       (Xep174MdnsResolver *self);
/* Whether it got a slot and has begun to ask (D21). */
gboolean            xep174_mdns_resolver_is_asked      (Xep174MdnsResolver *self);
/* As its owner publishes it, NULL while there is no answer. */
const char         *xep174_mdns_resolver_get_published (Xep174MdnsResolver *self);
/* GInetSocketAddress. New ones are added at the end only. It is empty if there is no answer. */
GPtrArray          *xep174_mdns_resolver_get_addresses (Xep174MdnsResolver *self);
/* Whether @source is one of the addresses. */
gboolean            xep174_mdns_resolver_has_address   (Xep174MdnsResolver *self,
                                                        GSocketAddress     *source);
/* The same, but a link-local @source on a link that the answer came from counts, too: mDNS stacks
 * do not publish link-local addresses beside global ones (X13). */
gboolean            xep174_mdns_resolver_has_source    (Xep174MdnsResolver *self,
                                                        GSocketAddress     *source);
/* Why it found no address; only once it is done. */
GError             *xep174_mdns_resolver_dup_error     (Xep174MdnsResolver *self);
