/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How others see us, and the place to change it. */

#include "chat-profile-button.h"

#include "chat-picture.h"
#include "chat-presence.h"
#include "translate.h"

struct _ChatProfileButton
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  AdwAvatar *avatar;
  GtkWidget *dot;
  GtkLabel *local_name;
  GtkEditable *nick;
  GtkEditable *message;

  Xep174Client *client;
};

G_DEFINE_FINAL_TYPE (ChatProfileButton, chat_profile_button, ADW_TYPE_BIN)

static void
update (ChatProfileButton *self)
{
  Xep174Profile *profile = xep174_client_get_profile (self->client);
  const char *nick = xep174_profile_get_nick (profile);
  const char *local_name = xep174_client_get_local_name (self->client);
  Xep174Status status = xep174_profile_get_status (profile);
  gboolean is_online = xep174_client_get_running (self->client);
  const char *style = is_online ? chat_presence_get_style (status) : "absent";
  g_autofree char *label = g_strdup_printf (_("Your status: %s"), is_online
                                              ? chat_presence_get_word (status) : _("Offline"));

  adw_avatar_set_text (self->avatar, nick != NULL ? nick : xep174_profile_get_user (profile));
  gtk_label_set_label (self->local_name, local_name != NULL ? local_name
                                                            : xep174_profile_get_user (profile));
  gtk_widget_set_css_classes (self->dot, (const char *[]){ "dot", style, NULL });
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
on_shown (ChatProfileButton *self)
{
  Xep174Profile *profile = xep174_client_get_profile (self->client);
  const char *nick = xep174_profile_get_nick (profile);
  const char *message = xep174_profile_get_status_message (profile);

  gtk_editable_set_text (self->nick, nick != NULL ? nick : "");
  gtk_editable_set_text (self->message, message != NULL ? message : "");
}

/* An empty entry publishes nothing (D18). */
static const char *
get_text (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);

  return *text != '\0' ? text : NULL;
}

static void
apply (ChatProfileButton *self)
{
  Xep174Profile *profile = xep174_client_get_profile (self->client);
  const char *nick = get_text (self->nick);
  const char *message = get_text (self->message);
  g_autoptr(GError) error = NULL;

  if (g_strcmp0 (nick, xep174_profile_get_nick (profile)) != 0)
    xep174_profile_set_nick (profile, nick, &error);
  if (error == NULL && g_strcmp0 (message, xep174_profile_get_status_message (profile)) != 0)
    xep174_profile_set_status (profile, xep174_profile_get_status (profile), message, &error);

  if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
}

static void
on_activate (ChatProfileButton *self)
{
  gtk_menu_button_popdown (self->button);
}

static void
chat_profile_button_dispose (GObject *object)
{
  ChatProfileButton *self = CHAT_PROFILE_BUTTON (object);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (chat_profile_button_parent_class)->dispose (object);
}

static void
chat_profile_button_class_init (ChatProfileButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_profile_button_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/profile-button.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, button);
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, avatar);
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, dot);
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, local_name);
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, nick);
  gtk_widget_class_bind_template_child (widget_class, ChatProfileButton, message);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, apply);
}

static void
chat_profile_button_init (ChatProfileButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
update_picture (ChatProfileButton *self)
{
  GBytes *octets = xep174_profile_get_avatar (xep174_client_get_profile (self->client));
  g_autoptr(GdkPaintable) picture = octets != NULL ? chat_picture_decode (octets) : NULL;

  adw_avatar_set_custom_image (self->avatar, picture);
}

void
chat_profile_button_set_client (ChatProfileButton *self,
                                Xep174Client      *client)
{
  self->client = g_object_ref (client);
  g_signal_connect_object (client, "notify::local-name", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::running", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xep174_client_get_profile (client), "notify", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (xep174_client_get_profile (client), "notify::avatar",
                           G_CALLBACK (update_picture), self, G_CONNECT_SWAPPED);
  update (self);
  update_picture (self);
}
