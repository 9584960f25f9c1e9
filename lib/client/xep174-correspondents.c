/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-correspondents-private.h"

#include "xep174-contact-private.h"
#include "xep174-name-private.h"

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
                           Xep174Session        *session)
{
  const char *name = xep174_session_get_name (session);
  Xep174Contact *contact = xep174_discovery_find_contact (self->discovery, name);

  if (contact == NULL)
    contact = g_hash_table_lookup (self->provisional, name);
  if (contact == NULL)
    {
      contact = xep174_contact_new (name, NULL);
      xep174_contact_set_online (contact, FALSE);
      g_hash_table_insert (self->provisional, g_strdup (name), contact);
    }

  return g_object_ref (contact);
}

gboolean
xep174_correspondents_is_talking (Xep174Correspondents *self,
                                  const char           *name)
{
  Xep174Session *session = xep174_session_manager_find_session (self->manager, name);

  return session != NULL && xep174_session_get_state (session) != XEP174_SESSION_STATE_CLOSED;
}
