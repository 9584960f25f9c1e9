/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was asked for and has not begun, in the order asked (S7). */

#include "xep174-session-private.h"

#include "xep174-session-manager-private.h"

/* The most that is kept to print the next stanza in. */
#define ROOM_KEEP 4096

static gboolean
is_cancelled (Xep174Item *item)
{
  return item->cancel != NULL
         && g_cancellable_is_cancelled (xep174_cancel_get_cancellable (item->cancel));
}

static void
fail_cancelled (Xep174Item *item)
{
  g_autoptr(GError) error = NULL;

  g_cancellable_set_error_if_cancelled (xep174_cancel_get_cancellable (item->cancel), &error);
  xep174_item_fail (item, error);
  xep174_item_free (item);
}

/* FALSE if it is begun, or a close on its way: cancelling has no effect any more. */
static gboolean
take_out (Xep174Session *self,
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
on_cancelled (gpointer data)
{
  Xep174Item *item = data;
  g_autoptr(Xep174Session) self = g_object_ref (item->session);

  /* In a main loop of a handler's own: the loop that runs finds it between two steps. */
  if (self->running)
    self->cancelling = TRUE;
  else if (take_out (self, item))
    {
      fail_cancelled (item);
      xep174_session_run (self);
    }
}

static void
collect_cancelled (GQueue *items,
                   GQueue *cancelled)
{
  for (GList *l = items->head; l != NULL; l = l->next)
    if (is_cancelled (l->data))
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
    if (take_out (self, item))
      fail_cancelled (item);
  return TRUE;
}

Xep174Item *
xep174_item_new (Xep174Session  *session,
                 Xep174HeadKind  kind,
                 Xep174Element  *stanza,
                 GTask          *task,
                 GCancellable   *cancellable)
{
  Xep174Item *item = g_new (Xep174Item, 1);

  /* glibc's calloc() has none of the short cuts of malloc(). */
  *item = (Xep174Item) { .session = session, .kind = kind, .task = task };
  item->link.data = item;
  if (stanza != NULL)
    item->stanza = xep174_element_ref (stanza);
  if (cancellable != NULL)
    item->cancel = xep174_cancel_new (xep174_poller_get_canceller (session->network->poller),
                                      cancellable, on_cancelled, item);
  return item;
}

Xep174Item *
xep174_item_pop (GQueue *queue)
{
  GList *link = g_queue_pop_head_link (queue);

  return link != NULL ? link->data : NULL;
}

static GTask *
item_take_task (Xep174Item *item)
{
  g_clear_pointer (&item->cancel, xep174_cancel_free);
  return g_steal_pointer (&item->task);
}

GString *
xep174_session_take_room (Xep174Session *self)
{
  if (self->manager != NULL && self->manager->spare != NULL)
    return g_string_truncate (g_steal_pointer (&self->manager->spare), 0);

  return g_string_sized_new (256);
}

static void
forget_xml (Xep174Item *item)
{
  g_autoptr(GString) xml = g_steal_pointer (&item->xml);
  Xep174SessionManager *manager = xml != NULL ? item->session->manager : NULL;

  if (manager != NULL && manager->spare == NULL && xml->allocated_len <= ROOM_KEEP)
    manager->spare = g_steal_pointer (&xml);
}

void
xep174_item_leave_queue (Xep174Item *item)
{
  forget_xml (item);
  if (item->reaction != 0)
    item->session->reactions -= item->reaction;
  item->reaction = 0;
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

void
xep174_session_enqueue (Xep174Session *self,
                        Xep174Item    *item)
{
  if (item->serial == 0 && self->delivering && item->xml != NULL)
    {
      item->reaction = item->xml->len + sizeof *item;
      self->reactions += item->reaction;
    }
  /* What waits behind others waits as what it is, not as its octets too (X8). */
  if (!g_queue_is_empty (&self->queue))
    forget_xml (item);
  item->waiting = item->serial == 0;
  g_queue_push_tail_link (item->waiting ? &self->queue : &self->answers, &item->link);
  xep174_session_run (self);
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

gboolean
xep174_session_sync_head (Xep174Session *self)
{
  Xep174Item *item;
  guint8 kind;

  drop_stale_answers (self);
  /* A cancellation that its source has not told yet counts all the same. */
  while ((item = g_queue_peek_head (&self->queue)) != NULL
         && is_cancelled (item))
    fail_cancelled (xep174_item_pop (&self->queue));

  /* S7: a receipt of ours is an answer. Behind a queue that waits for the peer's, which waits behind
   * its queue, it would never come. */
  self->answering = !g_queue_is_empty (&self->answers);
  if (self->answering)
    item = g_queue_peek_head (&self->answers);
  kind = item != NULL ? item->kind : XEP174_HEAD_NONE;
  if (self->arbiter.head == kind)
    return FALSE;

  self->arbiter.head = kind;
  return TRUE;
}

Xep174Item *
xep174_session_pop_head (Xep174Session *self)
{
  Xep174Item *item = xep174_item_pop (self->answering ? &self->answers : &self->queue);

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
        g_queue_push_head_link (&self->returned, &item->link);
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
      if (is_cancelled (item))
        {
          fail_cancelled (item);
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
