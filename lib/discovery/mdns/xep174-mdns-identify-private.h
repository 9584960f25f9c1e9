/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-browser-private.h"

/* Whose address is it (X13, X4)? Callers with the same name share one look-up, callers without a
 * name share one look-up of all contacts, and only a few unknown names are looked up at a time. So
 * callers cannot make us ask the network more than that. */
typedef struct _Xep174MdnsIdentify Xep174MdnsIdentify;

/* How many unknown names are looked up at a time. */
#define XEP174_MDNS_STRANGERS 8

Xep174MdnsIdentify *xep174_mdns_identify_new  (Xep174MdnsHub     *hub,
                                               Xep174MdnsBrowser *browser,
                                               Xep174Discovery   *owner);
void                xep174_mdns_identify_free (Xep174MdnsIdentify *self);
/* Takes @task, whose result is the name as published; @claimed_name may be NULL. */
void                xep174_mdns_identify_run  (Xep174MdnsIdentify *self,
                                               GSocketAddress     *address,
                                               const char         *claimed_name,
                                               GTask              *task);
