/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Going online and offline. If a step fails, the steps before it are undone before the caller hears
 * of it. */

#include "xep174-client-private.h"

static void
finish_failed_start (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Xep174Client *self = g_task_get_source_object (task);

  xep174_session_manager_stop_finish (self->manager, result, NULL);
  xep174_client_set_phase (self, XEP174_CLIENT_PHASE_STOPPED);
  g_task_return_error (task, g_error_copy (g_task_get_task_data (task)));
}

static void
on_discovery_started (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Xep174Client *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (xep174_discovery_start_finish (self->discovery, result, &error))
    {
      xep174_client_set_phase (self, XEP174_CLIENT_PHASE_RUNNING);
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  xep174_session_manager_stop_async (self->manager, NULL, finish_failed_start,
                                     g_steal_pointer (&task));
}

/**
 * xep174_client_start_async:
 * @self: a client
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when we are on the network
 * @user_data: data for @callback
 *
 * Loads the keys, listens for connections, publishes the profile and begins to look for contacts.
 *
 * Our own key is that in [property@Client:data-dir], and is made if there is none; unless the program has set
 * an identity of its own on [property@Client:session-manager], or %NULL there to encrypt nothing. The keys
 * of others are kept beside it, unless the program has set a store of its own. The files are small, and
 * they are read before this returns.
 *
 * If you cancel too late, for example in a handler of [property@Client:running], this has no effect:
 * the client has started, and [method@Client.start_finish] says so.
 *
 * Since: 1.0
 */
void
xep174_client_start_async (Xep174Client        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_client_start_async);

  if (self->phase != XEP174_CLIENT_PHASE_STOPPED)
    {
      g_task_return_new_error (task, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                               "The client has been started already; stop it first");
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  /* From here on discovery decides whether the start was cancelled in time, so that the result is
   * true. */
  g_task_set_check_cancellable (task, FALSE);
  xep174_client_set_phase (self, XEP174_CLIENT_PHASE_STARTING);
  if (!xep174_client_load_keys (self, &error)
      || !xep174_session_manager_listen (self->manager, self->port, &error))
    {
      xep174_client_set_phase (self, XEP174_CLIENT_PHASE_STOPPED);
      g_task_return_error (task, error);
      return;
    }

  xep174_discovery_start_async (self->discovery, self->profile,
                                xep174_session_manager_get_port (self->manager), cancellable,
                                on_discovery_started, g_steal_pointer (&task));
}

/**
 * xep174_client_start_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.start_async].
 *
 * After it, [property@Client:local-name] is the name that others see. After an error the client is
 * as if it had never been started.
 *
 * Returns: %TRUE if we are on the network; else the error is `G_IO_ERROR_ADDRESS_IN_USE` if
 *   [property@Client:port] is not free, `XEP174_SESSION_ERROR_INVALID_STATE` if the client has
 *   been started before, `G_IO_ERROR_CANCELLED`, one of [error@TrustError] or [error@GLib.FileError] if
 *   our key or those of others are there and cannot be used, or one of [error@DiscoveryError]
 *
 * Since: 1.0
 */
gboolean
xep174_client_start_finish (Xep174Client *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_discovery_stopped (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Xep174Client *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  GError *earlier = g_task_get_task_data (task);

  xep174_discovery_stop_finish (self->discovery, result, &error);
  xep174_client_set_phase (self, XEP174_CLIENT_PHASE_STOPPED);

  if (earlier != NULL)
    g_task_return_error (task, g_error_copy (earlier));
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_sessions_stopped (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Xep174Client *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!xep174_session_manager_stop_finish (self->manager, result, &error))
    g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);

  /* Say goodbye in any case, even if a session could not be closed properly. */
  xep174_discovery_stop_async (self->discovery, NULL, on_discovery_stopped,
                               g_steal_pointer (&task));
}

/**
 * xep174_client_stop_async:
 * @self: a client
 * @cancellable: (nullable): a cancellable; if it is cancelled, the client no longer waits for others,
 *   and the call fails when the goodbye has been said
 * @callback: (scope async) (nullable): called when we are off the network
 * @user_data: data for @callback
 *
 * Sends what is queued, closes the sessions, and says goodbye to the network (XEP-0174 §5 and §9).
 *
 * What has not been written by then fails with `XEP174_SESSION_ERROR_CLOSED`.
 * [signal@Client::message-unconfirmed] is emitted for each message that has no sign of receipt at the
 * end. It is not an error to stop a client that has not been started.
 *
 * Since: 1.0
 */
void
xep174_client_stop_async (Xep174Client        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_client_stop_async);

  if (self->phase == XEP174_CLIENT_PHASE_STOPPED)
    g_task_return_boolean (task, TRUE);
  else if (self->phase != XEP174_CLIENT_PHASE_RUNNING)
    g_task_return_new_error (task, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                             "The client is being started or stopped; wait for that, or cancel "
                             "the start");
  else
    {
      xep174_client_set_phase (self, XEP174_CLIENT_PHASE_STOPPING);
      xep174_session_manager_stop_async (self->manager, cancellable, on_sessions_stopped,
                                         g_steal_pointer (&task));
    }
}

/**
 * xep174_client_stop_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.stop_async].
 *
 * Returns: %TRUE if everything was closed properly; after an error the client is stopped, too, unless
 *   the error is `XEP174_SESSION_ERROR_INVALID_STATE`
 *
 * Since: 1.0
 */
gboolean
xep174_client_stop_finish (Xep174Client *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
