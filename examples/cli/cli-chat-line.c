/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: what a person types. */

#include <string.h>

#include "cli-chat-private.h"
#include "cli-paths.h"
#include "cli-records.h"
#include "cli-text.h"
#include "translate.h"

typedef void (*LineFunc) (CliChat    *self,
                          const char *rest);

typedef struct
{
  const char *name;
  const char *parameters;
  const char *help;
  LineFunc func;
  /* What Tab offers after the command, where @begun stands already. */
  char **(*complete) (CliChat    *self,
                      const char *begun);
} Command;

/* Splits off the name at the start of @rest: the whole name of a contact, which may contain spaces,
 * or else the first word. Returns what follows. */
static const char *
split_name (CliChat     *self,
            const char  *rest,
            char       **name)
{
  GListModel *contacts = xep174_client_get_contacts (cli_app_get_client (self->app));
  gsize length = strcspn (rest, " ");

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);
      g_autofree char *candidate = cli_text_name (xep174_contact_get_name (contact));
      gsize candidate_length = strlen (candidate);

      if (candidate_length > length &&
          g_ascii_strncasecmp (rest, candidate, candidate_length) == 0 &&
          (rest[candidate_length] == ' ' || rest[candidate_length] == '\0'))
        length = candidate_length;
    }

  *name = g_strndup (rest, length);

  return rest + length + strspn (rest + length, " ");
}

static void
say (CliChat    *self,
     const char *name,
     const char *text)
{
  Xep174Contact *contact = cli_app_find_contact (self->app, name, TRUE, NULL);

  if (contact != NULL)
    cli_chat_show_own (self, xep174_contact_get_name (contact), text);
  else
    cli_chat_show_own (self, *name != '\0' ? name : NULL, text);
  cli_outbox_say (self->outbox, name, text);
}

/* In brackets, behind the name. T6: a key that has other names says who it is. */
static char *
tell_trust (CliChat       *self,
            Xep174Contact *contact)
{
  const char *trust = cli_text_trust_short (xep174_contact_get_trust (contact));
  Xep174SessionManager *manager = xep174_client_get_session_manager (cli_app_get_client (self->app));
  g_autofree char *others = NULL;

  if (trust == NULL)
    return g_strdup ("");

  others = cli_records_tell_others (xep174_session_manager_get_trust_store (manager),
                                    xep174_contact_get_name (contact), NULL);
  return g_strdup_printf (" [%s%s%s]", trust, others != NULL ? "; " : "", others != NULL ? others : "");
}

static void
do_who (CliChat    *self,
        const char *rest)
{
  GListModel *contacts = xep174_client_get_contacts (cli_app_get_client (self->app));
  guint count = g_list_model_get_n_items (contacts);

  if (count == 0)
    cli_chat_show_note (self, _("Nobody else is here."));

  for (guint i = 0; i < count; i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);
      const char *name = xep174_contact_get_name (contact);
      const char *nick = xep174_contact_get_nick (contact);
      g_autofree char *painted = cli_chat_paint_name (self, name);
      g_autofree char *presence = cli_text_presence (contact);
      g_autofree char *shown = cli_text_line (nick != NULL ? nick : "");
      g_autofree char *trust = tell_trust (self, contact);

      cli_chat_show_note (self, "%c %s%s%s%s%s: %s",
                          g_strcmp0 (name, self->partner) == 0 ? '>' : ' ', painted,
                          nick != NULL ? " (" : "", shown, nick != NULL ? ")" : "", trust, presence);
    }
}

static void
do_to (CliChat    *self,
       const char *rest)
{
  cli_chat_switch (self, rest);
}

static void
do_msg (CliChat    *self,
        const char *rest)
{
  g_autofree char *name = NULL;
  const char *text = split_name (self, rest, &name);

  if (*text == '\0')
    cli_chat_show_error (self, _("/msg NAME TEXT"));
  else
    say (self, name, text);
}

static void
set_status (CliChat      *self,
            Xep174Status  status,
            const char   *message)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_profile_set_status (xep174_client_get_profile (cli_app_get_client (self->app)),
                                  status, *message != '\0' ? message : NULL, &error))
    cli_chat_show_error (self, error->message);
}

