/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parts of which there is only one: the roster, the window, and the notifications of the
 * desktop. */

#include "chat-application.h"

#include <glib-unix.h>

#include "chat-options.h"
#include "chat-window.h"
#include "cli-text.h"
#include "translate.h"

/* As much of a message as somebody reads at one look. */
#define NOTIFIED_CHARACTERS 160

/* In this time the two programs find each other again after a break, or after a start of the other one. */
#define INTERRUPTION_MS 15000

struct _ChatApplication
{
  AdwApplication parent_instance;

  ChatOptions *options;
  ChatRoster *roster;
  ChatWindow *window;
  guint terminate;
  guint interrupt;
  gboolean is_quitting;
  gboolean is_waiting; /* for files, and quits then */
  guint interruption;  /* of all that it waits for */
  gboolean is_hurried;
  gboolean is_unattended;
  gboolean has_lost;
};

G_DEFINE_FINAL_TYPE (ChatApplication, chat_application, ADW_TYPE_APPLICATION)

static const char *const status_names[] = {
  [XEP174_STATUS_AVAILABLE] = "available",
  [XEP174_STATUS_AWAY] = "away",
  [XEP174_STATUS_DND] = "dnd",
};

static Xep174Profile *
get_profile (ChatApplication *self)
{
  return xep174_client_get_profile (chat_roster_get_client (self->roster));
}

/* Notifications */

static void
on_unread_changed (ChatConversation *conversation,
                   GParamSpec       *pspec,
                   GApplication     *application)
{
  const char *name =
    xep174_contact_get_name (chat_conversation_get_contact (conversation));

  if (chat_conversation_get_unread (conversation) > 0)
    return;

  g_application_withdraw_notification (application, name);
  g_signal_handlers_disconnect_by_func (conversation, on_unread_changed, application);
}

/* In one line. Some desktops read the text as markup, others show it as it is; without “<” it is
 * right for both. */
static char *
excerpt (const char *body)
{
  g_autofree char *line = cli_text_line (body);
  g_autofree char *begin = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1),
                                                           NOTIFIED_CHARACTERS));
  g_auto(GStrv) pieces = g_strsplit (begin, "<", -1);

  return g_strjoinv ("‹", pieces);
}

/* A notification takes the place of the one before: it says how many there are. */
static char *
dup_title (ChatConversation *conversation)
{
  guint unread = chat_conversation_get_unread (conversation);
  g_autofree char *title = chat_conversation_dup_title (conversation);
  g_autofree char *words = g_strdup_printf (ngettext ("%u unread", "%u unread", unread), unread);

  return unread > 1 ? g_strconcat (title, " · ", words, NULL) : g_steal_pointer (&title);
}

static void
on_message_received (ChatRoster       *roster,
                     ChatConversation *conversation,
                     Xep174Message    *message,
                     GApplication     *application)
{
  Xep174Profile *profile = get_profile (CHAT_APPLICATION (application));
  const char *name =
    xep174_contact_get_name (chat_conversation_get_contact (conversation));
  g_autoptr(GNotification) notification = NULL;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (chat_conversation_get_unread (conversation) == 0 ||
      xep174_profile_get_status (profile) == XEP174_STATUS_DND)
    return;

  title = dup_title (conversation);
  notification = g_notification_new (title);
  text = excerpt (xep174_message_get_body (message));
  g_notification_set_body (notification, text);
  g_notification_set_default_action_and_target (notification, "app.open-conversation", "s", name);
  g_application_send_notification (application, name, notification);

  if (chat_conversation_get_unread (conversation) == 1)
    g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (on_unread_changed),
                             application, 0);
}

/* Actions */

static void
open_conversation (GSimpleAction *action,
                   GVariant      *name,
                   gpointer       user_data)
{
  ChatApplication *self = user_data;
  g_autoptr(ChatConversation) conversation =
    chat_roster_find_conversation (self->roster, g_variant_get_string (name, NULL));

  g_application_activate (G_APPLICATION (self));
  if (conversation != NULL)
    chat_window_open_conversation (self->window, conversation);
}

static void
change_status (GSimpleAction *action,
               GVariant      *state,
               gpointer       user_data)
{
  ChatApplication *self = user_data;
  Xep174Profile *profile = get_profile (self);
  const char *name = g_variant_get_string (state, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (status_names); i++)
    if (g_str_equal (name, status_names[i]) &&
        xep174_profile_set_status (profile, i, xep174_profile_get_status_message (profile), NULL))
      g_simple_action_set_state (action, state);
}

