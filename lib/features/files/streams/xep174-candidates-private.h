/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <ifaddrs.h>

#include "xep174-jingle-private.h"

G_BEGIN_DECLS

/* Addresses of a bytestream, as the connection of the conversation tells them: @local is our end of it. */

/* (element-type Xep174JingleCandidate) (transfer full): where @name can be reached at @port: the address
 * that the contact knows already first, then one of the other family if there is one, then all others of the
 * same link. Those of other links are nobody's business here. */
GPtrArray      *xep174_candidates_list    (GSocketAddress *local,
                                           const char     *name,
                                           guint16         port,
                                           GRand          *random);
/* The same of a host with such addresses. */
GPtrArray      *xep174_candidates_choose  (const struct ifaddrs *all,
                                           GSocketAddress       *local,
                                           const char           *name,
                                           guint16               port,
                                           GRand                *random);
/* Where @host at @port is to be dialled, whosever it is; %NULL if that is no place for a contact: a name,
 * an address that stands for many or for none, one of this host if the @remote end of the conversation is not
 * here, too, or our @own_port. */
GSocketAddress *xep174_candidates_resolve (const char     *host,
                                           guint16         port,
                                           GSocketAddress *local,
                                           GSocketAddress *remote,
                                           guint16         own_port);
/* %NULL if it is none of IP. An IPv4 address that is written as one of IPv6 is one of IPv4. */
GInetAddress   *xep174_candidates_dup_address (GSocketAddress *address);

G_END_DECLS
