/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-trust.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_KEY_RECORD (xep174_key_record_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174KeyRecord, xep174_key_record, XEP174, KEY_RECORD, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174KeyRecord    *xep174_key_record_new             (const char         *fingerprint,
                                                       Xep174Trust         trust,
                                                       const char * const *names);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_key_record_get_fingerprint (Xep174KeyRecord *self);
XEP174_AVAILABLE_IN_1_0
Xep174Trust         xep174_key_record_get_trust       (Xep174KeyRecord *self);
XEP174_AVAILABLE_IN_1_0
const char * const *xep174_key_record_get_names       (Xep174KeyRecord *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_key_record_has_name        (Xep174KeyRecord *self,
                                                       const char      *name);

G_END_DECLS
