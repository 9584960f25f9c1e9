/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The client, and one conversation with each contact that the user looks at or has talked to. */

#include "chat-roster.h"

#include "chat-enums.h"
#include "chat-leaving.h"
#include "chat-namesakes.h"

/* Somebody looks at the ticks. What is said meanwhile shares one question, so that a second costs little more
 * than the library's five; without a delay each message would have its own. */
#define RECEIPT_DELAY_MS 1000

struct _ChatRoster
{
  GObject parent_instance;

  Xep174Client *client;
  GCancellable *cancellable;
  ChatRosterState state;
  char *problem;

  /* (element-type Xep174Contact ChatConversation): all conversations, without a reference. A
   * conversation keeps its contact, and whatever shows it keeps the conversation. */
  GHashTable *conversations;
  /* (element-type ChatConversation): conversations with messages are kept here. */
  GHashTable *spoken;
  GListStore *absent;
  GHashTable *transfers; /* (element-type Xep174Transfer): those that a conversation shows */
  ChatNamesakes *namesakes;
  ChatLeaving *leaving;
  gboolean has_left; /* the network, but it is not over yet */
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum
{
  SIGNAL_MESSAGE_RECEIVED,
  SIGNAL_MESSAGE_FAILED,
  SIGNAL_KEY_CHANGED,
  SIGNAL_REORDERED,
  SIGNAL_FILES_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChatRoster, chat_roster, G_TYPE_OBJECT)

/* The contact is still alive, because the conversation drops it only in its finalize. It may stay,
 * and get another conversation later. */
static void
on_conversation_gone (gpointer  data,
                      GObject  *conversation)
{
  ChatRoster *self = data;
  Xep174Contact *contact = chat_conversation_get_contact (CHAT_CONVERSATION (conversation));

  g_signal_handlers_disconnect_by_data (contact, self);
  g_hash_table_remove (self->conversations, contact);
  chat_namesakes_remove (self->namesakes, CHAT_CONVERSATION (conversation));
}

static void
chat_roster_finalize (GObject *object)
{
  ChatRoster *self = CHAT_ROSTER (object);
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &conversation))
    g_object_weak_unref (conversation, on_conversation_gone, self);
  g_hash_table_unref (self->conversations);
  chat_namesakes_free (self->namesakes);
  chat_leaving_free (self->leaving);
  g_hash_table_unref (self->spoken);
  g_object_unref (self->absent);
  g_hash_table_unref (self->transfers);
  g_clear_object (&self->client);
  g_object_unref (self->cancellable);
  g_free (self->problem);

  G_OBJECT_CLASS (chat_roster_parent_class)->finalize (object);
}

static void
chat_roster_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  ChatRoster *self = CHAT_ROSTER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_state (ChatRoster      *self,
           ChatRosterState  state,
           const char      *problem)
{
  self->state = state;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* A disk may still have to take back what was prepared. */
static void
end (ChatRoster *self)
{
  if (!self->has_left || chat_leaving_uses_disk (self->leaving))
    return;

  self->has_left = FALSE;
  set_state (self, CHAT_ROSTER_STATE_OFFLINE, NULL);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ChatRoster) self = user_data;

  /* Even after an error we are off the network now. */
  xep174_client_stop_finish (self->client, result, NULL);
  self->has_left = TRUE;
  end (self);
}

static void
leave (gpointer data)
{
  ChatRoster *self = data;

  xep174_client_stop_async (self->client, self->cancellable, on_stopped, g_object_ref (self));
}

