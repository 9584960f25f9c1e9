/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat --json: what is said of what was said, and who types. */

#include "cli-json-changes.h"

/* In the order of Xep174ChatState. */
static const char *const states[] = {
  [XEP174_CHAT_STATE_ACTIVE] = "active",
  [XEP174_CHAT_STATE_COMPOSING] = "composing",
  [XEP174_CHAT_STATE_PAUSED] = "paused",
  [XEP174_CHAT_STATE_INACTIVE] = "inactive",
  [XEP174_CHAT_STATE_GONE] = "gone",
};

/* --- What is told --------------------------------------------------------------------------- */

void
cli_json_set_message (JsonObject    *event,
                      Xep174Message *message)
{
  cli_event_set_string (event, "body", xep174_message_get_body (message));
  cli_event_set_string (event, "id", xep174_message_get_id (message));
  cli_event_set_string (event, "reply_to", xep174_message_get_reply_to (message));
}

static void
emit_reactions (const char    *name,
                Xep174Message *message)
{
  JsonObject *event = cli_event_new ("reacted");
  const char *const *reactions = xep174_message_get_reactions (message);
  JsonArray *signs = json_array_new ();

  cli_event_set_string (event, "from", name);
  if (xep174_message_get_outgoing (message))
    cli_json_set_id (event, cli_json_get_message_id (message));
  else
    cli_event_set_string (event, "id", xep174_message_get_id (message));
  json_object_set_boolean_member (event, "own", xep174_message_get_outgoing (message));
  for (guint i = 0; reactions[i] != NULL; i++)
    json_array_add_string_element (signs, reactions[i]);
  json_object_set_array_member (event, "reactions", signs);
  cli_event_emit (event);
}

void
cli_json_change (Xep174Conversation *conversation,
                 Xep174Message      *message,
                 CliChange           change,
                 gpointer            data)
{
  const char *name = xep174_contact_get_name (xep174_conversation_get_contact (conversation));
  JsonObject *event;

  switch (change)
    {
    case CLI_CORRECTED:
      event = cli_event_new ("corrected");
      cli_event_set_string (event, "from", name);
      cli_json_set_message (event, message);
      cli_event_emit (event);
      break;
    case CLI_RETRACTED:
      event = cli_event_new ("retracted");
      cli_event_set_string (event, "from", name);
      cli_event_set_string (event, "id", xep174_message_get_id (message));
      cli_event_emit (event);
      break;
    case CLI_REACTED:
      emit_reactions (name, message);
      break;
    case CLI_TYPING:
      event = cli_event_new ("typing");
      cli_event_set_string (event, "contact", name);
      cli_event_set_string (event, "state", states[xep174_conversation_get_contact_state (conversation)]);
      cli_event_emit (event);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* --- What is asked for ---------------------------------------------------------------------- */

static Xep174Conversation *
get_conversation (CliJsonCommand  *command,
                  const char      *member,
                  GError         **error)
{
  Xep174Contact *contact = cli_json_get_contact (command, member, error);

  return contact != NULL ? xep174_client_get_conversation (cli_app_get_client (command->app), contact) : NULL;
}

Xep174Message *
cli_json_find_message (CliJsonCommand      *command,
                       Xep174Conversation  *conversation,
                       const char          *member,
                       gboolean             is_ours,
                       GError             **error)
{
  Xep174Message *message = NULL;
  CliJsonId id = { NULL, FALSE };

  if (!cli_json_take_id (command, member, &id, error))
    return NULL;
  if (id.text != NULL && !is_ours)
    message = xep174_conversation_find_message (conversation, FALSE, id.text);
  if (id.text != NULL && message == NULL)
    message = xep174_conversation_find_message (conversation, TRUE, id.text);
  if (id.text == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is missing", member);
  else if (message == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 is_ours ? "No message with the id “%s” was sent there"
                         : "There is no message with the id “%s” in this conversation", id.text);
  g_free (id.text);
  return message;
}

static void
on_amended (const char    *to,
            Xep174Message *message,
            const char    *reason,
            gpointer       data)
{
  CliJsonTask *task = data;

  /* What becomes of a new message is told with the id of the command. */
  if (message != NULL)
    cli_json_adopt_message (message, task->id);
  else if (reason == NULL)
    cli_json_report ("sent", task->id, NULL, NULL);
  else
    cli_json_report_failure (task->app, "failed", task->id, "reason", reason);
  cli_json_task_free (task);
}

static gboolean
amend (CliJsonCommand      *command,
       CliDeed              deed,
       const char * const  *words,
       GError             **error)
{
  Xep174Conversation *conversation = get_conversation (command, "to", error);
  Xep174Message *message =
    conversation != NULL
    ? cli_json_find_message (command, conversation, "message", deed != CLI_REACT, error) : NULL;

  if (message == NULL)
    return FALSE;

  cli_outbox_amend (command->outbox, message, deed, words, on_amended, cli_json_task_new (command));
  return TRUE;
}

gboolean
cli_json_correct (CliJsonCommand  *command,
                  GError         **error)
{
  const char *words[] = { cli_json_get_string (command, "body", error), NULL };

  return words[0] != NULL && amend (command, CLI_CORRECT, words, error);
}

gboolean
cli_json_retract (CliJsonCommand  *command,
                  GError         **error)
{
  return amend (command, CLI_RETRACT, NULL, error);
}

gboolean
cli_json_react (CliJsonCommand  *command,
                GError         **error)
{
  JsonNode *node = json_object_get_member (command->object, "reactions");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_array_get_string_element (array, i));
    else
      array = NULL;
  if (array == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "“reactions” is missing, or is not a list of strings");
      return FALSE;
    }

  words = g_strv_builder_end (builder);
  return amend (command, CLI_REACT, (const char * const *) words, error);
}

gboolean
cli_json_typing (CliJsonCommand  *command,
                 GError         **error)
{
  const char *word = cli_json_get_word (command, "state", error);
  Xep174Conversation *conversation = word != NULL ? get_conversation (command, "contact", error) : NULL;

  if (conversation == NULL)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (word, states[i]))
      {
        xep174_conversation_set_state (conversation, (Xep174ChatState) i);
        return TRUE;
      }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "The state cannot be “%s”; choose active, composing, paused, inactive or gone", word);
  return FALSE;
}

gboolean
cli_json_read (CliJsonCommand  *command,
               GError         **error)
{
  Xep174Conversation *conversation = get_conversation (command, "contact", error);

  if (conversation != NULL)
    xep174_conversation_mark_read (conversation);
  return conversation != NULL;
}
