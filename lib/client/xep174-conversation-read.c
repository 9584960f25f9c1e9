/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is read of a conversation: here by us, and there by the contact (XEP-0333). */

#include "xep174-conversation-private.h"

#include "xep174-receipts.h"

#define NS_MARKERS "urn:xmpp:chat-markers:0"

/* (transfer container) (element-type Xep174Message): those of the contact that are not read, the
 * last one first. They are held, as whoever is told may change the list. */
static GPtrArray *
list_unread (Xep174Conversation *self)
{
  GPtrArray *unread = g_ptr_array_new_with_free_func (g_object_unref);
  GSequenceIter *at = g_sequence_get_end_iter (self->messages);

  while (unread->len < self->unread && !g_sequence_iter_is_begin (at))
    {
      at = g_sequence_iter_prev (at);
      if (xep174_conversation_is_unread (g_sequence_get (at)))
        g_ptr_array_add (unread, g_object_ref (g_sequence_get (at)));
    }
  return unread;
}

/* XEP-0333 §4: who does not ask is not told. */
static void
tell_read (Xep174Conversation *self,
           GPtrArray          *messages)
{
  Xep174Feature *receipts =
    self->host != NULL ? xep174_feature_host_get_feature (self->host, XEP174_TYPE_RECEIPTS) : NULL;

  for (guint i = 0; receipts != NULL && i < messages->len; i++)
    {
      Xep174Message *message = g_ptr_array_index (messages, i);

      if (message->id == NULL || message->element == NULL
          || xep174_element_find_child (message->element, "markable", NS_MARKERS) == NULL)
        continue;

      xep174_receipts_send_displayed (XEP174_RECEIPTS (receipts), xep174_contact_get_name (self->contact),
                                      message->id);
      return;
    }
}

/**
 * xep174_conversation_mark_read:
 * @self: a conversation
 *
 * Says that the user has seen all that stands in the conversation. The contact is told if the client has
 * [class@Receipts], and the contact's program has asked for it.
 *
 * Whether it has asked stands in [property@Message:element]: of a message that was put in again without it
 * the contact is told nothing.
 *
 * Since: 1.0
 */
void
xep174_conversation_mark_read (Xep174Conversation *self)
{
  g_autoptr(GPtrArray) unread = NULL;
  G_GNUC_UNUSED g_autoptr(Xep174Conversation) held = NULL;
  guint before;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));

  held = g_object_ref (self);
  before = self->unread;
  unread = list_unread (self);
  self->unread = 0;
  for (guint i = 0; i < unread->len; i++)
    xep174_message_tell (g_ptr_array_index (unread, i), XEP174_MESSAGE_EVENT_DISPLAYED, NULL);
  xep174_conversation_tell_unread (self, before);
  tell_read (self, unread);
}

/* Each is awaited once: however often something is said to be shown, all of it is looked at once. */
void
xep174_conversation_tell_displayed (Xep174Conversation *self,
                                    const char         *id)
{
  Xep174Message *shown = g_hash_table_lookup (self->ours, id);
  g_autoptr(GPtrArray) passed = NULL;
  GSequenceIter *at;

  if (shown == NULL || shown->state == XEP174_MESSAGE_STATE_READ)
    return;

  g_object_ref (shown);
  passed = g_ptr_array_new_with_free_func (g_object_unref);
  while (!g_sequence_iter_is_end (at = g_sequence_get_begin_iter (self->awaited))
         && xep174_conversation_compare_turns (g_sequence_get (at), shown, NULL) < 0)
    {
      g_ptr_array_add (passed, g_object_ref (g_sequence_get (at)));
      xep174_conversation_await_no_more (g_sequence_get (at));
    }
  xep174_conversation_await_no_more (shown);
  xep174_message_tell (shown, XEP174_MESSAGE_EVENT_DISPLAYED, NULL);
  for (guint i = 0; i < passed->len; i++)
    xep174_message_tell (g_ptr_array_index (passed, i), XEP174_MESSAGE_EVENT_PASSED, NULL);
  g_object_unref (shown);
}
