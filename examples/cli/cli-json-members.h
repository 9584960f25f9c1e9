/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-app.h"
#include "cli-events.h"
#include "cli-outbox.h"
#include "cli-told.h"
#include "cli-transfers.h"

/* As in XMPP, where every id is a text. */
typedef struct
{
  char *text;
  gboolean is_number;
} CliJsonId;

/* A command as it is read, and what is answered to it. */
typedef struct
{
  CliApp *app;
  CliTold *told;
  CliOutbox *outbox;
  CliTransfers *transfers;
  JsonObject *object;
  CliJsonId id;
} CliJsonCommand;

typedef gboolean (*CliJsonFunc) (CliJsonCommand  *command,
                                 GError         **error);

/* A command that ends later; its events have its id. */
typedef struct
{
  CliApp *app;
  CliTold *told;
  CliTransfers *transfers;
  CliJsonId id;
  Xep174Element *stanza; /* what it sends */
} CliJsonTask;

CliJsonTask   *cli_json_task_new       (CliJsonCommand *command);
void           cli_json_task_free      (CliJsonTask *task);

/* A member that must be there, and be a string. */
const char    *cli_json_get_string     (CliJsonCommand  *command,
                                        const char      *member,
                                        GError         **error);
/* The same, and it must not be empty. */
const char    *cli_json_get_word       (CliJsonCommand  *command,
                                        const char      *member,
                                        GError         **error);
/* A member that may be missing or null. */
gboolean       cli_json_get_optional   (CliJsonCommand  *command,
                                        const char      *member,
                                        const char     **value,
                                        GError         **error);
/* (transfer none): somebody who is here. */
Xep174Contact *cli_json_get_contact    (CliJsonCommand  *command,
                                        const char      *member,
                                        GError         **error);
/* (transfer full): the session with somebody who is here. */
Xep174Session *cli_json_ensure_session (CliJsonCommand  *command,
                                        const char      *member,
                                        GError         **error);

/* An event with an id (there is none if its text is NULL) and perhaps another member. */
void           cli_json_report         (const char *event_name,
                                        CliJsonId   id,
                                        const char *member,
                                        const char *text);
/* A command was not carried out. Whichever it was, the exit status tells. */
void           cli_json_report_failure (CliApp     *app,
                                        const char *event_name,
                                        CliJsonId   id,
                                        const char *member,
                                        const char *text);
void           cli_json_set_id         (JsonObject *event,
                                        CliJsonId   id);

/* What becomes of @message is told with the id of a command, as it was there: a text or a number. */
void           cli_json_adopt_message  (Xep174Message *message,
                                        CliJsonId      id);
CliJsonId      cli_json_get_message_id (Xep174Message *message);
/* A member that is an id, or missing. @id is to be freed. */
gboolean       cli_json_take_id        (CliJsonCommand  *command,
                                        const char      *member,
                                        CliJsonId       *id,
                                        GError         **error);

/* What @command has sent as XML is remembered, for the answers that come later. */
void           cli_json_note_stanza    (CliJsonCommand *command,
                                        const char     *to,
                                        Xep174Element  *stanza);
/* Whether @stanza is such a one; then nothing more is to be told of it. @id is the command's, and stays
 * valid for a while. */
gboolean       cli_json_take_stanza    (Xep174Element *stanza,
                                        CliJsonId     *id);
/* Whether a refusal from @to can answer such a one. */
gboolean       cli_json_has_stanza     (const char *to);
