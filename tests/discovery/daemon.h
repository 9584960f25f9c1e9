/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A bus and an avahi-daemon of the test's own, in its namespace. */

/* Where the bus is, or would be: sets DBUS_SYSTEM_BUS_ADDRESS. */
void daemon_prepare       (void);
void daemon_start_bus     (void);
void daemon_stop_bus      (void);
/* @server: lines for the [server] section of its configuration, or NULL */
void daemon_start_avahi   (const char *server);
/* As a crash does. */
void daemon_kill_avahi    (void);
