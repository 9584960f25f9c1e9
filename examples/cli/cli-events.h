/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* Events for programs: each is one JSON object in one line on standard output, written at once. */

typedef GString CliEvent;

/* (transfer full): a new event. Fill it and give it to cli_event_emit(). */
CliEvent *cli_event_new         (const char *name);
/* NULL becomes null. */
void      cli_event_set_string  (CliEvent   *event,
                                 const char *member,
                                 const char *value);
/* @value is JSON already. */
void      cli_event_set_raw     (CliEvent   *event,
                                 const char *member,
                                 const char *value);
void      cli_event_emit        (CliEvent   *event);

/* “contact-added”, “contact-changed” or “contact-removed”: a CliRosterFunc says which. */
void      cli_event_contact     (const char    *name,
                                 Xep174Contact *contact);
