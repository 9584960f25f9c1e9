/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

/* XEP-0428: text that is there for programs that do not understand something. */

/* What remains of @text, a body of @message, for who understands @xmlns. Ranges that do not fit are
 * ignored. */
char     *xep174_fallback_strip  (Xep174Element *message,
                                  const char    *xmlns,
                                  const char    *text);
/* Whether @message has a text that remains. */
gboolean  xep174_fallback_leaves (Xep174Element *message,
                                  const char    *xmlns);
/* Marks the first @length characters of the text. */
void      xep174_fallback_append (Xep174Element *message,
                                  const char    *xmlns,
                                  glong          length);

G_END_DECLS
