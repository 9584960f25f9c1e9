/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-options.h"

#include "translate.h"

#include <locale.h>
#include <string.h>

/* No picture is as large as that; a device may have no end. */
#define PICTURE_READ (64 * 1024)

/* So that the time in milliseconds still fits into an int. */
#define MAX_SECONDS 2000000

CliOptions *
cli_options_new (void)
{
  CliOptions *self = g_new0 (CliOptions, 1);

  self->timeout = -1;
  self->encryption = XEP174_ENCRYPTION_POLICY_PREFER;

  return self;
}

void
cli_options_free (CliOptions *self)
{
  g_free (self->user);
  g_free (self->discovery);
  g_free (self->port_text);
  g_free (self->timeout_text);
  g_free (self->encryption_text);
  g_free (self->data_dir);
  g_free (self->avatar);
  g_free (self->address);
  g_free (self->domain);
  g_strfreev (self->arguments);
  g_free (self);
}

/* A word of the command line is read as UTF-8, with any locale; if it is not UTF-8, in the charset
 * of the locale. It is the value of @option, or in this place after the options. */
static gboolean
take_utf8 (char       **word,
           const char  *option,
           guint        place,
           GError     **error)
{
  g_autofree char *converted = NULL;
  g_autofree char *what = NULL;
  const char *charset;

  if (*word == NULL || g_utf8_validate (*word, -1, NULL))
    return TRUE;

  converted = g_locale_to_utf8 (*word, -1, NULL, NULL, NULL);
  if (converted == NULL)
    {
      what = option != NULL ? g_strdup_printf (_("The value of %s"), option)
                            : g_strdup_printf (_("The word %u after the options"), place);
      if (g_get_charset (&charset))
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("%s cannot be read as text: it is not UTF-8"), what);
      else
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("%s cannot be read: it is neither UTF-8 nor %s, the character set of your "
                       "locale “%s”"), what, charset, setlocale (LC_CTYPE, NULL));
      return FALSE;
    }

  g_free (*word);
  *word = g_steal_pointer (&converted);
  return TRUE;
}

/* The strings are taken as they are, see take_utf8(). */
GOptionEntry *
cli_options_create_entries (CliOptions *self,
                            CliAccepts  accepts)
{
  const struct { CliAccepts accepts; GOptionEntry entry; } all[] = {
    { CLI_ACCEPTS_JSON,
      { "json", 'j', 0, G_OPTION_ARG_NONE, &self->json,
        _("For programs: each line is a JSON object"), NULL } },
    { CLI_ACCEPTS_ONCE,
      { "once", '1', 0, G_OPTION_ARG_NONE, &self->once, _("Show who is there, then end"), NULL } },
    { CLI_ACCEPTS_TIMEOUT,
      { "timeout", 's', 0, G_OPTION_ARG_FILENAME, &self->timeout_text,
        _("Wait so long at most"), _("SECONDS") } },
    { CLI_ACCEPTS_SEARCH,
      { "timeout", 's', 0, G_OPTION_ARG_FILENAME, &self->timeout_text,
        _("Look so long at most for the person, who may answer later"), _("SECONDS") } },
    { CLI_ACCEPTS_ADDRESS,
      { "at", 'a', 0, G_OPTION_ARG_FILENAME, &self->address,
        _("Where the person is; then nobody is looked for"), _("ADDRESS:PORT") } },
    { CLI_ACCEPTS_DOMAIN,
      { "domain", 'D', 0, G_OPTION_ARG_FILENAME, &self->domain,
        _("Look here and not in “local”; only with avahi"), _("DOMAIN") } },
    { CLI_ACCEPTS_NETWORK,
      { "user", 'u', 0, G_OPTION_ARG_FILENAME, &self->user,
        _("Your name: USER or USER@MACHINE (default: your login name)"), _("NAME") } },
    { CLI_ACCEPTS_NETWORK,
      { "discovery", 'd', 0, G_OPTION_ARG_FILENAME, &self->discovery,
        _("How people are found: auto, avahi, embedded, none"), _("WAY") } },
    { CLI_ACCEPTS_NETWORK,
      { "port", 'p', 0, G_OPTION_ARG_FILENAME, &self->port_text,
        _("The port for the others, 1 to 65535 (default: 5298 if it is free, else any)"), _("PORT") } },
    { CLI_ACCEPTS_NETWORK,
      { "trace", 't', 0, G_OPTION_ARG_NONE, &self->trace,
        _("Show on standard error what is sent and received"), NULL } },
    { CLI_ACCEPTS_ENCRYPTION,
      { "encryption", 'e', 0, G_OPTION_ARG_FILENAME, &self->encryption_text,
        _("When to encrypt: off, prefer (default), require"), _("WHEN") } },
    { CLI_ACCEPTS_DATA_DIR,
      { "data-dir", 'k', 0, G_OPTION_ARG_FILENAME, &self->data_dir,
        _("The folder of your key and those of others"), _("DIR") } },
    { CLI_ACCEPTS_AVATAR,
      { "avatar", 'v', 0, G_OPTION_ARG_FILENAME, &self->avatar,
        _("A picture of you that others can see: a small PNG or JPEG"), _("FILE") } },
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
  GOptionContext *context =
    g_option_context_new (command->parameters != NULL ? _(command->parameters) : NULL);
  g_autofree char *description =
    g_strconcat (_(command->description), "\n\n", command->code != NULL ? command->code : "", _("Examples:"),
                 "\n", command->examples, NULL);

  g_set_prgname (program);
  g_option_context_set_summary (context, _(command->summary));
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);

  return context;
}

