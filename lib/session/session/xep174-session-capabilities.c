/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the contact's program can do, as far as the current stream tells (D20). */

#include "xep174-session-private.h"

/* How often a contact is asked who says that it can do something else now. */
#define ASK_AGAIN_MS 60000

static Xep174Slot *
get_slot (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_current_slot (self);

  return slot != NULL && xep174_stream_is_session (&self->arbiter.slots[slot->index]) ? slot : NULL;
}

/* Without a version it has no features, and answers no questions. */
static gboolean
is_legacy (Xep174Session *self,
           Xep174Slot    *slot)
{
  return (self->arbiter.slots[slot->index].flags & XEP174_STREAM_LEGACY) != 0;
}

Xep174Support
xep174_session_get_support (Xep174Session *self,
                            const char    *xmlns)
{
  Xep174Slot *slot = get_slot (self);

  if (slot != NULL && is_legacy (self, slot))
    return XEP174_SUPPORT_NO;
  if (slot == NULL || slot->caps == NULL)
    return XEP174_SUPPORT_UNKNOWN;

  return g_hash_table_contains (slot->caps, xmlns) ? XEP174_SUPPORT_YES : XEP174_SUPPORT_NO;
}

GHashTable *
xep174_session_dup_caps (Xep174Session *self)
{
  Xep174Slot *slot = get_slot (self);

  if (slot != NULL && is_legacy (self, slot))
    return g_hash_table_new (g_str_hash, g_str_equal);

  return slot != NULL && slot->caps != NULL ? g_hash_table_ref (slot->caps) : NULL;
}

gboolean
xep174_session_may_ask_caps (Xep174Session *self)
{
  Xep174Slot *slot = get_slot (self);

  if (slot == NULL || slot->asked_caps || is_legacy (self, slot))
    return FALSE;

  slot->asked_caps = TRUE;
  slot->asked_caps_when = xep174_clock_get_now_ms (self->network->clock);
  return TRUE;
}

void
xep174_session_put_caps (Xep174Session *self,
                         GHashTable    *caps)
{
  Xep174Slot *slot = get_slot (self);

  if (slot == NULL)
    return;

  g_clear_pointer (&slot->caps, g_hash_table_unref);
  g_clear_pointer (&slot->caps_proof, g_free);
  slot->caps = g_hash_table_ref (caps);
}

char *
xep174_session_take_caps (Xep174Session  *self,
                          GHashTable    **caps)
{
  Xep174Slot *slot = get_slot (self);

  if (slot == NULL || slot->caps_proof == NULL)
    return NULL;

  *caps = slot->caps;
  return g_steal_pointer (&slot->caps_proof);
}

gboolean
xep174_session_renew_caps (Xep174Session *self)
{
  Xep174Slot *slot = get_slot (self);
  gint64 now = xep174_clock_get_now_ms (self->network->clock);

  if (slot == NULL || (slot->asked_caps && slot->asked_caps_when + ASK_AGAIN_MS > now))
    return FALSE;

  slot->asked_caps = FALSE;
  return slot->caps != NULL;
}
