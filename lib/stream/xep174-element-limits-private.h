/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-stream-limits-private.h"

G_BEGIN_DECLS

/* X8: whether a parser with @limits takes @self, printed into a stream as @octets octets with @from
 * and @to; fails with XEP174_STREAM_ERROR_POLICY_VIOLATION. */
gboolean xep174_element_check_limits (Xep174Element             *self,
                                      gsize                      octets,
                                      const char                *from,
                                      const char                *to,
                                      const Xep174StreamLimits  *limits,
                                      GError                   **error);

G_END_DECLS
