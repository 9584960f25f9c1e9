/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-json-members.h"

#include <string.h>

#include "cli-json-parse.h"

/* So much of what was sent is remembered. The library remembers less that may become unconfirmed. */
#define MEMORY 4096
#define ID "xep174-cli-id"

typedef struct
{
  char *to;
  CliJsonId id;
  Xep174Element *stanza; /* NULL if nothing more is to be told of it */
} Sent;

/* (element-type Sent): the last one first. */
static GQueue sent_before = G_QUEUE_INIT;

static CliJsonId
id_copy (CliJsonId id)
{
  return (CliJsonId) { g_strdup (id.text), id.is_number };
}

void
cli_json_note_stanza (CliJsonCommand *command,
                      const char     *to,
                      Xep174Element  *stanza)
{
  Sent *sent = g_new (Sent, 1);

  *sent = (Sent) { g_strdup (to), id_copy (command->id), xep174_element_ref (stanza) };
  g_queue_push_head (&sent_before, sent);
  if (sent_before.length <= MEMORY)
    return;

  sent = g_queue_pop_tail (&sent_before);
  g_free (sent->to);
  g_free (sent->id.text);
  g_clear_pointer (&sent->stanza, xep174_element_unref);
  g_free (sent);
}

gboolean
cli_json_take_stanza (Xep174Element *stanza,
                      CliJsonId     *id)
{
  for (GList *l = sent_before.head; l != NULL; l = l->next)
    {
      Sent *sent = l->data;

      if (sent->stanza != stanza)
        continue;

      *id = sent->id;
      g_clear_pointer (&sent->stanza, xep174_element_unref);
      return TRUE;
    }

  return FALSE;
}

gboolean
cli_json_has_stanza (const char *to)
{
  for (GList *l = sent_before.head; l != NULL; l = l->next)
    if (g_ascii_strcasecmp (((Sent *) l->data)->to, to) == 0)
      return TRUE;

  return FALSE;
}

static void
id_free (gpointer data)
{
  CliJsonId *id = data;

  g_free (id->text);
  g_free (id);
}

void
cli_json_adopt_message (Xep174Message *message,
                        CliJsonId      id)
{
  CliJsonId *kept = g_new (CliJsonId, 1);

  *kept = id_copy (id);
  g_object_set_data_full (G_OBJECT (message), ID, kept, id_free);
}

CliJsonId
cli_json_get_message_id (Xep174Message *message)
{
  CliJsonId *id = g_object_get_data (G_OBJECT (message), ID);

  return *id;
}

/* json-glib writes some numbers so that nobody can read them: “inf”, “1e+20.0”. */
static gboolean
is_kept (JsonNode   *number,
         const char *text)
{
  g_autoptr(JsonNode) back = json_from_string (text, NULL);

  return back != NULL && json_node_equal (number, back);
}

gboolean
cli_json_take_id (CliJsonCommand  *command,
                  const char      *member,
                  CliJsonId       *id,
                  GError         **error)
{
  JsonNode *node = json_object_get_member (command->object, member);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *text = NULL;

  if (node == NULL || json_node_is_null (node))
    return TRUE;

  id->is_number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
  if (id->is_number)
    text = json_to_string (node, FALSE);
  else if (type == G_TYPE_STRING)
    text = g_strdup (cli_json_get_string (command, member, error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is neither a string nor a number",
                 member);

  if (id->is_number && !is_kept (node, text))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is too big a number; write it in quotation marks", member);
      return FALSE;
    }

  id->text = g_steal_pointer (&text);

  return id->text != NULL;
}

void
cli_json_set_id (JsonObject *event,
                 CliJsonId   id)
{
  if (id.is_number)
    json_object_set_member (event, "id", json_from_string (id.text, NULL));
  else
    cli_event_set_string (event, "id", id.text);
}

void
cli_json_report (const char *event_name,
                 CliJsonId   id,
                 const char *member,
                 const char *text)
{
  JsonObject *event = cli_event_new (event_name);

  if (member != NULL)
    cli_event_set_string (event, member, text);
  if (id.text != NULL)
    cli_json_set_id (event, id);
  cli_event_emit (event);
}

void
cli_json_report_failure (CliApp     *app,
                         const char *event_name,
                         CliJsonId   id,
                         const char *member,
                         const char *text)
{
  cli_app_fail (app);
  cli_json_report (event_name, id, member, text);
}

const char *
cli_json_get_string (CliJsonCommand  *command,
                     const char      *member,
                     GError         **error)
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

const char *
cli_json_get_word (CliJsonCommand  *command,
                   const char      *member,
                   GError         **error)
{
  const char *word = cli_json_get_string (command, member, error);

  if (word == NULL || *word != '\0')
    return word;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is empty", member);
  return NULL;
}

gboolean
cli_json_get_optional (CliJsonCommand  *command,
                       const char      *member,
                       const char     **value,
                       GError         **error)
{
  JsonNode *node = json_object_get_member (command->object, member);

  *value = NULL;
  if (node == NULL || json_node_is_null (node))
    return TRUE;

  *value = cli_json_get_string (command, member, error);

  return *value != NULL;
}

Xep174Contact *
cli_json_get_contact (CliJsonCommand  *command,
                      const char      *member,
                      GError         **error)
{
  const char *name = cli_json_get_word (command, member, error);
  Xep174Contact *contact;

  if (name == NULL)
    return NULL;

  contact = xep174_client_find_contact (cli_app_get_client (command->app), name);
  if (contact == NULL)
    g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                 "“%s” is not on the network", name);

  return contact;
}

Xep174Session *
cli_json_ensure_session (CliJsonCommand  *command,
                         const char      *member,
                         GError         **error)
{
  Xep174Contact *contact = cli_json_get_contact (command, member, error);
  Xep174Client *client = cli_app_get_client (command->app);

  if (contact == NULL)
    return NULL;

  return xep174_session_manager_ensure_session (xep174_client_get_session_manager (client),
                                                xep174_contact_get_name (contact), error);
}

CliJsonTask *
cli_json_task_new (CliJsonCommand *command)
{
  CliJsonTask *task = g_new0 (CliJsonTask, 1);

  task->app = command->app;
  task->told = command->told;
  task->transfers = command->transfers;
  task->id = id_copy (command->id);

  return task;
}

void
cli_json_task_free (CliJsonTask *task)
{
  g_free (task->id.text);
  g_clear_pointer (&task->stanza, xep174_element_unref);
  g_free (task);
}
