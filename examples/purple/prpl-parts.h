/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Hidden folders of ours, each for one file that comes, beside the path that the user has chosen. */

/* (transfer full) (nullable): a new one in @parent */
GFile *prpl_parts_make   (const char  *parent,
                          GError     **error);
/* With all that is in it. The library removes what it has written, too, but in a thread, somewhat later. */
void   prpl_parts_remove (GFile       *folder);
/* It stays for good. */
void   prpl_parts_leave  (GFile       *folder);
/* At the start: removes what a crash has left. */
void   prpl_parts_tidy   (void);
