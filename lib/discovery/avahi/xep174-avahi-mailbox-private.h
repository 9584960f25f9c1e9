/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What has come over a connection and was not looked at. GDBus reads in a thread of its own, as fast as
 * the peer writes, and keeps all of it for the main loop. Here it is kept in one order, answers and
 * signals alike, and within a bound. */
typedef struct _Xep174AvahiMailbox Xep174AvahiMailbox;

/* What may wait: the answers about four thousand contacts at once are a tenth of it. */
#define XEP174_AVAHI_MAIL_MAX        65536
#define XEP174_AVAHI_MAIL_OCTETS_MAX (32 << 20)

/* A message is NULL where more came than may wait: what came is lost, and nothing more will come. The
 * mailbox may be freed in it. */
typedef void (*Xep174AvahiMailFunc) (GDBusMessage *message,
                                     gpointer      user_data);

/* @func is called in @context, until the mailbox is freed. */
Xep174AvahiMailbox *xep174_avahi_mailbox_new        (GDBusConnection     *connection,
                                                     GMainContext        *context,
                                                     Xep174AvahiMailFunc  func,
                                                     gpointer             user_data);
void                xep174_avahi_mailbox_free       (Xep174AvahiMailbox *self);
/* Whose signals are taken, beside the bus's: a unique name, or NULL for nobody's. */
void                xep174_avahi_mailbox_set_sender (Xep174AvahiMailbox *self,
                                                     const char         *unique_name);

G_END_DECLS
