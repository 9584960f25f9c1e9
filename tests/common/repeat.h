/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* @format @n times between @before and @after, with the number of each in place of “#”. */
static inline char *
repeat (const char *before,
        const char *format,
        guint       n,
        const char *after)
{
  GString *text = g_string_new (before);
  g_auto(GStrv) parts = g_strsplit (format, "#", -1);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *part = g_strjoinv (number, parts);

      g_string_append (text, part);
    }

  return g_string_free (g_string_append (text, after), FALSE);
}
