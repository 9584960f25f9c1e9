/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* S7: a stanza is done for who sent it when it is whole in the socket, and remembered until there
 * is a sign that the peer has read it: its acknowledgement (A1), the answer to a ping that was written after
 * it, or the end of the closing handshake. Should the connection break before, it is reported as
 * unconfirmed, or kept (A2). */

#include <string.h>

#include "xep174-disco-private.h"
#include "xep174-element-private.h"
#include "xep174-slot-private.h"
#include "xep174-stream-writer-private.h"

/* A receipt is asked for once this much is unconfirmed; at the bound no more is written until it
 * comes. Of what a peer that gives no receipts has not confirmed the oldest is forgotten there. */
#define ASK_STANZAS 64
#define ASK_OCTETS (64 * 1024)
#define MAX_STANZAS 1024
#define MAX_OCTETS (1024 * 1024)

#define PING_ID "xep174-ping-"

static Xep174Item *
pop_first (Xep174Slot *self)
{
  Xep174Item *item = xep174_item_pop (&self->written);

  self->written_octets -= item->end - item->start;
  if (item->ping == self->last_ping)
    self->ping_pending = FALSE;
  return item;
}

void
xep174_slot_confirm (Xep174Slot *self,
                     Xep174Item *item)
{
  if (item->stanza != NULL && !item->silent)
    g_queue_push_tail_link (self->confirmed, &item->link);
  else
    xep174_item_free (item);
}

/* There is a sign of its receipt. */
static void
drop_first (Xep174Slot *self)
{
  xep174_slot_confirm (self, pop_first (self));
}

/* There is none, and it is forgotten. */
static void
forget_first (Xep174Slot *self)
{
  Xep174Item *item = pop_first (self);

  xep174_item_succeed (item);
  xep174_item_free (item);
}

static gboolean
is_first_unsent (Xep174Slot *self)
{
  return self->unsent != NULL && self->unsent == self->written.head;
}

static gboolean
is_full (Xep174Slot *self)
{
  return self->written.length >= MAX_STANZAS || self->written_octets >= MAX_OCTETS;
}

void
xep174_slot_note_written (Xep174Slot *self,
                          Xep174Item *item,
                          guint64     start)
{
  item->start = start;
  item->end = xep174_transport_get_appended (self->transport);
  g_queue_push_tail_link (&self->written, &item->link);
  self->written_octets += item->end - item->start;
  if (self->unsent == NULL)
    self->unsent = self->written.tail;

  while (is_full (self) && !self->answers_pings && !is_first_unsent (self))
    forget_first (self);
}

Xep174StreamBlocked
xep174_slot_get_blocked (Xep174Slot *self,
                         gsize       room)
{
  if (xep174_transport_get_buffer (self->transport)->len >= room)
    return XEP174_STREAM_FULL;

  return (self->answers_pings && is_full (self)) || MAX (self->outdone, self->uprooted) > self->heard
         ? XEP174_STREAM_UNCONFIRMED : XEP174_STREAM_FREE;
}

gboolean
xep174_slot_settle_sent (Xep174Slot *self)
{
  gboolean told = FALSE;
  guint64 written;

  if (self->transport == NULL)
    return FALSE;

  written = xep174_transport_get_written (self->transport);
  while (self->unsent != NULL && ((Xep174Item *) self->unsent->data)->end <= written)
    {
      Xep174Item *item = self->unsent->data;

      self->unsent = self->unsent->next;
      if (item->start >= self->counted_from)
        xep174_acks_note_sent (&self->acks, item->end - item->start);
      item->when = xep174_clock_get_now_ms (self->network->clock);
      if (!item->awaits)
        told = xep174_item_succeed (item) || told;
    }
  return told;
}

/* Removes the octets of @link from the transport, and moves those behind them. */
static Xep174Item *
take_out (Xep174Slot *self,
          GList      *link)
{
  Xep174Item *item = link->data;
  guint64 length = item->end - item->start;

  xep174_transport_erase (self->transport, item->start, item->end);
  for (GList *l = link->next; l != NULL; l = l->next)
    {
      ((Xep174Item *) l->data)->start -= length;
      ((Xep174Item *) l->data)->end -= length;
    }
  self->written_octets -= length;
  if (self->unsent == link)
    self->unsent = link->next;
  if (item->ping != 0 && item->ping == self->last_ping)
    self->ping_pending = FALSE;
  g_queue_unlink (&self->written, link);
  return item;
}

Xep174Item *
xep174_slot_take_unbegun (Xep174Slot *self)
{
  Xep174Item *item = g_queue_peek_tail (&self->written);

  if (item == NULL || self->transport == NULL
      || item->start < xep174_transport_get_begun (self->transport))
    return NULL;

  return take_out (self, self->written.tail);
}

gboolean
xep174_slot_take_back (Xep174Slot *self,
                       Xep174Item *item)
{
  GList *link = g_queue_find (&self->written, item);

  if (link == NULL || self->transport == NULL
      || item->start < xep174_transport_get_begun (self->transport))
    return FALSE;

  take_out (self, link);
  return TRUE;
}

void
xep174_slot_confirm_all (Xep174Slot *self)
{
  while (!g_queue_is_empty (&self->written) && !is_first_unsent (self))
    drop_first (self);
}

gboolean
xep174_slot_confirm_read (Xep174Slot *self)
{
  guint64 octets;

  if (self->transport == NULL || !xep174_transport_get_read (self->transport, &octets))
    return FALSE;

  while (!g_queue_is_empty (&self->written) && !is_first_unsent (self)
         && ((Xep174Item *) g_queue_peek_head (&self->written))->end <= octets)
    drop_first (self);
  return TRUE;
}

