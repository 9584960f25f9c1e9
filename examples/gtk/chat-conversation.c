/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the window has to know of a conversation beside what was said: who can read it, whether somebody looks
 * at it, and what is typed. It stays when the contact has gone. */

#include "chat-conversation.h"

#include "chat-enums.h"
#include "cli-text.h"
#include "translate.h"

struct _ChatConversation
{
  GObject parent_instance;

  Xep174Client *client;
  Xep174Contact *contact;
  Xep174Conversation *talk;
  gint64 latest;
  gboolean has_namesake;
  gboolean watched;
  gboolean connected;
  gboolean has_told_of_unheard;
  ChatKeys *keys;
  ChatPrivacy privacy;
  char *draft;
  GPtrArray *unsent; /* (element-type Xep174Message): for files that are not offered yet, or could not be */
  Xep174Session *session; /* weak */
};

enum
{
  PROP_0,
  PROP_EMPTY,
  PROP_UNREAD,
  PROP_LATEST,
  PROP_HAS_NAMESAKE,
  PROP_PRIVACY,
  PROP_CONNECTED,
  PROP_TYPING,
  N_PROPS
};

enum
{
  SIGNAL_MESSAGE_FAILED,
  SIGNAL_FILE_SENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChatConversation, chat_conversation, G_TYPE_OBJECT)

static void
chat_conversation_finalize (GObject *object)
{
  ChatConversation *self = CHAT_CONVERSATION (object);

  /* X8: of those who only come and go, nothing stays. */
  if (g_list_model_get_n_items (G_LIST_MODEL (self->talk)) == 0)
    xep174_client_drop_conversation (self->client, self->talk);
  g_clear_weak_pointer (&self->session);
  g_clear_object (&self->talk);
  g_clear_object (&self->keys);
  g_clear_object (&self->client);
  g_clear_object (&self->contact);
  g_free (self->draft);
  g_ptr_array_unref (self->unsent);

  G_OBJECT_CLASS (chat_conversation_parent_class)->finalize (object);
}

static void
chat_conversation_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ChatConversation *self = CHAT_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_EMPTY:
      g_value_set_boolean (value, g_list_model_get_n_items (G_LIST_MODEL (self->talk)) == 0);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, chat_conversation_get_unread (self));
      break;
    case PROP_LATEST:
      g_value_set_int64 (value, self->latest);
      break;
    case PROP_HAS_NAMESAKE:
      g_value_set_boolean (value, self->has_namesake);
      break;
    case PROP_PRIVACY:
      g_value_set_enum (value, self->privacy);
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;
    case PROP_TYPING:
      g_value_set_boolean (value, chat_conversation_get_typing (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
chat_conversation_class_init (ChatConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = chat_conversation_finalize;
  object_class->get_property = chat_conversation_get_property;

  properties[PROP_EMPTY] = g_param_spec_boolean ("empty", NULL, NULL, TRUE, read);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, read);
  properties[PROP_LATEST] =
    g_param_spec_int64 ("latest", NULL, NULL, 0, G_MAXINT64, 0, read);
  properties[PROP_HAS_NAMESAKE] =
    g_param_spec_boolean ("has-namesake", NULL, NULL, FALSE, read);
  properties[PROP_PRIVACY] =
    g_param_spec_enum ("privacy", NULL, NULL, CHAT_TYPE_PRIVACY, CHAT_PRIVACY_NOT_CONNECTED, read);
  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE, read);
  properties[PROP_TYPING] = g_param_spec_boolean ("typing", NULL, NULL, FALSE, read);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_MESSAGE_FAILED] =
    g_signal_new ("message-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, XEP174_TYPE_MESSAGE);
  signals[SIGNAL_FILE_SENT] =
    g_signal_new ("file-sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
chat_conversation_init (ChatConversation *self)
{
  self->draft = g_strdup ("");
  self->unsent = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
on_keys_changed (ChatConversation *self)
{
  ChatPrivacy privacy = chat_keys_get_privacy (self->keys);

  if (self->privacy == privacy)
    return;

  self->privacy = privacy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRIVACY]);
}

static void
on_unread_changed (ChatConversation *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

static void
on_contact_state_changed (ChatConversation *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPING]);
}

static void
on_message_state_changed (Xep174Message    *message,
                          GParamSpec       *pspec,
                          ChatConversation *self)
{
  if (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_FAILED)
    g_signal_emit (self, signals[SIGNAL_MESSAGE_FAILED], 0, message);
}

/* What stands for it; none is ever removed. */
static Xep174Message *
find_file (ChatConversation *self,
           Xep174Transfer   *transfer)
{
  GListModel *messages = G_LIST_MODEL (self->talk);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (chat_message_get_transfer (message) == transfer)
        return message;
    }

  return NULL;
}

/* What nobody wants is no failure of ours, but the user waits for it. */
static void
on_transfer_state_changed (Xep174Transfer   *transfer,
                           GParamSpec       *pspec,
                           ChatConversation *self)
{
  if (xep174_transfer_get_outgoing (transfer)
      && (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_FAILED
          || xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_DECLINED))
    g_signal_emit (self, signals[SIGNAL_MESSAGE_FAILED], 0, find_file (self, transfer));
}

