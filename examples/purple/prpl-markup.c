/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Messages of libpurple are HTML; those of XMPP are plain text, with HTML beside it. Everything
 * that comes from outside is escaped. Of the HTML we use only what changes the look of the words of
 * the body: bold, italic, underlined, struck through, colours. No links and no images: a link can
 * show one address and lead to another, and libpurple finds addresses in the text by itself. */

#include "prpl-markup.h"

#include <purple.h>
#include <string.h>

#include "prpl-account.h"

#define NS_XHTML "http://www.w3.org/1999/xhtml"
#define NS_XHTML_IM "http://jabber.org/protocol/xhtml-im"

typedef struct
{
  GString *html;
  /* Without markup and without white space. */
  GString *words;
  /* (element-type utf8) the end tags of the elements that are open */
  GPtrArray *closing;
  /* In how many elements we are whose text is not shown. */
  guint hidden;
} Reader;

static void
append_words (GString    *words,
              const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      g_string_append_unichar (words, g_utf8_get_char (text));
}

static gboolean
is_one_of (const char        *name,
           const char *const *names)
{
  for (; *names != NULL; names++)
    if (g_ascii_strcasecmp (name, *names) == 0)
      return TRUE;

  return FALSE;
}

static void
open_tag (Reader     *reader,
          GString    *closing,
          const char *tag,
          const char *attributes)
{
  g_autofree char *end = g_strdup_printf ("</%s>", tag);

  g_string_append_printf (reader->html, "<%s%s>", tag, attributes);
  g_string_prepend (closing, end);
}

static void
open_color (Reader     *reader,
            GString    *closing,
            const char *color)
{
  g_autofree char *attribute = NULL;
  gsize length = strlen (color);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (color[i]) && (color[i] != '#' || i > 0))
      return;
  if (length == 0 || length > 24)
    return;

  attribute = g_strdup_printf (" color=\"%s\"", color);
  open_tag (reader, closing, "font", attribute);
}

static void
open_style (Reader     *reader,
            GString    *closing,
            const char *style)
{
  static const struct { const char *key, *value, *tag; } known[] = {
    { "font-weight", "bold", "b" },
    { "font-style", "italic", "i" },
    { "text-decoration", "underline", "u" },
    { "text-decoration", "line-through", "s" },
  };
  g_auto(GStrv) rules = g_strsplit (style, ";", -1);

  for (guint i = 0; rules[i] != NULL; i++)
    {
      g_auto(GStrv) rule = g_strsplit (rules[i], ":", 2);

      if (g_strv_length (rule) != 2)
        continue;
      g_strstrip (rule[0]);
      g_strstrip (rule[1]);
      if (g_str_equal (rule[0], "color"))
        open_color (reader, closing, rule[1]);
      for (guint j = 0; j < G_N_ELEMENTS (known); j++)
        if (g_str_equal (rule[0], known[j].key) && g_str_equal (rule[1], known[j].value))
          open_tag (reader, closing, known[j].tag, "");
    }
}

static const char *
find_attribute (const char **names,
                const char **values,
                const char  *name)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];

  return "";
}

static void
on_start (GMarkupParseContext *context,
          const char          *name,
          const char         **names,
          const char         **values,
          gpointer             user_data,
          GError             **error)
{
  static const char *const invisible[] = { "head", "style", "script", NULL };
  static const char *const bold[] = { "b", "strong", NULL };
  static const char *const italic[] = { "i", "em", "cite", NULL };
  static const char *const struck[] = { "s", "strike", "del", NULL };
  static const char *const breaks[] = { "br", "p", "div", "li", "tr", "blockquote", NULL };
  Reader *reader = user_data;
  GString *closing = g_string_new (NULL);

  if (reader->hidden > 0 || is_one_of (name, invisible))
    reader->hidden++;
  else if (is_one_of (name, bold))
    open_tag (reader, closing, "b", "");
  else if (is_one_of (name, italic))
    open_tag (reader, closing, "i", "");
  else if (is_one_of (name, struck))
    open_tag (reader, closing, "s", "");
  else if (g_str_equal (name, "u"))
    open_tag (reader, closing, "u", "");
  else if (is_one_of (name, breaks) && (reader->words->len > 0 || g_str_equal (name, "br")))
    g_string_append (reader->html, "<br>");
  else if (g_str_equal (name, "font"))
    open_color (reader, closing, find_attribute (names, values, "color"));
  else if (g_str_equal (name, "span"))
    open_style (reader, closing, find_attribute (names, values, "style"));

  g_ptr_array_add (reader->closing, g_string_free (closing, FALSE));
}

