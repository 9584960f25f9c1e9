/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-trust-store.h"

G_BEGIN_DECLS

#define XEP174_TYPE_FILE_TRUST_STORE (xep174_file_trust_store_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174FileTrustStore, xep174_file_trust_store, XEP174, FILE_TRUST_STORE,
                      GObject)

XEP174_AVAILABLE_IN_1_0
Xep174FileTrustStore *xep174_file_trust_store_new      (const char *path);
XEP174_AVAILABLE_IN_1_0
const char           *xep174_file_trust_store_get_path (Xep174FileTrustStore *self);

G_END_DECLS
