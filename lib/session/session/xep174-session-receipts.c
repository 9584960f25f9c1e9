/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What awaits a receipt of the contact's, in all its streams: when it is asked for one, and what becomes
 * of who gives none. What a stream remembers is in xep174-slot-receipts.c. */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

/* How many answers to a contact may wait before it is not listened to any more, and how many octets
 * of what the program's handlers answer it. The latter is well above what may be unconfirmed: the
 * receipt that they wait for may come behind as much. */
#define MAX_ANSWERS 64
#define MAX_REACTIONS (4 * 1024 * 1024)

/* X8: the contact has made us say more than it takes. */
static gboolean
is_overburdened (Xep174Session *self)
{
  return self->answers.length >= MAX_ANSWERS || self->desk.reactions >= MAX_REACTIONS;
}

/* Who asks and does not read the answers, be they ours or the program's, is not read: the peer's TCP
 * waits then, not our memory. */
gboolean
xep174_session_is_deaf_to (Xep174Session *self,
                           guint          index)
{
  Xep174Slot *slot = self->slots[index];

  return is_overburdened (self) && xep174_stream_is_open (&self->arbiter.slots[index])
         && slot != NULL && slot->transport != NULL
         && !xep174_transport_has_failed (slot->transport);
}

void
xep174_session_ask_receipt (Xep174Session *self,
                            Xep174Slot    *slot)
{
  if (xep174_slot_may_ask (slot) && xep174_arbiter_may_write (&self->arbiter, slot->index))
    xep174_slot_ask_receipt (slot, self->name);
}

/* S7: age is a sign of receipt only where none other can be had: of a peer without version, and of
 * one that is not listened to (X8), whose answer may lie behind what waits for it. Who could answer
 * and does not may be slow, or hang: X9 finds that out, and what it had is reported. Who talks is
 * found out in the loop, xep174_session_give_up_receipts(). */
static void
on_receipt_due (gpointer data)
{
  Xep174Slot *slot = data;
  Xep174Session *self = slot->session;

  if (!slot->answers_pings || is_overburdened (self))
    xep174_slot_confirm_older (slot, XEP174_RECEIPT_AGE_MS);
  if (!g_queue_is_empty (&slot->written))
    xep174_session_ask_receipt (self, slot);
  xep174_session_watch_receipts (self, slot);
  xep174_session_wake (self);
}

void
xep174_session_watch_receipts (Xep174Session *self,
                               Xep174Slot    *slot)
{
  const Xep174Settings *settings;
  gboolean ask = xep174_slot_may_ask (slot);

  if (self->around == NULL || g_queue_is_empty (&slot->written))
    xep174_alarm_clear (&slot->receipt, self->network->clock);
  else if (!xep174_alarm_is_set (&slot->receipt) || (ask && slot->receipt_slow))
    {
      settings = &self->around->settings;
      slot->receipt_slow = !ask;
      xep174_alarm_set (&slot->receipt, self->network->clock,
                        ask ? settings->receipt_delay : XEP174_RECEIPT_AGE_MS, on_receipt_due,
                        slot);
    }
}

/* S7: the talk of a peer that passes over our pings is no receipt, and keeps X9 from ending the session.
 * So that nobody waits at the bound for ever, the program is told, and writing goes on. */
gboolean
xep174_session_give_up_receipts (Xep174Session *self)
{
  GQueue taken = G_QUEUE_INIT;

  for (guint i = 0; i < self->n_slots && !g_queue_is_empty (&self->queue); i++)
    {
      Xep174Slot *slot = self->slots[i];
      g_autoptr(Xep174Surroundings) around = NULL;

      if (slot != NULL && slot->transport != NULL && xep174_slot_is_passed_over (slot)
          && slot->fault == XEP174_STREAM_ERROR_UNDEFINED_CONDITION)
        {
          xep174_session_post (self, xep174_slot_fault (slot, XEP174_STREAM_ERROR_POLICY_VIOLATION,
                                                        _("The program there never confirms "
                                                          "anything")),
                               slot);
          return TRUE;
        }
      if (slot == NULL || slot->transport == NULL || !xep174_slot_take_unanswered (slot, &taken))
        continue;

      xep174_session_watch_receipts (self, slot);
      /* A handler may drop it. */
      around = xep174_surroundings_hold (self->around);
      xep174_session_report_unconfirmed (self, &taken, around, "");
      return TRUE;
    }
  return FALSE;
}
