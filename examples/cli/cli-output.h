/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Standard output, which may be a pipe whose reader has gone, or a full disk. */

typedef void (*CliOutputFunc) (const char *reason,
                               gpointer    data);

/* Writes @line and a line end, without delay. */
void cli_output_line         (const char    *line);
/* How many places a line of the terminal has now. */
guint cli_output_get_width   (void);
/* Called once, from the main loop, when nothing can be written any more. */
void cli_output_watch        (CliOutputFunc  broken,
                              gpointer       data);
void cli_output_unwatch      (void);
/* If the last flush of the buffers fails, the exit status tells it. */
void cli_output_close_at_exit (void);
