/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "stream-transcript.h"

/* X7: a stream with random damage is read the same however it is cut. The seed is printed, and
 * --seed repeats it. */

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-mutations/any", test_mutations);
  return g_test_run ();
}
