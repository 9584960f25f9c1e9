/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-client-private.h"

#include "xep174-chat-states.h"
#include "xep174-corrections.h"
#include "xep174-reactions.h"
#include "xep174-receipts.h"
#include "xep174-replies.h"
#include "xep174-retractions.h"
#include "xep174-styling.h"

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

static void
add_new (Xep174FeatureHost *host,
         gpointer           made)
{
  g_autoptr(Xep174Feature) feature = made;
  g_autoptr(GError) error = NULL;

  if (xep174_feature_host_get_feature (host, G_OBJECT_TYPE (feature)) == NULL
      && !xep174_feature_host_add_feature (host, feature, &error))
    g_debug ("%s is not added: %s", G_OBJECT_TYPE_NAME (feature), error->message);
}

/**
 * xep174_client_add_conversation_features:
 * @self: a client
 *
 * Adds all features that a [class@Conversation] can use: [class@ChatStates], [class@Receipts],
 * [class@Corrections], [class@Reactions], [class@Retractions], [class@Replies] and [class@Styling].
 *
 * One that the client has already stays as it is, and one whose namespace belongs to a feature of the program
 * is left out. Use [method@FeatureHost.remove_feature] for what you do not want, or add only those that you
 * want with [method@FeatureHost.add_feature].
 *
 * The features tell contacts that they are there, and, if asked, that a message has arrived. That the user
 * has read something, or types, is told only when the program says so: see [method@Conversation.mark_read]
 * and [method@Conversation.set_state].
 *
 * Since: 1.0
 */
void
xep174_client_add_conversation_features (Xep174Client *self)
{
  Xep174FeatureHost *host;

  g_return_if_fail (XEP174_IS_CLIENT (self));

  host = XEP174_FEATURE_HOST (self);
  add_new (host, xep174_chat_states_new ());
  add_new (host, xep174_receipts_new ());
  add_new (host, xep174_corrections_new ());
  add_new (host, xep174_reactions_new ());
  add_new (host, xep174_retractions_new ());
  add_new (host, xep174_replies_new ());
  add_new (host, xep174_styling_new ());
}
