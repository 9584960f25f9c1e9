/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-app.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-events.h"
#include "cli-guard.h"
#include "cli-output.h"
#include "cli-receipts.h"
#include "cli-text.h"
#include "cli-trace.h"
#include "translate.h"

/* At the end we wait for what is under way. If nothing of it has moved for so long, we stop
 * waiting. */
#define LAST_WORDS_SECONDS 10
/* If the end takes longer than this, the user is told. */
#define SILENT_MS 1000
/* Somebody waits for the word that it has arrived. */
#define RECEIPT_DELAY_MS 1000

struct _CliApp
{
  CliOptions *options;
  Xep174Discovery *discovery;
  /* NULL if the program only looks at who is there. */
  Xep174Client *client;
  CliReceipts *receipts;
  GMainLoop *loop;
  /* Of the start, then of the stop. */
  GCancellable *cancellable;

  CliFunc started;
  CliFunc interrupted;
  CliFunc waiting;
  CliFunc leaving;
  gpointer data;

  gboolean is_starting;
  gboolean is_quitting;
  gboolean is_stopping;
  gboolean is_hurried;
  gboolean has_failed;
  gint64 online_time;
  guint holds;
  guint patience;
  guint silence;
};

void
cli_complain (const char *format,
              ...)
{
  va_list arguments;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  /* It may contain a name, or words of a peer. */
  line = cli_text_line (text);
  cli_guard_begin ();
  /* If standard error cannot be written, tell it where the user still can read it. */
  if (fprintf (stderr, "xep174: %s\n", line) < 0 && isatty (STDOUT_FILENO))
    fprintf (stdout, "xep174: %s\n", line);
  cli_guard_end ();
}

/* With --json an error is an event on standard output, where the program reads everything else. */
static void
report (CliOptions   *options,
        const GError *error)
{
  JsonObject *event;

  if (!options->json)
    {
      cli_complain ("%s", error->message);
      return;
    }

  event = cli_event_new ("error");
  cli_event_set_string (event, "message", error->message);
  cli_event_emit (event);
}

/* The user can do nothing about it, and it ends by itself: see Xep174Discovery:problem. */
static void
on_problem (CliApp *self)
{
  const GError *problem = xep174_discovery_get_problem (self->discovery);

  if (problem != NULL)
    report (self->options, problem);
}

static void
watch_problems (CliApp *self)
{
  g_signal_connect_swapped (self->discovery, "notify::problem", G_CALLBACK (on_problem), self);
}

CliApp *
cli_app_new_looking (CliOptions *options)
{
  CliApp *self = g_new0 (CliApp, 1);

  self->options = options;
  self->discovery = cli_options_create_discovery (options);
  watch_problems (self);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->cancellable = g_cancellable_new ();

  return self;
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CliApp *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_clean = self->client != NULL
                        ? xep174_client_stop_finish (self->client, result, &error)
                        : xep174_discovery_stop_finish (self->discovery, result, &error);

  /* A user in a hurry knows already that we waited for nobody. */
  if (!is_clean && !self->is_hurried)
    {
      report (self->options, error);
      cli_app_fail (self);
    }

  g_main_loop_quit (self->loop);
}

static void
stop (CliApp *self)
{
  if (self->is_stopping)
    return;

  self->is_stopping = TRUE;
  g_clear_handle_id (&self->patience, g_source_remove);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->client != NULL)
    xep174_client_stop_async (self->client, self->cancellable, on_stopped, self);
  else
    xep174_discovery_stop_async (self->discovery, self->cancellable, on_stopped, self);
}

static gboolean
must_wait (CliApp *self)
{
  return self->holds > 0 || (self->receipts != NULL && cli_receipts_are_missing (self->receipts));
}

static void
on_receipts (gpointer data)
{
  CliApp *self = data;

  if (self->is_quitting && !self->is_starting && !must_wait (self))
    stop (self);
}

CliApp *
cli_app_new (CliOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Profile) profile = cli_options_create_profile (options, &error);
  CliApp *self;

  if (profile == NULL)
    {
      report (options, error);
      return NULL;
    }

  self = cli_app_new_looking (options);
  self->client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", self->discovery,
                               "data-dir", options->data_dir, "encryption", options->encryption, NULL);
  xep174_client_set_port (self->client, options->port);
  g_object_set (xep174_client_get_session_manager (self->client), "receipt-delay", RECEIPT_DELAY_MS, NULL);
  self->receipts = cli_receipts_new (xep174_client_get_session_manager (self->client), on_receipts, self);
  if (options->trace)
    cli_trace_enable (xep174_client_get_session_manager (self->client));

  return self;
}

