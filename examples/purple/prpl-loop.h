/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A main context for the library. The event loop of the user interface runs it. */

void prpl_loop_start (void);
void prpl_loop_stop  (void);

/* Call the library only between these two. What it starts then belongs to its context. */
void prpl_loop_enter (void);
void prpl_loop_leave (void);

/* Runs the context, and nothing else of the program, until @is_done returns TRUE, but not
 * forever. */
void prpl_loop_drain (gboolean (*is_done) (void));
