/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-correspondents-private.h"

#include "xep174-discovery-private.h"
#include "xep174-name-private.h"
#include "xep174-session-manager-private.h"

struct _Xep174Correspondents
{
  Xep174Discovery *discovery;
  Xep174SessionManager *manager;
  gulong closed_handler;
  /* (element-type utf8 Xep174Contact) */
  GHashTable *provisional;
};

static void
on_session_closed (Xep174Correspondents *self,
                   Xep174Session        *session)
{
  g_hash_table_remove (self->provisional, xep174_session_get_name (session));
}

Xep174Correspondents *
xep174_correspondents_new (Xep174Discovery      *discovery,
                           Xep174SessionManager *manager)
{
  Xep174Correspondents *self = g_new0 (Xep174Correspondents, 1);

  self->discovery = g_object_ref (discovery);
  self->manager = g_object_ref (manager);
  self->provisional =
    g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, g_object_unref);
  self->closed_handler =
    g_signal_connect_swapped (manager, "session-closed", G_CALLBACK (on_session_closed), self);

  return self;
}

void
xep174_correspondents_free (Xep174Correspondents *self)
{
  g_clear_signal_handler (&self->closed_handler, self->manager);
  g_hash_table_unref (self->provisional);
  g_object_unref (self->manager);
  g_object_unref (self->discovery);
  g_free (self);
}

Xep174Contact *
xep174_correspondents_dup (Xep174Correspondents *self,
                           const char           *name)
{
  Xep174Contact *contact = xep174_discovery_dup_contact (self->discovery, name);
  Xep174Session *session = xep174_session_manager_find_session (self->manager, name);

  if (xep174_contact_get_online (contact))
    return contact;

  /* Keep it as long as the session lives, so that one conversation has one contact. */
  if (session != NULL)
    g_hash_table_replace (self->provisional, g_strdup (name), g_object_ref (contact));
  xep174_discovery_set_security (self->discovery, name,
                                 session != NULL && xep174_session_get_encrypted (session),
                                 xep174_session_manager_find_trust (self->manager, name));
  return contact;
}

Xep174Contact *
xep174_correspondents_find (Xep174Correspondents *self,
                            const char           *name)
{
  Xep174Session *session = xep174_session_manager_find_session (self->manager, name);
  g_autoptr(Xep174Contact) contact = NULL;

  if (session == NULL || xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED)
    return NULL;

  /* Safe to return without a reference: the discovery, or the table of provisional contacts, keeps
   * one. */
  contact = xep174_correspondents_dup (self, name);

  return contact;
}
