/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-item-private.h"

#include "xep174-namespaces-private.h"

/* The most that is kept to print the next stanza in, one for all contacts: a large one does not have to
 * ask the kernel for its pages each time. */
#define ROOM_KEEP (128 * 1024)
/* What waits no longer has waited for a dial or for two streams to be settled, as anything may. */
#define LATE_MS 2000
#define NS_DELAY "urn:xmpp:delay"

Xep174Item *
xep174_item_new (Xep174Desk     *desk,
                 Xep174HeadKind  kind,
                 Xep174Element  *stanza,
                 GTask          *task)
{
  Xep174Item *item = g_new (Xep174Item, 1);

  /* glibc's calloc() has none of the short cuts of malloc(). */
  *item = (Xep174Item) { .desk = desk, .kind = kind, .task = task };
  item->link.data = item;
  if (stanza != NULL)
    item->stanza = xep174_element_ref (stanza);
  return item;
}

Xep174Item *
xep174_item_pop (GQueue *queue)
{
  GList *link = g_queue_pop_head_link (queue);

  return link != NULL ? link->data : NULL;
}

void
xep174_item_move_all (GQueue *from,
                      GQueue *to)
{
  GList *link;

  while ((link = g_queue_pop_head_link (from)) != NULL)
    g_queue_push_tail_link (to, link);
}

/* --- Who asked --------------------------------------------------------------------------- */

void
xep174_item_watch (Xep174Item       *item,
                   Xep174Canceller  *canceller,
                   GCancellable     *cancellable,
                   Xep174CancelFunc  func)
{
  item->cancel = xep174_cancel_new (canceller, cancellable, func, item);
}

gboolean
xep174_item_is_cancelled (Xep174Item *item)
{
  return item->cancel != NULL
         && g_cancellable_is_cancelled (xep174_cancel_get_cancellable (item->cancel));
}

void
xep174_item_fail_cancelled (Xep174Item *item)
{
  g_autoptr(GError) error = NULL;

  g_cancellable_set_error_if_cancelled (xep174_cancel_get_cancellable (item->cancel), &error);
  xep174_item_fail (item, error);
  xep174_item_free (item);
}

static GTask *
item_take_task (Xep174Item *item)
{
  g_clear_pointer (&item->cancel, xep174_cancel_free);
  return g_steal_pointer (&item->task);
}

gboolean
xep174_item_succeed (Xep174Item *item)
{
  g_autoptr(GTask) task = item_take_task (item);

  if (task == NULL)
    return FALSE;

  g_task_return_boolean (task, TRUE);
  return TRUE;
}

void
xep174_item_fail (Xep174Item   *item,
                  const GError *error)
{
  g_autoptr(GTask) task = item_take_task (item);

  if (task != NULL)
    g_task_return_error (task, g_error_copy (error));
}

/* --- What it takes ----------------------------------------------------------------------- */

GString *
xep174_desk_take_room (Xep174Desk *desk)
{
  if (desk->spare != NULL && *desk->spare != NULL)
    return g_string_truncate (g_steal_pointer (desk->spare), 0);

  return g_string_sized_new (256);
}

void
xep174_item_forget_xml (Xep174Item *item)
{
  g_autoptr(GString) xml = g_steal_pointer (&item->xml);
  GString **spare = xml != NULL ? item->desk->spare : NULL;

  if (spare != NULL && *spare == NULL && xml->allocated_len <= ROOM_KEEP)
    *spare = g_steal_pointer (&xml);
}

void
xep174_item_note_reaction (Xep174Item *item,
                           gsize       octets)
{
  item->reaction = octets + sizeof *item;
  item->desk->reactions += item->reaction;
}

void
xep174_item_leave_queue (Xep174Item *item)
{
  xep174_item_forget_xml (item);
  if (item->reaction != 0)
    item->desk->reactions -= item->reaction;
  item->reaction = 0;
}

/* --- How long it waits ------------------------------------------------------------------- */

void
xep174_item_note_waiting (GList       *link,
                          GList       *first,
                          gboolean     stranded,
                          Xep174Clock *clock)
{
  gint64 now = 0;

  for (; link != NULL; link = link != first ? link->prev : NULL)
    {
      Xep174Item *item = link->data;

      if (item->since != 0 && (item->stranded || !stranded))
        return;
      if (now == 0)
        now = xep174_clock_get_real_ms (clock);
      if (item->since == 0)
        item->since = now;
      item->stranded |= stranded;
    }
}

static char *
dup_stamp (gint64 ms)
{
  g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *text = g_date_time_format (second, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", text, (int) (ms % 1000));
}

Xep174Element *
xep174_item_dup_late (Xep174Item  *item,
                      const char  *from,
                      Xep174Clock *clock)
{
  Xep174Element *late, *delay;
  g_autofree char *stamp = NULL;

  if (!item->stranded || item->since == 0 || item->serial != 0
      || xep174_clock_get_real_ms (clock) - item->since < LATE_MS
      || !xep174_element_matches (item->stanza, "message", XEP174_NS_CLIENT)
      || xep174_element_find_child (item->stanza, "delay", NS_DELAY) != NULL)
    return NULL;

  stamp = dup_stamp (item->since);
  late = xep174_element_copy (item->stanza);
  delay = xep174_element_append_new (late, "delay", NS_DELAY);
  xep174_element_set_attribute (delay, "from", from);
  xep174_element_set_attribute (delay, "stamp", stamp);
  return late;
}

void
xep174_item_free (Xep174Item *item)
{
  GTask *task = item_take_task (item);

  g_assert (task == NULL);
  xep174_item_leave_queue (item);
  g_clear_pointer (&item->stanza, xep174_element_unref);
  g_free (item);
}
