/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-mdns-stack-private.h"

/* Names of the domain name system, in the text form that both of Avahi's libraries take: labels
 * between dots, whatever is not a letter, a digit, `-` or `_` escaped. */

/* `<instance>._presence._tcp.<domain>`; without an instance what is browsed (RFC 6763 §4). */
char         *xep174_mdns_service_name      (const char *instance,
                                             const char *domain);
/* The first label of such a name as it is, NULL if it cannot be an instance name (XEP-0174 §3). */
char         *xep174_mdns_instance_of_name  (const char *name);

/* What records hold, NULL or FALSE if they are malformed. */
/* NULL also where it points at something else than a presence in @domain. */
char         *xep174_mdns_record_dup_instance (const Xep174MdnsRecord *ptr,
                                               const char             *domain);
char         *xep174_mdns_record_dup_target   (const Xep174MdnsRecord *srv,
                                               guint16                *port);
GInetAddress *xep174_mdns_record_dup_address  (const Xep174MdnsRecord *a_or_aaaa);
