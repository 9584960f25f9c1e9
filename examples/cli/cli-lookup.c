/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-lookup.h"

/* mDNS answers within a second, and asks again after one. Somebody who has not been heard by then,
 * or in the second after the first contact that fits, has only just arrived. */
#define HEARING_MS 2000
#define COMPANY_MS 1000

struct _CliLookup
{
  CliApp *app;
  char *name;
  gboolean may_be_begun;
  CliLookupFunc func;
  gpointer data;

  gulong handler;
  guint timeout;
  /* Microseconds of the monotonic clock; 0 for never. */
  gint64 deadline;
  /* The contact that a short name fits (not owned), and since when it is there. */
  Xep174Contact *candidate;
  gint64 since;
};

static void review (CliLookup *self);

static gboolean
on_timeout (gpointer user_data)
{
  CliLookup *self = user_data;

  self->timeout = 0;
  review (self);

  return G_SOURCE_REMOVE;
}

static void
review_at (CliLookup *self,
           gint64     when)
{
  gint64 now = g_get_monotonic_time ();

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (when > 0)
    self->timeout = g_timeout_add (when > now ? (when - now + 999) / 1000 : 0, on_timeout, self);
}

/* From when on the only contact that fits a short name can be taken. */
static gint64
get_certain_time (CliLookup *self)
{
  if (g_str_equal (cli_app_get_way (self->app), "none"))
    return 0;

  return MAX (cli_app_get_online_time (self->app) + HEARING_MS * 1000,
              self->since + COMPANY_MS * 1000);
}

static void
finish (CliLookup     *self,
        Xep174Contact *contact,
        const GError  *error)
{
  g_clear_signal_handler (&self->handler, cli_app_get_contacts (self->app));
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->func (contact, error, self->data);
}

static void
review (CliLookup *self)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact =
    cli_app_find_contact (self->app, self->name, self->may_be_begun, &error);
  gint64 now = g_get_monotonic_time ();

  if (contact != NULL &&
      g_ascii_strcasecmp (xep174_contact_get_name (contact), self->name) == 0)
    {
      finish (self, contact, NULL);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      if (self->deadline != 0 && now >= self->deadline)
        finish (self, NULL, error);
      else
        review_at (self, self->deadline);
      return;
    }

  if (contact != self->candidate || self->since == 0)
    {
      self->candidate = contact;
      self->since = now;
    }
  if (now >= get_certain_time (self))
    finish (self, contact, error);
  else
    review_at (self, get_certain_time (self));
}

CliLookup *
cli_lookup_new (CliApp        *app,
                const char    *name,
                gboolean       may_be_begun,
                int            seconds,
                CliLookupFunc  func,
                gpointer       data)
{
  CliLookup *self = g_new0 (CliLookup, 1);
  gint64 now = g_get_monotonic_time ();

  self->app = app;
  self->name = g_strdup (name);
  self->may_be_begun = may_be_begun;
  self->func = func;
  self->data = data;
  if (seconds == CLI_LOOKUP_HEARD)
    self->deadline = MAX (now, get_certain_time (self));
  else if (seconds >= 0)
    self->deadline = now + seconds * G_USEC_PER_SEC;
  self->handler = g_signal_connect_swapped (cli_app_get_contacts (app), "items-changed",
                                            G_CALLBACK (review), self);
  review_at (self, now);

  return self;
}

void
cli_lookup_free (CliLookup *self)
{
  g_clear_signal_handler (&self->handler, cli_app_get_contacts (self->app));
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_free (self->name);
  g_free (self);
}
