/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <glib.h>
#include <strophe.h>

/* In the static library, but not in its header. */
typedef struct _parser_t parser_t;
parser_t *parser_new  (xmpp_ctx_t *context,
                       void      (*on_start) (char *name, char **attributes, void *data),
                       void      (*on_end) (char *name, void *data),
                       void      (*on_stanza) (xmpp_stanza_t *stanza, void *data),
                       void       *data);
int       parser_feed (parser_t *parser, char *chunk, int length);
void      parser_free (parser_t *parser);

static xmpp_ctx_t *context;

static void
on_start (char  *name,
          char **attributes,
          void  *data)
{
}

static void
on_end (char *name,
        void *data)
{
}

/* The parser releases it. */
static void
on_stanza (xmpp_stanza_t *stanza,
           void          *data)
{
}

static void *
start (void)
{
  if (context == NULL)
    context = xmpp_ctx_new (NULL, NULL);
  return parser_new (context, on_start, on_end, on_stanza, NULL);
}

static void
feed (void   *parser,
      char   *octets,
      size_t  length)
{
  if (parser_feed (parser, octets, length) == 0)
    g_error ("libstrophe cannot read it");
}

static void
stop (void *parser)
{
  parser_free (parser);
}

static size_t
write_message (void)
{
  xmpp_stanza_t *message = xmpp_message_new (context, "chat", PEER_TO, PEER_ID);
  char *octets;
  size_t length;

  xmpp_stanza_set_from (message, PEER_FROM);
  xmpp_message_set_body (message, PEER_BODY);
  if (xmpp_stanza_to_text (message, &octets, &length) != XMPP_EOK)
    g_error ("libstrophe cannot write it");
  xmpp_free (context, octets);
  xmpp_stanza_release (message);
  return length;
}

const Peer peer = { start, feed, stop, write_message };
