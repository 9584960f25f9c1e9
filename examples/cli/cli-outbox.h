/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* The messages that somebody wants to send. Each is sent, or its end is told with the reason. */
#define CLI_TYPE_OUTBOX (cli_outbox_get_type ())
G_DECLARE_FINAL_TYPE (CliOutbox, cli_outbox, CLI, OUTBOX, GObject)

/* What becomes of a message; it may be several, one after the other. */
typedef enum
{
  CLI_SENT,
  CLI_RECEIVED,
  CLI_READ,
  /* With these the exit status is %CLI_FAILURE. */
  CLI_NOT_SENT,
  CLI_REFUSED,
  CLI_UNCONFIRMED,
} CliOutcome;

/* @message is NULL if it is not known which one was refused. */
typedef void (*CliOutboxFunc) (const char    *to,
                               Xep174Message *message,
                               CliOutcome     outcome,
                               const char    *reason,
                               gpointer       data);

typedef enum
{
  CLI_CORRECT,
  CLI_RETRACT,
  CLI_REACT,
} CliDeed;

/* @reason is NULL if it was sent. @message is not NULL if the other program does not know corrections, and
 * a new message says it: what becomes of that is told as of others. */
typedef void (*CliOutboxAmendFunc) (const char    *to,
                                    Xep174Message *message,
                                    const char    *reason,
                                    gpointer       data);

/* A message waits @seconds for its receiver to appear. */
CliOutbox *cli_outbox_new      (CliApp        *app,
                                gboolean       may_be_begun,
                                int            seconds,
                                CliOutboxFunc  func,
                                gpointer       data);
/* Messages that are still in it are told as not sent. */
void       cli_outbox_free     (CliOutbox     *self);
/* To whom @to means, as soon as that is known. */
void       cli_outbox_say      (CliOutbox     *self,
                                const char    *to,
                                const char    *text);
/* To somebody who is there. */
void       cli_outbox_send     (CliOutbox     *self,
                                Xep174Contact *contact,
                                Xep174Message *message);
/* Says something of @message, which stands in a conversation. @words are what it says now, or all signs
 * that are on it now. @func tells the end. */
void       cli_outbox_amend    (CliOutbox          *self,
                                Xep174Message      *message,
                                CliDeed             deed,
                                const char * const *words,
                                CliOutboxAmendFunc  func,
                                gpointer            data);
/* (transfer full) (nullable): a line for a person, unless all is well. @text is from cli_text_quote(). */
char      *cli_outbox_describe (const char    *to,
                                CliOutcome     outcome,
                                const char    *reason,
                                const char    *text);
