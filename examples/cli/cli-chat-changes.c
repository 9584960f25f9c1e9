/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 chat: what is said of what was said, and who types. */

#include "cli-chat-private.h"

#include <string.h>
#include <unistd.h>

#include "cli-text.h"
#include "translate.h"

/* So many letters tell which message is meant. */
#define EXCERPT 40
/* Who has stopped to type for so long thinks. */
#define PAUSE_SECONDS 10
#define RETRACTING "xep174-cli-retracting"

/* --- What the others do --------------------------------------------------------------------- */

char *
cli_chat_quote (Xep174Message *message)
{
  g_autofree char *line = cli_text_line (xep174_message_get_body (message));

  return cli_text_quote (line, EXCERPT);
}

static void
show_corrected (CliChat       *self,
                const char    *painted,
                Xep174Message *message)
{
  g_autofree char *said_by = g_strdup_printf (_("%s (corrected)"), painted);

  cli_chat_show_said (self, said_by, message);
}

static void
show_retracted (CliChat       *self,
                const char    *painted,
                Xep174Message *message)
{
  g_autoptr(GDateTime) time = g_date_time_to_local (xep174_message_get_time (message));
  g_autofree char *clock = g_date_time_format (time, "%H:%M");

  cli_chat_show_note (self, _("%s takes back what was said at %s"), painted, clock);
}

static void
show_reacted (CliChat       *self,
              const char    *painted,
              Xep174Message *message)
{
  const char *const *reactions = xep174_message_get_reactions (message);
  g_autofree char *joined = g_strjoinv (" ", (GStrv) reactions);
  g_autofree char *signs = cli_text_line (joined);
  g_autofree char *quoted = cli_chat_quote (message);

  if (*signs != '\0')
    cli_chat_show_note (self, _("%s reacts with %s to %s"), painted, signs, quoted);
  else
    cli_chat_show_note (self, _("%s takes the reaction to %s back"), painted, quoted);
}

void
cli_chat_change (Xep174Conversation *conversation,
                 Xep174Message      *message,
                 CliChange           change,
                 gpointer            data)
{
  static void (*const show[]) (CliChat *, const char *, Xep174Message *) = {
    [CLI_CORRECTED] = show_corrected,
    [CLI_RETRACTED] = show_retracted,
    [CLI_REACTED] = show_reacted,
  };
  CliChat *self = data;
  g_autofree char *painted = NULL;
  Xep174Contact *contact;

  if (self->terminal == NULL)
    return;
  if (change == CLI_TYPING)
    {
      cli_chat_update_prompt (self);
      return;
    }

  contact = xep174_conversation_get_contact (conversation);
  painted = cli_chat_paint_name (self, xep174_contact_get_name (contact));
  show[change] (self, painted, message);
}

/* --- What the person does ------------------------------------------------------------------- */

/* (nullable): the one with the partner. */
static Xep174Conversation *
find_conversation (CliChat *self)
{
  Xep174Client *client = cli_app_get_client (self->app);
  Xep174Contact *contact =
    self->partner != NULL ? xep174_client_find_contact (client, self->partner) : NULL;

  return contact != NULL ? xep174_client_get_conversation (client, contact) : NULL;
}

/* (transfer full) (nullable): the last one that stands, and is not being taken back. */
static Xep174Message *
dup_last (Xep174Conversation *conversation,
          gboolean            outgoing)
{
  GListModel *messages = G_LIST_MODEL (conversation);

  for (guint i = g_list_model_get_n_items (messages); i-- > 0;)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      if (xep174_message_get_outgoing (message) == outgoing && !xep174_message_get_retracted (message)
          && g_object_get_data (G_OBJECT (message), RETRACTING) == NULL)
        return g_steal_pointer (&message);
    }

  return NULL;
}

char *
cli_chat_describe_partner (CliChat    *self,
                           const char *painted)
{
  Xep174Conversation *conversation = find_conversation (self);
  guint n = conversation != NULL ? g_list_model_get_n_items (G_LIST_MODEL (conversation)) : 0;
  g_autoptr(Xep174Message) last =
    n > 0 ? g_list_model_get_item (G_LIST_MODEL (conversation), n - 1) : NULL;

  if (conversation != NULL
      && xep174_conversation_get_contact_state (conversation) == XEP174_CHAT_STATE_COMPOSING)
    return g_strdup_printf (_("%s is typing> "), painted);
  if (last != NULL && xep174_message_get_outgoing (last)
      && xep174_message_get_state (last) == XEP174_MESSAGE_STATE_READ)
    return g_strdup_printf (_("%s has read it> "), painted);

  return g_strdup_printf ("%s> ", painted);
}

static void
set_state (CliChat         *self,
           Xep174ChatState  state)
{
  Xep174Conversation *conversation = find_conversation (self);

  if (conversation != NULL)
    xep174_conversation_set_state (conversation, state);
}

