/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Files, as a person types them where no shell reads it: with spaces as they are, and ~ for the home
 * folder. */

/* (transfer full) */
GFile *cli_path_find     (const char *typed);
/* (transfer full): what @typed can be the beginning of; behind a folder is a slash. Names that a terminal
 * would obey are left out. */
char **cli_path_complete (const char *typed,
                          gboolean    folders_only);
