/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* The files that are on their way. Each has a number, by which people and programs name it. */
typedef struct _CliTransfers CliTransfers;

typedef enum
{
  /* It is one of ours from now on; or somebody offers it, and waits for an answer. */
  CLI_TRANSFER_STARTED,
  CLI_TRANSFER_OFFERED,
  CLI_TRANSFER_MOVED,
  /* The other side has gone. It goes on by itself. */
  CLI_TRANSFER_WAITS,
  /* The program ends. It goes on with the next one. */
  CLI_TRANSFER_LEFT,
  CLI_TRANSFER_DONE,
  CLI_TRANSFER_FAILED,
} CliTransferEvent;

typedef void (*CliTransfersFunc) (CliTransferEvent  event,
                                  Xep174Transfer   *transfer,
                                  gpointer          data);

CliTransfers   *cli_transfers_new        (CliApp           *app,
                                          CliTransfersFunc  func,
                                          gpointer          data);
/* What has not ended is told as left. */
void            cli_transfers_free       (CliTransfers *self);
/* One that was just sent; it is told of it as started, and of all that has happened since. */
void            cli_transfers_add        (CliTransfers   *self,
                                          Xep174Transfer *transfer);
/* (transfer none) (nullable) */
Xep174Transfer *cli_transfers_find       (CliTransfers *self,
                                          guint         number);
guint           cli_transfers_get_number (Xep174Transfer *transfer);
gboolean        cli_transfers_was_left   (Xep174Transfer *transfer);
/* Whether it waits, and that was told. */
gboolean        cli_transfers_is_waiting (Xep174Transfer *transfer);
/* Whether some of ours, or some that are wanted here, have not ended. */
gboolean        cli_transfers_are_open   (CliTransfers *self);