static void
chat_roster_class_init (ChatRosterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = chat_roster_finalize;
  object_class->get_property = chat_roster_get_property;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, CHAT_TYPE_ROSTER_STATE, CHAT_ROSTER_STATE_OFFLINE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_MESSAGE_RECEIVED] =
    g_signal_new ("message-received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, CHAT_TYPE_CONVERSATION, XEP174_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE_FAILED] =
    g_signal_new ("message-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, CHAT_TYPE_CONVERSATION, XEP174_TYPE_MESSAGE);
  signals[SIGNAL_KEY_CHANGED] =
    g_signal_new ("key-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, CHAT_TYPE_CONVERSATION);
  signals[SIGNAL_REORDERED] =
    g_signal_new ("reordered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FILES_CHANGED] =
    g_signal_new ("files-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
}

static void
chat_roster_init (ChatRoster *self)
{
  self->cancellable = g_cancellable_new ();
  self->conversations = g_hash_table_new (NULL, NULL);
  self->spoken = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->transfers = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->absent = g_list_store_new (CHAT_TYPE_CONVERSATION);
  self->namesakes = chat_namesakes_new ();
  self->leaving = chat_leaving_new (self->spoken, self->transfers, leave, self);
}

gboolean
chat_roster_is_busy (ChatRoster *self)
{
  return chat_leaving_moves_files (self->leaving);
}

void
chat_roster_await_files (ChatRoster *self,
                         gboolean    awaits)
{
  chat_leaving_await_files (self->leaving, awaits);
}

gboolean
chat_roster_awaits_interrupted (ChatRoster *self)
{
  return chat_leaving_awaits_interrupted (self->leaving);
}

static void
on_file_changed (ChatRoster *self)
{
  chat_leaving_check (self->leaving);
  end (self);
  g_signal_emit (self, signals[SIGNAL_FILES_CHANGED], 0);
}

/* Everybody is in exactly one list: that of the contacts, or this one. */
static void
update_absence (ChatRoster       *self,
                ChatConversation *conversation)
{
  gboolean is_absent =
    !xep174_contact_get_online (chat_conversation_get_contact (conversation)) &&
    g_hash_table_contains (self->spoken, conversation);
  guint position;
  gboolean is_listed = g_list_store_find (self->absent, conversation, &position);

  if (is_absent && !is_listed)
    g_list_store_append (self->absent, conversation);
  else if (is_listed && !is_absent)
    g_list_store_remove (self->absent, position);
}

static void
on_online_changed (Xep174Contact *contact,
                   GParamSpec    *pspec,
                   ChatRoster    *self)
{
  ChatConversation *conversation = g_hash_table_lookup (self->conversations, contact);

  if (conversation != NULL)
    update_absence (self, conversation);
}

static void
on_reordered (ChatRoster *self)
{
  g_signal_emit (self, signals[SIGNAL_REORDERED], 0);
}

static void
on_name_changed (Xep174Contact *contact,
                 GParamSpec    *pspec,
                 ChatRoster    *self)
{
  ChatConversation *conversation = g_hash_table_lookup (self->conversations, contact);

  if (conversation != NULL)
    chat_namesakes_put (self->namesakes, conversation);
  on_reordered (self);
}

static void
on_spoken (ChatConversation *conversation,
           GParamSpec       *pspec,
           ChatRoster       *self)
{
  g_hash_table_add (self->spoken, g_object_ref (conversation));
  update_absence (self, conversation);
}

static void
on_message_failed (ChatConversation *conversation,
                   Xep174Message    *message,
                   ChatRoster       *self)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_FAILED], 0, conversation, message);
}

ChatConversation *
chat_roster_dup_conversation (ChatRoster    *self,
                              Xep174Contact *contact)
{
  ChatConversation *conversation = g_hash_table_lookup (self->conversations, contact);

  if (conversation != NULL)
    return g_object_ref (conversation);

  conversation = chat_conversation_new (self->client, contact);
  g_hash_table_insert (self->conversations, contact, conversation);
  g_object_weak_ref (G_OBJECT (conversation), on_conversation_gone, self);
  g_signal_connect_object (conversation, "notify::empty", G_CALLBACK (on_spoken), self, 0);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_reordered), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::latest", G_CALLBACK (on_reordered), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "message-failed", G_CALLBACK (on_message_failed), self, 0);
  g_signal_connect_object (conversation, "file-sent", G_CALLBACK (on_file_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (contact, "notify::online", G_CALLBACK (on_online_changed), self, 0);
  g_signal_connect_object (contact, "notify::display-name", G_CALLBACK (on_name_changed), self,
                           0);
  chat_namesakes_put (self->namesakes, conversation);
  if (g_list_model_get_n_items (chat_conversation_get_messages (conversation)) > 0)
    on_spoken (conversation, NULL, self);

  return conversation;
}

ChatConversation *
chat_roster_find_conversation (ChatRoster *self,
                               const char *name)
{
  GHashTableIter iter;
  gpointer contact;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, &contact, &conversation))
    if (g_ascii_strcasecmp (xep174_contact_get_name (contact), name) == 0)
      return g_object_ref (conversation);

  return NULL;
}

