/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Above a conversation: with whom it is, and who can read it. */

#include "chat-title.h"

#include "chat-picture.h"
#include "chat-presence.h"
#include "chat-text.h"
#include "translate.h"

/* There is one line. The page to compare the number has the others. */
#define NAMED_OTHERS 1

struct _ChatTitle
{
  GtkBox parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name;
  GtkWidget *mark;
  GtkImage *icon;
  GtkLabel *words;

  GSignalGroup *conversation;
  GSignalGroup *contact;
};

G_DEFINE_FINAL_TYPE (ChatTitle, chat_title, GTK_TYPE_BOX)

static void
update (ChatTitle *self)
{
  g_autoptr(ChatConversation) conversation = g_signal_group_dup_target (self->conversation);
  const ChatPrivacyLook *look;
  g_autofree char *presence = NULL;
  g_auto(GStrv) others = NULL;
  g_autofree char *names = NULL;
  g_autofree char *known = NULL;
  g_autofree char *words = NULL;

  if (conversation == NULL)
    return;

  look = chat_privacy_get_look (chat_conversation_get_privacy (conversation));
  presence = chat_presence_describe (conversation);
  gtk_label_set_label (self->name, chat_conversation_get_name (conversation));
  gtk_image_set_from_icon_name (self->icon, look->icon);
  others = chat_keys_dup_other_names (chat_conversation_get_keys (conversation), NULL);
  names = chat_text_list_names ((const char *const *) others, NAMED_OTHERS);
  known = *names != '\0' ? g_strdup_printf (_(" (the key of %s)"), names) : g_strdup ("");
  /* In one label, of which a narrow window cuts the end. */
  words = look->is_stopped
            ? g_strdup (_(look->words))
            : g_markup_printf_escaped ("%s%s<span alpha=\"60%%\"> · %s</span>", _(look->words), known,
                                       presence);
  gtk_label_set_label (self->words, words);
  gtk_widget_set_css_classes (self->mark, (const char *[]){ "mark", look->style, NULL });
  gtk_widget_set_tooltip_text (self->mark, _(look->explanation));
}

void
chat_title_set_conversation (ChatTitle        *self,
                             ChatConversation *conversation)
{
  g_signal_group_set_target (self->conversation, conversation);
  g_signal_group_set_target (self->contact, chat_conversation_get_contact (conversation));
  update (self);
  chat_picture_follow (self->avatar, chat_conversation_get_contact (conversation));
}

/* The initials alone would say no more than the name beside them. */
static void
on_picture_changed (ChatTitle *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->avatar),
                          adw_avatar_get_custom_image (self->avatar) != NULL);
}

static void
chat_title_dispose (GObject *object)
{
  ChatTitle *self = CHAT_TITLE (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->contact);

  G_OBJECT_CLASS (chat_title_parent_class)->dispose (object);
}

static void
chat_title_class_init (ChatTitleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_title_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/title.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatTitle, avatar);
  gtk_widget_class_bind_template_child (widget_class, ChatTitle, name);
  gtk_widget_class_bind_template_child (widget_class, ChatTitle, mark);
  gtk_widget_class_bind_template_child (widget_class, ChatTitle, icon);
  gtk_widget_class_bind_template_child (widget_class, ChatTitle, words);
  gtk_widget_class_bind_template_callback (widget_class, on_picture_changed);
}

static void
chat_title_init (ChatTitle *self)
{
  self->conversation = g_signal_group_new (CHAT_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation, "notify::has-namesake", G_CALLBACK (update),
                                  self);
  g_signal_group_connect_swapped (self->conversation, "notify::privacy", G_CALLBACK (update), self);
  self->contact = g_signal_group_new (XEP174_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact, "notify", G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
