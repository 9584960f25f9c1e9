/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "xep174-element-tree-private.h"
#include "xep174-stream-error.h"
#include "xep174-stream-writer.h"

#define C " xmlns='jabber:client'"

static void
assert_xml (Xep174Element *element,
            const char    *expected)
{
  g_autofree char *xml = xep174_element_to_string (element);

  g_assert_cmpstr (xml, ==, expected);
}

static void
test_build (void)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body = xep174_element_append_new (message, "body", NULL);
  Xep174Element *html = xep174_element_append_new (message, "html", "urn:html");
  Xep174Element *p = xep174_element_append_new (html, "p", NULL);

  xep174_element_set_attribute (message, "to", "romeo@forza");
  xep174_element_set_attribute (message, "type", "normal");
  xep174_element_set_attribute (message, "id", "1");
  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_set_attribute (message, "id", NULL);
  xep174_element_set_attribute (message, "missing", NULL);
  xep174_element_set_attribute (message, "xml:lang", "en");
  xep174_element_append_text (body, "O Romeo, ");
  xep174_element_append_text (p, "O ");
  xep174_element_append_text (xep174_element_append_new (p, "b", NULL), "Romeo");
  xep174_element_append_text (p, "!");
  xep174_element_append_text (body, "Romeo!");

  assert_xml (message,
              "<message" C " to='romeo@forza' type='chat' xml:lang='en'>"
              "<body>O Romeo, Romeo!</body>"
              "<html xmlns='urn:html'><p>O <b>Romeo</b>!</p></html></message>");
}

static void
test_read (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Element) m = xep174_element_parse (
    "\n<message to='a' xml:lang='de' xmlns:x='urn:x' x:to='b'>one<body xmlns='urn:x'>x</body>two"
    "<body>y</body><body>z</body></message> ", &error);
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;
  g_autofree char *body_x = NULL;
  Xep174Element *first;

  g_assert_no_error (error);
  text = xep174_element_dup_text (m);
  body = xep174_element_dup_child_text (m, "body", "jabber:client");
  body_x = xep174_element_dup_child_text (m, "body", "urn:x");

  g_assert_cmpstr (xep174_element_get_name (m), ==, "message");
  g_assert_cmpstr (xep174_element_get_xmlns (m), ==, "jabber:client");
  g_assert_cmpstr (xep174_element_get_attribute (m, "to"), ==, "a");
  g_assert_cmpstr (xep174_element_get_attribute (m, "{urn:x}to"), ==, "b");
  g_assert_cmpstr (xep174_element_get_attribute (m, "xml:lang"), ==, "de");
  g_assert_cmpstr (xep174_element_get_attribute (m, "{" XEP174_NS_XML "}lang"), ==, "de");
  g_assert_null (xep174_element_get_attribute (m, "lang"));
  g_assert_cmpstr (text, ==, "onetwo");
  g_assert_cmpstr (body, ==, "y");
  g_assert_cmpstr (body_x, ==, "x");
  g_assert_null (xep174_element_find_child (m, "subject", NULL));
  g_assert_null (xep174_element_dup_child_text (m, "subject", NULL));

  first = xep174_element_get_first_child (m);
  g_assert_true (first == xep174_element_find_child (m, "body", "urn:x"));
  g_assert_true (xep174_element_get_parent (first) == m);
  g_assert_null (xep174_element_get_first_child (first));
  first = xep174_element_get_next_sibling (xep174_element_get_next_sibling (first));
  g_assert_null (xep174_element_get_next_sibling (first));
}

/* A reference to a child keeps all. */
static void
test_references (void)
{
  Xep174Element *m = xep174_element_parse ("<message><body>hi</body></message>", NULL);
  Xep174Element *body = xep174_element_ref (xep174_element_get_first_child (m));
  GValue value = G_VALUE_INIT;

  xep174_element_unref (m);
  assert_xml (xep174_element_get_parent (body), "<message" C "><body>hi</body></message>");

  g_value_init (&value, XEP174_TYPE_ELEMENT);
  g_value_take_boxed (&value, body);
  g_assert_true (g_value_get_boxed (&value) == body);
  g_value_unset (&value);
}

