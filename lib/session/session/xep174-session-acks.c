/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Acknowledgements and resumption (A1-A3): what a broken stream has left, until another goes on with it or
 * it is too late. The counters are in xep174-acks.c, the words in xep174-slot-acks.c. */

#include "xep174-session-private.h"

#include "xep174-element-private.h"

/* --- What is kept ------------------------------------------------------------------------- */

static void
kept_free (Xep174Session *self)
{
  Xep174Kept *kept = g_steal_pointer (&self->kept_state);
  Xep174Item *item;

  xep174_alarm_clear (&kept->alarm, self->network->clock);
  while ((item = xep174_item_pop (&kept->written)) != NULL)
    xep174_item_free (item);
  g_bytes_unref (kept->key);
  g_free (kept->id);
  g_free (kept);
}

void
xep174_session_give_up_kept (Xep174Session *self,
                             GQueue        *written)
{
  if (self->kept_state == NULL)
    return;

  xep174_item_move_all (&self->kept_state->written, written);
  kept_free (self);
}

/* A3: it is never written again. */
void
xep174_session_forget_kept (Xep174Session *self)
{
  g_autoptr(Xep174Surroundings) around = NULL;
  GQueue written = G_QUEUE_INIT;

  if (self->kept_state == NULL)
    return;

  /* A handler may drop it. */
  around = xep174_surroundings_hold (self->around);
  xep174_session_give_up_kept (self, &written);
  xep174_session_report_unconfirmed (self, &written, around, XEP174_HALF_WRITTEN);
  xep174_session_end_lost (self);
}

static void
on_too_old (gpointer data)
{
  xep174_session_wake (data);
}

/* Asked in the loop: a handler that runs the main loop may be at work while it goes over to a stream. */
gboolean
xep174_session_take_too_old (Xep174Session *self)
{
  const Xep174Kept *kept = self->kept_state;

  if (kept == NULL
      || xep174_clock_get_now_ms (self->network->clock) - kept->since < XEP174_ACKS_KEPT_MS)
    return FALSE;

  self->arbiter.kept = 0;
  xep174_session_post (self, XEP174_ARBITER_EVENT_KEPT, NULL);
  xep174_session_forget_kept (self);
  return TRUE;
}

/* What was begun and is not whole with the socket the contact has not had: it is not counted, and goes
 * again behind what is. */
void
xep174_session_keep (Xep174Session *self,
                     Xep174Slot    *slot)
{
  Xep174Kept *kept = self->kept_state = g_new0 (Xep174Kept, 1);

  xep174_slot_settle_sent (slot);
  kept->acks = slot->acks;
  kept->serial = slot->serial;
  kept->key = g_bytes_ref (slot->key);
  kept->id = g_strdup (slot->resume_id);
  kept->since = xep174_clock_get_now_ms (self->network->clock);
  /* If its <resume/> was not answered it has written nothing of its own. */
  if (g_queue_is_empty (&slot->carried))
    {
      slot->unsent = NULL;
      slot->written_octets = 0;
      xep174_item_move_all (&slot->written, &kept->written);
    }
  else
    xep174_item_move_all (&slot->carried, &kept->written);
  xep174_alarm_set (&kept->alarm, self->network->clock, XEP174_ACKS_KEPT_MS, on_too_old, self);
}

/* --- From one stream to the next ---------------------------------------------------------- */

static gboolean
fits (const Xep174Acks *acks,
      guint             key,
      Xep174Slot       *slot,
      guint             slot_key,
      const char       *id,
      guint             ms)
{
  gboolean same = g_strcmp0 (xep174_element_get_attribute (slot->item, "previd"), id) == 0;

  return xep174_acks_may_resume (acks, key, slot_key, same, ms);
}

/* What the <resume/> that was read on @slot may resume (A2); %NULL if nothing. */
static const Xep174Acks *
find_kept (Xep174Session *self,
           Xep174Slot    *slot)
{
  const Xep174Stream *streams = self->arbiter.slots;
  guint state = streams[slot->index].state;
  guint key = streams[slot->index].key;
  const Xep174Kept *kept = self->kept_state;

  if ((state != XEP174_STREAM_AWAIT_FIRST && state != XEP174_STREAM_AWAIT_RESUME)
      || slot->acks.state != XEP174_ACKS_OFFERED)
    return NULL;

  for (guint i = 0; i < self->n_slots; i++)
    if (i != slot->index && self->slots[i] != NULL && xep174_stream_is_secure (&streams[i])
        && fits (&self->slots[i]->acks, streams[i].key, slot, key, self->slots[i]->resume_id, 0))
      return &self->slots[i]->acks;

  if (kept != NULL
      && fits (&kept->acks, self->arbiter.kept, slot, key, kept->id,
               xep174_clock_get_now_ms (self->network->clock) - kept->since))
    return &kept->acks;
  return NULL;
}

/* The oldest @n that are counted have arrived. */
static void
confirm_carried (Xep174Slot *slot,
                 guint       n)
{
  Xep174Item *item;

  for (; n > 0 && (item = xep174_item_pop (&slot->carried)) != NULL; n--)
    xep174_slot_confirm (slot, item);
}

