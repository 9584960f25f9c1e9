/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-options.h"

#include <string.h>

CliOptions *
cli_options_new (void)
{
  CliOptions *self = g_new0 (CliOptions, 1);

  self->timeout = -1;

  return self;
}

void
cli_options_free (CliOptions *self)
{
  g_free (self->user);
  g_free (self->discovery);
  g_free (self->address);
  g_free (self->domain);
  g_strfreev (self->arguments);
  g_free (self);
}

GOptionEntry *
cli_options_create_entries (CliOptions *self,
                            CliAccepts  accepts)
{
  const struct { CliAccepts accepts; GOptionEntry entry; } all[] = {
    { CLI_ACCEPTS_JSON,
      { "json", 'j', 0, G_OPTION_ARG_NONE, &self->json, "One JSON object a line", NULL } },
    { CLI_ACCEPTS_ONCE,
      { "once", '1', 0, G_OPTION_ARG_NONE, &self->once, "List who is there, and end", NULL } },
    { CLI_ACCEPTS_TIMEOUT,
      { "timeout", 's', 0, G_OPTION_ARG_INT, &self->timeout, "How long at most", "SECONDS" } },
    { CLI_ACCEPTS_ADDRESS,
      { "at", 'a', 0, G_OPTION_ARG_STRING, &self->address,
        "Where the contact is, in place of discovery", "ADDRESS:PORT" } },
    { CLI_ACCEPTS_DOMAIN,
      { "domain", 'D', 0, G_OPTION_ARG_STRING, &self->domain,
        "Where to look, in place of “local”; through avahi only", "DOMAIN" } },
    { 0,
      { "user", 'u', 0, G_OPTION_ARG_STRING, &self->user,
        "Who you are: USER, or USER@MACHINE (default: your login name)", "NAME" } },
    { 0,
      { "discovery", 'd', 0, G_OPTION_ARG_STRING, &self->discovery,
        "How contacts are found: auto, avahi (a running daemon), embedded, none", "WAY" } },
    { 0,
      { "port", 'p', 0, G_OPTION_ARG_INT, &self->port,
        "The port to listen on (default: 5298 if free, else any)", "PORT" } },
    { 0,
      { "trace", 't', 0, G_OPTION_ARG_NONE, &self->trace,
        "Show the XML on standard error", NULL } },
  };
  GOptionEntry *entries = g_new0 (GOptionEntry, G_N_ELEMENTS (all) + 1);
  guint n_entries = 0;

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if ((all[i].accepts & ~accepts) == 0)
      entries[n_entries++] = all[i].entry;

  return entries;
}

static GOptionContext *
create_context (CliOptions       *self,
                const CliCommand *command)
{
  g_autofree char *program = g_strdup_printf ("xep174 %s", command->name);
  g_autofree GOptionEntry *entries = cli_options_create_entries (self, command->accepts);
  GOptionContext *context = g_option_context_new (command->parameters);

  g_set_prgname (program);
  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, command->description);
  g_option_context_add_main_entries (context, entries, NULL);

  return context;
}

gboolean
cli_options_check (CliOptions  *self,
                   GError     **error)
{
  static const char *const ways[] = { "auto", "avahi", "embedded", "none", NULL };

  if (self->discovery != NULL && !g_strv_contains (ways, self->discovery))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "There is no discovery “%s”; choose auto, avahi, embedded or none",
                 self->discovery);
  else if (self->domain != NULL && self->discovery != NULL &&
           !g_str_equal (self->discovery, "auto") && !g_str_equal (self->discovery, "avahi"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "A domain is looked into through avahi; leave out “--discovery %s”",
                 self->discovery);
  else if (self->port < 0 || self->port > G_MAXUINT16)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "The port %d is not between 1 and %d", self->port, G_MAXUINT16);
  else if (self->timeout < -1)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "A timeout is a number of seconds, 0 or more");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_arguments (CliOptions        *self,
                 const CliCommand  *command,
                 GError           **error)
{
  int count = g_strv_length (self->arguments);

  if (count >= command->min_arguments && count <= command->max_arguments)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "usage: xep174 %s [OPTION…]%s%s", command->name,
               command->parameters != NULL ? " " : "",
               command->parameters != NULL ? command->parameters : "");
  return FALSE;
}

gboolean
cli_options_parse (CliOptions        *self,
                   const CliCommand  *command,
                   int                argc,
                   char             **argv,
                   GError           **error)
{
  g_autoptr(GOptionContext) context = create_context (self, command);

  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;

  if (argc > 1 && strcmp (argv[1], "--") == 0)
    {
      argv++;
      argc--;
    }
  self->arguments = g_strdupv (argv + 1);

  return check_arguments (self, command, error) && cli_options_check (self, error);
}

Xep174Profile *
cli_options_create_profile (CliOptions  *self,
                            GError     **error)
{
  g_autoptr(Xep174Profile) profile = NULL;
  g_autofree char *user = g_strdup (self->user != NULL ? self->user : g_get_user_name ());
  char *machine = strrchr (user, '@');

  if (machine != NULL)
    *machine++ = '\0';

  profile = xep174_profile_new (user);
  if (machine != NULL && !xep174_profile_set_machine (profile, machine, error))
    return NULL;

  return g_steal_pointer (&profile);
}

Xep174Discovery *
cli_options_create_discovery (CliOptions *self)
{
  if (self->address != NULL || g_strcmp0 (self->discovery, "none") == 0)
    return xep174_manual_discovery_new ();
  if (self->domain != NULL || g_strcmp0 (self->discovery, "avahi") == 0)
    return xep174_avahi_discovery_new (self->domain);
  if (g_strcmp0 (self->discovery, "embedded") == 0)
    return xep174_embedded_discovery_new ();

  return xep174_discovery_new_default ();
}