static void
test_sealed (void)
{
  g_autoptr(Xep174Element) m = xep174_element_parse ("<message><body/></message>", NULL);
  g_autoptr(Xep174Element) copy = NULL;
  Xep174Element *body = xep174_element_get_first_child (m);

  g_assert_false (xep174_element_is_sealed (m));
  xep174_element_seal (body);
  g_assert_true (xep174_element_is_sealed (m));

  for (int i = 0; i < 4; i++)
    {
      g_test_expect_message ("xep174-stream", G_LOG_LEVEL_CRITICAL, "*sealed*");
      if (i == 0)
        xep174_element_set_attribute (m, "to", "a");
      else if (i == 1)
        xep174_element_append_text (body, "a");
      else if (i == 2)
        g_assert_null (xep174_element_append_new (m, "a", NULL));
      else
        xep174_element_append_child (m, body);
      g_test_assert_expected_messages ();
    }

  copy = xep174_element_copy (m);
  g_assert_false (xep174_element_is_sealed (copy));
  xep174_element_append_text (copy, "x");
  assert_xml (copy, "<message" C "><body/>x</message>");
  assert_xml (m, "<message" C "><body/></message>");
}

static void
test_append_child (void)
{
  g_autoptr(Xep174Element) m = xep174_element_new ("m", NULL);
  g_autoptr(Xep174Element) other = xep174_element_parse ("<a b='1' xmlns='urn:a'>t<c/>u</a>", NULL);
  g_autoptr(Xep174Element) c = NULL;

  xep174_element_append_child (m, other);
  xep174_element_append_text (other, "later");
  assert_xml (m, "<m><a xmlns='urn:a' b='1'>t<c/>u</a></m>");

  xep174_element_append_child (xep174_element_get_first_child (m), m);
  assert_xml (m, "<m><a xmlns='urn:a' b='1'>t<c/>u"
                 "<m xmlns=''><a xmlns='urn:a' b='1'>t<c/>u</a></m></a></m>");

  c = xep174_element_copy (xep174_element_get_first_child (other));
  g_assert_null (xep174_element_get_parent (c));
  assert_xml (c, "<c xmlns='urn:a'/>");
}

/* As deep as a program likes: neither printing, copying nor checking may use the stack for it. */
static void
test_very_deep (void)
{
  g_autoptr(Xep174Element) root = xep174_element_new ("a", NULL);
  g_autoptr(Xep174Element) copy = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *xml_of_copy = NULL;
  Xep174Element *element = root;

  for (int i = 0; i < 300000; i++)
    element = xep174_element_append_new (element, "a", NULL);
  copy = xep174_element_copy (root);
  xml = xep174_element_to_string (root);
  xml_of_copy = xep174_element_to_string (copy);

  g_assert_cmpuint (strlen (xml), ==, 300000 * 7 + 4);
  g_assert_cmpstr (xml, ==, xml_of_copy);
  g_assert_true (xep174_element_check (root, NULL));
}

static void
test_escapes (void)
{
  g_autoptr(Xep174Element) m = xep174_element_new ("m", "a&b'<");
  g_autoptr(Xep174Element) again = NULL;
  g_autofree char *xml = NULL;
  g_autofree char *text = NULL;

  xep174_element_set_attribute (m, "a", "<>&'\"\t\r\n \xe2\x98\x83");
  xep174_element_append_text (m, "<>&'\"\t\r\n ]]> \xe2\x98\x83");
  xml = xep174_element_to_string (m);
  g_assert_cmpstr (xml, ==,
                   "<m xmlns='a&amp;b&apos;&lt;' "
                   "a='&lt;&gt;&amp;&apos;\"&#9;&#13;&#10; \xe2\x98\x83'>"
                   "&lt;&gt;&amp;'\"\t&#13;\n ]]&gt; \xe2\x98\x83</m>");

  again = xep174_element_parse (xml, NULL);
  text = xep174_element_dup_text (again);
  g_assert_cmpstr (text, ==, "<>&'\"\t\r\n ]]> \xe2\x98\x83");
  g_assert_cmpstr (xep174_element_get_attribute (again, "a"), ==, "<>&'\"\t\r\n \xe2\x98\x83");
  g_assert_cmpstr (xep174_element_get_xmlns (again), ==, "a&b'<");
}

