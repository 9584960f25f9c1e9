/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-slot-private.h"

#include "xep174-disco-private.h"
#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-session-error.h"
#include "xep174-stream-writer-private.h"

/* What is written less than this before a closing tag comes may not have been read. */
#define CROSSING_MS 1000

Xep174Slot *
xep174_slot_new (Xep174Network *network,
                 const char    *local_name)
{
  Xep174Slot *self = g_new0 (Xep174Slot, 1);

  self->network = xep174_network_ref (network);
  self->local_name = g_strdup (local_name);
  self->heard = xep174_clock_get_now_ms (network->clock);
  self->born = ++network->n_streams;
  self->fault = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  g_queue_init (&self->written);
  g_queue_init (&self->carried);
  for (guint i = 0; i < XEP174_N_SLOT_TIMERS; i++)
    {
      self->alarms[i].timer = i;
      self->alarms[i].slot = self;
    }
  return self;
}

gboolean
xep174_slot_is_cut_short (Xep174Slot *self)
{
  return self->answers_pings && !self->heard_footer;
}

void
xep174_slot_forget_header (Xep174Slot *self)
{
  g_clear_pointer (&self->header, xep174_element_unref);
}

void
xep174_slot_free (Xep174Slot *self)
{
  Xep174Item *item;

  for (guint i = 0; i < XEP174_N_SLOT_TIMERS; i++)
    xep174_alarm_clear (&self->alarms[i].alarm, self->network->clock);
  xep174_alarm_clear (&self->receipt, self->network->clock);
  xep174_alarm_clear (&self->way, self->network->clock);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  while ((item = xep174_item_pop (&self->written)) != NULL
         || (item = xep174_item_pop (&self->carried)) != NULL)
    xep174_item_free (item);
  if (self->dial != NULL)
    g_cancellable_cancel (self->dial);
  g_clear_object (&self->dial);
  g_clear_object (&self->address);
  if (self->transport != NULL && xep174_slot_is_cut_short (self))
    xep174_transport_abort (g_steal_pointer (&self->transport));
  g_clear_pointer (&self->transport, xep174_transport_free);
  g_clear_object (&self->parser);
  xep174_slot_clear_item (self);
  g_clear_error (&self->error);
  g_clear_error (&self->end_error);
  xep174_slot_forget_header (self);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_error (&self->key_error);
  g_clear_pointer (&self->channel_binding, g_bytes_unref);
  g_clear_pointer (&self->caps, g_hash_table_unref);
  g_free (self->caps_proof);
  g_free (self->resume_id);
  xep174_network_unref (self->network);
  g_free (self->local_name);
  g_free (self);
}

void
xep174_slot_clear_item (Xep174Slot *self)
{
  self->item_kind = XEP174_STREAM_ITEM_NONE;
  g_clear_pointer (&self->item, xep174_element_unref);
  g_clear_error (&self->item_error);
}

/* Now, for what crosses is a matter of when it came, not of when it is dealt with; and a peer that
 * closes at once will reset for our answer. */
static void
note_farewell (Xep174Slot *self)
{
  if (self->heard_error)
    return;

  if (!self->answers_pings)
    xep174_slot_confirm_older (self, CROSSING_MS);
  xep174_slot_confirm_read (self);
}

gboolean
xep174_slot_peek (Xep174Slot *self)
{
  if (self->item_kind == XEP174_STREAM_ITEM_NONE && self->parser != NULL)
    {
      self->item_kind = xep174_stream_parser_next (self->parser, &self->item, &self->item_error);
      if (self->item_kind == XEP174_STREAM_ITEM_FOOTER)
        note_farewell (self);
    }

  return self->item_kind != XEP174_STREAM_ITEM_NONE;
}

/* The first error is the cause, what follows is its consequence. */
void
xep174_slot_set_error (Xep174Slot *self,
                       GError     *error)
{
  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }

  self->error = error;
  if (self->last_error != NULL)
    {
      g_clear_error (self->last_error);
      *self->last_error = g_error_copy (error);
    }
}

