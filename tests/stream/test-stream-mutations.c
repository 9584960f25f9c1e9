/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "stream-transcript.h"
#include "xep174-stream-parser-private.h"

/* X7: a stream with random damage is read the same however it is cut, and whether it is copied or lent.
 * The seed is printed, and --seed repeats it. */

/* So deep a handler runs a main loop inside that of another one. */
#define NESTED_MAX 3

static const char sound[] =
  "<?xml version='1.0' encoding='UTF-8'?><stream:stream xmlns='jabber:client' "
  "xmlns:stream='http://etherx.jabber.org/streams' to='a'>\n"
  "<message a='x>y' xml:lang='e'><body>h &amp; ]] \xc3\xa9&#x41;\r\n</body><![CDATA[a<b]]>"
  "<x:y xmlns:x='u' x:z=\"1\"/></message> <iq/><stream:error><p xmlns='q'/></stream:error>"
  "</stream:stream>";

static const char *const splinters[] = {
  "<", "&", "]]>", "'", "\"", ">", "/", "<!--", "<![CDATA[", "]]", "\r", "\n", "\xff", "\xc3",
  "\xef\xbf\xbf", "\x01", "&amp;", "&x;", "</m>", "<m>", "xmlns='u'", "<?", "xmlns:", "=", "&#1;",
  "</stream:stream>", "<m a='1'/>",
};

static void
damage (GString *octets)
{
  gsize at = g_test_rand_int_range (0, octets->len);
  gsize few = g_test_rand_int_range (1, 7);

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      g_string_insert (octets, at, splinters[g_test_rand_int_range (0, G_N_ELEMENTS (splinters))]);
      break;
    case 1:
      g_string_erase (octets, at, MIN (few, octets->len - at));
      break;
    case 2:
      octets->str[at] = g_test_rand_int_range (0, 256);
      break;
    default:
      {
        g_autofree char *filling = g_strnfill (g_test_rand_int_range (1, 1800),
                                               "x]\r"[g_test_rand_int_range (0, 3)]);

        g_string_insert (octets, at, filling);
      }
    }
}

static void
test_mutations (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr(GString) octets = g_string_new_len (sound, strlen (sound));
      g_autofree char *whole = NULL;
      g_autofree char *single = NULL;

      for (int n = g_test_rand_int_range (1, 5); n > 0; n--)
        damage (octets);
      whole = stream_transcript_make (octets->str, octets->len, octets->len, octets->len);
      single = stream_transcript_make (octets->str, octets->len, 0, 1);
      g_assert_cmpstr (single, ==, whole);

      for (guint n = 0; n < 4; n++)
        {
          g_autofree char *cut = stream_transcript_make (octets->str, octets->len,
                                                         g_test_rand_int_range (0, octets->len),
                                                         g_test_rand_int_range (1, 700));

          g_assert_cmpstr (cut, ==, whole);
        }
    }
}

static void
append_text (GString *octets)
{
  static const char *const parts[] = {
    "plain text ", "\xc3\xa9\xe2\x82\xac", "\xf0\x9f\x98\x80", "&amp;&#x41;", "]]", "\r\n", "<![CDATA[a<b]]>",
    "<b>c</b>",
  };
  gsize length = octets->len + g_test_rand_int_range (0, 1 << g_test_rand_int_range (1, 18));
  /* Mostly of one kind only: what is plain goes another way. */
  guint n = g_test_rand_int_range (1, G_N_ELEMENTS (parts) + 1);
  guint first = g_test_rand_int_range (0, G_N_ELEMENTS (parts));

  while (octets->len < length)
    g_string_append (octets, parts[(first + g_test_rand_int_range (0, n)) % G_N_ELEMENTS (parts)]);
}

static GString *
long_stream_new (void)
{
  GString *octets = g_string_new ("<stream:stream xmlns='jabber:client' "
                                  "xmlns:stream='http://etherx.jabber.org/streams'>");

  for (int i = g_test_rand_int_range (1, 8); i > 0; i--)
    {
      g_string_append (octets, "<message><body>");
      append_text (octets);
      g_string_append (octets, "</body></message>");
      if (g_test_rand_bit ())
        g_string_append (octets, "\n <iq/>");
    }
  g_string_append (octets, "</stream:stream>");
  return octets;
}

typedef struct
{
  Xep174StreamParser *parser;
  GString *transcript;
  const char *octets;
  gsize left;
} Reading;

static gsize
take_piece (Reading *reading)
{
  gsize wanted = g_test_rand_int_range (0, 1 << g_test_rand_int_range (1, 18));
  gsize piece = MIN (reading->left, wanted);

  reading->octets += piece;
  reading->left -= piece;
  return piece;
}

/* Lent, while what was lent before is not taken back yet; whatever is read may be read in between. */
static void
lend_nested (Reading *reading,
             guint    depth)
{
  gsize piece = take_piece (reading);
  const char *octets = reading->octets - piece;
  g_autofree guint8 *block = g_malloc (piece + XEP174_STREAM_PARSER_PADDING);
  Xep174StreamParser *lent;

  memcpy (block, octets, piece);
  memset (block + piece, '<', XEP174_STREAM_PARSER_PADDING);
  lent = xep174_stream_parser_lend (reading->parser, block, piece);
  for (int i = g_test_rand_int_range (0, 3); i > 0; i--)
    {
      if (g_test_rand_bit ())
        stream_transcript_take (reading->transcript, reading->parser);
      if (depth < NESTED_MAX && g_test_rand_bit ())
        lend_nested (reading, depth + 1);
    }
  xep174_stream_parser_take_back (lent);
  memset (block, '<', piece);
}

static void
read_on (Reading *reading)
{
  gsize piece;

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      piece = take_piece (reading);
      xep174_stream_parser_feed (reading->parser, (const guint8 *) reading->octets - piece, piece);
      break;
    case 1:
      lend_nested (reading, 0);
      break;
    default:
      piece = take_piece (reading);
      stream_transcript_lend (reading->transcript, reading->parser, reading->octets - piece, piece,
                              g_test_rand_int_range (0, 5));
    }
}

/* Large and small pieces, of which each is copied or lent. */
static void
test_lent (void)
{
  for (guint i = 0; i < 150; i++)
    {
      g_autoptr(GString) octets = long_stream_new ();
      g_autofree char *whole = NULL;

      if (i % 2 == 1)
        damage (octets);
      whole = stream_transcript_make (octets->str, octets->len, octets->len, octets->len);
      for (guint n = 0; n < 4; n++)
        {
          g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
          g_autoptr(GString) transcript = g_string_new (NULL);
          Reading reading = { parser, transcript, octets->str, octets->len };

          while (reading.left > 0)
            read_on (&reading);
          stream_transcript_take (transcript, parser);
          g_assert_true (g_str_equal (transcript->str, whole));
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-mutations/any", test_mutations);
  g_test_add_func ("/stream-mutations/lent", test_lent);
  return g_test_run ();
}
