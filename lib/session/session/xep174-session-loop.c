/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens to the streams of a contact is put to the arbiter, one thing at a time; it decides,
 * xep174-session-actions.c carries out. Nothing here is a decision of the protocol. */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

static void
log_event (Xep174Session *self,
           guint          event,
           guint          slot)
{
  if (slot == XEP174_NO_SLOT)
    g_debug ("%s: %s", self->name, xep174_arbiter_event_name (event));
  else
    g_debug ("%s: %s in slot %u (%s)", self->name, xep174_arbiter_event_name (event), slot,
             xep174_stream_state_name (self->arbiter.slots[slot].state));
}

static guint
count_anonymous (Xep174Session *self)
{
  guint n_unknown = self->around != NULL ? self->around->n_unknown : 0;

  return MIN (self->anonymous + n_unknown, G_MAXUINT8);
}

static void
step (Xep174Session *self,
      guint          event,
      guint          slot)
{
  Xep174ActionList list;

  /* Who may be anybody is not told to each session (rule 10); that there are fewer is an event. */
  self->arbiter.anon = MAX (self->arbiter.anon, count_anonymous (self));
  if (self->network->is_logged)
    log_event (self, event, slot);
  xep174_arbiter_step (&self->arbiter, event, slot, &list);
  xep174_session_carry_out (self, &list);
}

/* S9: the sessions in which the contact has spoken since @slot came. */
static guint
spoken_since (Xep174Session *self,
              Xep174Slot    *slot)
{
  guint mask = 0;

  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL && self->slots[i]->spoken >= slot->born)
      mask |= 1u << i;

  return mask;
}

static void
take_in (Xep174Session   *self,
         Xep174Happening *happening)
{
  Xep174ActionList list;

  self->arriving = g_steal_pointer (&happening->arriving);
  self->arbiter.heard = spoken_since (self, self->arriving);
  xep174_session_set_policy (self);
  happening->stream.key = xep174_session_number_key (self, self->arriving);
  self->arriving->index = xep174_arbiter_adopt (&self->arbiter, &happening->stream,
                                                happening->event, &list);
  g_debug ("%s: takes a connection into slot %u", self->name, self->arriving->index);
  xep174_session_carry_out (self, &list);
}

/* Who goes offline comes back with nothing (A2). */
static void
forget_kept (Xep174Session *self)
{
  self->arbiter.kept = 0;
  xep174_session_forget_kept (self);
}

static void
stop (Xep174Session *self)
{
  g_autoptr(GError) error = g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                                         self->last_error != NULL
                                           ? _("We went offline before it could be sent; until "
                                               "then: %s")
                                           : _("We went offline before it could be sent"),
                                         self->last_error != NULL ? self->last_error->message : "");
  GQueue failed;

  /* The manager has ended all that came in. */
  self->anonymous = 0;
  forget_kept (self);
  if (self->around == NULL)
    return;
  /* Told when nothing can be asked for any more, or whoever asks again at once would be forgotten. */
  xep174_session_take_queue (self, &failed);
  xep174_session_sync_head (self);
  step (self, XEP174_ARBITER_EVENT_STOP, XEP174_NO_SLOT);
  forget_kept (self);
  xep174_session_fail_items (&failed, error);
}

/* T6: whose key is not trusted any more is not written to, and not heard. */
static gboolean
take_decisions (Xep174Session *self)
{
  if (!xep174_session_must_judge (self))
    return FALSE;

  for (guint i = 0; i < self->n_slots && self->around != NULL; i++)
    if (xep174_session_distrusts_slot (self, self->slots[i]))
      step (self, XEP174_STREAM_EVENT_KEY_REFUSED, i);
  return TRUE;
}

