/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_STYLING (xep174_styling_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Styling, xep174_styling, XEP174, STYLING, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Styling *xep174_styling_new    (void);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_styling_is_off (Xep174Element *message);

G_END_DECLS
