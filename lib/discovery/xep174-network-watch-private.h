/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Tells when interfaces, addresses or the host name change, and when the machine wakes up (D22).
 * Changes come in bursts; @func is called once they have settled, and told whether others can be
 * asked now: something has come (an interface, its carrier, an address, or the machine out of its
 * sleep), or there is another link than the one that has gone. Where the system is none that it
 * knows how to ask, nothing is ever told. */
typedef struct _Xep174NetworkWatch Xep174NetworkWatch;

typedef void (*Xep174NetworkWatchFunc) (gboolean can_ask,
                                        gpointer user_data);

Xep174NetworkWatch *xep174_network_watch_new  (GMainContext           *context,
                                               Xep174NetworkWatchFunc  func,
                                               gpointer                user_data);
void                xep174_network_watch_free (Xep174NetworkWatch *watch);
