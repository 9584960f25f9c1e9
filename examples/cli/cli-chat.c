/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: what a person is shown. */

#include "cli-chat-private.h"

#include <string.h>
#include <unistd.h>

#include "cli-commands.h"
#include "cli-output.h"
#include "cli-text.h"
#include "translate.h"

/* How long a line waits for somebody who is not there (yet). */
#define PATIENCE_SECONDS 10

void
cli_chat_show_note (CliChat    *self,
                    const char *format,
                    ...)
{
  va_list arguments;
  g_autofree char *text = NULL;
  g_autofree char *safe = NULL;
  g_autofree char *line = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  safe = cli_text_painted (text);
  line = g_strconcat ("* ", safe, NULL);
  cli_output_line (line);
}

/* Lines after the first are indented, so that nobody can write a line that looks like that of
 * somebody else. */
static char *
indent (const char *text,
        gboolean    is_styled)
{
  g_autofree char *printable = cli_text_styled (text, is_styled);
  g_auto(GStrv) lines = g_strsplit (printable, "\n", -1);

  return g_strjoinv ("\n      ", lines);
}

/* When it was said; what was said on another day, and comes late (XEP-0203), has the day, too. */
static char *
tell_time (GDateTime *said)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) local = g_date_time_to_local (said != NULL ? said : now);
  gboolean is_today = g_date_time_get_year (local) == g_date_time_get_year (now) &&
                      g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now);

  return g_date_time_format (local, is_today ? "%H:%M" : "%Y-%m-%d %H:%M");
}

/* @said is NULL for what is said now. */
static void
show_said (CliChat    *self,
           const char *said_by,
           const char *text,
           gboolean    is_styled,
           GDateTime  *said)
{
  g_autofree char *indented = indent (text, is_styled && cli_terminal_is_coloured (self->terminal));
  g_autofree char *line = NULL;

  if (isatty (STDOUT_FILENO))
    {
      g_autofree char *clock = tell_time (said);

      line = g_strdup_printf ("%s %s: %s", clock, said_by, indented);
    }
  else
    line = g_strdup_printf ("%s: %s", said_by, indented);

  cli_output_line (line);
}

void
cli_chat_show_said (CliChat       *self,
                    const char    *said_by,
                    Xep174Message *message)
{
  Xep174Element *element = xep174_message_get_element (message);

  show_said (self, said_by, xep174_message_get_body (message),
             element == NULL || !xep174_styling_is_off (element), xep174_message_get_time (message));
}

void
cli_chat_show_own (CliChat    *self,
                   const char *to,
                   const char *text)
{
  g_autofree char *painted = NULL;
  g_autofree char *said_by = NULL;

  if (!cli_terminal_has_hidden (self->terminal))
    return;

  painted = to != NULL ? cli_chat_paint_name (self, to) : NULL;
  said_by = painted != NULL ? g_strdup_printf (_("me → %s"), painted) : g_strdup (_("me"));
  show_said (self, said_by, text, TRUE, NULL);
}

void
cli_chat_show_command (CliChat    *self,
                       const char *line)
{
  g_autofree char *painted = NULL;

  if (!cli_terminal_has_hidden (self->terminal))
    return;

  painted = cli_text_paint (line, CLI_COLOUR_DIM, cli_terminal_is_coloured (self->terminal));
  cli_output_line (painted);
}

void
cli_chat_show_error (CliChat    *self,
                     const char *text)
{
  g_autofree char *line = g_strdup_printf ("! %s", text);
  g_autofree char *painted = NULL;

  if (self->terminal == NULL || !isatty (STDOUT_FILENO))
    {
      cli_complain ("%s", text);
      return;
    }

  painted = cli_text_paint (line, CLI_COLOUR_RED, cli_terminal_is_coloured (self->terminal));
  cli_output_line (painted);
}

static void
show_outcome (CliChat    *self,
              const char *to,
              CliOutcome  outcome,
              const char *reason,
              const char *text)
{
  /* Who did not type it here has it elsewhere. */
  g_autofree char *quoted = cli_text_quote (text, isatty (STDIN_FILENO) ? G_MAXLONG : CLI_TEXT_BEGINNING);
  g_autofree char *whole = cli_outbox_describe (to, outcome, reason, quoted);

  if (whole != NULL)
    cli_chat_show_error (self, whole);
}

void
cli_chat_show_lost (CliChat    *self,
                    const char *to,
                    const char *text,
                    const char *reason)
{
  cli_app_fail (self->app);
  show_outcome (self, to, CLI_NOT_SENT, reason, text);
}

char *
cli_chat_paint_name (CliChat    *self,
                     const char *name)
{
  Xep174Contact *contact = xep174_client_find_contact (cli_app_get_client (self->app), name);
  CliColour colour = contact != NULL ? cli_text_status (xep174_contact_get_status (contact))
                                     : CLI_COLOUR_DIM;
  g_autofree char *shown = cli_text_name (name);

  return cli_text_paint (shown, colour, cli_terminal_is_coloured (self->terminal));
}

