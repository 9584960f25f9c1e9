/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Whether @source, where a connection comes from, is @address. An IPv4 address mapped into IPv6
 * is the IPv4 one. Of a link-local IPv6 address the scope ids must agree as well, as far as both
 * are known (not 0): the same address on another link is another machine (X13). */
gboolean      xep174_address_matches       (GSocketAddress *source,
                                            GInetAddress   *address,
                                            guint32         scope_id);
gboolean      xep174_address_equal         (GSocketAddress *a,
                                            GSocketAddress *b);
/* X13: whether @source is link-local, and on which interface (0 if the address does not say, as
 * with IPv4). */
gboolean      xep174_address_is_link_local (GSocketAddress *source,
                                            guint32        *scope_id);

/* Whether an address that was said on @interface can be anybody's there: not one of this machine
 * alone, unless that is where it was said, and not one of many machines or of none. */
gboolean      xep174_address_is_plausible  (GInetAddress *address,
                                            int           interface);

/* Whether @source is among the addresses that @connectable enumerates, whatever their ports. An
 * enumeration that fails midway counts as far as it came; only being cancelled is an error. */
void          xep174_address_check_async   (GSocketConnectable  *connectable,
                                            GSocketAddress      *source,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
gboolean      xep174_address_check_finish  (GAsyncResult  *result,
                                            gboolean      *matches,
                                            GError       **error);
