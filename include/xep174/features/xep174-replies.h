/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-feature.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_REPLIES (xep174_replies_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Replies, xep174_replies, XEP174, REPLIES, Xep174Feature)

XEP174_AVAILABLE_IN_1_0
Xep174Replies *xep174_replies_new      (void);
XEP174_AVAILABLE_IN_1_0
gboolean       xep174_replies_mark     (Xep174Replies *self,
                                        const char    *contact,
                                        Xep174Element *message,
                                        const char    *id,
                                        const char    *quoted);
XEP174_AVAILABLE_IN_1_0
char          *xep174_replies_dup_id   (Xep174Element *message);
XEP174_AVAILABLE_IN_1_0
char          *xep174_replies_dup_text (Xep174Element *message,
                                        const char    *text);

G_END_DECLS
