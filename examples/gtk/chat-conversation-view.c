/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages, whether others can read them, and the place to write. */

#include "chat-conversation-view.h"

#include "chat-attach.h"
#include "chat-composer.h"
#include "chat-focus.h"
#include "chat-key-notice.h"
#include "chat-message-list.h"
#include "translate.h"

/* Who writes nothing for so long thinks, or is gone. */
#define PAUSE_MS 10000

struct _ChatConversationView
{
  GtkBox parent_instance;

  ChatKeyNotice *key_notice;
  GtkRevealer *notice;
  GtkLabel *notice_text;
  ChatMessageList *messages;
  GtkLabel *typing;
  GtkWidget *subject;
  GtkLabel *subject_text;
  ChatComposer *composer;

  ChatConversation *conversation;
  Xep174Message *answered; /* by what is written now */
  Xep174Message *changed;  /* into what is written now */
  guint pause;
  GSignalGroup *conversation_signals;
  GSignalGroup *contact_signals;
};

G_DEFINE_FINAL_TYPE (ChatConversationView, chat_conversation_view, GTK_TYPE_BOX)

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
      text = g_strdup_printf (chat_conversation_get_connected (self->conversation)
                                ? _("%s cannot be seen any more; messages may not arrive")
                                : _("%s is not here; messages cannot be delivered"),
                              chat_conversation_get_name (self->conversation));
      gtk_label_set_label (self->notice_text, text);
    }
  gtk_revealer_set_reveal_child (self->notice, text != NULL);
}

static void
update_typing (ChatConversationView *self)
{
  g_autofree char *text =
    g_strdup_printf (_("%s is typing…"), chat_conversation_get_name (self->conversation));

  gtk_label_set_label (self->typing, text);
  gtk_widget_set_visible (GTK_WIDGET (self->typing), chat_conversation_get_typing (self->conversation));
}

/* X11: the view always says if others can read along. */
static void
update_privacy (ChatConversationView *self)
{
  ChatPrivacy privacy = chat_conversation_get_privacy (self->conversation);
  gboolean may_send = !chat_privacy_get_look (privacy)->is_stopped;

  chat_composer_set_privacy (self->composer, privacy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.send-files", may_send);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.send-folder", may_send);
}

/* @typing: what it is if something is written and not sent */
static void
tell_state (ChatConversationView *self,
            Xep174ChatState       typing)
{
  g_autofree char *text = chat_composer_dup_text (self->composer);

  g_clear_handle_id (&self->pause, g_source_remove);
  chat_conversation_set_state (self->conversation, *text == '\0' ? XEP174_CHAT_STATE_ACTIVE : typing);
}

static void
on_pause (gpointer user_data)
{
  ChatConversationView *self = user_data;

  self->pause = 0;
  tell_state (self, XEP174_CHAT_STATE_PAUSED);
}

static void
on_typed (ChatConversationView *self)
{
  tell_state (self, XEP174_CHAT_STATE_COMPOSING);
  self->pause = g_timeout_add_once (PAUSE_MS, on_pause, self);
}

static void
keep_draft (ChatConversationView *self)
{
  g_autofree char *draft = chat_composer_dup_text (self->composer);

  chat_conversation_set_draft (self->conversation, draft);
}

/* One of them is NULL, or both. */
static void
set_subject (ChatConversationView *self,
             Xep174Message        *answered,
             Xep174Message        *changed)
{
  gboolean had_focus = chat_focus_is_in (self->subject);
  g_autofree char *excerpt = NULL;
  g_autofree char *text = NULL;

  g_set_object (&self->answered, answered);
  g_set_object (&self->changed, changed);
  gtk_widget_set_visible (self->subject, answered != NULL || changed != NULL);
  chat_focus_give_on (self->subject, had_focus);
  if (answered == NULL && changed == NULL)
    return;

  excerpt = chat_message_dup_excerpt (answered != NULL ? answered : changed);
  text = g_strdup_printf (answered != NULL ? _("Reply to: %s") : _("Edit: %s"), excerpt);
  gtk_label_set_label (self->subject_text, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

/* What was written before another message was changed comes back. */
static void
on_cancel (ChatConversationView *self)
{
  if (self->changed != NULL)
    chat_composer_set_text (self->composer, chat_conversation_get_draft (self->conversation));
  set_subject (self, NULL, NULL);
}

static void
begin_change (ChatConversationView *self,
              Xep174Message        *message,
              const char           *text)
{
  on_cancel (self);
  keep_draft (self);
  chat_composer_set_text (self->composer, text);
  set_subject (self, NULL, message);
}

static void
on_recall (ChatConversationView *self)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);

  for (guint i = g_list_model_get_n_items (messages); i-- > 0;)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (chat_message_is_changeable (message))
        {
          begin_change (self, message, xep174_message_get_body (message));
          return;
        }
    }
}

typedef gboolean (*Finish) (Xep174Conversation  *talk,
                            GAsyncResult        *result,
                            GError             **error);

/* What is being said of an earlier message. */
typedef struct
{
  ChatConversationView *view;
  ChatConversation *conversation;
  Xep174Message *message;
  char *text; /* (nullable): what it would say */
  Finish finish;
} Change;

