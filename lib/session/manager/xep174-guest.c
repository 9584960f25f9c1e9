/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-guest-private.h"

Xep174Guest *
xep174_guest_new (Xep174SessionManager *manager,
                  GSocketConnection    *connection,
                  const char           *host)
{
  Xep174Guest *self = g_new0 (Xep174Guest, 1);

  self->caller.host = g_strdup (host);
  self->manager = manager;
  self->connection = g_object_ref (connection);
  g_queue_push_tail (&manager->guests, self);
  return self;
}

void
xep174_guest_free (Xep174Guest *self)
{
  g_queue_remove (&self->manager->guests, self);
  g_clear_object (&self->connection);
  g_free (self->caller.host);
  g_free (self);
}

void
xep174_session_manager_set_guests (Xep174SessionManager *self,
                                   guint8                first,
                                   Xep174GuestFunc       func,
                                   gpointer              data)
{
  self->guest_first = first;
  self->guest_func = func;
  self->guest_data = data;
}

gboolean
xep174_session_manager_wants (Xep174SessionManager *self,
                              const guint8         *octets)
{
  return self->guest_func != NULL && octets[0] == self->guest_first;
}
