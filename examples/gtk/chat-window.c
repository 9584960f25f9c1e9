/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* People on one side, the conversation with one of them on the other. In a narrow window only one
 * of the two is shown at a time. */

#include "chat-window.h"

#include "chat-closing.h"
#include "chat-compare-page.h"
#include "chat-conversation-view.h"
#include "chat-people.h"
#include "chat-person-row.h"
#include "chat-profile-button.h"
#include "chat-text.h"
#include "chat-title.h"
#include "chat-toasts.h"
#include "translate.h"

/* To leave takes less, unless somebody does not answer. */
#define LEAVING_MS 1000

struct _ChatWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwLeaflet *leaflet;
  GtkWidget *sidebar;
  GtkWidget *content;
  ChatProfileButton *profile;
  GtkStack *people_stack;
  GtkListView *people_list;
  GtkToggleButton *search_button;
  GtkSearchBar *search_bar;
  GtkEditable *search;
  AdwStatusPage *unavailable;
  GtkWidget *back;
  ChatTitle *title;
  GtkStack *content_stack;
  ChatConversationView *view;
  ChatComparePage *compare_page;

  ChatRoster *roster;
  GListModel *people;
  GtkFilter *filter;
  GtkSingleSelection *selection; /* those of the people that are shown */
  char *local_name; /* the one that others see, as far as it has been told here */
  gboolean is_leaving;
  guint leaving_timer;
  AdwToast *waiting;     /* (nullable): what is said while the end waits */
  GtkWindow *question;   /* weak */
};

G_DEFINE_FINAL_TYPE (ChatWindow, chat_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
shows_people_only (ChatWindow *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_get_visible_child (self->leaflet) == self->sidebar;
}

static gboolean
is_comparing (ChatWindow *self)
{
  return gtk_stack_get_visible_child (self->content_stack) == GTK_WIDGET (self->compare_page);
}

static void
update_watched (ChatWindow *self)
{
  ChatConversation *conversation = chat_conversation_view_get_conversation (self->view);

  if (conversation == NULL)
    return;

  chat_conversation_set_watched (conversation, gtk_window_is_active (GTK_WINDOW (self)) &&
                                                 !shows_people_only (self) && !is_comparing (self) &&
                                                 !self->is_leaving);
  if (chat_conversation_get_watched (conversation))
    chat_toasts_dismiss (self->toasts, conversation);
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

  /* It was nobody's choice, so nothing is opened. */
  g_signal_handlers_block_by_func (self->selection, on_selected, self);
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_handlers_unblock_by_func (self->selection, on_selected, self);
}

static void
on_layout_changed (ChatWindow *self)
{
  if (self->selection == NULL)
    return;

  update_selection (self);
  update_watched (self);
  gtk_widget_set_visible (self->back, adw_leaflet_get_folded (self->leaflet) || is_comparing (self));
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
  chat_title_set_conversation (self->title, conversation);
  gtk_widget_set_visible (GTK_WIDGET (self->title), TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.compare", TRUE);
  on_layout_changed (self);
}

static const char *
get_people_page (ChatWindow *self)
{
  if (g_list_model_get_n_items (self->people) == 0)
    return "nobody";
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    return "not-found";

  return "people";
}

static void
update_people (ChatWindow *self)
{
  ChatRosterState state = chat_roster_get_state (self->roster);
  const char *problem = chat_roster_get_problem (self->roster);
  const char *page = "starting";

  /* Others are seen a moment before they can see us, and nobody can be talked to by then. */
  if (state == CHAT_ROSTER_STATE_ONLINE || state == CHAT_ROSTER_STATE_STOPPING)
    page = get_people_page (self);
  else if (problem != NULL)
    page = "unavailable";

  if (problem != NULL)
    {
      g_autofree char *markup = chat_text_escape (problem);

      adw_status_page_set_description (self->unavailable, markup);
    }
  gtk_stack_set_visible_child_name (self->people_stack, page);
}

static void
on_people_changed (ChatWindow *self)
{
  update_people (self);
  update_selection (self);
}

static gboolean
is_searched_for (gpointer item,
                 gpointer user_data)
{
  ChatWindow *self = user_data;
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->search)));

  return *text == '\0' || chat_people_match (item, text);
}

static void
on_search_changed (ChatWindow *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* Enter takes the first of the list. */
static void
on_search_activate (ChatWindow *self)
{
  g_autoptr(ChatConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (self->selection), 0);

  if (conversation == NULL)
    return;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  chat_window_open_conversation (self, conversation);
}

/* By keys; a click has chosen the person before. */
static void
on_person_activated (ChatWindow *self,
                     guint       position)
{
  g_autoptr(ChatConversation) conversation =
    g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  chat_window_open_conversation (self, conversation);
}

static void
search (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  ChatWindow *self = CHAT_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->sidebar);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  gtk_editable_select_region (self->search, 0, -1);
}

