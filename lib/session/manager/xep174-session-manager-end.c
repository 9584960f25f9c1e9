/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How what a manager has ends. */

#include "xep174-session-manager-private.h"

#include "xep174-incoming-private.h"
#include "xep174-session-private.h"

void
xep174_session_manager_stop_listening (Xep174SessionManager *self)
{
  if (self->listener == NULL)
    return;

  g_clear_pointer (&self->listener, xep174_listener_free);
  self->around.port = 0;
  g_object_notify (G_OBJECT (self), "port");
}

void
xep174_session_manager_end_incoming (Xep174SessionManager *self)
{
  g_queue_clear_full (&self->incoming, (GDestroyNotify) xep174_incoming_free);
}

void
xep174_session_manager_end_everything (Xep174SessionManager *self)
{
  g_autoptr(GPtrArray) sessions = xep174_session_manager_list_sessions (self);

  g_hash_table_remove_all (self->around.by_name);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_abandon (sessions->pdata[i]);

  xep174_session_manager_end_incoming (self);
  g_list_store_remove_all (self->around.sessions);
  xep174_transport_end_lingering (self->around.network);
}
