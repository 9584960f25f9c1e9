/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_CORRECTIONS (xep174_corrections_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Corrections, xep174_corrections, XEP174, CORRECTIONS, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Corrections *xep174_corrections_new  (void);
XEP174_AVAILABLE_IN_1_0
gboolean           xep174_corrections_mark (Xep174Corrections *self,
                                            const char        *contact,
                                            Xep174Element     *message,
                                            const char        *id);

G_END_DECLS
