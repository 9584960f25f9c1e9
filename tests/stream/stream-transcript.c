/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-transcript.h"

#include <string.h>

#include "xep174-stream-error.h"
#include "xep174-stream-parser-private.h"

#define HEADER_START "<stream xmlns='http://etherx.jabber.org/streams'"

/* FALSE if there is none. */
static gboolean
take_item (GString            *transcript,
           Xep174StreamParser *parser)
{
  g_autoptr(Xep174Element) element = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = NULL;
  Xep174StreamItem item = xep174_stream_parser_next (parser, &element, &error);

  if (element != NULL)
    {
      g_assert_true (xep174_element_is_sealed (element));
      g_assert_null (xep174_element_get_parent (element));
      g_assert_null (xep174_element_get_next_sibling (element));
      xml = xep174_element_to_string (element);
    }

  switch (item)
    {
    case XEP174_STREAM_ITEM_HEADER:
      g_assert_true (g_str_has_prefix (xml, HEADER_START));
      g_string_append_printf (transcript, "H%.*s\n",
                              (int) (strlen (xml) - strlen (HEADER_START "/>")),
                              xml + strlen (HEADER_START));
      break;
    case XEP174_STREAM_ITEM_ELEMENT:
      g_string_append_printf (transcript, "E %s\n", xml);
      break;
    case XEP174_STREAM_ITEM_FOOTER:
      g_string_append (transcript, "F\n");
      break;
    case XEP174_STREAM_ITEM_ERROR:
      g_assert_nonnull (error);
      g_assert_true (error->domain == XEP174_STREAM_ERROR);
      g_assert_cmpuint (strlen (error->message), >, 10);
      g_string_append_printf (transcript, "! %s\n",
                              xep174_stream_error_to_condition (error->code));
      break;
    case XEP174_STREAM_ITEM_NONE:
    default:
      g_assert_null (element);
      g_assert_no_error (error);
    }
  return item != XEP174_STREAM_ITEM_NONE;
}

void
stream_transcript_take (GString            *transcript,
                        Xep174StreamParser *parser)
{
  while (take_item (transcript, parser))
    ;
}

void
stream_transcript_lend (GString            *transcript,
                        Xep174StreamParser *parser,
                        const char         *octets,
                        gsize               length,
                        guint               n_items)
{
  g_autofree char *piece = g_malloc (length + XEP174_STREAM_PARSER_PADDING);
  Xep174StreamParser *lent;

  /* What is behind the octets means nothing, and once they are taken back, so do they. */
  memcpy (piece, octets, length);
  memset (piece + length, '<', XEP174_STREAM_PARSER_PADDING);
  lent = xep174_stream_parser_lend (parser, (const guint8 *) piece, length);
  for (guint i = 0; i < n_items && take_item (transcript, parser); i++)
    ;
  xep174_stream_parser_take_back (lent);
  memset (piece, '<', length);
}

/* Fed as far as @split at once, from there in pieces of @step. Each piece is a block of its own,
 * for the address sanitizer to see whether the parser reads past it. */
char *
stream_transcript_make (const char *octets,
                        gsize       length,
                        gsize       split,
                        gsize       step)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  GString *transcript = g_string_new (NULL);

  for (gsize from = 0, to = split; from < length; from = to, to = MIN (length, from + step))
    {
      g_autofree guint8 *piece = g_memdup2 (octets + from, to - from);

      xep174_stream_parser_feed (parser, piece, to - from);
      stream_transcript_take (transcript, parser);
      if (to == length)
        break;
    }

  return g_string_free (transcript, FALSE);
}

/* Lent in two pieces, of each of which so many items are taken before the octets are taken back. */
static char *
make_lent (const char *octets,
           gsize       length,
           gsize       split,
           guint       n_items)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  GString *transcript = g_string_new (NULL);

  stream_transcript_lend (transcript, parser, octets, split, n_items);
  stream_transcript_lend (transcript, parser, octets + split, length - split, n_items);
  stream_transcript_take (transcript, parser);
  return g_string_free (transcript, FALSE);
}

/* Whole, octet by octet, in threes, and cut in two at every place, also lent. */
guint
stream_transcript_check (const char *octets,
                         gsize       length,
                         const char *expected)
{
  static const gsize steps[] = { G_MAXSIZE, 1, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *transcript = stream_transcript_make (octets, length, MIN (steps[i], length),
                                                            MIN (steps[i], length));

      g_assert_cmpstr (transcript, ==, expected);
    }
  for (gsize split = 1; split < length; split++)
    {
      g_autofree char *transcript = stream_transcript_make (octets, length, split, length);
      g_autofree char *lent = make_lent (octets, length, split, G_MAXUINT);
      g_autofree char *half_read = make_lent (octets, length, split, split % 3);

      g_assert_cmpstr (transcript, ==, expected);
      g_assert_cmpstr (lent, ==, expected);
      g_assert_cmpstr (half_read, ==, expected);
    }
  return G_N_ELEMENTS (steps) + 3 * (length - 1);
}
