/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-client-private.h"

/**
 * xep174_client_get_conversations:
 * @self: a client
 *
 * Gets what was said, see [property@Client:conversations].
 *
 * Returns: (transfer none): a list model of [class@Conversation]
 *
 * Since: 1.0
 */
GListModel *
xep174_client_get_conversations (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return xep174_conversations_keep (self->conversations);
}

/**
 * xep174_client_get_conversation:
 * @self: a client
 * @contact: a contact
 *
 * Gets the conversation with a contact, which begins if there is none. It is the same object as
 * long as the client lives, until [method@Client.drop_conversation].
 *
 * Returns: (transfer none): the conversation
 *
 * Since: 1.0
 */
Xep174Conversation *
xep174_client_get_conversation (Xep174Client  *self,
                                Xep174Contact *contact)
{
  g_autoptr(Xep174Conversation) conversation = NULL;

  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);
  g_return_val_if_fail (XEP174_IS_CONTACT (contact), NULL);

  /* The list holds it. */
  xep174_conversations_keep (self->conversations);
  conversation = xep174_conversations_ensure (self->conversations, contact);
  return conversation;
}

/**
 * xep174_client_drop_conversation:
 * @self: a client
 * @conversation: a conversation of the client
 *
 * Forgets what was said. What is still to be sent is sent. The next message to or from the contact
 * begins another conversation.
 *
 * Since: 1.0
 */
void
xep174_client_drop_conversation (Xep174Client       *self,
                                 Xep174Conversation *conversation)
{
  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (XEP174_IS_CONVERSATION (conversation));

  xep174_conversations_drop (self->conversations, conversation);
}
