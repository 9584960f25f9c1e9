/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <xep174/xep174.h>

/* Events for programs: each is one JSON object in one line on standard output, written at once. */

/* (transfer full): a new event. Fill it and give it to cli_event_emit(). */
JsonObject *cli_event_new         (const char *name);
/* NULL becomes null. */
void        cli_event_set_string  (JsonObject *event,
                                   const char *member,
                                   const char *value);
void        cli_event_emit        (JsonObject *event);

/* “contact-added”, “contact-changed” or “contact-removed”: a CliRosterFunc says which. */
void        cli_event_contact     (const char    *name,
                                   Xep174Contact *contact);
