/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "random-tree.h"

#include <string.h>

#include "xep174-element-tree-private.h"
#include "xep174-stream-error.h"
#include "xep174-stream-parser.h"
#include "xep174-stream-writer-private.h"
#include "xep174-stream-writer.h"

#define MOST_MEMORY (2 * 1024 * 1024)

static const char *
pick (FuzzBytes         *bytes,
      const char *const *strings,
      guint              n)
{
  return strings[fuzz_throw (bytes, n)];
}

/* Names are the program's own: a wrong one is its mistake. */
static const char *
pick_name (FuzzBytes *bytes)
{
  static const char *const names[] = {
    "message", "body", "x", "a-b", "ns1", "xmlns-", "\xc3\xa9", "xmlns", "xml", "XmL", "stream", "error",
    "features", "from", "to", "lang", "_", "a.b", "iq", "presence", "\xe6\xb0\xb4", "ns2", "xmlns1",
  };

  return pick (bytes, names, G_N_ELEMENTS (names));
}

static const char *
pick_xmlns (FuzzBytes *bytes)
{
  static const char *const namespaces[] = {
    NULL, "", XEP174_NS_CLIENT, XEP174_NS_CLIENT, XEP174_NS_STREAMS, XEP174_NS_XML, "urn:x", "urn:y",
    "a&b<c>'d\"", " urn:x ", "a\tb\nc\rd", "\xc3\xa9", "jabber:server", "xml", "&amp;", "JABBER:CLIENT",
    "urn:x", XEP174_NS_XMLNS,
  };
  /* The last one is always refused: it is rare. */
  guint i = fuzz_throw (bytes, 250);

  return namespaces[i == 249 ? G_N_ELEMENTS (namespaces) - 1 : i % (G_N_ELEMENTS (namespaces) - 1)];
}

static char *
take_string (FuzzBytes *bytes,
             gboolean   tame)
{
  static const char *const pieces[] = {
    "x", " ", "&", "<", ">", "'", "\"", "\r", "\n", "\t", "]]>", "\xc3\xa9", "\xf0\x9f\x98\x80",
    "\xef\xbf\xbd", "&amp;", "&#0;", "<!--", "sixteen octets..", "\x7f", "\xc2\x80", "\r\n", "<?x?>",
  };
  gsize length;
  const guint8 *octets = fuzz_take (bytes, 64, &length);
  GString *string;

  if (!tame)
    return g_strndup ((const char *) octets, length);

  string = g_string_new (NULL);
  for (gsize i = 0; i < length; i++)
    g_string_append (string, pieces[octets[i] % G_N_ELEMENTS (pieces)]);
  return g_string_free (string, FALSE);
}

static void
set_attribute (Xep174Element *at,
               const char    *name,
               const char    *xmlns,
               const char    *value)
{
  gboolean is_declaration = (xmlns == NULL || *xmlns == '\0') && strcmp (name, "xmlns") == 0;
  g_autofree char *full_name = xmlns != NULL ? g_strdup_printf ("{%s}%s", xmlns, name)
                                             : g_strdup (name);

  xep174_element_set_attribute (at, is_declaration ? "xmlns-" : full_name, value);
}

/* What comes near a limit, and passes it. */
static Xep174Element *
do_much (FuzzBytes     *bytes,
         Xep174Element *at,
         guint          deed)
{
  guint n = fuzz_throw (bytes, deed == 1 ? 45 : 140);
  guint kind = fuzz_throw (bytes, 4);

  for (guint i = 0; i < (deed < 2 ? n : n * 32); i++)
    {
      g_autofree char *name = g_strdup_printf ("%c%u", "abcd"[kind], i);

      if (deed == 0)
        at = xep174_element_append_new (at, "x", kind == 0 ? "urn:x" : NULL);
      else if (deed == 1)
        set_attribute (at, name, kind < 2 ? name : kind == 2 ? NULL : "urn:x", "1");
      else if (deed == 2 && kind < 2)
        xep174_element_append_new (at, name, kind == 0 ? name : NULL);
      else
        xep174_element_append_text (at, kind < 3 ? "&'<>\r" : "sixteen octets..");
    }
  return at;
}

