/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-browser-private.h"
#include "xep174-profile.h"

/* What we are called (D9), and what we say of ourselves (D14). It runs nobody's code but ours. */
typedef struct _Xep174MdnsPublisher Xep174MdnsPublisher;

/* We are not published, and nothing is being tried any more. */
typedef void (*Xep174MdnsPublisherFunc) (const GError *error,
                                         gpointer      user_data);

Xep174MdnsPublisher *xep174_mdns_publisher_new         (Xep174MdnsHub           *hub,
                                                        Xep174MdnsBrowser       *browser,
                                                        Xep174MdnsPublisherFunc  on_failed,
                                                        gpointer                 user_data);
void                 xep174_mdns_publisher_free        (Xep174MdnsPublisher *self);
/* What will be published; NULL for nothing. */
void                 xep174_mdns_publisher_set_profile (Xep174MdnsPublisher *self,
                                                        Xep174Profile       *profile,
                                                        guint16              port);
Xep174Profile       *xep174_mdns_publisher_get_profile (Xep174MdnsPublisher *self);
/* Publishes the profile, anew if it is. */
void                 xep174_mdns_publisher_publish     (Xep174MdnsPublisher *self);
/* Nothing of ours is published any more. */
void                 xep174_mdns_publisher_lose        (Xep174MdnsPublisher *self);
/* The profile says something else. */
void                 xep174_mdns_publisher_update      (Xep174MdnsPublisher *self);
/* What the stack says of it. */
void                 xep174_mdns_publisher_succeeded   (Xep174MdnsPublisher *self);
void                 xep174_mdns_publisher_failed      (Xep174MdnsPublisher *self,
                                                        const GError        *error);
/* The name in force, NULL while there is none. */
const char          *xep174_mdns_publisher_get_name    (Xep174MdnsPublisher *self);
/* Why there is none yet, if it is because others have the names; else NULL. */
GError              *xep174_mdns_publisher_dup_reason  (Xep174MdnsPublisher *self);
