/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One message in a bubble: those of the other on the left, our own on the right. */

#include "chat-message-row.h"

#include <string.h>

#include "chat-focus.h"
#include "chat-message.h"
#include "chat-saving.h"
#include "chat-text.h"
#include "chat-transfer-row.h"
#include "translate.h"

struct _ChatMessageRow
{
  GtkBox parent_instance;

  GtkWidget *bubble;
  GtkLabel *answered;
  GtkLabel *text;
  GtkLabel *note;
  GtkImage *tick;
  GtkWidget *more;
  GtkLabel *reactions;
  GtkWidget *again;
  ChatTransferRow *file; /* (nullable): few of all rows ever need one */
  GMenuModel *menu;

  GSignalGroup *message;
  GSignalGroup *other; /* what it answers, which may be changed or taken back */
  GSignalGroup *transfer;
};

enum
{
  PROP_0,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChatMessageRow, chat_message_row, GTK_TYPE_BOX)

static void
set_style (GtkWidget  *widget,
           const char *style,
           gboolean    has_it)
{
  if (has_it)
    gtk_widget_add_css_class (widget, style);
  else
    gtk_widget_remove_css_class (widget, style);
}

/* Seen, it is the side that the bubble stands on. */
static const char *
find_whose (Xep174Message *message)
{
  gboolean is_own = xep174_message_get_outgoing (message);
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  if (chat_message_is_notice (message))
    return _("Note");
  if (transfer == NULL)
    return is_own ? _("Your message") : _("Their message");
  if (xep174_transfer_get_is_folder (transfer))
    return is_own ? _("Your folder") : _("Their folder");

  return is_own ? _("Your file") : _("Their file");
}

static void
tell_whose (ChatMessageRow *self,
            Xep174Message  *message)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, find_whose (message),
                                  -1);
}

static void
show_tick (ChatMessageRow *self,
           const char     *words)
{
  /* The icons are called like what they say. */
  g_autofree char *icon = g_strconcat ("chat-", words, "-symbolic", NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->tick), words != NULL);
  if (words == NULL)
    return;

  gtk_image_set_from_icon_name (self->tick, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->tick),
                               g_str_equal (words, "sent") ? _("Not confirmed by their program yet")
                               : g_str_equal (words, "read") ? _("It was shown to them")
                                                             : _("Their program has it"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tick), GTK_ACCESSIBLE_PROPERTY_LABEL, _(words), -1);
}

static void
show_label (GtkLabel *label,
            char     *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  g_free (text);
}

/* What can be done with it now. */
static void
update_actions (ChatMessageRow *self,
                Xep174Message  *message)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "message.reply", chat_message_is_open (message));
  gtk_widget_action_set_enabled (widget, "message.react", chat_message_is_open (message));
  gtk_widget_action_set_enabled (widget, "message.edit", chat_message_is_changeable (message));
  gtk_widget_action_set_enabled (widget, "message.retract", chat_message_is_changeable (message));
  gtk_widget_set_visible (self->more, chat_message_is_open (message));
}

/* The view knows the conversation, and where one writes. */
static void
pass_on (GtkWidget  *widget,
         const char *action,
         GVariant   *reaction)
{
  g_autoptr(Xep174Message) message = g_signal_group_dup_target (CHAT_MESSAGE_ROW (widget)->message);
  g_autofree char *name = g_strconcat ("conversation.", action + strlen ("message."), NULL);

  gtk_widget_activate_action (widget, name, "(bss)", xep174_message_get_outgoing (message),
                              xep174_message_get_id (message),
                              reaction != NULL ? g_variant_get_string (reaction, NULL) : "");
}

/* With the focus left here, Space in what is typed next would open the menu again, and letters choose
 * from it. */
static void
on_menu_closed (ChatMessageRow *self)
{
  gtk_widget_set_has_tooltip (self->more, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self), "conversation.write", NULL);
}

/* Few of all rows ever need one. */
static void
create_popup (GtkMenuButton *more,
              gpointer       row)
{
  /* It would cover the menu. */
  gtk_widget_set_has_tooltip (GTK_WIDGET (more), FALSE);
  if (gtk_menu_button_get_popover (more) != NULL)
    return;

  gtk_menu_button_set_menu_model (more, CHAT_MESSAGE_ROW (row)->menu);
  g_signal_connect_object (gtk_menu_button_get_popover (more), "closed", G_CALLBACK (on_menu_closed), row,
                           G_CONNECT_SWAPPED);
}

static void
show_file (ChatMessageRow *self,
           Xep174Transfer *transfer)
{
  if (self->file == NULL && transfer == NULL)
    return;

  if (self->file == NULL)
    {
      self->file = chat_transfer_row_new ();
      gtk_box_append (GTK_BOX (self->bubble), GTK_WIDGET (self->file));
    }
  chat_transfer_row_set_transfer (self->file, transfer);
}