static void
on_end (GMarkupParseContext *context,
        const char          *name,
        gpointer             user_data,
        GError             **error)
{
  Reader *reader = user_data;

  if (reader->hidden > 0)
    reader->hidden--;
  g_string_append (reader->html,
                   g_ptr_array_index (reader->closing, reader->closing->len - 1));
  g_ptr_array_remove_index (reader->closing, reader->closing->len - 1);
}

static void
on_text (GMarkupParseContext *context,
         const char          *text,
         gsize                length,
         gpointer             user_data,
         GError             **error)
{
  Reader *reader = user_data;
  g_autofree char *escaped = g_markup_escape_text (text, length);

  if (reader->hidden > 0)
    return;

  g_string_append (reader->html, g_strdelimit (escaped, "\r\n\t", ' '));
  append_words (reader->words, text);
}

/* The HTML beside a body. NULL if there is none or if its words are not those of the body. */
static char *
dress (Xep174Element *html,
       const char    *body)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  g_autofree char *xml = xep174_element_to_string (html);
  g_autoptr(GString) words = g_string_new (NULL);
  Reader reader = { g_string_new (NULL), g_string_new (NULL),
                    g_ptr_array_new_with_free_func (g_free), 0 };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, &reader, NULL);
  gboolean same;

  append_words (words, body);
  same = g_markup_parse_context_parse (context, xml, -1, NULL)
         && g_string_equal (words, reader.words);
  g_markup_parse_context_free (context);
  g_ptr_array_unref (reader.closing);
  g_string_free (reader.words, TRUE);

  return g_string_free (reader.html, !same);
}

char *
prpl_markup_dup_html (Xep174Message *message)
{
  const char *body = xep174_message_get_body (message);
  Xep174Element *element = xep174_message_get_element (message);
  Xep174Element *html = xep174_element_find_child (element, "html", NS_XHTML_IM);
  g_autofree char *escaped = NULL;
  char *dressed;

  if (html == NULL)
    html = xep174_element_find_child (element, "html", NS_XHTML);
  dressed = html != NULL ? dress (html, body) : NULL;
  if (dressed != NULL)
    return dressed;

  escaped = g_markup_escape_text (body, -1);
  return purple_strreplace (escaped, "\n", "<br>");
}

/* libpurple's XHTML has entities of HTML, which XML does not know, and ampersands that begin no
 * entity. */
static char *
dup_without_entities (const char *xhtml)
{
  static const char *const predefined[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#" };
  GString *xml = g_string_new (NULL);

  for (const char *p = xhtml; *p != '\0';)
    {
      const char *plain = NULL;
      gboolean keep = *p != '&';
      int length = 1;

      for (guint i = 0; i < G_N_ELEMENTS (predefined); i++)
        keep |= g_str_has_prefix (p, predefined[i]);
      if (!keep)
        plain = purple_markup_unescape_entity (p, &length);
      if (keep)
        g_string_append_c (xml, *p);
      else
        g_string_append (xml, plain != NULL ? plain : "&amp;");
      p += keep || plain == NULL ? 1 : length;
    }

  return g_string_free (xml, FALSE);
}

/* Writes it as local clients do; libpurple's own Bonjour reads only what is in a `<font/>`. It
 * reads a body without XHTML as HTML, so "<" and "&" need this as much as bold letters do. */
void
prpl_markup_append (Xep174Element *message,
                    const char    *plain,
                    const char    *xhtml)
{
  g_autofree char *clean = NULL;
  g_autofree char *xml = NULL;
  g_autoptr(Xep174Element) body = NULL;
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (plain, xhtml) == 0)
    return;

  clean = dup_without_entities (xhtml);
  xml = g_strdup_printf ("<body xmlns='" NS_XHTML "'><font>%s</font></body>", clean);
  body = xep174_element_parse (xml, &error);
  if (body == NULL)
    {
      purple_debug_warning (PRPL_LOG, "a message goes out without its markup: %s\n",
                            error->message);
      return;
    }

  xep174_element_append_child (xep174_element_append_new (message, "html", NS_XHTML), body);
}
