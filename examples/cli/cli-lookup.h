/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Finds out who is meant by a name. A whole name is taken as soon as its owner is there. A short
 * one may fit others who have not been heard yet, so it waits for the time in which they are. */
typedef struct _CliLookup CliLookup;

/* Called once, never from within cli_lookup_new(): with the contact, or why there is none. */
typedef void (*CliLookupFunc) (Xep174Contact *contact,
                               const GError  *error,
                               gpointer       data);

/* Waits for somebody of that name for so many @seconds, with -1 for ever. */
CliLookup *cli_lookup_new  (CliApp        *app,
                            const char    *name,
                            gboolean       may_be_begun,
                            int            seconds,
                            CliLookupFunc  func,
                            gpointer       data);
void       cli_lookup_free (CliLookup     *self);
