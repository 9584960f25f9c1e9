/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is allocated for a short message, and for a long one. */

#include <glib.h>
#include <string.h>

#include "../common/allocations.h"
#include "xep174-stream-parser.h"

/* Of @n times @message, behind those with which the buffers grow. */
static size_t
count_allocations (const char *message,
                   guint       first,
                   guint       n)
{
  static const char header[] =
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  size_t before = 0;

  xep174_stream_parser_feed (parser, (const guint8 *) header, strlen (header));
  xep174_stream_parser_next (parser, NULL, NULL);

  for (guint i = 0; i < first + n; i++)
    {
      Xep174Element *element;

      if (i == first)
        before = allocations;
      xep174_stream_parser_feed (parser, (const guint8 *) message, strlen (message));
      g_assert_cmpint (xep174_stream_parser_next (parser, &element, NULL), ==,
                       XEP174_STREAM_ITEM_ELEMENT);
      xep174_element_unref (element);
      g_assert_cmpint (xep174_stream_parser_next (parser, NULL, NULL), ==,
                       XEP174_STREAM_ITEM_NONE);
    }

  return allocations - before;
}

/* One for the octets, one for the element. (Each namespace declared costs four more in libxml2,
 * which examines it as a URI.) */
static void
test_short_message (void)
{
  static const char message[] =
    "<message from='juliet@pronto' to='romeo@forza' type='chat' id='4f1c'>"
    "<body>Wherefore art thou, Romeo? Deny thy father &amp; refuse thy name.</body></message>";

  g_assert_cmpuint (count_allocations (message, 100, 100), <=, 2 * 100);
}

/* Text brings no names: libxml2 does not start anew for it, which takes some forty allocations. */
static void
test_long_text (void)
{
  g_autofree char *text = g_strnfill (64 * 1024, 'x');
  g_autofree char *message = g_strconcat ("<message><body>", text, "</body></message>", NULL);
  size_t n = count_allocations (message, 5, 10);

  g_test_message ("%zu allocations each", n / 10);
  g_assert_cmpuint (n, <=, 16 * 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-allocations/short-message", test_short_message);
  g_test_add_func ("/stream-allocations/long-text", test_long_text);
  return g_test_run ();
}
