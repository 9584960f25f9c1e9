/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* Calls a function when a contact comes, changes or goes. If several properties change together, it
 * is one change. */
typedef struct _CliRoster CliRoster;

typedef enum
{
  CLI_ROSTER_ADDED,
  CLI_ROSTER_CHANGED,
  CLI_ROSTER_REMOVED,
} CliRosterEvent;

typedef void (*CliRosterFunc) (CliRosterEvent  event,
                               Xep174Contact  *contact,
                               gpointer        data);

/* Contacts that are there already are reported at once, as added. With @with_pictures another picture is
 * a change. */
CliRoster  *cli_roster_new         (GListModel    *contacts,
                                    gboolean       with_pictures,
                                    CliRosterFunc  func,
                                    gpointer       data);
void        cli_roster_free        (CliRoster *self);
/* “available”, “away” or “dnd”. */
const char *cli_status_to_string   (Xep174Status status);
gboolean    cli_status_from_string (const char   *text,
                                    Xep174Status *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliRoster, cli_roster_free)
