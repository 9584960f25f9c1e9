/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-transcript.h"

#include <string.h>

#include "xep174-stream-error.h"

#define HEADER_START "<stream xmlns='http://etherx.jabber.org/streams'"

void
stream_transcript_take (GString            *transcript,
                        Xep174StreamParser *parser)
{
  Xep174StreamItem item;

  do
    {
      g_autoptr(Xep174Element) element = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *xml = NULL;

      item = xep174_stream_parser_next (parser, &element, &error);
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
    }
  while (item != XEP174_STREAM_ITEM_NONE);
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

/* Whole, octet by octet, in threes, and cut in two at every place. */
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

      g_assert_cmpstr (transcript, ==, expected);
    }
  return G_N_ELEMENTS (steps) + length - 1;
}
