/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-output.h"
#include "cli-text.h"
#include "translate.h"

/* What they mean, the manual tells. */
#define JSON_LINES \
  "  {\"command\":\"message\",\"to\":…,\"body\":…,\"reply_to\":…,\"id\":…}\n" \
  "  {\"command\":\"correct\",\"to\":…,\"message\":…,\"body\":…,\"id\":…}\n" \
  "  {\"command\":\"retract\",\"to\":…,\"message\":…,\"id\":…}\n" \
  "  {\"command\":\"react\",\"to\":…,\"message\":…,\"reactions\":[…],\"id\":…}\n" \
  "  {\"command\":\"typing\",\"contact\":…,\"state\":\"composing|paused|active|…\"}\n" \
  "  {\"command\":\"read\",\"contact\":…}\n" \
  "  {\"command\":\"open\",\"contact\":…}\n" \
  "  {\"command\":\"close\",\"contact\":…}\n" \
  "  {\"command\":\"status\",\"status\":\"available|away|dnd\",\"message\":…}\n" \
  "  {\"command\":\"add\",\"name\":…,\"address\":…,\"port\":…}\n" \
  "  {\"command\":\"stanza\",\"to\":…,\"xml\":…}\n" \
  "  {\"command\":\"send-file\",\"to\":…,\"path\":…}\n" \
  "  {\"command\":\"accept-transfer\",\"transfer\":…,\"folder\":…}\n" \
  "  {\"command\":\"decline-transfer\",\"transfer\":…}\n" \
  "  {\"command\":\"cancel-transfer\",\"transfer\":…}\n" \
  "  {\"command\":\"safety-number\",\"contact\":…}\n" \
  "  {\"command\":\"verify\",\"contact\":…,\"key\":…}\n" \
  "  {\"command\":\"accept\",\"contact\":…,\"key\":…}\n" \
  "  {\"command\":\"distrust\",\"contact\":…,\"key\":…}\n" \
  "  {\"command\":\"forget\",\"contact\":…}\n" \
  "  {\"command\":\"quit\"}\n\n"

static const CliCommand commands[] = {
  {
    .name = "chat",
    .parameters = N_("[NAME]"),
    .brief = N_("talk"),
    .summary = N_("Talk with the people on the local network.\n\n"
                  "NAME is the person to talk to first. The beginning of the name is enough."),
    .description = N_("Each line that you type goes to the person you talk to. /help lists the commands.\n\n"
                      "--json is for programs. Each line that is read is a command, as a JSON object,\n"
                      "and each that is written is an event. The manual, xep174(1), tells their meaning."),
    .code = JSON_LINES,
    .examples = "  xep174 chat\n"
                "  xep174 chat --user romeo juliet\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR | CLI_ACCEPTS_JSON
               | CLI_ACCEPTS_AVATAR,
    .max_arguments = 1,
    .run = cli_chat,
  },
  {
    .name = "browse",
    .brief = N_("show who is there"),
    .summary = N_("Show who is on the local network, and who comes and goes."),
    .description = N_("The others do not see you."),
    .examples = "  xep174 browse\n"
                "  xep174 browse --once\n"
                "  xep174 browse --json --timeout 5\n"
                "  xep174 browse --domain example.org\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_JSON | CLI_ACCEPTS_ONCE | CLI_ACCEPTS_TIMEOUT
               | CLI_ACCEPTS_DOMAIN,
    .run = cli_browse,
  },
  {
    .name = "send",
    .parameters = N_("NAME [TEXT]"),
    .brief = N_("send one message"),
    .summary = N_("Send one message. If the person is not there yet, wait a while.\n\n"
                  "Without TEXT, what standard input has is sent."),
    .description = N_("The exit status is 0 only if the message was sent, and the other side has it as\n"
                      "far as can be known. If it was not sent, the reason is shown."),
    .examples = "  xep174 send juliet 'what light through yonder window breaks?'\n"
                "  make 2>&1 | tail -n 3 | xep174 send --timeout 60 juliet@pronto\n"
                "  xep174 send --at 192.0.2.7:5298 juliet@pronto hello\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR | CLI_ACCEPTS_TIMEOUT
               | CLI_ACCEPTS_ADDRESS,
    .min_arguments = 1,
    .max_arguments = 2,
    .run = cli_send,
  },
  {
    .name = "send-file",
    .parameters = N_("NAME FILE…"),
    .brief = N_("send files and folders"),
    .summary = N_("Send files and folders. The other person has to take them."),
    .description =
      N_("The command ends when each file has arrived or failed. If a connection breaks, or the\n"
         "other program is started again, it goes on where it was. Ctrl-C tells the other side\n"
         "that nothing more comes. The exit status is 0 only if all files have arrived as they\n"
         "are."),
    .examples = "  xep174 send-file juliet verona.jpg\n"
                "  xep174 send-file --timeout 60 juliet@pronto *.ogg\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR | CLI_ACCEPTS_SEARCH,
    .min_arguments = 2,
    .max_arguments = G_MAXINT,
    .run = cli_send_file,
  },
  {
    .name = "keys",
    .parameters = N_("[verify|accept|distrust|forget NAME [KEY]]"),
    .brief = N_("show whose keys are remembered"),
    .summary = N_("Show whose keys are remembered, or change what is remembered of NAME."),
    .description =
      N_("  verify     you have compared the numbers, which /verify shows in the chat\n"
         "  accept     accept the new key that NAME has shown; write it behind the name, as the\n"
         "             warning shows it. In a chat /accept does the same. It takes back a distrust\n"
         "  distrust   never send to the keys of NAME, or to the one behind the name\n"
         "  forget     the next key that somebody shows as NAME counts as the first one"),
    .examples = "  xep174 keys\n"
                "  xep174 keys verify juliet@pronto\n",
    .accepts = CLI_ACCEPTS_DATA_DIR,
    /* A key may be written in groups. */
    .max_arguments = 2 + 64,
    .run = cli_keys,
  },
};

