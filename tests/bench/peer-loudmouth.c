/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peer.h"

#include <glib.h>
#include <loudmouth/loudmouth.h>
#include <string.h>

/* In the library, but not in its headers. */
typedef struct LmParser LmParser;
typedef void (*LmParserFunction) (LmParser  *parser,
                                  LmMessage *message,
                                  gpointer   data);
LmParser *lm_parser_new   (LmParserFunction function, gpointer data, GDestroyNotify notify);
gboolean  lm_parser_parse (LmParser *parser, const char *string);
void      lm_parser_free  (LmParser *parser);

static void
on_message (LmParser  *parser,
            LmMessage *message,
            gpointer   data)
{
}

/* It makes its log even where nobody reads it. */
static void
on_log (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        data)
{
}

static void *
start (void)
{
  g_log_set_handler ("LM", G_LOG_LEVEL_MASK, on_log, NULL);
  return lm_parser_new (on_message, NULL, NULL);
}

static void
feed (void   *parser,
      char   *octets,
      size_t  length)
{
  if (!lm_parser_parse (parser, octets))
    g_error ("loudmouth cannot read it");
}

static void
stop (void *parser)
{
  lm_parser_free (parser);
}

static size_t
write_message (void)
{
  LmMessage *message = lm_message_new_with_sub_type (PEER_TO, LM_MESSAGE_TYPE_MESSAGE,
                                                     LM_MESSAGE_SUB_TYPE_CHAT);
  char *octets;
  size_t length;

  lm_message_node_set_attributes (message->node, "from", PEER_FROM, "id", PEER_ID, NULL);
  lm_message_node_add_child (message->node, "body", PEER_BODY);
  octets = lm_message_node_to_string (message->node);
  length = strlen (octets);
  g_free (octets);
  lm_message_unref (message);
  return length;
}

const Peer peer = { start, feed, stop, write_message };
