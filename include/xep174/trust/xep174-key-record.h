/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174Trust:
 * @XEP174_TRUST_UNKNOWN: nothing is known; a session that is not encrypted has this
 * @XEP174_TRUST_SEEN: encrypted, and the key is the one that was there before, or the first; nobody
 *   has
 *   compared it
 * @XEP174_TRUST_VERIFIED: encrypted, and a person has compared the key
 * @XEP174_TRUST_CHANGED: the name had another key until now; nothing is sent until a person accepts
 * @XEP174_TRUST_DISTRUSTED: a person has said that this key must not be trusted
 *
 * What is known of a key.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_TRUST_UNKNOWN,
  XEP174_TRUST_SEEN,
  XEP174_TRUST_VERIFIED,
  XEP174_TRUST_CHANGED,
  XEP174_TRUST_DISTRUSTED,
} Xep174Trust;

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
