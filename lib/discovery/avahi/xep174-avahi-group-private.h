/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avahi-objects-private.h"

G_BEGIN_DECLS

/* A group of entries of the daemon's: one publishes our service, another one offers our picture. What
 * happens is noted, and asked for. */
typedef struct _Xep174AvahiGroup Xep174AvahiGroup;

typedef enum
{
  XEP174_AVAHI_GROUP_BUSY, /* nothing new */
  XEP174_AVAHI_GROUP_PUBLISHED,
  XEP174_AVAHI_GROUP_FAILED,
} Xep174AvahiGroupNews;

/* @noted is called in turns of the connection, where the group may not be freed. */
Xep174AvahiGroup    *xep174_avahi_group_new       (Xep174AvahiObjects *objects,
                                                   void              (*noted) (gpointer user_data),
                                                   gpointer            user_data);
/* What is published is withdrawn. */
void                 xep174_avahi_group_free      (Xep174AvahiGroup *self);
/* In the place of what was published until now. */
void                 xep174_avahi_group_publish   (Xep174AvahiGroup        *self,
                                                   const Xep174MdnsService *service);
void                 xep174_avahi_group_offer     (Xep174AvahiGroup      *self,
                                                   const Xep174MdnsOffer *offer);
/* The TXT record of the service. */
void                 xep174_avahi_group_update    (Xep174AvahiGroup        *self,
                                                   const Xep174MdnsService *service);
void                 xep174_avahi_group_withdraw  (Xep174AvahiGroup *self);
/* What was noted last, and it is news no longer; @error is why it failed. */
Xep174AvahiGroupNews xep174_avahi_group_take_news (Xep174AvahiGroup  *self,
                                                   GError           **error);

G_END_DECLS
