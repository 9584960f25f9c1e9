/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dial is a sequence of addresses (D12): which one is next, and what was found at the last. */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

typedef struct
{
  Xep174Session *session;
  guint serial;
} Dial;

void
xep174_session_report_failure (Xep174Session *self)
{
  Xep174Directory *directory;

  directory = self->around != NULL ? self->around->directory : NULL;
  if (directory != NULL)
    xep174_directory_report_failure (directory, self->name);
}

static void
dial_failed (Xep174Session *self,
             Xep174Slot    *slot,
             GError        *error)
{
  g_debug ("%s: cannot connect: %s", self->name, error->message);
  xep174_slot_set_error (slot, xep174_ways_explain (self->ways, error));
  g_error_free (error);
  xep174_session_report_failure (self);
  xep174_session_post (self, XEP174_STREAM_EVENT_EOF, slot);
}

static void
connected (Xep174Session *self,
           Xep174Slot    *slot,
           GIOStream     *stream)
{
  GError *error = NULL;

  slot->transport = xep174_transport_new (self->network, stream, &xep174_session_transport_events,
                                          slot, &error);
  if (slot->transport == NULL)
    {
      dial_failed (self, slot, error);
      return;
    }

  slot->parser = xep174_surroundings_make_parser (self->around);
  xep174_session_post (self, XEP174_STREAM_EVENT_CONNECTED, slot);
}

static void
on_dialled (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autofree Dial *dial = data;
  g_autoptr(Xep174Session) self = dial->session;
  Xep174Slot *slot = xep174_session_find_slot (self, dial->serial);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stream = NULL;

  stream = xep174_network_dial_finish (self->network, result, &address, &error);

  /* Cancelled or gone meanwhile: dropping the stream closes it. */
  if (slot == NULL || self->around == NULL)
    return;

  g_clear_object (&slot->dial);
  slot->address = g_steal_pointer (&address);
  if (stream != NULL)
    connected (self, slot, stream);
  else
    dial_failed (self, slot, g_steal_pointer (&error));
  xep174_session_wake (self);
}

static void
forget_ways (Xep174Session *self)
{
  if (self->ways != NULL)
    xep174_ways_rest (self->ways);
  g_clear_object (&self->ways);
  self->arbiter.others = FALSE;
}

static void
on_ways_changed (gpointer data)
{
  Xep174Session *self = data;

  self->arbiter.others = xep174_ways_has_other (self->ways);
  xep174_session_post (self, XEP174_ARBITER_EVENT_WAYS, NULL);
  xep174_session_wake (self);
}

void
xep174_session_dial (Xep174Session *self,
                     guint          index)
{
  Xep174Slot *slot = xep174_slot_new (self->network, self->around->local_name);
  GError *error = NULL;
  Dial *dial;

  xep174_session_sync_policy (self);
  xep174_session_own_slot (self, slot);
  slot->index = index;
  slot->dial = g_cancellable_new ();
  xep174_session_set_slot (self, index, slot);

  if (!xep174_surroundings_check_name (self->around, self->name, &error))
    {
      xep174_slot_set_error (slot, error);
      xep174_session_post (self, XEP174_STREAM_EVENT_EOF, slot);
      return;
    }

  /* While addresses are put aside it is one dial. */
  if (self->ways == NULL || self->arbiter.aside == 0)
    {
      forget_ways (self);
      self->ways = xep174_ways_new (self->name, self->around->port,
                                    on_ways_changed, self);
    }

  dial = g_new0 (Dial, 1);
  dial->session = g_object_ref (self);
  dial->serial = slot->serial;
  xep174_network_dial_async (self->network, self->ways, slot->dial, on_dialled, dial);
}

/* For people, who know nothing of streams. */
static GError *
describe (Xep174Slot *slot)
{
  const GError *error = slot->error;

  if (g_error_matches (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_FROM))
    return g_error_new_literal (XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_INVALID_FROM,
                                _("somebody else answered"));
  if (error != NULL && error->domain == XEP174_STREAM_ERROR)
    return g_error_new (error->domain, error->code, _("something else answered (%s)"),
                        error->message);
  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TIMED_OUT))
    return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_TIMED_OUT,
                                _("nobody said anything"));

  return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNREACHABLE,
                              _("the connection was closed at once"));
}

void
xep174_session_put_aside (Xep174Session *self,
                          Xep174Slot    *slot)
{
  /* A connection that the program has made is the only way there is. */
  if (self->ways == NULL)
    return;

  xep174_ways_put_aside (self->ways, slot->address, describe (slot));
  g_clear_error (&self->last_error);
  self->last_error = xep174_ways_explain (self->ways, NULL);
  g_debug ("%s: %s", self->name, self->last_error->message);
}

void
xep174_session_end_dial (Xep174Session *self)
{
  if (self->ways == NULL || self->arbiter.aside > 0)
    return;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->arbiter.slots[i].state == XEP174_STREAM_CONNECTING
        || self->arbiter.slots[i].state == XEP174_STREAM_OPENING)
      return;

  forget_ways (self);
}
