/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The floor: libxml2's push parser with handlers that do nothing, and its writer, which makes no
 * tree. */

#include "peer.h"

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

static void
on_start (void           *data,
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
on_end (void          *data,
        const xmlChar *name,
        const xmlChar *prefix,
        const xmlChar *xmlns)
{
}

static void
on_text (void          *data,
         const xmlChar *text,
         int            length)
{
}

static void *
start (void)
{
  xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_text,
  };

  return xmlCreatePushParserCtxt (&handler, NULL, NULL, 0, NULL);
}

static void
feed (void   *context,
      char   *octets,
      size_t  length)
{
  if (xmlParseChunk (context, octets, length, 0) != 0)
    g_error ("libxml2 cannot read it");
}

static void
stop (void *context)
{
  xmlFreeParserCtxt (context);
}

static xmlBufferPtr buffer;
static xmlTextWriterPtr writer;

static size_t
write_message (void)
{
  if (buffer == NULL)
    {
      buffer = xmlBufferCreate ();
      writer = xmlNewTextWriterMemory (buffer, 0);
    }
  xmlBufferEmpty (buffer);
  xmlTextWriterStartElement (writer, BAD_CAST "message");
  xmlTextWriterWriteAttribute (writer, BAD_CAST "from", BAD_CAST PEER_FROM);
  xmlTextWriterWriteAttribute (writer, BAD_CAST "to", BAD_CAST PEER_TO);
  xmlTextWriterWriteAttribute (writer, BAD_CAST "type", BAD_CAST "chat");
  xmlTextWriterWriteAttribute (writer, BAD_CAST "id", BAD_CAST PEER_ID);
  xmlTextWriterWriteElement (writer, BAD_CAST "body", BAD_CAST PEER_BODY);
  xmlTextWriterEndElement (writer);
  xmlTextWriterFlush (writer);
  return xmlBufferLength (buffer);
}

const Peer peer = { start, feed, stop, write_message };