/* The window became a dialog in libadwaita 1.5. */
#if ADW_CHECK_VERSION (1, 5, 0)
#define show_about_box(window, ...) adw_show_about_dialog (GTK_WIDGET (window), __VA_ARGS__)
#else
#define show_about_box(window, ...) adw_show_about_window (GTK_WINDOW (window), __VA_ARGS__)
#endif

static void
show_about (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  ChatApplication *self = user_data;

  show_about_box (self->window,
                  "application-name", g_get_application_name (),
                  "application-icon", CHAT_APPLICATION_ID,
                  "version", CHAT_VERSION,
                  "comments", _("Chat with who is on the same network, with no server and no "
                                "account. An example of how to use libxep174."),
                  "license-type", GTK_LICENSE_LGPL_2_1,
                  NULL);
}

static void
on_state_changed (ChatApplication *self)
{
  if (!self->is_quitting || chat_roster_get_state (self->roster) != CHAT_ROSTER_STATE_OFFLINE)
    return;

  if (self->is_unattended || self->is_hurried || self->window == NULL ||
      !chat_window_show_untold (self->window))
    g_application_quit (G_APPLICATION (self));
}

/* The window stays while a message may still be on its way; asked again, nothing is waited for. */
static void
leave (ChatApplication *self)
{
  if (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_OFFLINE)
    {
      g_application_quit (G_APPLICATION (self));
      return;
    }

  g_clear_handle_id (&self->interruption, g_source_remove);
  self->is_hurried = self->is_quitting;
  self->is_quitting = TRUE;
  if (self->window != NULL && (self->is_hurried || !chat_roster_has_spoken (self->roster)))
    gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  chat_roster_stop (self->roster);
}

/* What would interrupt a file is asked before anything stops. */
static void
quit (GSimpleAction *action,
      GVariant      *parameter,
      gpointer       user_data)
{
  ChatApplication *self = user_data;
  gboolean is_asked = !self->is_quitting && !self->is_unattended && self->window != NULL;

  if (!is_asked || !chat_roster_is_busy (self->roster))
    {
      leave (self);
      return;
    }

  /* What is interrupted during the question is waited for, too. */
  chat_roster_await_files (self->roster, TRUE);
  chat_window_ask_to_close (self->window);
}

static void
quit_now (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  ChatApplication *self = user_data;

  if (!self->is_quitting)
    leave (self);
  leave (self);
}

static void
wait_for_files (ChatApplication *self,
                gboolean         waits)
{
  self->is_waiting = waits;
  g_clear_handle_id (&self->interruption, g_source_remove);
  if (self->window != NULL)
    chat_window_show_waiting (self->window, waits, TRUE);
}

static void
leave_at_last (gpointer user_data)
{
  ChatApplication *self = user_data;

  wait_for_files (self, FALSE);
  leave (self);
}

/* A file that is interrupted soon goes on, if the other program is still there. */
static void
on_files_changed (ChatApplication *self)
{
  if (!self->is_waiting || self->is_quitting)
    return;

  chat_roster_await_files (self->roster, TRUE);
  if (chat_roster_is_busy (self->roster))
    g_clear_handle_id (&self->interruption, g_source_remove);
  else if (!chat_roster_awaits_interrupted (self->roster))
    leave_at_last (self);
  else if (self->interruption == 0)
    self->interruption = g_timeout_add_once (INTERRUPTION_MS, leave_at_last, self);
}

static void
quit_later (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  wait_for_files (user_data, TRUE);
  on_files_changed (user_data);
}

static void
stay (GSimpleAction *action,
      GVariant      *parameter,
      gpointer       user_data)
{
  ChatApplication *self = user_data;

  chat_roster_await_files (self->roster, FALSE);
  wait_for_files (self, FALSE);
}

