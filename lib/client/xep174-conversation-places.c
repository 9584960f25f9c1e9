/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The messages of a conversation: where each stands, by which ids it is found, and which have to go. */

#include "xep174-conversation-private.h"

#define OCTETS_MAX (16 * 1024 * 1024)
/* Of each message so many corrections are remembered. */
#define CORRECTIONS_MAX 4

gboolean
xep174_conversation_is_unread (Xep174Message *message)
{
  return !message->outgoing && message->state != XEP174_MESSAGE_STATE_READ;
}

static GHashTable *
ids_of (Xep174Conversation *self,
        gboolean            outgoing)
{
  return outgoing ? self->ours : self->theirs;
}

int
xep174_conversation_compare_turns (gconstpointer one,
                                   gconstpointer other,
                                   gpointer      data)
{
  const Xep174Message *a = one, *b = other;

  if (a->turn != b->turn)
    return a->turn < b->turn ? -1 : 1;
  return a->place == b->place ? 0 : g_sequence_iter_compare (a->place, b->place);
}

void
xep174_conversation_await (Xep174Conversation *self,
                           Xep174Message      *message)
{
  if (message->awaited != NULL)
    g_sequence_sort_changed (message->awaited, xep174_conversation_compare_turns, NULL);
  else if (message->outgoing && message->state != XEP174_MESSAGE_STATE_READ)
    message->awaited =
      g_sequence_insert_sorted (self->awaited, message, xep174_conversation_compare_turns, NULL);
}

void
xep174_conversation_await_no_more (Xep174Message *message)
{
  g_clear_pointer (&message->awaited, g_sequence_remove);
}

/* --- Corrections ----------------------------------------------------------------------------- */

void
xep174_conversation_forget_correction (Xep174Conversation *self,
                                       Xep174Message      *message,
                                       GList              *link)
{
  GHashTable *ids = ids_of (self, message->outgoing);
  Xep174Correction *correction = link->data;

  if (g_hash_table_lookup (ids, correction->id) == message)
    g_hash_table_remove (ids, correction->id);
  g_queue_delete_link (&message->corrections, link);
  g_free (correction->id);
  g_free (correction->before);
  g_free (correction);
}

static void
forget_oldest (Xep174Conversation *self,
               Xep174Message      *message)
{
  xep174_conversation_forget_correction (self, message, g_queue_peek_tail_link (&message->corrections));
}

/* XEP-0308 §4: what is corrected again is named by its first id; some programs name the last one. An id that
 * somebody has already stays his. */
void
xep174_conversation_note_correction (Xep174Conversation *self,
                                     Xep174Message      *message,
                                     const char         *id)
{
  GHashTable *ids = ids_of (self, message->outgoing);
  Xep174Correction *correction;

  if (id == NULL || g_hash_table_contains (ids, id))
    return;

  correction = g_new (Xep174Correction, 1);
  *correction = (Xep174Correction) { .id = g_strdup (id), .edited = message->edited };
  if (message->outgoing)
    correction->before = g_strdup (message->body);
  g_queue_push_head (&message->corrections, correction);
  g_hash_table_insert (ids, correction->id, message);
  if (message->corrections.length > CORRECTIONS_MAX)
    forget_oldest (self, message);
}

/* --- Places ---------------------------------------------------------------------------------- */

/* Its place is free afterwards; who sees the list is told by the caller. */
void
xep174_conversation_let_go (Xep174Conversation *self,
                            Xep174Message      *message)
{
  GHashTable *ids = ids_of (self, message->outgoing);

  if (message->id != NULL && g_hash_table_lookup (ids, message->id) == message)
    g_hash_table_remove (ids, message->id);
  while (!g_queue_is_empty (&message->corrections))
    forget_oldest (self, message);
  xep174_conversation_await_no_more (message);
  self->octets -= message->octets;
  message->octets = 0;
  message->conversation = NULL;
  message->place = NULL;
}

void
xep174_conversation_tell_unread (Xep174Conversation *self,
                                 guint               before)
{
  if (self->unread != before)
    g_object_notify (G_OBJECT (self), "unread");
}

/* The other side decides how many messages there are, and how long they are. One may always stand. */
static gboolean
is_too_much (Xep174Conversation *self)
{
  guint length = g_sequence_get_length (self->messages);

  return self->limit != 0 && (length > self->limit || (length > 1 && self->octets > OCTETS_MAX));
}

/* The program that has sent it is told in any case. What was put in from a store has its end. */
static void
keep_open (Xep174Conversation *self,
           Xep174Message      *message)
{
  Xep174Message *other;

  if (message->turn == 0 || message->open != NULL || !xep174_message_is_open (message))
    return;

  other = g_hash_table_lookup (self->open, message->id);
  if (other != NULL)
    other->open = NULL;
  g_hash_table_replace (self->open, message->id, g_object_ref (message));
  message->open = self->open;
}

void
xep174_conversation_trim (Xep174Conversation *self)
{
  guint before = self->unread;
  guint surplus = 0;

  for (; is_too_much (self); surplus++)
    {
      GSequenceIter *first = g_sequence_get_begin_iter (self->messages);
      Xep174Message *message = g_sequence_get (first);

      self->unread -= xep174_conversation_is_unread (message);
      keep_open (self, message);
      xep174_conversation_let_go (self, message);
      g_sequence_remove (first);
    }
  if (surplus > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, surplus, 0);
  xep174_conversation_tell_unread (self, before);
}

static void
count_octets (Xep174Conversation *self,
              Xep174Message      *message)
{
  gsize octets = xep174_message_count_octets (message);

  self->octets += octets - message->octets;
  message->octets = octets;
}

void
xep174_conversation_weigh (Xep174Conversation *self,
                           Xep174Message      *message)
{
  G_GNUC_UNUSED g_autoptr(Xep174Conversation) held = g_object_ref (self);

  count_octets (self, message);
  xep174_conversation_trim (self);
}

void
xep174_conversation_put (Xep174Conversation *self,
                         guint               position,
                         Xep174Message      *message)
{
  G_GNUC_UNUSED g_autoptr(Xep174Conversation) held = g_object_ref (self);
  guint before = self->unread;

  message->conversation = self;
  message->place = g_sequence_insert_before (g_sequence_get_iter_at_pos (self->messages, position),
                                             g_object_ref (message));
  /* The key is the message's, which does not change it here. */
  if (message->id != NULL)
    g_hash_table_replace (ids_of (self, message->outgoing), message->id, message);
  xep174_conversation_await (self, message);
  count_octets (self, message);
  self->unread += xep174_conversation_is_unread (message);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  xep174_conversation_tell_unread (self, before);
  xep174_conversation_trim (self);
}

/* --- Looking for one -------------------------------------------------------------------------- */

Xep174Message *
xep174_conversation_find_named (Xep174Conversation *self,
                                gboolean            outgoing,
                                const char         *id)
{
  return g_hash_table_lookup (ids_of (self, outgoing), id);
}

Xep174Message *
xep174_conversation_find_sent (Xep174Conversation *self,
                               const char         *id)
{
  Xep174Message *message = g_hash_table_lookup (self->ours, id);

  return message != NULL && g_str_equal (message->id, id) ? message : g_hash_table_lookup (self->open, id);
}
