/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What comes from the socket of a stream, and what goes to it. */

#include "xep174-session-private.h"

#include "xep174-stream-parser-private.h"
#include "xep174-tell-private.h"

G_STATIC_ASSERT (XEP174_POLLER_PADDING >= XEP174_STREAM_PARSER_PADDING);

static gboolean
trace_out (Xep174Session *self,
           Xep174Slot    *slot)
{
  gsize length;
  const char *octets = xep174_transport_get_unflushed (slot->transport, &length);
  gboolean traced = self->around != NULL && xep174_tell_is_traced (self->around);

  if (traced)
    xep174_tell_trace (self->around, self, TRUE, octets, length);
  return traced;
}

gboolean
xep174_session_flush (Xep174Session *self,
                      Xep174Slot    *slot)
{
  gboolean traced = trace_out (self, slot);

  xep174_transport_flush (slot->transport);
  return xep174_slot_settle_sent (slot) || traced;
}

/* A handler may drop the manager, and with it the stream. */
static void
trace_in (Xep174Session *self,
          const guint8  *octets,
          gsize          length)
{
  gboolean running = self->running;

  self->running = TRUE;
  xep174_tell_trace (self->around, self, FALSE, (const char *) octets, length);
  self->running = running;
}

static void
on_octets (const guint8 *octets,
           gsize         length,
           gpointer      data)
{
  Xep174Slot *slot = data;
  Xep174Session *self = slot->session;
  Xep174StreamParser *parser;

  /* A handler runs a main loop of its own: no more until it is back. */
  if (self->running)
    xep174_transport_set_reading (slot->transport, FALSE);

  parser = xep174_stream_parser_lend (slot->parser, octets, length);
  if (self->around != NULL && xep174_tell_is_traced (self->around))
    {
      g_object_ref (self);
      trace_in (self, octets, length);
      xep174_session_wake (self);
      g_object_unref (self);
    }
  else
    {
      xep174_session_wake (self);
    }
  xep174_stream_parser_take_back (parser);
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  Xep174Slot *slot = data;

  if (error != NULL && slot->end_error == NULL)
    slot->end_error = g_error_copy (error);
  slot->ended = TRUE;
  xep174_session_wake (slot->session);
}

static void
on_progress (gpointer data)
{
  Xep174Slot *slot = data;

  xep174_session_wake (slot->session);
}

static void
on_encrypted (gpointer data)
{
  Xep174Slot *slot = data;
  Xep174Session *self = slot->session;

  xep174_slot_note_encrypted (slot);
  self->arbiter.slots[slot->index].key = xep174_session_number_key (self, slot);
  xep174_session_post (self, XEP174_STREAM_EVENT_TLS_DONE, slot);
  xep174_session_wake (self);
}

const Xep174TransportEvents xep174_session_transport_events = {
  on_octets, on_ended, on_progress, on_encrypted,
};