static Xep174Element *
do_deed (FuzzBytes     *bytes,
         gboolean       tame,
         Xep174Element *at,
         guint          deed)
{
  const char *name = pick_name (bytes);
  g_autofree char *one = take_string (bytes, tame);
  g_autofree char *other = deed == 1 ? take_string (bytes, tame) : NULL;

  switch (deed)
    {
    case 0:
      set_attribute (at, name, NULL, one);
      return at;
    case 1:
      set_attribute (at, name, one, other);
      return at;
    case 2:
      xep174_element_append_text (at, one);
      return at;
    case 3:
      return xep174_element_append_new (at, name, one);
    case 4:
      return xep174_element_get_parent (at) != NULL ? xep174_element_get_parent (at) : at;
    case 5:
      set_attribute (at, name, pick_xmlns (bytes), one);
      return at;
    case 6:
    case 7:
      return xep174_element_append_new (at, name, pick_xmlns (bytes));
    case 8:
      set_attribute (at, name, pick_xmlns (bytes), NULL);
      return at;
    default:
      xep174_element_set_attribute (at, deed == 9 ? "xml:lang" : "xml:xmlns", one);
      return at;
    }
}

Xep174Element *
random_tree_build (FuzzBytes *bytes,
                   gboolean   tame)
{
  g_autofree char *first = take_string (bytes, tame);
  gboolean picks = tame || *first == '\0';
  Xep174Element *root = xep174_element_new (picks ? pick_name (bytes) : "message",
                                            picks ? pick_xmlns (bytes) : first);
  Xep174Element *at = root;
  guint n_copies = 0; /* each may double the tree */

  for (guint i = 0; i < 500 && bytes->size > 0 && root->arena->size < MOST_MEMORY; i++)
    {
      guint deed = fuzz_throw (bytes, 32);

      if (deed < 28)
        at = do_deed (bytes, tame, at, deed % 11);
      else if (deed < 31)
        at = do_much (bytes, at, deed - 28);
      else if (n_copies++ < 8)
        xep174_element_append_child (at, xep174_element_get_first_child (root) != NULL
                                         ? xep174_element_get_first_child (root) : root);
    }
  return root;
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* What the tree says, however it came to be: text in one piece, attributes in one order.
 * @none: what an element without a namespace counts as. */
static void
describe (Xep174Element *element,
          const char    *none,
          GString       *out)
{
  g_autoptr(GPtrArray) attributes = g_ptr_array_new_with_free_func (g_free);
  const char *xmlns = element->xmlns != NULL ? element->xmlns : none;

  g_string_append_printf (out, "<{%s}%s", xmlns, element->name);
  for (Xep174Attribute *a = element->attributes; a != NULL; a = a->next)
    g_ptr_array_add (attributes, g_strdup_printf (" {%s}%s=%" G_GSIZE_FORMAT ":%s",
                                                  a->xmlns != NULL ? a->xmlns : "", a->name,
                                                  strlen (a->value), a->value));
  g_ptr_array_sort (attributes, compare_strings);
  for (guint i = 0; i < attributes->len; i++)
    g_string_append (out, attributes->pdata[i]);
  g_string_append_c (out, '>');

  if (element->xmlns != NULL && strcmp (xmlns, XEP174_NS_XML) != 0
      && strcmp (xmlns, XEP174_NS_STREAMS) != 0)
    none = "";
  for (Xep174Node *node = element->first; node != NULL; node = node->next)
    if (node->is_text)
      for (gsize i = 0; i < ((Xep174Text *) node)->length; i++)
        {
          char octet = ((Xep174Text *) node)->text[i];

          if (octet == '<' || octet == '\\')
            g_string_append_c (out, '\\');
          g_string_append_c (out, octet);
        }
    else
      describe ((Xep174Element *) node, none, out);
  g_string_append (out, "</>");
}

/* The element as it is meant: with the addresses that it lacks, and where it has no namespace in that
 * of the stream, with what is in it. */
static char *
describe_written (Xep174Element *element,
                  const char    *from,
                  const char    *to)
{
  g_autoptr(Xep174Element) copy = xep174_element_copy (element);
  const struct { const char *name; const char *value; } addresses[] = { { "from", from }, { "to", to } };
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < 2 && xep174_element_is_stanza (copy); i++)
    {
      const char *own = xep174_element_get_attribute (copy, addresses[i].name);

      if (addresses[i].value != NULL && (own == NULL || *own == '\0'))
        xep174_element_set_attribute (copy, addresses[i].name, addresses[i].value);
    }
  describe (copy, copy->xmlns == NULL ? XEP174_NS_CLIENT : "", out);
  return g_string_free (out, FALSE);
}

