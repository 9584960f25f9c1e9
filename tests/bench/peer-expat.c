/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* With handlers that do nothing. */

#include "peer.h"

#include <expat.h>
#include <glib.h>

static void
on_start (void            *data,
          const XML_Char  *name,
          const XML_Char **attributes)
{
}

static void
on_end (void           *data,
        const XML_Char *name)
{
}

static void
on_text (void           *data,
         const XML_Char *text,
         int             length)
{
}

static void *
start (void)
{
  XML_Parser parser = XML_ParserCreateNS (NULL, ' ');

  XML_SetElementHandler (parser, on_start, on_end);
  XML_SetCharacterDataHandler (parser, on_text);
  return parser;
}

static void
feed (void   *parser,
      char   *octets,
      size_t  length)
{
  if (XML_Parse (parser, octets, length, 0) != XML_STATUS_OK)
    g_error ("expat cannot read it");
}

static void
stop (void *parser)
{
  XML_ParserFree (parser);
}

const Peer peer = { start, feed, stop, NULL };