GNetworkAddress *
cli_options_parse_address (CliOptions  *self,
                           GError     **error)
{
  const char *colon = strrchr (self->address, ':');
  g_autofree char *host = colon != NULL ? g_strndup (self->address, colon - self->address) : NULL;
  gsize length = host != NULL ? strlen (host) : 0;
  gboolean is_bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
  guint64 port;

  if (is_bracketed)
    {
      memmove (host, host + 1, length - 2);
      host[length - 2] = '\0';
    }
  if (length > 0 && (is_bracketed ? strchr (host, ':') != NULL : strpbrk (host, ":[] /") == NULL) &&
      g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return G_NETWORK_ADDRESS (g_network_address_new (host, port));

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--at needs an address and a port, such as 192.0.2.7:5298 or [2001:db8::7]:5298; "
                 "“%s” is not that"), self->address);
  return NULL;
}

static gboolean
has_empty (CliOptions  *self,
           GError     **error)
{
  const struct { const char *option; const char *value; } all[] = {
    { "--user", self->user },
    { "--discovery", self->discovery },
    { "--port", self->port_text },
    { "--domain", self->domain },
    { "--timeout", self->timeout_text },
    { "--at", self->address },
    { "--encryption", self->encryption_text },
    { "--data-dir", self->data_dir },
    { "--avatar", self->avatar },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].value != NULL && *all[i].value == '\0')
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _("The value of %s is empty; give one, or leave the option out"), all[i].option);
        return TRUE;
      }

  return FALSE;
}

/* GLib's own function reads “010” as eight. */
static gboolean
parse_number (const char  *text,
              guint        least,
              guint        most,
              guint64     *number,
              const char  *complaint,
              GError     **error)
{
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, least, most, number, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: “For --port choose a number”, and the limits */
               _("%s from %u to %u; “%s” is not that"), complaint, least, most, text);
  return FALSE;
}

static gboolean
take_numbers (CliOptions  *self,
              GError     **error)
{
  guint64 port = self->port;
  guint64 timeout = 0;

  if (!parse_number (self->port_text, 1, G_MAXUINT16, &port, _("For --port choose a number"), error) ||
      !parse_number (self->timeout_text, 0, MAX_SECONDS, &timeout,
                     _("For --timeout choose a number of seconds"), error))
    return FALSE;

  self->port = port;
  if (self->timeout_text != NULL)
    self->timeout = timeout;

  return TRUE;
}