static gboolean
on_pause (gpointer data)
{
  CliChat *self = data;

  self->pause = 0;
  set_state (self, XEP174_CHAT_STATE_PAUSED);

  return G_SOURCE_REMOVE;
}

/* Who types has seen what stands there. */
static void
mark_read (CliChat *self)
{
  GListModel *conversations = xep174_client_get_conversations (cli_app_get_client (self->app));

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr(Xep174Conversation) conversation = g_list_model_get_item (conversations, i);

      if (xep174_conversation_get_unread (conversation) > 0)
        xep174_conversation_mark_read (conversation);
    }
}

void
cli_chat_type (gboolean says,
               gpointer data)
{
  CliChat *self = data;

  g_clear_handle_id (&self->pause, g_source_remove);
  mark_read (self);
  set_state (self, says ? XEP174_CHAT_STATE_COMPOSING : XEP174_CHAT_STATE_ACTIVE);
  if (says)
    self->pause = g_timeout_add_seconds (PAUSE_SECONDS, on_pause, self);
}

/* --- Commands ------------------------------------------------------------------------------- */

typedef struct
{
  CliChat *chat;
  Xep174Message *message;
  char *line;
  /* What is shown when it is done. */
  char *done;
} Typed;

static void
on_amended (const char    *to,
            Xep174Message *message,
            const char    *reason,
            gpointer       data)
{
  Typed *typed = data;

  if (message != NULL)
    cli_chat_show_note (typed->chat, _("The program there does not know corrections: it is a new message."));
  else if (reason != NULL)
    cli_chat_show_lost (typed->chat, to, typed->line, reason);
  else
    cli_chat_show_note (typed->chat, "%s", typed->done);
  g_object_set_data (G_OBJECT (typed->message), RETRACTING, NULL);
  g_object_unref (typed->message);
  g_free (typed->line);
  g_free (typed->done);
  g_free (typed);
}

/* @rest is what was typed behind the command. */
static char *
describe_deed (Xep174Message *message,
               CliDeed        deed,
               const char    *rest)
{
  g_autofree char *quoted = cli_chat_quote (message);
  g_autofree char *signs = cli_text_line (rest);

  if (deed == CLI_CORRECT)
    return g_strdup_printf (_("You have corrected %s."), quoted);
  if (deed == CLI_RETRACT)
    return g_strdup_printf (_("You have taken back %s."), quoted);

  return *signs != '\0' ? g_strdup_printf (_("You react with %s to %s."), signs, quoted)
                        : g_strdup_printf (_("You have taken back the reaction to %s."), quoted);
}

/* @command is how it is typed. */
static void
amend (CliChat            *self,
       CliDeed             deed,
       const char         *command,
       const char         *rest,
       const char * const *words)
{
  Xep174Conversation *conversation = find_conversation (self);
  g_autoptr(Xep174Message) message = conversation != NULL ? dup_last (conversation, deed != CLI_REACT) : NULL;
  Typed *typed;

  if (message == NULL)
    {
      cli_chat_show_error (self, deed == CLI_REACT ? _("Nothing was said to you in this conversation")
                                                   : _("You have said nothing in this conversation"));
      return;
    }

  typed = g_new (Typed, 1);
  *typed = (Typed) { self, g_object_ref (message), g_strdup_printf ("/%s %s", command, rest),
                     describe_deed (message, deed, rest) };
  g_strchomp (typed->line);
  if (deed == CLI_RETRACT)
    g_object_set_data (G_OBJECT (message), RETRACTING, self);
  cli_outbox_amend (self->outbox, message, deed, words, on_amended, typed);
}

void
cli_chat_correct (CliChat    *self,
                  const char *rest)
{
  const char *words[] = { rest, NULL };

  if (*rest == '\0')
    cli_chat_show_error (self, _("/correct TEXT"));
  else
    amend (self, CLI_CORRECT, "correct", rest, words);
}

void
cli_chat_retract (CliChat    *self,
                  const char *rest)
{
  amend (self, CLI_RETRACT, "retract", "", NULL);
}

void
cli_chat_react (CliChat    *self,
                const char *rest)
{
  g_auto(GStrv) words = g_strsplit (rest, " ", -1);

  amend (self, CLI_REACT, "react", rest, (const char * const *) words);
}

void
cli_chat_reply (CliChat    *self,
                const char *rest)
{
  Xep174Conversation *conversation = find_conversation (self);
  g_autoptr(Xep174Message) answered = conversation != NULL ? dup_last (conversation, FALSE) : NULL;
  g_autoptr(Xep174Message) message = NULL;

  if (*rest == '\0')
    cli_chat_show_error (self, _("/reply TEXT"));
  else if (answered == NULL)
    cli_chat_show_error (self, _("Nothing was said to you in this conversation"));
  else
    {
      message = xep174_message_new_reply (answered, rest);
      cli_chat_show_own (self, self->partner, rest);
      cli_outbox_send (self->outbox, xep174_conversation_get_contact (conversation), message);
    }
}
