/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-hub-private.h"

/* One look-up of where an instance is, SRV and then A and AAAA, made when somebody dials or checks
 * an address (D12, D21). Every query ends with its answer, and everything with the deadline. */
typedef struct _Xep174MdnsResolver Xep174MdnsResolver;

#define XEP174_MDNS_RESOLVE_MS 5000

/* There is another address, or it is done. The resolver may be freed in it. */
typedef void (*Xep174MdnsResolverFunc) (Xep174MdnsResolver *resolver,
                                        gpointer            user_data);

Xep174MdnsResolver *xep174_mdns_resolver_new           (Xep174MdnsHub          *hub,
                                                        const char             *instance,
                                                        gboolean                urgent,
                                                        Xep174MdnsResolverFunc  func,
                                                        gpointer                user_data);
void                xep174_mdns_resolver_free          (Xep174MdnsResolver *self);
/* The stack is going: nothing more will be found. */
void                xep174_mdns_resolver_stop          (Xep174MdnsResolver *self);
gboolean            xep174_mdns_resolver_is_done       (Xep174MdnsResolver *self);
/* Whether it has had its turn (D21). */
gboolean            xep174_mdns_resolver_is_asked      (Xep174MdnsResolver *self);
/* As its owner publishes it, NULL while there is no answer. */
const char         *xep174_mdns_resolver_get_published (Xep174MdnsResolver *self);
/* GInetSocketAddress, grows at its end only, empty if there is no answer */
GPtrArray          *xep174_mdns_resolver_get_addresses (Xep174MdnsResolver *self);
/* Whether @source is one of the addresses. */
gboolean            xep174_mdns_resolver_has_address   (Xep174MdnsResolver *self,
                                                        GSocketAddress     *source);
/* Or link-local on a link that the answer came from: mDNS stacks do not publish link-local
 * addresses beside global ones (X13). */
gboolean            xep174_mdns_resolver_has_source    (Xep174MdnsResolver *self,
                                                        GSocketAddress     *source);
/* Why it found no address; only once it is done. */
GError             *xep174_mdns_resolver_dup_error     (Xep174MdnsResolver *self);
