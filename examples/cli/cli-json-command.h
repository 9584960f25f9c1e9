/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-events.h"

/* Does what a line of JSON asks for. If something is wrong with the line, an event says so. */
void cli_json_command (CliApp     *app,
                       const char *line,
                       gsize       length);
/* Gives @event the id that the message was sent with, as it was in the command: a text or a
 * number. */
void cli_json_command_set_id (JsonObject *event,
                              const char *id);
/* Whether a refusal from @to, with @id or with none, can answer something that was sent. */
gboolean cli_json_command_has_sent (const char *to,
                                    const char *id);
