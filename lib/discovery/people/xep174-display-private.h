/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The part of @text that can be shown beside other names without looking like one of them. NULL if
 * nothing is left. */
char *xep174_display_text (const char *text);
