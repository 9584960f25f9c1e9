/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-text.h"

#include <string.h>

/* Nothing but web pages: what opens a link may do more with other schemes than show something. */
#define WEB_ADDRESS "\\bhttps?://[\\w\\[][^\\s<>\"“”„»«]*"

/* “See http://x.example/a_(b), it is (http://y.example/).” */
static gsize
get_link_length (const char *address,
                 gsize       length)
{
  int n_open = 0;

  for (gsize i = 0; i < length; i++)
    n_open += (address[i] == '(') - (address[i] == ')');

  while (length > 0)
    {
      char last = address[length - 1];

      if (last == ')' && n_open < 0)
        n_open++;
      else if (strchr (".,;:!?'", last) == NULL)
        break;
      length--;
    }

  return length;
}

static void
append_escaped (GString    *markup,
                const char *text,
                gsize       length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (markup, escaped);
}

char *
chat_text_to_markup (const char *text)
{
  g_autoptr(GRegex) regex = g_regex_new (WEB_ADDRESS, G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  GString *markup = g_string_new (NULL);
  gsize done = 0;

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      int start;
      int end;
      gsize length;
      g_autofree char *address = NULL;

      g_match_info_fetch_pos (match, 0, &start, &end);
      length = get_link_length (text + start, end - start);
      address = g_markup_escape_text (text + start, length);

      append_escaped (markup, text + done, start - done);
      g_string_append_printf (markup, "<a href=\"%s\">%s</a>", address, address);
      done = start + length;
    }
  append_escaped (markup, text + done, strlen (text + done));

  return g_string_free (markup, FALSE);
}

char *
chat_text_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}
