/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a session consists of, and the queue of what has happened to it. */

#include "xep174-session-private.h"

#include "xep174-name-private.h"

/* --- What has happened ------------------------------------------------------------------- */

void
xep174_session_post (Xep174Session *self,
                     guint          event,
                     Xep174Slot    *slot)
{
  Xep174Happening *happening;

  /* Its end is the manager's. */
  if (self->around == NULL)
    return;

  happening = g_new0 (Xep174Happening, 1);
  happening->event = event;
  happening->serial = slot != NULL ? slot->serial : 0;
  g_queue_push_tail (&self->happenings, happening);
}

void
xep174_session_post_arrival (Xep174Session      *self,
                             Xep174Slot         *slot,
                             const Xep174Stream *stream,
                             Xep174StreamEvent   event)
{
  Xep174Happening *happening = g_new0 (Xep174Happening, 1);

  xep174_session_own_slot (self, slot);
  happening->event = event;
  happening->arriving = slot;
  happening->stream = *stream;
  g_queue_push_tail (&self->happenings, happening);
}

Xep174Happening *
xep174_session_next_happening (Xep174Session *self)
{
  return g_queue_pop_head (&self->happenings);
}

void
xep174_happening_free (Xep174Happening *happening)
{
  g_clear_pointer (&happening->arriving, xep174_slot_free);
  g_free (happening);
}

void
xep174_session_wake (Xep174Session *self)
{
  self->loop (self);
}

/* --- Its streams ------------------------------------------------------------------------- */

void
xep174_session_own_slot (Xep174Session *self,
                         Xep174Slot    *slot)
{
  slot->session = self;
  slot->last_error = &self->last_error;
  slot->confirmed = &self->confirmed;
  slot->serial = ++self->next_serial;
}

void
xep174_session_set_slot (Xep174Session *self,
                         guint          index,
                         Xep174Slot    *slot)
{
  self->slots[index] = slot;
  self->n_slots = MAX (self->n_slots, index + 1);
}

Xep174Slot *
xep174_session_find_slot (Xep174Session *self,
                          guint          serial)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (self->slots[i] != NULL && self->slots[i]->serial == serial)
      return self->slots[i];

  return NULL;
}

/* The streams that have shown the same key have the same number. */
guint
xep174_session_number_key (Xep174Session *self,
                           Xep174Slot    *slot)
{
  guint used = 0;
  guint number = 1;

  if (slot->key == NULL)
    return 0;
  if (self->kept_state != NULL && self->arbiter.kept != 0)
    {
      if (g_bytes_equal (self->kept_state->key, slot->key))
        return self->arbiter.kept;
      used |= 1u << self->arbiter.kept;
    }

  for (guint i = 0; i < self->n_slots; i++)
    {
      Xep174Slot *other = self->slots[i];
      guint key = self->arbiter.slots[i].key;

      if (other == NULL || other == slot || key == 0)
        continue;
      if (g_bytes_equal (other->key, slot->key))
        return key;
      used |= 1u << key;
    }
  while ((used >> number & 1) != 0)
    number++;
  return number;
}

Xep174Slot *
xep174_session_current_slot (Xep174Session *self)
{
  return self->current != XEP174_NO_SLOT ? self->slots[self->current] : NULL;
}

/* --- The names --------------------------------------------------------------------------- */

const char *
xep174_session_name_of_ours (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  if (slot != NULL)
    return slot->local_name;

  return self->around != NULL ? self->around->local_name : NULL;
}

/* S5: each side compares its own name with that of the other as the other writes it. */
void
xep174_session_compare_names (Xep174Session *self)
{
  const char *local_name = self->around->local_name;

  if (local_name != NULL)
    self->arbiter.local_is_smaller =
      xep174_name_is_smaller (local_name, self->spelling != NULL ? self->spelling : self->name);
}

/* The directory may know it in other letters, which are the same name (RFC 6762 §16). */
void
xep174_session_learn_spelling (Xep174Session *self,
                               const char    *from)
{
  gsize length = strlen (self->name);

  if (self->around == NULL || from == NULL
      || g_ascii_strncasecmp (from, self->name, length) != 0)
    return;

  g_free (self->spelling);
  self->spelling = g_strndup (from, length);
  xep174_session_compare_names (self);
}