static gboolean
has_failed (Xep174Message *message)
{
  Xep174Transfer *transfer = chat_message_get_transfer (message);

  if (transfer != NULL)
    return xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_FAILED
           || chat_saving_get_error (transfer) != NULL;

  return xep174_message_get_state (message) == XEP174_MESSAGE_STATE_FAILED;
}

static void
update (ChatMessageRow *self)
{
  g_autoptr(Xep174Message) message = g_signal_group_dup_target (self->message);
  Xep174MessageState state;
  gboolean is_own;
  gboolean is_notice;
  gboolean had_focus = chat_focus_is_in (GTK_WIDGET (self));
  g_autofree char *text = NULL;
  g_autofree char *markup = NULL;
  g_autofree char *note = NULL;

  show_file (self, message != NULL ? chat_message_get_transfer (message) : NULL);
  if (message == NULL)
    return;

  state = xep174_message_get_state (message);
  is_own = xep174_message_get_outgoing (message);
  is_notice = chat_message_is_notice (message);
  text = chat_message_dup_text (message);
  note = chat_message_dup_note (message);
  markup = chat_text_to_markup (text, chat_message_is_styled (message));
  gtk_label_set_label (self->text, markup);
  gtk_label_set_label (self->note, note);
  g_signal_group_set_target (self->other, xep174_message_find_answered (message));
  show_label (self->answered, chat_message_dup_answered (message));
  show_label (self->reactions, chat_message_dup_reactions (message));
  show_tick (self, chat_message_get_tick (message));
  update_actions (self, message);
  tell_whose (self, message);
  gtk_widget_set_visible (self->again, state == XEP174_MESSAGE_STATE_FAILED);
  set_style (GTK_WIDGET (self), "own", is_own);
  set_style (GTK_WIDGET (self), "told", is_notice);
  set_style (GTK_WIDGET (self), "retracted", xep174_message_get_retracted (message));
  set_style (GTK_WIDGET (self), "failed", has_failed (message));
  set_style (GTK_WIDGET (self), "unconfirmed", state == XEP174_MESSAGE_STATE_UNCONFIRMED);
  gtk_widget_set_halign (self->bubble, is_own ? GTK_ALIGN_END
                                       : is_notice ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
  chat_focus_give_on (GTK_WIDGET (self), had_focus);
}

static void
on_again (ChatMessageRow *self)
{
  g_autoptr(Xep174Message) message = g_signal_group_dup_target (self->message);

  gtk_widget_activate_action (GTK_WIDGET (self), "conversation.send-again", "s",
                              xep174_message_get_id (message));
}

static void
set_message (ChatMessageRow *self,
             Xep174Message  *message)
{
  Xep174Transfer *transfer = message != NULL ? chat_message_get_transfer (message) : NULL;

  g_signal_group_set_target (self->message, message);
  g_signal_group_set_target (self->transfer, transfer);
  update (self);
}

/* In the text nothing is marked, as if it were chosen. */
static gboolean
chat_message_row_grab_focus (GtkWidget *widget)
{
  ChatMessageRow *self = CHAT_MESSAGE_ROW (widget);
  GtkWidget *buttons[] = { (GtkWidget *) self->file, self->again };

  if (chat_focus_give_first (buttons, G_N_ELEMENTS (buttons)))
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (self->text));
  gtk_label_select_region (self->text, 0, 0);

  return TRUE;
}

static void
chat_message_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  ChatMessageRow *self = CHAT_MESSAGE_ROW (object);

  switch (prop_id)
    {
    case PROP_MESSAGE:
      set_message (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
chat_message_row_dispose (GObject *object)
{
  ChatMessageRow *self = CHAT_MESSAGE_ROW (object);

  g_clear_object (&self->message);
  g_clear_object (&self->other);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (chat_message_row_parent_class)->dispose (object);
}

static void
chat_message_row_class_init (ChatMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = chat_message_row_grab_focus;
  object_class->set_property = chat_message_row_set_property;
  object_class->dispose = chat_message_row_dispose;

  properties[PROP_MESSAGE] =
    g_param_spec_object ("message", NULL, NULL, XEP174_TYPE_MESSAGE,
                         G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, bubble);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, text);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, note);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, tick);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, answered);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, more);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, reactions);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, menu);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageRow, again);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_install_action (widget_class, "message.reply", NULL, pass_on);
  gtk_widget_class_install_action (widget_class, "message.edit", NULL, pass_on);
  gtk_widget_class_install_action (widget_class, "message.retract", NULL, pass_on);
  gtk_widget_class_install_action (widget_class, "message.react", "s", pass_on);
}

static void
chat_message_row_init (ChatMessageRow *self)
{
  self->message = g_signal_group_new (XEP174_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->message, "notify", G_CALLBACK (update), self);
  self->other = g_signal_group_new (XEP174_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->other, "notify", G_CALLBACK (update), self);
  self->transfer = g_signal_group_new (XEP174_TYPE_TRANSFER);
  g_signal_group_connect_swapped (self->transfer, "notify", G_CALLBACK (update), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->more), create_popup, self, NULL);
}
