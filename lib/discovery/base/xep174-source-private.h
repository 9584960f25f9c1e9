/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Destroys and clears the source at @source, which may be NULL. */
static inline void
xep174_clear_source (GSource **source)
{
  GSource *cleared = g_steal_pointer (source);

  if (cleared == NULL)
    return;

  g_source_destroy (cleared);
  g_source_unref (cleared);
}

G_END_DECLS
