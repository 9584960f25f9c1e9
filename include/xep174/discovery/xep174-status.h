/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-version.h"

/**
 * Xep174Status:
 * @XEP174_STATUS_AVAILABLE: `avail`, also what a missing or unknown value means
 * @XEP174_STATUS_AWAY: `away`
 * @XEP174_STATUS_DND: `dnd`, do not disturb
 *
 * The `status` parameter of XEP-0174 §11.2.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_STATUS_AVAILABLE,
  XEP174_STATUS_AWAY,
  XEP174_STATUS_DND,
} Xep174Status;
