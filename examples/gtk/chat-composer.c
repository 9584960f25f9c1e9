/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The place to write. It grows with the number of lines. Enter sends, Shift+Enter starts a new
 * line, Up takes back what was said last, to be changed. */

#include "chat-composer.h"

#include "chat-focus.h"
#include "translate.h"

struct _ChatComposer
{
  GtkBox parent_instance;

  GtkTextView *view;
  GtkImage *mark;
  GtkLabel *placeholder;
  GtkWidget *send;
  gboolean is_stopped;
};

enum
{
  SIGNAL_SEND,
  SIGNAL_TYPED,
  SIGNAL_RECALL,
  SIGNAL_CANCEL,
  SIGNAL_PASTE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChatComposer, chat_composer, GTK_TYPE_BOX)

char *
chat_composer_dup_text (ChatComposer *self)
{
  GtkTextIter start;
  GtkTextIter end;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
chat_composer_set_text (ChatComposer *self,
                        const char   *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
}

static void
on_send (ChatComposer *self)
{
  g_autofree char *text = g_strstrip (chat_composer_dup_text (self));

  if (*text == '\0' || self->is_stopped)
    return;

  chat_composer_set_text (self, "");
  g_signal_emit (self, signals[SIGNAL_SEND], 0, text);
}

static void
on_changed (ChatComposer *self)
{
  gboolean had_focus = chat_focus_is_in (self->send);
  g_autofree char *text = chat_composer_dup_text (self);

  gtk_widget_set_visible (GTK_WIDGET (self->placeholder), *text == '\0');
  gtk_widget_set_sensitive (self->send, !self->is_stopped && *g_strchug (text) != '\0');
  chat_focus_give_on (self->send, had_focus);
}

static void
on_typed (ChatComposer *self)
{
  g_signal_emit (self, signals[SIGNAL_TYPED], 0);
}

void
chat_composer_set_privacy (ChatComposer *self,
                           ChatPrivacy   privacy)
{
  const ChatPrivacyLook *look = chat_privacy_get_look (privacy);

  self->is_stopped = look->is_stopped;
  gtk_image_set_from_icon_name (self->mark, look->icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->mark), (const char *[]){ "mark", look->style, NULL });
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark), _(look->explanation));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_PROPERTY_LABEL, _(look->words),
                                  -1);
  gtk_label_set_label (self->placeholder, _(look->placeholder));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER,
                                  _(look->placeholder), -1);
  on_changed (self);
}

gboolean
chat_composer_has_focus (ChatComposer *self)
{
  return gtk_widget_has_focus (GTK_WIDGET (self->view));
}

gboolean
chat_composer_take_key (ChatComposer          *self,
                        GtkEventControllerKey *keys)
{
  return gtk_event_controller_key_forward (keys, GTK_WIDGET (self->view));
}

/* What is no text is not for the field. */
static void
on_paste (ChatComposer *self)
{
  gboolean is_taken = FALSE;

  g_signal_emit (self, signals[SIGNAL_PASTE], 0, &is_taken);
  if (is_taken)
    g_signal_stop_emission_by_name (self->view, "paste-clipboard");
}

static gboolean
is_empty (ChatComposer *self)
{
  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->view)) == 0;
}

static gboolean
on_key_pressed (ChatComposer       *self,
                guint               key,
                guint               code,
                GdkModifierType     modifiers,
                GtkEventController *controller)
{
  GdkEvent *event = gtk_event_controller_get_current_event (controller);
  gboolean is_enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;

  if (key == GDK_KEY_Up && is_empty (self))
    {
      g_signal_emit (self, signals[SIGNAL_RECALL], 0);
      return GDK_EVENT_STOP;
    }
  if (key == GDK_KEY_Escape)
    g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
  if (!is_enter || modifiers & (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;

  /* With an input method, Enter may mean “this word”. */
  if (!gtk_text_view_im_context_filter_keypress (self->view, event))
    on_send (self);

  return GDK_EVENT_STOP;
}

static gboolean
chat_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CHAT_COMPOSER (widget)->view));
}

static void
chat_composer_class_init (ChatComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = chat_composer_grab_focus;

  signals[SIGNAL_SEND] =
    g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_TYPED] =
    g_signal_new ("typed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_RECALL] =
    g_signal_new ("recall", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL] =
    g_signal_new ("cancel", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_PASTE] =
    g_signal_new ("paste", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                  NULL, NULL, G_TYPE_BOOLEAN, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/composer.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatComposer, view);
  gtk_widget_class_bind_template_child (widget_class, ChatComposer, mark);
  gtk_widget_class_bind_template_child (widget_class, ChatComposer, placeholder);
  gtk_widget_class_bind_template_child (widget_class, ChatComposer, send);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
}

static void
chat_composer_init (ChatComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_changed (self);
}
