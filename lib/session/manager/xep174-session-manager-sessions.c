/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sessions of a manager, and how they all end. */

#include "xep174-session-manager-private.h"

#include "xep174-session-private.h"

/* Above what the arbiter gives each closing stream: then it ends at once. */
#define STOP_MS 10000

/* --- Sessions ---------------------------------------------------------------------------- */

/**
 * xep174_session_manager_get_sessions:
 * @self: a session manager
 *
 * The sessions that have a stream or something to do.
 *
 * Returns: (transfer none): a list of [class@Session]
 *
 * Since: 1.0
 */
GListModel *
xep174_session_manager_get_sessions (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);

  return G_LIST_MODEL (self->around.sessions);
}

/**
 * xep174_session_manager_find_session:
 * @self: a session manager
 * @name: the name of a contact
 *
 * The session with a contact, if there is one.
 *
 * Returns: (transfer none) (nullable): a session, %NULL if there is none; take a reference to keep
 *   it
 *
 * Since: 1.0
 */
Xep174Session *
xep174_session_manager_find_session (Xep174SessionManager *self,
                                     const char           *name)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->around.by_name, name);
}

/**
 * xep174_session_manager_ensure_session:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * The session with a contact, made if there is none. No stream is opened yet.
 *
 * Returns: (transfer full): a session, or %NULL with `XEP174_SESSION_ERROR_INVALID_STATE` if there
 *   is no local name yet or @name is our own, with `G_IO_ERROR_INVALID_ARGUMENT` if @name is none
 *
 * Since: 1.0
 */
Xep174Session *
xep174_session_manager_ensure_session (Xep174SessionManager  *self,
                                       const char            *name,
                                       GError               **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return xep174_session_manager_make_session (self, name, error);
}

/**
 * xep174_session_manager_probe:
 * @self: a session manager
 *
 * Asks every open session for a sign of life. Call it after the machine has slept, or when the network
 * has changed. Streams that do not answer are closed, and the next stanza opens a new one.
 *
 * Since: 1.0
 */
void
xep174_session_manager_probe (Xep174SessionManager *self)
{
  g_autoptr(GPtrArray) sessions = NULL;

  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));

  sessions = xep174_session_manager_list_sessions (self);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_happen (sessions->pdata[i], XEP174_ARBITER_EVENT_PROBE, NULL);
}

/* --- Stopping ---------------------------------------------------------------------------- */

static void
on_stop_timeout (gpointer data)
{
  g_autoptr(Xep174SessionManager) self = g_object_ref (data);

  xep174_session_manager_end_everything (self);
  xep174_surroundings_finish_stopping (&self->around);
}

static gboolean
on_stop_cancelled (GCancellable *cancellable,
                   gpointer      data)
{
  on_stop_timeout (data);

  return G_SOURCE_REMOVE;
}

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* As long as @task waits. */
static void
watch_cancellable (Xep174SessionManager *self,
                   GTask                *task)
{
  GSource *source = g_cancellable_source_new (g_task_get_cancellable (task));

  g_source_set_static_name (source, "[xep174] cancel the stop");
  g_source_set_callback (source, G_SOURCE_FUNC (on_stop_cancelled), self, NULL);
  g_source_attach (source, self->context);
  g_task_set_task_data (task, source, destroy_source);
}

/**
 * xep174_session_manager_stop_async:
 * @self: a session manager
 * @cancellable: (nullable): a cancellable; if it is cancelled nobody is waited for any longer: what
 *   has not ended is given up, and the request fails
 * @callback: (scope async) (nullable): called when all sessions have ended
 * @user_data: data for @callback
 *
 * Stops to listen and closes every session, with the closing handshake for who takes part in it
 * (RFC 6120 §4.4). What has not been written fails with `XEP174_SESSION_ERROR_CLOSED`, and of what
 * has no sign of receipt by the end [signal@SessionManager::stanza-unconfirmed] tells. It takes some
 * seconds at most; then the manager can listen and be used again.
 *
 * Since: 1.0
 */
void
xep174_session_manager_stop_async (Xep174SessionManager *self,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data)
{
  g_autoptr(GPtrArray) sessions = NULL;
  gboolean entered;
  GTask *task;

  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  /* A handler of what ends here may drop the last reference. */
  g_object_ref (self);
  entered = xep174_poller_enter (self->around.network->poller);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_session_manager_stop_async);
  if (cancellable != NULL)
    watch_cancellable (self, task);
  g_queue_push_tail (&self->around.stopping, task);
  /* Before anything ends, for what ends last clears it. */
  xep174_alarm_set (&self->around.stop_alarm, self->around.network->clock, STOP_MS, on_stop_timeout, self);
  xep174_session_manager_stop_listening (self);
  xep174_session_manager_end_incoming (self);

  sessions = xep174_session_manager_list_sessions (self);
  for (guint i = 0; i < sessions->len; i++)
    xep174_session_happen (sessions->pdata[i], XEP174_ARBITER_EVENT_STOP, NULL);

  xep174_surroundings_check_stopped (&self->around);
  xep174_poller_leave (self->around.network->poller, entered);
  g_object_unref (self);
}

/**
 * xep174_session_manager_stop_finish:
 * @self: a session manager
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@SessionManager.stop_async].
 *
 * Returns: %TRUE, or %FALSE with `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_stop_finish (Xep174SessionManager  *self,
                                    GAsyncResult          *result,
                                    GError               **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
