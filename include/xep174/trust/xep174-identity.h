/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_IDENTITY (xep174_identity_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Identity, xep174_identity, XEP174, IDENTITY, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Identity *xep174_identity_generate        (GError **error);
XEP174_AVAILABLE_IN_1_0
Xep174Identity *xep174_identity_new_from_pem    (const char  *pem,
                                                 GError     **error);
XEP174_AVAILABLE_IN_1_0
Xep174Identity *xep174_identity_load_or_create  (const char  *path,
                                                 GError     **error);
XEP174_AVAILABLE_IN_1_0
char           *xep174_identity_to_pem          (Xep174Identity  *self,
                                                 GError         **error);
XEP174_AVAILABLE_IN_1_0
char           *xep174_identity_dup_fingerprint (Xep174Identity *self);

G_END_DECLS
