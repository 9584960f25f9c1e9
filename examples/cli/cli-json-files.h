/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-json-members.h"

/* Tells what becomes of a file: a CliTransfersFunc. */
void     cli_json_tell_transfer     (CliTransferEvent  event,
                                     Xep174Transfer   *transfer,
                                     gpointer          data);
/* The commands of these names. */
gboolean cli_json_send_file         (CliJsonCommand  *command,
                                     GError         **error);
gboolean cli_json_accept_transfer   (CliJsonCommand  *command,
                                     GError         **error);
gboolean cli_json_decline_transfer  (CliJsonCommand  *command,
                                     GError         **error);
gboolean cli_json_cancel_transfer   (CliJsonCommand  *command,
                                     GError         **error);
