/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 browse: who is there. */

#include <unistd.h>

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-events.h"
#include "cli-output.h"
#include "cli-roster.h"
#include "cli-text.h"

/* mDNS answers within a second; the other second is for people who are just arriving. */
#define ONCE_SECONDS 2

typedef struct
{
  CliApp *app;
  CliRoster *roster;
  guint timeout;
} Browse;

static void
print_contact (char           sign,
               CliRosterEvent event,
               Xep174Contact *contact)
{
  gboolean is_coloured = isatty (STDOUT_FILENO) && g_getenv ("NO_COLOR") == NULL;
  CliColour colour = event == CLI_ROSTER_REMOVED
                       ? CLI_COLOUR_DIM
                       : cli_text_status (xep174_contact_get_status (contact));
  const char *nick = xep174_contact_get_nick (contact);
  g_autofree char *whole = cli_text_name (xep174_contact_get_name (contact));
  g_autofree char *name = cli_text_paint (whole, colour, is_coloured);
  g_autofree char *presence = cli_text_presence (contact);

  g_autofree char *shown = cli_text_line (nick != NULL ? nick : "");
  g_autofree char *line = NULL;

  if (event == CLI_ROSTER_REMOVED)
    line = g_strdup_printf ("%c %s", sign, name);
  else if (nick != NULL)
    line = g_strdup_printf ("%c %s (%s): %s", sign, name, shown, presence);
  else
    line = g_strdup_printf ("%c %s: %s", sign, name, presence);
  cli_output_line (line);
}

static void
on_roster (CliRosterEvent  event,
           Xep174Contact  *contact,
           gpointer        data)
{
  static const char *const names[] = { "contact-added", "contact-changed", "contact-removed" };
  Browse *self = data;

  if (cli_app_is_quitting (self->app))
    return;
  if (cli_app_get_options (self->app)->json)
    cli_event_contact (names[event], contact);
  else
    print_contact ("+~-"[event], event, contact);
}

static gboolean
on_timeout (gpointer user_data)
{
  Browse *self = user_data;

  self->timeout = 0;
  cli_app_quit (self->app);

  return G_SOURCE_REMOVE;
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  Browse *self = data;
  CliOptions *options = cli_app_get_options (app);
  int seconds = options->timeout >= 0 ? options->timeout : options->once ? ONCE_SECONDS : -1;

  self->roster = cli_roster_new (cli_app_get_contacts (app), cli_app_get_options (app)->json,
                                 on_roster, self);
  if (seconds >= 0)
    self->timeout = g_timeout_add_seconds (seconds, on_timeout, self);
}

int
cli_browse (CliOptions *options)
{
  g_autoptr(CliApp) app = cli_app_new_looking (options);
  Browse self = { .app = app };

  cli_app_run (app, on_started, &self);
  g_clear_handle_id (&self.timeout, g_source_remove);
  g_clear_pointer (&self.roster, cli_roster_free);

  return cli_app_get_status (app);
}
