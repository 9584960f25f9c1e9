/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Whether a connection from @source comes from @address. An IPv4 address mapped into IPv6 counts as
 * the IPv4 address. For a link-local IPv6 address the scope ids must be equal, too, if both are
 * known (not 0): the same address on another link is another machine (X13). */
gboolean      xep174_address_matches       (GSocketAddress *source,
                                            GInetAddress   *address,
                                            guint32         scope_id);
gboolean      xep174_address_equal         (GSocketAddress *a,
                                            GSocketAddress *b);
/* X13: whether @source is link-local, and on which interface (0 if the address does not say that;
 * an IPv4 address never does). */
gboolean      xep174_address_is_link_local (GSocketAddress *source,
                                            guint32        *scope_id);

/* Whether a contact can have this address, if it was announced on @interface. It cannot be an
 * address that only this machine can reach, unless it was announced on the loopback interface; nor
 * one that stands for many machines or for none. */
gboolean      xep174_address_is_plausible  (GInetAddress *address,
                                            int           interface);

/* Whether @source is one of the addresses that @connectable enumerates, with any port. If the
 * enumeration fails, the addresses before that count; only a cancelled one is an error. */
void          xep174_address_check_async   (GSocketConnectable  *connectable,
                                            GSocketAddress      *source,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean      xep174_address_check_finish  (GAsyncResult  *result,
                                            gboolean      *matches,
                                            GError       **error);
