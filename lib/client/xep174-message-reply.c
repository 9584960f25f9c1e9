/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A message that answers a certain earlier one (XEP-0461). */

#include "xep174-conversation-private.h"

#include "xep174-gettext-private.h"
#include "xep174-replies.h"
#include "xep174-session-error.h"

#define NS_REPLY "urn:xmpp:reply:0"

/**
 * xep174_message_new_reply:
 * @self: the message to answer
 * @body: the text
 *
 * Creates a message that answers another one, to be sent with [method@Conversation.send_async]. The client
 * must have [class@Replies]. Where the contact's program does not know replies, it reads a quote before the
 * text.
 *
 * If @self has no [property@Message:id], nothing can answer it: the new message is like others.
 *
 * Returns: (transfer full): a new message
 *
 * Since: 1.0
 */
Xep174Message *
xep174_message_new_reply (Xep174Message *self,
                          const char    *body)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (body != NULL, NULL);

  return g_object_new (XEP174_TYPE_MESSAGE, "body", body, "reply-to", self->id, NULL);
}

/**
 * xep174_message_get_reply_to:
 * @self: a message
 *
 * Gets which message this one answers, see [property@Message:reply-to].
 *
 * Returns: (nullable) (transfer none): the `id` of a message, or %NULL if this one is no reply
 *
 * Since: 1.0
 */
const char *
xep174_message_get_reply_to (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->reply_to;
}

/**
 * xep174_message_find_answered:
 * @self: a message
 *
 * Finds the message that this one answers in its [class@Conversation]. An `id` does not tell who wrote it:
 * it is looked for first among what the other side wrote.
 *
 * Returns: (nullable) (transfer none): the message; %NULL if it is not there (any more), or this one is no
 *   reply
 *
 * Since: 1.0
 */
Xep174Message *
xep174_message_find_answered (Xep174Message *self)
{
  Xep174Message *found;

  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  if (self->reply_to == NULL || self->conversation == NULL)
    return NULL;

  found = xep174_conversation_find_message (self->conversation, !self->outgoing, self->reply_to);
  if (found == NULL)
    found = xep174_conversation_find_message (self->conversation, self->outgoing, self->reply_to);
  return found;
}

static Xep174Feature *
get_replies (Xep174FeatureHost *host)
{
  return xep174_feature_host_get_feature (host, XEP174_TYPE_REPLIES);
}

void
xep174_message_read_reply (Xep174Message     *self,
                           Xep174FeatureHost *host)
{
  g_autofree char *text = NULL;

  if (xep174_element_find_child (self->element, "reply", NS_REPLY) == NULL || get_replies (host) == NULL)
    return;

  self->reply_to = xep174_replies_dup_id (self->element);
  text = xep174_replies_dup_text (self->element, self->body);
  /* Who says nothing of his own only quotes. */
  if (*text == '\0')
    return;

  g_free (self->body);
  self->body = g_steal_pointer (&text);
}

gboolean
xep174_message_write_reply (Xep174Message      *self,
                            Xep174FeatureHost  *host,
                            const char         *name,
                            Xep174Element      *stanza,
                            GError            **error)
{
  Xep174Message *answered = xep174_message_find_answered (self);
  Xep174Feature *replies;

  if (self->reply_to == NULL)
    return TRUE;

  replies = get_replies (host);
  if (replies == NULL)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
                   _("The program has not switched this on: add %s to its client first"),
                   g_type_name (XEP174_TYPE_REPLIES));
      return FALSE;
    }

  xep174_replies_mark (XEP174_REPLIES (replies), name, stanza, self->reply_to,
                       answered != NULL && *answered->body != '\0' ? answered->body : NULL);
  return TRUE;
}
