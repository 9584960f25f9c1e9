/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What of @text can be shown beside other names without pretending to be one of them, or NULL if
 * nothing is left. */
char *xep174_display_text (const char *text);
