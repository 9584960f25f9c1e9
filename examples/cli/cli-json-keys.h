/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-json-members.h"

/* The commands of these names. */
gboolean cli_json_safety_number (CliJsonCommand  *command,
                                 GError         **error);
gboolean cli_json_verify        (CliJsonCommand  *command,
                                 GError         **error);
gboolean cli_json_accept        (CliJsonCommand  *command,
                                 GError         **error);
gboolean cli_json_distrust      (CliJsonCommand  *command,
                                 GError         **error);
gboolean cli_json_forget        (CliJsonCommand  *command,
                                 GError         **error);

/* The member “also”: cli_records_find_others(). */
void     cli_json_set_others    (JsonObject       *event,
                                 Xep174TrustStore *store,
                                 const char       *name,
                                 const char       *key);

/* Tells when the trust of a contact becomes another by itself. */
void     cli_json_watch_trust   (Xep174Contact    *contact,
                                 Xep174TrustStore *store);
void     cli_json_unwatch_trust (Xep174Contact *contact);
