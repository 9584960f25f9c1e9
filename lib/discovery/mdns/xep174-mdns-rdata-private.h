/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-mdns-stack-private.h"

/* DNS names, in the text form that both of Avahi's libraries take: labels with dots between them,
 * and everything escaped except letters, digits, `-` and `_`. */

/* `<instance>._presence._tcp.<domain>`; without an instance it is the name that we browse (RFC 6763
 * §4). */
char         *xep174_mdns_service_name      (const char *instance,
                                             const char *domain);
/* (transfer full): the names under which the picture of @instance may stand. The second one, if the
 * instance has dots in it, is how libpurple spells it: it takes them for dots between labels. */
char        **xep174_mdns_picture_names     (const char *instance,
                                             const char *domain);
/* The first label of such a name, not escaped. NULL if it cannot be an instance name (XEP-0174
 * §3). */
char         *xep174_mdns_instance_of_name  (const char *name);

/* These read the data of records, and return NULL or FALSE if it is malformed. */
/* Also NULL if it points to something other than a presence in @domain. */
char         *xep174_mdns_record_dup_instance (const Xep174MdnsRecord *ptr,
                                               const char             *domain);
char         *xep174_mdns_record_dup_target   (const Xep174MdnsRecord *srv,
                                               guint16                *port);
GInetAddress *xep174_mdns_record_dup_address  (const Xep174MdnsRecord *a_or_aaaa);