void
cli_app_free (CliApp *self)
{
  g_clear_pointer (&self->receipts, cli_receipts_free);
  g_clear_object (&self->client);
  g_object_unref (self->discovery);
  g_object_unref (self->cancellable);
  g_main_loop_unref (self->loop);
  g_free (self);
}

CliOptions *
cli_app_get_options (CliApp *self)
{
  return self->options;
}

Xep174Client *
cli_app_get_client (CliApp *self)
{
  return self->client;
}

GListModel *
cli_app_get_contacts (CliApp *self)
{
  return xep174_discovery_get_contacts (self->discovery);
}

const char *
cli_app_get_way (CliApp *self)
{
  if (XEP174_IS_MANUAL_DISCOVERY (self->discovery))
    return "none";

  if (XEP174_IS_EMBEDDED_DISCOVERY (self->discovery))
    return "embedded";
  if (!XEP174_IS_DEFAULT_DISCOVERY (self->discovery))
    return "avahi";

  return xep174_default_discovery_asks_daemon (XEP174_DEFAULT_DISCOVERY (self->discovery)) ? "avahi"
                                                                                           : "embedded";
}

static gboolean
has_file (CliApp     *self,
          const char *name)
{
  g_autofree char *path = g_build_filename (xep174_client_get_data_dir (self->client), name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* With --json it is in the event “online”. */
static void
warn_of_memory (CliApp *self)
{
  gboolean has_own, has_others;

  if (self->options->json || self->client == NULL || xep174_client_get_remembers_keys (self->client)
      || xep174_client_get_encryption (self->client) == XEP174_ENCRYPTION_POLICY_OFF)
    return;

  has_own = has_file (self, "identity.pem");
  has_others = has_file (self, "keys");
  cli_complain (has_own ? _("keys cannot be kept in “%s”: what you say is encrypted, but next time "
                            "nobody is recognised")
                : has_others ? _("keys cannot be kept in “%s”: what you say is encrypted, but next time "
                                 "others are warned of your new key")
                             : _("keys cannot be kept in “%s”: what you say is encrypted, but next time "
                                 "nobody is recognised, and others are warned of your new key"),
                xep174_client_get_data_dir (self->client));
}

static void
on_started (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CliApp *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_started = self->client != NULL
                          ? xep174_client_start_finish (self->client, result, &error)
                          : xep174_discovery_start_finish (self->discovery, result, &error);

  self->is_starting = FALSE;
  if (is_started)
    {
      self->online_time = g_get_monotonic_time ();
      warn_of_memory (self);
      if (self->is_quitting)
        stop (self);
      else
        self->started (self, self->data);
      return;
    }

  if (!self->is_quitting)
    {
      report (self->options, error);
      cli_app_fail (self);
    }
  g_main_loop_quit (self->loop);
}

static gboolean
on_patience_lost (gpointer user_data)
{
  CliApp *self = user_data;

  self->patience = 0;
  stop (self);

  return G_SOURCE_REMOVE;
}

static void
be_patient (CliApp *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  self->patience = g_timeout_add_seconds (LAST_WORDS_SECONDS, on_patience_lost, self);
}

static gboolean
on_silence_over (gpointer user_data)
{
  CliApp *self = user_data;

  self->silence = 0;
  if (self->waiting != NULL)
    self->waiting (self, self->data);
  else
    cli_complain ("%s", CLI_WAITING);

  return G_SOURCE_REMOVE;
}

static void
hurry (CliApp *self)
{
  /* If something still hangs, it is not our fault: leave. */
  if (self->is_hurried)
    g_main_loop_quit (self->loop);

  self->is_hurried = TRUE;
  g_clear_handle_id (&self->silence, g_source_remove);
  if (self->is_starting)
    return;

  stop (self);
  g_cancellable_cancel (self->cancellable);
}

void
cli_app_quit (CliApp *self)
{
  if (self->is_quitting)
    {
      hurry (self);
      return;
    }

  self->is_quitting = TRUE;
  if (self->leaving != NULL)
    self->leaving (self, self->data);
  if (self->client != NULL)
    self->silence = g_timeout_add (SILENT_MS, on_silence_over, self);
  if (self->is_starting)
    g_cancellable_cancel (self->cancellable);
  else if (must_wait (self))
    be_patient (self);
  else
    stop (self);
}

void
cli_app_give_up (CliApp *self)
{
  self->is_quitting = TRUE;
  if (self->is_starting)
    g_cancellable_cancel (self->cancellable);
  else
    stop (self);
}

void
cli_app_hold (CliApp *self)
{
  self->holds++;
}

void
cli_app_release (CliApp *self)
{
  self->holds--;
  if (!self->is_quitting || self->is_starting || self->is_stopping)
    return;
  if (must_wait (self))
    be_patient (self);
  else
    stop (self);
}

void
cli_app_note_sent (CliApp        *self,
                   const char    *name,
                   Xep174Element *stanza)
{
  cli_receipts_note_sent (self->receipts, name, stanza);
}

void
cli_app_fail (CliApp *self)
{
  self->has_failed = TRUE;
}

int
cli_app_get_status (CliApp *self)
{
  return self->has_failed ? CLI_FAILURE : CLI_SUCCESS;
}

gint64
cli_app_get_online_time (CliApp *self)
{
  return self->online_time;
}

gboolean
cli_app_is_quitting (CliApp *self)
{
  return self->is_quitting;
}

static gboolean
on_interrupt (gpointer user_data)
{
  CliApp *self = user_data;

  if (self->interrupted != NULL)
    self->interrupted (self, self->data);
  else
    cli_app_quit (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  cli_app_quit (user_data);

  return G_SOURCE_CONTINUE;
}

void
cli_app_set_interrupted (CliApp  *self,
                         CliFunc  interrupted)
{
  self->interrupted = interrupted;
}

void
cli_app_set_waiting (CliApp  *self,
                     CliFunc  waiting)
{
  self->waiting = waiting;
}

void
cli_app_set_leaving (CliApp  *self,
                     CliFunc  leaving)
{
  self->leaving = leaving;
}

static void
on_output_broken (const char *reason,
                  gpointer    data)
{
  CliApp *self = data;

  cli_complain (_("nothing can be written to standard output any more: %s"), reason);
  cli_app_fail (self);
  if (!self->is_quitting)
    cli_app_quit (self);
}

void
cli_app_run (CliApp   *self,
             CliFunc   started,
             gpointer  data)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, self);
  guint terminate = g_unix_signal_add (SIGTERM, on_terminate, self);
  guint hang_up = g_unix_signal_add (SIGHUP, on_terminate, self);

  self->started = started;
  self->data = data;
  self->is_starting = TRUE;
  cli_output_watch (on_output_broken, self);
  if (self->client != NULL)
    xep174_client_start_async (self->client, self->cancellable, on_started, self);
  else
    xep174_discovery_start_async (self->discovery, NULL, 0, self->cancellable, on_started, self);
  g_main_loop_run (self->loop);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_handle_id (&self->silence, g_source_remove);
  cli_output_unwatch ();
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_source_remove (hang_up);
}

/* A name may be typed as it is shown. */
static gboolean
is_whole (const char *name,
          const char *typed)
{
  return g_ascii_strcasecmp (name, typed) == 0;
}

static gboolean
has_prefix (const char *name,
            const char *prefix)
{
  return g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

Xep174Contact *
cli_app_find_contact (CliApp      *self,
                      const char  *name,
                      gboolean     may_be_begun,
                      GError     **error)
{
  static gboolean (*const matches[]) (const char *, const char *) = {
    is_whole, cli_text_has_user, has_prefix
  };
  GListModel *contacts = xep174_client_get_contacts (self->client);
  Xep174Contact *found = xep174_client_find_contact (self->client, name);
  const char *own = xep174_client_get_local_name (self->client);

  /* A whole name is that of one person alone, who may be away: nobody is taken in his place. */
  guint n_matches = may_be_begun && strchr (name, '@') == NULL ? G_N_ELEMENTS (matches) : 2;

  for (guint m = 0; found == NULL && (may_be_begun || *name != '\0') && m < n_matches; m++)
    for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
      {
        g_autoptr(Xep174Contact) contact = g_list_model_get_item (contacts, i);
        g_autofree char *shown = cli_text_name (xep174_contact_get_name (contact));

        if (!matches[m] (shown, name))
          continue;
        if (found != NULL && *name == '\0')
          {
            g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                                 _("several people are here; /to NAME chooses one"));
            return NULL;
          }
        if (found != NULL)
          {
            g_autofree char *other = cli_text_name (xep174_contact_get_name (found));

            g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                         _("“%s” can be %s or %s; give more of the name"), name, other, shown);
            return NULL;
          }
        found = contact;
      }

  if (found == NULL && *name == '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("nobody else is here"));
  else if (found == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 own != NULL && (is_whole (own, name) || cli_text_has_user (own, name))
                   ? _("“%s” is your own name") : _("nobody called “%s” is here"), name);

  return found;
}

gboolean
cli_app_add_contact (CliApp      *self,
                     const char  *name,
                     const char  *host,
                     guint16      port,
                     GError     **error)
{
  if (XEP174_IS_MANUAL_DISCOVERY (self->discovery))
    return xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (self->discovery), name, host,
                                        port, error) != NULL;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _("Contacts can be added by hand only with --discovery none"));
  return FALSE;
}
