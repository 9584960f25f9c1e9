/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A row of the list: name, status, and how many unread messages there are. */

#include "chat-person-row.h"

#include "chat-picture.h"
#include "chat-presence.h"
#include "translate.h"

struct _ChatPersonRow
{
  GtkBox parent_instance;

  AdwAvatar *avatar;
  GtkWidget *dot;
  GtkLabel *name;
  GtkLabel *presence;
  GtkLabel *unread;

  GSignalGroup *conversation;
  GSignalGroup *contact;
};

enum
{
  PROP_0,
  PROP_CONVERSATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChatPersonRow, chat_person_row, GTK_TYPE_BOX)

static void
update_unread (ChatPersonRow *self,
               guint          unread)
{
  g_autofree char *count = g_strdup_printf ("%u", unread);
  g_autofree char *words = g_strdup_printf (ngettext ("%u unread", "%u unread", unread), unread);

  gtk_label_set_label (self->unread, count);
  gtk_widget_set_visible (GTK_WIDGET (self->unread), unread > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->unread),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* What stops a conversation is more than whether somebody is there, or types. */
static char *
describe (ChatConversation *conversation)
{
  const ChatPrivacyLook *look =
    chat_privacy_get_look (chat_conversation_get_privacy (conversation));

  if (look->is_stopped)
    return g_strdup (_(look->words));

  return chat_conversation_get_typing (conversation) ? g_strdup (_("typing…"))
                                                     : chat_presence_describe (conversation);
}

static void
update (ChatPersonRow *self)
{
  g_autoptr(ChatConversation) conversation = g_signal_group_dup_target (self->conversation);
  Xep174Contact *contact;
  g_autofree char *presence = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *full_name = NULL;

  if (conversation == NULL)
    return;

  contact = chat_conversation_get_contact (conversation);
  presence = describe (conversation);
  summary = g_strdup_printf ("%s, %s", chat_conversation_get_name (conversation), presence);
  full_name = chat_conversation_dup_whole_name (conversation);

  adw_avatar_set_text (self->avatar, chat_conversation_get_name (conversation));
  gtk_label_set_label (self->name, chat_conversation_get_name (conversation));
  gtk_label_set_label (self->presence, presence);
  gtk_widget_set_css_classes (self->dot, (const char *[]){
                                "dot", chat_presence_get_contact_style (contact), NULL });
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), full_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  -1);
  update_unread (self, chat_conversation_get_unread (conversation));
}

static void
chat_person_row_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ChatPersonRow *self = CHAT_PERSON_ROW (object);
  ChatConversation *conversation;
  Xep174Contact *contact;

  switch (prop_id)
    {
    case PROP_CONVERSATION:
      conversation = g_value_get_object (value);
      contact = conversation != NULL ? chat_conversation_get_contact (conversation) : NULL;
      g_signal_group_set_target (self->conversation, conversation);
      g_signal_group_set_target (self->contact, contact);
      update (self);
      chat_picture_follow (self->avatar, contact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
chat_person_row_dispose (GObject *object)
{
  ChatPersonRow *self = CHAT_PERSON_ROW (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->contact);

  G_OBJECT_CLASS (chat_person_row_parent_class)->dispose (object);
}

static void
chat_person_row_class_init (ChatPersonRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = chat_person_row_set_property;
  object_class->dispose = chat_person_row_dispose;

  properties[PROP_CONVERSATION] =
    g_param_spec_object ("conversation", NULL, NULL, CHAT_TYPE_CONVERSATION,
                         G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/person-row.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, ChatPersonRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, ChatPersonRow, dot);
  gtk_widget_class_bind_template_child (widget_class, ChatPersonRow, name);
  gtk_widget_class_bind_template_child (widget_class, ChatPersonRow, presence);
  gtk_widget_class_bind_template_child (widget_class, ChatPersonRow, unread);
}

static void
chat_person_row_init (ChatPersonRow *self)
{
  self->conversation = g_signal_group_new (CHAT_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation, "notify", G_CALLBACK (update), self);
  self->contact = g_signal_group_new (XEP174_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact, "notify", G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
