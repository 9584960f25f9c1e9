/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat --json: a chat for programs, one JSON object a line each way. */

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-events.h"
#include "cli-input.h"
#include "cli-json-changes.h"
#include "cli-json-command.h"
#include "cli-json-files.h"
#include "cli-json-keys.h"
#include "cli-roster.h"
#include "cli-text.h"

typedef struct
{
  CliApp *app;
  CliTold *told;
  CliOutbox *outbox;
  CliChanges *changes;
  CliTransfers *transfers;
  CliRoster *roster;
  CliInput *input;
} Json;

static Xep174TrustStore *
get_store (Json *self)
{
  Xep174Client *client = cli_app_get_client (self->app);

  return xep174_session_manager_get_trust_store (xep174_client_get_session_manager (client));
}

static void
emit_online (Json *self)
{
  Xep174Client *client = cli_app_get_client (self->app);
  JsonObject *event = cli_event_new ("online");

  cli_event_set_string (event, "name", xep174_client_get_local_name (client));
  json_object_set_int_member (event, "port", xep174_client_get_port (client));
  cli_event_set_string (event, "discovery", cli_app_get_way (self->app));
  json_object_set_boolean_member (event, "remembers_keys", xep174_client_get_remembers_keys (client));
  cli_event_emit (event);
}

static void
on_local_name (Xep174Client *client,
               GParamSpec   *pspec,
               Json         *self)
{
  if (xep174_client_get_running (client) && xep174_client_get_local_name (client) != NULL)
    emit_online (self);
}

static void
on_roster (CliRosterEvent  event,
           Xep174Contact  *contact,
           gpointer        data)
{
  static const char *const names[] = {
    [CLI_ROSTER_ADDED] = "contact-added",
    [CLI_ROSTER_CHANGED] = "contact-changed",
    [CLI_ROSTER_REMOVED] = "contact-removed",
  };

  cli_event_contact (names[event], contact);
  if (event == CLI_ROSTER_ADDED)
    cli_json_watch_trust (contact, get_store (data));
  else if (event == CLI_ROSTER_REMOVED)
    cli_json_unwatch_trust (contact);
}

/* In UTC, as XEP-0082 writes it. */
static void
set_time (JsonObject *event,
          GDateTime  *time)
{
  g_autoptr(GDateTime) utc = g_date_time_to_utc (time);
  g_autofree char *text = g_date_time_format_iso8601 (utc);

  cli_event_set_string (event, "time", text);
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            Json          *self)
{
  JsonObject *event = cli_event_new ("message");

  cli_event_set_string (event, "from", xep174_contact_get_name (contact));
  cli_json_set_message (event, message);
  set_time (event, xep174_message_get_time (message));
  cli_event_emit (event);
}

static void
emit_outcome (const char *name,
              const char *contact,
              CliJsonId   id,
              const char *reason)
{
  JsonObject *event = cli_event_new (name);

  if (contact != NULL)
    cli_event_set_string (event, "contact", contact);
  if (id.text != NULL)
    cli_json_set_id (event, id);
  if (reason != NULL)
    cli_event_set_string (event, "reason", reason);
  cli_event_emit (event);
}

static void
on_outcome (const char    *to,
            Xep174Message *message,
            CliOutcome     outcome,
            const char    *reason,
            gpointer       data)
{
  static const char *const names[] = {
    [CLI_SENT] = "sent",
    [CLI_RECEIVED] = "received",
    [CLI_READ] = "read",
    [CLI_NOT_SENT] = "failed",
    [CLI_REFUSED] = "failed",
    [CLI_UNCONFIRMED] = "unconfirmed",
  };
  gboolean is_own = outcome == CLI_SENT || outcome == CLI_NOT_SENT;
  gboolean has_failed = outcome == CLI_NOT_SENT || outcome == CLI_REFUSED;

  emit_outcome (names[outcome], is_own ? NULL : to,
                message != NULL ? cli_json_get_message_id (message) : (CliJsonId) { NULL, FALSE },
                has_failed ? reason : NULL);
}

