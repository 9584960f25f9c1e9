/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The end of everything at once, when the manager goes. */

#include "xep174-session-private.h"

#include "xep174-gettext-private.h"

#include <string.h>

/* Takes what was written on @slot, and frees it. */
static void
give_up_slot (Xep174Session *self,
              Xep174Slot    *slot,
              GQueue        *written)
{
  xep174_session_requeue (self, slot);
  slot->unsent = NULL;
  xep174_item_move_all (&slot->carried, written);
  xep174_item_move_all (&slot->written, written);
  xep174_slot_free (slot);
}

static void
give_up_streams (Xep174Session *self,
                 GQueue        *written)
{
  xep174_session_give_up_kept (self, written);
  for (guint i = 0; i < G_N_ELEMENTS (self->alarms); i++)
    xep174_alarm_clear (&self->alarms[i].alarm, self->network->clock);
  xep174_alarm_clear (&self->idle, self->network->clock);
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL)
      give_up_slot (self, g_steal_pointer (&self->slots[i]), written);
  g_clear_pointer (&self->arriving, xep174_slot_free);
  g_queue_clear_full (&self->happenings, (GDestroyNotify) xep174_happening_free);
}

void
xep174_session_abandon (Xep174Session *self)
{
  g_autoptr(Xep174Surroundings) around = xep174_surroundings_hold (self->around);
  g_autoptr(GError) error = NULL;
  GQueue written = G_QUEUE_INIT;

  self->around = NULL;
  self->desk.spare = NULL;
  /* The loop comes here itself once the handler that it is in has returned. */
  self->dropped = self->running;
  if (self->running)
    return;

  error = g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                       _("The session with “%s” has been given up"), self->name);
  give_up_streams (self, &written);
  xep174_session_take_returned (self);
  while (xep174_session_tell_opened (self) || xep174_session_tell_confirmed (self))
    ;
  xep174_session_fail_queue (self, error);
  xep174_session_finish_closes (self);
  memset (&self->arbiter, 0, sizeof self->arbiter);
  self->current = XEP174_NO_SLOT;
  xep174_session_end_dial (self);
  self->announced = 0;
  xep174_session_end_questions (self);
  xep174_session_report_unconfirmed (self, &written, around,
                                     _("Given up while the stanza was being written"));
  xep174_session_sync_state (self);
}
