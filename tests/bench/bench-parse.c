/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads a made-up stream and does nothing with it, for parse-ratios.py to count instructions:
 *
 *   bench-parse floor|ours SHAPE COUNT [CHUNK]
 *
 * "floor" is libxml2's push parser with handlers that do nothing. */

#include <libxml/parser.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xep174-stream-parser.h"

#define H \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
  "from='juliet@pronto' to='romeo@forza' version='1.0'>"

/* 150 octets. */
#define SHORT_MESSAGE \
  "<message from='juliet@pronto' to='romeo@forza' type='chat' id='4f1c'>" \
  "<body>Wherefore art thou, Romeo? Deny thy father and refuse thy name.</body></message>"

/* 1 KiB. */
#define XHTML_MESSAGE \
  "<message from='juliet@pronto' to='romeo@forza' type='chat' id='4f1c'>" \
  "<body>What's in a name? That which we call a rose by any other name would smell as sweet." \
  "</body><html xmlns='http://jabber.org/protocol/xhtml-im'>" \
  "<body xmlns='http://www.w3.org/1999/xhtml'><p style='color: #8b0000; font-weight: bold'>" \
  "What's in a <em>name</em>? That which we call <span style='color: red'>a rose</span> by any " \
  "other name would smell as <strong>sweet</strong>.</p><p>So Romeo would, were he not Romeo " \
  "call'd, retain that dear <a href='http://example.org/perfection'>perfection</a> which he " \
  "owes.</p></body></html><active xmlns='http://jabber.org/protocol/chatstates'/>" \
  "<request xmlns='urn:xmpp:receipts'/><x xmlns='jabber:x:event'><offline/><delivered/>" \
  "<displayed/><composing/></x><nick xmlns='http://jabber.org/protocol/nick'>Juliet</nick>" \
  "<delay xmlns='urn:xmpp:delay' from='juliet@pronto' stamp='2026-07-10T23:08:25Z'/></message>"

static char *
repeat (const char *before,
        const char *part,
        guint       count,
        const char *after)
{
  GString *octets = g_string_new (before);

  for (guint i = 0; i < count; i++)
    g_string_append (octets, part);
  g_string_append (octets, after);

  return g_string_free (octets, FALSE);
}

static char *
number (const char *before,
        const char *format,
        guint       count,
        const char *after)
{
  g_auto(GStrv) parts = g_strsplit (format, "#", -1);
  GString *octets = g_string_new (before);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *digits = g_strdup_printf ("%u", i);
      g_autofree char *part = g_strjoinv (digits, parts);

      g_string_append (octets, part);
    }
  g_string_append (octets, after);

  return g_string_free (octets, FALSE);
}

static char *
make_stanza (const char *shape)
{
  const char *colon = strchr (shape, ':');
  guint size = colon != NULL ? (guint) atoi (colon + 1) : 0;

  if (g_str_equal (shape, "short"))
    return g_strdup (SHORT_MESSAGE);
  if (g_str_equal (shape, "xhtml"))
    return g_strdup (XHTML_MESSAGE);
  if (g_str_equal (shape, "base64"))
    return repeat ("<m><data>", "aGVsbG8gd29ybGQh", 1024, "</data></m>");
  if (g_str_has_prefix (shape, "text:"))
    return repeat ("<m>", "some text ", size, "</m>");
  if (g_str_has_prefix (shape, "amp:"))
    return repeat ("<m>", "&amp;", size, "</m>");
  if (g_str_has_prefix (shape, "children:"))
    return repeat ("<m>", "<n/>", size, "</m>");
  if (g_str_has_prefix (shape, "value:"))
    return repeat ("<m a='", "x", size, "'/>");
  if (g_str_has_prefix (shape, "attributes:"))
    return number ("<m", " a#='1'", size, "/>");
  if (g_str_has_prefix (shape, "names:"))
    return number ("<m>", "<n#/>", size, "</m>");

  g_printerr ("No such shape: %s\n", shape);
  exit (2);
}

static void
start_nothing (void           *data,
               const xmlChar  *name,
               const xmlChar  *prefix,
               const xmlChar  *xmlns,
               int             n_namespaces,
               const xmlChar **namespaces,
               int             n_attributes,
               int             n_defaulted,
               const xmlChar **attributes)
{
}

static void
end_nothing (void          *data,
             const xmlChar *name,
             const xmlChar *prefix,
             const xmlChar *xmlns)
{
}

static void
text_nothing (void          *data,
              const xmlChar *text,
              int            length)
{
}

static gpointer
floor_new (void)
{
  xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = start_nothing,
    .endElementNs = end_nothing,
    .characters = text_nothing,
  };

  return xmlCreatePushParserCtxt (&handler, NULL, NULL, 0, NULL);
}

static void
floor_feed (gpointer    parser,
            const char *octets,
            gsize       length)
{
  xmlParseChunk (parser, octets, length, 0);
}

static void
ours_feed (gpointer    parser,
           const char *octets,
           gsize       length)
{
  g_autoptr(GError) error = NULL;
  Xep174Element *element;
  Xep174StreamItem item;

  xep174_stream_parser_feed (parser, (const guint8 *) octets, length);
  while ((item = xep174_stream_parser_next (parser, &element, &error)) != XEP174_STREAM_ITEM_NONE)
    if (element != NULL)
      xep174_element_unref (element);
    else
      g_error ("%s", error->message);
}

int
main (int   argc,
      char *argv[])
{
  gboolean is_floor = argc > 3 && g_str_equal (argv[1], "floor");
  guint count = argc > 3 ? (guint) atoi (argv[3]) : 0;
  gsize chunk = argc > 4 ? (gsize) atoi (argv[4]) : 4096;
  g_autofree char *stanza = NULL;
  g_autofree char *octets = NULL;
  struct mallinfo2 before, after;
  gpointer parser;

  if (argc < 4)
    {
      g_printerr ("Usage: %s floor|ours SHAPE COUNT [CHUNK]\n", argv[0]);
      return 2;
    }

  stanza = make_stanza (argv[2]);
  octets = repeat (H, stanza, count, "");
  /* What is made once for all parsers does not count. */
  if (is_floor)
    xmlFreeParserCtxt (floor_new ());
  else
    g_object_unref (xep174_stream_parser_new ());
  before = mallinfo2 ();
  parser = is_floor ? floor_new () : (gpointer) xep174_stream_parser_new ();
  for (gsize i = 0, length = strlen (octets); i < length; i += chunk)
    (is_floor ? floor_feed : ours_feed) (parser, octets + i, MIN (chunk, length - i));
  after = mallinfo2 ();

  printf ("octets %" G_GSIZE_FORMAT " heap %" G_GSIZE_FORMAT "\n", strlen (stanza),
          (gsize) (after.uordblks - before.uordblks));
  if (is_floor)
    xmlFreeParserCtxt (parser);
  else
    g_object_unref (parser);

  return 0;
}
