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
/* Where @candidate is to be dialled; %NULL if that is no place for a contact: a name, an address that stands
 * for many or for none, one inside of this host if the conversation is not, or our own @port. */
GSocketAddress *xep174_candidates_resolve (const Xep174JingleCandidate *candidate,
                                           GSocketAddress              *local,
                                           guint16                      port);

G_END_DECLS