static void
assert_attributes (Xep174Element *element,
                   const char    *expected)
{
  g_auto(GStrv) names = xep174_element_list_attributes (element);
  g_autofree char *joined = g_strjoinv (" ", names);

  g_assert_cmpstr (joined, ==, expected);
  for (char **name = names; *name != NULL; name++)
    g_assert_nonnull (xep174_element_get_attribute (element, *name));
}

/* The namespace is a part of the name, and what is listed can be asked for. */
static void
test_attribute_names (void)
{
  static const char *const others[] = { "b", "{}b", "{urn:}b", "{urn:x}", "{urn:xx}a", "{urn:x", "xml:a",
                                        "{urn:{x}a", "lang" };
  g_autoptr(Xep174Element) m = xep174_element_new ("m", "urn:m");

  assert_attributes (m, "");
  xep174_element_set_attribute (m, "{urn:x}a", "1");
  xep174_element_set_attribute (m, "a", "2");
  xep174_element_set_attribute (m, "{urn:x}b", "3");
  xep174_element_set_attribute (m, "{urn:y}a", "4");
  xep174_element_set_attribute (m, "{" XEP174_NS_XML "}lang", "en");
  assert_xml (m, "<m xmlns='urn:m' xmlns:ns1='urn:x' ns1:a='1' a='2' ns1:b='3' "
                 "xmlns:ns4='urn:y' ns4:a='4' xml:lang='en'/>");
  assert_attributes (m, "{urn:x}a a {urn:x}b {urn:y}a xml:lang");
  g_assert_cmpstr (xep174_element_get_attribute (m, "{urn:y}a"), ==, "4");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (xep174_element_get_attribute (m, others[i]));

  /* An empty namespace is none. */
  xep174_element_set_attribute (m, "{}a", "5");
  g_assert_cmpstr (xep174_element_get_attribute (m, "a"), ==, "5");
  g_assert_cmpstr (xep174_element_get_attribute (m, "{}a"), ==, "5");
  xep174_element_set_attribute (m, "{}a", NULL);
  assert_xml (m, "<m xmlns='urn:m' xmlns:ns1='urn:x' ns1:a='1' ns1:b='3' "
                 "xmlns:ns3='urn:y' ns3:a='4' xml:lang='en'/>");

  xep174_element_set_attribute (m, "{urn:}}a", "6");
  g_assert_cmpstr (xep174_element_get_attribute (m, "{urn:}}a"), ==, "6");
  assert_attributes (m, "{urn:x}a {urn:x}b {urn:y}a xml:lang {urn:}}a");
}

static void
assert_children (Xep174Element *element,
                 const char    *name,
                 const char    *xmlns,
                 const char    *expected)
{
  g_autofree Xep174Element **children = xep174_element_list_children (element, name, xmlns);
  g_autoptr(GString) found = g_string_new (NULL);

  g_assert_true (children[0] == xep174_element_find_child (element, name, xmlns));
  for (gsize i = 0; children[i] != NULL; i++)
    {
      g_assert_true (xep174_element_matches (children[i], name, xmlns));
      g_string_append (found, xep174_element_get_attribute (children[i], "n"));
    }
  g_assert_cmpstr (found->str, ==, expected);
}