/* They go before the queue, in their order. What was with the socket once was said then. */
static void
write_again (Xep174Session *self,
             Xep174Slot    *slot)
{
  gint64 now = xep174_clock_get_now_ms (self->network->clock);
  gint64 real = xep174_clock_get_real_ms (self->network->clock);
  GList *link;

  while ((link = g_queue_pop_tail_link (&slot->carried)) != NULL)
    {
      Xep174Item *item = link->data;

      /* A ping asks on its own stream alone. */
      if (item->stanza == NULL)
        {
          xep174_item_free (item);
          continue;
        }
      if (item->since == 0)
        item->since = real - (item->when != 0 ? now - item->when : 0);
      item->stranded = TRUE;
      item->serial = 0;
      item->kind = XEP174_HEAD_MESSAGE;
      g_queue_push_head_link (&self->returned, link);
    }
}

static void
report_carried (Xep174Session *self,
                Xep174Slot    *slot)
{
  g_autoptr(Xep174Surroundings) around = xep174_surroundings_hold (self->around);

  xep174_session_report_unconfirmed (self, &slot->carried, around, XEP174_HALF_WRITTEN);
}

static void
note_resumable (Xep174Session *self,
                Xep174Slot    *slot)
{
  guint8 bit = 1u << slot->index;

  if (((self->arbiter.resumable & bit) != 0) == xep174_acks_may_keep (&slot->acks, FALSE))
    return;

  self->arbiter.resumable ^= bit;
  xep174_session_post (self, XEP174_ARBITER_EVENT_KEPT, NULL);
}

/* --- What is to be done ------------------------------------------------------------------- */

static void
carry (Xep174Session *self,
       Xep174Slot    *slot)
{
  Xep174Kept *kept = self->kept_state;

  xep174_slot_carry_acks (slot, &kept->acks, g_steal_pointer (&kept->id));
  xep174_session_move_asked (self, kept->serial, slot->serial);
  xep174_item_move_all (&kept->written, &slot->carried);
  kept_free (self);
}

void
xep174_session_send_resume (Xep174Session *self,
                            Xep174Slot    *slot)
{
  carry (self, slot);
  xep174_slot_send_resume (slot);
}

void
xep174_session_resume (Xep174Session *self,
                       Xep174Slot    *slot)
{
  carry (self, slot);
  xep174_slot_resume_acks (slot);
  xep174_session_acknowledge (self, slot);
}

void
xep174_session_acknowledge (Xep174Session *self,
                            Xep174Slot    *slot)
{
  guint bits = slot->acks_do;

  if (bits & (XEP174_ACKS_DO_AGAIN | XEP174_ACKS_DO_REPORT))
    {
      confirm_carried (slot, slot->n_confirmed);
      slot->n_confirmed = 0;
    }
  xep174_slot_answer_acks (slot);
  if (bits & XEP174_ACKS_DO_AGAIN)
    write_again (self, slot);
  if (bits & XEP174_ACKS_DO_REPORT)
    {
      xep174_session_move_asked (self, slot->serial, G_MAXUINT);
      report_carried (self, slot);
    }
  if (self->around == NULL)
    return;

  note_resumable (self, slot);
  xep174_session_watch_receipts (self, slot);
}

/* --- What was read ------------------------------------------------------------------------ */

guint
xep174_session_check_acks (Xep174Session *self,
                           Xep174Slot    *slot,
                           guint          event)
{
  guint state = self->arbiter.slots[slot->index].state;

  if (event == XEP174_STREAM_EVENT_FEATURES && state == XEP174_STREAM_RESTART_I
      && xep174_element_find_child (slot->item, "sm", XEP174_NS_SM) != NULL)
    return XEP174_STREAM_EVENT_FEATURES_SM;
  if (event != XEP174_STREAM_EVENT_ACKS)
    return event;

  /* What the contact confirms is with the socket, whether anybody has looked or not; it may be that of the
   * stream which this one resumes. */
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL)
      xep174_slot_settle_sent (self->slots[i]);
  if (self->around == NULL)
    return event;

  event = xep174_slot_read_acks (slot, strcmp (xep174_element_get_name (slot->item), "resume") == 0
                                         ? find_kept (self, slot) : NULL);
  /* We may have given up what it answers. */
  if ((event == XEP174_STREAM_EVENT_SM_AGREED || event == XEP174_STREAM_EVENT_SM_FAILED)
      && state != XEP174_STREAM_RESUMING && state != XEP174_STREAM_ENABLING)
    return XEP174_STREAM_EVENT_ACKS;
  return event;
}

gboolean
xep174_session_must_wait (Xep174Session *self,
                          Xep174Slot    *slot)
{
  guint event = XEP174_STREAM_EVENT_STANZA;

  if (slot->item_kind != XEP174_STREAM_ITEM_ELEMENT)
    return FALSE;

  if (xep174_slot_knows_acks (slot))
    event = strcmp (xep174_element_get_name (slot->item), "resume") == 0
            && find_kept (self, slot) != NULL ? XEP174_STREAM_EVENT_RESUME : XEP174_STREAM_EVENT_ACKS;
  return !xep174_arbiter_may_take (&self->arbiter, slot->index, event);
}
