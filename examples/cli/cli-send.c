/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* xep174 send: say one thing, and be sure of it or say why not. */

#include <string.h>
#include <unistd.h>

#include "cli-app.h"
#include "cli-commands.h"

#define TIMEOUT_SECONDS 10

typedef struct
{
  CliApp *app;
  const char *name;
  char *text;
  guint timeout;
  gulong handler;
  GCancellable *cancellable;
  gboolean is_sending;
  gboolean is_written;
} Send;

/* Says why, once. */
static void
give_up (Send       *self,
         const char *reason)
{
  cli_complain ("not sent to %s: %s", self->name, reason);
  cli_app_quit (self->app, CLI_FAILURE);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Send *self = user_data;
  g_autoptr(GError) error = NULL;

  self->is_written = xep174_client_send_text_finish (XEP174_CLIENT (source), result, &error);
  if (!cli_app_is_quitting (self->app))
    {
      if (self->is_written)
        cli_app_quit (self->app, CLI_SUCCESS);
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        give_up (self, "no connection in the time that --timeout allows");
      else
        give_up (self, error->message);
    }
}

/* The contact may be there already, or appear any moment. */
static void
try_to_send (Send *self)
{
  Xep174Contact *contact;
  g_autoptr(GError) error = NULL;

  if (self->is_sending || cli_app_is_quitting (self->app))
    return;

  contact = cli_app_find_contact (self->app, self->name, FALSE, &error);
  if (contact != NULL)
    {
      self->is_sending = TRUE;
      xep174_client_send_text_async (cli_app_get_client (self->app), contact, self->text,
                                     self->cancellable, on_sent, self);
    }
}

static gboolean
on_timeout (gpointer user_data)
{
  Send *self = user_data;
  g_autoptr(GError) error = NULL;

  self->timeout = 0;
  if (self->is_sending)
    g_cancellable_cancel (self->cancellable);
  else if (cli_app_find_contact (self->app, self->name, FALSE, &error) == NULL)
    give_up (self, error->message);

  return G_SOURCE_REMOVE;
}

/* “ADDRESS:PORT”, an IPv6 address in brackets. */
static gboolean
add_at (Send    *self,
        GError **error)
{
  const char *at = cli_app_get_options (self->app)->address;
  g_autoptr(GNetworkAddress) address = NULL;

  address = G_NETWORK_ADDRESS (g_network_address_parse (at, 5298, error));
  if (address == NULL)
    return FALSE;

  return cli_app_add_contact (self->app, self->name, g_network_address_get_hostname (address),
                              g_network_address_get_port (address), error);
}

static void
on_started (CliApp   *app,
            gpointer  data)
{
  Send *self = data;
  CliOptions *options = cli_app_get_options (app);
  int seconds = options->timeout >= 0 ? options->timeout : TIMEOUT_SECONDS;
  g_autoptr(GError) error = NULL;

  if (options->address != NULL && !add_at (self, &error))
    {
      give_up (self, error->message);
      return;
    }

  self->timeout = g_timeout_add_seconds (seconds, on_timeout, self);
  self->handler = g_signal_connect_swapped (xep174_client_get_contacts (cli_app_get_client (app)),
                                            "items-changed", G_CALLBACK (try_to_send), self);
  try_to_send (self);
}

static void
on_unconfirmed (Xep174Client  *client,
                Xep174Contact *contact,
                Xep174Message *message,
                Send          *self)
{
  cli_complain ("written to %s, but the connection broke before a sign that it arrived",
                xep174_contact_get_name (contact));
  self->is_written = FALSE;
}

static void
on_refused (Xep174Client  *client,
            Xep174Contact *contact,
            const char    *id,
            const GError  *error,
            Send          *self)
{
  cli_complain ("sent to %s, and refused: %s", xep174_contact_get_name (contact), error->message);
  self->is_written = FALSE;
}

static void
on_interrupted (CliApp   *app,
                gpointer  data)
{
  Send *self = data;

  g_cancellable_cancel (self->cancellable);
  cli_app_quit (app, CLI_FAILURE);
}

/* The second argument, or all there is on standard input without its last line end. */
static char *
read_text (CliOptions *options)
{
  g_autoptr(GError) error = NULL;
  char *text;
  gsize length;

  if (options->arguments[1] != NULL)
    return g_strdup (options->arguments[1]);
  if (!g_file_get_contents ("/dev/stdin", &text, &length, &error))
    {
      cli_complain ("%s", error->message);
      return NULL;
    }
  if (length > 0 && text[length - 1] == '\n')
    text[length - 1] = '\0';

  return text;
}

int
cli_send (CliOptions *options)
{
  g_autofree char *text = read_text (options);
  g_autoptr(CliApp) app = text != NULL ? cli_app_new (options) : NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Send self = {
    .app = app,
    .name = options->arguments[0],
    .text = text,
    .cancellable = cancellable,
  };
  Xep174Client *client;
  int status;

  if (app == NULL)
    return text != NULL ? CLI_USAGE : CLI_FAILURE;

  client = cli_app_get_client (app);
  g_signal_connect (client, "message-unconfirmed", G_CALLBACK (on_unconfirmed), &self);
  g_signal_connect (client, "message-refused", G_CALLBACK (on_refused), &self);
  cli_app_set_interrupted (app, on_interrupted);
  status = cli_app_run (app, on_started, &self);

  g_clear_handle_id (&self.timeout, g_source_remove);
  g_clear_signal_handler (&self.handler, xep174_client_get_contacts (client));
  g_signal_handlers_disconnect_by_data (client, &self);

  return status == CLI_SUCCESS && !self.is_written ? CLI_FAILURE : status;
}
