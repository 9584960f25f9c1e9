/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 send: sends one message, and says why if it cannot be sent. */

#include <string.h>
#include <unistd.h>

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-outbox.h"
#include "cli-records.h"
#include "cli-text.h"
#include "translate.h"

#define TIMEOUT_SECONDS 10

typedef struct
{
  CliApp *app;
  CliOutbox *outbox;
  const char *name;
  char *text;
  /* As it is told what became of it. */
  char *quoted;
  guint timeout;
  int seconds;
  gboolean is_late;
  gboolean is_told;
} Send;

static void
complain (Send       *self,
          const char *to,
          CliOutcome  outcome,
          const char *reason)
{
  g_autofree char *text = cli_outbox_describe (to, outcome, reason, self->quoted);

  cli_complain ("%s", text);
}

static void
tell_lost (Send       *self,
           const char *to,
           const char *reason)
{
  g_autofree char *late = NULL;

  /* That we have left then is no reason to be told by itself. */
  if (self->is_late)
    late = g_strdup_printf (_("the time was up after %d s, --timeout sets another: %s"), self->seconds,
                            reason);
  self->is_told = TRUE;
  cli_app_fail (self->app);
  complain (self, to, CLI_NOT_SENT, late != NULL ? late : reason);
}

static void
on_outcome (const char    *to,
            Xep174Message *message,
            CliOutcome     outcome,
            const char    *reason,
            gpointer       data)
{
  Send *self = data;

  if (outcome > CLI_NOT_SENT)
    complain (self, to, outcome, reason);
  if (self->is_told)
    return;

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (outcome == CLI_NOT_SENT)
    tell_lost (self, to, reason);
  self->is_told = TRUE;
  if (!cli_app_is_quitting (self->app))
    cli_app_quit (self->app);
}

/* The contact is there, but does not read the message. */
static gboolean
on_timeout (gpointer user_data)
{
  Send *self = user_data;

  self->timeout = 0;
  self->is_late = TRUE;
  cli_app_give_up (self->app);

  return G_SOURCE_REMOVE;
}

static gboolean
add_at (Send    *self,
        GError **error)
{
  g_autoptr(GNetworkAddress) address =
    cli_options_parse_address (cli_app_get_options (self->app), error);

  return address != NULL &&
         cli_app_add_contact (self->app, self->name, g_network_address_get_hostname (address),
                              g_network_address_get_port (address), error);
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  Send *self = data;
  CliOptions *options = cli_app_get_options (app);
  g_autoptr(GError) error = NULL;

  if (options->address != NULL && !add_at (self, &error))
    {
      tell_lost (self, self->name, error->message);
      cli_app_quit (app);
      return;
    }

  self->seconds = options->timeout >= 0 ? options->timeout : TIMEOUT_SECONDS;
  /* A second more than to find the contact: if the contact is not found, that is the better reason
   * to show. */
  self->timeout = g_timeout_add (self->seconds * 1000 + (options->address != NULL ? 0 : 1000),
                                 on_timeout, self);
  self->outbox = cli_outbox_new (app, FALSE, self->seconds, on_outcome, self);
  cli_outbox_say (self->outbox, self->name, self->text);
}

static void
on_opened (Xep174SessionManager *manager,
           Xep174Session        *session,
           Send                 *self)
{
  g_autofree char *key = xep174_session_dup_peer_fingerprint (session);
  const char *name = xep174_session_get_name (session);
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (manager);
  g_autofree char *others = key != NULL ? cli_records_tell_others (store, name, key) : NULL;

  if (!xep174_session_get_encrypted (session))
    cli_complain (_("the conversation with %s is not encrypted"), name);
  else if (others != NULL)
    cli_complain (_("the one who is called %s has %s"), name, others);
}

/* Whether the message has arrived, is told apart from it. */
static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           const GError         *error,
           Send                 *self)
{
  const char *refusal = cli_text_refusal (error);

  if (refusal != NULL)
    cli_complain (_("the conversation with %s has ended: %s"), xep174_session_get_name (session), refusal);
}

