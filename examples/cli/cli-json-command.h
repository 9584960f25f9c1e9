/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Does what a line of JSON asks for. Whatever is wrong with it is an event, and no more. */
void cli_json_command (CliApp     *app,
                       const char *line,
                       gsize       length);