/* NULL is any namespace, and "" is none: asked for, and answered. */
static void
test_look_ups (void)
{
  g_autoptr(Xep174Element) m = xep174_element_parse (
    "<m><a xmlns='urn:x' n='1'/>text<a xmlns='' n='2'/><a n='3'/><b xmlns='' n='4'/>"
    "<b xmlns='urn:x' n='5'>five</b></m>", NULL);
  g_autofree char *five = xep174_element_dup_child_text (m, "b", "urn:x");
  Xep174Element *inner;

  assert_children (m, NULL, NULL, "12345");
  assert_children (m, "a", NULL, "123");
  assert_children (m, "a", "", "2");
  assert_children (m, "a", "jabber:client", "3");
  assert_children (m, NULL, "", "24");
  assert_children (m, NULL, "urn:x", "15");
  assert_children (m, "c", NULL, "");
  assert_children (m, "b", "jabber:client", "");
  g_assert_cmpstr (five, ==, "five");
  g_assert_null (xep174_element_dup_child_text (m, "b", "jabber:client"));

  g_assert_cmpstr (xep174_element_get_xmlns (xep174_element_find_child (m, "b", "")), ==, "");
  inner = xep174_element_append_new (m, "c", "");
  g_assert_cmpstr (xep174_element_get_xmlns (inner), ==, "");
  g_assert_cmpstr (xep174_element_get_xmlns (xep174_element_append_new (inner, "d", NULL)), ==, "");
  g_assert_true (xep174_element_matches (inner, "c", xep174_element_get_xmlns (inner)));
  g_assert_false (xep174_element_matches (m, "m", ""));
}

/* What is printed is read back as the same. */
static void
test_round_trips (void)
{
  static const char *const cases[] = {
    "<message" C "/>",
    "<message" C " to='a'><body>x</body></message>",
    "<m xmlns='urn:m'><n xmlns=''><o xmlns='urn:m'/></n></m>",
    "<m xmlns='urn:m' xmlns:ns1='urn:x' ns1:a='1' ns1:b='2' xml:lang='en'>a<b>c</b>d</m>",
    "<features xmlns='http://etherx.jabber.org/streams'><x xmlns='urn:x'/></features>",
    "<m xmlns='urn:m'>&lt;&amp;&gt;&#13;\n</m>",
    "<m xmlns='urn:m'><xml:n><o/></xml:n></m>",
    "<xml:m a='1'><n xmlns='urn:n'/></xml:m>",
    "<xml:m><n xmlns=''/></xml:m>",
    "<xml:m><xml:n><o xmlns=''><p/></o></xml:n></xml:m>",
    "<xml:m><n xmlns='jabber:client'/></xml:m>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(Xep174Element) m = xep174_element_parse (cases[i], &error);

      g_assert_no_error (error);
      assert_xml (m, cases[i]);
    }
}

/* That a text has nothing to escape is remembered from the first time that it is printed, and forgotten
 * when more is put behind it. */
static void
test_printed_before (void)
{
  g_autoptr(Xep174Element) element = xep174_element_new ("a", NULL);

  xep174_element_append_text (element, "plain");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *xml = xep174_element_to_string (element);

      g_assert_cmpstr (xml, ==, "<a>plain</a>");
    }
  xep174_element_append_text (element, " & <not>");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *xml = xep174_element_to_string (element);

      g_assert_cmpstr (xml, ==, "<a>plain &amp; &lt;not&gt;</a>");
    }
}

/* Text in pieces of all sizes: neither lost nor cut inside a character. */
static void
test_text_in_pieces (void)
{
  g_autoptr(Xep174Element) m = xep174_element_new ("m", NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 400; i++)
    {
      g_autoptr(GString) piece = g_string_new (NULL);

      for (guint n = 0; n < i * 37 % 1900; n++)
        g_string_append (piece, (n + i) % 3 == 0 ? "\xf0\x9f\x98\x80" : "x");
      xep174_element_append_text (m, piece->str);
      g_string_append (expected, piece->str);
      if (i % 5 == 0)
        xep174_element_append_new (m, "n", NULL);
    }
  text = xep174_element_dup_text (m);

  g_assert_cmpstr (text, ==, expected->str);
  g_assert_true (xep174_element_check (m, NULL));
}