static void
on_confirmed (Xep174SessionManager *manager,
              Xep174Session        *session,
              Xep174Element        *stanza,
              Json                 *self)
{
  CliJsonId id;

  if (cli_json_take_stanza (stanza, &id))
    emit_outcome ("received", xep174_session_get_name (session), id, NULL);
}

static void
on_unconfirmed (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                Json                 *self)
{
  CliJsonId id;

  if (!cli_json_take_stanza (stanza, &id))
    return;

  emit_outcome ("unconfirmed", xep174_session_get_name (session), id, NULL);
  cli_app_fail (self->app);
}

/* Of what was sent as XML; of messages it is told by itself. */
static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            Json          *self)
{
  const char *name = xep174_contact_get_name (contact);
  Xep174Conversation *conversation = xep174_client_get_conversation (client, contact);
  Xep174Message *message = id != NULL ? xep174_conversation_find_message (conversation, TRUE, id) : NULL;

  /* A message tells it by its state, a correction of it does not. */
  if (!cli_json_has_stanza (name) || (message != NULL && g_str_equal (xep174_message_get_id (message), id)))
    return;

  emit_outcome ("failed", name, (CliJsonId) { (char *) id, FALSE }, error->message);
  cli_app_fail (self->app);
}

/* All stanzas that are not messages. They are only shown, so the library still answers an IQ. */
static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Json                 *self)
{
  g_autofree char *xml = xep174_element_to_string (stanza);
  JsonObject *event = cli_event_new ("stanza");

  cli_event_set_string (event, "from", xep174_session_get_name (session));
  cli_event_set_string (event, "xml", xml);
  cli_event_emit (event);

  return FALSE;
}

/* Who was called learns it a moment after that. */
static void
on_acknowledged (Xep174Session *session)
{
  JsonObject *event;

  if (!xep174_session_get_acknowledged (session))
    return;

  event = cli_event_new ("session-changed");
  cli_event_set_string (event, "contact", xep174_session_get_name (session));
  json_object_set_boolean_member (event, "acknowledged", TRUE);
  cli_event_emit (event);
}

static void
unwatch (Xep174Session *session)
{
  g_signal_handlers_disconnect_by_func (session, on_acknowledged, NULL);
}

static void
on_session_opened (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   Json                 *self)
{
  gboolean is_initiator = xep174_session_get_role (session) == XEP174_SESSION_ROLE_INITIATOR;
  g_autofree char *key = xep174_session_dup_peer_fingerprint (session);
  JsonObject *event = cli_event_new ("session-opened");

  cli_event_set_string (event, "contact", xep174_session_get_name (session));
  cli_event_set_string (event, "role", is_initiator ? "initiator" : "recipient");
  json_object_set_boolean_member (event, "encrypted", xep174_session_get_encrypted (session));
  cli_event_set_string (event, "trust", cli_text_trust_word (xep174_session_get_trust (session)));
  cli_json_set_others (event, get_store (self), xep174_session_get_name (session), key);
  json_object_set_boolean_member (event, "acknowledged", xep174_session_get_acknowledged (session));
  cli_event_emit (event);
  /* One session may open again and again. */
  unwatch (session);
  g_signal_connect (session, "notify::acknowledged", G_CALLBACK (on_acknowledged), NULL);
}

static void
on_session_closed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   Json                 *self)
{
  unwatch (session);
  emit_outcome ("session-closed", xep174_session_get_name (session), (CliJsonId) { NULL, FALSE },
                error != NULL ? error->message : "closed");
}

static void
on_session_failed (Xep174SessionManager *manager,
                   Xep174Session        *session,
                   const GError         *error,
                   Json                 *self)
{
  emit_outcome ("session-failed", xep174_session_get_name (session), (CliJsonId) { NULL, FALSE },
                error != NULL ? error->message : "closed");
}