static Change *
change_new (ChatConversationView *self,
            Xep174Message        *message,
            const char           *text,
            Finish                finish)
{
  Change *change = g_new (Change, 1);

  change->view = g_object_ref (self);
  change->conversation = g_object_ref (self->conversation);
  change->message = g_object_ref (message);
  change->text = g_strdup (text);
  change->finish = finish;

  return change;
}

static void
change_free (Change *change)
{
  g_object_unref (change->view);
  g_object_unref (change->conversation);
  g_object_unref (change->message);
  g_free (change->text);
  g_free (change);
}

/* Who does not know changes is sent the text as a message, which tells by itself what becomes of it. */
static gboolean
is_message (Change *change)
{
  GListModel *messages = chat_conversation_get_messages (change->conversation);
  g_autoptr(Xep174Message) last = g_list_model_get_item (messages, g_list_model_get_n_items (messages) - 1);

  return last != NULL && last != change->message && xep174_message_get_outgoing (last)
         && g_strcmp0 (xep174_message_get_body (last), change->text) == 0;
}

/* S7: what was not sent is there to be sent again, if nothing else was written meanwhile. */
static void
keep_text (Change *change)
{
  ChatConversationView *self = change->view;
  gboolean is_here = self->conversation == change->conversation;
  g_autofree char *written = is_here ? chat_composer_dup_text (self->composer)
                                     : g_strdup (chat_conversation_get_draft (change->conversation));

  if (*written != '\0')
    return;
  if (is_here)
    begin_change (self, change->message, change->text);
  else
    chat_conversation_set_draft (change->conversation, change->text);
}

static void
on_changed (GObject      *talk,
            GAsyncResult *result,
            gpointer      data)
{
  Change *change = data;
  g_autoptr(GError) error = NULL;

  if (!change->finish (XEP174_CONVERSATION (talk), result, &error) && !is_message (change))
    {
      gtk_widget_activate_action (GTK_WIDGET (change->view), "win.tell", "s", error->message);
      if (change->text != NULL)
        keep_text (change);
    }
  change_free (change);
}

/* What the other program understands is not known after it has left, so that a better text would be sent
 * as one more message. */
static gboolean
is_there (ChatConversationView *self)
{
  Xep174Contact *contact = chat_conversation_get_contact (self->conversation);
  g_autofree char *text = NULL;

  if (xep174_contact_get_online (contact) || chat_conversation_get_connected (self->conversation))
    return TRUE;

  text = g_strdup_printf (_("%s has left; do this when they are here again"),
                          chat_conversation_get_name (self->conversation));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", text);

  return FALSE;
}

static void
on_send (ChatConversationView *self,
         const char           *text)
{
  g_autoptr(Xep174Message) answered = NULL;
  g_autoptr(Xep174Message) changed = NULL;

  if (self->changed != NULL && !is_there (self))
    {
      chat_composer_set_text (self->composer, text);
      return;
    }

  answered = g_steal_pointer (&self->answered);
  changed = g_steal_pointer (&self->changed);
  g_clear_handle_id (&self->pause, g_source_remove);
  set_subject (self, NULL, NULL);
  if (changed == NULL)
    {
      chat_conversation_send (self->conversation, text, answered);
      return;
    }

  xep174_conversation_correct_async (chat_conversation_get_talk (self->conversation), changed, text, NULL,
                                     on_changed,
                                     change_new (self, changed, text, xep174_conversation_correct_finish));
  chat_composer_set_text (self->composer, chat_conversation_get_draft (self->conversation));
}

/* A second time takes it away. */
static void
react (ChatConversationView *self,
       Xep174Message        *message,
       const char           *reaction)
{
  g_autoptr(GStrvBuilder) reactions = g_strv_builder_new ();
  const char * const *before = xep174_message_get_own_reactions (message);
  g_auto(GStrv) all = NULL;

  for (guint i = 0; before[i] != NULL; i++)
    if (!g_str_equal (before[i], reaction))
      g_strv_builder_add (reactions, before[i]);
  if (!g_strv_contains (before, reaction))
    g_strv_builder_add (reactions, reaction);
  all = g_strv_builder_end (reactions);

  xep174_conversation_react_async (chat_conversation_get_talk (self->conversation), message,
                                   (const char * const *) all, NULL, on_changed,
                                   change_new (self, message, NULL, xep174_conversation_react_finish));
}

/* For a message, the actions that the row passes on. */
static void
treat (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  ChatConversationView *self = CHAT_CONVERSATION_VIEW (widget);
  Xep174Conversation *talk = chat_conversation_get_talk (self->conversation);
  gboolean is_own;
  const char *id;
  const char *reaction;
  Xep174Message *message;

  g_variant_get (parameter, "(b&s&s)", &is_own, &id, &reaction);
  message = xep174_conversation_find_message (talk, is_own, id);
  if (message == NULL)
    return;

  if (g_str_equal (action, "conversation.reply"))
    {
      on_cancel (self);
      set_subject (self, message, NULL);
    }
  else if (g_str_equal (action, "conversation.edit"))
    begin_change (self, message, xep174_message_get_body (message));
  else if (!is_there (self))
    return;
  else if (g_str_equal (action, "conversation.retract"))
    xep174_conversation_retract_async (talk, message, NULL, on_changed,
                                       change_new (self, message, NULL, xep174_conversation_retract_finish));
  else
    react (self, message, reaction);
}

