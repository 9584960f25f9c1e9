/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-json-command.h"

#include <string.h>

#include "cli-json-parse.h"
#include "cli-roster.h"

/* So much of what was sent is remembered. The library remembers fewer messages that may become
 * unconfirmed. */
#define MEMORY 4096

/* As in XMPP, where every id is a text. */
typedef struct
{
  char *text;
  gboolean is_number;
} Id;

typedef struct
{
  CliApp *app;
  JsonObject *object;
  Id id;
} Command;

typedef gboolean (*CommandFunc) (Command  *command,
                                 GError  **error);

/* The id is that of the stanza; its text is NULL if that is not known. */
typedef struct
{
  char *to;
  Id id;
} Sent;

/* (element-type Sent): the last one first. */
static GQueue sent_before = G_QUEUE_INIT;

static void
note_sent (const char *to,
           Id          id)
{
  Sent *sent = g_new (Sent, 1);

  *sent = (Sent) { g_strdup (to), { g_strdup (id.text), id.is_number } };
  g_queue_push_head (&sent_before, sent);
  if (sent_before.length <= MEMORY)
    return;

  sent = g_queue_pop_tail (&sent_before);
  g_free (sent->to);
  g_free (sent->id.text);
  g_free (sent);
}

gboolean
cli_json_command_has_sent (const char *to,
                           const char *id)
{
  for (GList *l = sent_before.head; l != NULL; l = l->next)
    {
      Sent *sent = l->data;

      if (g_ascii_strcasecmp (sent->to, to) == 0 &&
          (id == NULL || sent->id.text == NULL || g_str_equal (sent->id.text, id)))
        return TRUE;
    }

  return FALSE;
}

static void
set_id (JsonObject *event,
        Id          id)
{
  if (id.is_number)
    json_object_set_member (event, "id", json_from_string (id.text, NULL));
  else
    cli_event_set_string (event, "id", id.text);
}

void
cli_json_command_set_id (JsonObject *event,
                         const char *id)
{
  gboolean is_number = FALSE;

  for (GList *l = sent_before.head; id != NULL && l != NULL; l = l->next)
    if (g_strcmp0 (((Sent *) l->data)->id.text, id) == 0)
      {
        is_number = ((Sent *) l->data)->id.is_number;
        break;
      }
  set_id (event, (Id) { (char *) id, is_number });
}

static void
report (const char *event_name,
        Id          id,
        const char *member,
        const char *text)
{
  JsonObject *event = cli_event_new (event_name);

  if (member != NULL)
    cli_event_set_string (event, member, text);
  if (id.text != NULL)
    set_id (event, id);
  cli_event_emit (event);
}

/* A command was not carried out. Whichever it was, the exit status tells. */
static void
report_failure (CliApp     *app,
                const char *event_name,
                Id          id,
                const char *member,
                const char *text)
{
  cli_app_fail (app);
  report (event_name, id, member, text);
}

static Id
id_copy (Id id)
{
  return (Id) { g_strdup (id.text), id.is_number };
}

