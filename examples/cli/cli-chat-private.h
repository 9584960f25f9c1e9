/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-changes.h"
#include "cli-lookup.h"
#include "cli-outbox.h"
#include "cli-roster.h"
#include "cli-terminal.h"
#include "cli-told.h"
#include "cli-transfers.h"

/* A chat for a person. The files that show things and that read what is typed share this. */
typedef struct
{
  CliApp *app;
  CliTerminal *terminal;
  CliRoster *roster;
  /* The contact that a line goes to, or NULL. It is a name, because contacts come and go. */
  char *partner;
  /* Finds the partner; if there is no name yet, finds out whether only one person is here. */
  CliLookup *lookup;
  /* The person has named somebody; from then on nobody is chosen without that. */
  gboolean is_asked_for;
  /* Whom the last /to named, while that one is looked for. Lines that come meanwhile wait. */
  char *sought;
  gboolean is_hinted;
  CliOutbox *outbox;
  CliChanges *changes;
  /* Until the one who types has stopped to. */
  guint pause;
  CliTransfers *transfers;
  /* Which keys the person was shown. */
  CliTold *told;
  /* (element-type utf8 CliTrouble): what the person was told of a name that may happen again and again. */
  GHashTable *troubles;
} CliChat;

/* The beginning of each line shows who wrote it: “* ” or “! ” is the program, “/” is a command of
 * the person, a time and a name are somebody who speaks, and spaces continue the line before. Only
 * text that was made safe may be shown. */

/* Makes it safe; what is painted in it keeps its colours. */
void   cli_chat_show_note     (CliChat    *self,
                               const char *format,
                               ...) G_GNUC_PRINTF (2, 3);
/* What was said by somebody, with its styles; @said_by is painted already. */
void   cli_chat_show_said     (CliChat       *self,
                               const char    *said_by,
                               Xep174Message *message);
/* What the person said, unless it is on the screen already as it was typed. @to is NULL if it is
 * not known yet. */
void   cli_chat_show_own      (CliChat    *self,
                               const char *to,
                               const char *text);
/* The same for a command that was typed. */
void   cli_chat_show_command  (CliChat    *self,
                               const char *line);
/* Shows what went wrong; on standard error if the output is not a terminal. */
void   cli_chat_show_error    (CliChat    *self,
                               const char *text);
/* (transfer full): a name, made safe, in the colour of its status. */
char  *cli_chat_paint_name    (CliChat    *self,
                               const char *name);
void   cli_chat_set_partner   (CliChat    *self,
                               const char *name);
/* It says whom a line goes to, and what that person does. */
void   cli_chat_update_prompt (CliChat    *self);
/* Makes the contact that @name means the partner, or says why not. @seconds: cli_lookup_new(). */
void   cli_chat_choose        (CliChat    *self,
                               const char *name,
                               int         seconds);

/* A text that was not sent, with the reason. @to is empty if it was for nobody yet. */
void   cli_chat_show_lost     (CliChat    *self,
                               const char *to,
                               const char *text,
                               const char *reason);

/* What /to does: nobody is the partner until the one with this name is found, and nobody if there
 * is none, so that no line goes to somebody whom it was not typed for. */
void   cli_chat_switch        (CliChat    *self,
                               const char *name);

/* The first takes a line that was typed, the second one that comes too late to be taken, and the
 * third completes one that is being typed. */
void   cli_chat_take_line     (CliChat    *self,
                               const char *line);
void   cli_chat_drop_line     (CliChat    *self,
                               const char *line);
char **cli_chat_complete_line (CliChat    *self,
                               const char *begun);

/* (transfer full): the beginning of what was said, safe to show. */
char  *cli_chat_quote         (Xep174Message *message);
/* What others do with what was said. */
void   cli_chat_change        (Xep174Conversation *conversation,
                               Xep174Message      *message,
                               CliChange           change,
                               gpointer            data);
/* The person has pressed a key; @says if there is something now that is no command. */
void   cli_chat_type          (gboolean  says,
                               gpointer  data);
/* (transfer full): the prompt for the partner, whose name is painted already. */
char  *cli_chat_describe_partner (CliChat    *self,
                                  const char *painted);
/* The commands of these names. */
void   cli_chat_correct       (CliChat    *self,
                               const char *rest);
void   cli_chat_retract       (CliChat    *self,
                               const char *rest);
void   cli_chat_react         (CliChat    *self,
                               const char *rest);
void   cli_chat_reply         (CliChat    *self,
                               const char *rest);

/* From now on the person is told whether a conversation is encrypted, and of keys that change. */
void   cli_chat_watch_keys    (CliChat    *self);
void   cli_chat_unwatch_keys  (CliChat    *self);
/* The commands of these names. */
void   cli_chat_verify        (CliChat    *self,
                               const char *rest);
void   cli_chat_compared      (CliChat    *self,
                               const char *rest);
void   cli_chat_accept        (CliChat    *self,
                               const char *rest);
void   cli_chat_distrust      (CliChat    *self,
                               const char *rest);
void   cli_chat_forget        (CliChat    *self,
                               const char *rest);

/* Tells what becomes of a file: a CliTransfersFunc. */
void   cli_chat_tell_transfer (CliTransferEvent  event,
                               Xep174Transfer   *transfer,
                               gpointer          data);
/* The commands “send”, “save”, “decline”, “cancel” and “files”. */
void   cli_chat_send_file     (CliChat    *self,
                               const char *rest);
void   cli_chat_save          (CliChat    *self,
                               const char *rest);
void   cli_chat_decline       (CliChat    *self,
                               const char *rest);
void   cli_chat_cancel        (CliChat    *self,
                               const char *rest);
void   cli_chat_list_files    (CliChat    *self,
                               const char *rest);
/* If @rest is no name but the number of a file that is offered: says how to take it. */
gboolean cli_chat_hint_at_save (CliChat    *self,
                                const char *rest);
