/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"

/* Finds out which contact a name means. If it is a whole name, its owner is taken as soon as it is
 * there. A short name may also fit contacts that have not been heard yet, so we wait until they
 * would have been. */
typedef struct _CliLookup CliLookup;

/* Called once, with the contact or with the reason why there is none; never before cli_lookup_new()
 * has returned. */
typedef void (*CliLookupFunc) (Xep174Contact *contact,
                               const GError  *error,
                               gpointer       data);

/* For @seconds: until everybody who is here would have been heard. */
#define CLI_LOOKUP_HEARD -2

/* Waits @seconds for somebody with that name; with -1 for ever. */
CliLookup *cli_lookup_new  (CliApp        *app,
                            const char    *name,
                            gboolean       may_be_begun,
                            int            seconds,
                            CliLookupFunc  func,
                            gpointer       data);
void       cli_lookup_free (CliLookup     *self);
