/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Reads lines that a person types while other lines are shown. On a terminal, lines can be edited,
 * repeated and completed, and lines that are shown do not get into the one that is being typed. If
 * it is not a terminal, lines are just read. */
typedef struct _CliTerminal CliTerminal;

/* @line is NULL at the end. */
typedef void   (*CliTerminalLineFunc)     (const char *line,
                                           gpointer    data);
typedef void   (*CliTerminalTypedFunc)    (gboolean  says,
                                           gpointer  data);
/* (transfer full): every whole line that can begin with @begun. */
typedef char **(*CliTerminalCompleteFunc) (const char *begun,
                                           gpointer    data);

CliTerminal *cli_terminal_new           (CliApp                  *app,
                                         CliTerminalLineFunc      on_line,
                                         CliTerminalCompleteFunc  complete,
                                         gpointer                 data);
/* @typed is told of each key, and whether a line is begun that is no command. Without a screen nothing is
 * known of keys. */
void         cli_terminal_set_typed     (CliTerminal          *self,
                                         CliTerminalTypedFunc  typed);
void         cli_terminal_free          (CliTerminal *self);
gboolean     cli_terminal_is_coloured   (CliTerminal *self);
void         cli_terminal_set_prompt    (CliTerminal *self,
                                         const char  *prompt);
/* Whether the line that is being taken has gone from the screen, or never was on it. Then the
 * function that takes it must show it. */
gboolean     cli_terminal_has_hidden    (CliTerminal *self);
/* While it is paused, lines wait; after that they are taken in order, with the end if it came. */
void         cli_terminal_set_paused    (CliTerminal *self,
                                         gboolean     is_paused);
/* Takes no more lines. */
void         cli_terminal_close         (CliTerminal *self);
/* Removes the line that is being typed; FALSE if there is none. */
gboolean     cli_terminal_discard       (CliTerminal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliTerminal, cli_terminal_free)
