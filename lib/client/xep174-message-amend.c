/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of a message later: that another text takes its place (XEP-0308), that it is taken back
 * (XEP-0424), and signs that people put on it (XEP-0444). */

#include "xep174-conversation-private.h"

/**
 * xep174_message_get_edited:
 * @self: a message
 *
 * Gets whether another text has taken the place of the first one, see [property@Message:edited].
 *
 * Returns: %TRUE if it has
 *
 * Since: 1.0
 */
gboolean
xep174_message_get_edited (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), FALSE);

  return self->edited;
}

/**
 * xep174_message_get_retracted:
 * @self: a message
 *
 * Gets whether the message was taken back, see [property@Message:retracted].
 *
 * Returns: %TRUE if it was
 *
 * Since: 1.0
 */
gboolean
xep174_message_get_retracted (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), FALSE);

  return self->retracted;
}

/* Whoever was told may have taken it out of there. */
static void
weigh (Xep174Message *self)
{
  if (self->conversation != NULL)
    xep174_conversation_weigh (self->conversation, self);
}

static void
put_error (Xep174Message *self,
           const GError  *error)
{
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify (G_OBJECT (self), "error");
}

void
xep174_message_correct (Xep174Message *self,
                        Xep174Message *better)
{
  gboolean other = g_strcmp0 (self->body, better->body) != 0;

  if (self->retracted)
    return;

  if (self->conversation != NULL)
    xep174_conversation_note_correction (self->conversation, self, better->id);
  g_object_freeze_notify (G_OBJECT (self));
  if (self->outgoing && self->error != NULL && !xep174_message_has_gone_wrong (self))
    put_error (self, NULL);
  if (other)
    {
      g_free (self->body);
      self->body = g_strdup (better->body);
      g_object_notify (G_OBJECT (self), "body");
    }
  if (better->element != NULL)
    {
      g_clear_pointer (&self->element, xep174_element_unref);
      self->element = xep174_element_ref (better->element);
      g_object_notify (G_OBJECT (self), "element");
    }
  if (!self->edited)
    {
      self->edited = TRUE;
      g_object_notify (G_OBJECT (self), "edited");
    }
  g_object_thaw_notify (G_OBJECT (self));
  weigh (self);
}

static GList *
find_correction (Xep174Message *self,
                 const char    *id)
{
  GList *link = g_queue_peek_head_link (&self->corrections);

  while (link != NULL && !g_str_equal (((Xep174Correction *) link->data)->id, id))
    link = link->next;
  return link;
}

/* The text that the contact still has. */
static void
go_back (Xep174Message    *self,
         Xep174Correction *refused,
         const GError     *error)
{
  g_free (self->body);
  self->body = g_steal_pointer (&refused->before);
  self->edited = refused->edited;
  g_object_notify (G_OBJECT (self), "body");
  g_object_notify (G_OBJECT (self), "edited");
  put_error (self, error);
}

void
xep174_message_refuse_correction (Xep174Message *self,
                                  const char    *id,
                                  const GError  *error)
{
  GList *link = find_correction (self, id);
  Xep174Correction *refused, *newer;

  if (link == NULL || self->retracted)
    return;

  refused = link->data;
  newer = link->prev != NULL ? link->prev->data : NULL;
  g_object_freeze_notify (G_OBJECT (self));
  if (newer == NULL)
    go_back (self, refused, error);
  else
    {
      g_free (newer->before);
      newer->before = g_steal_pointer (&refused->before);
      newer->edited = refused->edited;
    }
  xep174_conversation_forget_correction (self->conversation, self, link);
  g_object_thaw_notify (G_OBJECT (self));
  weigh (self);
}

void
xep174_message_retract (Xep174Message *self)
{
  if (self->retracted)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  g_free (self->body);
  self->body = g_strdup ("");
  g_clear_pointer (&self->element, xep174_element_unref);
  g_clear_pointer (&self->payloads, g_ptr_array_unref);
  g_object_notify (G_OBJECT (self), "body");
  g_object_notify (G_OBJECT (self), "element");
  xep174_message_put_reactions (self, FALSE, xep174_message_list_signs (NULL));
  xep174_message_put_reactions (self, TRUE, xep174_message_list_signs (NULL));
  self->retracted = TRUE;
  g_object_notify (G_OBJECT (self), "retracted");
  g_object_thaw_notify (G_OBJECT (self));
  weigh (self);
}

/* --- Reactions ------------------------------------------------------------------------------- */

/**
 * xep174_message_get_reactions:
 * @self: a message
 *
 * Gets the signs that the contact has put on the message, see [property@Message:reactions].
 *
 * Returns: (transfer none) (array zero-terminated=1): the signs, mostly emoji; none if there are none
 *
 * Since: 1.0
 */
const char * const *
xep174_message_get_reactions (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return xep174_message_list_signs (self->reactions);
}

/**
 * xep174_message_get_own_reactions:
 * @self: a message
 *
 * Gets the signs that the user has put on the message, see [property@Message:own-reactions].
 *
 * Returns: (transfer none) (array zero-terminated=1): the signs, mostly emoji; none if there are none
 *
 * Since: 1.0
 */
const char * const *
xep174_message_get_own_reactions (Xep174Message *self)
{
  g_return_val_if_fail (XEP174_IS_MESSAGE (self), NULL);

  return xep174_message_list_signs (self->own_reactions);
}

void
xep174_message_put_reactions (Xep174Message      *self,
                              gboolean            ours,
                              const char * const *reactions)
{
  GStrv *place = ours ? &self->own_reactions : &self->reactions;
  g_auto(GStrv) each = xep174_message_dup_signs (reactions);

  if (self->retracted
      || g_strv_equal (xep174_message_list_signs (*place), xep174_message_list_signs (each)))
    return;

  g_strfreev (*place);
  *place = g_steal_pointer (&each);
  g_object_notify (G_OBJECT (self), ours ? "own-reactions" : "reactions");
  weigh (self);
}
