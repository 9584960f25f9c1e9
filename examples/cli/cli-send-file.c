/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 send-file: offers files to somebody, and stays until each of them has arrived or failed. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-app.h"
#include "cli-commands.h"
#include "cli-guard.h"
#include "cli-lookup.h"
#include "cli-output.h"
#include "cli-text.h"
#include "cli-transfer-words.h"
#include "cli-transfers.h"
#include "translate.h"

#define TIMEOUT_SECONDS 10
/* So many are offered at a time. */
#define AT_ONCE 4
/* The places behind the line: for the cursor, and for the ^C that the terminal shows. */
#define BEHIND 3

typedef struct
{
  CliApp *app;
  CliTransfers *transfers;
  CliLookup *lookup;
  Xep174Contact *contact;
  /* What is still to be offered, */
  char **paths;
  /* and what is looked at for that, of Asked. */
  GQueue asked;
  /* Offered now, and not ended. What an earlier run has left goes on beside them; nobody waits for it. */
  guint open;
  gboolean is_cancelled;
  gboolean is_screen;
  /* What the last line of the terminal shows. */
  Xep174Transfer *shown;
} SendFile;

typedef struct
{
  SendFile *send_file;
  const char *path;
} Asked;

/* --- The line that tells how far it is ------------------------------------------------------ */

static void
hide_progress (gpointer data)
{
  SendFile *self = data;

  /* The terminal may have shown ^C; and standard error does not wait for this buffer. */
  if (self->is_screen)
    {
      fputs ("\r\033[K", stdout);
      fflush (stdout);
    }
}

/* One line has room for one file. That another one waits for a person is told behind it. */
static char *
tell_others (SendFile *self)
{
  Xep174Transfer *transfer;
  guint n = 0;

  for (guint i = 1; (transfer = cli_transfers_find (self->transfers, i)) != NULL; i++)
    n += transfer != self->shown && xep174_transfer_get_outgoing (transfer)
         && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_OFFERED;

  /* Translators: behind how far one of several files is; how many others nobody has taken yet */
  return n == 0 ? g_strdup ("") : g_strdup_printf (ngettext ("; %u more waits for an answer",
                                                             "; %u more wait for an answer", n), n);
}

static void
show_progress (gpointer data)
{
  SendFile *self = data;
  guint width = cli_output_get_width () - BEHIND;
  g_autofree char *others = NULL;
  g_autofree char *line = NULL;

  if (self->shown == NULL)
    return;

  others = tell_others (self);
  if (cli_text_width (others) > width / 2)
    *others = '\0';
  line = cli_transfer_tell (self->shown, width - cli_text_width (others));
  fputs (line, stdout);
  fputs (others, stdout);
  fflush (stdout);
}

/* NULL if there is nothing to show. A pipe is no place for it. */
static void
watch_progress (SendFile       *self,
                Xep174Transfer *transfer)
{
  if (!self->is_screen)
    return;

  hide_progress (self);
  self->shown = transfer;
  show_progress (self);
}

/* --- What becomes of the files -------------------------------------------------------------- */

static void offer_more (SendFile *self);

static void
tell_end (CliTransferEvent  event,
          Xep174Transfer   *transfer)
{
  g_autofree char *name = cli_transfer_name (transfer);
  g_autofree char *to = cli_text_name (xep174_transfer_get_contact (transfer));
  g_autofree char *reason = cli_transfer_describe (transfer);
  g_autofree char *line = NULL;

  if (event == CLI_TRANSFER_FAILED)
    {
      cli_complain (_("%s was not sent to %s: %s"), name, to, reason);
      return;
    }

  line = g_strdup_printf (_("%s has arrived at %s."), name, to);
  cli_output_line (line);
}

static void
tell_left_out (Xep174Transfer *transfer)
{
  g_autofree char *name = cli_transfer_name (transfer);
  g_autofree char *text = cli_transfer_left_out (transfer);

  if (text != NULL)
    cli_complain ("%s: %s", name, text);
}

static void
on_transfer (CliTransferEvent  event,
             Xep174Transfer   *transfer,
             gpointer          data)
{
  SendFile *self = data;

  if (event == CLI_TRANSFER_STARTED)
    tell_left_out (transfer);
  if (event != CLI_TRANSFER_DONE && event != CLI_TRANSFER_FAILED)
    {
      if (xep174_transfer_get_outgoing (transfer))
        watch_progress (self, transfer);
      return;
    }
  if (!xep174_transfer_get_outgoing (transfer))
    return;

  if (self->shown == transfer)
    watch_progress (self, NULL);
  tell_end (event, transfer);
  if (cli_transfers_was_left (transfer))
    return;

  self->open--;
  offer_more (self);
}