void
xep174_slot_confirm_counted (Xep174Slot *self,
                             guint       n)
{
  while (n > 0 && !g_queue_is_empty (&self->written) && !is_first_unsent (self))
    {
      if (((Xep174Item *) g_queue_peek_head (&self->written))->start >= self->counted_from)
        n--;
      drop_first (self);
    }
}

void
xep174_slot_confirm_older (Xep174Slot *self,
                           guint       ms)
{
  gint64 limit = xep174_clock_get_now_ms (self->network->clock) - ms;

  if (xep174_slot_is_counted (self))
    return;

  while (!g_queue_is_empty (&self->written) && !is_first_unsent (self)
         && ((Xep174Item *) g_queue_peek_head (&self->written))->when <= limit)
    drop_first (self);
}

/* The last ping that the peer has passed over: it talked long after it. By when it was heard, not by now:
 * after a sleep of ours the answer may lie unread; and after we have not listened to it (X8), too. */
static GList *
find_passed_over (Xep174Slot *self)
{
  gint64 limit = self->heard - XEP174_RECEIPT_AGE_MS;
  GList *found = NULL;

  if (self->listening > limit)
    return NULL;
  for (GList *l = self->written.head; l != self->unsent; l = l->next)
    {
      Xep174Item *item = l->data;

      if (item->when > limit)
        break;
      if (item->ping != 0)
        found = l;
    }
  return found;
}

gboolean
xep174_slot_take_unanswered (Xep174Slot *self,
                             GQueue     *taken)
{
  GList *last;
  Xep174Item *item;

  if (!self->answers_pings || xep174_slot_is_counted (self) || !is_full (self)
      || (last = find_passed_over (self)) == NULL)
    return FALSE;

  do
    {
      item = pop_first (self);
      g_queue_push_tail_link (taken, &item->link);
    }
  while (&item->link != last);
  self->given_up_ping = item->ping;
  return TRUE;
}

gboolean
xep174_slot_is_passed_over (Xep174Slot *self)
{
  return xep174_slot_is_counted (self) && is_full (self) && self->acks.asked
         && self->asked_when <= self->heard - XEP174_RECEIPT_AGE_MS
         && self->listening <= self->asked_when;
}

static char *
ping_id (guint ping)
{
  return g_strdup_printf (PING_ID "%u", ping);
}

/* Whether it is the id of one of our pings up to @last. */
static gboolean
is_ping_up_to (const char *id,
               guint       last)
{
  guint64 ping;

  return g_str_has_prefix (id, PING_ID)
         && g_ascii_string_to_unsigned (id + strlen (PING_ID), 10, 1, G_MAXUINT, &ping, NULL)
         && ping <= last;
}

static void
confirm_up_to (Xep174Slot *self,
               GList      *link)
{
  while (self->written.head != link)
    drop_first (self);
  drop_first (self);
}

void
xep174_slot_note_refusal (Xep174Slot    *self,
                          Xep174Element *stanza)
{
  const char *id;

  /* Most stanzas come while nothing awaits a receipt. */
  if (self->written.head == self->unsent || xep174_slot_is_counted (self)
      || g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "error") != 0
      || (id = xep174_element_get_attribute (stanza, "id")) == NULL)
    return;

  for (GList *link = self->written.head; link != self->unsent; link = link->next)
    {
      Xep174Element *sent = ((Xep174Item *) link->data)->stanza;

      if (sent != NULL && g_strcmp0 (xep174_element_get_attribute (sent, "id"), id) == 0)
        {
          confirm_up_to (self, link);
          return;
        }
    }
}

gboolean
xep174_slot_confirm_ping (Xep174Slot *self,
                          const char *id)
{
  GList *link;

  if (id == NULL)
    return FALSE;
  if (xep174_slot_is_counted (self))
    {
      self->ping_pending = FALSE;
      return is_ping_up_to (id, self->last_ping);
    }

  for (link = self->written.head; link != self->unsent; link = link->next)
    {
      Xep174Item *item = link->data;
      g_autofree char *expected = item->ping != 0 ? ping_id (item->ping) : NULL;

      if (g_strcmp0 (id, expected) == 0)
        break;
    }
  /* Too late: what was written before it is reported already. */
  if (link == self->unsent)
    return is_ping_up_to (id, self->given_up_ping);

  confirm_up_to (self, link);
  return TRUE;
}

void
xep174_slot_ping (Xep174Slot *self,
                  const char *to)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", XEP174_NS_CLIENT);
  Xep174Item *item = xep174_item_new (NULL, XEP174_HEAD_NONE, NULL, NULL);
  guint64 start = xep174_transport_get_appended (self->transport);
  g_autofree char *id = ping_id (++self->last_ping);

  xep174_element_set_attribute (iq, "type", "get");
  xep174_element_set_attribute (iq, "id", id);
  xep174_element_append_new (iq, "ping", XEP174_NS_PING);
  xep174_stream_writer_append_stanza (xep174_transport_get_buffer (self->transport), iq,
                                      self->local_name, to);
  item->ping = self->last_ping;
  self->ping_pending = TRUE;
  xep174_slot_note_written (self, item, start);
}

gboolean
xep174_slot_may_ask (Xep174Slot *self)
{
  if (xep174_slot_is_counted (self))
    return xep174_acks_may_ask (&self->acks);

  return self->answers_pings && !self->ping_pending;
}

gboolean
xep174_slot_wants_receipt (Xep174Slot *self)
{
  if (xep174_slot_is_counted (self))
    return xep174_acks_must_ask (&self->acks);

  return !self->ping_pending
         && (self->written.length >= ASK_STANZAS || self->written_octets >= ASK_OCTETS);
}