static void
on_key_seen (Xep174Client  *client,
             Xep174Contact *contact,
             const char    *fingerprint,
             Json          *self)
{
  const char *name = xep174_contact_get_name (contact);
  JsonObject *event = cli_event_new ("key-seen");

  cli_event_set_string (event, "contact", name);
  cli_event_set_string (event, "new", fingerprint);
  cli_json_set_others (event, get_store (self), name, fingerprint);
  cli_event_emit (event);
}

static void
on_unencrypted_refused (Xep174Client  *client,
                        Xep174Contact *contact)
{
  JsonObject *event = cli_event_new ("unencrypted-refused");

  cli_event_set_string (event, "contact", xep174_contact_get_name (contact));
  cli_event_emit (event);
}

static void
on_key_changed (Xep174Client  *client,
                Xep174Contact *contact,
                const char    *old,
                const char    *new,
                Json          *self)
{
  const char *name = xep174_contact_get_name (contact);
  JsonObject *event = cli_event_new ("key-changed");

  cli_event_set_string (event, "contact", name);
  cli_event_set_string (event, "old", old);
  cli_event_set_string (event, "new", new);
  cli_json_set_others (event, get_store (self), name, new);
  cli_event_emit (event);
  cli_told_add (self->told, name, new);
}

static void
on_line (const char *line,
         gsize       length,
         gpointer    data)
{
  Json *self = data;

  if (line == NULL)
    cli_app_quit (self->app);
  else if (length > 0)
    cli_json_command (self->app, self->told, self->outbox, self->transfers, line, length);
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  Json *self = data;

  emit_online (self);
  self->roster = cli_roster_new (xep174_client_get_contacts (cli_app_get_client (app)), TRUE,
                                 on_roster, self);
  self->outbox = cli_outbox_new (app, FALSE, 0, on_outcome, self);
  self->transfers = cli_transfers_new (app, cli_json_tell_transfer, self);
  self->input = cli_input_new (self->app, on_line, self);
}

int
cli_json (CliOptions *options)
{
  g_autoptr(CliApp) app = cli_app_new (options);
  Json self = { .app = app };
  Xep174Client *client;
  Xep174SessionManager *manager;

  if (app == NULL)
    return CLI_USAGE;

  client = cli_app_get_client (app);
  manager = xep174_client_get_session_manager (client);
  self.told = cli_told_new (manager, "Ask for the safety-number first, and compare it",
                            "Write the one that you mean in “key”", "“key-changed” has them");
  g_signal_connect (client, "notify::local-name", G_CALLBACK (on_local_name), &self);
  g_signal_connect (client, "message-received", G_CALLBACK (on_message), &self);
  g_signal_connect (client, "message-refused", G_CALLBACK (on_refused), &self);
  g_signal_connect (client, "key-seen", G_CALLBACK (on_key_seen), &self);
  g_signal_connect (client, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused), NULL);
  g_signal_connect (client, "key-changed", G_CALLBACK (on_key_changed), &self);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), &self);
  g_signal_connect (manager, "stanza-confirmed", G_CALLBACK (on_confirmed), &self);
  g_signal_connect (manager, "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), &self);
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_session_opened), &self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_session_closed), &self);
  g_signal_connect (manager, "session-failed", G_CALLBACK (on_session_failed), &self);

  self.changes = cli_changes_new (client, cli_json_change, &self);

  cli_app_run (app, on_started, &self);

  g_clear_pointer (&self.input, cli_input_free);
  g_clear_pointer (&self.outbox, cli_outbox_free);
  g_object_unref (self.changes);
  g_clear_pointer (&self.transfers, cli_transfers_free);
  g_clear_pointer (&self.roster, cli_roster_free);
  g_signal_handlers_disconnect_by_data (client, &self);
  g_signal_handlers_disconnect_by_data (manager, &self);
  cli_told_free (self.told);

  return cli_app_get_status (app);
}
