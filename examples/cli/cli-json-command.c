/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-json-command.h"

#include <string.h>

#include "cli-json-changes.h"
#include "cli-json-files.h"
#include "cli-json-keys.h"
#include "cli-json-members.h"
#include "cli-json-parse.h"
#include "cli-roster.h"

/* (transfer full) (nullable) */
static Xep174Message *
new_message (CliJsonCommand  *command,
             Xep174Contact   *contact,
             const char      *body,
             GError         **error)
{
  JsonNode *node = json_object_get_member (command->object, "reply_to");
  Xep174Message *answered;

  if (node == NULL || json_node_is_null (node))
    return xep174_message_new (XEP174_MESSAGE_KIND_CHAT, body);

  answered = cli_json_find_message (command,
                                    xep174_client_get_conversation (cli_app_get_client (command->app),
                                                                    contact),
                                    "reply_to", FALSE, error);
  return answered != NULL ? xep174_message_new_reply (answered, body) : NULL;
}

static gboolean
do_message (CliJsonCommand  *command,
            GError         **error)
{
  const char *to = cli_json_get_string (command, "to", error);
  const char *body = to != NULL ? cli_json_get_string (command, "body", error) : NULL;
  Xep174Contact *contact = body != NULL ? cli_json_get_contact (command, "to", error) : NULL;
  g_autoptr(Xep174Message) message = NULL;

  if (command->id.text == NULL)
    command->id.text = g_uuid_string_random ();
  if (contact == NULL)
    return FALSE;

  message = new_message (command, contact, body, error);
  if (message == NULL)
    return FALSE;

  xep174_message_set_id (message, command->id.text);
  cli_json_adopt_message (message, command->id);
  cli_outbox_send (command->outbox, contact, message);

  return TRUE;
}

static void
on_stanza_sent (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  CliJsonTask *task = user_data;
  Xep174Session *session = XEP174_SESSION (source);
  g_autoptr(GError) error = NULL;
  CliJsonId ignored;

  if (xep174_session_send_finish (session, result, &error))
    {
      cli_json_report ("sent", task->id, NULL, NULL);
      cli_app_note_sent (task->app, xep174_session_get_name (session), task->stanza);
    }
  else
    {
      cli_json_take_stanza (task->stanza, &ignored);
      cli_json_report_failure (task->app, "failed", task->id, "reason", error->message);
    }
  cli_app_release (task->app);
  cli_json_task_free (task);
}

static gboolean
do_stanza (CliJsonCommand  *command,
           GError         **error)
{
  const char *xml = cli_json_get_string (command, "xml", error);
  g_autoptr(Xep174Session) session =
    xml != NULL ? cli_json_ensure_session (command, "to", error) : NULL;

  g_autoptr(Xep174Element) stanza = session != NULL ? xep174_element_parse (xml, error) : NULL;
  CliJsonTask *task;

  if (stanza == NULL)
    return FALSE;

  cli_json_note_stanza (command, xep174_session_get_name (session), stanza);
  cli_app_hold (command->app);
  task = cli_json_task_new (command);
  task->stanza = xep174_element_ref (stanza);
  xep174_session_send_async (session, stanza, NULL, on_stanza_sent, task);

  return TRUE;
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CliJsonTask *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_open_finish (XEP174_SESSION (source), result, &error))
    cli_json_report_failure (task->app, "error", task->id, "message", error->message);
  cli_json_task_free (task);
}

static gboolean
do_open (CliJsonCommand  *command,
         GError         **error)
{
  g_autoptr(Xep174Session) session = cli_json_ensure_session (command, "contact", error);

  if (session == NULL)
    return FALSE;

  xep174_session_open_async (session, NULL, on_opened, cli_json_task_new (command));

  return TRUE;
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CliJsonTask *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_close_finish (XEP174_SESSION (source), result, &error))
    cli_json_report_failure (task->app, "error", task->id, "message", error->message);
  cli_json_task_free (task);
}