static gboolean
take_encryption (CliOptions  *self,
                 GError     **error)
{
  static const char *const names[] = {
    [XEP174_ENCRYPTION_POLICY_OFF] = "off",
    [XEP174_ENCRYPTION_POLICY_PREFER] = "prefer",
    [XEP174_ENCRYPTION_POLICY_REQUIRE] = "require",
  };

  if (self->encryption_text == NULL)
    return TRUE;
  if (!take_utf8 (&self->encryption_text, "--encryption", 0, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (self->encryption_text, names[i]))
      {
        self->encryption = (Xep174EncryptionPolicy) i;
        return TRUE;
      }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--encryption cannot be “%s”; choose off, prefer or require"), self->encryption_text);
  return FALSE;
}

gboolean
cli_options_check (CliOptions  *self,
                   GError     **error)
{
  static const char *const ways[] = { "auto", "avahi", "embedded", "none", NULL };
  g_autoptr(GNetworkAddress) address = NULL;

  if (has_empty (self, error) || !take_numbers (self, error) || !take_encryption (self, error) ||
      !take_utf8 (&self->user, "--user", 0, error) ||
      !take_utf8 (&self->discovery, "--discovery", 0, error) ||
      !take_utf8 (&self->domain, "--domain", 0, error) ||
      !take_utf8 (&self->address, "--at", 0, error))
    return FALSE;

  if (self->discovery != NULL && !g_strv_contains (ways, self->discovery))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("--discovery cannot be “%s”; choose auto, avahi, embedded or none"),
                 self->discovery);
  else if (self->domain != NULL && self->discovery != NULL &&
           !g_str_equal (self->discovery, "auto") && !g_str_equal (self->discovery, "avahi"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("--domain works only with avahi; leave out “--discovery %s”"),
                 self->discovery);
  else if (self->address == NULL)
    return TRUE;
  else
    address = cli_options_parse_address (self, error);

  return address != NULL;
}

/* An empty name would be that of the folder one is in. A script has it from a variable that is not set. */
static gboolean
has_empty_file (CliOptions       *self,
                const CliCommand *command)
{
  return g_str_equal (command->name, "send-file")
         && g_strv_contains ((const char *const *) self->arguments, "");
}

static gboolean
check_arguments (CliOptions        *self,
                 const CliCommand  *command,
                 GError           **error)
{
  int count = g_strv_length (self->arguments);

  /* The first argument is a name, so it cannot be empty. */
  if (count > 0 && count <= command->max_arguments && *self->arguments[0] == '\0')
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("The name is empty; write who you want to talk to"));
      return FALSE;
    }
  if (has_empty_file (self, command))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _("The name of a file is empty; write what you want to send"));
      return FALSE;
    }
  if (count >= command->min_arguments && count <= command->max_arguments)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("call it as: xep174 %s [OPTION…] %s"),
               command->name, command->parameters != NULL ? _(command->parameters) : "");
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
  for (guint i = 0; self->arguments[i] != NULL; i++)
    if (!take_utf8 (&self->arguments[i], NULL, i + 1, error))
      return FALSE;

  return check_arguments (self, command, error) && cli_options_check (self, error);
}

static gboolean
set_avatar (Xep174Profile  *profile,
            const char     *path,
            GError        **error)
{
  g_autoptr(GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autoptr(GFileInputStream) stream = NULL;
  g_autofree char *octets = NULL;
  g_autoptr(GBytes) picture = NULL;
  gsize size;

  if (path == NULL)
    return TRUE;
  stream = g_file_read (file, NULL, error);
  octets = g_malloc (PICTURE_READ);
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), octets, PICTURE_READ, &size, NULL, error))
    return FALSE;

  picture = g_bytes_new (octets, size);
  return xep174_profile_set_avatar (profile, picture, error);
}

Xep174Profile *
cli_options_create_profile (CliOptions  *self,
                            GError     **error)
{
  g_autoptr(Xep174Profile) profile = NULL;
  g_autofree char *user = self->user != NULL ? g_strdup (self->user)
                                             : g_utf8_make_valid (g_get_user_name (), -1);
  char *machine = strrchr (user, '@');

  if (machine != NULL)
    *machine++ = '\0';

  profile = xep174_profile_new (user, error);
  if (profile == NULL)
    return NULL;
  if (machine != NULL && !xep174_profile_set_machine (profile, machine, error))
    return NULL;
  if (!set_avatar (profile, self->avatar, error))
    return NULL;

  return g_steal_pointer (&profile);
}

Xep174Discovery *
cli_options_create_discovery (CliOptions *self)
{
  if (self->address != NULL || g_strcmp0 (self->discovery, "none") == 0)
    return XEP174_DISCOVERY (xep174_manual_discovery_new ());
  if (self->domain != NULL || g_strcmp0 (self->discovery, "avahi") == 0)
    return XEP174_DISCOVERY (xep174_avahi_discovery_new (self->domain));
  if (g_strcmp0 (self->discovery, "embedded") == 0)
    return XEP174_DISCOVERY (xep174_embedded_discovery_new ());

  return XEP174_DISCOVERY (xep174_default_discovery_new ());
}