static void
on_tell (GtkWidget  *widget,
         const char *action,
         GVariant   *text)
{
  adw_toast_overlay_add_toast (CHAT_WINDOW (widget)->toasts,
                               chat_toast_new (g_variant_get_string (text, NULL)));
}

/* @format has a place for whom it is with. */
static void
tell_of_person (ChatWindow       *self,
                ChatConversation *conversation,
                const char       *format)
{
  g_autofree char *title = chat_conversation_dup_title (conversation);
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *text = g_strjoinv (title, parts);

  chat_toasts_tell (self->toasts, conversation, text);
}

/* If the user looks at the conversation, it is shown there. */
static void
on_message_failed (ChatRoster       *roster,
                   ChatConversation *conversation,
                   Xep174Message    *message,
                   ChatWindow       *self)
{
  g_autofree char *title = chat_conversation_dup_title (conversation);
  g_autofree char *excerpt = chat_message_dup_excerpt (message);
  /* Translators: to whom, and what: a message or a file */
  g_autofree char *text = g_strdup_printf (_("Not sent to %s: %s"), title, excerpt);

  if (!chat_conversation_get_watched (conversation))
    chat_toasts_tell (self->toasts, conversation, text);
}

/* While the right key is in use there is nothing to do, because the other was refused. The page where the
 * number is compared tells it itself. */
static void
on_key_changed (ChatRoster       *roster,
                ChatConversation *conversation,
                ChatWindow       *self)
{
  if (chat_conversation_get_privacy (conversation) != CHAT_PRIVACY_CHANGED)
    tell_of_person (self, conversation, _("Somebody else who uses the name %s was refused"));
  else if (!chat_conversation_get_watched (conversation) &&
           !(is_comparing (self) && conversation == chat_conversation_view_get_conversation (self->view)))
    tell_of_person (self, conversation, _("The key of %s has changed"));
}

/* D9: if the name was taken, others see us under another one. */
static void
on_local_name_changed (ChatWindow *self)
{
  Xep174Client *client = chat_roster_get_client (self->roster);
  const char *name = xep174_client_get_local_name (client);
  g_autofree char *wanted = g_strconcat (
    xep174_profile_get_user (xep174_client_get_profile (client)), "@", NULL);
  gboolean is_expected;

  if (name == NULL)
    return;

  is_expected = self->local_name != NULL ? g_str_equal (name, self->local_name)
                                         : g_str_has_prefix (name, wanted);
  if (!is_expected)
    {
      g_autofree char *text = g_strdup_printf (_("Others see you as %s now"), name);

      adw_toast_overlay_add_toast (self->toasts, chat_toast_new (text));
    }
  g_free (self->local_name);
  self->local_name = g_strdup (name);
}

static void
on_waiting_dismissed (ChatWindow *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "waiting");
}

void
chat_window_show_waiting (ChatWindow *self,
                          gboolean    waits,
                          gboolean    for_files)
{
  if (self->waiting != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->waiting, self);
      adw_toast_dismiss (self->waiting);
      on_waiting_dismissed (self);
    }
  g_clear_object (&self->waiting);
  if (!waits)
    return;

  gtk_widget_add_css_class (GTK_WIDGET (self), "waiting");
  self->waiting = chat_closing_toast_new (for_files);
  g_signal_connect_object (self->waiting, "dismissed", G_CALLBACK (on_waiting_dismissed), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->waiting));
}

static void
on_leaving_takes_long (gpointer user_data)
{
  ChatWindow *self = user_data;

  self->leaving_timer = 0;
  chat_window_show_waiting (self, TRUE, chat_roster_is_busy (self->roster));
}

static void
warn_of_memory (ChatWindow *self)
{
  Xep174Client *client = chat_roster_get_client (self->roster);
  g_autofree char *identity = NULL;

  if (xep174_client_get_remembers_keys (client) ||
      xep174_client_get_encryption (client) == XEP174_ENCRYPTION_POLICY_OFF)
    return;

  /* Who has a key of their own keeps it, also where nothing can be written. */
  identity = g_build_filename (xep174_client_get_data_dir (client), "identity.pem", NULL);
  adw_toast_overlay_add_toast (
    self->toasts,
    chat_toast_new (g_file_test (identity, G_FILE_TEST_EXISTS)
                 ? _("Keys of others cannot be kept here: next time nobody is recognised")
                 : _("Keys cannot be kept here: next time others are warned of you")));
}