static gboolean
do_close (CliJsonCommand  *command,
          GError         **error)
{
  Xep174Client *client = cli_app_get_client (command->app);
  const char *name = cli_json_get_word (command, "contact", error);
  Xep174Session *session;

  if (name == NULL)
    return FALSE;

  session = xep174_session_manager_find_session (xep174_client_get_session_manager (client), name);
  if (session == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no conversation with %s", name);
      return FALSE;
    }

  xep174_session_close_async (session, NULL, on_closed, cli_json_task_new (command));

  return TRUE;
}

static gboolean
do_status (CliJsonCommand  *command,
           GError         **error)
{
  const char *text = cli_json_get_word (command, "status", error);
  const char *message;
  Xep174Status status;

  if (text == NULL || !cli_json_get_optional (command, "message", &message, error))
    return FALSE;
  if (!cli_status_from_string (text, &status))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The status cannot be “%s”; choose available, away or dnd", text);
      return FALSE;
    }

  return xep174_profile_set_status (xep174_client_get_profile (cli_app_get_client (command->app)),
                                    status, message, error);
}

static gboolean
do_add (CliJsonCommand  *command,
        GError         **error)
{
  const char *name = cli_json_get_word (command, "name", error);
  const char *address = name != NULL ? cli_json_get_word (command, "address", error) : NULL;
  JsonNode *node = json_object_get_member (command->object, "port");
  gint64 port;

  if (address == NULL)
    return FALSE;

  port = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : 0;
  if (port < 1 || port > G_MAXUINT16)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "“port” is missing, or is not a number from 1 to 65535");
      return FALSE;
    }

  return cli_app_add_contact (command->app, name, address, port, error);
}

static gboolean
do_quit (CliJsonCommand  *command,
         GError         **error)
{
  cli_app_quit (command->app);

  return TRUE;
}

static const struct
{
  const char *name;
  CliJsonFunc func;
  /* If it fails, that has this event, with a reason; with NULL it is an “error” with a message. */
  const char *failed;
} commands[] = {
  { "message", do_message, "failed" },
  { "correct", cli_json_correct, "failed" },
  { "retract", cli_json_retract, "failed" },
  { "react", cli_json_react, "failed" },
  { "typing", cli_json_typing, NULL },
  { "read", cli_json_read, NULL },
  { "open", do_open, NULL },
  { "close", do_close, NULL },
  { "status", do_status, NULL },
  { "add", do_add, NULL },
  { "stanza", do_stanza, "failed" },
  { "safety-number", cli_json_safety_number, NULL },
  { "verify", cli_json_verify, NULL },
  { "accept", cli_json_accept, NULL },
  { "distrust", cli_json_distrust, NULL },
  { "forget", cli_json_forget, NULL },
  { "send-file", cli_json_send_file, "transfer-failed" },
  { "accept-transfer", cli_json_accept_transfer, NULL },
  { "decline-transfer", cli_json_decline_transfer, NULL },
  { "cancel-transfer", cli_json_cancel_transfer, NULL },
  { "quit", do_quit, NULL },
};

/* The index of the command; -1 if it cannot be known. */
static int
find_command (CliJsonCommand  *command,
              GError         **error)
{
  const char *name = cli_json_get_word (command, "command", error);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (name, commands[i].name))
      return i;

  if (name != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "There is no command “%s”", name);

  return -1;
}

void
cli_json_command (CliApp     *app,
                  CliTold    *told,
                  CliOutbox  *outbox,
                  CliTransfers *transfers,
                  const char *line,
                  gsize       length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = cli_json_parse (line, length, &error);
  CliJsonCommand command = { .app = app, .told = told, .outbox = outbox,
                             .transfers = transfers };
  int i = -1;

  if (root != NULL)
    {
      command.object = json_node_get_object (root);
      if (cli_json_take_id (&command, "id", &command.id, &error))
        i = find_command (&command, &error);
    }
  if (i >= 0)
    commands[i].func (&command, &error);

  if (error != NULL)
    {
      const char *failed = i >= 0 ? commands[i].failed : NULL;

      cli_json_report_failure (app, failed != NULL ? failed : "error", command.id,
                               failed != NULL ? "reason" : "message", error->message);
    }

  g_free (command.id.text);
}