static void
stop (ChatRoster *self)
{
  set_state (self, CHAT_ROSTER_STATE_STOPPING, NULL);
  chat_leaving_begin (self->leaving);
}

static void
on_message_received (Xep174Client  *client,
                     Xep174Contact *contact,
                     Xep174Message *message,
                     ChatRoster    *self)
{
  g_autoptr(ChatConversation) conversation = chat_roster_dup_conversation (self, contact);

  chat_conversation_take_received (conversation);
  g_signal_emit (self, signals[SIGNAL_MESSAGE_RECEIVED], 0, conversation, message);
}

static void
take_transfer (ChatRoster     *self,
               Xep174Contact  *contact,
               Xep174Transfer *transfer)
{
  g_autoptr(ChatConversation) conversation = NULL;
  Xep174Message *message;

  if (g_hash_table_contains (self->transfers, transfer))
    return;

  g_hash_table_add (self->transfers, g_object_ref (transfer));
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (on_file_changed), self, G_CONNECT_SWAPPED);
  conversation = chat_roster_dup_conversation (self, contact);
  message = chat_conversation_take_file (conversation, transfer);
  if (chat_message_is_offer (message))
    g_signal_emit (self, signals[SIGNAL_MESSAGE_RECEIVED], 0, conversation, message);
}

static void
on_transfer_offered (Xep174Client   *client,
                     Xep174Contact  *contact,
                     Xep174Transfer *transfer,
                     ChatRoster     *self)
{
  take_transfer (self, contact, transfer);
}

/* Those that were under way when the program ended last are there before their contacts come, and may be
 * cancelled. */
static void
take_transfers (ChatRoster *self)
{
  GListModel *transfers = xep174_client_get_transfers (self->client);

  for (guint i = 0; i < g_list_model_get_n_items (transfers); i++)
    {
      g_autoptr(Xep174Transfer) transfer = g_list_model_get_item (transfers, i);
      g_autoptr(Xep174Contact) contact =
        xep174_client_dup_contact (self->client, xep174_transfer_get_contact (transfer));

      take_transfer (self, contact, transfer);
    }
}

static void
on_session_opened (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   ChatRoster           *self)
{
  g_autoptr(ChatConversation) conversation =
    chat_roster_find_conversation (self, xep174_session_get_name (session));

  if (conversation != NULL)
    chat_conversation_follow (conversation, session);
}

static void
on_session_failed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   ChatRoster           *self)
{
  g_autoptr(ChatConversation) conversation =
    chat_roster_find_conversation (self, xep174_session_get_name (session));

  if (conversation != NULL)
    chat_keys_take_failure (chat_conversation_get_keys (conversation), error);
}

/* The other side may stop accepting our key in the middle of a conversation. */
static void
on_session_closed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   ChatRoster           *self)
{
  if (g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_AUTHORIZED))
    on_session_failed (manager, session, error, self);
}

static void
on_key_changed (Xep174Client  *client,
                Xep174Contact *contact,
                const char    *old,
                const char    *new,
                ChatRoster    *self)
{
  const char *name = xep174_contact_get_name (contact);
  g_autoptr(Xep174Session) session =
    xep174_session_manager_ensure_session (xep174_client_get_session_manager (client), name, NULL);
  g_autoptr(ChatConversation) conversation = chat_roster_find_conversation (self, name);

  if (conversation == NULL)
    return;

  /* Its trust may be what it was before, of another key. */
  if (session != NULL)
    chat_conversation_follow (conversation, session);
  g_signal_emit (self, signals[SIGNAL_KEY_CHANGED], 0, conversation);
}