/* X7: the rules for strings are those for streams. */
static void
test_parse_errors (void)
{
  static const struct
  {
    const char        *xml;
    Xep174StreamError  code;
  } cases[] = {
    { "", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "  ", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "<m>", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "<m", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "<m></n>", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "</stream:stream>", XEP174_STREAM_ERROR_NOT_WELL_FORMED },
    { "<m/></stream:stream>", XEP174_STREAM_ERROR_BAD_FORMAT },
    { "<m/><n/>", XEP174_STREAM_ERROR_BAD_FORMAT },
    { "<m/><n", XEP174_STREAM_ERROR_BAD_FORMAT },
    { "<m/>text", XEP174_STREAM_ERROR_BAD_FORMAT },
    { "text", XEP174_STREAM_ERROR_BAD_FORMAT },
    { "<m/><!-- -->", XEP174_STREAM_ERROR_RESTRICTED_XML },
    { "<?xml version='1.0'?><m/>", XEP174_STREAM_ERROR_RESTRICTED_XML },
    { "<m>&nbsp;</m>", XEP174_STREAM_ERROR_RESTRICTED_XML },
    { "<m>\xff</m>", XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_element_parse (cases[i].xml, &error));
      g_assert_error (error, XEP174_STREAM_ERROR, (int) cases[i].code);
    }
}

/* What XML cannot carry is refused with the place named, and harmless where it is shown. */
static void
test_check (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } bad[] = {
    { "a\x01z", "a\xef\xbf\xbdz" },
    { "a\x1fz", "a\xef\xbf\xbdz" },
    { "a\xff", "a\xef\xbf\xbd" },
    { "\xef\xbf\xbe", NULL },
    { "\xed\xa0\x80", NULL },
    { "\xc3", "\xef\xbf\xbd" },
  };
  g_autoptr(Xep174Element) good = xep174_element_new ("m", NULL);
  g_autoptr(Xep174Element) declaring = xep174_element_new ("m", "http://www.w3.org/2000/xmlns/");

  g_assert_true (xep174_text_is_xml ("\t\r\n \x7f\xc3\xa9\xef\xbf\xbd\xf0\x9f\x98\x80"));
  xep174_element_append_text (good, "fine");
  g_assert_true (xep174_element_check (good, NULL));
  xep174_element_append_text (good, "\x01");
  g_assert_false (xep174_element_check (good, NULL));
  g_assert_false (xep174_element_check (declaring, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(Xep174Element) text = xep174_element_new ("m", "urn:m");
      g_autoptr(Xep174Element) attribute = xep174_element_new ("m", NULL);
      g_autoptr(Xep174Element) again = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *xml = NULL;
      g_autofree char *shown = NULL;

      g_assert_false (xep174_text_is_xml (bad[i].text));
      xep174_element_append_text (xep174_element_append_new (text, "body", NULL), bad[i].text);
      g_assert_false (xep174_element_check (text, &error));
      g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML);
      g_assert_nonnull (strstr (error->message, "body"));
      g_clear_error (&error);

      xep174_element_set_attribute (xep174_element_append_new (attribute, "n", NULL), "id",
                                    bad[i].text);
      g_assert_false (xep174_element_check (attribute, &error));
      g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML);
      g_assert_nonnull (strstr (error->message, "id"));

      xml = xep174_element_to_string (text);
      again = xep174_element_parse (xml, NULL);
      g_assert_nonnull (again);
      shown = xep174_element_dup_child_text (again, "body", NULL);
      if (bad[i].shown != NULL)
        g_assert_cmpstr (shown, ==, bad[i].shown);
    }
}

/* X7: what was read, or has been written, is looked at again after a change. */
static void
test_check_after_change (void)
{
  static const char *const bad[] = { "urn:\x01", "urn:\xff", "http://www.w3.org/2000/xmlns/" };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(Xep174Element) m = xep174_element_parse ("<message><a/></message>", NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *xml = xep174_stream_write_element (m, NULL, NULL, &error);
      g_autofree char *name = g_strdup_printf ("{%s}x", bad[i / 2]);

      g_assert_no_error (error);
      g_assert_nonnull (xml);
      if (i % 2 == 0)
        xep174_element_append_new (m, "x", bad[i / 2]);
      else
        xep174_element_set_attribute (m, name, "1");
      g_assert_null (xep174_stream_write_element (m, NULL, NULL, &error));
      g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_XML);
    }
}

