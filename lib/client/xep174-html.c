/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text of a message that has only HTML. Some clients of the local network send such messages:
 * HTML in its own namespace, or XHTML-IM (XEP-0071). We write the element as XML and read the text
 * from that, because there order and white space are kept, and it is certainly well-formed. */

#include "xep174-html-private.h"

#include <string.h>

#define NS_XHTML "http://www.w3.org/1999/xhtml"
#define NS_XHTML_IM "http://jabber.org/protocol/xhtml-im"

static gboolean
is_one_of (const char         *name,
           gsize               length,
           const char *const  *names)
{
  for (; *names != NULL; names++)
    if (strlen (*names) == length && g_ascii_strncasecmp (name, *names, length) == 0)
      return TRUE;

  return FALSE;
}

/* As in a browser: white space becomes one space, and none at the start of a line. */
static void
append_char (GString    *text,
             const char *octets,
             gsize       length)
{
  if (!g_ascii_isspace (*octets))
    g_string_append_len (text, octets, length);
  else if (text->len > 0 && !g_ascii_isspace (text->str[text->len - 1]))
    g_string_append_c (text, ' ');
}

static void
append_break (GString *text)
{
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

static void
append_paragraph_break (GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    append_break (text);
}

/* @at is an ampersand. Our own XML has only the five predefined entities. */
static const char *
append_reference (GString    *text,
                  const char *at)
{
  static const struct { const char *name; char c; } entities[] = {
    { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
  };
  const char *end = strchr (at, ';');

  if (end == NULL)
    return at + strlen (at);

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (at, entities[i].name))
      g_string_append_c (text, entities[i].c);

  if (at[1] == '#')
    {
      gboolean is_hex = at[2] == 'x';
      gunichar c = g_ascii_strtoull (at + (is_hex ? 3 : 2), NULL, is_hex ? 16 : 10);
      char utf8[6];
      int length = g_unichar_to_utf8 (c, utf8);

      append_char (text, utf8, length);
    }

  return end + 1;
}

/* Reads the tag at @at. *@hidden is the name of the element that we are in if its text is not
 * shown, such as a script. */
static const char *
read_tag (GString     *text,
          const char  *at,
          char       **hidden)
{
  static const char *const invisible[] = { "head", "style", "script", NULL };
  static const char *const blocks[] = {
    "p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", NULL,
  };
  gboolean is_end = at[1] == '/';
  const char *name = at + (is_end ? 2 : 1);
  gsize length = strcspn (name, " \t\r\n/>");
  const char *end = name + length;

  /* The value of an attribute may contain a >. */
  for (char quote = '\0'; *end != '\0' && (quote != '\0' || *end != '>'); end++)
    if (quote != '\0' ? *end == quote : (*end == '"' || *end == '\''))
      quote = quote != '\0' ? '\0' : *end;

  if (*hidden != NULL)
    {
      if (is_end && is_one_of (name, length, (const char *const[]){ *hidden, NULL }))
        g_clear_pointer (hidden, g_free);
    }
  else if (is_one_of (name, length, invisible))
    {
      if (!is_end && end[-1] != '/')
        *hidden = g_strndup (name, length);
    }
  else if (is_one_of (name, length, (const char *const[]){ "br", NULL }))
    {
      if (!is_end)
        append_break (text);
    }
  else if (is_one_of (name, length, blocks))
    append_paragraph_break (text);

  return *end == '\0' ? end : end + 1;
}

static char *
to_text (Xep174Element *html,
         gboolean       keep_space)
{
  g_autofree char *xml = xep174_element_to_string (html);
  g_autofree char *hidden = NULL;
  GString *text = g_string_new (NULL);
  const char *p = xml;

  while (*p != '\0')
    {
      if (*p == '<')
        p = read_tag (text, p, &hidden);
      else if (hidden != NULL)
        p++;
      else if (*p == '&')
        p = append_reference (text, p);
      else
        {
          const char *next = g_utf8_next_char (p);

          if (keep_space)
            g_string_append_len (text, p, next - p);
          else
            append_char (text, p, next - p);
          p = next;
        }
    }

  return keep_space ? g_string_free (text, FALSE) : g_strstrip (g_string_free (text, FALSE));
}

char *
xep174_html_dup_words (Xep174Element *element)
{
  return to_text (element, TRUE);
}

/* NULL if @message has no HTML. */
char *
xep174_html_dup_text (Xep174Element *message)
{
  Xep174Element *html = xep174_element_find_child (message, "html", NS_XHTML_IM);

  if (html == NULL)
    html = xep174_element_find_child (message, "html", NS_XHTML);

  return html != NULL ? to_text (html, FALSE) : NULL;
}
