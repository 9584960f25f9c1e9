/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sessions of a manager by the names of their contacts. */

#include "xep174-session-manager-private.h"

#include "xep174-name-private.h"
#include "xep174-session-private.h"
#include "xep174-tell-private.h"

void
xep174_session_manager_count_anonymous (Xep174SessionManager *self,
                                        const char           *name)
{
  Xep174Session *session = name != NULL ? g_hash_table_lookup (self->around.by_name, name) : NULL;
  guint n = 0;

  if (session == NULL)
    return;

  for (GList *l = self->incoming.head; l != NULL; l = l->next)
    {
      const char *suspect = ((Xep174Caller *) l->data)->suspect;

      if (suspect != NULL && xep174_name_equal (suspect, name))
        n++;
    }
  xep174_session_set_anonymous (session, n);
}

void
xep174_session_manager_count_unknown (Xep174SessionManager *self,
                                      gboolean              is_one_more)
{
  g_autoptr(GPtrArray) sessions = NULL;

  self->around.n_unknown += is_one_more ? 1 : -1;
  if (self->around.n_unknown > 0)
    return;

  sessions = xep174_session_manager_list_sessions (self);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_recount_anonymous (sessions->pdata[i]);
}

Xep174Session *
xep174_session_manager_make_session (Xep174SessionManager  *self,
                                     const char            *name,
                                     GError               **error)
{
  Xep174Session *session;

  if (!xep174_name_is_valid (name, error)
      || !xep174_surroundings_check_name (&self->around, name, error))
    return NULL;

  session = g_hash_table_lookup (self->around.by_name, name);
  if (session != NULL)
    return g_object_ref (session);

  session = xep174_session_new (&self->around, name);
  g_hash_table_insert (self->around.by_name, g_strdup (name), session);
  xep174_session_manager_count_anonymous (self, name);
  return session;
}

GPtrArray *
xep174_session_manager_list_sessions (Xep174SessionManager *self)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->around.by_name);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    g_ptr_array_add (sessions, g_object_ref (session));
  return sessions;
}

void
xep174_session_manager_review_keys (Xep174SessionManager *self)
{
  g_autoptr(GPtrArray) sessions = NULL;

  /* A handler of theirs may drop the last reference. */
  g_object_ref (self);
  xep174_alarm_clear (&self->review_alarm, self->around.network->clock);
  xep174_keyring_judge_shown (&self->around.keyring);
  sessions = xep174_session_manager_list_sessions (self);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_review_keys (sessions->pdata[i]);
  xep174_tell_trust_changed (&self->around);
  g_object_unref (self);
}