/* The error of the parser, if any. */
static GError *
read_back (const char     *header,
           const char     *xml,
           Xep174Element **element)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  GError *error = NULL;

  xep174_stream_parser_feed (parser, (const guint8 *) header, strlen (header));
  g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), ==, XEP174_STREAM_ITEM_HEADER);
  xep174_stream_parser_feed (parser, (const guint8 *) xml, strlen (xml));
  if (xep174_stream_parser_next (parser, element, &error) == XEP174_STREAM_ITEM_ERROR)
    return error;
  g_assert_nonnull (*element);

  xep174_stream_parser_feed (parser, (const guint8 *) XEP174_STREAM_FOOTER,
                             strlen (XEP174_STREAM_FOOTER));
  g_assert_cmpint (xep174_stream_parser_next (parser, NULL, &error), ==, XEP174_STREAM_ITEM_FOOTER);
  return NULL;
}

static const char *const headers[] = {
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
  "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>",
};

/* Nothing is refused that would be taken. Names are counted with less care, and never too few. */
static void
check_refusal (Xep174Element *element,
               const char    *from,
               const char    *to,
               const GError  *refusal)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(Xep174Element) again = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_stanza = xep174_element_is_stanza (element);

  g_assert_true (refusal->domain == XEP174_STREAM_ERROR);
  g_assert_true (g_utf8_validate (refusal->message, -1, NULL));
  if (refusal->code == XEP174_STREAM_ERROR_INVALID_XML || strstr (refusal->message, "names") != NULL)
    return;

  xep174_stream_writer_append_stanza (xml, element, is_stanza ? from : NULL, is_stanza ? to : NULL);
  error = read_back (headers[0], xml->str, &again);
  if (error == NULL || error->code != refusal->code)
    g_error ("Refused, and could be read: %s: %.2000s", refusal->message, xml->str);
}

static gboolean
check_with (Xep174Element *element,
            const char    *from,
            const char    *to)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = xep174_stream_write_element (element, from, to, &error);
  g_autofree char *expected = NULL;

  if (xml == NULL)
    {
      check_refusal (element, from, to, error);
      return FALSE;
    }

  expected = describe_written (element, from, to);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(Xep174Element) again = NULL;
      g_autoptr(GString) read = g_string_new (NULL);

      error = read_back (headers[i], xml, &again);
      if (error != NULL)
        g_error ("Written, and not read: %s: %.2000s", error->message, xml);
      describe (again, "", read);
      if (strcmp (read->str, expected) != 0)
        g_error ("Not read as it was in %s: %.2000s: %.2000s is %.2000s", headers[i], xml, expected,
                 read->str);
    }
  return TRUE;
}

gboolean
random_tree_check (Xep174Element *element)
{
  gboolean written = check_with (element, NULL, NULL);

  if (check_with (element, "juliet@capulet", "r&'o@m\xc3\xa9") && !written)
    g_error ("Refused only without addresses");
  return written;
}
