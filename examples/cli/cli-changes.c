/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-changes.h"

struct _CliChanges
{
  GObject parent_instance;
  Xep174Client *client;
  CliChangesFunc func;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (CliChanges, cli_changes, G_TYPE_OBJECT)

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

      g_signal_connect_object (message, "notify::body", G_CALLBACK (on_body), self, 0);
      g_signal_connect_object (message, "notify::retracted", G_CALLBACK (on_retracted), self, 0);
      g_signal_connect_object (message, "notify::reactions", G_CALLBACK (on_reactions), self, 0);
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

      g_signal_connect_object (messages, "items-changed", G_CALLBACK (on_messages), self, 0);
      g_signal_connect_object (messages, "notify::contact-state", G_CALLBACK (on_state), self, 0);
    }
}

static void
cli_changes_finalize (GObject *object)
{
  g_object_unref (CLI_CHANGES (object)->client);

  G_OBJECT_CLASS (cli_changes_parent_class)->finalize (object);
}

static void
cli_changes_class_init (CliChangesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cli_changes_finalize;
}

static void
cli_changes_init (CliChanges *self)
{
}

CliChanges *
cli_changes_new (Xep174Client   *client,
                 CliChangesFunc  func,
                 gpointer        data)
{
  CliChanges *self = g_object_new (CLI_TYPE_CHANGES, NULL);

  self->client = g_object_ref (client);
  self->func = func;
  self->data = data;
  xep174_client_add_conversation_features (client);
  g_signal_connect_object (xep174_client_get_conversations (client), "items-changed",
                           G_CALLBACK (on_conversations), self, 0);
  return self;
}
