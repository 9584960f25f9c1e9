/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Carries out what the arbiter has decided, action by action. */

#include "xep174-session-private.h"

#include "xep174-element-private.h"
#include "xep174-gettext-private.h"
#include "xep174-stream-writer-private.h"
#include "xep174-tell-private.h"
#include "xep174-trust-error.h"

/* --- Streams ----------------------------------------------------------------------------- */

/* Of a fault of the peer's; going offline there is none. */
static void
do_send_fault (Xep174Session *self,
               Xep174Slot    *slot)
{
  gboolean fault = slot->fault != XEP174_STREAM_ERROR_UNDEFINED_CONDITION;

  xep174_slot_send_farewell (slot);
  if (slot->h_too_high)
    {
      xep174_slot_send_too_high (slot);
      return;
    }
  xep174_stream_writer_append_error (xep174_transport_get_buffer (slot->transport),
                                     fault ? slot->fault : XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN,
                                     NULL);
}

static void
do_close_tcp (Xep174Session *self,
              Xep174Slot    *slot)
{
  Xep174Transport *transport = slot->transport;

  if (transport == NULL)
    return;

  xep174_session_requeue (self, slot);
  xep174_session_flush (self, slot);
  slot->transport = NULL;
  if (xep174_slot_is_cut_short (slot))
    xep174_transport_abort (transport);
  else
    xep174_transport_retire (transport, xep174_slot_get_delay (slot, XEP174_TIMER_CLOSE));
}

static void
do_opened (Xep174Session *self,
           Xep174Slot    *slot)
{
  g_autoptr(Xep174Surroundings) around = xep174_surroundings_hold (self->around);

  xep174_slot_forget_header (slot);
  slot->answers_pings = !(self->arbiter.slots[slot->index].flags & XEP174_STREAM_LEGACY);
  g_clear_error (&self->last_error);
  xep174_session_watch_idle (self);
  if (slot->is_new)
    xep174_tell_key_seen (around, self->name, slot->key);
  slot->is_new = FALSE;
}

static void
do_closing (Xep174Session *self,
            Xep174Slot    *slot)
{
  /* The peer has said its last word and reads no more: what has not begun stays with us. */
  if (self->arbiter.slots[slot->index].state == XEP174_STREAM_CLOSE_RCVD)
    xep174_session_requeue (self, slot);
}

static void
do_closed (Xep174Session *self,
           guint          index)
{
  Xep174Slot *slot = g_steal_pointer (&self->slots[index]);
  g_autoptr(Xep174Surroundings) around = NULL;

  if (slot == NULL)
    return;

  /* A handler may drop it. */
  around = xep174_surroundings_hold (self->around);
  if (slot->serial == self->announced)
    {
      g_clear_error (&self->closed_error);
      self->closed_error = slot->error != NULL ? g_error_copy (slot->error) : NULL;
    }
  xep174_session_requeue (self, slot);
  xep174_slot_settle_sent (slot);
  slot->unsent = NULL;
  while (xep174_session_tell_confirmed (self))
    ;
  xep174_item_move_all (&slot->carried, &slot->written);
  xep174_session_report_unconfirmed (self, &slot->written, around, XEP174_HALF_WRITTEN);
  xep174_slot_free (slot);
}

/* --- The queue --------------------------------------------------------------------------- */

/* X8: our own name may be longer on this stream than on the one before (D22), and an answer repeats
 * what the contact has made up. FALSE if the stanza is too long now, and not written. */
static gboolean
append_stanza (Xep174Session *self,
               Xep174Slot    *slot,
               Xep174Element *stanza)
{
  GString *buffer = xep174_transport_get_buffer (slot->transport);
  gsize start = buffer->len;

  xep174_stream_writer_append_stanza (buffer, stanza, slot->local_name, self->name);
  if (buffer->len - start <= self->around->settings.max_stanza_octets)
    return TRUE;

  g_string_truncate (buffer, start);
  return FALSE;
}

