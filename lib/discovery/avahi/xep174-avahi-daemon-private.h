/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-avahi-bus-private.h"

G_BEGIN_DECLS

/* Whether the daemon is there, and what it calls this host. */
typedef struct _Xep174AvahiDaemon Xep174AvahiDaemon;

typedef enum
{
  XEP174_AVAHI_SOUGHT,   /* nobody has answered yet */
  XEP174_AVAHI_ABSENT,   /* nobody is there; whoever comes is welcome */
  XEP174_AVAHI_SETTLING, /* it looks for a host name that nobody else has */
  XEP174_AVAHI_RUNNING,
  XEP174_AVAHI_LOST,     /* it was there and has gone, or gives no sensible answers */
} Xep174AvahiPresence;

/* Called in turns of the connection, where nothing may be freed. */
typedef void (*Xep174AvahiDaemonFunc) (gpointer user_data);

/* Over an open connection, which it asks for signals. @start: a daemon that can be started by the bus
 * is. */
Xep174AvahiDaemon  *xep174_avahi_daemon_new           (Xep174AvahiBus        *bus,
                                                       gboolean               start,
                                                       Xep174AvahiDaemonFunc  changed,
                                                       gpointer               user_data);
void                xep174_avahi_daemon_free          (Xep174AvahiDaemon *self);
void                xep174_avahi_daemon_start         (Xep174AvahiDaemon *self);
Xep174AvahiPresence xep174_avahi_daemon_get_presence  (Xep174AvahiDaemon *self);
/* Whether the host name has been in doubt since this was asked last. */
gboolean            xep174_avahi_daemon_take_doubt    (Xep174AvahiDaemon *self);
/* NULL if it does not say. */
const char         *xep174_avahi_daemon_get_host_name (Xep174AvahiDaemon *self);
/* Its unique name, NULL while it is not there. */
const char         *xep174_avahi_daemon_get_owner     (Xep174AvahiDaemon *self);
/* Why it is absent or lost. */
GError             *xep174_avahi_daemon_dup_error     (Xep174AvahiDaemon *self);

G_END_DECLS
