/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Why nothing is sent, what may have happened, and what the user can do about it. */

#include "chat-key-notice.h"

struct _ChatKeyNotice
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *words;
  GtkLabel *advice;
  GtkWidget *compare;
  GtkWidget *choice;
  GtkWidget *forget;
  GtkWidget *trust;

  ChatConversation *conversation;
  GSignalGroup *conversation_signals;
};

G_DEFINE_FINAL_TYPE (ChatKeyNotice, chat_key_notice, ADW_TYPE_BIN)

static void
update (ChatKeyNotice *self)
{
  ChatPrivacy privacy = chat_conversation_get_privacy (self->conversation);
  const ChatPrivacyLook *look = chat_privacy_get_look (privacy);
  g_autofree char *advice =
    chat_privacy_dup_advice (privacy, chat_conversation_get_name (self->conversation));

  gtk_revealer_set_reveal_child (self->revealer, advice != NULL);
  gtk_label_set_label (self->words, advice != NULL ? look->words : "");
  gtk_label_set_label (self->advice, advice != NULL ? advice : "");
  gtk_widget_set_visible (self->compare, privacy == CHAT_PRIVACY_CHANGED);
  gtk_widget_set_visible (self->choice, privacy == CHAT_PRIVACY_CHANGED);
  gtk_widget_set_visible (self->forget, privacy == CHAT_PRIVACY_STRIPPED);
  gtk_widget_set_visible (self->trust, privacy == CHAT_PRIVACY_DISTRUSTED);
}

void
chat_key_notice_set_conversation (ChatKeyNotice    *self,
                                  ChatConversation *conversation)
{
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->conversation_signals, conversation);
  update (self);
}

static void
tell (ChatKeyNotice *self,
      gboolean       is_done,
      const GError  *error)
{
  if (!is_done)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
}

static void
on_accept (ChatKeyNotice *self)
{
  ChatKeys *keys = chat_conversation_get_keys (self->conversation);
  g_autofree char *fingerprint = NULL;
  g_autoptr(GError) error = NULL;

  g_free (chat_keys_dup_number (keys, &fingerprint));
  tell (self, chat_keys_accept (keys, fingerprint, &error), error);
}

static void
on_distrust (ChatKeyNotice *self)
{
  ChatKeys *keys = chat_conversation_get_keys (self->conversation);
  g_autofree char *fingerprint = NULL;
  g_autoptr(GError) error = NULL;

  g_free (chat_keys_dup_number (keys, &fingerprint));
  tell (self, chat_keys_deny (keys, fingerprint, &error), error);
}

static void
on_forget (ChatKeyNotice *self)
{
  g_autoptr(GError) error = NULL;

  tell (self, chat_keys_forget (chat_conversation_get_keys (self->conversation), &error), error);
}

static void
on_trust (ChatKeyNotice *self)
{
  g_autoptr(GError) error = NULL;

  tell (self, chat_keys_trust_again (chat_conversation_get_keys (self->conversation), &error), error);
}

static void
on_try (ChatKeyNotice *self)
{
  chat_keys_connect (chat_conversation_get_keys (self->conversation));
}

static void
chat_key_notice_dispose (GObject *object)
{
  ChatKeyNotice *self = CHAT_KEY_NOTICE (object);

  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (chat_key_notice_parent_class)->dispose (object);
}

static void
chat_key_notice_class_init (ChatKeyNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_key_notice_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/key-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, words);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, advice);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, compare);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, choice);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, forget);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, trust);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
  gtk_widget_class_bind_template_callback (widget_class, on_distrust);
  gtk_widget_class_bind_template_callback (widget_class, on_forget);
  gtk_widget_class_bind_template_callback (widget_class, on_trust);
  gtk_widget_class_bind_template_callback (widget_class, on_try);
}

static void
chat_key_notice_init (ChatKeyNotice *self)
{
  self->conversation_signals = g_signal_group_new (CHAT_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::privacy",
                                  G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
