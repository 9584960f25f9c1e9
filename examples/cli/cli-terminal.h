/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Where a person types lines while others are being shown. On a terminal lines are edited,
 * remembered and completed, and what is shown does not get into what is being typed; elsewhere
 * lines are just read. */
typedef struct _CliTerminal CliTerminal;

/* @line is NULL at the end. */
typedef void   (*CliTerminalLineFunc)     (const char *line,
                                           gpointer    data);
/* (transfer full): every whole line that @begun may become. */
typedef char **(*CliTerminalCompleteFunc) (const char *begun,
                                           gpointer    data);

CliTerminal *cli_terminal_new           (CliApp                  *app,
                                         CliTerminalLineFunc      on_line,
                                         CliTerminalCompleteFunc  complete,
                                         gpointer                 data);
void         cli_terminal_free          (CliTerminal *self);
gboolean     cli_terminal_is_coloured   (CliTerminal *self);
void         cli_terminal_set_prompt    (CliTerminal *self,
                                         const char  *prompt);
/* Whether the line that is being taken has gone from the screen, or was never there: then the one
 * who takes it shows it. */
gboolean     cli_terminal_has_hidden    (CliTerminal *self);
/* No line is taken any more. */
void         cli_terminal_close         (CliTerminal *self);
/* The line that is being typed is thrown away; FALSE if there is none. */
gboolean     cli_terminal_discard       (CliTerminal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliTerminal, cli_terminal_free)
