/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* The messages that somebody wants to send. Each is sent, or its end is told with the reason. */
typedef struct _CliOutbox CliOutbox;

/* @reason is NULL if the message was sent. */
typedef void (*CliOutboxFunc) (const char *to,
                               const char *text,
                               const char *reason,
                               gpointer    data);

/* A message waits @seconds for its receiver to appear. */
CliOutbox *cli_outbox_new  (CliApp        *app,
                            gboolean       may_be_begun,
                            int            seconds,
                            CliOutboxFunc  func,
                            gpointer       data);
/* Messages that are still in it are told as not sent. */
void       cli_outbox_free (CliOutbox     *self);
void       cli_outbox_say  (CliOutbox     *self,
                            const char    *to,
                            const char    *text);
/* (nullable): the text of a message that was sent to @to not long ago, for somebody who hears later
 * what happened to it. With @id NULL it is “…” if there was any message. */
const char *cli_outbox_recall (CliOutbox  *self,
                               const char *to,
                               const char *id);