static gboolean
take_happening (Xep174Session *self)
{
  g_autofree Xep174Happening *happening = xep174_session_next_happening (self);
  Xep174Slot *slot;

  if (happening == NULL)
    return FALSE;

  if (happening->arriving != NULL)
    take_in (self, happening);
  else if (happening->event == XEP174_ARBITER_EVENT_STOP)
    stop (self);
  else if (happening->serial == 0)
    step (self, happening->event, XEP174_NO_SLOT);
  else if ((slot = xep174_session_find_slot (self, happening->serial)) != NULL)
    step (self, happening->event, slot->index);

  return TRUE;
}

static gboolean
take_head (Xep174Session *self)
{
  if (!xep174_session_sync_head (self))
    return FALSE;

  step (self, XEP174_ARBITER_EVENT_HEAD, XEP174_NO_SLOT);
  return TRUE;
}

/* The peer's closing tag. As the answer to ours it says that all was read, in a stream of version 1.0. It may
 * have crossed ours, too, and so it says nothing where all that was handled is told before it (A1). */
static void
note_footer (Xep174Session *self,
             Xep174Slot    *slot)
{
  if (self->arbiter.slots[slot->index].state != XEP174_STREAM_CLOSE_SENT || xep174_slot_is_counted (slot))
    return;

  if (slot->answers_pings)
    xep174_slot_confirm_all (slot);
  else
    xep174_slot_confirm_read (slot);
}

/* Without a version a closing tag may answer ours or cross it; how TCP ends behind it tells which.
 * T_close bounds the wait. */
static gboolean
must_see_end (Xep174Session *self,
              Xep174Slot    *slot)
{
  return slot->item_kind == XEP174_STREAM_ITEM_FOOTER && !slot->ended && !slot->answers_pings
         && self->arbiter.slots[slot->index].state == XEP174_STREAM_CLOSE_SENT
         && !g_queue_is_empty (&slot->written);
}

/* The end of TCP: a FIN says that all which was acknowledged was read. A process that is killed says it,
 * too, so of a peer with version 1.0, which has answers to give, it counts behind a closing tag only: behind
 * ours, when that was acknowledged with the rest. */
static void
note_end (Xep174Session *self,
          Xep174Slot    *slot)
{
  guint state = self->arbiter.slots[slot->index].state;
  gboolean answers = slot->answers_pings;
  guint64 octets;

  if (slot->transport == NULL || slot->heard_error || xep174_slot_is_counted (slot))
    return;

  if (!xep174_transport_get_read (slot->transport, &octets))
    {
      if (answers && state == XEP174_STREAM_CLOSE_RCVD && slot->end_error == NULL)
        xep174_slot_confirm_all (slot);
    }
  else if (!answers || (state >= XEP174_STREAM_CLOSE_SENT
                        && octets == xep174_transport_get_appended (slot->transport)))
    xep174_slot_confirm_read (slot);
}

/* How the connection broke is a matter of course behind the closing tags: who has said its last word
 * need not read ours (gloox and QXmpp do not). */
static void
take_end (Xep174Session *self,
          Xep174Slot    *slot)
{
  guint event;

  slot->ended = FALSE;
  note_end (self, slot);
  if (slot->end_error != NULL && !slot->heard_footer && !slot->refused)
    xep174_slot_set_error (slot, g_steal_pointer (&slot->end_error));
  event = xep174_session_get_end_event (self, slot);
  if (self->around != NULL)
    step (self, event, slot->index);
}

static void
read_item (Xep174Session *self,
           Xep174Slot    *slot)
{
  guint serial = slot->serial;
  guint event = xep174_slot_classify (slot, self->name);

  if (event == XEP174_STREAM_EVENT_FOOTER)
    note_footer (self, slot);
  if (event == XEP174_STREAM_EVENT_HEADER || event == XEP174_STREAM_EVENT_HEADER_LEGACY)
    xep174_session_learn_spelling (self, xep174_element_get_attribute (slot->item, "from"));
  event = xep174_session_check_tls (self, slot, event);
  if (self->around != NULL && event != XEP174_STREAM_EVENT_STANZA)
    event = xep174_session_check_acks (self, slot, event);
  if (self->around == NULL)
    return;
  if (xep174_arbiter_is_sign (event))
    slot->spoken = self->network->n_streams;
  step (self, event, slot->index);
  slot = xep174_session_find_slot (self, serial);
  if (slot != NULL)
    xep174_slot_clear_item (slot);
}