static void
send_again (GtkWidget  *widget,
            const char *action,
            GVariant   *id)
{
  chat_conversation_send_again (CHAT_CONVERSATION_VIEW (widget)->conversation,
                                g_variant_get_string (id, NULL));
}

static void
write_here (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  gtk_widget_grab_focus (widget);
}

/* What nobody else takes is text, wherever the focus is: a bubble, a button. */
static gboolean
on_key_pressed (ChatConversationView  *self,
                guint                  key,
                guint                  code,
                GdkModifierType        modifiers,
                GtkEventControllerKey *keys)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  gboolean is_in_menu = focus != NULL && gtk_widget_get_native (focus) != gtk_widget_get_native (widget);

  if (is_in_menu || chat_composer_has_focus (self->composer)
      || modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)
      || !g_unichar_isprint (gdk_keyval_to_unicode (key)))
    return GDK_EVENT_PROPAGATE;

  gtk_widget_grab_focus (widget);

  return chat_composer_take_key (self->composer, keys);
}

static gboolean
may_send (ChatConversationView *self)
{
  return self->conversation != NULL
         && !chat_privacy_get_look (chat_conversation_get_privacy (self->conversation))->is_stopped;
}

static void
send_files (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  chat_attach_choose (widget, CHAT_CONVERSATION_VIEW (widget)->conversation);
}

static void
send_folder (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  chat_attach_choose_folder (widget, CHAT_CONVERSATION_VIEW (widget)->conversation);
}

static gboolean
on_paste (ChatConversationView *self)
{
  return may_send (self) && chat_attach_paste (GTK_WIDGET (self), self->conversation);
}

static gboolean
on_drop (ChatConversationView *self,
         const GValue         *value)
{
  if (!may_send (self))
    return FALSE;

  chat_attach_value (GTK_WIDGET (self), self->conversation, value);

  return TRUE;
}

ChatConversation *
chat_conversation_view_get_conversation (ChatConversationView *self)
{
  return self->conversation;
}

void
chat_conversation_view_set_conversation (ChatConversationView *self,
                                         ChatConversation     *conversation)
{
  if (self->conversation == conversation)
    return;

  if (self->conversation != NULL)
    {
      tell_state (self, XEP174_CHAT_STATE_PAUSED);
      on_cancel (self);
      keep_draft (self);
    }
  g_set_object (&self->conversation, conversation);
  g_signal_group_set_target (self->conversation_signals, conversation);
  g_signal_group_set_target (self->contact_signals, chat_conversation_get_contact (conversation));

  chat_message_list_show (self->messages, chat_conversation_get_messages (conversation));
  chat_key_notice_set_conversation (self->key_notice, conversation);
  update_notice (self);
  update_typing (self);
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

  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_object (&self->answered);
  g_clear_object (&self->changed);
  g_clear_object (&self->conversation_signals);
  g_clear_object (&self->contact_signals);
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
  g_type_ensure (CHAT_TYPE_KEY_NOTICE);
  g_type_ensure (CHAT_TYPE_MESSAGE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               CHAT_RESOURCES "/conversation-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, key_notice);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, notice);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, notice_text);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, messages);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, typing);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, subject);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, subject_text);
  gtk_widget_class_bind_template_child (widget_class, ChatConversationView, composer);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_recall);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
  gtk_widget_class_install_action (widget_class, "conversation.send-again", "s", send_again);
  gtk_widget_class_install_action (widget_class, "conversation.write", NULL, write_here);
  gtk_widget_class_install_action (widget_class, "conversation.send-files", NULL, send_files);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "conversation.send-files",
                                       NULL);
  gtk_widget_class_install_action (widget_class, "conversation.send-folder", NULL, send_folder);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "conversation.send-folder", NULL);
  gtk_widget_class_install_action (widget_class, "conversation.reply", "(bss)", treat);
  gtk_widget_class_install_action (widget_class, "conversation.edit", "(bss)", treat);
  gtk_widget_class_install_action (widget_class, "conversation.retract", "(bss)", treat);
  gtk_widget_class_install_action (widget_class, "conversation.react", "(bss)", treat);
}

/* Before the field, which would take the addresses of the files as text. */
static void
accept_drops (ChatConversationView *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
accept_keys (ChatConversationView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
chat_conversation_view_init (ChatConversationView *self)
{
  self->conversation_signals = g_signal_group_new (CHAT_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::privacy",
                                  G_CALLBACK (update_privacy), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::connected",
                                  G_CALLBACK (update_notice), self);
  g_signal_group_connect_swapped (self->conversation_signals, "notify::typing",
                                  G_CALLBACK (update_typing), self);
  self->contact_signals = g_signal_group_new (XEP174_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (update_notice),
                                  self);

  gtk_widget_init_template (GTK_WIDGET (self));
  accept_drops (self);
  accept_keys (self);
}