static void
show_hint (CliChat    *self,
           const char *text)
{
  g_autofree char *line = g_strconcat ("* ", text, NULL);
  g_autofree char *painted =
    cli_text_paint (line, CLI_COLOUR_DIM, cli_terminal_is_coloured (self->terminal));

  cli_output_line (painted);
}

/* \001 and \002 tell readline which characters take no room. */
void
cli_chat_update_prompt (CliChat *self)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  GString *prompt;

  if (self->partner == NULL)
    {
      g_autofree char *shown = cli_text_name (self->sought != NULL ? self->sought : "");

      text = g_strdup_printf (_("looking for %s> "), shown);
      cli_terminal_set_prompt (self->terminal, self->sought != NULL ? text : "> ");
      return;
    }

  name = cli_chat_paint_name (self, self->partner);
  text = cli_chat_describe_partner (self, name);
  prompt = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\x1b')
        g_string_append_c (prompt, '\001');
      g_string_append_c (prompt, *p);
      if (*p == 'm' && strrchr (prompt->str, '\001') > strrchr (prompt->str, '\002'))
        g_string_append_c (prompt, '\002');
    }
  cli_terminal_set_prompt (self->terminal, prompt->str);
  g_string_free (prompt, TRUE);
}

void
cli_chat_set_partner (CliChat    *self,
                      const char *name)
{
  if (g_strcmp0 (self->partner, name) != 0)
    {
      g_free (self->partner);
      self->partner = g_strdup (name);
    }
  cli_chat_update_prompt (self);
}

static void
on_roster (CliRosterEvent  event,
           Xep174Contact  *contact,
           gpointer        data)
{
  CliChat *self = data;
  const char *name = xep174_contact_get_name (contact);
  g_autofree char *painted = cli_chat_paint_name (self, name);
  g_autofree char *presence = cli_text_presence (contact);

  if (cli_app_is_quitting (self->app))
    return;

  switch (event)
    {
    case CLI_ROSTER_ADDED:
      cli_chat_show_note (self, _("%s is here: %s"), painted, presence);
      break;
    case CLI_ROSTER_CHANGED:
      cli_chat_show_note (self, _("%s is now: %s"), painted, presence);
      break;
    case CLI_ROSTER_REMOVED:
      cli_chat_show_note (self, _("%s has left"), painted);
      break;
    default:
      g_assert_not_reached ();
    }

  cli_chat_update_prompt (self);
  if (event == CLI_ROSTER_ADDED && self->partner == NULL && self->lookup == NULL &&
      !self->is_asked_for)
    cli_chat_choose (self, "", -1);
}

static void
on_chosen (Xep174Contact *contact,
           const GError  *error,
           gpointer       data)
{
  CliChat *self = data;

  g_clear_pointer (&self->lookup, cli_lookup_free);
  g_clear_pointer (&self->sought, g_free);
  if (contact != NULL)
    cli_chat_set_partner (self, xep174_contact_get_name (contact));
  else if (self->is_asked_for)
    cli_chat_show_error (self, error->message);
  else if (!self->is_hinted)
    show_hint (self, _("Several people are here; /who lists them, and /to NAME chooses one."));
  self->is_hinted = TRUE;
  cli_chat_update_prompt (self);
  cli_terminal_set_paused (self->terminal, FALSE);
}

void
cli_chat_choose (CliChat    *self,
                 const char *name,
                 int         seconds)
{
  g_clear_pointer (&self->lookup, cli_lookup_free);
  self->is_asked_for = *name != '\0';
  self->lookup = cli_lookup_new (self->app, name, TRUE, seconds, on_chosen, self);
}

void
cli_chat_switch (CliChat    *self,
                 const char *name)
{
  self->is_asked_for = TRUE;
  g_clear_pointer (&self->lookup, cli_lookup_free);
  if (*name == '\0')
    {
      cli_chat_set_partner (self, NULL);
      cli_chat_show_error (self, _("/to NAME"));
      return;
    }

  self->sought = g_strdup (name);
  cli_chat_set_partner (self, NULL);
  cli_terminal_set_paused (self->terminal, TRUE);
  cli_chat_choose (self, name, CLI_LOOKUP_HEARD);
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            CliChat       *self)
{
  const char *name = xep174_contact_get_name (contact);
  Xep174Message *answered = xep174_message_find_answered (message);
  g_autofree char *painted = cli_chat_paint_name (self, name);
  g_autofree char *quoted = answered != NULL ? cli_chat_quote (answered) : NULL;
  g_autofree char *said_by =
    answered != NULL ? g_strdup_printf (_("%s (to %s)"), painted, quoted) : g_strdup (painted);

  if (self->terminal == NULL)
    return;

  cli_chat_show_said (self, said_by, message);
  cli_chat_update_prompt (self);
  /* So it is known what the other program can do when the person reacts; with a text the library asks. */
  xep174_feature_host_supports (XEP174_FEATURE_HOST (client), name, "urn:xmpp:reactions:0");
  if (self->partner == NULL && !self->is_asked_for)
    {
      g_clear_pointer (&self->lookup, cli_lookup_free);
      cli_chat_set_partner (self, name);
    }
}

