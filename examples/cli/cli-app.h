/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli-options.h"

/* How the program ends. */
#define CLI_SUCCESS 0
#define CLI_FAILURE 1
#define CLI_USAGE 2

/* Said when the end takes a while. */
#define CLI_WAITING "waiting until all that you said has arrived; Ctrl-C ends at once"

/* What became of a message: to whom, why, and its text. */
#define CLI_NOT_SENT "not sent to %s: %s: %s"
#define CLI_REFUSED "not taken by %s: %s: %s"
#define CLI_UNCONFIRMED \
  "sent to %s, but may not have arrived: the other program did not confirm it: %s"

/* A client with a main loop around it, which ends with a goodbye. */
typedef struct _CliApp CliApp;

typedef void (*CliFunc) (CliApp   *app,
                         gpointer  data);

CliApp       *cli_app_new          (CliOptions *options);
/* One that only looks at who is there: it has no client, and nobody sees it. */
CliApp       *cli_app_new_looking  (CliOptions *options);
void          cli_app_free         (CliApp *self);
CliOptions   *cli_app_get_options  (CliApp *self);
Xep174Client *cli_app_get_client   (CliApp *self);
GListModel   *cli_app_get_contacts (CliApp *self);
/* “avahi”, “embedded” or “none”: what finds the contacts in the end. */
const char   *cli_app_get_way      (CliApp *self);

/* Ctrl-C was pressed: by default the program quits. */
void          cli_app_set_interrupted (CliApp   *self,
                                       CliFunc   interrupted);
/* What says that the end waits for something; by default a line on standard error. */
void          cli_app_set_waiting (CliApp   *self,
                                   CliFunc   waiting);
/* Called once, when the end begins, however that came. */
void          cli_app_set_leaving (CliApp   *self,
                                   CliFunc   leaving);
/* Starts it, calls @started once it is on the network, and returns when it has ended. */
void          cli_app_run         (CliApp   *self,
                                   CliFunc   started,
                                   gpointer  data);
/* Waits for what is held as long as some of it goes on, says goodbye, and ends. If it is called
 * again nothing is waited for. */
void          cli_app_quit        (CliApp *self);
/* Ends without waiting for what is held. */
void          cli_app_give_up     (CliApp *self);
gboolean      cli_app_is_quitting (CliApp *self);
/* Something is under way that should end before the program does. */
void          cli_app_hold        (CliApp *self);
void          cli_app_release     (CliApp *self);
/* The exit status will be %CLI_FAILURE. */
void          cli_app_fail        (CliApp *self);
int           cli_app_get_status  (CliApp *self);
/* Of the monotonic clock, in microseconds: since then contacts can be heard. */
gint64        cli_app_get_online_time (CliApp *self);

/* By its whole name, or the part before the @ if one contact only has it; the beginning is enough
 * where a person will see who it is. The error is %G_IO_ERROR_NOT_FOUND for nobody and
 * %G_IO_ERROR_EXISTS for several. */
Xep174Contact *cli_app_find_contact (CliApp      *self,
                                     const char  *name,
                                     gboolean     may_be_begun,
                                     GError     **error);
/* Adds a contact by hand, which only “--discovery none” can do. */
gboolean       cli_app_add_contact  (CliApp      *self,
                                     const char  *name,
                                     const char  *host,
                                     guint16      port,
                                     GError     **error);

void          cli_complain        (const char *format,
                                   ...) G_GNUC_PRINTF (1, 2);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliApp, cli_app_free)
