/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Tells when interfaces, addresses or the host name change, and when the machine wakes up (D22).
 * Changes come in bursts, so @func is called when a burst is over. @can_ask says whether other
 * hosts can be asked now: something has come (an interface, its carrier, an address, or the machine
 * has woken up), or there is still another link than the one that has gone. On systems that it does
 * not know it never calls @func. */
typedef struct _Xep174NetworkWatch Xep174NetworkWatch;

typedef void (*Xep174NetworkWatchFunc) (gboolean can_ask,
                                        gpointer user_data);

Xep174NetworkWatch *xep174_network_watch_new  (GMainContext           *context,
                                               Xep174NetworkWatchFunc  func,
                                               gpointer                user_data);
void                xep174_network_watch_free (Xep174NetworkWatch *watch);
