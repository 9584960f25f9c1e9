/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-outbox.h"
#include "cli-told.h"
#include "cli-transfers.h"

/* Does what a line of JSON asks for. If something is wrong with the line, an event says so. @told: the keys
 * that events have named. */
void cli_json_command (CliApp     *app,
                       CliTold    *told,
                       CliOutbox  *outbox,
                       CliTransfers *transfers,
                       const char *line,
                       gsize       length);
