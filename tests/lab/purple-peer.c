/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A libpurple client without a face: libpurple's own Bonjour protocol or another, driven by lines.
 *
 * purple-peer DIRECTORY user@machine [KEY=VALUE…]
 *
 * Keys: port, first, last, email, jid and others (account settings), icon (a file), debug=1;
 * protocol (prpl-bonjour), plugins (a folder with more of them), also (another account's name),
 * also-protocol (that account's, the same if it is not said).
 * Standard input: "im NAME HTML" (\n and the like as in C), "close NAME", "status ID [MESSAGE]",
 * "typing NAME now|paused|no", "tooltip NAME", "icon FILE", "buddies", "offline", "online", "turns"
 * (of the event loop), "unload", "quit"; "send NAME FILE" and, of the file that was begun last, "take FILE",
 * "refuse", "stop".  Standard output: "SECONDS EVENT …", one event a line, with
 * what is not printable ASCII escaped as in C.
 */

#include <glib.h>
#include <purple.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static GMainLoop *loop;
static PurpleAccount *account;
static const char *protocol = "prpl-bonjour"; /* of the account that is obeyed */
static gint64 started;
static int handle;

static void say (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
say (const char *format,
     ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line = g_strescape (text, "\"");
  printf ("%.3f %s\n", (g_get_monotonic_time () - started) / 1e6, line);
  fflush (stdout);
}

/* The event loop that libpurple wants from its user interface */

static guint turns;

typedef struct
{
  PurpleInputFunction function;
  gpointer data;
} Watch;

static gboolean
watch_ready (GIOChannel  *channel,
             GIOCondition condition,
             gpointer     data)
{
  Watch *watch = data;
  int ready = 0;

  turns++;
  if (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    ready |= PURPLE_INPUT_READ;
  if (condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL))
    ready |= PURPLE_INPUT_WRITE;
  watch->function (watch->data, g_io_channel_unix_get_fd (channel), (PurpleInputCondition) ready);
  return G_SOURCE_CONTINUE;
}

static guint
watch_add (gint                 fd,
           PurpleInputCondition condition,
           PurpleInputFunction  function,
           gpointer             data)
{
  GIOChannel *channel = g_io_channel_unix_new (fd);
  Watch *watch = g_new0 (Watch, 1);
  int wanted = 0;
  guint id;

  watch->function = function;
  watch->data = data;
  if (condition & PURPLE_INPUT_READ)
    wanted |= G_IO_IN | G_IO_HUP | G_IO_ERR;
  if (condition & PURPLE_INPUT_WRITE)
    wanted |= G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL;
  id = g_io_add_watch_full (channel, G_PRIORITY_DEFAULT, (GIOCondition) wanted, watch_ready, watch,
                            g_free);
  g_io_channel_unref (channel);
  return id;
}

static PurpleEventLoopUiOps event_loop = {
  .timeout_add = g_timeout_add,
  .timeout_remove = g_source_remove,
  .input_add = watch_add,
  .input_remove = g_source_remove,
  .timeout_add_seconds = g_timeout_add_seconds,
};

/* What a person would see */

static void
conversation_written (PurpleConversation *conversation,
                      const char         *name,
                      const char         *alias,
                      const char         *text,
                      PurpleMessageFlags  flags,
                      time_t              when)
{
  const char *kind = "system";

  if (flags & PURPLE_MESSAGE_SEND)
    kind = "sent";
  else if (flags & PURPLE_MESSAGE_RECV)
    kind = "received";
  else if (flags & PURPLE_MESSAGE_ERROR)
    kind = "error";
  say ("conversation %s %s %s", kind, purple_conversation_get_name (conversation), text);
}

static PurpleConversationUiOps conversations = { .write_conv = conversation_written };

static void *
notified (PurpleNotifyMsgType type,
          const char         *title,
          const char         *primary,
          const char         *secondary)
{
  say ("notify %s | %s | %s", title ? title : "", primary ? primary : "",
       secondary ? secondary : "");
  return NULL;
}

static PurpleNotifyUiOps notifications = { .notify_message = notified };

/* The dialog that was opened last: its buttons, and what they call. */
#define BUTTONS 4

static struct
{
  guint n;
  char *labels[BUTTONS];
  PurpleRequestActionCb callbacks[BUTTONS];
  gpointer data;
} request;

static void *
action_requested (const char         *title,
                  const char         *primary,
                  const char         *secondary,
                  int                 default_action,
                  PurpleAccount      *whose,
                  const char         *who,
                  PurpleConversation *conversation,
                  void               *data,
                  size_t              n,
                  va_list             actions)
{
  g_autofree char *text = g_strescape (secondary != NULL ? secondary : "", NULL);

  request.data = data;
  request.n = n;
  for (guint i = 0; i < n && i < BUTTONS; i++)
    {
      g_free (request.labels[i]);
      request.labels[i] = g_strdup (va_arg (actions, const char *));
      request.callbacks[i] = va_arg (actions, PurpleRequestActionCb);
    }
  say ("request %s | %s | %s", title != NULL ? title : "", primary, text);
  return &request;
}

static PurpleRequestUiOps requests = { .request_action = action_requested };

static void
press (const char *label)
{
  for (guint i = 0; i < request.n && i < BUTTONS; i++)
    if (g_str_equal (request.labels[i], label))
      {
        request.callbacks[i] (request.data, i);
        purple_request_close (PURPLE_REQUEST_ACTION, &request);
        return;
      }
  say ("error no button %s", label);
}

static void
connection_changed (PurpleConnection *connection,
                    gpointer          what)
{
  PurpleAccount *whose = purple_connection_get_account (connection);

  say ("%s %s", (const char *) what, purple_account_get_username (whose));
}

static void
connection_failed (PurpleConnection     *connection,
                   PurpleConnectionError reason,
                   const char           *text,
                   gpointer              data)
{
  say ("connection-error %d %s", (int) reason, text);
}

static void
buddy_changed (PurpleBuddy *buddy,
               gpointer     what)
{
  PurpleStatus *status = purple_presence_get_active_status (purple_buddy_get_presence (buddy));
  const char *text = purple_status_get_attr_string (status, "message");
  PurpleBuddyIcon *icon = purple_buddy_get_icon (buddy);
  size_t length = 0;

  if (icon)
    purple_buddy_icon_get_data (icon, &length);
  say ("%s %s alias=%s status=%s message=%s icon=%zu", (const char *) what,
       purple_buddy_get_name (buddy), purple_buddy_get_alias (buddy), purple_status_get_id (status),
       text ? text : "-", length);
}

static void
buddy_status_changed (PurpleBuddy  *buddy,
                      PurpleStatus *before,
                      PurpleStatus *after,
                      gpointer      data)
{
  buddy_changed (buddy, (gpointer) "buddy-status");
}

/* A buddy whose service goes away is deleted: there is no "signed off". */
static void
buddy_removed (PurpleBuddy *buddy,
               gpointer     data)
{
  say ("buddy-removed %s", purple_buddy_get_name (buddy));
}

static void
buddy_typing (PurpleAccount *whose,
              const char    *name,
              gpointer       what)
{
  say ("%s %s", (const char *) what, name);
}

static void
message_received (PurpleAccount      *whose,
                  char               *sender,
                  char               *text,
                  PurpleConversation *conversation,
                  PurpleMessageFlags  flags,
                  gpointer            data)
{
  say ("im-received %s %s", sender, text);
}

/* Files */

/* The transfer that was begun last, as long as libpurple has it. */
static PurpleXfer *file;

static void
file_said (PurpleXfer *which,
           gpointer    what)
{
  say ("%s %s %s %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, (const char *) what,
       purple_xfer_get_remote_user (which), purple_xfer_get_filename (which),
       purple_xfer_get_bytes_sent (which), purple_xfer_get_size (which));
}

/* An offer, too: libpurple asks the user once this has returned. */
static void
file_offered (PurpleXfer *which,
              gpointer    data)
{
  file = which;
  file_said (which, (gpointer) "file-offered");
}

static gboolean
tell_taken (gpointer which)
{
  file_said (which, (gpointer) "file-taken");
  purple_xfer_unref (which);
  return G_SOURCE_REMOVE;
}

/* What was taken is told later: libpurple writes and closes it once this has returned. Its Bonjour never
 * gives up what it has received, so that no destruction would tell. */
static void
file_complete (PurpleXfer *which,
               gpointer    data)
{
  purple_xfer_ref (which);
  g_idle_add (tell_taken, which);
}

static void
file_gone (PurpleXfer *which)
{
  if (file == which)
    file = NULL;
}

static void
file_cancelled_there (PurpleXfer *which)
{
  file_said (which, (gpointer) "file-cancelled");
}

static PurpleXferUiOps files = {
  .destroy = file_gone,
  .cancel_remote = file_cancelled_there,
};

static void
send_file (const char *name,
           const char *path)
{
  PurpleConnection *connection = purple_account_get_connection (account);
  PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO (purple_find_prpl (protocol));

  file = info->new_xfer (connection, name);
  purple_xfer_request_accepted (file, path);
}

/* What is done with the transfer that was begun last; whether @word was one of these. */
static gboolean
obey_about_file (const char *word,
                 const char *path)
{
  const gboolean known =
    path != NULL ? g_str_equal (word, "take") : g_str_equal (word, "refuse") || g_str_equal (word, "stop");

  if (!known)
    return FALSE;

  if (file == NULL)
    say ("error no file");
  else if (path != NULL)
    purple_xfer_request_accepted (file, path);
  else if (g_str_equal (word, "refuse"))
    purple_xfer_request_denied (file);
  else
    purple_xfer_cancel_local (file);
  return TRUE;
}

static void
connect_file_signals (void)
{
  const struct { const char *signal, *event; } told[] = {
    { "file-recv-start", "file-started" },   { "file-send-start", "file-started" },
    { "file-recv-cancel", "file-stopped" },  { "file-send-cancel", "file-stopped" },
    { "file-send-complete", "file-sent" },
  };

  purple_xfers_set_ui_ops (&files);
  purple_signal_connect (purple_xfers_get_handle (), "file-recv-request", &handle,
                         PURPLE_CALLBACK (file_offered), NULL);
  purple_signal_connect (purple_xfers_get_handle (), "file-recv-complete", &handle,
                         PURPLE_CALLBACK (file_complete), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    purple_signal_connect (purple_xfers_get_handle (), told[i].signal, &handle,
                           PURPLE_CALLBACK (file_said), (gpointer) told[i].event);
}

static void
connect_signals (void)
{
  void *connections = purple_connections_get_handle ();
  void *buddies = purple_blist_get_handle ();
  void *chats = purple_conversations_get_handle ();

  purple_signal_connect (connections, "signed-on", &handle,
                         PURPLE_CALLBACK (connection_changed), (gpointer) "signed-on");
  purple_signal_connect (connections, "signed-off", &handle,
                         PURPLE_CALLBACK (connection_changed), (gpointer) "signed-off");
  purple_signal_connect (connections, "connection-error", &handle,
                         PURPLE_CALLBACK (connection_failed), NULL);
  purple_signal_connect (buddies, "buddy-signed-on", &handle,
                         PURPLE_CALLBACK (buddy_changed), (gpointer) "buddy-on");
  purple_signal_connect (buddies, "buddy-icon-changed", &handle,
                         PURPLE_CALLBACK (buddy_changed), (gpointer) "buddy-icon");
  purple_signal_connect (buddies, "buddy-removed", &handle,
                         PURPLE_CALLBACK (buddy_removed), NULL);
  purple_signal_connect (buddies, "buddy-status-changed", &handle,
                         PURPLE_CALLBACK (buddy_status_changed), NULL);
  purple_signal_connect (chats, "buddy-typing", &handle, PURPLE_CALLBACK (buddy_typing),
                         (gpointer) "typing");
  purple_signal_connect (chats, "buddy-typed", &handle, PURPLE_CALLBACK (buddy_typing),
                         (gpointer) "typed");
  purple_signal_connect (chats, "buddy-typing-stopped", &handle, PURPLE_CALLBACK (buddy_typing),
                         (gpointer) "typing-stopped");
  purple_signal_connect (chats, "received-im-msg", &handle,
                         PURPLE_CALLBACK (message_received), NULL);
  connect_file_signals ();
}

/* Commands */

static void
set_icon (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, &error))
    {
      say ("error %s", error->message);
      return;
    }
  purple_buddy_icons_set_account_icon (account, (guchar *) data, length); /* takes the data */
  say ("icon-set %" G_GSIZE_FORMAT, length);
}

static void
send_message (const char *name,
              const char *escaped)
{
  g_autofree char *text = g_strcompress (escaped);
  PurpleConversation *conversation =
    purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, name, account);

  if (conversation == NULL)
    conversation = purple_conversation_new (PURPLE_CONV_TYPE_IM, account, name);
  purple_conv_im_send (PURPLE_CONV_IM (conversation), text);
}

static void
close_conversation (const char *name)
{
  PurpleConversation *conversation =
    purple_find_conversation_with_account (PURPLE_CONV_TYPE_IM, name, account);

  if (conversation)
    purple_conversation_destroy (conversation);
  say (conversation ? "closed %s" : "error no conversation with %s", name);
}

static void
list_buddies (void)
{
  GSList *buddies = purple_find_buddies (account, NULL);

  for (GSList *item = buddies; item; item = item->next)
    buddy_changed (item->data, (gpointer) "buddy");
  g_slist_free (buddies);
  say ("end");
}

static void
send_typing (const char *name,
             const char *state)
{
  serv_send_typing (purple_account_get_connection (account), name,
                    g_str_equal (state, "now") ? PURPLE_TYPING
                    : g_str_equal (state, "paused") ? PURPLE_TYPED : PURPLE_NOT_TYPING);
}

/* What a user interface shows under the pointer. */
static void
show_tooltip (const char *name)
{
  PurpleBuddy *buddy = purple_find_buddy (account, name);
  PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO (purple_find_prpl (protocol));
  PurpleNotifyUserInfo *pairs = purple_notify_user_info_new ();
  g_autofree char *text = NULL;

  if (buddy != NULL)
    info->tooltip_text (buddy, pairs, TRUE);
  text = purple_notify_user_info_get_text_with_newline (pairs, " | ");
  say ("tooltip %s %s", name, text);
  purple_notify_user_info_destroy (pairs);
}

/* The menu of a buddy; with a label that entry of it is chosen. */
static void
use_menu (const char *name,
          const char *label)
{
  PurpleBuddy *buddy = purple_find_buddy (account, name);
  PurplePluginProtocolInfo *info = PURPLE_PLUGIN_PROTOCOL_INFO (purple_find_prpl (protocol));
  GList *menu = buddy != NULL ? info->blist_node_menu ((PurpleBlistNode *) buddy) : NULL;
  g_autoptr (GString) labels = g_string_new (NULL);

  for (GList *item = menu; item != NULL; item = item->next)
    {
      PurpleMenuAction *action = item->data;

      g_string_append_printf (labels, " | %s", action->label);
      if (g_strcmp0 (label, action->label) == 0)
        ((void (*) (PurpleBlistNode *, gpointer)) action->callback) ((PurpleBlistNode *) buddy,
                                                                     action->data);
    }
  say ("menu %s%s", name, labels->str);
  g_list_free_full (menu, (GDestroyNotify) purple_menu_action_free);
}

static void
unload_protocol (void)
{
  say (purple_plugin_unload (purple_plugins_find_with_id (protocol)) ? "unloaded" : "error unload");
}

/* What concerns the account as a whole; whether @word was one of these. */
static gboolean
obey_word (const char *word)
{
  if (g_str_equal (word, "buddies"))
    list_buddies ();
  else if (g_str_equal (word, "offline") || g_str_equal (word, "online"))
    purple_account_set_enabled (account, "purple-peer", g_str_equal (word, "online"));
  else if (g_str_equal (word, "turns"))
    say ("turns %u", turns);
  else if (g_str_equal (word, "unload"))
    unload_protocol ();
  else if (g_str_equal (word, "quit"))
    g_main_loop_quit (loop);
  else
    return FALSE;

  return TRUE;
}

static void
obey (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  guint n = g_strv_length (words);

  if (n == 3 && g_str_equal (words[0], "im"))
    send_message (words[1], words[2]);
  else if (n == 2 && g_str_equal (words[0], "close"))
    close_conversation (words[1]);
  else if (n == 3 && g_str_equal (words[0], "status"))
    purple_account_set_status (account, words[1], TRUE, "message", words[2], NULL);
  else if (n == 2 && g_str_equal (words[0], "status"))
    purple_account_set_status (account, words[1], TRUE, NULL);
  else if (n == 2 && g_str_equal (words[0], "icon"))
    set_icon (words[1]);
  else if (n == 3 && g_str_equal (words[0], "typing"))
    send_typing (words[1], words[2]);
  else if (n >= 2 && g_str_equal (words[0], "menu"))
    use_menu (words[1], words[2]);
  else if (n >= 2 && g_str_equal (words[0], "press"))
    press (line + strlen ("press "));
  else if (n == 2 && g_str_equal (words[0], "tooltip"))
    show_tooltip (words[1]);
  else if (n == 3 && g_str_equal (words[0], "send"))
    send_file (words[1], words[2]);
  else if (n > 2 || (!obey_about_file (words[0], words[1]) && (n == 2 || !obey_word (words[0]))))
    say ("error bad command: %s", line);
}

static gboolean
line_ready (GIOChannel  *channel,
            GIOCondition condition,
            gpointer     data)
{
  g_autofree char *line = NULL;
  gsize end = 0;
  GIOStatus status = g_io_channel_read_line (channel, &line, NULL, &end, NULL);

  if (status == G_IO_STATUS_AGAIN)
    return G_SOURCE_CONTINUE;
  if (status != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (loop);
      return G_SOURCE_REMOVE;
    }
  line[end] = '\0';
  obey (line);
  return G_SOURCE_CONTINUE;
}

static void
watch_commands (void)
{
  GIOChannel *input = g_io_channel_unix_new (0);

  g_io_channel_set_flags (input, G_IO_FLAG_NONBLOCK, NULL);
  g_io_channel_set_encoding (input, NULL, NULL); /* octets as they come */
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, line_ready, NULL);
}

