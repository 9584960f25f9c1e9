/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "xep174-stream-writer.h"
#include "../common/repeat.h"
#include "stream-transcript.h"
#include "xep174-stream-error.h"

#define H \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

/* X8: each limit is kept to the octet, whole and octet by octet. */

static Xep174StreamItem
feed_and_take_last (Xep174StreamParser *parser,
                    const char         *octets,
                    gsize               length,
                    gsize               step)
{
  Xep174StreamItem item = XEP174_STREAM_ITEM_NONE, last = XEP174_STREAM_ITEM_NONE;

  for (gsize i = 0; i < length; i += step)
    {
      g_autoptr(GError) error = NULL;

      xep174_stream_parser_feed (parser, (const guint8 *) octets + i, MIN (step, length - i));
      while ((item = xep174_stream_parser_next (parser, NULL, &error)) != XEP174_STREAM_ITEM_NONE)
        {
          last = item;
          if (item == XEP174_STREAM_ITEM_ERROR)
            g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION);
          g_clear_error (&error);
        }
    }

  return last;
}

static void
check_limit (const char       *property,
             guint             limit,
             const char       *octets,
             Xep174StreamItem  expected)
{
  for (gsize step = 1; step < 9000; step = step * 5 + 1)
    {
      g_autoptr(Xep174StreamParser) parser = g_object_new (XEP174_TYPE_STREAM_PARSER,
                                                           property, limit,
                                                           NULL);

      g_assert_cmpint (feed_and_take_last (parser, octets, strlen (octets), step), ==, expected);
    }
}

