/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* What somebody wants to have said: it goes out, or it is told with the reason why not. */
typedef struct _CliOutbox CliOutbox;

/* @reason is NULL for what has gone out. */
typedef void (*CliOutboxFunc) (const char *to,
                               const char *text,
                               const char *reason,
                               gpointer    data);

/* Waits @seconds for somebody to appear. */
CliOutbox *cli_outbox_new  (CliApp        *app,
                            gboolean       may_be_begun,
                            int            seconds,
                            CliOutboxFunc  func,
                            gpointer       data);
/* What is still in it is told as not sent. */
void       cli_outbox_free (CliOutbox     *self);
void       cli_outbox_say  (CliOutbox     *self,
                            const char    *to,
                            const char    *text);
/* (nullable): the text of one that has gone out not long ago, for who hears later what became of
 * it. */
const char *cli_outbox_recall (CliOutbox  *self,
                               const char *id);
