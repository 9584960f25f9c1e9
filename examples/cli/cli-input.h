/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Lines of standard input, as they come. That it cannot be read is told, and a failure of @app. */
typedef struct _CliInput CliInput;

/* @line is NULL at the end; that comes once. It always ends with a NUL, and may contain others. */
typedef void (*CliLineFunc) (const char *line,
                             gsize       length,
                             gpointer    data);

CliInput *cli_input_new  (CliApp      *app,
                          CliLineFunc  func,
                          gpointer     data);
void      cli_input_free (CliInput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliInput, cli_input_free)
