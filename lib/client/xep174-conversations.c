/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-conversations-private.h"

#include "xep174-chat-states.h"
#include "xep174-corrections.h"
#include "xep174-name-private.h"
#include "xep174-reactions.h"
#include "xep174-receipts.h"
#include "xep174-retractions.h"

struct _Xep174Conversations
{
  Xep174FeatureHost *host;
  GListStore *list;
  /* The name, which is the contact's -> the conversation, which @list holds. */
  GHashTable *by_name;
  GListModel *features; /* NULL as long as nobody has asked */
  /* (element-type Xep174Feature): those that we listen to. */
  GPtrArray *heard;
};

/* (transfer full) (nullable): held, as whoever is told of it may drop the conversation. */
static Xep174Message *
dup_message (Xep174Conversations *self,
             const char          *name,
             gboolean             outgoing,
             const char          *id)
{
  Xep174Conversation *conversation = xep174_conversations_find (self, name);
  Xep174Message *message =
    conversation != NULL ? xep174_conversation_find_message (conversation, outgoing, id) : NULL;

  return message != NULL ? g_object_ref (message) : NULL;
}

/* --- What features tell --------------------------------------------------------------------- */

static void
on_state_changed (Xep174Conversations *self,
                  const char          *contact,
                  Xep174ChatState      state)
{
  Xep174Conversation *conversation = xep174_conversations_find (self, contact);

  if (conversation != NULL)
    xep174_conversation_set_contact_state (conversation, state);
}

static void
on_received (Xep174Conversations *self,
             const char          *contact,
             const char          *id)
{
  g_autoptr(Xep174Message) message =
    xep174_conversations_tell (self, contact, id, XEP174_MESSAGE_EVENT_CONFIRMED, NULL);

  if (message != NULL)
    g_debug ("“%s” has confirmed a message", contact);
}

static void
on_displayed (Xep174Conversations *self,
              const char          *contact,
              const char          *id)
{
  Xep174Conversation *conversation = xep174_conversations_find (self, contact);

  if (conversation != NULL)
    xep174_conversation_tell_displayed (conversation, id);
}

/* Who says it is the stream's contact, and has only its own messages to correct or to take back: ours are
 * not looked for, whatever their id. What corrects none of them, or one that was taken back, is a new message
 * (XEP-0308 §5). */
static gboolean
on_corrected (Xep174Conversations *self,
              const char          *contact,
              const char          *id,
              Xep174Element       *stanza)
{
  g_autoptr(Xep174Message) message = dup_message (self, contact, FALSE, id);
  g_autoptr(Xep174Message) better = NULL;

  if (message == NULL || message->retracted)
    return FALSE;

  better = xep174_message_new_from_element (stanza, FALSE);
  if (better == NULL)
    return FALSE;

  xep174_message_read_reply (better, self->host);
  xep174_message_correct (message, better);
  return TRUE;
}

static void
on_retracted (Xep174Conversations *self,
              const char          *contact,
              const char          *id)
{
  g_autoptr(Xep174Message) message = dup_message (self, contact, FALSE, id);

  if (message != NULL)
    xep174_message_retract (message);
}

/* It is mostly one of ours. */
static void
on_reacted (Xep174Conversations *self,
            const char          *contact,
            const char          *id,
            const char * const  *reactions)
{
  g_autoptr(Xep174Message) message = dup_message (self, contact, TRUE, id);

  if (message == NULL)
    message = dup_message (self, contact, FALSE, id);
  if (message != NULL)
    xep174_message_put_reactions (message, FALSE, reactions);
}