/* What was said when it could not be sent says when that was, if there is room for it (XEP-0203). */
static gboolean
append_late (Xep174Session *self,
             Xep174Slot    *slot,
             Xep174Item    *item)
{
  g_autoptr(Xep174Element) late = xep174_item_dup_late (item, slot->local_name, self->network->clock);

  return late != NULL && append_stanza (self, slot, late);
}

/* What cannot be written is put to @failed. */
static void
write_item (Xep174Session *self,
            Xep174Slot    *slot,
            Xep174Item    *item,
            GQueue        *failed)
{
  guint64 start = xep174_transport_get_appended (slot->transport);

  xep174_transport_make_room (slot->transport, xep174_element_get_memory (item->stanza));
  if (item->stranded && append_late (self, slot, item))
    ;
  else if (item->xml != NULL && item->xml_serial == slot->serial)
    g_string_append_len (xep174_transport_get_buffer (slot->transport), item->xml->str,
                         item->xml->len);
  else if (!append_stanza (self, slot, item->stanza) && item->serial == 0)
    {
      g_queue_push_tail_link (failed, &item->link);
      return;
    }
  /* An answer is asked for no receipt; but where all is counted it is, too. */
  if (item->serial != 0 && !xep174_slot_is_counted (slot))
    {
      xep174_item_free (item);
      return;
    }

  xep174_item_leave_queue (item);
  xep174_session_note_asked (self, item->stanza, slot->serial);
  xep174_slot_note_written (slot, item, start);
}

/* The machine has it that something was said, and the contact may wait for it (S10). */
static void
fail_too_long (Xep174Session *self,
               Xep174Slot    *slot,
               GQueue        *failed)
{
  g_autoptr(GError) error = g_error_new_literal (
    XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
    _("Too long to be sent under your present name, which is longer than the one before; shorten "
      "it"));

  if (slot->answers_pings && !slot->ping_pending)
    xep174_slot_ping (slot, self->name);
  xep174_session_fail_items (failed, error);
}

static void
do_write_head (Xep174Session *self,
               Xep174Slot    *slot)
{
  const Xep174Settings *settings = &self->around->settings;
  GQueue failed = G_QUEUE_INIT;
  Xep174Item *item;

  while (!self->answering && (item = xep174_item_pop (&self->returned)) != NULL)
    write_item (self, slot, item, &failed);
  write_item (self, slot, xep174_session_pop_head (self), &failed);
  self->arbiter.slots[slot->index].blocked =
    xep174_slot_get_blocked (slot, settings->max_queue_octets);
  if (!g_queue_is_empty (&failed))
    fail_too_long (self, slot, &failed);
}

static void
do_pop_head (Xep174Session *self,
             guint          index)
{
  Xep174Item *item = xep174_session_pop_head (self);
  Xep174Slot *slot = index != XEP174_NO_SLOT ? self->slots[index]
                                             : xep174_session_find_slot (self, self->announced);

  /* The stream was opened for what is kept. */
  if (item == NULL)
    return;
  if (item->kind == XEP174_HEAD_CLOSE && slot != NULL)
    {
      item->closing = slot->serial;
      g_queue_push_tail_link (&self->closing, &item->link);
    }
  else if (item->kind == XEP174_HEAD_OPEN)
    g_queue_push_tail_link (&self->opened, &item->link);
  else
    {
      xep174_item_succeed (item);
      xep174_item_free (item);
    }
}

/* It is there, and it is we who do not want to (T5, T6). */
static gboolean
is_refused_by_us (const GError *cause)
{
  return g_error_matches (cause, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED)
         || g_error_matches (cause, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED)
         || g_error_matches (cause, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED);
}