static void
on_messages_changed (ChatConversation *self,
                     guint             position,
                     guint             removed,
                     guint             added,
                     GListModel       *messages)
{
  gboolean is_said = FALSE;

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (xep174_message_get_outgoing (message))
        g_signal_connect_object (message, "notify::state", G_CALLBACK (on_message_state_changed), self, 0);
      is_said |= !chat_message_is_notice (message);
    }

  /* T5: a note does not make it the latest one, because who has called may call again and again. */
  if (is_said)
    {
      self->latest = g_get_monotonic_time ();
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LATEST]);
    }
  if (added > 0 && g_list_model_get_n_items (messages) == added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
}

static void
take_talk (ChatConversation *self)
{
  GListModel *messages;

  self->talk = g_object_ref (xep174_client_get_conversation (self->client, self->contact));
  messages = G_LIST_MODEL (self->talk);
  g_signal_connect_object (self->talk, "notify::unread", G_CALLBACK (on_unread_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->talk, "notify::contact-state", G_CALLBACK (on_contact_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (on_messages_changed), self,
                           G_CONNECT_SWAPPED);
  on_messages_changed (self, 0, 0, g_list_model_get_n_items (messages), messages);
}

ChatConversation *
chat_conversation_new (Xep174Client  *client,
                       Xep174Contact *contact)
{
  ChatConversation *self = g_object_new (CHAT_TYPE_CONVERSATION, NULL);
  Xep174Session *session =
    xep174_session_manager_find_session (xep174_client_get_session_manager (client),
                                         xep174_contact_get_name (contact));

  self->client = g_object_ref (client);
  self->contact = g_object_ref (contact);
  take_talk (self);
  self->keys = chat_keys_new (client, contact);
  g_signal_connect_object (self->keys, "changed", G_CALLBACK (on_keys_changed), self,
                           G_CONNECT_SWAPPED);
  on_keys_changed (self);
  if (session != NULL)
    chat_conversation_follow (self, session);

  return self;
}

Xep174Contact *
chat_conversation_get_contact (ChatConversation *self)
{
  return self->contact;
}

const char *
chat_conversation_get_name (ChatConversation *self)
{
  return xep174_contact_get_display_name (self->contact);
}

char *
chat_conversation_dup_whole_name (ChatConversation *self)
{
  return cli_text_name (xep174_contact_get_name (self->contact));
}

char *
chat_conversation_dup_title (ChatConversation *self)
{
  g_autofree char *whole = chat_conversation_dup_whole_name (self);

  if (!self->has_namesake)
    return g_strdup (chat_conversation_get_name (self));

  return g_strdup_printf ("%s (%s)", chat_conversation_get_name (self), whole);
}

gboolean
chat_conversation_get_has_namesake (ChatConversation *self)
{
  return self->has_namesake;
}

void
chat_conversation_set_has_namesake (ChatConversation *self,
                                    gboolean          has_namesake)
{
  if (self->has_namesake == has_namesake)
    return;

  self->has_namesake = has_namesake;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_NAMESAKE]);
}

GListModel *
chat_conversation_get_messages (ChatConversation *self)
{
  return G_LIST_MODEL (self->talk);
}

guint
chat_conversation_get_unread (ChatConversation *self)
{
  return xep174_conversation_get_unread (self->talk);
}

gint64
chat_conversation_get_latest (ChatConversation *self)
{
  return self->latest;
}

ChatKeys *
chat_conversation_get_keys (ChatConversation *self)
{
  return self->keys;
}

ChatPrivacy
chat_conversation_get_privacy (ChatConversation *self)
{
  return self->privacy;
}

gboolean
chat_conversation_get_connected (ChatConversation *self)
{
  return self->connected;
}

gboolean
chat_conversation_get_watched (ChatConversation *self)
{
  return self->watched;
}

static void
look (ChatConversation *self)
{
  GListModel *messages = G_LIST_MODEL (self->talk);

  xep174_conversation_mark_read (self->talk);
  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      chat_message_set_told (message);
    }
}

void
chat_conversation_set_watched (ChatConversation *self,
                               gboolean          watched)
{
  /* At the end, too, of what has happened meanwhile. */
  if (self->watched || watched)
    look (self);
  self->watched = watched;
}

gboolean
chat_conversation_get_typing (ChatConversation *self)
{
  return xep174_conversation_get_contact_state (self->talk) == XEP174_CHAT_STATE_COMPOSING;
}

void
chat_conversation_set_state (ChatConversation *self,
                             Xep174ChatState   state)
{
  xep174_conversation_set_state (self->talk, state);
}

const char *
chat_conversation_get_draft (ChatConversation *self)
{
  return self->draft;
}

void
chat_conversation_set_draft (ChatConversation *self,
                             const char       *draft)
{
  g_free (self->draft);
  self->draft = g_strdup (draft);
}

Xep174Conversation *
chat_conversation_get_talk (ChatConversation *self)
{
  return self->talk;
}