static gboolean
on_signal (gpointer user_data)
{
  ChatApplication *self = user_data;

  /* Nobody may be there to read what the window would say. */
  self->is_unattended = TRUE;
  g_action_group_activate_action (G_ACTION_GROUP (self), "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static void
add_actions (ChatApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "open-conversation", .activate = open_conversation, .parameter_type = "s" },
    { .name = "status", .parameter_type = "s", .state = "'available'",
      .change_state = change_status },
    { .name = "about", .activate = show_about },
    { .name = "quit", .activate = quit },
    { .name = "quit-now", .activate = quit_now },
    { .name = "quit-later", .activate = quit_later },
    { .name = "stay", .activate = stay },
  };
  GtkApplication *application = GTK_APPLICATION (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_application_set_accels_for_action (application, "app.quit",
                                         (const char *[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action (application, "window.close",
                                         (const char *[]){ "<Control>w", NULL });
  gtk_application_set_accels_for_action (application, "win.search",
                                         (const char *[]){ "<Control>f", NULL });
  gtk_application_set_accels_for_action (application, "win.compare",
                                         (const char *[]){ "<Control>k", NULL });
  gtk_application_set_accels_for_action (application, "win.back",
                                         (const char *[]){ "<Alt>Left", NULL });
}

/* The application's life */

static int
chat_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  ChatApplication *self = CHAT_APPLICATION (application);
  g_autoptr(Xep174Client) client = NULL;
  g_autoptr(GError) error = NULL;

  if (self->options->version)
    {
      g_print ("xep174-gtk %s\n", CHAT_VERSION);
      return 0;
    }

  client = chat_options_create_client (self->options, &error);
  if (client == NULL)
    {
      g_autofree char *line = cli_text_line (error->message);

      g_printerr ("xep174-gtk: %s\n", line);
      return 2;
    }

  self->roster = chat_roster_new (client);
  if (chat_options_are_particular (self->options))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
chat_application_startup (GApplication *application)
{
  ChatApplication *self = CHAT_APPLICATION (application);

  G_APPLICATION_CLASS (chat_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (CHAT_APPLICATION_ID);
  add_actions (self);
  g_signal_connect_object (self->roster, "message-received", G_CALLBACK (on_message_received),
                           self, 0);
  g_signal_connect_object (self->roster, "notify::state", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->roster, "files-changed", G_CALLBACK (on_files_changed), self,
                           G_CONNECT_SWAPPED);
  self->terminate = g_unix_signal_add (SIGTERM, on_signal, self);
  self->interrupt = g_unix_signal_add (SIGINT, on_signal, self);
}

static void
chat_application_activate (GApplication *application)
{
  ChatApplication *self = CHAT_APPLICATION (application);

  if (self->window == NULL)
    {
      self->window = chat_window_new (GTK_APPLICATION (self), self->roster);
      g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
      chat_roster_start (self->roster);
    }
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tell_untold (ChatConversation *conversation,
             Xep174Message    *message,
             gpointer          data)
{
  ChatApplication *self = data;
  g_autofree char *name = chat_conversation_dup_whole_name (conversation);
  g_autofree char *note = chat_message_dup_note (message);
  g_autofree char *text = cli_text_line (xep174_message_get_body (message));

  g_printerr ("xep174-gtk: %s %s: %s: %s\n", xep174_message_get_outgoing (message) ? "to" : "from",
              name, note, text);
  self->has_lost = TRUE;
}

static void
chat_application_shutdown (GApplication *application)
{
  ChatApplication *self = CHAT_APPLICATION (application);

  g_clear_handle_id (&self->terminate, g_source_remove);
  g_clear_handle_id (&self->interrupt, g_source_remove);
  chat_roster_foreach_untold (self->roster, tell_untold, self);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));

  G_APPLICATION_CLASS (chat_application_parent_class)->shutdown (application);
}

static void
chat_application_finalize (GObject *object)
{
  ChatApplication *self = CHAT_APPLICATION (object);

  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->roster);
  chat_options_free (self->options);

  G_OBJECT_CLASS (chat_application_parent_class)->finalize (object);
}

static void
chat_application_class_init (ChatApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = chat_application_finalize;
  application_class->handle_local_options = chat_application_handle_local_options;
  application_class->startup = chat_application_startup;
  application_class->activate = chat_application_activate;
  application_class->shutdown = chat_application_shutdown;
}

static void
chat_application_init (ChatApplication *self)
{
  self->options = chat_options_new ();
  chat_options_add_to (self->options, G_APPLICATION (self));
}

ChatApplication *
chat_application_new (void)
{
  return g_object_new (CHAT_TYPE_APPLICATION,
                       "application-id", CHAT_APPLICATION_ID,
                       "resource-base-path", CHAT_RESOURCES,
                       NULL);
}

gboolean
chat_application_has_lost (ChatApplication *self)
{
  return self->has_lost;
}
