/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-lookup.h"
#include "cli-outbox.h"
#include "cli-roster.h"
#include "cli-terminal.h"

/* A chat of a person: what it shows and what it is told share this. */
typedef struct
{
  CliApp *app;
  CliTerminal *terminal;
  CliRoster *roster;
  /* Whom a line goes to; by name, for contacts come and go. NULL for nobody yet. */
  char *partner;
  /* Who the partner is, or, without one, whether there is one person only. */
  CliLookup *lookup;
  /* Whether the person has named who is looked for. */
  gboolean is_asked_for;
  gboolean is_hinted;
  CliOutbox *outbox;
} CliChat;

/* Every line that is shown tells by its beginning whose it is: “* ” or “! ” the program's own, “/” a
 * command of the person, a time and a name somebody's, and blanks that it goes on. Only what was
 * made safe may be shown. */

void   cli_chat_show_note     (CliChat    *self,
                               const char *format,
                               ...) G_GNUC_PRINTF (2, 3);
/* What somebody said, or the person, to somebody; @said_by is painted. */
void   cli_chat_show_said     (CliChat    *self,
                               const char *said_by,
                               const char *text);
/* What the person said, if it does not stand there as it was typed. @to is NULL if it is not known
 * yet. */
void   cli_chat_show_own      (CliChat    *self,
                               const char *to,
                               const char *text);
/* A command that was typed, likewise. */
void   cli_chat_show_command  (CliChat    *self,
                               const char *line);
/* Shows what went wrong; on standard error if nobody looks at a screen. */
void   cli_chat_show_error    (CliChat    *self,
                               const char *text);
/* (transfer full): a name, safe, in the colour of its status. */
char  *cli_chat_paint_name    (CliChat    *self,
                               const char *name);
void   cli_chat_set_partner   (CliChat    *self,
                               const char *name);
/* Talks to the one who is meant by @name, or says why not. */
void   cli_chat_choose        (CliChat    *self,
                               const char *name,
                               int         seconds);

/* What was to be said and was not, with the reason. */
void   cli_chat_show_lost     (CliChat    *self,
                               const char *to,
                               const char *text,
                               const char *reason);

/* A line that was typed, and what a line that is being typed may become. */
void   cli_chat_take_line     (CliChat    *self,
                               const char *line);
char **cli_chat_complete_line (CliChat    *self,
                               const char *begun);
