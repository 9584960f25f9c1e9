/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-trust-error.h"

/**
 * xep174_trust_error_quark:
 *
 * The error domain of [error@TrustError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-trust-error-quark, xep174_trust_error)
