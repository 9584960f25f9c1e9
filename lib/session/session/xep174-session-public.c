/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the program sees of a session, and hears from it. */

#include "xep174-session-private.h"

#include "xep174-feature-host-private.h"
#include "xep174-gettext-private.h"
#include "xep174-tell-private.h"

GParamSpec *xep174_session_properties[XEP174_SESSION_N_PROPS];
guint xep174_session_signals[XEP174_SESSION_N_SIGNALS];

/* --- What it sees ------------------------------------------------------------------------ */

Xep174Slot *
xep174_session_get_secure_slot (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  if (slot == NULL || (self->arbiter.slots[slot->index].flags & XEP174_STREAM_SECURE) == 0)
    return NULL;

  return slot;
}

/* A connection of the program's may be encrypted by itself. In the phase of TLS the key is not accepted
 * yet (T10). */
gboolean
xep174_session_is_encrypted (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  if (slot == NULL || slot->transport == NULL)
    return FALSE;

  return slot->tls != NULL ? xep174_session_get_secure_slot (self) != NULL
                           : xep174_transport_is_encrypted (slot->transport);
}

gboolean
xep174_session_is_acknowledged (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  return slot != NULL && xep174_slot_is_counted (slot);
}

Xep174Trust
xep174_session_find_trust (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_get_secure_slot (self);

  if (slot != NULL)
    return slot->trust;
  if (self->around != NULL && xep174_keyring_has_changed (&self->around->keyring, self->name))
    return XEP174_TRUST_CHANGED;

  return self->distrusted ? XEP174_TRUST_DISTRUSTED : XEP174_TRUST_UNKNOWN;
}

/* Notified of once the others are what they are. */
static void
set_stream (Xep174Session *self)
{
  const char *local_name = xep174_session_name_of_ours (self);
  gboolean encrypted = xep174_session_is_encrypted (self);
  gboolean acknowledged = xep174_session_is_acknowledged (self);
  Xep174Trust trust = xep174_session_find_trust (self);

  if (acknowledged != self->acknowledged)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_ACKNOWLEDGED]);
  self->acknowledged = acknowledged;
  if (encrypted != self->encrypted)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_ENCRYPTED]);
  self->encrypted = encrypted;
  if (trust != self->trust)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_TRUST]);
  self->trust = trust;
  if (g_strcmp0 (local_name, self->local_name) == 0)
    return;

  g_free (self->local_name);
  self->local_name = g_strdup (local_name);
  g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_LOCAL_NAME]);
}

void
xep174_session_sync_state (Xep174Session *self)
{
  guint current = self->current;
  Xep174SessionState state = (Xep174SessionState) xep174_arbiter_phase (&self->arbiter, current);
  Xep174SessionRole role = XEP174_SESSION_ROLE_NONE;
  gboolean new_state = state != self->state;
  gboolean new_role;

  if (state != XEP174_SESSION_STATE_CLOSED)
    role = self->arbiter.slots[current].flags & XEP174_STREAM_INCOMING
           ? XEP174_SESSION_ROLE_RECIPIENT : XEP174_SESSION_ROLE_INITIATOR;
  new_role = role != self->role;
  self->state = state;
  self->role = role;
  g_object_freeze_notify (G_OBJECT (self));
  set_stream (self);
  if (new_state)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_STATE]);
  if (new_role)
    g_object_notify_by_pspec (G_OBJECT (self), xep174_session_properties[XEP174_SESSION_PROP_ROLE]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
announce_closed (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_find_slot (self, self->announced);
  g_autoptr(GError) error = g_steal_pointer (&self->closed_error);

  if (slot != NULL && slot->error != NULL)
    {
      g_clear_error (&error);
      error = g_error_copy (slot->error);
    }

  self->announced = 0;
  self->announced_closing = FALSE;
  if (self->around != NULL)
    xep174_tell_closed (self->around, self, error);
  /* A2: else an answer may come on the stream that goes on with this one. */
  if (self->kept_state == NULL)
    xep174_session_end_questions (self);
}

static gboolean
is_session (Xep174Session *self,
            Xep174Slot    *slot)
{
  return slot != NULL && xep174_stream_is_session (&self->arbiter.slots[slot->index]);
}

/* While two streams are settled, the one that stays goes on with what the other began. */
static void
join_sessions (Xep174Session *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    if (is_session (self, self->slots[i]))
      self->slots[i]->joined = TRUE;
}

static void
announce_opened (Xep174Session *self,
                 Xep174Slot    *slot)
{
  if (self->announced != 0)
    announce_closed (self);
  self->announced = slot->serial;
  if (self->around != NULL)
    xep174_tell_opened (self->around, self);
  /* Its features, or that it has none. */
  if (self->around != NULL && xep174_session_get_support (self, "") != XEP174_SUPPORT_UNKNOWN)
    xep174_feature_host_tell_capabilities ((Xep174FeatureHost *) self->around->manager, self->name);
}

static void
announce_end (Xep174Session *self)
{
  if (xep174_session_find_slot (self, self->announced) == NULL)
    announce_closed (self);
  else if (!self->announced_closing)
    {
      self->announced_closing = TRUE;
      if (self->around != NULL)
        xep174_tell_closing (self->around, self);
    }
}

void
xep174_session_sync_public (Xep174Session *self,
                            gboolean       done)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  xep174_session_sync_state (self);
  if (is_session (self, xep174_session_find_slot (self, self->announced)))
    join_sessions (self);
  else if (self->announced != 0 && !done)
    return;
  else if (!is_session (self, slot))
    {
      if (self->announced != 0)
        announce_end (self);
    }
  else if (self->announced != 0 && !self->announced_closing && slot->joined)
    self->announced = slot->serial;
  else
    announce_opened (self, slot);

  if (!done)
    return;

  xep174_session_finish_closes (self);
  xep174_session_end_lost (self);
}

