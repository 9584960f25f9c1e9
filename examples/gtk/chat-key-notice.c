/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Why nothing is sent, what may have happened, and what the user can do about it. */

#include "chat-key-notice.h"

#include "chat-focus.h"
#include "chat-key-names.h"
#include "cli-text.h"
#include "translate.h"

struct _ChatKeyNotice
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *words;
  GtkLabel *advice;
  GtkLabel *key;
  ChatKeyNames *names;
  GtkWidget *compare;
  GtkWidget *choice;
  GtkWidget *forget;
  GtkWidget *trust;
  GtkWidget *look;

  ChatConversation *conversation;
  GSignalGroup *keys;
  ChatPrivacy privacy;
  char *fingerprint; /* whose beginning is shown, and which the buttons act on */
};

G_DEFINE_FINAL_TYPE (ChatKeyNotice, chat_key_notice, ADW_TYPE_BIN)

static char *
dup_key (ChatKeys    *keys,
         ChatPrivacy  privacy)
{
  char *fingerprint = NULL;

  if (privacy == CHAT_PRIVACY_DISTRUSTED)
    return chat_keys_dup_distrusted (keys);
  if (privacy == CHAT_PRIVACY_CHANGED)
    g_free (chat_keys_dup_number (keys, &fingerprint));

  return fingerprint;
}

static char *
describe_key (ChatPrivacy  privacy,
              const char  *fingerprint,
              const char  *other)
{
  g_autofree char *beginning = NULL;

  if (fingerprint == NULL)
    return privacy == CHAT_PRIVACY_DISTRUSTED
           ? g_strdup (_("You distrust several keys of this name. Try again, to see which of them is shown "
                         "now."))
           : NULL;

  beginning = cli_text_key (other != NULL ? other : fingerprint);
  if (other != NULL)
    return g_strdup_printf (_("Meanwhile somebody has shown another key. It begins with %s."), beginning);

  return g_strdup_printf (privacy == CHAT_PRIVACY_CHANGED ? _("The new key begins with %s.")
                                                          : _("The key begins with %s."), beginning);
}

/* No click may fall on a key that was not there when the hand moved. */
static void
update_key (ChatKeyNotice *self,
            ChatPrivacy    privacy)
{
  ChatKeys *keys = chat_conversation_get_keys (self->conversation);
  g_autofree char *now = dup_key (keys, privacy);
  g_autofree char *text = NULL;
  gboolean is_known, is_other;

  if (privacy != self->privacy || self->fingerprint == NULL)
    {
      g_free (self->fingerprint);
      self->fingerprint = g_strdup (now);
    }
  self->privacy = privacy;
  is_known = self->fingerprint != NULL;
  is_other = now != NULL && g_strcmp0 (now, self->fingerprint) != 0;

  text = describe_key (privacy, self->fingerprint, is_other ? now : NULL);
  gtk_label_set_label (self->key, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->key), text != NULL);
  chat_key_names_show (self->names, keys, is_other ? now : self->fingerprint);
  gtk_widget_set_visible (self->choice, is_known && privacy == CHAT_PRIVACY_CHANGED);
  gtk_widget_set_sensitive (self->choice, !is_other);
  gtk_widget_set_visible (self->trust, is_known && privacy == CHAT_PRIVACY_DISTRUSTED);
  gtk_widget_set_sensitive (self->trust, !is_other);
  gtk_widget_set_visible (self->look, is_other);
}

static void
update (ChatKeyNotice *self)
{
  ChatPrivacy privacy = chat_keys_get_privacy (chat_conversation_get_keys (self->conversation));
  const ChatPrivacyLook *look = chat_privacy_get_look (privacy);
  g_autofree char *advice =
    chat_privacy_dup_advice (privacy, chat_conversation_get_name (self->conversation));
  gboolean had_focus = chat_focus_is_in (GTK_WIDGET (self));

  gtk_revealer_set_reveal_child (self->revealer, advice != NULL);
  gtk_label_set_label (self->words, advice != NULL ? _(look->words) : "");
  gtk_label_set_label (self->advice, advice != NULL ? advice : "");
  gtk_widget_set_visible (self->compare, privacy == CHAT_PRIVACY_CHANGED || privacy == CHAT_PRIVACY_REFUSED);
  gtk_widget_set_visible (self->forget, privacy == CHAT_PRIVACY_STRIPPED);
  update_key (self, privacy);
  /* What is on its way out can still be seen. */
  if (had_focus && advice == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "conversation.write", NULL);
  else
    chat_focus_give_on (GTK_WIDGET (self), had_focus);
}

/* Not to what lets a key in: it may be meant for what was here before. */
static gboolean
chat_key_notice_grab_focus (GtkWidget *widget)
{
  ChatKeyNotice *self = CHAT_KEY_NOTICE (widget);
  GtkWidget *buttons[] = { self->look, self->compare };

  return chat_focus_give_first (buttons, G_N_ELEMENTS (buttons));
}

static void
on_look (ChatKeyNotice *self)
{
  g_clear_pointer (&self->fingerprint, g_free);
  update (self);
}

void
chat_key_notice_set_conversation (ChatKeyNotice    *self,
                                  ChatConversation *conversation)
{
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->keys, chat_conversation_get_keys (conversation));
  on_look (self);
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
  g_autofree char *meant = g_strdup (self->fingerprint);
  g_autoptr(GError) error = NULL;

  tell (self, chat_keys_accept (chat_conversation_get_keys (self->conversation), meant, &error), error);
}

static void
on_distrust (ChatKeyNotice *self)
{
  g_autofree char *meant = g_strdup (self->fingerprint);
  g_autoptr(GError) error = NULL;

  tell (self, chat_keys_deny (chat_conversation_get_keys (self->conversation), meant, &error), error);
}

static void
on_forget (ChatKeyNotice *self)
{
  g_autoptr(GError) error = NULL;

  tell (self, chat_keys_forget (chat_conversation_get_keys (self->conversation), &error), error);
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

  g_clear_object (&self->keys);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->fingerprint, g_free);

  G_OBJECT_CLASS (chat_key_notice_parent_class)->dispose (object);
}

static void
chat_key_notice_class_init (ChatKeyNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_key_notice_dispose;
  widget_class->grab_focus = chat_key_notice_grab_focus;

  g_type_ensure (CHAT_TYPE_KEY_NAMES);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/key-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, words);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, advice);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, key);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, names);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, compare);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, choice);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, forget);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, trust);
  gtk_widget_class_bind_template_child (widget_class, ChatKeyNotice, look);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
  gtk_widget_class_bind_template_callback (widget_class, on_distrust);
  gtk_widget_class_bind_template_callback (widget_class, on_forget);
  gtk_widget_class_bind_template_callback (widget_class, on_look);
  gtk_widget_class_bind_template_callback (widget_class, on_try);
}

static void
chat_key_notice_init (ChatKeyNotice *self)
{
  self->keys = g_signal_group_new (CHAT_TYPE_KEYS);
  g_signal_group_connect_swapped (self->keys, "changed", G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
}