/* A declaration is no attribute, however it is said that it has no namespace. */
static void
test_no_declarations (void)
{
  static const char *const names[] = { "xmlns", "{}xmlns" };
  g_autoptr(Xep174Element) m = xep174_element_new ("m", "urn:m");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_expect_message ("xep174-stream", G_LOG_LEVEL_CRITICAL, "*xmlns*");
      xep174_element_set_attribute (m, names[i], "urn:evil");
      g_test_assert_expected_messages ();
    }
  assert_xml (m, "<m xmlns='urn:m'/>");
}

/* What a sealed tree is asked changes nothing in it, not even by chance: any thread may ask. */
static void
test_sealed_stays (void)
{
  g_autoptr(Xep174Element) m = xep174_element_new ("message", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  Xep174Arena before;

  xep174_element_append_text (xep174_element_append_new (m, "body", NULL), "\xc3\xa9");
  xep174_element_seal (m);
  before = *m->arena;
  xep174_element_seal (m);
  g_assert_true (xep174_element_check (m, NULL));
  first = xep174_element_to_string (m);
  second = xep174_stream_write_element (m, "a", "b", NULL);
  g_assert_nonnull (second);
  g_assert_cmpuint (before.sealed, ==, m->arena->sealed);
  g_assert_cmpuint (before.checked, ==, m->arena->checked);
  g_assert_cmpuint (before.size, ==, m->arena->size);
  g_assert_true (before.cursor == m->arena->cursor && before.end == m->arena->end);
  g_assert_true (before.blocks == m->arena->blocks);
}

/* S2, X2: what counts as a stanza. */
static void
test_is_stanza (void)
{
  static const struct
  {
    const char *name;
    const char *xmlns;
    gboolean    is_stanza;
  } cases[] = {
    { "message", "jabber:client", TRUE },
    { "presence", "jabber:client", TRUE },
    { "iq", "jabber:client", TRUE },
    { "message", NULL, TRUE },
    { "message", "jabber:server", FALSE },
    { "body", "jabber:client", FALSE },
    { "features", XEP174_NS_STREAMS, FALSE },
    { "error", XEP174_NS_STREAMS, FALSE },
    { "starttls", "urn:ietf:params:xml:ns:xmpp-tls", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(Xep174Element) m = xep174_element_new (cases[i].name, cases[i].xmlns);

      g_assert_cmpint (xep174_element_is_stanza (m), ==, cases[i].is_stanza);
    }
}

/* What was in it is gone, and what is added later follows. */
static void
test_set_text (void)
{
  g_autoptr(Xep174Element) parsed = xep174_element_parse ("<a><b>one<c/></b><d/></a>", NULL);
  g_autoptr(Xep174Element) root = xep174_element_copy (parsed);
  Xep174Element *b = xep174_element_find_child (root, "b", NULL);
  g_autofree char *xml = NULL;

  xep174_element_set_text (b, "two & ");
  xep174_element_append_text (b, "three");
  xml = xep174_element_to_string (root);
  g_assert_cmpstr (xml, ==, "<a xmlns='jabber:client'><b>two &amp; three</b><d/></a>");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/element/build", test_build);
  g_test_add_func ("/element/read", test_read);
  g_test_add_func ("/element/references", test_references);
  g_test_add_func ("/element/sealed", test_sealed);
  g_test_add_func ("/element/append-child", test_append_child);
  g_test_add_func ("/element/very-deep", test_very_deep);
  g_test_add_func ("/element/escapes", test_escapes);
  g_test_add_func ("/element/attribute-names", test_attribute_names);
  g_test_add_func ("/element/look-ups", test_look_ups);
  g_test_add_func ("/element/round-trips", test_round_trips);
  g_test_add_func ("/element/text-in-pieces", test_text_in_pieces);
  g_test_add_func ("/element/printed-before", test_printed_before);
  g_test_add_func ("/element/parse-errors", test_parse_errors);
  g_test_add_func ("/element/check", test_check);
  g_test_add_func ("/element/X7/check-after-change", test_check_after_change);
  g_test_add_func ("/element/X7/no-declarations", test_no_declarations);
  g_test_add_func ("/element/set-text", test_set_text);
  g_test_add_func ("/element/sealed-stays", test_sealed_stays);
  g_test_add_func ("/element/is-stanza", test_is_stanza);
  return g_test_run ();
}
