/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-hub-private.h"

/* The way to an instance. Each enumeration asks again (D12) and gives each address as soon as it is
 * known, IPv6 and IPv4 in turn (RFC 8305 §4), so that a family that does not work costs little
 * time. */
#define XEP174_TYPE_MDNS_CONNECTABLE (xep174_mdns_connectable_get_type ())
G_DECLARE_FINAL_TYPE (Xep174MdnsConnectable, xep174_mdns_connectable, XEP174, MDNS_CONNECTABLE,
                      GObject)

GSocketConnectable *xep174_mdns_connectable_new (Xep174MdnsHub *hub,
                                                 const char    *instance);