static void
test_stanza_octets (void)
{
  static const char *const shapes[][2] = {
    { "<m>", "</m>" },
    { "<m a='", "'/>" },
    { "<m a='&amp;", "'/>" },
    { "<m><n/>", "</m>" },
    { "<m><![CDATA[", "]]></m>" },
    { "<m ", "/>" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      gsize frame = strlen (shapes[i][0]) + strlen (shapes[i][1]);
      g_autofree char *most = g_strnfill (10000 - frame, i == 5 ? ' ' : 'x');
      g_autofree char *fits = g_strconcat (H "\n<a/>", shapes[i][0], most, shapes[i][1], " ", NULL);
      g_autofree char *twice = g_strconcat (fits, shapes[i][0], most, shapes[i][1], NULL);
      g_autofree char *exceeds = g_strconcat (H, shapes[i][0], most, i == 5 ? " " : "x",
                                              shapes[i][1], NULL);

      check_limit ("max-stanza-octets", 10000, fits, XEP174_STREAM_ITEM_ELEMENT);
      check_limit ("max-stanza-octets", 10000, twice, XEP174_STREAM_ITEM_ELEMENT);
      check_limit ("max-stanza-octets", 10000, exceeds, XEP174_STREAM_ITEM_ERROR);
    }
}

/* What never ends is stopped while it arrives, wherever it does not end. */
static void
test_endless (void)
{
  static const char *const beginnings[] = {
    H "<m>", H "<m", H "<m a='", H "<m a='&", H "<m a", H "<m ", H "<m>&", H "<m>&amp;",
    H "<m><![CDATA[", H "<m></m", H "</stream:stream", H "<m><n", H "<m a=\"", "<?xml ",
    "<stream:stream", "<stream:stream a='", "<",
  };
  g_autofree char *filling = g_strnfill (300 * 1024, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autofree char *octets = g_strconcat (beginnings[i], filling, NULL);

      for (gsize step = 1; step <= 4096; step *= 64)
        {
          g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();

          g_assert_cmpint (feed_and_take_last (parser, octets, strlen (octets), step), ==,
                           XEP174_STREAM_ITEM_ERROR);
        }
    }
}

static void
test_header_octets (void)
{
  g_autofree char *most = g_strnfill (1000 - strlen (H " from=''"), 'x');
  g_autofree char *start = g_strndup (H, strlen (H) - 1);
  g_autofree char *fits = g_strconcat (start, " from='", most, "'>", NULL);
  g_autofree char *exceeds = g_strconcat (start, " from='", most, "x'>", NULL);
  g_autofree char *spaced = g_strconcat (" ", fits, NULL);

  check_limit ("max-header-octets", 1000, fits, XEP174_STREAM_ITEM_HEADER);
  check_limit ("max-header-octets", 1000, exceeds, XEP174_STREAM_ITEM_ERROR);
  check_limit ("max-header-octets", 1000, spaced, XEP174_STREAM_ITEM_ERROR);
}

static void
check_count (const char *property,
             guint       limit,
             guint       most,
             const char *before,
             const char *format,
             const char *after)
{
  g_autofree char *fits = repeat (before, format, most, after);
  g_autofree char *exceeds = repeat (before, format, most + 1, after);

  check_limit (property, limit, fits, XEP174_STREAM_ITEM_ELEMENT);
  check_limit (property, limit, exceeds, XEP174_STREAM_ITEM_ERROR);
}

static void
test_counts (void)
{
  check_count ("max-attributes", 10, 10, H "<m xmlns:p='u' xmlns='v'", " a#='1'", "/>");
  check_count ("max-namespaces", 10, 10, H "<m a='1' b='2'", " xmlns:n#='u#'", "/>");
  /* The stanza, its own name and as many more. */
  check_count ("max-names", 100, 99, H "<m>", "<n#/>", "</m>");
  check_count ("max-names", 100, 99, H "<m>", "<m n#='1'/>", "</m>");
}

static void
test_depth (void)
{
  g_autofree char *open = repeat (H, "<m>", 10, "");
  g_autofree char *close = repeat ("", "</m>", 10, "");
  g_autofree char *fits = g_strconcat (open, close, NULL);
  g_autofree char *exceeds = g_strconcat (open, "<m/>", close, NULL);

  check_limit ("max-depth", 10, fits, XEP174_STREAM_ITEM_ELEMENT);
  check_limit ("max-depth", 10, exceeds, XEP174_STREAM_ITEM_ERROR);
}

/* A prefix of one octet stands for a namespace of any length: it is kept once, and what it would be in
 * print is limited, too. */
static void
test_namespaces_of_one_stanza (void)
{
  g_autofree char *name = g_strnfill (3000, 'n');
  g_autofree char *start = g_strdup_printf (H "<m xmlns:a='%s' xmlns:b='%sb'>", name, name);
  g_autofree char *few = repeat (start, "<a:x/><b:x b:y=''/>", 4, "</m>");
  g_autofree char *many = repeat (start, "<a:x/><b:x/>", 7, "</m>");
  g_autofree char *attributes = repeat (start, "<x a:y=''/>", 14, "</m>");
  g_autofree char *outer = g_strdup_printf (H "<m xmlns='%s'>", name);
  g_autofree char *inherited = repeat (outer, "<x/>", 1000, "</m>");
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  g_autoptr(Xep174Element) element = NULL;
  Xep174Element *first, *other;

  check_limit ("max-stanza-octets", 10000, few, XEP174_STREAM_ITEM_ELEMENT);
  check_limit ("max-stanza-octets", 10000, inherited, XEP174_STREAM_ITEM_ELEMENT);
  check_limit ("max-stanza-octets", 10000, many, XEP174_STREAM_ITEM_ERROR);
  check_limit ("max-stanza-octets", 10000, attributes, XEP174_STREAM_ITEM_ERROR);

  xep174_stream_parser_feed (parser, (const guint8 *) few, strlen (few));
  xep174_stream_parser_next (parser, NULL, NULL);
  xep174_stream_parser_next (parser, &element, NULL);
  first = xep174_element_get_first_child (element);
  other = xep174_element_get_next_sibling (first);
  g_assert_cmpstr (xep174_element_get_xmlns (first), ==, name);
  g_assert_true (xep174_element_get_xmlns (xep174_element_get_next_sibling (other))
                 == xep174_element_get_xmlns (first));
}

/* Names come and go: a stream may use any number of them. */
static void
test_names_of_a_long_stream (void)
{
  g_autoptr(Xep174StreamParser) parser = g_object_new (XEP174_TYPE_STREAM_PARSER,
                                                       "max-names", 64,
                                                       NULL);

  feed_and_take_last (parser, H, strlen (H), 9000);
  for (guint i = 0; i < 50000; i++)
    {
      g_autofree char *stanza = g_strdup_printf ("<m%u xmlns='u%u' a%u='1'><n/></m%u>", i, i, i, i);

      g_assert_cmpint (feed_and_take_last (parser, stanza, strlen (stanza), 9000), ==,
                       XEP174_STREAM_ITEM_ELEMENT);
    }
}

/* After libxml2 has begun anew the header's namespaces still hold. */
static void
test_namespaces_of_a_long_stream (void)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  static const char header[] =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    "xmlns:x='urn:x'>";
  static const char stanza[] = "<m><x:n/><stream:o/></m>";
  g_autofree char *large = g_strnfill (9000, 'x');
  g_autofree char *tag = g_strconcat ("<m a='", large, "'/>", NULL);

  feed_and_take_last (parser, header, strlen (header), 9000);
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr(Xep174Element) element = NULL;
      g_autofree char *xml = NULL;

      if (i % 1000 == 0)
        feed_and_take_last (parser, tag, strlen (tag), 9000);
      xep174_stream_parser_feed (parser, (const guint8 *) stanza, strlen (stanza));
      g_assert_cmpint (xep174_stream_parser_next (parser, &element, NULL), ==,
                       XEP174_STREAM_ITEM_ELEMENT);
      xml = xep174_element_to_string (element);
      g_assert_cmpstr (xml, ==, "<m xmlns='jabber:client'><n xmlns='urn:x'/>"
                                "<o xmlns='http://etherx.jabber.org/streams'/></m>");
    }
  feed_and_take_last (parser, "</stream:stream>", strlen ("</stream:stream>"), 3);
  g_assert_false (xep174_stream_parser_has_pending (parser));
}

