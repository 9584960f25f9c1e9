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

static const CliCommand commands[] = {
  {
    .name = "chat",
    .parameters = "[NAME]",
    .summary = "Talk with the people on the local network.\n\n"
               "NAME is the person to talk to first. The beginning of the name is enough.",
    .description =
      "Each line that you type goes to the person you talk to. /help lists the commands.\n\n"
      "--json is for programs. Each line that is read is a command, as a JSON object:\n"
      "  {\"command\":\"message\",\"to\":\"juliet@pronto\",\"body\":\"hello\",\"id\":\"1\"}\n"
      "  {\"command\":\"open\",\"contact\":…}    {\"command\":\"close\",\"contact\":…}\n"
      "  {\"command\":\"status\",\"status\":\"available|away|dnd\",\"message\":…}\n"
      "  {\"command\":\"add\",\"name\":…,\"address\":…,\"port\":…}   with --discovery none\n"
      "  {\"command\":\"stanza\",\"to\":…,\"xml\":…}   sends this XML as it is\n"
      "  {\"command\":\"safety-number\",\"contact\":…}   the number by which two people can be sure\n"
      "  {\"command\":\"verify\",\"contact\":…,\"key\":…}   it was the same on both sides\n"
      "  {\"command\":\"accept\",\"contact\":…,\"key\":…}\n"
      "  {\"command\":\"distrust\",\"contact\":…,\"key\":…}\n"
      "  {\"command\":\"forget\",\"contact\":…}\n"
      "  {\"command\":\"quit\"}\n"
      "Each line that is written is an event. Its member “event” is one of:\n"
      "  online           others can see you\n"
      "  contact-added, contact-changed, contact-removed\n"
      "                   somebody has come, is in another way there, or has left\n"
      "  session-opened, session-changed, session-closed, session-failed\n"
      "                   the connection with somebody is there, goes on after a break from now on,\n"
      "                   has ended, or did not come about\n"
      "  message          somebody has said something\n"
      "  stanza           XML has come that is no message\n"
      "  sent, received, failed, unconfirmed\n"
      "                   what you said was sent, has arrived, was not sent, or may not have arrived\n"
      "  key-seen, key-changed, trust-changed, safety-number, unencrypted-refused\n"
      "                   somebody has shown a first key, or another one; what is known of it is\n"
      "                   something else now; the number that was asked for\n"
      "  error            a line cannot be read, or a command was not carried out\n\n"
      "Examples:\n"
      "  xep174 chat\n"
      "  xep174 chat --user romeo juliet\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR | CLI_ACCEPTS_JSON
               | CLI_ACCEPTS_AVATAR,
    .max_arguments = 1,
    .run = cli_chat,
  },
  {
    .name = "browse",
    .summary = "Show who is on the local network, and who comes and goes.",
    .description =
      "The others do not see you.\n\n"
      "Examples:\n"
      "  xep174 browse\n"
      "  xep174 browse --once\n"
      "  xep174 browse --json --timeout 5\n"
      "  xep174 browse --domain example.org\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_JSON | CLI_ACCEPTS_ONCE | CLI_ACCEPTS_TIMEOUT
               | CLI_ACCEPTS_DOMAIN,
    .run = cli_browse,
  },
  {
    .name = "send",
    .parameters = "NAME [TEXT]",
    .summary = "Send one message. If the person is not there yet, wait a while.\n\n"
               "Without TEXT, what standard input has is sent.",
    .description =
      "The exit status is 0 only if the message was sent, and the other side has it as far as\n"
      "can be known. If it was not sent, the reason is shown.\n\n"
      "Examples:\n"
      "  xep174 send juliet 'what light through yonder window breaks?'\n"
      "  make 2>&1 | tail -n 3 | xep174 send --timeout 60 juliet@pronto\n"
      "  xep174 send --at 192.0.2.7:5298 juliet@pronto hello\n",
    .accepts = CLI_ACCEPTS_NETWORK | CLI_ACCEPTS_ENCRYPTION | CLI_ACCEPTS_DATA_DIR | CLI_ACCEPTS_TIMEOUT
               | CLI_ACCEPTS_ADDRESS,
    .min_arguments = 1,
    .max_arguments = 2,
    .run = cli_send,
  },
  {
    .name = "keys",
    .parameters = "[verify|accept|distrust|forget NAME [KEY]]",
    .summary = "Show whose keys are remembered, or change what is remembered of NAME.",
    .description =
      "  verify     you have compared the numbers, which /verify shows in the chat\n"
      "  accept     accept the new key that NAME has shown; write it behind the name, as the\n"
      "             warning shows it. In a chat /accept does the same. It takes back a distrust\n"
      "  distrust   never send to the keys of NAME, or to the one behind the name\n"
      "  forget     the next key that somebody shows as NAME counts as the first one\n\n"
      "Examples:\n"
      "  xep174 keys\n"
      "  xep174 keys verify juliet@pronto\n",
    .accepts = CLI_ACCEPTS_DATA_DIR,
    /* A key may be written in groups. */
    .max_arguments = 2 + 64,
    .run = cli_keys,
  },
};

static void
print_help (FILE *file)
{
  fputs ("xep174: talk with the people on your local network, without a server.\n"
         "Their programs must know XEP-0174, which is also called “link-local messaging” or\n"
         "“Bonjour”.\n"
         "\n"
         "Usage: xep174 COMMAND [OPTION…] …\n"
         "\n"
         "  chat [NAME]        talk\n"
         "  browse             show who is there\n"
         "  send NAME [TEXT]   send one message\n"
         "  keys               show whose keys are remembered\n"
         "\n"
         "Try it in two terminals, or on two machines:\n"
         "  xep174 chat --user romeo\n"
         "  xep174 chat --user juliet\n"
         "\n"
         "“xep174 COMMAND --help” shows the options and examples.\n"
         "The exit status is 0 if all went well, 1 if something failed, and 2 if the command line\n"
         "is wrong.\n",
         file);
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

  return command->run (options);
}

/* The locale “C” has only ASCII, but messages and names are UTF-8. */
static void
take_locale (void)
{
  setlocale (LC_ALL, "");
  /* The reasons in the JSON are English everywhere, and the tool's own texts are. */
  setlocale (LC_MESSAGES, "C");
  if (!g_get_charset (NULL) && strcmp (nl_langinfo (CODESET), "ANSI_X3.4-1968") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
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
    cli_complain ("There is no command “%s”", name);
  print_help (stderr);

  return CLI_USAGE;
}