static GError *
failure_new (Xep174Session *self)
{
  const GError *cause = self->last_error;

  if (cause == NULL)
    return g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNREACHABLE,
                        _("“%s” cannot be reached; try again later"), self->name);
  if (is_refused_by_us (cause))
    return g_error_new (cause->domain, cause->code, _("Nothing is sent to “%s”: %s"), self->name,
                        cause->message);
  if (cause->domain == XEP174_SESSION_ERROR || cause->domain == XEP174_STREAM_ERROR
      || cause->domain == XEP174_DIRECTORY_ERROR)
    return g_error_new (cause->domain, cause->code, _("“%s” cannot be reached: %s"),
                        self->name, cause->message);

  return g_error_new (XEP174_SESSION_ERROR,
                      cause->domain == XEP174_TRUST_ERROR ? XEP174_SESSION_ERROR_TLS
                                                          : XEP174_SESSION_ERROR_UNREACHABLE,
                      _("“%s” cannot be reached: %s"), self->name, cause->message);
}

static void
do_fail_queue (Xep174Session *self)
{
  g_autoptr(GError) error = failure_new (self);
  GQueue failed;

  /* What a handler asks for is a new try; for what is kept the contact may still come. */
  if (self->kept_state != NULL)
    self->kept_state->tried = TRUE;
  xep174_session_take_queue (self, &failed);
  g_debug ("%s: %s", self->name, error->message);
  xep174_tell_failed (self->around, self, error);
  xep174_session_fail_items (&failed, error);
}

/* --- One after the other ----------------------------------------------------------------- */