static void
do_status (CliChat    *self,
           const char *rest)
{
  gsize length = strcspn (rest, " ");
  g_autofree char *word = g_strndup (rest, length);
  Xep174Status status;

  if (cli_status_from_string (word, &status))
    set_status (self, status, rest + length + strspn (rest + length, " "));
  else
    cli_chat_show_error (self, _("/status available|away|dnd [TEXT]; dnd is “do not disturb”"));
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CliChat *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_close_finish (XEP174_SESSION (source), result, &error))
    cli_chat_show_error (self, error->message);
}

static void
do_close (CliChat    *self,
          const char *rest)
{
  Xep174Client *client = cli_app_get_client (self->app);
  const char *name = *rest != '\0' ? rest : self->partner != NULL ? self->partner : "";
  Xep174Contact *contact = cli_app_find_contact (self->app, name, TRUE, NULL);
  Xep174Session *session;

  if (contact != NULL)
    name = xep174_contact_get_name (contact);

  session = xep174_session_manager_find_session (xep174_client_get_session_manager (client), name);
  if (session == NULL)
    cli_chat_show_error (self, _("There is no conversation to close"));
  else
    xep174_session_close_async (session, NULL, on_closed, self);
}

static void
do_add (CliChat    *self,
        const char *rest)
{
  g_auto(GStrv) words = g_strsplit (rest, " ", -1);
  g_autoptr(GError) error = NULL;
  guint64 port;

  if (g_strv_length (words) != 3 ||
      !g_ascii_string_to_unsigned (words[2], 10, 1, G_MAXUINT16, &port, NULL))
    cli_chat_show_error (self, _("/add NAME ADDRESS PORT"));
  else if (!cli_app_add_contact (self->app, words[0], words[1], port, &error))
    cli_chat_show_error (self, error->message);
}

static void
do_quit (CliChat    *self,
         const char *rest)
{
  cli_app_quit (self->app);
}

static char **
complete_names (CliChat    *self,
                const char *begun)
{
  GListModel *contacts = xep174_client_get_contacts (cli_app_get_client (self->app));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);

      g_autofree char *shown = cli_text_name (xep174_contact_get_name (contact));

      g_strv_builder_add (builder, shown);
    }

  return g_strv_builder_end (builder);
}

static char **
complete_statuses (CliChat    *self,
                   const char *begun)
{
  static const char *const words[] = { "available", "away", "dnd", NULL };

  return g_strdupv ((char **) words);
}

static char **
complete_paths (CliChat    *self,
                const char *begun)
{
  return cli_path_complete (begun, FALSE);
}

/* Behind the number of a file, if it is there. */
static char **
complete_folders (CliChat    *self,
                  const char *begun)
{
  gsize digits = strspn (begun, G_CSET_DIGITS);
  gsize length = begun[digits] == ' ' ? digits + 1 : 0;
  char **paths = cli_path_complete (begun + length, TRUE);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = paths[i];

      paths[i] = g_strdup_printf ("%.*s%s", (int) length, begun, path);
    }

  return paths;
}

static void do_help (CliChat *self, const char *rest);

static const Command commands[] = {
  { "help", "", N_("this list"), do_help, NULL },
  { "who", "", N_("who is here; > is the one you talk to"), do_who, NULL },
  { "to", N_("NAME"), N_("talk to NAME from now on"), do_to, complete_names },
  { "msg", N_("NAME TEXT"), N_("say one thing to NAME"), do_msg, complete_names },
  { "reply", N_("TEXT"), N_("answer what was said to you last"), cli_chat_reply, NULL },
  { "correct", N_("TEXT"), N_("say this in place of what you said last"), cli_chat_correct, NULL },
  { "retract", "", N_("take back what you said last"), cli_chat_retract, NULL },
  { "react", N_("[SIGN …]"), N_("put signs on what was said to you last"), cli_chat_react, NULL },
  { "status", N_("available|away|dnd [TEXT]"), N_("how you are; dnd: do not disturb"),
    do_status, complete_statuses },
  { "close", N_("[NAME]"), N_("close the conversation"), do_close, complete_names },
  { "send", N_("FILE"), N_("offer a file or a folder"), cli_chat_send_file,
    complete_paths },
  { "save", N_("[NUMBER [FOLDER]]"), N_("take what somebody offers"), cli_chat_save, complete_folders },
  { "decline", N_("[NUMBER]"), N_("do not take it"), cli_chat_decline, NULL },
  { "cancel", N_("[NUMBER]"), N_("stop a file that is on its way"), cli_chat_cancel, NULL },
  { "files", "", N_("the files, and how far they are"), cli_chat_list_files, NULL },
  { "verify", N_("[NAME]"), N_("show the number that proves who it is"),
    cli_chat_verify, complete_names },
  { "compared", N_("[NAME [KEY]]"), N_("the number is the same on both sides"),
    cli_chat_compared, complete_names },
  { "accept", N_("[NAME [KEY]]"), N_("accept the new key, or a distrusted one"),
    cli_chat_accept, complete_names },
  { "distrust", N_("[NAME [KEY]]"), N_("never send to this key"), cli_chat_distrust, complete_names },
  { "forget", N_("[NAME]"), N_("forget the keys of NAME"), cli_chat_forget, complete_names },
  { "add", N_("NAME ADDRESS PORT"), N_("with --discovery none: where NAME is"), do_add, NULL },
  { "quit", "", N_("say goodbye and leave, as Ctrl-D does"), do_quit, NULL },
};

