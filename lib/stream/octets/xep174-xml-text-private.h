/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text that libxml2 would give back as it is. It goes past libxml2, straight from the octets into
 * the tree: that is most of what a message is made of. */
typedef struct
{
  guint start;
  guint end;
  /* Where the markup goes on: at the end, or after an end tag. Then the text is all that its
   * element has, and to libxml2 the element is an empty one. */
  guint resume;
  /* The number of elements begun and ended before it. */
  guint after;
} Xep174XmlText;

G_END_DECLS
