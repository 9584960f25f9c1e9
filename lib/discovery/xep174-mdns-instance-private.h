/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-hub-private.h"

/* One instance that PTR records point at, seen on one link or several (D11). */
typedef struct _Xep174MdnsInstance Xep174MdnsInstance;

Xep174MdnsInstance *xep174_mdns_instance_new          (Xep174MdnsHub *hub,
                                                       const char    *name);
/* Its contact goes with it. */
void                xep174_mdns_instance_free         (Xep174MdnsInstance *self);
const char         *xep174_mdns_instance_get_name     (Xep174MdnsInstance *self);
void                xep174_mdns_instance_add_link     (Xep174MdnsInstance     *self,
                                                       const Xep174MdnsRecord *ptr);
/* FALSE if that was the last one. */
gboolean            xep174_mdns_instance_remove_link  (Xep174MdnsInstance     *self,
                                                       const Xep174MdnsRecord *ptr);
/* The query that they are from has failed; what the next one does not find again has gone meanwhile:
 * FALSE if no link remains. */
void                xep174_mdns_instance_age_links      (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_drop_old_links (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_is_on_link   (Xep174MdnsInstance *self,
                                                       guint               interface);
/* Watches its TXT record and makes it a contact with the first one; or no longer, and the contact
 * goes. */
void                xep174_mdns_instance_watch        (Xep174MdnsInstance *self);
void                xep174_mdns_instance_ignore       (Xep174MdnsInstance *self);
/* What its contact says (transfer full), NULL if there is no contact. */
GBytes             *xep174_mdns_instance_dup_txt      (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_is_doubtful  (Xep174MdnsInstance *self);
void                xep174_mdns_instance_verify       (Xep174MdnsInstance *self,
                                                       gboolean            doubtful);
void                xep174_mdns_instance_trust        (Xep174MdnsInstance *self);
