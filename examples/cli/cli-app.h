/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-options.h"
#include "translate.h"

/* How the program ends. */
#define CLI_SUCCESS 0
#define CLI_FAILURE 1
#define CLI_USAGE 2

/* Shown if the end takes a while. */
#define CLI_WAITING _("waiting until all that you said has arrived; Ctrl-C ends at once")

/* A client and a main loop for it. At the end it says goodbye. */
typedef struct _CliApp CliApp;

typedef void (*CliFunc) (CliApp   *app,
                         gpointer  data);

CliApp       *cli_app_new          (CliOptions *options);
/* An app that only looks at who is there: it has no client, and others do not see it. */
CliApp       *cli_app_new_looking  (CliOptions *options);
void          cli_app_free         (CliApp *self);
CliOptions   *cli_app_get_options  (CliApp *self);
Xep174Client *cli_app_get_client   (CliApp *self);
GListModel   *cli_app_get_contacts (CliApp *self);
/* How contacts are found in the end: “avahi”, “embedded” or “none”. */
const char   *cli_app_get_way      (CliApp *self);

/* What happens on Ctrl-C; without this the program quits. */
void          cli_app_set_interrupted (CliApp   *self,
                                       CliFunc   interrupted);
/* How to tell that the end waits for something; without this it is a line on standard error. */
void          cli_app_set_waiting (CliApp   *self,
                                   CliFunc   waiting);
/* Called once, when the end begins, for whatever reason. */
void          cli_app_set_leaving (CliApp   *self,
                                   CliFunc   leaving);
/* Starts it, calls @started once it is on the network, and returns when it has ended. */
void          cli_app_run         (CliApp   *self,
                                   CliFunc   started,
                                   gpointer  data);
/* Waits for what is held, and for what a connection that is away has left open, as long as some of it
 * moves; says goodbye, and ends. A second call ends the waiting. */
void          cli_app_quit        (CliApp *self);
/* Ends without waiting. */
void          cli_app_give_up     (CliApp *self);
gboolean      cli_app_is_quitting (CliApp *self);
/* Something is under way that should be done before the program ends. */
void          cli_app_hold        (CliApp *self);
void          cli_app_release     (CliApp *self);
/* Something was sent to @name, see cli_receipts_note_sent(); what a broken connection has left open
 * is waited for at the end. */
void          cli_app_note_sent   (CliApp        *self,
                                   const char    *name,
                                   Xep174Element *stanza);
/* The exit status will be %CLI_FAILURE. */
void          cli_app_fail        (CliApp *self);
int           cli_app_get_status  (CliApp *self);
/* Since when contacts can be heard: microseconds of the monotonic clock. */
gint64        cli_app_get_online_time (CliApp *self);

/* Finds a contact by its whole name, or by the part before the @ if only one contact has it. Where
 * a person will see who it is, the beginning is enough. The error is %G_IO_ERROR_NOT_FOUND if there
 * is none and %G_IO_ERROR_EXISTS if there are several. */
Xep174Contact *cli_app_find_contact (CliApp      *self,
                                     const char  *name,
                                     gboolean     may_be_begun,
                                     GError     **error);
/* Adds a contact with an address; only possible with “--discovery none”. */
gboolean       cli_app_add_contact  (CliApp      *self,
                                     const char  *name,
                                     const char  *host,
                                     guint16      port,
                                     GError     **error);

void          cli_complain        (const char *format,
                                   ...) G_GNUC_PRINTF (1, 2);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliApp, cli_app_free)