void
chat_conversation_send (ChatConversation *self,
                        const char       *text,
                        Xep174Message    *answered)
{
  g_autoptr(Xep174Message) message = answered != NULL
                                     ? xep174_message_new_reply (answered, text)
                                     : xep174_message_new (XEP174_MESSAGE_KIND_CHAT, text);

  xep174_conversation_send_async (self->talk, message, NULL, NULL, NULL);
}

void
chat_conversation_send_again (ChatConversation *self,
                              const char       *id)
{
  Xep174Message *message = xep174_conversation_find_message (self->talk, TRUE, id);

  if (message == NULL || xep174_message_get_state (message) != XEP174_MESSAGE_STATE_FAILED)
    return;

  chat_message_unset_told (message);
  xep174_conversation_send_async (self->talk, message, NULL, NULL, NULL);
}

typedef struct
{
  ChatConversation *self;
  GFile *file;
  Xep174Message *message;
  GAsyncReadyCallback callback;
  gpointer data;
} Sending;

/* That it failed is told at once, but at the end, or in another conversation, nobody may read it. */
static void
on_file_sent (GObject      *client,
              GAsyncResult *result,
              gpointer      data)
{
  g_autofree Sending *sending = data;
  g_autoptr(ChatConversation) self = sending->self;
  g_autoptr(GFile) file = sending->file;

  g_ptr_array_remove (self->unsent, sending->message);
  if (g_task_had_error (G_TASK (result)) && !self->watched)
    g_ptr_array_add (self->unsent, chat_message_new_unsent (file, XEP174_MESSAGE_STATE_FAILED));
  if (sending->callback != NULL)
    sending->callback (client, result, sending->data);
  g_signal_emit (self, signals[SIGNAL_FILE_SENT], 0);
}

void
chat_conversation_send_file (ChatConversation   *self,
                             GFile              *file,
                             GAsyncReadyCallback callback,
                             gpointer            data)
{
  Sending *sending = g_new (Sending, 1);

  sending->self = g_object_ref (self);
  sending->file = g_object_ref (file);
  sending->message = chat_message_new_unsent (file, XEP174_MESSAGE_STATE_QUEUED);
  sending->callback = callback;
  sending->data = data;
  g_ptr_array_add (self->unsent, sending->message);
  /* It counts as spoken: at the end it is asked for. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
  xep174_client_send_file_async (self->client, self->contact, file, NULL, on_file_sent, sending);
}

gboolean
chat_conversation_reads_files (ChatConversation *self)
{
  for (guint i = 0; i < self->unsent->len; i++)
    if (xep174_message_get_state (self->unsent->pdata[i]) == XEP174_MESSAGE_STATE_QUEUED)
      return TRUE;

  return FALSE;
}

GPtrArray *
chat_conversation_get_unsent (ChatConversation *self)
{
  return self->unsent;
}

void
chat_conversation_take_received (ChatConversation *self)
{
  if (self->watched)
    xep174_conversation_mark_read (self->talk);
}

void
chat_conversation_add_interrupted (ChatConversation *self,
                                   GPtrArray        *interrupted)
{
  GListModel *messages = G_LIST_MODEL (self->talk);

  for (guint i = 0; !self->connected && i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_SENT)
        g_ptr_array_add (interrupted, g_steal_pointer (&message));
    }
}

Xep174Message *
chat_conversation_take_file (ChatConversation *self,
                             Xep174Transfer   *transfer)
{
  g_autoptr(Xep174Message) message = chat_message_new_file (transfer);

  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (on_transfer_state_changed), self, 0);
  xep174_conversation_insert (self->talk, g_list_model_get_n_items (G_LIST_MODEL (self->talk)), message);
  chat_conversation_take_received (self);

  return message;
}

static void
on_session_state_changed (ChatConversation *self,
                          GParamSpec       *pspec,
                          Xep174Session    *session)
{
  gboolean connected = xep174_session_get_state (session) == XEP174_SESSION_STATE_OPEN;

  if (self->connected == connected)
    return;

  self->connected = connected;
  if (connected && xep174_session_get_encrypted (session))
    self->has_told_of_unheard = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

/* T5: once, until something encrypted comes, because who has called may call again and again. */
void
chat_conversation_take_unheard (ChatConversation *self)
{
  const char *name = chat_conversation_get_name (self);
  g_autofree char *text = NULL;
  g_autoptr(Xep174Message) notice = NULL;

  if (self->has_told_of_unheard)
    return;

  self->has_told_of_unheard = TRUE;
  text = g_strdup_printf (_("Somebody called in the name of %s without encryption, and was not heard. "
                            "It may be %s with another program, or somebody else."), name, name);
  notice = chat_message_new_notice (text);
  xep174_conversation_insert (self->talk, g_list_model_get_n_items (G_LIST_MODEL (self->talk)), notice);
}

void
chat_conversation_follow (ChatConversation *self,
                          Xep174Session    *session)
{
  chat_keys_follow (self->keys, session);
  if (!g_set_weak_pointer (&self->session, session))
    return;

  g_signal_connect_object (session, "notify::state", G_CALLBACK (on_session_state_changed), self,
                           G_CONNECT_SWAPPED);
  on_session_state_changed (self, NULL, session);
}
