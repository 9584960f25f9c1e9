/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-changes.h"
#include "cli-json-members.h"

/* What others do with what was said. */
void     cli_json_change  (Xep174Conversation *conversation,
                           Xep174Message      *message,
                           CliChange           change,
                           gpointer            data);
/* Gives @event what a message says. */
void     cli_json_set_message (JsonObject    *event,
                               Xep174Message *message);

/* The commands of these names. */
gboolean cli_json_correct (CliJsonCommand  *command,
                           GError         **error);
gboolean cli_json_retract (CliJsonCommand  *command,
                           GError         **error);
gboolean cli_json_react   (CliJsonCommand  *command,
                           GError         **error);
gboolean cli_json_typing  (CliJsonCommand  *command,
                           GError         **error);
gboolean cli_json_read    (CliJsonCommand  *command,
                           GError         **error);

/* (transfer none) (nullable): the message that the member @member names; %NULL with @error if it is not
 * there. @is_ours: only what we said, else rather what the contact said. */
Xep174Message *cli_json_find_message (CliJsonCommand      *command,
                                      Xep174Conversation  *conversation,
                                      const char          *member,
                                      gboolean             is_ours,
                                      GError             **error);
