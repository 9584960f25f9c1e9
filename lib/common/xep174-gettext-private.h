/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* What people read, in the language of the program. What goes to others over the network, and what is
 * for developers (the log, a wrong call), stays English.
 * They leave errno alone, as gettext does: a text may be made of it. */

#define _(text) xep174_gettext (text)
#define N_(text) text

const char *xep174_gettext  (const char *text) G_GNUC_FORMAT (1);
const char *xep174_ngettext (const char *one,
                             const char *many,
                             gulong      n) G_GNUC_FORMAT (1) G_GNUC_FORMAT (2);
