/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A main context for the library, turned by whatever event loop the user interface has. */

void prpl_loop_start (void);
void prpl_loop_stop  (void);

/* Between these two the library is called: what it starts then belongs to its context. */
void prpl_loop_enter (void);
void prpl_loop_leave (void);

/* Turns the context, and nothing else of the program, until @is_done; bounded. */
void prpl_loop_drain (gboolean (*is_done) (void));
