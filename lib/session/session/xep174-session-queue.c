/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was asked for and has not begun, in the order asked (S7). */

#include "xep174-session-private.h"

gboolean
xep174_session_take_out (Xep174Session *self,
                         Xep174Item    *item)
{
  gboolean ours = item->waiting;

  if (ours)
    g_queue_unlink (&self->queue, &item->link);
  for (guint i = 0; i < self->n_slots && !ours; i++)
    ours = self->slots[i] != NULL && xep174_slot_take_back (self->slots[i], item);

  return ours;
}

static void
collect_cancelled (GQueue *items,
                   GQueue *cancelled)
{
  for (GList *l = items->head; l != NULL; l = l->next)
    if (xep174_item_is_cancelled (l->data))
      g_queue_push_tail (cancelled, l->data);
}

gboolean
xep174_session_take_cancelled (Xep174Session *self)
{
  GQueue cancelled = G_QUEUE_INIT;
  Xep174Item *item;

  self->cancelling = FALSE;
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL)
      collect_cancelled (&self->slots[i]->written, &cancelled);
  collect_cancelled (&self->queue, &cancelled);
  while ((item = g_queue_pop_head (&cancelled)) != NULL)
    if (xep174_session_take_out (self, item))
      xep174_item_fail_cancelled (item);
  return TRUE;
}

void
xep174_session_enqueue (Xep174Session *self,
                        Xep174Item    *item)
{
  /* What waits behind others waits as what it is, not as its octets too (X8). */
  if (!g_queue_is_empty (&self->queue))
    xep174_item_forget_xml (item);
  item->waiting = item->serial == 0;
  g_queue_push_tail_link (item->waiting ? &self->queue : &self->answers, &item->link);
}

void
xep174_session_note_waiting (Xep174Session *self)
{
  gboolean alone = TRUE;

  for (guint i = 0; i < self->n_slots; i++)
    {
      alone = alone && !xep174_stream_is_session (&self->arbiter.slots[i]);
      if (self->slots[i] != NULL && self->slots[i]->unsent != NULL)
        xep174_item_note_waiting (self->slots[i]->written.tail, self->slots[i]->unsent, FALSE,
                                  self->network->clock);
    }
  xep174_item_note_waiting (self->queue.tail, NULL, alone, self->network->clock);
}

/* An answer goes out on the stream of its question or not at all. */
static void
drop_stale_answers (Xep174Session *self)
{
  Xep174Item *item;

  while ((item = g_queue_peek_head (&self->answers)) != NULL)
    {
      Xep174Slot *slot = xep174_session_find_slot (self, item->serial);

      if (slot != NULL && xep174_stream_is_session (&self->arbiter.slots[slot->index]))
        return;

      xep174_item_free (xep174_item_pop (&self->answers));
    }
}

/* A3: nothing is asked for, and yet there is something to find out, which only a new stream can. */
static gboolean
wants_to_resume (Xep174Session *self)
{
  Xep174Kept *kept = self->kept_state;

  if (kept == NULL || kept->tried || g_queue_is_empty (&kept->written))
    return FALSE;

  for (guint i = 0; i < self->n_slots; i++)
    if (xep174_stream_is_session (&self->arbiter.slots[i]))
      return FALSE;

  return TRUE;
}

gboolean
xep174_session_sync_head (Xep174Session *self)
{
  Xep174Item *item;
  guint8 kind;

  drop_stale_answers (self);
  /* A cancellation that its source has not told yet counts all the same. */
  while ((item = g_queue_peek_head (&self->queue)) != NULL
         && xep174_item_is_cancelled (item))
    xep174_item_fail_cancelled (xep174_item_pop (&self->queue));

  /* S7: a receipt of ours is an answer. Behind a queue that waits for the peer's, which waits behind
   * its queue, it would never come. */
  self->answering = !g_queue_is_empty (&self->answers);
  if (self->answering)
    item = g_queue_peek_head (&self->answers);
  kind = item != NULL ? item->kind : XEP174_HEAD_NONE;
  if (kind == XEP174_HEAD_NONE && wants_to_resume (self))
    kind = XEP174_HEAD_OPEN;
  if (self->arbiter.head == kind)
    return FALSE;

  self->arbiter.head = kind;
  return TRUE;
}

Xep174Item *
xep174_session_pop_head (Xep174Session *self)
{
  Xep174Item *item = xep174_item_pop (self->answering ? &self->answers : &self->queue);

  if (item != NULL)
    item->waiting = FALSE;
  return item;
}

/* S7: what was put into the buffer of @slot and never begun goes first on the next stream. It is
 * not put into the queue yet, whose head the actions that follow may be about. */
void
xep174_session_requeue (Xep174Session *self,
                        Xep174Slot    *slot)
{
  Xep174Item *item;

  while ((item = xep174_slot_take_unbegun (slot)) != NULL)
    {
      if (item->ping != 0)
        xep174_item_free (item);
      else
        {
          item->stranded = TRUE;
          g_queue_push_head_link (&self->returned, &item->link);
        }
    }
}

void
xep174_session_take_returned (Xep174Session *self)
{
  GList *link;

  while ((link = g_queue_pop_tail_link (&self->returned)) != NULL)
    {
      ((Xep174Item *) link->data)->waiting = TRUE;
      g_queue_push_head_link (&self->queue, link);
    }
}

void
xep174_session_take_queue (Xep174Session *self,
                           GQueue        *taken)
{
  Xep174Item *item;

  *taken = self->queue;
  g_queue_init (&self->queue);
  for (GList *l = taken->head; l != NULL; l = l->next)
    ((Xep174Item *) l->data)->waiting = FALSE;
  while ((item = xep174_item_pop (&self->answers)) != NULL)
    xep174_item_free (item);
}

void
xep174_session_fail_items (GQueue       *taken,
                           const GError *error)
{
  Xep174Item *item;

  while ((item = xep174_item_pop (taken)) != NULL)
    {
      if (xep174_item_is_cancelled (item))
        {
          xep174_item_fail_cancelled (item);
          continue;
        }
      /* To close what cannot be opened is no failure. */
      if (item->kind == XEP174_HEAD_CLOSE)
        xep174_item_succeed (item);
      else
        xep174_item_fail (item, error);
      xep174_item_free (item);
    }
}

void
xep174_session_fail_queue (Xep174Session *self,
                           const GError  *error)
{
  GQueue taken;

  xep174_session_take_queue (self, &taken);
  xep174_session_fail_items (&taken, error);
}

gboolean
xep174_session_tell_opened (Xep174Session *self)
{
  Xep174Item *item = xep174_item_pop (&self->opened);

  if (item == NULL)
    return FALSE;

  self->telling = TRUE;
  xep174_item_succeed (item);
  xep174_item_free (item);
  self->telling = FALSE;
  return TRUE;
}

void
xep174_session_finish_closes (Xep174Session *self)
{
  GList *next;

  for (GList *l = self->closing.head; l != NULL; l = next)
    {
      Xep174Item *item = l->data;

      next = l->next;
      if (xep174_session_find_slot (self, item->closing) != NULL)
        continue;

      g_queue_unlink (&self->closing, l);
      xep174_item_succeed (item);
      xep174_item_free (item);
    }
}