/* A member that must be there, and be a string. */
static const char *
get_string (Command     *command,
            const char  *member,
            GError     **error)
{
  JsonNode *node = json_object_get_member (command->object, member);

  if (node == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is missing", member);
  else if (json_node_get_value_type (node) != G_TYPE_STRING)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not a string", member);
  else if (strstr (json_node_get_string (node), CLI_JSON_NUL) != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” has the character U+0000 or U+FFFF in it; leave it out", member);
  else
    return json_node_get_string (node);

  return NULL;
}

/* The same, and it must not be empty. */
static const char *
get_word (Command     *command,
          const char  *member,
          GError     **error)
{
  const char *word = get_string (command, member, error);

  if (word == NULL || *word != '\0')
    return word;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is empty", member);
  return NULL;
}

/* A member that may be missing or null. */
static gboolean
get_optional_string (Command     *command,
                     const char  *member,
                     const char **value,
                     GError     **error)
{
  JsonNode *node = json_object_get_member (command->object, member);

  *value = NULL;
  if (node == NULL || json_node_is_null (node))
    return TRUE;

  *value = get_string (command, member, error);

  return *value != NULL;
}

static Xep174Contact *
get_contact (Command     *command,
             const char  *member,
             GError     **error)
{
  const char *name = get_word (command, member, error);
  Xep174Contact *contact;

  if (name == NULL)
    return NULL;

  contact = xep174_client_find_contact (cli_app_get_client (command->app), name);
  if (contact == NULL)
    g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                 "“%s” is not on the network", name);

  return contact;
}

static Xep174Session *
ensure_session (Command     *command,
                const char  *member,
                GError     **error)
{
  Xep174Contact *contact = get_contact (command, member, error);
  Xep174Client *client = cli_app_get_client (command->app);

  if (contact == NULL)
    return NULL;

  return xep174_session_manager_ensure_session (xep174_client_get_session_manager (client),
                                                xep174_contact_get_name (contact), error);
}

/* A command that ends later; its events have its id. */
typedef struct
{
  CliApp *app;
  Id id;
} Task;

static Task *
task_new (Command *command)
{
  Task *task = g_new0 (Task, 1);

  task->app = command->app;
  task->id = id_copy (command->id);

  return task;
}

static void
task_free (Task *task)
{
  g_free (task->id.text);
  g_free (task);
}

/* A stanza on its way, which the program waits for before it ends. */
static Task *
sending_new (Command *command)
{
  cli_app_hold (command->app);

  return task_new (command);
}

static void
sending_end (Task   *task,
             GError *error)
{
  if (error == NULL)
    report ("sent", task->id, NULL, NULL);
  else
    report_failure (task->app, "failed", task->id, "reason", error->message);

  cli_app_release (task->app);
  task_free (task);
}

static void
on_message_sent (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  xep174_client_send_message_finish (XEP174_CLIENT (source), result, &error);
  sending_end (user_data, error);
}

static gboolean
do_message (Command  *command,
            GError  **error)
{
  const char *to = get_string (command, "to", error);
  const char *body = to != NULL ? get_string (command, "body", error) : NULL;
  g_autoptr(Xep174Message) message = NULL;
  Xep174Contact *contact;

  if (command->id.text == NULL)
    command->id.text = g_uuid_string_random ();
  contact = body != NULL ? get_contact (command, "to", error) : NULL;
  if (contact == NULL)
    return FALSE;

  note_sent (xep174_contact_get_name (contact), command->id);
  message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, body);
  xep174_message_set_id (message, command->id.text);
  xep174_client_send_message_async (cli_app_get_client (command->app), contact, message, NULL,
                                    on_message_sent, sending_new (command));

  return TRUE;
}

static void
on_stanza_sent (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  xep174_session_send_finish (XEP174_SESSION (source), result, &error);
  sending_end (user_data, error);
}

static gboolean
do_stanza (Command  *command,
           GError  **error)
{
  const char *xml = get_string (command, "xml", error);
  g_autoptr(Xep174Session) session = xml != NULL ? ensure_session (command, "to", error) : NULL;

  if (session == NULL)
    return FALSE;

  note_sent (xep174_session_get_name (session), (Id) { NULL, FALSE });
  xep174_session_send_xml_async (session, xml, NULL, on_stanza_sent, sending_new (command));

  return TRUE;
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_open_finish (XEP174_SESSION (source), result, &error))
    report_failure (task->app, "error", task->id, "message", error->message);
  task_free (task);
}

static gboolean
do_open (Command  *command,
         GError  **error)
{
  g_autoptr(Xep174Session) session = ensure_session (command, "contact", error);

  if (session == NULL)
    return FALSE;

  xep174_session_open_async (session, NULL, on_opened, task_new (command));

  return TRUE;
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Task *task = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_close_finish (XEP174_SESSION (source), result, &error))
    report_failure (task->app, "error", task->id, "message", error->message);
  task_free (task);
}

static gboolean
do_close (Command  *command,
          GError  **error)
{
  Xep174Client *client = cli_app_get_client (command->app);
  const char *name = get_word (command, "contact", error);
  Xep174Session *session;

  if (name == NULL)
    return FALSE;

  session = xep174_session_manager_find_session (xep174_client_get_session_manager (client), name);
  if (session == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no conversation with %s", name);
      return FALSE;
    }

  xep174_session_close_async (session, NULL, on_closed, task_new (command));

  return TRUE;
}

