/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-trust-store.h"

G_BEGIN_DECLS

#define XEP174_TYPE_MEMORY_TRUST_STORE (xep174_memory_trust_store_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174MemoryTrustStore, xep174_memory_trust_store, XEP174, MEMORY_TRUST_STORE,
                      GObject)

XEP174_AVAILABLE_IN_1_0
Xep174MemoryTrustStore *xep174_memory_trust_store_new (void);

G_END_DECLS
