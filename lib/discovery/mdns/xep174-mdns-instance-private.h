/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-hub-private.h"

/* An instance to which PTR records point. It is seen on one link or on several (D11). */
typedef struct _Xep174MdnsInstance Xep174MdnsInstance;

Xep174MdnsInstance *xep174_mdns_instance_new          (Xep174MdnsHub *hub,
                                                       const char    *name);
/* Removes its contact, too. */
void                xep174_mdns_instance_free         (Xep174MdnsInstance *self);
const char         *xep174_mdns_instance_get_name     (Xep174MdnsInstance *self);
void                xep174_mdns_instance_add_link     (Xep174MdnsInstance     *self,
                                                       const Xep174MdnsRecord *ptr);
/* FALSE if it was the last link. */
gboolean            xep174_mdns_instance_remove_link  (Xep174MdnsInstance     *self,
                                                       const Xep174MdnsRecord *ptr);
/* The query that found the links has failed. Links that the next query does not find again have
 * gone meanwhile. FALSE if no link is left. */
void                xep174_mdns_instance_age_links      (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_drop_old_links (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_is_on_link   (Xep174MdnsInstance *self,
                                                       guint               interface);
/* The first place where it was seen; FALSE if there is none. */
gboolean            xep174_mdns_instance_get_place    (Xep174MdnsInstance *self,
                                                       Xep174MdnsPlace    *place);
/* The first watches its TXT record and makes it a contact when there is one. The second stops that
 * and removes the contact. */
void                xep174_mdns_instance_watch        (Xep174MdnsInstance *self);
void                xep174_mdns_instance_ignore       (Xep174MdnsInstance *self);
/* (transfer full): the TXT record of its contact, NULL if there is no contact. */
GBytes             *xep174_mdns_instance_dup_txt      (Xep174MdnsInstance *self);
gboolean            xep174_mdns_instance_is_doubtful  (Xep174MdnsInstance *self);
void                xep174_mdns_instance_verify       (Xep174MdnsInstance *self,
                                                       gboolean            doubtful);
void                xep174_mdns_instance_trust        (Xep174MdnsInstance *self);
