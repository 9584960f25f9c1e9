/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-mdns-slots-private.h"

struct _Xep174MdnsSlots
{
  Xep174MdnsStack *stack;
  GQueue           queues[XEP174_MDNS_N_PRIORITIES];
  GSource         *leisure;
  guint            leisure_ms;
  Xep174MdnsSlot  *at_leisure; /* the last look-up that nobody waits for, while it has its slot */
  gint64           leisure_began;
  guint            taken;
  gboolean         starting;
  gboolean         paused;
};

struct _Xep174MdnsSlot
{
  GList               link;
  GQueue             *queue; /* NULL once it has started */
  Xep174MdnsSlotFunc  start;
  gpointer            user_data;
};

Xep174MdnsSlots *
xep174_mdns_slots_new (Xep174MdnsStack *stack)
{
  Xep174MdnsSlots *slots = g_new0 (Xep174MdnsSlots, 1);

  slots->stack = stack;
  slots->leisure_ms = XEP174_MDNS_LEISURE_MS;
  for (guint i = 0; i < XEP174_MDNS_N_PRIORITIES; i++)
    g_queue_init (&slots->queues[i]);

  return slots;
}

void
xep174_mdns_slots_free (Xep174MdnsSlots *slots)
{
  g_assert (slots->taken == 0 && !xep174_mdns_slots_are_short (slots));
  xep174_clear_source (&slots->leisure);
  g_free (slots);
}

static void
start_first (Xep174MdnsSlots    *slots,
             Xep174MdnsPriority  priority)
{
  Xep174MdnsSlot *slot = g_queue_peek_head (&slots->queues[priority]);

  g_queue_unlink (slot->queue, &slot->link);
  slot->queue = NULL;
  slots->taken++;
  slot->start (slot->user_data);
}

static gboolean
has_room (Xep174MdnsSlots *slots)
{
  return !slots->paused && slots->taken < XEP174_MDNS_SLOTS;
}

static gboolean
is_waiting (Xep174MdnsSlots    *slots,
            Xep174MdnsPriority  priority)
{
  return !g_queue_is_empty (&slots->queues[priority]);
}

static void start_waiting (Xep174MdnsSlots *slots);

static gboolean
on_leisure (gpointer user_data)
{
  Xep174MdnsSlots *slots = user_data;

  xep174_clear_source (&slots->leisure);
  if (has_room (slots) && is_waiting (slots, XEP174_MDNS_LEISURE))
    {
      slots->leisure_began = g_get_monotonic_time ();
      slots->at_leisure = g_queue_peek_head (&slots->queues[XEP174_MDNS_LEISURE]);
      start_first (slots, XEP174_MDNS_LEISURE);
    }
  start_waiting (slots);

  return G_SOURCE_REMOVE;
}

/* A start may release slots, even its own. The loop of the outermost call then starts the next
 * ones. */
static void
start_waiting (Xep174MdnsSlots *slots)
{
  if (slots->starting)
    return;

  slots->starting = TRUE;
  for (Xep174MdnsPriority i = XEP174_MDNS_URGENT; has_room (slots) && i < XEP174_MDNS_LEISURE;)
    {
      if (!is_waiting (slots, i))
        i++;
      else
        {
          start_first (slots, i);
          i = XEP174_MDNS_URGENT;
        }
    }
  slots->starting = FALSE;

  if (slots->leisure == NULL && slots->at_leisure == NULL && has_room (slots) &&
      is_waiting (slots, XEP174_MDNS_LEISURE))
    slots->leisure = xep174_mdns_stack_after (slots->stack, slots->leisure_ms, on_leisure, slots);
}

/* If the stack takes long to answer, it is busy, and gets more time. */
static void
end_leisure (Xep174MdnsSlots *slots)
{
  guint took = (g_get_monotonic_time () - slots->leisure_began) / 1000;

  slots->at_leisure = NULL;
  slots->leisure_ms = CLAMP (took * XEP174_MDNS_LEISURE_SHARE, XEP174_MDNS_LEISURE_MS,
                             XEP174_MDNS_LEISURE_MS_MAX);
}

void
xep174_mdns_slots_take (Xep174MdnsSlots    *slots,
                        Xep174MdnsPriority  priority,
                        Xep174MdnsSlotFunc  start,
                        gpointer            user_data,
                        Xep174MdnsSlot    **slot)
{
  Xep174MdnsSlot *taken = g_new0 (Xep174MdnsSlot, 1);

  taken->link.data = taken;
  taken->queue = &slots->queues[priority];
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

  if (released == slots->at_leisure)
    end_leisure (slots);
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

static guint
count_waiting (Xep174MdnsSlots *slots)
{
  return slots->queues[XEP174_MDNS_URGENT].length + slots->queues[XEP174_MDNS_PATIENT].length;
}

gboolean
xep174_mdns_slots_are_short (Xep174MdnsSlots *slots)
{
  return count_waiting (slots) > 0;
}

gboolean
xep174_mdns_slots_are_crowded (Xep174MdnsSlots *slots)
{
  return count_waiting (slots) > XEP174_MDNS_CROWD;
}
