/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A stream of any octets (X7, X8). What the parser makes of them does not depend on how they are
 * cut, and each element that it gives is printed so that it reads as the same again.
 *
 * The input: a seed for the cuts, one octet; the stream. */

#include "fuzz.h"

#include "stream-transcript.h"
#include "xep174-stream-error.h"

static void
check_elements (const guint8 *octets,
                gsize         length)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  Xep174StreamItem item;

  xep174_stream_parser_feed (parser, octets, length);
  do
    {
      g_autoptr(Xep174Element) element = NULL;

      item = xep174_stream_parser_next (parser, &element, NULL);
      if (item == XEP174_STREAM_ITEM_ELEMENT)
        {
          g_autofree char *xml = xep174_element_to_string (element);
          g_autoptr(GError) error = NULL;
          g_autoptr(Xep174Element) again = xep174_element_parse (xml, &error);
          g_autofree char *xml_again = NULL;

          /* Printed it may be longer than it was, and past a limit. */
          if (g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_POLICY_VIOLATION))
            continue;
          g_assert_no_error (error);
          /* A first-level element without a namespace is read as one of jabber:client. */
          if (*xep174_element_get_xmlns (element) == '\0')
            continue;
          xml_again = xep174_element_to_string (again);
          g_assert_cmpstr (xml_again, ==, xml);
        }
    }
  while (item != XEP174_STREAM_ITEM_NONE);
}

static char *
make_in_pieces (const guint8 *octets,
                gsize         length,
                guint32       seed)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  GRand *die = g_rand_new_with_seed (seed);
  GString *transcript = g_string_new (NULL);
  guint longest = 1 << g_rand_int_range (die, 0, 12);

  for (gsize at = 0; at < length;)
    {
      gsize wanted = g_rand_int_range (die, 1, longest + 1);
      gsize piece = MIN (length - at, wanted);
      g_autofree guint8 *copy = g_memdup2 (octets + at, piece);

      /* Not every piece is looked at. */
      if (g_rand_int_range (die, 0, 2) > 0)
        stream_transcript_lend (transcript, parser, (const char *) copy, piece,
                                g_rand_int_range (die, 0, 5));
      else
        xep174_stream_parser_feed (parser, copy, piece);
      if (g_rand_int_range (die, 0, 3) > 0)
        stream_transcript_take (transcript, parser);
      at += piece;
    }
  stream_transcript_take (transcript, parser);
  g_rand_free (die);
  return g_string_free (transcript, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes bytes = { data, size };
  guint seed = fuzz_throw (&bytes, 256);
  g_autofree char *whole = NULL;

  whole = stream_transcript_make ((const char *) bytes.data, bytes.size, bytes.size, bytes.size);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *cut = make_in_pieces (bytes.data, bytes.size, seed + 256 * i);

      g_assert_cmpstr (cut, ==, whole);
    }
  check_elements (bytes.data, bytes.size);
  return 0;
}
