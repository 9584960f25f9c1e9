/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <glib.h>
#include <iksemel.h>
#include <string.h>

static int
on_stanza (void *data,
           int   type,
           iks  *node)
{
  if (node != NULL)
    iks_delete (node);
  return IKS_OK;
}

static void *
start (void)
{
  char xmlns[] = "jabber:client";

  return iks_stream_new (xmlns, NULL, on_stanza);
}

static void
feed (void   *parser,
      char   *octets,
      size_t  length)
{
  if (iks_parse (parser, octets, length, 0) != IKS_OK)
    g_error ("iksemel cannot read it");
}

static void
stop (void *parser)
{
  iks_parser_delete (parser);
}

static size_t
write_message (void)
{
  iks *message = iks_new ("message");
  size_t length;

  iks_insert_attrib (message, "from", PEER_FROM);
  iks_insert_attrib (message, "to", PEER_TO);
  iks_insert_attrib (message, "type", "chat");
  iks_insert_attrib (message, "id", PEER_ID);
  iks_insert_cdata (iks_insert (message, "body"), PEER_BODY, 0);
  length = strlen (iks_string (iks_stack (message), message));
  iks_delete (message);
  return length;
}

const Peer peer = { start, feed, stop, write_message };
