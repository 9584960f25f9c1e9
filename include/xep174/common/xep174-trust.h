/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * Xep174Trust:
 * @XEP174_TRUST_UNKNOWN: nothing is known; a session that is not encrypted has this, and one whose
 *   key cannot be remembered because there are too many
 * @XEP174_TRUST_SEEN: encrypted, and the key is the one that was there before, or the first; nobody
 *   has compared it
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

G_END_DECLS
