/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A bus and an avahi-daemon of the test's own, in its namespace. */

/* Where the bus is, or would be: sets DBUS_SYSTEM_BUS_ADDRESS. */
void daemon_prepare       (void);
/* What else the next bus allows, denies, or can start: elements of its configuration. */
void daemon_set_rules     (const char *rules);
void daemon_start_bus     (void);
void daemon_stop_bus      (void);
/* @config: lines for its configuration, in the [server] section to begin with; or NULL */
void daemon_start_avahi   (const char *config);
/* As a crash does. */
void daemon_kill_avahi    (void);
void daemon_signal_avahi  (int signal);
/* The next bus starts it when it is asked for. */
void daemon_make_startable (void);
/* One that the bus has started. */
void daemon_end_started   (void);
/* For unicast DNS, which avahi uses in other domains if it is told to (enable-wide-area). */
void daemon_set_name_server (void);
