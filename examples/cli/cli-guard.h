/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* A line that is being typed makes room for what is written, and comes back. */

typedef void (*CliGuardFunc) (gpointer data);

/* A process has one screen, and so one of these. */
void cli_guard_set   (CliGuardFunc hide,
                      CliGuardFunc show,
                      gpointer     data);
/* Around whatever is written; they do not nest. */
void cli_guard_begin (void);
void cli_guard_end   (void);
