/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-leaving.h"

#include "chat-saving.h"

/* At the end: for the next connection, which tells what has arrived. To close one takes the library as long
 * at most. */
#define RESUMPTION_MS 10000

struct _ChatLeaving
{
  GHashTable *conversations; /* (element-type ChatConversation) */
  GHashTable *transfers;     /* (element-type Xep174Transfer) */
  ChatLeaveFunc leave;
  gpointer data;

  GPtrArray *interrupted; /* (element-type Xep174Message): what is not confirmed yet */
  guint patience;
  gboolean waits;
};

ChatLeaving *
chat_leaving_new (GHashTable    *conversations,
                  GHashTable    *transfers,
                  ChatLeaveFunc  leave,
                  gpointer       data)
{
  ChatLeaving *self = g_new0 (ChatLeaving, 1);

  self->conversations = g_hash_table_ref (conversations);
  self->transfers = g_hash_table_ref (transfers);
  self->leave = leave;
  self->data = data;
  self->interrupted = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

static void
forget_interrupted (ChatLeaving *self)
{
  for (guint i = 0; i < self->interrupted->len; i++)
    g_signal_handlers_disconnect_by_data (self->interrupted->pdata[i], self);
  g_ptr_array_set_size (self->interrupted, 0);
}

void
chat_leaving_free (ChatLeaving *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  forget_interrupted (self);
  g_ptr_array_unref (self->interrupted);
  g_hash_table_unref (self->conversations);
  g_hash_table_unref (self->transfers);
  g_free (self);
}

static gboolean
has_any (GHashTable *set,
         gboolean  (*is_it) (gpointer item))
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    if (is_it (item))
      return TRUE;

  return FALSE;
}

static gboolean
is_pending (gpointer transfer)
{
  return chat_saving_is_pending (transfer);
}

static gboolean
moves (gpointer transfer)
{
  return chat_saving_moves (transfer);
}

static gboolean
uses_disk (gpointer transfer)
{
  return chat_saving_uses_disk (transfer);
}

static gboolean
reads_files (gpointer conversation)
{
  return chat_conversation_reads_files (conversation);
}

static gboolean
prepares_files (ChatLeaving *self)
{
  return has_any (self->transfers, is_pending) || has_any (self->conversations, reads_files);
}

gboolean
chat_leaving_moves_files (ChatLeaving *self)
{
  return has_any (self->transfers, moves) || prepares_files (self);
}

void
chat_leaving_await_files (ChatLeaving *self,
                          gboolean     awaits)
{
  GHashTableIter iter;
  gpointer transfer;

  g_hash_table_iter_init (&iter, self->transfers);
  while (g_hash_table_iter_next (&iter, &transfer, NULL))
    if (!awaits || chat_saving_moves (transfer))
      chat_saving_set_awaited (transfer, awaits);
}

static gboolean
is_interrupted (gpointer transfer)
{
  return chat_saving_is_awaited (transfer)
         && xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_WAITING;
}

gboolean
chat_leaving_awaits_interrupted (ChatLeaving *self)
{
  return has_any (self->transfers, is_interrupted);
}

gboolean
chat_leaving_uses_disk (ChatLeaving *self)
{
  return has_any (self->transfers, uses_disk);
}

static void
leave (ChatLeaving *self)
{
  self->waits = FALSE;
  g_clear_handle_id (&self->patience, g_source_remove);
  forget_interrupted (self);
  self->leave (self->data);
}

void
chat_leaving_check (ChatLeaving *self)
{
  if (!self->waits)
    return;

  for (guint i = self->interrupted->len; i-- > 0;)
    if (xep174_message_get_state (self->interrupted->pdata[i]) != XEP174_MESSAGE_STATE_SENT)
      {
        g_signal_handlers_disconnect_by_data (self->interrupted->pdata[i], self);
        g_ptr_array_remove_index (self->interrupted, i);
      }
  if (self->interrupted->len == 0 && !prepares_files (self))
    leave (self);
}

static void
on_patience_lost (gpointer data)
{
  ChatLeaving *self = data;

  self->patience = 0;
  forget_interrupted (self);
  chat_leaving_check (self);
}

/* A3: to leave ends a broken conversation, and nobody would know any more what has arrived. A file goes on
 * at the next start only if it was offered or accepted, so for that there is no limit. */
void
chat_leaving_begin (ChatLeaving *self)
{
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    chat_conversation_add_interrupted (conversation, self->interrupted);
  for (guint i = 0; i < self->interrupted->len; i++)
    g_signal_connect_swapped (self->interrupted->pdata[i], "notify::state", G_CALLBACK (chat_leaving_check),
                              self);
  self->patience = g_timeout_add_once (RESUMPTION_MS, on_patience_lost, self);
  self->waits = TRUE;
  chat_leaving_check (self);
}

void
chat_leaving_hurry (ChatLeaving *self)
{
  GHashTableIter iter;
  gpointer transfer;

  g_hash_table_iter_init (&iter, self->transfers);
  while (g_hash_table_iter_next (&iter, &transfer, NULL))
    chat_saving_give_up (transfer);
  if (self->waits)
    leave (self);
}
