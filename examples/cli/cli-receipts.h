/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* What was sent in conversations that go on after a break of the connection (A2), and is not confirmed. While
 * such a connection is away, nothing is lost yet. */
typedef struct _CliReceipts CliReceipts;

typedef void (*CliReceiptsFunc) (gpointer data);

/* @func is called when less may be missing than before. */
CliReceipts *cli_receipts_new         (Xep174SessionManager *manager,
                                       CliReceiptsFunc       func,
                                       gpointer              data);
void         cli_receipts_free        (CliReceipts *self);
/* Something was sent to @name: @stanza, or, if that is NULL, what a person says. */
void         cli_receipts_note_sent   (CliReceipts   *self,
                                       const char    *name,
                                       Xep174Element *stanza);
/* Whether it corrects, takes back or puts signs on what was said. */
gboolean     cli_receipts_is_amendment (Xep174Element *stanza);
/* Whether a connection is away that left something open. */
gboolean     cli_receipts_are_missing (CliReceipts *self);
