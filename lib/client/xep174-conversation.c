/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Conversation:
 *
 * What we and one contact have said to each other: a [iface@Gio.ListModel] of [class@Message], the oldest
 * first.
 *
 * [method@Client.get_conversation] and [property@Client:conversations] give them. From the first of
 * these calls on, what comes and what is sent stands there: with [method@Conversation.send_async],
 * and just as well with [method@Client.send_text_async] and [method@Client.send_message_async].
 * What becomes of a message is in [property@Message:state]. A program that never asks keeps
 * nothing.
 *
 * A conversation uses the features that the program has added to its client, and no others: with
 * [class@ChatStates] it knows who is typing, with [class@Receipts] what was read.
 * [method@Client.add_conversation_features] adds them all.
 *
 * It stays when the contact goes, and goes on when the contact is back.
 *
 * Since: 1.0
 */

#include "xep174-conversation-private.h"

#include "xep174-features-enums.h"

#define LIMIT 10000

enum
{
  PROP_0,
  PROP_CONTACT,
  PROP_UNREAD,
  PROP_LIMIT,
  PROP_CONTACT_STATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void init_list (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174Conversation, xep174_conversation, G_TYPE_OBJECT,
  G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list))

/* --- The list ------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *list)
{
  return XEP174_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *list)
{
  return g_sequence_get_length (((Xep174Conversation *) list)->messages);
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  Xep174Conversation *self = (Xep174Conversation *) list;

  return position < get_n_items (list)
         ? g_object_ref (g_sequence_get (g_sequence_get_iter_at_pos (self->messages, position))) : NULL;
}

static void
init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- The object ----------------------------------------------------------------------------- */

static void
close_open (gpointer id,
            gpointer message,
            gpointer data)
{
  ((Xep174Message *) message)->open = NULL;
}

static void
xep174_conversation_finalize (GObject *object)
{
  Xep174Conversation *self = XEP174_CONVERSATION (object);

  for (GSequenceIter *at = g_sequence_get_begin_iter (self->messages); !g_sequence_iter_is_end (at);
       at = g_sequence_iter_next (at))
    xep174_conversation_let_go (self, g_sequence_get (at));
  g_hash_table_foreach (self->open, close_open, NULL);
  g_hash_table_unref (self->open);
  g_sequence_free (self->awaited);
  g_sequence_free (self->messages);
  g_hash_table_unref (self->ours);
  g_hash_table_unref (self->theirs);
  g_clear_object (&self->contact);
  g_clear_weak_pointer (&self->host);

  G_OBJECT_CLASS (xep174_conversation_parent_class)->finalize (object);
}

static void
xep174_conversation_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  Xep174Conversation *self = XEP174_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, self->limit);
      break;
    case PROP_CONTACT_STATE:
      g_value_set_enum (value, self->contact_state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_conversation_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_LIMIT:
      xep174_conversation_set_limit (XEP174_CONVERSATION (object), g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
xep174_conversation_class_init (Xep174ConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = xep174_conversation_finalize;
  object_class->get_property = xep174_conversation_get_property;
  object_class->set_property = xep174_conversation_set_property;

  /**
   * Xep174Conversation:contact:
   *
   * Who is at the other end. It is another object, of the same name, if that was found anew.
   *
   * Since: 1.0
   */
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, XEP174_TYPE_CONTACT, read);

  /**
   * Xep174Conversation:unread:
   *
   * How many messages of the contact are not read. [method@Conversation.mark_read] says that they are.
   *
   * Since: 1.0
   */
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, read);

  /**
   * Xep174Conversation:limit:
   *
   * How many messages are kept. When there are more, the oldest ones go, because the other side
   * decides how many there are. 0 is for no limit.
   *
   * As long as there is one, a conversation also keeps no more than 16 MiB: the texts, the stanzas and
   * the signs of all messages. The oldest ones go, but never the last one. A message that was sent and
   * had to go still tells what becomes of it.
   *
   * Since: 1.0
   */
  properties[PROP_LIMIT] =
    g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXUINT, LIMIT,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * Xep174Conversation:contact-state:
   *
   * What the contact does, if the client has [class@ChatStates]; else %XEP174_CHAT_STATE_ACTIVE.
   *
   * Since: 1.0
   */
  properties[PROP_CONTACT_STATE] =
    g_param_spec_enum ("contact-state", NULL, NULL, XEP174_TYPE_CHAT_STATE, XEP174_CHAT_STATE_ACTIVE, read);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_conversation_init (Xep174Conversation *self)
{
  self->messages = g_sequence_new (g_object_unref);
  self->awaited = g_sequence_new (NULL);
  self->ours = g_hash_table_new (g_str_hash, g_str_equal);
  self->theirs = g_hash_table_new (g_str_hash, g_str_equal);
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->limit = LIMIT;
  self->contact_state = XEP174_CHAT_STATE_ACTIVE;
}

/**
 * xep174_conversation_get_contact:
 * @self: a conversation
 *
 * Gets who is at the other end.
 *
 * Returns: (transfer none): the contact
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_conversation_get_contact (Xep174Conversation *self)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), NULL);

  return self->contact;
}

/**
 * xep174_conversation_get_unread:
 * @self: a conversation
 *
 * Gets how many messages of the contact are not read.
 *
 * Returns: their number
 *
 * Since: 1.0
 */
guint
xep174_conversation_get_unread (Xep174Conversation *self)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), 0);

  return self->unread;
}

