/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-slots-private.h"

struct _Xep174MdnsSlots
{
  GQueue   urgent;
  GQueue   patient;
  guint    taken;
  gboolean starting;
  gboolean paused;
};

struct _Xep174MdnsSlot
{
  GList               link;
  GQueue             *queue; /* NULL once it has started */
  Xep174MdnsSlotFunc  start;
  gpointer            user_data;
};

Xep174MdnsSlots *
xep174_mdns_slots_new (void)
{
  Xep174MdnsSlots *slots = g_new0 (Xep174MdnsSlots, 1);

  g_queue_init (&slots->urgent);
  g_queue_init (&slots->patient);

  return slots;
}

void
xep174_mdns_slots_free (Xep174MdnsSlots *slots)
{
  g_assert (slots->taken == 0 && xep174_mdns_slots_get_waiting (slots) == 0);
  g_free (slots);
}

/* A start may release slots, its own too: the loop of the outermost call sees to those. */
static void
start_waiting (Xep174MdnsSlots *slots)
{
  if (slots->starting)
    return;

  slots->starting = TRUE;
  while (!slots->paused && slots->taken < XEP174_MDNS_SLOTS)
    {
      GQueue *queue = !g_queue_is_empty (&slots->urgent) ? &slots->urgent : &slots->patient;
      Xep174MdnsSlot *slot = g_queue_peek_head (queue);

      if (slot == NULL)
        break;
      g_queue_unlink (queue, &slot->link);
      slot->queue = NULL;
      slots->taken++;
      slot->start (slot->user_data);
    }
  slots->starting = FALSE;
}

void
xep174_mdns_slots_take (Xep174MdnsSlots    *slots,
                        gboolean            urgent,
                        Xep174MdnsSlotFunc  start,
                        gpointer            user_data,
                        Xep174MdnsSlot    **slot)
{
  Xep174MdnsSlot *taken = g_new0 (Xep174MdnsSlot, 1);

  taken->link.data = taken;
  taken->queue = urgent ? &slots->urgent : &slots->patient;
  taken->start = start;
  taken->user_data = user_data;
  g_queue_push_tail_link (taken->queue, &taken->link);

  *slot = taken;
  start_waiting (slots);
}

void
xep174_mdns_slots_release (Xep174MdnsSlots *slots,
                           Xep174MdnsSlot **slot)
{
  Xep174MdnsSlot *released = g_steal_pointer (slot);

  if (released == NULL)
    return;

  if (released->queue != NULL)
    g_queue_unlink (released->queue, &released->link);
  else
    slots->taken--;
  g_free (released);

  start_waiting (slots);
}

void
xep174_mdns_slots_set_paused (Xep174MdnsSlots *slots,
                              gboolean         paused)
{
  slots->paused = paused;
  start_waiting (slots);
}

guint
xep174_mdns_slots_get_waiting (const Xep174MdnsSlots *slots)
{
  return slots->urgent.length + slots->patient.length;
}
