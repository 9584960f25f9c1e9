/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-text.h"

#include "cli-text.h"
#include "translate.h"

#include <string.h>

#include <xep174/xep174.h>

/* Only web pages: with other schemes, a click may do more than show something. */
#define WEB_ADDRESS "\\bhttps?://[\\w\\[][^\\s<>\"“”„»«]*"

/* A longer word is laid out in pieces of so many characters. */
#define PIECE_CHARACTERS 100

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

/* Not what belongs to the character before, such as an accent or a part of an emoji. */
static gboolean
may_begin_piece (gunichar c)
{
  return c < 0x2000 ? !g_unichar_ismark (c) && !g_unichar_iszerowidth (c) : g_unichar_isalnum (c);
}

/* At a blank, or where a new character begins in a word that is too long. */
static const char *
find_end_of_piece (const char *text,
                   const char *limit)
{
  for (guint n = 0; text < limit; n++, text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isspace (c) || (n >= PIECE_CHARACTERS && may_begin_piece (c)))
        break;
    }

  return text;
}

/* For each line that a word fills Pango measures all that is left of it, which takes a second for
 * some thousand letters. It measures pieces by themselves if they differ in something: every second
 * one is spaced by a 1024th of a point, which nobody sees. */
static void
append_escaped (GString    *markup,
                const char *text,
                gsize       length)
{
  const char *limit = text + length;
  gboolean is_spaced = FALSE;

  while (text < limit)
    {
      const char *end = find_end_of_piece (text, limit);
      g_autofree char *escaped = g_markup_escape_text (text, end - text);

      g_string_append_printf (markup, is_spaced ? "<span letter_spacing=\"1\">%s</span>" : "%s",
                              escaped);
      is_spaced = !is_spaced;
      for (text = end; text < limit && g_unichar_isspace (g_utf8_get_char (text));
           text = g_utf8_next_char (text))
        {
          g_string_append_unichar (markup, g_utf8_get_char (text));
          is_spaced = FALSE;
        }
    }
}

static const struct
{
  Xep174TextStyle style;
  const char *tag;
} tags[] = {
  { XEP174_TEXT_STYLE_STRONG, "b" },
  { XEP174_TEXT_STYLE_EMPHASIS, "i" },
  { XEP174_TEXT_STYLE_STRUCK, "s" },
  { XEP174_TEXT_STYLE_CODE, "tt" },
};

static void
append_run (GString               *markup,
            const Xep174StyledRun *run,
            const char            *text,
            gsize                  length)
{
  if (run->quoted > 0)
    g_string_append (markup, "<span alpha=\"75%\">");
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (run->style & tags[i].style)
      g_string_append_printf (markup, "<%s>", tags[i].tag);
  append_escaped (markup, text, length);
  for (guint i = G_N_ELEMENTS (tags); i-- > 0;)
    if (run->style & tags[i].style)
      g_string_append_printf (markup, "</%s>", tags[i].tag);
  if (run->quoted > 0)
    g_string_append (markup, "</span>");
}

/* What is to be shown of a text, from its beginning to its end. */
typedef struct
{
  const char *text;
  GPtrArray *runs;
  guint at; /* the run that @done is in */
  gsize done;
} Rest;

static void
append_until (GString *markup,
              Rest    *rest,
              gsize    end)
{
  while (rest->done < end)
    {
      const Xep174StyledRun *run = g_ptr_array_index (rest->runs, rest->at);
      gsize end_of_run = run->start + run->length;
      gsize next = MIN (end, end_of_run);

      append_run (markup, run, rest->text + rest->done, next - rest->done);
      rest->done = next;
      rest->at += next == end_of_run;
    }
}

static GPtrArray *
list_runs (const char *text,
           gboolean    styled)
{
  Xep174StyledRun whole = { .length = strlen (text) };
  GPtrArray *runs;

  if (styled)
    return xep174_styled_text_parse (text);

  runs = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_styled_run_free);
  g_ptr_array_add (runs, xep174_styled_run_copy (&whole));

  return runs;
}

char *
chat_text_to_markup (const char *text,
                     gboolean    styled)
{
  g_autoptr(GRegex) regex = g_regex_new (WEB_ADDRESS, G_REGEX_CASELESS, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GPtrArray) runs = list_runs (text, styled);
  GString *markup = g_string_new (NULL);
  Rest rest = { .text = text, .runs = runs };

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

      append_until (markup, &rest, start);
      g_string_append_printf (markup, "<a href=\"%s\">", address);
      append_until (markup, &rest, start + length);
      g_string_append (markup, "</a>");
    }
  append_until (markup, &rest, strlen (text));

  return g_string_free (markup, FALSE);
}

char *
chat_text_escape (const char *text)
{
  g_autofree char *line = cli_text_line (text);

  return g_markup_escape_text (line, -1);
}

char *
chat_text_fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}

char *
chat_text_break_number (const char *number,
                        guint       n_groups)
{
  char *lines = g_strdup (number);
  guint n = 0;

  for (char *space = strchr (lines, ' '); space != NULL; space = strchr (space + 1, ' '))
    if (++n % n_groups == 0)
      *space = '\n';

  return lines;
}

char *
chat_text_spell_number (const char *number)
{
  GString *spoken = g_string_new (NULL);

  for (; *number != '\0'; number++)
    if (*number == ' ')
      g_string_append_c (spoken, ',');
    else
      g_string_append_printf (spoken, "%s%c", spoken->len > 0 ? " " : "", *number);

  return g_string_free (spoken, FALSE);
}

char *
chat_text_list_names (const char *const *names,
                      guint              n_named)
{
  guint n_names = g_strv_length ((char **) names);
  guint n_others = n_names > n_named ? n_names - n_named : 0;
  g_autofree char *list = g_strdup ("");
  g_autofree char *all = NULL;

  for (guint i = 0; i < n_names - n_others; i++)
    {
      gboolean is_last = i + 1 == n_names;
      g_autofree char *before = g_steal_pointer (&list);

      if (i == 0)
        list = g_strdup (names[i]);
      else
        /* Translators: a list and what it goes on with, or ends with */
        list = g_strdup_printf (is_last ? _("%s and %s") : _("%s, %s"), before, names[i]);
    }
  if (n_others > 0)
    all = g_strdup_printf (ngettext ("%s and %u other", "%s and %u others", n_others), list, n_others);

  return all != NULL ? g_steal_pointer (&all) : g_steal_pointer (&list);
}
