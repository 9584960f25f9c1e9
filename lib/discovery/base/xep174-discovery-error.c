/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery.h"

/**
 * xep174_discovery_error_quark:
 *
 * The error domain of [error@DiscoveryError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-discovery-error-quark, xep174_discovery_error)
