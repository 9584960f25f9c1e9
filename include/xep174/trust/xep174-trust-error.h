/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TRUST_ERROR (xep174_trust_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_trust_error_quark (void);

/**
 * Xep174TrustError:
 * @XEP174_TRUST_ERROR_FAILED: something else went wrong; the message says what
 * @XEP174_TRUST_ERROR_NOT_SUPPORTED: the library was built without TLS
 * @XEP174_TRUST_ERROR_INVALID_KEY: a key or certificate cannot be used
 * @XEP174_TRUST_ERROR_DAMAGED: the file of a store or an identity is there, and cannot be
 *   understood
 * @XEP174_TRUST_ERROR_UNSAFE: others may read or change the file, or it is not a plain file
 * @XEP174_TRUST_ERROR_TLS: TLS has failed on a connection
 * @XEP174_TRUST_ERROR_MISSING: the file of a store was there, with keys, and is gone
 * @XEP174_TRUST_ERROR_FULL: a file would become larger than it may be
 *
 * What can go wrong with keys, stores and encryption.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_TRUST_ERROR_FAILED,
  XEP174_TRUST_ERROR_NOT_SUPPORTED,
  XEP174_TRUST_ERROR_INVALID_KEY,
  XEP174_TRUST_ERROR_DAMAGED,
  XEP174_TRUST_ERROR_UNSAFE,
  XEP174_TRUST_ERROR_TLS,
  XEP174_TRUST_ERROR_MISSING,
  XEP174_TRUST_ERROR_FULL,
} Xep174TrustError;

G_END_DECLS
