/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What has been said, how private it is, and the place to say more. */

#include "chat-conversation-view.h"

#include "chat-composer.h"
#include "chat-message-row.h"

/* So close to the end one still looks at the end. */
#define NEAR_END_PIXELS 64

struct _ChatConversationView
{
  GtkBox parent_instance;

  GtkRevealer *notice;
  GtkLabel *notice_text;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkImage *privacy_icon;
  GtkLabel *privacy;
  ChatComposer *composer;

  ChatConversation *conversation;
  GSignalGroup *conversation_signals;
  GSignalGroup *contact_signals;
  GSignalGroup *message_signals;
  guint scroll;
};

G_DEFINE_FINAL_TYPE (ChatConversationView, chat_conversation_view, GTK_TYPE_BOX)

static gboolean
scroll_to_end (gpointer user_data)
{
  ChatConversationView *self = user_data;
  guint n_messages =
    g_list_model_get_n_items (chat_conversation_get_messages (self->conversation));

  self->scroll = 0;
  if (n_messages > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u",
                                n_messages - 1);

  return G_SOURCE_REMOVE;
}

static void
queue_scroll (ChatConversationView *self)
{
  if (self->scroll == 0)
    self->scroll = g_idle_add (scroll_to_end, self);
}

static gboolean
is_near_end (ChatConversationView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - NEAR_END_PIXELS;
}

/* Who reads further up is left there, unless they write themselves. */
static void
on_messages_changed (GListModel           *messages,
                     guint                 position,
                     guint                 removed,
                     guint                 added,
                     ChatConversationView *self)
{
  guint n_messages = g_list_model_get_n_items (messages);
  g_autoptr(ChatMessage) last =
    n_messages > 0 ? g_list_model_get_item (messages, n_messages - 1) : NULL;

  if (last != NULL && (chat_message_is_own (last) || is_near_end (self)))
    queue_scroll (self);
}

static void
update_notice (ChatConversationView *self)
{
  Xep174Contact *contact;
  g_autofree char *text = NULL;

  if (self->conversation == NULL)
    return;

  contact = chat_conversation_get_contact (self->conversation);
  if (!xep174_contact_get_online (contact))
    {
      text = g_strdup_printf ("%s has left; messages cannot be delivered",
                              chat_conversation_get_name (self->conversation));
      gtk_label_set_label (self->notice_text, text);
    }
  gtk_revealer_set_reveal_child (self->notice, text != NULL);
}

/* X11: without TLS whoever is on the network can read it, and that is said all the time. */
static void
update_privacy (ChatConversationView *self)
{
  gboolean encrypted = chat_conversation_get_encrypted (self->conversation);

  gtk_image_set_from_icon_name (self->privacy_icon, encrypted ? "channel-secure-symbolic"
                                                              : "channel-insecure-symbolic");
  gtk_label_set_label (self->privacy, encrypted
                                        ? "Encrypted"
                                        : "Not encrypted: others on this network can read along");
}

static void
on_send (ChatConversationView *self,
         const char           *text)
{
  chat_conversation_send (self->conversation, text);
}

static void
send_again (GtkWidget  *widget,
            const char *action,
            GVariant   *id)
{
  ChatConversationView *self = CHAT_CONVERSATION_VIEW (widget);
  ChatMessage *message =
    chat_conversation_find_own (self->conversation, g_variant_get_string (id, NULL));

  if (message != NULL && chat_message_get_state (message) == CHAT_MESSAGE_STATE_FAILED)
    chat_conversation_send_again (self->conversation, message);
}

ChatConversation *
chat_conversation_view_get_conversation (ChatConversationView *self)
{
  return self->conversation;
}

static void
keep_draft (ChatConversationView *self)
{
  g_autofree char *draft = chat_composer_dup_text (self->composer);

  chat_conversation_set_draft (self->conversation, draft);
}

static void
show_messages (ChatConversationView *self)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (messages));

  g_signal_group_set_target (self->message_signals, messages);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  queue_scroll (self);
}

void
chat_conversation_view_set_conversation (ChatConversationView *self,
                                         ChatConversation     *conversation)
{
  if (self->conversation == conversation)
    return;

  if (self->conversation != NULL)
    keep_draft (self);
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->conversation_signals, conversation);
  g_signal_group_set_target (self->contact_signals, chat_conversation_get_contact (conversation));

  show_messages (self);
  update_notice (self);
  update_privacy (self);
  chat_composer_set_text (self->composer, chat_conversation_get_draft (conversation));
}

static gboolean
chat_conversation_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CHAT_CONVERSATION_VIEW (widget)->composer));
}

static void
chat_conversation_view_dispose (GObject *object)
{
  ChatConversationView *self = CHAT_CONVERSATION_VIEW (object);

  g_clear_handle_id (&self->scroll, g_source_remove);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->contact_signals);
  g_clear_object (&self->message_signals);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (chat_conversation_view_parent_class)->dispose (object);
}

static void
chat_conversation_view_class_init (ChatConversationViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_conversation_view_dispose;
  widget_class->grab_focus = chat_conversation_view_grab_focus;

  g_type_ensure (CHAT_TYPE_COMPOSER);
  g_type_ensure (CHAT_TYPE_MESSAGE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               CHAT_RESOURCES "/conversation-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, notice);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, notice_text);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, scroller);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, list);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, privacy_icon);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, privacy);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, composer);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
  gtk_widget_class_install_action (widget_class, "conversation.send-again", "s", send_again);
}

static void
chat_conversation_view_init (ChatConversationView *self)
{
  self->conversation_signals = g_signal_group_new (CHAT_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::encrypted",
                                  G_CALLBACK (update_privacy), self);
  self->contact_signals = g_signal_group_new (XEP174_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (update_notice),
                                  self);
  self->message_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect (self->message_signals, "items-changed",
                          G_CALLBACK (on_messages_changed), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