/* What is about us, not about the account. */
static gboolean
is_ours (const char *key)
{
  const char *const keys[] = { "protocol", "plugins", "also", "also-protocol", NULL };

  return g_strv_contains (keys, key);
}

/* The value of a key of ours, NULL if it is not among the arguments. */
static const char *
find_argument (char      **arguments,
               const char *key)
{
  gsize length = strlen (key);

  for (; *arguments != NULL; arguments++)
    if (strncmp (*arguments, key, length) == 0 && (*arguments)[length] == '=')
      return *arguments + length + 1;

  return NULL;
}

static void
apply_setting (const char *setting)
{
  g_auto (GStrv) pair = g_strsplit (setting, "=", 2);

  if (pair[0] == NULL || pair[1] == NULL || is_ours (pair[0]))
    return;
  if (g_str_equal (pair[0], "port"))
    purple_account_set_int (account, "port", atoi (pair[1]));
  else if (g_str_equal (pair[0], "icon"))
    set_icon (pair[1]);
  else if (g_str_equal (pair[0], "debug"))
    purple_debug_set_enabled (TRUE); /* on standard output */
  else
    purple_account_set_string (account, pair[0], pair[1]);
}

static void
add_account (const char *name,
             const char *which_protocol,
             char      **settings)
{
  account = purple_account_new (name, which_protocol);
  for (; *settings != NULL; settings++)
    apply_setting (*settings);
  purple_accounts_add (account);
  purple_account_set_enabled (account, "purple-peer", TRUE);
}