static void
on_offered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Asked *asked = user_data;
  SendFile *self = asked->send_file;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Transfer) transfer =
    xep174_client_send_file_finish (XEP174_CLIENT (source), result, &error);

  g_queue_remove (&self->asked, asked);

  if (transfer != NULL)
    {
      cli_transfers_add (self->transfers, transfer);
      if (self->is_cancelled)
        xep174_transfer_cancel (transfer);
      return;
    }

  cli_app_fail (self->app);
  cli_complain ("%s", error->message);
  self->open--;
  offer_more (self);
}

static void
offer_more (SendFile *self)
{
  while (self->open < AT_ONCE && *self->paths != NULL && !self->is_cancelled)
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (*self->paths);
      Asked *asked = g_new (Asked, 1);

      *asked = (Asked) { self, *self->paths++ };
      g_queue_push_tail (&self->asked, asked);
      self->open++;
      xep174_client_send_file_async (cli_app_get_client (self->app), self->contact, file, NULL, on_offered,
                                     asked);
    }
  if (self->open == 0 && !cli_app_is_quitting (self->app))
    cli_app_quit (self->app);
}

/* --- The program ---------------------------------------------------------------------------- */

static void
on_found (Xep174Contact *contact,
          const GError  *error,
          gpointer       data)
{
  SendFile *self = data;

  if (contact != NULL)
    {
      self->contact = g_object_ref (contact);
      offer_more (self);
      return;
    }

  cli_app_fail (self->app);
  cli_complain (_("nothing was sent: %s"), error->message);
  cli_app_quit (self->app);
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  SendFile *self = data;
  CliOptions *options = cli_app_get_options (app);

  self->transfers = cli_transfers_new (app, on_transfer, self);
  self->lookup = cli_lookup_new (app, options->arguments[0], FALSE,
                                 options->timeout >= 0 ? options->timeout : TIMEOUT_SECONDS, on_found, self);
}

/* The first Ctrl-C tells the other side that nothing more comes, the second one ends at once. */
static void
on_interrupted (CliApp   *app,
                gpointer  data)
{
  SendFile *self = data;
  Xep174Transfer *transfer;

  if (self->is_cancelled || self->open == 0)
    {
      cli_app_fail (app);
      cli_app_quit (app);
      return;
    }

  self->is_cancelled = TRUE;
  for (guint i = 1; (transfer = cli_transfers_find (self->transfers, i)) != NULL; i++)
    if (xep174_transfer_get_outgoing (transfer) && !cli_transfers_was_left (transfer))
      xep174_transfer_cancel (transfer);
}

/* Whoever ends the program early knows what became of each file. */
static void
tell_unfinished (SendFile *self)
{
  Xep174Transfer *transfer;

  for (guint i = 1; (transfer = cli_transfers_find (self->transfers, i)) != NULL; i++)
    if (xep174_transfer_get_outgoing (transfer) && !xep174_transfer_has_ended (transfer))
      {
        g_autofree char *name = cli_transfer_name (transfer);

        g_autofree char *to = cli_text_name (xep174_transfer_get_contact (transfer));

        cli_complain (_("%s has not arrived at %s yet; it goes on with the next “xep174 chat” or “xep174 "
                        "send-file”"), name, to);
      }
  for (GList *link = self->asked.head; link != NULL; link = link->next)
    cli_complain (_("%s was not offered"), ((Asked *) link->data)->path);
  for (; self->contact != NULL && *self->paths != NULL; self->paths++)
    cli_complain (_("%s was not offered"), *self->paths);
}

int
cli_send_file (CliOptions *options)
{
  g_autoptr(CliApp) app = cli_app_new (options);
  SendFile self = { .app = app, .paths = options->arguments + 1,
                    .is_screen = isatty (STDOUT_FILENO) };

  if (app == NULL)
    return CLI_USAGE;

  cli_guard_set (hide_progress, show_progress, &self);
  cli_app_set_interrupted (app, on_interrupted);
  cli_app_run (app, on_started, &self);

  /* Nothing moves any more. */
  watch_progress (&self, NULL);
  self.is_screen = FALSE;
  if (self.transfers != NULL)
    tell_unfinished (&self);
  g_clear_pointer (&self.lookup, cli_lookup_free);
  g_clear_pointer (&self.transfers, cli_transfers_free);
  cli_guard_set (NULL, NULL, NULL);
  g_clear_object (&self.contact);

  return cli_app_get_status (app);
}
