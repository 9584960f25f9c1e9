/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* People on one side, the conversation with one of them on the other; where there is no room for
 * both, one at a time. */

#include "chat-window.h"

#include "chat-conversation-view.h"
#include "chat-people.h"
#include "chat-person-row.h"
#include "chat-presence.h"
#include "chat-profile-button.h"

struct _ChatWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwLeaflet *leaflet;
  GtkWidget *sidebar;
  GtkWidget *content;
  ChatProfileButton *profile;
  GtkStack *people_stack;
  GtkListView *people;
  AdwStatusPage *unavailable;
  AdwWindowTitle *title;
  GtkStack *content_stack;
  ChatConversationView *view;

  ChatRoster *roster;
  GtkSingleSelection *selection;
  GSignalGroup *contact_signals;
};

G_DEFINE_FINAL_TYPE (ChatWindow, chat_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
shows_people_only (ChatWindow *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) == self->sidebar;
}

static void
update_watched (ChatWindow *self)
{
  ChatConversation *conversation = chat_conversation_view_get_conversation (self->view);

  if (conversation != NULL)
    chat_conversation_set_watched (conversation, gtk_window_is_active (GTK_WINDOW (self)) &&
                                                   !shows_people_only (self));
}

/* The row of the conversation that is shown; none while only people are, so that choosing the same
 * one again is a change. */
static void
update_selection (ChatWindow *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  gpointer shown = shows_people_only (self)
                     ? NULL
                     : chat_conversation_view_get_conversation (self->view);
  guint position = GTK_INVALID_LIST_POSITION;

  if (gtk_single_selection_get_selected_item (self->selection) == shown)
    return;

  for (guint i = 0; shown != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(ChatConversation) conversation = g_list_model_get_item (model, i);

      if (conversation == shown)
        position = i;
    }
  gtk_single_selection_set_selected (self->selection, position);
}

static void
on_layout_changed (ChatWindow *self)
{
  if (self->selection == NULL)
    return;

  update_selection (self);
  update_watched (self);
}

static void
update_title (ChatWindow *self)
{
  ChatConversation *conversation = chat_conversation_view_get_conversation (self->view);
  g_autofree char *presence = NULL;

  if (conversation == NULL)
    return;

  presence = chat_presence_describe (chat_conversation_get_contact (conversation));
  adw_window_title_set_title (self->title, chat_conversation_get_name (conversation));
  adw_window_title_set_subtitle (self->title, presence);
}

void
chat_window_open_conversation (ChatWindow       *self,
                               ChatConversation *conversation)
{
  ChatConversation *before = chat_conversation_view_get_conversation (self->view);

  if (before != NULL)
    chat_conversation_set_watched (before, FALSE);

  /* The focus goes first, or a message there would have it for a moment and be marked. */
  gtk_stack_set_visible_child_name (self->content_stack, "conversation");
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  chat_conversation_view_set_conversation (self->view, conversation);
  g_signal_group_set_target (self->contact_signals, chat_conversation_get_contact (conversation));
  update_title (self);
  on_layout_changed (self);
}

static void
on_selected (ChatWindow *self)
{
  ChatConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (conversation != NULL &&
      conversation != chat_conversation_view_get_conversation (self->view))
    chat_window_open_conversation (self, conversation);
  else if (conversation != NULL)
    adw_leaflet_set_visible_child (self->leaflet, self->content);
}

static void
update_people (ChatWindow *self)
{
  ChatRosterState state = chat_roster_get_state (self->roster);
  const char *problem = chat_roster_get_problem (self->roster);
  const char *page = "starting";

  /* Others are seen a moment before they can see us, and nobody can be talked to by then. */
  if (state == CHAT_ROSTER_STATE_ONLINE)
    page = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 ? "people" : "nobody";
  else if (problem != NULL)
    page = "unavailable";

  if (problem != NULL)
    {
      /* It is markup there, and may quote what others call themselves. */
      g_autofree char *escaped = g_markup_escape_text (problem, -1);

      adw_status_page_set_description (self->unavailable, escaped);
    }
  gtk_stack_set_visible_child_name (self->people_stack, page);
}

static void
on_people_changed (ChatWindow *self)
{
  update_people (self);
  update_selection (self);
}

/* A toast's title is markup, too. */
static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
on_tell (GtkWidget  *widget,
         const char *action,
         GVariant   *text)
{
  adw_toast_overlay_add_toast (CHAT_WINDOW (widget)->toasts,
                               toast_new (g_variant_get_string (text, NULL)));
}

/* Who looks at the conversation sees it there. */
static void
on_message_failed (ChatRoster       *roster,
                   ChatConversation *conversation,
                   ChatWindow       *self)
{
  Xep174Contact *contact = chat_conversation_get_contact (conversation);
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (chat_conversation_get_watched (conversation))
    return;

  text = g_strdup_printf ("Not sent to %s", chat_conversation_get_name (conversation));
  toast = toast_new (text);
  adw_toast_set_button_label (toast, "_Show");
  adw_toast_set_action_name (toast, "app.open-conversation");
  adw_toast_set_action_target (toast, "s", xep174_contact_get_name (contact));
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_try_again (ChatWindow *self)
{
  chat_roster_start (self->roster);
}

static void
go_back (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  adw_leaflet_navigate (CHAT_WINDOW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

/* Leaving takes a goodbye to the network. */
static gboolean
chat_window_close_request (GtkWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "app.quit", NULL);

  return GDK_EVENT_STOP;
}

static void
chat_window_dispose (GObject *object)
{
  ChatWindow *self = CHAT_WINDOW (object);

  g_clear_object (&self->contact_signals);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->roster);

  G_OBJECT_CLASS (chat_window_parent_class)->dispose (object);
}

static void
chat_window_class_init (ChatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = chat_window_close_request;

  g_type_ensure (CHAT_TYPE_CONVERSATION_VIEW);
  g_type_ensure (CHAT_TYPE_PERSON_ROW);
  g_type_ensure (CHAT_TYPE_PROFILE_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, content);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, profile);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, people_stack);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, people);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, unavailable);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, on_layout_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", on_tell);
}

static void
chat_window_init (ChatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->contact_signals = g_signal_group_new (XEP174_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify", G_CALLBACK (update_title), self);
}

static void
show_roster (ChatWindow *self,
             ChatRoster *roster)
{
  GListModel *people = chat_people_new (roster);

  self->roster = g_object_ref (roster);
  self->selection = g_object_new (GTK_TYPE_SINGLE_SELECTION,
                                  "autoselect", FALSE,
                                  "can-unselect", TRUE,
                                  "model", people,
                                  NULL);
  gtk_list_view_set_model (self->people, GTK_SELECTION_MODEL (self->selection));
  chat_profile_button_set_client (self->profile, chat_roster_get_client (roster));

  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected),
                            self);
  g_signal_connect_object (people, "items-changed", G_CALLBACK (on_people_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "notify::state", G_CALLBACK (update_people), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "message-failed", G_CALLBACK (on_message_failed), self, 0);
  g_object_unref (people);
  update_people (self);
}

ChatWindow *
chat_window_new (GtkApplication *application,
                 ChatRoster     *roster)
{
  ChatWindow *self = g_object_new (CHAT_TYPE_WINDOW, "application", application, NULL);

  show_roster (self, roster);

  return self;
}
