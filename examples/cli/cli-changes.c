/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-changes.h"

typedef enum
{
  WATCH_CONVERSATIONS,
  WATCH_MESSAGES,
  WATCH_STATE,
  WATCH_BODY,
  WATCH_RETRACTED,
  WATCH_REACTIONS,
  WATCH_SESSIONS,
  N_WATCHES
} Watch;

struct _CliChanges
{
  Xep174Client *client;
  CliChangesFunc func;
  gpointer data;
  /* One of each for all that is watched. */
  GClosure *watches[N_WATCHES];
};

static void
tell (CliChanges    *self,
      Xep174Message *message,
      CliChange      change)
{
  Xep174Contact *contact = xep174_message_get_contact (message);

  self->func (xep174_client_get_conversation (self->client, contact), message, change, self->data);
}

static void
on_body (Xep174Message *message,
         GParamSpec    *property,
         CliChanges    *self)
{
  if (!xep174_message_get_outgoing (message) && !xep174_message_get_retracted (message))
    tell (self, message, CLI_CORRECTED);
}

static void
on_retracted (Xep174Message *message,
              GParamSpec    *property,
              CliChanges    *self)
{
  if (!xep174_message_get_outgoing (message))
    tell (self, message, CLI_RETRACTED);
}

static void
on_reactions (Xep174Message *message,
              GParamSpec    *property,
              CliChanges    *self)
{
  /* With a message that was taken back they go, too. */
  if (!xep174_message_get_retracted (message))
    tell (self, message, CLI_REACTED);
}

static void
on_state (Xep174Conversation *conversation,
          GParamSpec         *property,
          CliChanges         *self)
{
  self->func (conversation, NULL, CLI_TYPING, self->data);
}

static void
on_messages (GListModel *messages,
             guint       position,
             guint       removed,
             guint       added,
             CliChanges *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, position + i);

      g_signal_connect_closure (message, "notify::body", self->watches[WATCH_BODY], FALSE);
      g_signal_connect_closure (message, "notify::retracted", self->watches[WATCH_RETRACTED], FALSE);
      g_signal_connect_closure (message, "notify::reactions", self->watches[WATCH_REACTIONS], FALSE);
    }
}

static void
on_conversations (GListModel *conversations,
                  guint       position,
                  guint       removed,
                  guint       added,
                  CliChanges *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(GListModel) messages = g_list_model_get_item (conversations, position + i);

      g_signal_connect_closure (messages, "items-changed", self->watches[WATCH_MESSAGES], FALSE);
      g_signal_connect_closure (messages, "notify::contact-state", self->watches[WATCH_STATE], FALSE);
    }
}

/* So it is known what the other program can do, before somebody asks for it. */
static void
on_opened (Xep174SessionManager *manager,
           Xep174Session        *session,
           CliChanges           *self)
{
  xep174_feature_host_supports (XEP174_FEATURE_HOST (self->client), xep174_session_get_name (session),
                                "urn:xmpp:reactions:0");
}

static void
add_features (Xep174Client *client)
{
  Xep174Feature *features[] = {
    XEP174_FEATURE (xep174_chat_states_new ()),
    XEP174_FEATURE (xep174_receipts_new ()),
    XEP174_FEATURE (xep174_corrections_new ()),
    XEP174_FEATURE (xep174_retractions_new ()),
    XEP174_FEATURE (xep174_reactions_new ()),
    XEP174_FEATURE (xep174_replies_new ()),
    XEP174_FEATURE (xep174_styling_new ()),
  };

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      /* Nobody else has added one. */
      xep174_feature_host_add_feature (XEP174_FEATURE_HOST (client), features[i], NULL);
      g_object_unref (features[i]);
    }
}

CliChanges *
cli_changes_new (Xep174Client   *client,
                 CliChangesFunc  func,
                 gpointer        data)
{
  static const GCallback handlers[] = {
    [WATCH_CONVERSATIONS] = G_CALLBACK (on_conversations),
    [WATCH_MESSAGES] = G_CALLBACK (on_messages),
    [WATCH_STATE] = G_CALLBACK (on_state),
    [WATCH_BODY] = G_CALLBACK (on_body),
    [WATCH_RETRACTED] = G_CALLBACK (on_retracted),
    [WATCH_REACTIONS] = G_CALLBACK (on_reactions),
    [WATCH_SESSIONS] = G_CALLBACK (on_opened),
  };
  CliChanges *self = g_new (CliChanges, 1);

  *self = (CliChanges) { .client = g_object_ref (client), .func = func, .data = data };
  for (guint i = 0; i < N_WATCHES; i++)
    {
      self->watches[i] = g_closure_ref (g_cclosure_new (handlers[i], self, NULL));
      g_closure_sink (self->watches[i]);
    }
  add_features (client);
  g_signal_connect_closure (xep174_client_get_conversations (client), "items-changed",
                            self->watches[WATCH_CONVERSATIONS], FALSE);
  g_signal_connect_closure (xep174_client_get_session_manager (client), "session-opened",
                            self->watches[WATCH_SESSIONS], FALSE);
  return self;
}

void
cli_changes_free (CliChanges *self)
{
  for (guint i = 0; i < N_WATCHES; i++)
    {
      g_closure_invalidate (self->watches[i]);
      g_closure_unref (self->watches[i]);
    }
  g_object_unref (self->client);
  g_free (self);
}
