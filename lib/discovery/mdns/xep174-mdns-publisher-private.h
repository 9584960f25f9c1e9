/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-browser-private.h"
#include "xep174-profile.h"

/* Our name (D9), and the TXT record that we publish (D14). It calls no handlers of the program. */
typedef struct _Xep174MdnsPublisher Xep174MdnsPublisher;

/* We are not published, and do not try any more. */
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
/* Publishes the profile, again if it was published before. */
void                 xep174_mdns_publisher_publish     (Xep174MdnsPublisher *self);
/* The stack has lost what we published. */
void                 xep174_mdns_publisher_lose        (Xep174MdnsPublisher *self);
/* The profile has new values. */
void                 xep174_mdns_publisher_update      (Xep174MdnsPublisher *self);
/* The answers of the stack. */
void                 xep174_mdns_publisher_succeeded   (Xep174MdnsPublisher *self);
void                 xep174_mdns_publisher_failed      (Xep174MdnsPublisher *self,
                                                        const GError        *error);
void                 xep174_mdns_publisher_offer_failed (Xep174MdnsPublisher *self,
                                                         const GError        *error);
/* The name that we are published under, or NULL. */
const char          *xep174_mdns_publisher_get_name    (Xep174MdnsPublisher *self);
/* Why we have no name yet, if others have all the names that we tried; else NULL. */
GError              *xep174_mdns_publisher_dup_reason  (Xep174MdnsPublisher *self);