/**
 * xep174_conversation_get_limit:
 * @self: a conversation
 *
 * Gets how many messages are kept, see [property@Conversation:limit].
 *
 * Returns: their number; 0 for no limit
 *
 * Since: 1.0
 */
guint
xep174_conversation_get_limit (Xep174Conversation *self)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), 0);

  return self->limit;
}

/**
 * xep174_conversation_set_limit:
 * @self: a conversation
 * @limit: a number of messages; 0 for no limit
 *
 * Sets how many messages are kept, see [property@Conversation:limit].
 *
 * Since: 1.0
 */
void
xep174_conversation_set_limit (Xep174Conversation *self,
                               guint               limit)
{
  g_return_if_fail (XEP174_IS_CONVERSATION (self));

  if (self->limit == limit)
    return;

  self->limit = limit;
  xep174_conversation_trim (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
}

/**
 * xep174_conversation_get_contact_state:
 * @self: a conversation
 *
 * Gets what the contact does, see [property@Conversation:contact-state].
 *
 * Returns: a state
 *
 * Since: 1.0
 */
Xep174ChatState
xep174_conversation_get_contact_state (Xep174Conversation *self)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), XEP174_CHAT_STATE_ACTIVE);

  return self->contact_state;
}

/**
 * xep174_conversation_find_message:
 * @self: a conversation
 * @outgoing: whether it is one of ours
 * @id: the [property@Message:id] of a message
 *
 * Looks for a message by its `id`, or by the `id` of one of its last corrections. If several messages have
 * it, it is the last one that was added.
 *
 * Returns: (transfer none) (nullable): the message, or %NULL if it is not here
 *
 * Since: 1.0
 */
Xep174Message *
xep174_conversation_find_message (Xep174Conversation *self,
                                  gboolean            outgoing,
                                  const char         *id)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return xep174_conversation_find_named (self, outgoing, id);
}

/**
 * xep174_conversation_insert:
 * @self: a conversation
 * @position: where; what stands there and all behind it move by one. If it is larger than the number of
 *   messages, @message is the last one
 * @message: a message that stands in no conversation
 *
 * Puts in a message that the program has kept: nothing is sent. Its properties say whose it is,
 * when it was said and what became of it; they are set when it is made. If it is more than
 * [property@Conversation:limit] allows now, the oldest ones go.
 *
 * Without its [property@Message:element], [method@Conversation.mark_read] tells the contact nothing of it.
 *
 * Since: 1.0
 */
void
xep174_conversation_insert (Xep174Conversation *self,
                            guint               position,
                            Xep174Message      *message)
{
  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (message->conversation == NULL);

  g_object_ref (message);
  xep174_conversation_put (self, MIN (position, get_n_items (G_LIST_MODEL (self))), message);
  g_object_unref (message);
}

/* --- What is typed -------------------------------------------------------------------------- */

/**
 * xep174_conversation_set_state:
 * @self: a conversation
 * @state: what the user does in the conversation
 *
 * Tells the contact what the user does, as [method@ChatStates.set_own] does. It does nothing if the
 * client does not have [class@ChatStates].
 *
 * Since: 1.0
 */
void
xep174_conversation_set_state (Xep174Conversation *self,
                               Xep174ChatState     state)
{
  Xep174Feature *states;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (state <= XEP174_CHAT_STATE_GONE);

  states = self->host != NULL ? xep174_feature_host_get_feature (self->host, XEP174_TYPE_CHAT_STATES) : NULL;
  if (states != NULL)
    xep174_chat_states_set_own (XEP174_CHAT_STATES (states), xep174_contact_get_name (self->contact), state);
}

void
xep174_conversation_set_contact_state (Xep174Conversation *self,
                                       Xep174ChatState     state)
{
  if (self->contact_state == state)
    return;

  self->contact_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT_STATE]);
}

/* --- What the client does with it ----------------------------------------------------------- */

Xep174Conversation *
xep174_conversation_new (Xep174FeatureHost *host,
                         Xep174Contact     *contact)
{
  Xep174Conversation *self = g_object_new (XEP174_TYPE_CONVERSATION, NULL);

  g_set_weak_pointer (&self->host, host);
  self->contact = g_object_ref (contact);
  return self;
}

Xep174FeatureHost *
xep174_conversation_get_host (Xep174Conversation *self)
{
  return self->host;
}

void
xep174_conversation_end (Xep174Conversation *self)
{
  g_clear_weak_pointer (&self->host);
  xep174_conversation_set_contact_state (self, XEP174_CHAT_STATE_ACTIVE);
}

void
xep174_conversation_set_contact (Xep174Conversation *self,
                                 Xep174Contact      *contact)
{
  if (g_set_object (&self->contact, contact))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}

void
xep174_conversation_append (Xep174Conversation *self,
                            Xep174Message      *message)
{
  xep174_conversation_put (self, g_sequence_get_length (self->messages), message);
}

/* It stands in one conversation only: what is said to two contacts is two messages. */
Xep174Message *
xep174_conversation_hand_over (Xep174Conversation *self,
                               Xep174Message      *message)
{
  gboolean fits = message->outgoing && (message->conversation == NULL || message->conversation == self);
  Xep174Message *own = fits ? g_object_ref (message) : xep174_message_copy (message);

  own->turn = ++self->turns;
  if (own->conversation == NULL)
    {
      xep174_message_ensure_id (own);
      xep174_message_stamp (own, self->contact, 0);
      xep174_conversation_append (self, own);
    }
  else
    {
      xep174_conversation_await (self, own);
      xep174_message_tell (own, XEP174_MESSAGE_EVENT_HANDED_OVER, NULL);
    }
  return own;
}