static char *
describe_call (const CliCommand *command)
{
  /* What can be done with keys fits no column. */
  gboolean is_short = command->parameters != NULL && command->run != cli_keys;

  return g_strdup_printf ("%s %s", command->name, is_short ? _(command->parameters) : "");
}

static void
print_commands (FILE *file)
{
  guint width = 0;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *called = describe_call (&commands[i]);

      width = MAX (width, cli_text_width (called));
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *called = describe_call (&commands[i]);
      g_autofree char *column = cli_text_column (called, width);

      fprintf (file, "  %s %s\n", column, _(commands[i].brief));
    }
}

static void
print_help (FILE *file)
{
  fprintf (file, "%s\n\n%s\n\n",
           _("xep174: talk with the people on your local network, without a server.\n"
             "Their programs must know XEP-0174, which is also called “link-local messaging” or\n"
             "“Bonjour”."),
           _("Usage: xep174 COMMAND [OPTION…] …"));
  print_commands (file);
  fprintf (file, "\n%s\n%s\n%s\n",
           _("Try it in two terminals, or on two machines:"),
           "  xep174 chat --user romeo\n"
           "  xep174 chat --user juliet\n",
           _("“xep174 COMMAND --help” shows the options and examples.\n"
             "The exit status is 0 if all went well, 1 if something failed, and 2 if the command line\n"
             "is wrong."));
}

static int
run (const CliCommand  *command,
     int                argc,
     char             **argv)
{
  g_autoptr(CliOptions) options = cli_options_new ();
  g_autoptr(GError) error = NULL;

  if (!cli_options_parse (options, command, argc, argv, &error))
    {
      cli_complain ("%s", error->message);
      return CLI_USAGE;
    }

  /* What programs read is English everywhere. */
  if (options->json)
    setlocale (LC_MESSAGES, "C");
  return command->run (options);
}

/* The locale “C” has only ASCII, but messages and names are UTF-8. */
static void
take_locale (void)
{
  setlocale (LC_ALL, "");
  if (!g_get_charset (NULL) && strcmp (nl_langinfo (CODESET), "ANSI_X3.4-1968") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
  translate_begin ();
}

/* If standard output is closed, a socket must not get its number. So each missing stream is opened,
 * but for the wrong direction: to use it is an error. */
static void
open_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) == -1)
      open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
main (int   argc,
      char *argv[])
{
  const char *name = argc > 1 ? argv[1] : "";

  take_locale ();
  open_standard_streams ();
  signal (SIGPIPE, SIG_IGN);
  cli_output_close_at_exit ();
  /* Programs may read standard output, so the log goes to standard error. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    {
      print_help (stdout);
      return CLI_SUCCESS;
    }
  if (strcmp (name, "--version") == 0)
    {
      printf ("xep174 %d.%d.%d\n", XEP174_MAJOR_VERSION, XEP174_MINOR_VERSION,
              XEP174_MICRO_VERSION);
      return CLI_SUCCESS;
    }

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (name, commands[i].name) == 0)
      return run (&commands[i], argc - 1, argv + 1);

  if (*name != '\0')
    cli_complain (_("There is no command “%s”"), name);
  print_help (stderr);

  return CLI_USAGE;
}