static void
test_properties (void)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  guint stanza, header, depth, attributes, namespaces, names;

  g_object_get (parser,
                "max-stanza-octets", &stanza,
                "max-header-octets", &header,
                "max-depth", &depth,
                "max-attributes", &attributes,
                "max-namespaces", &namespaces,
                "max-names", &names,
                NULL);
  g_assert_cmpuint (stanza, ==, 256 * 1024);
  g_assert_cmpuint (header, ==, 8 * 1024);
  g_assert_cmpuint (depth, ==, 128);
  g_assert_cmpuint (attributes, ==, 40);
  g_assert_cmpuint (namespaces, ==, 32);
  g_assert_cmpuint (names, ==, 4096);
}

static char *
write_stanza (guint    depth,
              guint    attributes,
              guint    namespaces,
              guint    names,
              GError **error)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *at = message;

  for (guint i = 1; i < depth; i++)
    at = xep174_element_append_new (at, "x", NULL);
  for (guint i = 0; i < attributes + namespaces; i++)
    {
      g_autofree char *name = i < namespaces ? g_strdup_printf ("{urn:%u}a%u", i, i)
                                             : g_strdup_printf ("a%u", i);

      xep174_element_set_attribute (message, name, "1");
    }
  for (guint i = 0; i < names; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);

      xep174_element_append_new (message, name, NULL);
    }

  return xep174_stream_write_element (message, "juliet@capulet", "romeo@montague", error);
}

/* X8: what a parser of ours would refuse is refused at home, the addresses counted in; what is not
 * refused it takes. */
static void
test_written (void)
{
  static const struct { guint depth, attributes, namespaces, names; gboolean fits; } cases[] = {
    { 128, 0, 0, 0, TRUE }, { 129, 0, 0, 0, FALSE },
    { 1, 38, 0, 0, TRUE }, { 1, 39, 0, 0, FALSE },
    { 1, 0, 32, 0, TRUE }, { 1, 0, 33, 0, FALSE },
    { 1, 0, 0, 4000, TRUE }, { 1, 0, 0, 4200, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *xml = write_stanza (cases[i].depth, cases[i].attributes,
                                           cases[i].namespaces, cases[i].names, &error);
      g_autoptr(Xep174Element) again = NULL;

      g_assert_cmpint (xml != NULL, ==, cases[i].fits);
      if (xml == NULL)
        {
          g_assert_error (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION);
          continue;
        }
      again = xep174_element_parse (xml, &error);
      g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-limits/stanza-octets", test_stanza_octets);
  g_test_add_func ("/stream-limits/endless", test_endless);
  g_test_add_func ("/stream-limits/header-octets", test_header_octets);
  g_test_add_func ("/stream-limits/counts", test_counts);
  g_test_add_func ("/stream-limits/depth", test_depth);
  g_test_add_func ("/stream-limits/X8/namespaces-of-one-stanza", test_namespaces_of_one_stanza);
  g_test_add_func ("/stream-limits/names-of-a-long-stream", test_names_of_a_long_stream);
  g_test_add_func ("/stream-limits/namespaces-of-a-long-stream", test_namespaces_of_a_long_stream);
  g_test_add_func ("/stream-limits/properties", test_properties);
  g_test_add_func ("/stream-limits/X8/written", test_written);
  return g_test_run ();
}
