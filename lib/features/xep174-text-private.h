/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

/* What features of conversations ask of a stanza. */

static inline gboolean
xep174_text_is_in (Xep174Element *message)
{
  return xep174_element_find_child (message, "body", NULL) != NULL;
}

/* Whether a person says it; what comes back as an error has our own text. */
static inline gboolean
xep174_text_is_said (Xep174Element *stanza)
{
  return xep174_element_matches (stanza, "message", NULL) && xep174_text_is_in (stanza)
         && g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "error") != 0;
}

G_END_DECLS
