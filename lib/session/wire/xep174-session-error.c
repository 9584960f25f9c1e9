/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-session-error.h"

/**
 * xep174_session_error_quark:
 *
 * The error domain of [error@SessionError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-session-error-quark, xep174_session_error)