/* S5, D22: streams that exist are settled by the arbiter with the name that is ours now. */
void
xep174_session_rename (Xep174Session *self)
{
  if (self->around == NULL)
    return;

  xep174_session_compare_names (self);
  set_stream (self);
}

/* --- What it hears ----------------------------------------------------------------------- */

/* An iq that is taken is a question that is open until the feature answers it. */
static gboolean
emit_to_features (Xep174Session *self,
                  Xep174Element *stanza)
{
  g_autoptr(Xep174Surroundings) around = xep174_surroundings_hold (self->around);
  gboolean is_iq = xep174_element_matches (stanza, "iq", NULL);
  const char *id = is_iq ? xep174_element_get_attribute (stanza, "id") : NULL;
  gboolean taken;

  if (is_iq && !xep174_session_note_question (self, id))
    return FALSE;

  taken = xep174_feature_table_dispatch (around->features, self->name, stanza);
  if (is_iq && !taken)
    xep174_session_take_question (self, id);
  return taken;
}

gboolean
xep174_session_emit_stanza (Xep174Session *self,
                            Xep174Element *stanza)
{
  gboolean handled = self->around != NULL && xep174_feature_table_wants (self->around->features, stanza)
                     && emit_to_features (self, stanza);

  if (!handled
      && g_signal_has_handler_pending (self, xep174_session_signals[XEP174_SESSION_STANZA_RECEIVED], 0,
                                       FALSE))
    g_signal_emit (self, xep174_session_signals[XEP174_SESSION_STANZA_RECEIVED], 0, stanza,
                   &handled);
  if (!handled && self->around != NULL)
    handled = xep174_tell_stanza (self->around, self, stanza);

  return handled;
}

/* Mostly nobody wants to know. */
static gboolean
is_told_of_confirmed (Xep174Session *self)
{
  guint signal = xep174_session_signals[XEP174_SESSION_STANZA_CONFIRMED];

  return g_signal_has_handler_pending (self, signal, 0, FALSE)
         || (self->around != NULL && xep174_tell_is_told_of_confirmed (self->around));
}

gboolean
xep174_session_tell_confirmed (Xep174Session *self)
{
  gboolean told = is_told_of_confirmed (self);
  Xep174Item *item;

  while ((item = xep174_item_pop (&self->confirmed)) != NULL)
    {
      gboolean asked = xep174_item_succeed (item);

      if (told)
        {
          g_signal_emit (self, xep174_session_signals[XEP174_SESSION_STANZA_CONFIRMED], 0, item->stanza);
          if (self->around != NULL)
            xep174_tell_confirmed (self->around, self, item->stanza);
        }
      xep174_item_free (item);
      if (told || asked)
        return TRUE;
    }
  return FALSE;
}

/* S7: what may or may not have arrived is said so, and never written again. */
void
xep174_session_report_unconfirmed (Xep174Session      *self,
                                   GQueue             *written,
                                   Xep174Surroundings *around,
                                   const char         *half_written)
{
  Xep174Item *item;

  while ((item = xep174_item_pop (written)) != NULL)
    {
      if (item->task != NULL)
        {
          g_autoptr(GError) error = g_error_new_literal (
            XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED,
            item->when != 0 ? _("It was sent, and whether it has arrived is not known")
                            : half_written);

          xep174_item_fail (item, error);
        }
      else if (item->stanza != NULL && !item->silent)
        {
          g_signal_emit (self, xep174_session_signals[XEP174_SESSION_STANZA_UNCONFIRMED], 0,
                         item->stanza);
          if (around != NULL)
            xep174_tell_unconfirmed (around, self, item->stanza);
        }
      xep174_item_free (item);
    }
}