int
main (int    argc,
      char **argv)
{
  const char *also, *also_protocol;
  char **settings;

  if (argc < 3)
    {
      fprintf (stderr, "usage: purple-peer DIRECTORY user@machine [KEY=VALUE…]\n");
      return 2;
    }
  settings = argv + 3;
  if (find_argument (settings, "protocol") != NULL)
    protocol = find_argument (settings, "protocol");
  also = find_argument (settings, "also");
  also_protocol = find_argument (settings, "also-protocol");
  if (find_argument (settings, "plugins") != NULL)
    purple_plugins_add_search_path (find_argument (settings, "plugins"));
  started = g_get_monotonic_time ();
  setlocale (LC_ALL, ""); /* as all programs do that use libpurple */
  signal (SIGPIPE, SIG_IGN); /* all of libpurple's programs do; without it a dead peer kills us */
  purple_util_set_user_dir (argv[1]);
  purple_eventloop_set_ui_ops (&event_loop);
  purple_conversations_set_ui_ops (&conversations);
  purple_notify_set_ui_ops (&notifications);
  purple_request_set_ui_ops (&requests);
  if (!purple_core_init ("purple-peer"))
    {
      fprintf (stderr, "libpurple did not start\n");
      return 1;
    }
  purple_idle_touch (); /* or else it takes us for idle since 1970, and says that we are away */
  purple_set_blist (purple_blist_new ());
  purple_blist_load ();
  connect_signals ();

  if (also != NULL)
    add_account (also, also_protocol != NULL ? also_protocol : protocol, settings);
  add_account (argv[2], protocol, settings); /* the one that is obeyed */
  purple_savedstatus_activate (purple_savedstatus_new (NULL, PURPLE_STATUS_AVAILABLE));

  watch_commands ();
  loop = g_main_loop_new (NULL, FALSE);
  say ("ready");
  g_main_loop_run (loop);
  purple_core_quit ();
  say ("exit");
  return 0;
}
