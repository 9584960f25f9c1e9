/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages of a conversation. The list stays at its end until the user scrolls up to read. Then
 * a button shows how many messages have come since, and leads back to the end. */

#include "chat-message-list.h"

#include "chat-focus.h"
#include "chat-message-row.h"
#include "translate.h"

/* A user who is so close to the end still looks at the end. */
#define NEAR_END_PIXELS 64

struct _ChatMessageList
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkWidget *newest;
  GtkLabel *count;

  GtkAdjustment *adjustment;
  GSignalGroup *messages;
  gboolean follows;
  guint unseen;
  guint scroll;
};

G_DEFINE_FINAL_TYPE (ChatMessageList, chat_message_list, ADW_TYPE_BIN)

static void
update_newest (ChatMessageList *self)
{
  g_autofree char *count = g_strdup_printf ("%u", self->unseen);
  gboolean had_focus = chat_focus_is_in (self->newest);
  g_autofree char *words = NULL;

  if (self->unseen > 0)
    words = g_strdup_printf (ngettext ("Go to the newest message, %u new", "Go to the newest message, %u new",
                                       self->unseen), self->unseen);
  else
    words = g_strdup (_("Go to the newest message"));

  gtk_label_set_label (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), self->unseen > 0);
  gtk_widget_set_tooltip_text (self->newest, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->newest), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
  gtk_widget_set_visible (self->newest, !self->follows);
  chat_focus_give_on (self->newest, had_focus);
}

static void
set_follows (ChatMessageList *self,
             gboolean         follows)
{
  self->follows = follows;
  if (follows)
    self->unseen = 0;
  update_newest (self);
}

static double
get_end (ChatMessageList *self)
{
  return gtk_adjustment_get_upper (self->adjustment) -
         gtk_adjustment_get_page_size (self->adjustment);
}

static gboolean
scroll_to_end (gpointer user_data)
{
  ChatMessageList *self = user_data;

  gtk_adjustment_set_value (self->adjustment, get_end (self));
  self->scroll = 0;

  return G_SOURCE_REMOVE;
}

/* Later, because the list may be giving its rows their places just now. */
static void
queue_scroll (ChatMessageList *self)
{
  if (self->scroll == 0)
    self->scroll = g_idle_add_full (G_PRIORITY_HIGH_IDLE, scroll_to_end, self, NULL);
}

/* The list guesses the height of rows that it has not shown yet, and corrects it when it shows
 * them. So after each step the end is somewhere else. */
static void
on_layout_changed (ChatMessageList *self)
{
  if (self->follows)
    queue_scroll (self);
}

/* While we are moving to the end, the layout causes this and not the user. */
static void
on_scrolled (ChatMessageList *self)
{
  gboolean is_near_end =
    gtk_adjustment_get_value (self->adjustment) >= get_end (self) - NEAR_END_PIXELS;

  if (self->scroll == 0 && is_near_end != self->follows)
    set_follows (self, is_near_end);
}

/* If the user reads further up, the list stays there, unless the user sends a message. */
static void
on_messages_changed (ChatMessageList *self,
                     guint            position,
                     guint            removed,
                     guint            added,
                     GListModel      *messages)
{
  guint n_messages = g_list_model_get_n_items (messages);
  g_autoptr(Xep174Message) last = NULL;

  if (added == 0)
    return;

  last = g_list_model_get_item (messages, n_messages - 1);
  if (self->follows || xep174_message_get_outgoing (last))
    {
      set_follows (self, TRUE);
      queue_scroll (self);
    }
  else
    {
      self->unseen += added;
      update_newest (self);
    }
}

static void
on_newest_clicked (ChatMessageList *self)
{
  set_follows (self, TRUE);
  queue_scroll (self);
}

void
chat_message_list_show (ChatMessageList *self,
                        GListModel      *messages)
{
  g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (messages));

  g_signal_group_set_target (self->messages, messages);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  set_follows (self, TRUE);
  queue_scroll (self);
}

/* Whoever comes from where one writes comes to what is nearest: GTK would begin at the first message. */
static gboolean
chat_message_list_focus (GtkWidget        *widget,
                         GtkDirectionType  direction)
{
  ChatMessageList *self = CHAT_MESSAGE_LIST (widget);
  gboolean comes_back = direction == GTK_DIR_TAB_BACKWARD && self->follows && !chat_focus_is_in (widget);
  GtkWidget *row = comes_back ? gtk_widget_get_last_child (GTK_WIDGET (self->list)) : NULL;

  for (; row != NULL; row = gtk_widget_get_prev_sibling (row))
    if (gtk_widget_child_focus (row, direction))
      return TRUE;

  return GTK_WIDGET_CLASS (chat_message_list_parent_class)->focus (widget, direction);
}

static void
chat_message_list_dispose (GObject *object)
{
  ChatMessageList *self = CHAT_MESSAGE_LIST (object);

  g_clear_handle_id (&self->scroll, g_source_remove);
  g_clear_object (&self->messages);

  G_OBJECT_CLASS (chat_message_list_parent_class)->dispose (object);
}

static void
chat_message_list_class_init (ChatMessageListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_message_list_dispose;
  widget_class->focus = chat_message_list_focus;

  g_type_ensure (CHAT_TYPE_MESSAGE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/message-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatMessageList, scroller);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageList, list);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageList, newest);
  gtk_widget_class_bind_template_child (widget_class, ChatMessageList, count);
  gtk_widget_class_bind_template_callback (widget_class, on_newest_clicked);
}

static void
chat_message_list_init (ChatMessageList *self)
{
  self->messages = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->messages, "items-changed",
                                  G_CALLBACK (on_messages_changed), self);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (on_layout_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);
  set_follows (self, TRUE);
}