/* X8: not read is what the arbiter would not look at, and who is not listened to. */
static gboolean
may_read (Xep174Session *self,
          guint          slot)
{
  return ((self->readable >> slot) & 1) != 0 && !xep174_session_is_deaf_to (self, slot);
}

/* One thing that was read, of any stream; its end counts only when all before it was looked at. */
static gboolean
take_item (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      Xep174Slot *slot = self->slots[i];

      if (slot == NULL || slot->parser == NULL || !may_read (self, i))
        continue;

      if (xep174_slot_peek (slot))
        {
          if (must_see_end (self, slot)
              || (self->arbiter.slots[i].state == XEP174_STREAM_AWAIT_RESUME
                  && xep174_session_must_wait (self, slot)))
            continue;
          read_item (self, slot);
          return TRUE;
        }
      if (slot->ended)
        {
          take_end (self, slot);
          return TRUE;
        }
    }

  return FALSE;
}

/* --- What is written --------------------------------------------------------------------- */

/* What was written later than it was asked for. */
static gboolean
settle_all (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL && xep174_slot_settle_sent (self->slots[i]))
      return TRUE;

  return FALSE;
}

/* One write for all that the events before have led to. TRUE if the program was told, and may have
 * asked for more. */
static gboolean
flush_all (Xep174Session *self)
{
  gboolean told = FALSE;

  for (guint i = 0; i < self->n_slots; i++)
    {
      Xep174Slot *slot = self->slots[i];

      if (slot == NULL || slot->transport == NULL)
        continue;
      if (slot->acks.owes && self->around != NULL)
        xep174_slot_pay_answer (slot, self->around->settings.max_queue_octets);
      if (!xep174_transport_has_unflushed (slot->transport))
        continue;

      if (xep174_slot_wants_receipt (slot))
        xep174_session_ask_receipt (self, slot);
      told = xep174_session_flush (self, slot) || told;
      xep174_session_watch_receipts (self, slot);
      xep174_session_watch_way (self, slot);
    }

  return told;
}

static gboolean
take_unblocked (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      Xep174Slot *slot = self->slots[i];
      Xep174Stream *stream = &self->arbiter.slots[i];
      guint8 blocked;

      if (slot == NULL || slot->transport == NULL)
        continue;

      blocked = xep174_slot_get_blocked (slot, 1);
      if (blocked == stream->blocked)
        continue;

      stream->blocked = blocked;
      if (blocked != XEP174_STREAM_FULL)
        {
          step (self, XEP174_ARBITER_EVENT_UNBLOCKED, i);
          return TRUE;
        }
    }

  return FALSE;
}

static void
update_reading (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    {
      Xep174Slot *slot = self->slots[i];

      if (slot == NULL || slot->transport == NULL)
        continue;

      slot->unheard |= xep174_session_is_deaf_to (self, i);
      xep174_transport_set_reading (slot->transport, may_read (self, i));
    }
}

/* --- The loop ---------------------------------------------------------------------------- */

/* After what goes before it is with the socket, and before what was read after it. */
static gboolean
tell_opened (Xep174Session *self)
{
  return !g_queue_is_empty (&self->opened)
         && (settle_all (self) || flush_all (self) || xep174_session_tell_opened (self));
}

static void
settle_down (Xep174Session *self)
{
  gboolean idle = xep174_arbiter_is_idle (&self->arbiter) && g_queue_is_empty (&self->queue)
                  && g_queue_is_empty (&self->answers) && self->kept_state == NULL;

  update_reading (self);
  xep174_session_note_waiting (self);

  /* Offline and everything ended: what is asked for from now on is a new beginning. */
  if (idle && self->arbiter.stopping)
    {
      xep174_arbiter_init (&self->arbiter, self->arbiter.local_is_smaller,
                           self->arbiter.max_retries);
      xep174_session_set_policy (self);
    }
  if (self->around != NULL && self->kept == idle)
    {
      self->kept = !idle;
      xep174_surroundings_keep (self->around, self, self->kept);
    }
}