static void
say (Xep174Session    *self,
     Xep174Slot       *slot,
     Xep174ActionKind  kind)
{
  const Xep174Stream *stream = &self->arbiter.slots[slot->index];
  GString *buffer = xep174_transport_get_buffer (slot->transport);
  const char * const *announces = xep174_feature_table_get_announces (self->around->features);

  switch ((int) kind)
    {
    case XEP174_ACTION_SEND_HEADER:
      xep174_slot_send_header (slot, self->name, (stream->flags & XEP174_STREAM_INCOMING) != 0);
      break;
    case XEP174_ACTION_SEND_FEATURES:
      xep174_slot_send_features (slot, announces, TRUE);
      break;
    case XEP174_ACTION_SEND_OFFER:
      xep174_slot_send_offer (slot, announces, xep174_arbiter_is_sealed (&self->arbiter));
      break;
    case XEP174_ACTION_SEND_STARTTLS:
      xep174_slot_send_starttls (slot);
      break;
    case XEP174_ACTION_SEND_PROCEED:
      xep174_slot_send_proceed (slot);
      break;
    /* RFC 6120 §4.9.1.1: behind an error there is nothing but the closing tag. */
    case XEP174_ACTION_SEND_CONFLICT:
      xep174_slot_send_farewell (slot);
      xep174_stream_writer_append_error (buffer, XEP174_STREAM_ERROR_CONFLICT, NULL);
      break;
    case XEP174_ACTION_SEND_TIMEOUT:
      xep174_slot_send_farewell (slot);
      xep174_stream_writer_append_error (buffer, XEP174_STREAM_ERROR_CONNECTION_TIMEOUT, NULL);
      break;
    case XEP174_ACTION_SEND_FAULT:
      do_send_fault (self, slot);
      break;
    case XEP174_ACTION_SEND_ENABLE:
      xep174_slot_send_enable (slot);
      break;
    case XEP174_ACTION_SEND_FOOTER:
      xep174_slot_send_farewell (slot);
      xep174_stream_writer_append_footer (buffer);
      break;
    case XEP174_ACTION_PROBE_PING:
    case XEP174_ACTION_RELEASE:
      xep174_slot_ping (slot, self->name);
      break;
    case XEP174_ACTION_PROBE_SPACE:
      g_string_append_c (buffer, ' ');
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
carry_out_on (Xep174Session      *self,
              Xep174Slot         *slot,
              const Xep174Action *action)
{
  switch (action->kind)
    {
    case XEP174_ACTION_PUT_ASIDE:
      xep174_session_put_aside (self, slot);
      break;
    case XEP174_ACTION_CANCEL_DIAL:
      g_cancellable_cancel (slot->dial);
      break;
    case XEP174_ACTION_DELIVER:
      xep174_session_deliver (self, slot);
      break;
    case XEP174_ACTION_NEGOTIATE:
      xep174_slot_negotiate (slot);
      break;
    case XEP174_ACTION_BEGIN_TLS:
      xep174_session_start_tls (self, slot);
      break;
    case XEP174_ACTION_TRUST_KEY:
      xep174_session_trust_key (self, slot);
      break;
    case XEP174_ACTION_RESUME:
      xep174_session_resume (self, slot);
      break;
    case XEP174_ACTION_ACKNOWLEDGE:
      xep174_session_acknowledge (self, slot);
      break;
    case XEP174_ACTION_SEND_RESUME:
      xep174_session_send_resume (self, slot);
      break;
    case XEP174_ACTION_KEEP:
      xep174_session_keep (self, slot);
      break;
    case XEP174_ACTION_UNENCRYPTED:
      xep174_session_refuse_clear (self, slot);
      break;
    case XEP174_ACTION_REPORT:
      g_debug ("%s: %s", self->name, slot->error != NULL ? slot->error->message : "an error");
      break;
    case XEP174_ACTION_SHUT:
      xep174_session_flush (self, slot);
      xep174_transport_shut (slot->transport);
      break;
    case XEP174_ACTION_CLOSE_TCP:
      do_close_tcp (self, slot);
      break;
    case XEP174_ACTION_OPENED:
      do_opened (self, slot);
      break;
    case XEP174_ACTION_CLOSING:
      do_closing (self, slot);
      break;
    case XEP174_ACTION_STOLEN:
      self->stolen = xep174_transport_steal (slot->transport);
      break;
    case XEP174_ACTION_WRITE_HEAD:
      do_write_head (self, slot);
      break;
    default:
      say (self, slot, action->kind);
    }
}

static void
carry_out (Xep174Session      *self,
           const Xep174Action *action)
{
  switch (action->kind)
    {
    case XEP174_ACTION_DIAL:
      xep174_session_dial (self, action->slot);
      break;
    case XEP174_ACTION_ADOPT:
      xep174_session_set_slot (self, action->slot, g_steal_pointer (&self->arriving));
      break;
    case XEP174_ACTION_CLOSED:
      do_closed (self, action->slot);
      break;
    case XEP174_ACTION_POP_HEAD:
      do_pop_head (self, action->slot);
      break;
    case XEP174_ACTION_FAIL_QUEUE:
      do_fail_queue (self);
      break;
    case XEP174_ACTION_FORGET:
      xep174_session_forget_kept (self);
      break;
    case XEP174_ACTION_START_TIMER:
      xep174_session_start_timer (self, action);
      break;
    case XEP174_ACTION_STOP_TIMER:
      xep174_session_stop_timer (self, action);
      break;
    case XEP174_ACTION_PROBE_DONE:
      /* What was written before the ping is received: its answer says so (S7). */
      break;
    default:
      carry_out_on (self, self->slots[action->slot], action);
    }
}

static void
note_moved (Xep174Session *self)
{
  self->current = xep174_arbiter_current (&self->arbiter);
  self->readable = 0;
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (xep174_arbiter_may_read (&self->arbiter, i))
      self->readable |= 1u << i;
}

void
xep174_session_carry_out (Xep174Session          *self,
                          const Xep174ActionList *list)
{
  if (list->moved)
    {
      note_moved (self);
      xep174_session_sync_public (self, FALSE);
    }
  /* A handler may have dropped the manager: then everything is over at once. */
  for (guint i = 0; i < list->n && self->around != NULL; i++)
    carry_out (self, &list->actions[i]);
  xep174_session_take_returned (self);
  if (list->moved)
    {
      xep174_session_end_dial (self);
      xep174_session_sync_public (self, TRUE);
    }
}