static gboolean
do_status (Command  *command,
           GError  **error)
{
  const char *text = get_word (command, "status", error);
  const char *message;
  Xep174Status status;

  if (text == NULL || !get_optional_string (command, "message", &message, error))
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
do_add (Command  *command,
        GError  **error)
{
  const char *name = get_word (command, "name", error);
  const char *address = name != NULL ? get_word (command, "address", error) : NULL;
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
do_safety_number (Command  *command,
                  GError  **error)
{
  Xep174Client *client = cli_app_get_client (command->app);
  const char *name = get_word (command, "contact", error);
  g_autofree char *number = NULL;
  g_autofree char *key = NULL;
  JsonObject *event;
  Xep174Session *session;

  if (name == NULL)
    return FALSE;

  session = xep174_session_manager_find_session (xep174_client_get_session_manager (client), name);
  if (session != NULL)
    {
      number = xep174_session_dup_safety_number (session);
      key = xep174_session_dup_peer_fingerprint (session);
    }
  if (number == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "There is no encrypted conversation with %s; open one first", name);
      return FALSE;
    }

  event = cli_event_new ("safety-number");
  cli_event_set_string (event, "contact", xep174_session_get_name (session));
  cli_event_set_string (event, "number", number);
  cli_event_set_string (event, "key", key);
  if (command->id.text != NULL)
    set_id (event, command->id);
  cli_event_emit (event);
  return TRUE;
}

static gboolean
decide (Command   *command,
        gboolean (*func) (Xep174SessionManager *, const char *, const char *, GError **),
        GError   **error)
{
  const char *name = get_word (command, "contact", error);
  Xep174SessionManager *manager = xep174_client_get_session_manager (cli_app_get_client (command->app));
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *shown = NULL;
  const char *key = NULL;

  if (name == NULL || !get_optional_string (command, "key", &key, error))
    return FALSE;

  session = key == NULL ? xep174_session_manager_ensure_session (manager, name, error) : NULL;
  if (key == NULL && session == NULL)
    return FALSE;

  shown = session != NULL ? xep174_session_dup_peer_fingerprint (session) : NULL;
  if (key == NULL)
    key = shown;
  if (key != NULL || func == xep174_session_manager_distrust_key)
    return func (manager, name, key, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No key of “%s” is known", name);
  return FALSE;
}

static gboolean
do_verify (Command  *command,
           GError  **error)
{
  return decide (command, xep174_session_manager_verify_key, error);
}

static gboolean
do_accept (Command  *command,
           GError  **error)
{
  return decide (command, xep174_session_manager_accept_key, error);
}

static gboolean
do_distrust (Command  *command,
             GError  **error)
{
  return decide (command, xep174_session_manager_distrust_key, error);
}

static gboolean
do_forget (Command  *command,
           GError  **error)
{
  const char *name = get_word (command, "contact", error);

  return name != NULL
         && xep174_session_manager_forget_keys (xep174_client_get_session_manager (
                                                  cli_app_get_client (command->app)), name, error);
}

static gboolean
do_quit (Command  *command,
         GError  **error)
{
  cli_app_quit (command->app);

  return TRUE;
}

static const struct
{
  const char *name;
  CommandFunc func;
  /* It says something to somebody; if it fails, that has “failed”. */
  gboolean speaks;
} commands[] = {
  { "message", do_message, TRUE },
  { "open", do_open, FALSE },
  { "close", do_close, FALSE },
  { "status", do_status, FALSE },
  { "add", do_add, FALSE },
  { "stanza", do_stanza, TRUE },
  { "safety-number", do_safety_number, FALSE },
  { "verify", do_verify, FALSE },
  { "accept", do_accept, FALSE },
  { "distrust", do_distrust, FALSE },
  { "forget", do_forget, FALSE },
  { "quit", do_quit, FALSE },
};

/* json-glib writes some numbers so that nobody can read them: “inf”, “1e+20.0”. */
static gboolean
is_kept (JsonNode   *number,
         const char *text)
{
  g_autoptr(JsonNode) back = json_from_string (text, NULL);

  return back != NULL && json_node_equal (number, back);
}

static gboolean
take_id (Command  *command,
         GError  **error)
{
  JsonNode *node = json_object_get_member (command->object, "id");
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *text = NULL;

  if (node == NULL || json_node_is_null (node))
    return TRUE;

  command->id.is_number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
  if (command->id.is_number)
    text = json_to_string (node, FALSE);
  else if (type == G_TYPE_STRING)
    text = g_strdup (get_string (command, "id", error));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "“id” is neither a string nor a number");

  if (command->id.is_number && !is_kept (node, text))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "“id” is too big a number; write it in quotation marks");
      return FALSE;
    }

  command->id.text = g_steal_pointer (&text);

  return command->id.text != NULL;
}

/* The index of the command; -1 if it cannot be known. */
static int
find_command (Command  *command,
              GError  **error)
{
  const char *name = get_word (command, "command", error);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (name, commands[i].name))
      return i;

  if (name != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "There is no command “%s”", name);

  return -1;
}

void
cli_json_command (CliApp     *app,
                  const char *line,
                  gsize       length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) root = cli_json_parse (line, length, &error);
  Command command = { .app = app };
  int i = -1;

  if (root != NULL)
    {
      command.object = json_node_get_object (root);
      if (take_id (&command, &error))
        i = find_command (&command, &error);
    }
  if (i >= 0)
    commands[i].func (&command, &error);

  if (error != NULL)
    {
      gboolean speaks = i >= 0 && commands[i].speaks;

      report_failure (app, speaks ? "failed" : "error", command.id,
                      speaks ? "reason" : "message", error->message);
    }

  g_free (command.id.text);
}
