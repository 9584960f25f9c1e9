/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a message says of itself. */

#include "xep174-message-private.h"

#include "xep174-element-private.h"

#include <string.h>

static gsize
count_strings (const char * const *strings)
{
  gsize octets = 0;

  for (guint i = 0; strings[i] != NULL; i++)
    octets += sizeof (char *) + strlen (strings[i]);
  return octets;
}

static gsize
count_corrections (Xep174Message *self)
{
  gsize octets = 0;

  for (GList *link = self->corrections.head; link != NULL; link = link->next)
    {
      Xep174Correction *correction = link->data;
      const char *const strings[] = { correction->id, correction->before, NULL };

      octets += count_strings (strings);
    }
  return octets;
}

gsize
xep174_message_count_octets (Xep174Message *self)
{
  const char *const names[] = { self->id != NULL ? self->id : "", self->reply_to, NULL };

  return strlen (self->body) + count_strings (names) + count_corrections (self)
         + (self->element != NULL ? xep174_element_get_memory (self->element) : 0)
         + count_strings (xep174_message_list_signs (self->reactions))
         + count_strings (xep174_message_list_signs (self->own_reactions));
}

/**
 * xep174_message_get_kind:
 * @self: a message
 *
 * Gets what sort of message it is.
 *
 * A type that RFC 6121 §5.2.2 does not name is read as %XEP174_MESSAGE_KIND_NORMAL.
 *
 * Returns: the kind
 *
 * Since: 1.0
 */
Xep174MessageKind
xep174_message_get_kind (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), XEP174_MESSAGE_KIND_NORMAL);

  return self->kind;
}

/**
 * xep174_message_get_element:
 * @self: a message
 *
 * Gets the stanza that the message was received in.
 *
 * Returns: (nullable) (transfer none): the `<message/>`, or %NULL for a message of our own
 *
 * Since: 1.0
 */
Xep174Element *
xep174_message_get_element (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->element;
}

/**
 * xep174_message_append:
 * @self: a message that is not sent yet
 * @payload: an element in a namespace of its own
 *
 * Adds something to what is sent beside the text, such as an extension that the library does not know. It is
 * copied. What may not be sent lets the send fail.
 *
 * Since: 1.0
 */
void
xep174_message_append (Xep174Message *self,
                       Xep174Element *payload)
{
  g_return_if_fail (XEP174_IS_MESSAGE (self));
  g_return_if_fail (payload != NULL);

  if (self->payloads == NULL)
    self->payloads = g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_element_unref);
  g_ptr_array_add (self->payloads, xep174_element_copy (payload));
}

/**
 * xep174_message_get_contact:
 * @self: a message
 *
 * Gets who is at the other end, see [property@Message:contact].
 *
 * Returns: (nullable) (transfer none): the contact, or %NULL before the message is sent
 *
 * Since: 1.0
 */
Xep174Contact *
xep174_message_get_contact (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->contact;
}

/**
 * xep174_message_get_outgoing:
 * @self: a message
 *
 * Gets whether the message is ours.
 *
 * Returns: %TRUE if it is
 *
 * Since: 1.0
 */
gboolean
xep174_message_get_outgoing (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), FALSE);

  return self->outgoing;
}

/**
 * xep174_message_get_state:
 * @self: a message
 *
 * Gets what is known of the message, see [property@Message:state].
 *
 * Returns: the state
 *
 * Since: 1.0
 */
Xep174MessageState
xep174_message_get_state (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), XEP174_MESSAGE_STATE_QUEUED);

  return self->state;
}

/**
 * xep174_message_get_error:
 * @self: a message
 *
 * Gets what went wrong, see [property@Message:error].
 *
 * Returns: (nullable) (transfer none): the error, or %NULL if nothing went wrong, or the program that made
 *   the message gave none
 *
 * Since: 1.0
 */
const GError *
xep174_message_get_error (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return self->error;
}
