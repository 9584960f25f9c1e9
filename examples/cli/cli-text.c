/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-text.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define RETURN_SYMBOL 0x23ce

/* A terminal obeys controls, and U+202A–U+202E, U+2066–U+2069 turn the text around them. */
static gboolean
is_dangerous (gunichar    c,
              const char *allowed)
{
  return (g_unichar_iscntrl (c) && (c > 0x7f || strchr (allowed, c) == NULL)) ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static char *
replace_dangerous (const char *text,
                   const char *allowed)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *printable = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;
      if (c == '\n' && strchr (allowed, c) == NULL)
        g_string_append_unichar (printable, RETURN_SYMBOL);
      else if (is_dangerous (c, allowed))
        g_string_append (printable, REPLACEMENT);
      else
        g_string_append_unichar (printable, c);
    }

  return g_string_free (printable, FALSE);
}

char *
cli_text_printable (const char *text)
{
  return replace_dangerous (text, "\n\t");
}

char *
cli_text_line (const char *text)
{
  return replace_dangerous (text, "");
}

char *
cli_text_paint (const char *text,
                CliColour   colour,
                gboolean    is_coloured)
{
  static const char *const codes[] = {
    [CLI_COLOUR_DIM] = "2",
    [CLI_COLOUR_BOLD] = "1",
    [CLI_COLOUR_RED] = "31",
    [CLI_COLOUR_GREEN] = "32",
    [CLI_COLOUR_YELLOW] = "33",
  };
  g_autofree char *printable = cli_text_line (text);

  if (!is_coloured || colour == CLI_COLOUR_NONE)
    return g_steal_pointer (&printable);

  return g_strdup_printf ("\x1b[%sm%s\x1b[0m", codes[colour], printable);
}

CliColour
cli_text_status (Xep174Status status)
{
  static const CliColour colours[] = {
    [XEP174_STATUS_AVAILABLE] = CLI_COLOUR_GREEN,
    [XEP174_STATUS_AWAY] = CLI_COLOUR_YELLOW,
    [XEP174_STATUS_DND] = CLI_COLOUR_RED,
  };

  return colours[status];
}

char *
cli_text_presence (Xep174Contact *contact)
{
  static const char *const words[] = {
    [XEP174_STATUS_AVAILABLE] = "available",
    [XEP174_STATUS_AWAY] = "away",
    [XEP174_STATUS_DND] = "do not disturb",
  };
  const char *word = words[xep174_contact_get_status (contact)];
  const char *message = xep174_contact_get_message (contact);
  g_autofree char *line = cli_text_line (message != NULL ? message : "");

  return *line != '\0' ? g_strdup_printf ("%s, “%s”", word, line) : g_strdup (word);
}
