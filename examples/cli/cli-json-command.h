/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-events.h"

/* Does what a line of JSON asks for. Whatever is wrong with it is an event, and no more. */
void cli_json_command (CliApp     *app,
                       const char *line,
                       gsize       length);
/* Gives @event the id that a message was sent with, as the command had it: a text or a number. */
void cli_json_command_set_id (CliEvent   *event,
                              const char *id);
