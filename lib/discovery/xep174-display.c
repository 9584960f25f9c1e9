/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-display-private.h"

static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x0085 || c == 0x2028 || c == 0x2029;
}

/* Characters that take no place of their own but change how their neighbours look: directional
 * marks, embeddings, overrides and isolates (UAX #9 §2), invisible separators and operators. The
 * joiners U+200C and U+200D stay: Persian and emoji are wrong without them. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x00ad || c == 0x034f || c == 0x061c || c == 0x180e || c == 0xfeff ||
         c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || (c >= 0xfff9 && c <= 0xfffb);
}

char *
xep174_display_text (const char *text)
{
  GString *shown = g_string_new (NULL);
  gboolean space = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* White space of any kind and length is one space: a line break would start a line of the
       * sender's own making in a list or a terminal. */
      if (is_space (c))
        space = TRUE;
      else if (!g_unichar_iscntrl (c) && !is_invisible (c))
        {
          if (space && shown->len > 0)
            g_string_append_c (shown, ' ');
          space = FALSE;
          g_string_append_unichar (shown, c);
        }
    }

  if (shown->len > 0)
    return g_string_free (shown, FALSE);

  g_string_free (shown, TRUE);
  return NULL;
}