guint
xep174_slot_get_delay (Xep174Slot  *self,
                       Xep174Timer  timer)
{
  guint round_trip = 0;

  if (self->transport != NULL && xep174_timer_info (timer)->grows)
    round_trip = xep174_transport_get_round_trip (self->transport);

  return xep174_timer_delay (timer, 0, round_trip);
}

void
xep174_slot_send_header (Xep174Slot *self,
                         const char *to,
                         gboolean    answer)
{
  g_autofree char *id = NULL;

  if (answer)
    id = g_strdup_printf ("%08x", g_rand_int (self->network->random));
  xep174_stream_writer_append_header (xep174_transport_get_buffer (self->transport),
                                      self->local_name, to, TRUE, id);
}

static void
offer_acks (Xep174Slot    *self,
            Xep174Element *features)
{
  guint confirmed;

  xep174_element_append_new (features, "sm", XEP174_NS_SM);
  xep174_acks_step (&self->acks, XEP174_ACKS_EVENT_OFFER, 0, &confirmed);
}

/* X2, X10; XEP-0174 §10: the feature carries the information itself, which saves the question. */
static void
send_features (Xep174Slot         *self,
               Xep174Element      *features,
               const char * const *announces,
               gboolean            acks)
{
  xep174_disco_append_info (features, announces);
  if (acks)
    offer_acks (self, features);
  xep174_stream_writer_append_features (xep174_transport_get_buffer (self->transport), features);
}

void
xep174_slot_send_features (Xep174Slot         *self,
                           const char * const *announces,
                           gboolean            acks)
{
  g_autoptr(Xep174Element) features = xep174_element_new ("features", XEP174_NS_STREAMS);

  send_features (self, features, announces, acks && self->tls != NULL);
}

/* T1; RFC 6120 §5.4.1. */
void
xep174_slot_send_offer (Xep174Slot         *self,
                        const char * const *announces,
                        gboolean            required)
{
  g_autoptr(Xep174Element) features = xep174_element_new ("features", XEP174_NS_STREAMS);
  Xep174Element *starttls = xep174_element_append_new (features, "starttls", XEP174_NS_TLS);

  if (required)
    xep174_element_append_new (starttls, "required", XEP174_NS_TLS);
  send_features (self, features, announces, FALSE);
}

static void
send_tls_element (Xep174Slot *self,
                  const char *name)
{
  g_autoptr(Xep174Element) element = xep174_element_new (name, XEP174_NS_TLS);

  xep174_stream_writer_append_element (xep174_transport_get_buffer (self->transport), element);
}

void
xep174_slot_send_starttls (Xep174Slot *self)
{
  self->asked = TRUE;
  send_tls_element (self, "starttls");
}

void
xep174_slot_send_proceed (Xep174Slot *self)
{
  send_tls_element (self, "proceed");
}

/* S2, T13; RFC 6120 §5.4.2.2, §6.5. */
void
xep174_slot_negotiate (Xep174Slot *self)
{
  g_autoptr(Xep174Element) failure = NULL;

  if (xep174_element_matches (self->item, "starttls", XEP174_NS_TLS))
    {
      failure = xep174_element_new ("failure", XEP174_NS_TLS);
      xep174_slot_set_error (self, g_error_new_literal (
        XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
        _("The other side wants to encrypt, which is not possible here; turn that off over "
          "there")));
    }
  else if (xep174_element_matches (self->item, "auth", XEP174_NS_SASL))
    {
      failure = xep174_element_new ("failure", XEP174_NS_SASL);
      xep174_element_append_new (failure, "invalid-mechanism", XEP174_NS_SASL);
    }

  if (failure != NULL)
    xep174_stream_writer_append_element (xep174_transport_get_buffer (self->transport), failure);
}
