/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-enumerator-private.h"
#include "xep174-mdns-hub-private.h"

#define XEP174_TYPE_MDNS_ENUMERATOR (xep174_mdns_enumerator_get_type ())
G_DECLARE_FINAL_TYPE (Xep174MdnsEnumerator, xep174_mdns_enumerator, XEP174, MDNS_ENUMERATOR,
                      Xep174Enumerator)

GSocketAddressEnumerator *xep174_mdns_enumerator_new (Xep174MdnsHub *hub,
                                                      const char    *instance);