/* Everything goes through here, and nothing twice at a time: what a handler asks for while the
 * actions of a step are carried out is found in the next round. */
void
xep174_session_run (Xep174Session *self)
{
  gboolean entered;

  if (self->running || (self->around == NULL && !self->dropped))
    return;

  g_object_ref (self);
  entered = xep174_poller_enter (self->network->poller);
  self->running = TRUE;
  xep174_session_refresh_keys (self);
  while (self->around != NULL
         && ((self->cancelling && xep174_session_take_cancelled (self))
             || (self->confirmed.head != NULL && xep174_session_tell_confirmed (self))
             || xep174_session_take_too_old (self)
             || take_decisions (self) || take_head (self) || take_happening (self) || tell_opened (self)
             || take_item (self) || settle_all (self) || flush_all (self)
             || xep174_session_give_up_receipts (self) || take_unblocked (self)))
    ;
  self->running = FALSE;

  if (self->around != NULL)
    settle_down (self);
  else
    xep174_session_abandon (self);
  xep174_poller_leave (self->network->poller, entered);
  g_object_unref (self);
}

/* --- What happens to it from outside ----------------------------------------------------- */

void
xep174_session_happen (Xep174Session *self,
                       guint          event,
                       Xep174Slot    *slot)
{
  xep174_session_post (self, event, slot);
  xep174_session_run (self);
}

void
xep174_session_adopt (Xep174Session      *self,
                      Xep174Slot         *slot,
                      const Xep174Stream *stream,
                      Xep174StreamEvent   event)
{
  xep174_transport_set_events (slot->transport, &xep174_session_transport_events, slot);
  xep174_session_post_arrival (self, slot, stream, event);
  xep174_session_run (self);
}

/* What is taken in counts from then on, though a handler has to return first. */
static gboolean
may_take_outgoing (Xep174Session *self)
{
  for (GList *l = self->happenings.head; l != NULL; l = l->next)
    {
      Xep174Happening *happening = l->data;

      if (happening->arriving != NULL || happening->event == XEP174_ARBITER_EVENT_STOP)
        return FALSE;
    }
  return self->arriving == NULL && xep174_arbiter_may_dial (&self->arbiter);
}

gboolean
xep174_session_add_outgoing (Xep174Session  *self,
                             GIOStream      *connection,
                             GError        **error)
{
  const Xep174Stream stream = { .state = XEP174_STREAM_CONNECTING };
  Xep174Slot *slot;

  if (!may_take_outgoing (self))
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   _("“%s” is connected already, or cannot be now; close the session first"),
                   self->name);
      return FALSE;
    }

  xep174_session_end_dial (self);
  slot = xep174_slot_new (self->network, self->around->local_name);
  slot->transport = xep174_transport_new (self->network, connection,
                                          &xep174_session_transport_events, slot, error);
  if (slot->transport == NULL)
    {
      xep174_slot_free (slot);
      return FALSE;
    }

  slot->parser = xep174_surroundings_make_parser (self->around);
  xep174_session_adopt (self, slot, &stream, XEP174_STREAM_EVENT_CONNECTED);
  return TRUE;
}

void
xep174_session_set_anonymous (Xep174Session *self,
                              guint          n)
{
  self->anonymous = n;
  xep174_session_recount_anonymous (self);
}

void
xep174_session_recount_anonymous (Xep174Session *self)
{
  if (self->around == NULL || count_anonymous (self) == self->arbiter.anon)
    return;

  self->arbiter.anon = count_anonymous (self);
  xep174_session_happen (self, XEP174_ARBITER_EVENT_ANON, NULL);
}
