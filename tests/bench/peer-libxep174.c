/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include "xep174-stream-parser.h"
#include "xep174-stream-writer-private.h"

static void *
start (void)
{
  return xep174_stream_parser_new ();
}

static void
feed (void   *parser,
      char   *octets,
      size_t  length)
{
  g_autoptr(GError) error = NULL;
  Xep174Element *element;

  xep174_stream_parser_feed (parser, (const guint8 *) octets, length);
  while (xep174_stream_parser_next (parser, &element, &error) != XEP174_STREAM_ITEM_NONE)
    if (element != NULL)
      xep174_element_unref (element);
    else
      g_error ("%s", error->message);
}

static GString *out;

static size_t
write_message (void)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body;

  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_set_attribute (message, "id", PEER_ID);
  body = xep174_element_append_new (message, "body", "jabber:client");
  xep174_element_append_text (body, PEER_BODY);
  if (out == NULL)
    out = g_string_new (NULL);
  g_string_truncate (out, 0);
  xep174_stream_writer_append_stanza (out, message, PEER_FROM, PEER_TO);
  return out->len;
}

const Peer peer = { start, feed, g_object_unref, write_message };