static const char *
get_parameters (const Command *command)
{
  return *command->parameters != '\0' ? _(command->parameters) : "";
}

static void
do_help (CliChat    *self,
         const char *rest)
{
  guint width = 0;

  cli_chat_show_note (self, _("A line goes to the one in the prompt. "
                              "The beginning of a name is enough."));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    width = MAX (width, cli_text_width (get_parameters (&commands[i])));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *column = cli_text_column (get_parameters (&commands[i]), width);

      cli_chat_show_note (self, "  /%-8s %s %s", commands[i].name, column, _(commands[i].help));
    }
  cli_chat_show_note (self, _("A line that begins with // is said with one /."));
}

static void
take_command (CliChat    *self,
              const char *line)
{
  gsize length = strcspn (line, " ");
  const char *rest = line + length + strspn (line + length, " ");
  g_autofree char *text = NULL;
  g_autofree char *argument = g_strchomp (g_strdup (rest));

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strlen (commands[i].name) == length && strncmp (line, commands[i].name, length) == 0)
      {
        commands[i].func (self, argument);
        return;
      }

  text = g_strdup_printf (_("There is no /%.*s; /help tells what there is"), (int) length, line);
  cli_chat_show_error (self, text);
}

void
cli_chat_take_line (CliChat    *self,
                    const char *line)
{
  if (g_str_has_prefix (line, "/") && !g_str_has_prefix (line, "//"))
    {
      cli_chat_show_command (self, line);
      take_command (self, line + 1);
      return;
    }
  if (g_str_has_prefix (line, "//"))
    line++;
  if (line[strspn (line, " \t")] == '\0')
    return;

  /* If only one person is here, the line goes to that one; a look-up is finding out whether it is
   * so. */
  if (self->partner != NULL || self->lookup != NULL)
    say (self, self->partner != NULL ? self->partner : "", line);
  else
    cli_chat_show_lost (self, "", line, _("you talk to nobody yet; /to NAME chooses somebody"));
}

void
cli_chat_drop_line (CliChat    *self,
                    const char *line)
{
  gboolean is_command = g_str_has_prefix (line, "/") && !g_str_has_prefix (line, "//");

  static const char *const saying[] = { "/msg ", "/reply ", "/correct ", "/retract", "/react " };
  gboolean says = !is_command;

  for (guint i = 0; i < G_N_ELEMENTS (saying); i++)
    says = says || g_str_has_prefix (line, saying[i]);
  if (line[strspn (line, " \t")] != '\0' && says)
    cli_chat_show_lost (self, "", line, _("the program ended first"));
}

/* Adds each of @words that begins with @begun, with @before in front of it. Behind a folder more can
 * follow. */
static void
add_matching (GStrvBuilder  *builder,
              const char    *before,
              char         **words,
              const char    *begun)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_ascii_strncasecmp (words[i], begun, strlen (begun)) == 0)
      {
        gboolean is_folder = g_str_has_suffix (words[i], G_DIR_SEPARATOR_S);
        g_autofree char *line = g_strconcat (before, words[i], is_folder ? NULL : " ", NULL);

        g_strv_builder_add (builder, line);
      }
}

char **
cli_chat_complete_line (CliChat    *self,
                        const char *begun)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *before = g_strdup_printf ("/%s ", commands[i].name);

      if (g_str_has_prefix (before, begun))
        g_strv_builder_add (builder, before);
      else if (g_str_has_prefix (begun, before) && commands[i].complete != NULL)
        {
          g_auto(GStrv) words = commands[i].complete (self, begun + strlen (before));

          add_matching (builder, before, words, begun + strlen (before));
        }
    }

  return g_strv_builder_end (builder);
}