static void
on_unencrypted_refused (Xep174Client  *client,
                        Xep174Contact *contact,
                        ChatRoster    *self)
{
  g_autoptr(ChatConversation) conversation =
    chat_roster_find_conversation (self, xep174_contact_get_name (contact));

  if (conversation != NULL)
    chat_conversation_take_unheard (conversation);
}

ChatRoster *
chat_roster_new (Xep174Client *client)
{
  ChatRoster *self = g_object_new (CHAT_TYPE_ROSTER, NULL);

  self->client = g_object_ref (client);
  xep174_client_add_conversation_features (client);
  g_object_set (xep174_client_get_session_manager (client), "receipt-delay", RECEIPT_DELAY_MS, NULL);
  g_signal_connect_object (client, "message-received", G_CALLBACK (on_message_received), self, 0);
  g_signal_connect_object (xep174_client_get_session_manager (client), "session-opened",
                           G_CALLBACK (on_session_opened), self, 0);
  g_signal_connect_object (xep174_client_get_session_manager (client), "session-failed",
                           G_CALLBACK (on_session_failed), self, 0);
  g_signal_connect_object (xep174_client_get_session_manager (client), "session-closed",
                           G_CALLBACK (on_session_closed), self, 0);
  g_signal_connect_object (client, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused),
                           self, 0);
  g_signal_connect_object (client, "key-changed", G_CALLBACK (on_key_changed), self, 0);
  g_signal_connect_object (client, "transfer-offered", G_CALLBACK (on_transfer_offered), self, 0);
  g_signal_connect_object (xep174_client_get_transfers (client), "items-changed", G_CALLBACK (take_transfers),
                           self, G_CONNECT_SWAPPED);
  take_transfers (self);

  return self;
}

Xep174Client *
chat_roster_get_client (ChatRoster *self)
{
  return self->client;
}

GListModel *
chat_roster_get_absent (ChatRoster *self)
{
  return G_LIST_MODEL (self->absent);
}

ChatRosterState
chat_roster_get_state (ChatRoster *self)
{
  return self->state;
}

const char *
chat_roster_get_problem (ChatRoster *self)
{
  return self->problem;
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ChatRoster) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_client_start_finish (self->client, result, &error))
    set_state (self, CHAT_ROSTER_STATE_OFFLINE, error->message);
  else if (g_cancellable_is_cancelled (self->cancellable))
    stop (self);
  else
    set_state (self, CHAT_ROSTER_STATE_ONLINE, NULL);
}

void
chat_roster_start (ChatRoster *self)
{
  if (self->state != CHAT_ROSTER_STATE_OFFLINE)
    return;

  g_cancellable_reset (self->cancellable);
  set_state (self, CHAT_ROSTER_STATE_STARTING, NULL);
  xep174_client_start_async (self->client, self->cancellable, on_started, g_object_ref (self));
}

void
chat_roster_stop (ChatRoster *self)
{
  if (self->state == CHAT_ROSTER_STATE_ONLINE)
    stop (self);
  else
    g_cancellable_cancel (self->cancellable);
  if (g_cancellable_is_cancelled (self->cancellable))
    chat_leaving_hurry (self->leaving);
}

gboolean
chat_roster_has_spoken (ChatRoster *self)
{
  return g_hash_table_size (self->spoken) > 0;
}

void
chat_roster_foreach_untold (ChatRoster     *self,
                            ChatUntoldFunc  func,
                            gpointer        data)
{
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->spoken);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    {
      GListModel *messages = chat_conversation_get_messages (conversation);
      GPtrArray *unsent = chat_conversation_get_unsent (conversation);

      for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
        {
          g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

          if (chat_message_is_untold (message))
            func (conversation, message, data);
        }
      for (guint i = 0; i < unsent->len; i++)
        func (conversation, unsent->pdata[i], data);
    }
}
