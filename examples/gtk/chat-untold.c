/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-untold.h"

#include "translate.h"

struct _ChatUntold
{
  GObject parent_instance;

  /* (element-type ChatConversation), (element-type Xep174Message): the message is in the conversation of the
   * same index */
  GPtrArray *conversations;
  GPtrArray *messages;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (ChatUntold, chat_untold, G_TYPE_OBJECT)

static void
chat_untold_finalize (GObject *object)
{
  ChatUntold *self = CHAT_UNTOLD (object);

  g_ptr_array_unref (self->conversations);
  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (chat_untold_parent_class)->finalize (object);
}

static void
chat_untold_class_init (ChatUntoldClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chat_untold_finalize;

  signal_changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
chat_untold_init (ChatUntold *self)
{
  self->conversations = g_ptr_array_new_with_free_func (g_object_unref);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
on_changed (ChatUntold *self)
{
  g_signal_emit (self, signal_changed, 0);
}

static void
add (ChatConversation *conversation,
     Xep174Message    *message,
     gpointer          data)
{
  ChatUntold *self = data;
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  g_ptr_array_add (self->conversations, g_object_ref (conversation));
  g_ptr_array_add (self->messages, g_object_ref (message));
  g_signal_connect_object (transfer != NULL ? (gpointer) transfer : message, "notify",
                           G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
}

ChatUntold *
chat_untold_new (ChatRoster *roster)
{
  ChatUntold *self = g_object_new (CHAT_TYPE_UNTOLD, NULL);

  chat_roster_foreach_untold (roster, add, self);

  return self;
}

gboolean
chat_untold_is_empty (ChatUntold *self)
{
  return self->messages->len == 0;
}

gboolean
chat_untold_has_file (ChatUntold *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (chat_message_get_transfer (self->messages->pdata[i]) != NULL
        || xep174_message_get_contact (self->messages->pdata[i]) == NULL)
      return TRUE;

  return FALSE;
}

char *
chat_untold_dup_text (ChatUntold *self)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < self->messages->len; i++)
    {
      g_autofree char *title = chat_conversation_dup_title (self->conversations->pdata[i]);
      g_autofree char *text = chat_message_dup_text (self->messages->pdata[i]);
      g_autofree char *note = chat_message_dup_note (self->messages->pdata[i]);

      g_string_append_printf (list, "%s%s: %s\n%s", i > 0 ? "\n\n" : "", title, text, note);
    }

  return g_string_free (list, FALSE);
}

const char *
chat_untold_get_description (ChatUntold *self)
{
  gboolean has_waiting = FALSE;

  for (guint i = 0; i < self->messages->len; i++)
    {
      Xep174Transfer *transfer = chat_message_get_transfer (self->messages->pdata[i]);

      if (chat_message_is_moving (self->messages->pdata[i]))
        return _("A file on its way goes on when both of you are there again, if both programs can do that");
      has_waiting |= transfer != NULL
                     && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_WAITING;
    }

  return has_waiting ? _("A file that waits goes on when both of you are there again") : NULL;
}