static void
hear (Xep174Conversations *self,
      Xep174Feature       *feature)
{
  const struct
  {
    GType type;
    const char *signal;
    GCallback handler;
  } told[] = {
    { XEP174_TYPE_CHAT_STATES, "state-changed", G_CALLBACK (on_state_changed) },
    { XEP174_TYPE_RECEIPTS, "received", G_CALLBACK (on_received) },
    { XEP174_TYPE_RECEIPTS, "displayed", G_CALLBACK (on_displayed) },
    { XEP174_TYPE_CORRECTIONS, "corrected", G_CALLBACK (on_corrected) },
    { XEP174_TYPE_RETRACTIONS, "retracted", G_CALLBACK (on_retracted) },
    { XEP174_TYPE_REACTIONS, "reacted", G_CALLBACK (on_reacted) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    if (G_TYPE_CHECK_INSTANCE_TYPE (feature, told[i].type))
      g_signal_connect_swapped (feature, told[i].signal, told[i].handler, self);
}

static void
stop_hearing (Xep174Conversations *self)
{
  for (guint i = 0; i < self->heard->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->heard, i), self);
  g_ptr_array_set_size (self->heard, 0);
}

/* A feature may come and go at any time. */
static void
on_features_changed (Xep174Conversations *self)
{
  stop_hearing (self);
  for (guint i = 0; i < g_list_model_get_n_items (self->features); i++)
    {
      g_ptr_array_add (self->heard, g_list_model_get_item (self->features, i));
      hear (self, g_ptr_array_index (self->heard, i));
    }
}

/* --- Its life ------------------------------------------------------------------------------- */

Xep174Conversations *
xep174_conversations_new (Xep174FeatureHost *host)
{
  Xep174Conversations *self = g_new0 (Xep174Conversations, 1);

  self->host = host;
  self->list = g_list_store_new (XEP174_TYPE_CONVERSATION);
  self->by_name = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, NULL);
  self->heard = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

/* Who holds a conversation longer still has what was said. */
void
xep174_conversations_free (Xep174Conversations *self)
{
  stop_hearing (self);
  if (self->features != NULL)
    g_signal_handlers_disconnect_by_data (self->features, self);
  g_clear_object (&self->features);
  g_ptr_array_unref (self->heard);
  g_hash_table_unref (self->by_name);
  g_object_unref (self->list);
  g_free (self);
}

GListModel *
xep174_conversations_keep (Xep174Conversations *self)
{
  if (self->features == NULL)
    {
      self->features = g_object_ref (xep174_feature_host_get_features (self->host));
      g_signal_connect_swapped (self->features, "items-changed", G_CALLBACK (on_features_changed), self);
      on_features_changed (self);
    }
  return G_LIST_MODEL (self->list);
}

Xep174Conversation *
xep174_conversations_find (Xep174Conversations *self,
                           const char          *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

Xep174Conversation *
xep174_conversations_ensure (Xep174Conversations *self,
                             Xep174Contact       *contact)
{
  const char *name = xep174_contact_get_name (contact);
  Xep174Conversation *found = xep174_conversations_find (self, name);
  Xep174Conversation *conversation;

  if (found != NULL)
    {
      xep174_conversation_set_contact (found, contact);
      return g_object_ref (found);
    }

  conversation = xep174_conversation_new (self->host, contact);
  g_hash_table_insert (self->by_name, g_strdup (name), conversation);
  g_list_store_append (self->list, conversation);
  return conversation;
}

void
xep174_conversations_take (Xep174Conversations *self,
                           Xep174Contact       *contact,
                           Xep174Message       *message)
{
  g_autoptr(Xep174Conversation) conversation = NULL;

  if (self->features == NULL)
    return;

  conversation = xep174_conversations_ensure (self, contact);
  xep174_conversation_append (conversation, message);
}

Xep174Message *
xep174_conversations_hand_over (Xep174Conversations *self,
                                Xep174Contact       *contact,
                                Xep174Message       *message)
{
  g_autoptr(Xep174Conversation) conversation = NULL;

  if (self->features == NULL)
    {
      xep174_message_stamp (message, contact, 0);
      return g_object_ref (message);
    }

  conversation = xep174_conversations_ensure (self, contact);
  return xep174_conversation_hand_over (conversation, message);
}

void
xep174_conversations_drop (Xep174Conversations *self,
                           Xep174Conversation  *conversation)
{
  guint position;

  if (!g_list_store_find (self->list, conversation, &position))
    return;

  g_hash_table_remove (self->by_name,
                       xep174_contact_get_name (xep174_conversation_get_contact (conversation)));
  xep174_conversation_end (conversation);
  g_list_store_remove (self->list, position);
}

/* What corrects one of ours is no message; that it was refused is the message's matter. */
static Xep174Message *
refuse_correction (Xep174Conversation *conversation,
                   const char         *id,
                   const GError       *error)
{
  Xep174Message *message = xep174_conversation_find_named (conversation, TRUE, id);

  if (message == NULL)
    return NULL;

  g_object_ref (message);
  xep174_message_refuse_correction (message, id, error);
  return message;
}

Xep174Message *
xep174_conversations_tell (Xep174Conversations *self,
                           const char          *name,
                           const char          *id,
                           Xep174MessageEvent   event,
                           const GError        *error)
{
  Xep174Conversation *conversation =
    self->features != NULL && id != NULL ? xep174_conversations_find (self, name) : NULL;
  Xep174Message *message = conversation != NULL ? xep174_conversation_find_sent (conversation, id) : NULL;

  if (message == NULL)
    return conversation != NULL && event == XEP174_MESSAGE_EVENT_REFUSED
           ? refuse_correction (conversation, id, error) : NULL;

  g_object_ref (message);
  xep174_message_tell (message, event, error);
  return message;
}