static void
on_local_name (Xep174Client *client,
               GParamSpec   *pspec,
               CliChat      *self)
{
  const char *name = xep174_client_get_local_name (client);
  g_autofree char *text = NULL;

  if (self->terminal == NULL || name == NULL || cli_app_is_quitting (self->app))
    return;

  text = g_strdup_printf (_("You are %s now."), name);
  show_hint (self, text);
}

static void
on_line (const char *line,
         gpointer    data)
{
  CliChat *self = data;

  if (cli_app_is_quitting (self->app))
    cli_chat_drop_line (self, line != NULL ? line : "");
  else if (line == NULL)
    cli_app_quit (self->app);
  else
    cli_chat_take_line (self, line);
}

/* If a line was sent, nothing is shown: the line is on the screen already. */
static void
on_outcome (const char    *to,
            Xep174Message *message,
            CliOutcome     outcome,
            const char    *reason,
            gpointer       data)
{
  CliChat *self = data;

  show_outcome (self, to, outcome, reason, message != NULL ? xep174_message_get_body (message) : "…");
  if (self->terminal != NULL)
    cli_chat_update_prompt (self);
}

static void
on_waiting (CliApp   *app,
            gpointer  data)
{
  CliChat *self = data;

  if (self->terminal != NULL && isatty (STDOUT_FILENO))
    show_hint (self, CLI_WAITING);
  else
    cli_complain ("%s", CLI_WAITING);
}

static char **
complete (const char *begun,
          gpointer    data)
{
  return cli_chat_complete_line (data, begun);
}

static void
on_leaving (CliApp   *app,
            gpointer  data)
{
  CliChat *self = data;

  if (self->terminal == NULL)
    return;

  g_clear_pointer (&self->lookup, cli_lookup_free);
  cli_terminal_close (self->terminal);
  cli_terminal_set_paused (self->terminal, FALSE);
}

/* Ctrl-C empties the line first, as in a shell. */
static void
on_interrupted (CliApp   *app,
                gpointer  data)
{
  CliChat *self = data;

  if (self->terminal != NULL && cli_terminal_discard (self->terminal))
    return;

  /* The terminal has just shown ^C; the next output starts on a new line. */
  if (cli_app_is_quitting (app) && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
    cli_output_line ("");
  cli_app_quit (app);
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  CliChat *self = data;
  Xep174Client *client = cli_app_get_client (app);
  const char *way = cli_app_get_way (app);
  g_autofree char *text =
    g_strdup_printf (_("You are %s on the local network (discovery: %s, port %u)."),
                     xep174_client_get_local_name (client), way, xep174_client_get_port (client));

  self->terminal = cli_terminal_new (app, on_line, complete, self);
  cli_terminal_set_typed (self->terminal, cli_chat_type);
  show_hint (self, text);
  show_hint (self, _("Type to talk; Tab completes; /help tells the rest."));
  self->outbox = cli_outbox_new (app, TRUE, PATIENCE_SECONDS, on_outcome, self);
  self->transfers = cli_transfers_new (app, cli_chat_tell_transfer, self);
  cli_chat_set_partner (self, cli_app_get_options (app)->arguments[0]);
  if (self->partner != NULL)
    cli_chat_choose (self, self->partner, -1);
  self->roster = cli_roster_new (xep174_client_get_contacts (client), FALSE, on_roster, self);
}

static void
end (CliChat *self)
{
  g_clear_pointer (&self->lookup, cli_lookup_free);
  g_clear_pointer (&self->outbox, cli_outbox_free);
  g_clear_object (&self->changes);
  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_pointer (&self->transfers, cli_transfers_free);
  g_clear_pointer (&self->roster, cli_roster_free);
  g_clear_pointer (&self->terminal, cli_terminal_free);
  g_free (self->partner);
  g_free (self->sought);
}

int
cli_chat (CliOptions *options)
{
  g_autoptr(CliApp) app = NULL;
  CliChat self = { NULL };
  Xep174Client *client;

  if (options->json)
    return cli_json (options);

  app = cli_app_new (options);
  if (app == NULL)
    return CLI_USAGE;

  self.app = app;
  client = cli_app_get_client (app);
  g_signal_connect (client, "message-received", G_CALLBACK (on_message), &self);
  g_signal_connect (client, "notify::local-name", G_CALLBACK (on_local_name), &self);
  cli_chat_watch_keys (&self);
  self.changes = cli_changes_new (client, cli_chat_change, &self);
  cli_app_set_interrupted (app, on_interrupted);
  cli_app_set_waiting (app, on_waiting);
  cli_app_set_leaving (app, on_leaving);
  cli_app_run (app, on_started, &self);

  cli_chat_unwatch_keys (&self);
  g_signal_handlers_disconnect_by_data (client, &self);
  end (&self);

  return cli_app_get_status (app);
}
