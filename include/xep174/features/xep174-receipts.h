/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_RECEIPTS (xep174_receipts_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Receipts, xep174_receipts, XEP174, RECEIPTS, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Receipts *xep174_receipts_new            (void);
XEP174_AVAILABLE_IN_1_0
void            xep174_receipts_send_displayed (Xep174Receipts *self,
                                                const char     *contact,
                                                const char     *id);

G_END_DECLS
