/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Before something is written, the line that is being typed is hidden, and afterwards shown
 * again. */

typedef void (*CliGuardFunc) (gpointer data);

/* A process has one screen, so there is only one guard. */
void cli_guard_set   (CliGuardFunc hide,
                      CliGuardFunc show,
                      gpointer     data);
/* Call these before and after all output; they do not nest. */
void cli_guard_begin (void);
void cli_guard_end   (void);