/* What happens to a message from now on is told at the end: a look at it would be too short. */
static void
on_state_changed (ChatWindow *self)
{
  update_people (self);
  if (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_ONLINE)
    warn_of_memory (self);
  if (chat_roster_get_state (self->roster) != CHAT_ROSTER_STATE_STOPPING)
    return;

  self->is_leaving = TRUE;
  self->leaving_timer = g_timeout_add_once (LEAVING_MS, on_leaving_takes_long, self);
  update_watched (self);
}

gboolean
chat_window_show_untold (ChatWindow *self)
{
  g_autoptr(ChatUntold) untold = chat_untold_new (self->roster);
  g_autoptr(GtkWidget) page = NULL;

  if (chat_untold_is_empty (untold))
    return FALSE;

  g_clear_handle_id (&self->leaving_timer, g_source_remove);
  page = chat_closing_page_new (untold);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), page);

  return TRUE;
}

void
chat_window_ask_to_close (ChatWindow *self)
{
  if (self->question == NULL)
    g_set_weak_pointer (&self->question, chat_closing_ask (GTK_WINDOW (self)));
  gtk_window_present (self->question);
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
  ChatWindow *self = CHAT_WINDOW (widget);

  if (is_comparing (self))
    chat_window_open_conversation (self, chat_conversation_view_get_conversation (self->view));
  else
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
compare (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  ChatWindow *self = CHAT_WINDOW (widget);

  chat_compare_page_set_conversation (self->compare_page,
                                      chat_conversation_view_get_conversation (self->view));
  gtk_stack_set_visible_child (self->content_stack, GTK_WIDGET (self->compare_page));
  adw_leaflet_set_visible_child (self->leaflet, self->content);
  on_layout_changed (self);
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->compare_page)))
    gtk_widget_grab_focus (self->back);
}

/* Before the window closes, the network must hear our goodbye. */
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

  g_clear_handle_id (&self->leaving_timer, g_source_remove);
  g_clear_weak_pointer (&self->question);
  g_clear_object (&self->waiting);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->people);
  g_clear_object (&self->roster);

  G_OBJECT_CLASS (chat_window_parent_class)->dispose (object);
}

static void
chat_window_finalize (GObject *object)
{
  g_free (CHAT_WINDOW (object)->local_name);

  G_OBJECT_CLASS (chat_window_parent_class)->finalize (object);
}

static void
chat_window_class_init (ChatWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chat_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = chat_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = chat_window_close_request;

  g_type_ensure (CHAT_TYPE_COMPARE_PAGE);
  g_type_ensure (CHAT_TYPE_CONVERSATION_VIEW);
  g_type_ensure (CHAT_TYPE_PERSON_ROW);
  g_type_ensure (CHAT_TYPE_PROFILE_BUTTON);
  g_type_ensure (CHAT_TYPE_TITLE);
  gtk_widget_class_set_template_from_resource (widget_class, CHAT_RESOURCES "/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, content);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, profile);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, people_stack);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, people_list);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, unavailable);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, back);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, view);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, compare_page);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, ChatWindow, search);
  gtk_widget_class_bind_template_callback (widget_class, on_layout_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_person_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, go_back);
  gtk_widget_class_install_action (widget_class, "win.compare", NULL, compare);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", on_tell);
}

static void
chat_window_init (ChatWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search);
  gtk_search_bar_set_key_capture_widget (self->search_bar, self->sidebar);
  g_object_bind_property (self->search_bar, "search-mode-enabled", self->search_button, "active",
                          G_BINDING_BIDIRECTIONAL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.compare", FALSE);
}

static void
show_roster (ChatWindow *self,
             ChatRoster *roster)
{
  g_autoptr(GListModel) shown = NULL;

  self->people = chat_people_new (roster);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_searched_for, self, NULL));
  shown = chat_people_new_order (roster, self->people, self->filter);
  self->roster = g_object_ref (roster);
  self->selection = g_object_new (GTK_TYPE_SINGLE_SELECTION,
                                  "autoselect", FALSE,
                                  "can-unselect", TRUE,
                                  "model", shown,
                                  NULL);
  gtk_list_view_set_model (self->people_list, GTK_SELECTION_MODEL (self->selection));
  chat_profile_button_set_client (self->profile, chat_roster_get_client (roster));

  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected),
                            self);
  g_signal_connect_object (self->people, "items-changed", G_CALLBACK (update_people), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (shown, "items-changed", G_CALLBACK (on_people_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chat_roster_get_client (roster), "notify::local-name",
                           G_CALLBACK (on_local_name_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "notify::state", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (roster, "message-failed", G_CALLBACK (on_message_failed), self, 0);
  g_signal_connect_object (roster, "key-changed", G_CALLBACK (on_key_changed), self, 0);
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
