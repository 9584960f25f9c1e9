/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is done on an incoming stream that nobody is known for yet. */

#include "xep174-incoming-state-private.h"

#include "xep174-identity-private.h"
#include "xep174-stream-writer-private.h"
#include "xep174-tell-private.h"

void
xep174_incoming_stop_asking (GCancellable **question)
{
  if (*question != NULL)
    g_cancellable_cancel (*question);
  g_clear_object (question);
}

const char *
xep174_incoming_describe_host (Xep174Incoming *self)
{
  return self->caller.host != NULL ? self->caller.host : "a program";
}

gboolean
xep174_incoming_has_known_name (Xep174Incoming *self)
{
  return self->claimed != NULL
         && xep174_keyring_knows_name (&self->manager->around.keyring, self->claimed);
}

static void
flush (Xep174Incoming *self)
{
  gsize length;
  const char *octets = xep174_transport_get_unflushed (self->slot->transport, &length);

  if (self->manager != NULL && xep174_tell_is_traced (&self->manager->around))
    xep174_tell_trace (&self->manager->around, NULL, TRUE, octets, length);
  xep174_transport_flush (self->slot->transport);
}

static const char * const *
get_announces (Xep174Incoming *self)
{
  return xep174_feature_table_get_announces (self->manager->around.features);
}

static void
append (Xep174Incoming *self,
        guint           bits)
{
  GString *buffer = xep174_transport_get_buffer (self->slot->transport);

  if (bits & XEP174_STREAM_DO_REPORT)
    g_debug ("An incoming stream from %s fails: %s", xep174_incoming_describe_host (self),
             self->slot->error != NULL ? self->slot->error->message : "for no reason");
  if (bits & XEP174_STREAM_DO_SEND_HEADER)
    xep174_slot_send_header (self->slot, self->claimed, TRUE);
  if (bits & XEP174_STREAM_DO_SEND_FEATURES)
    xep174_slot_send_features (self->slot, get_announces (self), FALSE);
  if (bits & XEP174_STREAM_DO_SEND_OFFER)
    xep174_slot_send_offer (self->slot, get_announces (self),
                            xep174_incoming_has_known_name (self)
                            || self->manager->around.keyring.policy == XEP174_ENCRYPTION_POLICY_REQUIRE);
  if (bits & XEP174_STREAM_DO_SEND_PROCEED)
    xep174_slot_send_proceed (self->slot);
  if (bits & XEP174_STREAM_DO_NEGOTIATE)
    xep174_slot_negotiate (self->slot);
  if (bits & XEP174_STREAM_DO_SEND_TIMEOUT)
    xep174_stream_writer_append_error (buffer, XEP174_STREAM_ERROR_CONNECTION_TIMEOUT, NULL);
  if (bits & XEP174_STREAM_DO_SEND_FAULT)
    xep174_stream_writer_append_error (buffer, self->slot->fault, NULL);
  if (bits & XEP174_STREAM_DO_SEND_FOOTER)
    xep174_stream_writer_append_footer (buffer);
}

/* T11: bounded like that of a session. */
static void
start_tls (Xep174Incoming *self)
{
  Xep174Surroundings *around = &self->manager->around;
  Xep174Identity *identity = around->keyring.identity;
  guint tls_ms = xep174_slot_get_delay (self->slot, XEP174_TIMER_TLS);
  GError *error = NULL;

  xep174_alarm_set (&self->alarm, self->network->clock, tls_ms, self->ring, self);
  xep174_slot_clear_item (self->slot);
  if (identity == NULL
      || !xep174_slot_start_tls (self->slot, xep174_surroundings_make_parser (around),
                                 xep174_identity_get_certificate (identity), NULL, &error))
    {
      if (error != NULL)
        xep174_slot_set_error (self->slot, error);
      self->slot->ended = TRUE;
    }
}

void
xep174_incoming_step (Xep174Incoming *self,
                      guint           event)
{
  guint was = self->stream.state;
  guint bits = xep174_stream_step (&self->stream, event);
  guint close_ms = xep174_slot_get_delay (self->slot, XEP174_TIMER_CLOSE);

  append (self, bits);
  flush (self);
  if (bits & XEP174_STREAM_DO_BEGIN_TLS && self->manager != NULL)
    start_tls (self);
  if (bits & XEP174_STREAM_DO_SHUT)
    xep174_transport_shut (self->slot->transport);
  if (was < XEP174_STREAM_CLOSE_SENT && self->stream.state >= XEP174_STREAM_CLOSE_SENT)
    xep174_alarm_set (&self->alarm, self->network->clock, close_ms, self->ring, self);
  if (self->stream.state != XEP174_STREAM_CLOSED)
    return;

  xep174_alarm_clear (&self->alarm, self->network->clock);
  xep174_incoming_stop_asking (&self->asking);
  xep174_transport_retire (g_steal_pointer (&self->slot->transport), close_ms);
  g_clear_pointer (&self->slot, xep174_slot_free);
}

void
xep174_incoming_fail (Xep174Incoming    *self,
                      Xep174StreamError  code,
                      const char        *text)
{
  xep174_incoming_step (self, xep174_slot_fault (self->slot, code, text));
  if (self->slot != NULL)
    xep174_slot_clear_item (self->slot);
}
