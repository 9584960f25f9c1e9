/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat --json: whose key it is. */

#include "cli-json-keys.h"

#include "cli-records.h"
#include "cli-text.h"

void
cli_json_set_others (JsonObject       *event,
                     Xep174TrustStore *store,
                     const char       *name,
                     const char       *key)
{
  g_autoptr(GPtrArray) others = cli_records_find_others (store, name, key);
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < others->len; i++)
    json_array_add_string_element (list, others->pdata[i]);
  json_object_set_array_member (event, "also", list);
}

static void
emit_trust (Xep174TrustStore *store,
            const char       *name,
            Xep174Trust       trust,
            const char       *key,
            CliJsonId         id)
{
  JsonObject *event = cli_event_new ("trust-changed");

  cli_event_set_string (event, "contact", name);
  cli_event_set_string (event, "trust", cli_text_trust_word (trust));
  cli_event_set_string (event, "key", key);
  cli_json_set_others (event, store, name, key);
  if (id.text != NULL)
    cli_json_set_id (event, id);
  cli_event_emit (event);
}

/* --- What changes by itself --------------------------------------------------------------- */

/* About whom a command decides just now: what it changes is told by its answer. */
static const char *deciding;

static void
on_trust (Xep174Contact    *contact,
          GParamSpec       *property,
          Xep174TrustStore *store)
{
  const char *name = xep174_contact_get_name (contact);

  if (deciding == NULL || g_ascii_strcasecmp (deciding, name) != 0)
    emit_trust (store, name, xep174_contact_get_trust (contact), NULL, (CliJsonId) { NULL, FALSE });
}

void
cli_json_watch_trust (Xep174Contact    *contact,
                      Xep174TrustStore *store)
{
  g_signal_connect_object (contact, "notify::trust", G_CALLBACK (on_trust), store, 0);
}

void
cli_json_unwatch_trust (Xep174Contact *contact)
{
  g_signal_handlers_disconnect_matched (contact, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_trust, NULL);
}

/* --- The number ---------------------------------------------------------------------------- */

static gboolean
emit_number (CliApp        *app,
             CliTold       *told,
             Xep174Session *session,
             CliJsonId      id)
{
  Xep174SessionManager *manager = xep174_client_get_session_manager (cli_app_get_client (app));
  const char *name = xep174_session_get_name (session);

  g_autofree char *key = NULL;
  g_autofree char *number = cli_told_add_number (told, session, &key);
  JsonObject *event;

  if (number == NULL)
    return FALSE;

  event = cli_event_new ("safety-number");
  cli_event_set_string (event, "contact", name);
  cli_event_set_string (event, "number", number);
  cli_event_set_string (event, "key", key);
  cli_json_set_others (event, xep174_session_manager_get_trust_store (manager), name, key);
  if (id.text != NULL)
    cli_json_set_id (event, id);
  cli_event_emit (event);
  return TRUE;
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CliJsonTask *task = user_data;
  Xep174Session *session = XEP174_SESSION (source);
  g_autoptr(GError) error = NULL;

  if (xep174_session_open_finish (session, result, &error))
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "The conversation with %s is not encrypted, so there is no number",
                 xep174_session_get_name (session));
  /* A key that was refused has a number, too. */
  if (!emit_number (task->app, task->told, session, task->id))
    cli_json_report_failure (task->app, "error", task->id, "message", error->message);
  cli_json_task_free (task);
}

gboolean
cli_json_safety_number (CliJsonCommand  *command,
                        GError         **error)
{
  Xep174SessionManager *manager =
    xep174_client_get_session_manager (cli_app_get_client (command->app));
  const char *name = cli_json_get_word (command, "contact", error);
  g_autoptr(Xep174Session) session =
    name != NULL ? xep174_session_manager_ensure_session (manager, name, error) : NULL;

  if (session == NULL)
    return FALSE;
  if (emit_number (command->app, command->told, session, command->id))
    return TRUE;
  if (cli_json_get_contact (command, "contact", error) == NULL)
    return FALSE;

  xep174_session_open_async (session, NULL, on_opened, cli_json_task_new (command));
  return TRUE;
}

/* --- What is decided ---------------------------------------------------------------------- */

/* What is so now of the key, or of all of them. */
static Xep174Trust
find_trust (Xep174TrustStore *store,
            CliDecision       decision,
            const char       *key)
{
  g_autoptr(Xep174KeyRecord) record = key != NULL ? cli_records_find_key (store, key) : NULL;

  if (record != NULL)
    return xep174_key_record_get_trust (record);

  return decision == CLI_DISTRUSTED ? XEP174_TRUST_DISTRUSTED : XEP174_TRUST_UNKNOWN;
}

static gboolean
decide (CliJsonCommand  *command,
        CliDecision      decision,
        GError         **error)
{
  Xep174SessionManager *manager =
    xep174_client_get_session_manager (cli_app_get_client (command->app));
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (manager);
  const char *name = cli_json_get_word (command, "contact", error);
  const char *typed = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GPtrArray) kept = NULL;
  gboolean decided;

  if (name == NULL || !cli_json_get_optional (command, "key", &typed, error))
    return FALSE;

  kept = cli_records_find_keys (store, name, TRUE);
  deciding = name;
  decided = cli_told_choose (command->told, decision, name, typed, &key, error)
            && cli_told_decide (command->told, decision, name, key, error);
  deciding = NULL;
  if (!decided)
    return FALSE;

  emit_trust (store, name, find_trust (store, decision, key), key, command->id);
  for (guint i = 0; decision == CLI_FORGOTTEN && i < kept->len; i++)
    {
      cli_told_add (command->told, name, kept->pdata[i]);
      emit_trust (store, name, XEP174_TRUST_DISTRUSTED, kept->pdata[i], (CliJsonId) { NULL, FALSE });
    }
  return TRUE;
}

gboolean
cli_json_verify (CliJsonCommand  *command,
                 GError         **error)
{
  return decide (command, CLI_COMPARED, error);
}

gboolean
cli_json_accept (CliJsonCommand  *command,
                 GError         **error)
{
  return decide (command, CLI_ACCEPTED, error);
}

gboolean
cli_json_distrust (CliJsonCommand  *command,
                   GError         **error)
{
  return decide (command, CLI_DISTRUSTED, error);
}

gboolean
cli_json_forget (CliJsonCommand  *command,
                 GError         **error)
{
  return decide (command, CLI_FORGOTTEN, error);
}