/* The message is told as not sent; this is what can be done. */
static void
on_key_changed (Xep174Client  *client,
                Xep174Contact *contact,
                const char    *old,
                const char    *new,
                Send          *self)
{
  const char *name = xep174_contact_get_name (contact);
  g_autofree char *key = cli_text_fingerprint (new);
  const char *folder = cli_app_get_options (self->app)->data_dir;
  g_autofree char *quoted = folder != NULL ? g_shell_quote (folder) : NULL;
  g_autofree char *shown = cli_text_name (name);
  Xep174SessionManager *manager = xep174_client_get_session_manager (client);
  g_autofree char *names =
    cli_records_tell_others (xep174_session_manager_get_trust_store (manager), name, new);
  /* It is meant for a shell, and the other side has made it up. */
  gboolean is_plain = strspn (shown, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "@._") == strlen (shown);
  g_autofree char *typed = is_plain ? g_strdup (shown) : g_shell_quote (shown);

  g_autofree char *others = names != NULL ? g_strdup_printf (" (%s)", names) : g_strdup ("");
  g_autofree char *command =
    g_strdup_printf ("xep174 keys %s%s%saccept %s%s %s", folder != NULL ? "--data-dir " : "",
                     folder != NULL ? quoted : "", folder != NULL ? " " : "", *shown == '-' ? "-- " : "",
                     typed, key);

  cli_complain (_("the key of %s has changed: it may be a new machine, or somebody else. If you have asked "
                  "the person and the new key%s is right: %s"), shown, others, command);
}

/* If the message was not sent yet, it is cancelled; if it was, we wait for the receipt. */
static void
on_interrupted (CliApp   *app,
                gpointer  data)
{
  Send *self = data;

  if (self->is_told)
    cli_app_quit (app);
  else
    cli_app_give_up (app);
}

/* The second argument, or all of standard input without its last line end. */
static char *
read_text (CliOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (options->arguments[1] != NULL)
    text = g_strdup (options->arguments[1]);
  else if (!g_file_get_contents ("/dev/stdin", &text, &length, &error))
    {
      cli_complain (_("not sent to %s: standard input cannot be read: %s"), options->arguments[0],
                    error->message);
      return NULL;
    }
  else if (strlen (text) < length)
    {
      cli_complain (_("not sent to %s: standard input is not text; there is a NUL byte in it"),
                    options->arguments[0]);
      return NULL;
    }
  else if (length > 0 && text[length - 1] == '\n')
    text[length - 1] = '\0';

  if (*text == '\0')
    {
      cli_complain (_("not sent to %s: there is no text to send"), options->arguments[0]);
      return NULL;
    }

  return g_steal_pointer (&text);
}

int
cli_send (CliOptions *options)
{
  g_autofree char *text = read_text (options);
  g_autoptr(CliApp) app = text != NULL ? cli_app_new (options) : NULL;
  Send self = { .app = app, .name = options->arguments[0], .text = text };
  g_autofree char *quoted = NULL;
  g_autoptr(Xep174SessionManager) manager = NULL;

  if (app == NULL)
    return text != NULL ? CLI_USAGE : CLI_FAILURE;

  /* Who did not type it has it elsewhere. */
  quoted = cli_text_quote (text, options->arguments[1] == NULL && !isatty (STDIN_FILENO) ? CLI_TEXT_BEGINNING
                                                                                         : G_MAXLONG);
  self.quoted = quoted;
  manager = g_object_ref (xep174_client_get_session_manager (cli_app_get_client (app)));
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_opened), &self);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), &self);
  g_signal_connect (cli_app_get_client (app), "key-changed", G_CALLBACK (on_key_changed), &self);
  cli_app_set_interrupted (app, on_interrupted);
  cli_app_run (app, on_started, &self);

  g_clear_handle_id (&self.timeout, g_source_remove);
  g_clear_pointer (&self.outbox, cli_outbox_free);
  if (!self.is_told)
    tell_lost (&self, self.name, _("the program ended first"));
  g_signal_handlers_disconnect_by_data (manager, &self);
  g_signal_handlers_disconnect_by_data (cli_app_get_client (app), &self);

  return cli_app_get_status (app);
}
