/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"
#include "xep174-profile-private.h"

/**
 * xep174_discovery_start_async:
 * @self: a discovery that is not running
 * @profile: (nullable): what to publish, %NULL to look and not be seen
 * @port: the port that sessions are accepted at, which the SRV record names; passed over without a
 *   profile
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Goes online: publishes the profile and looks for others.
 *
 * It ends when the name is in force, see [property@Discovery:local-name]; contacts may appear
 * before and will afterwards. What changes in the profile from then on is published by itself.
 *
 * Without a profile nothing is published, so that nobody sees us and we have no name; contacts are
 * looked for all the same, and can be where publishing is not possible. To be seen later on, stop
 * and start again.
 *
 * Since: 1.0
 */
void
xep174_discovery_start_async (Xep174Discovery     *self,
                              Xep174Profile       *profile,
                              guint16              port,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (profile == NULL || XEP174_IS_PROFILE (profile));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_discovery_start_async);
  /* The result must say what is: cancelled too late is running. */
  g_task_set_check_cancellable (task, FALSE);

  if (xep174_discovery_get_private (self)->state != XEP174_DISCOVERY_STOPPED)
    g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             "You are online already, or on the way. Go offline first and wait for the "
                             "end of that");
  else if (profile != NULL && !xep174_profile_check_name (profile, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    xep174_discovery_begin_start (self, profile, port, task);
}

/**
 * xep174_discovery_start_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Discovery.start_async].
 *
 * Returns: whether the discovery runs; if not, an error of [error@DiscoveryError], or
 *   `G_IO_ERROR_CANCELLED` if it was cancelled or stopped meanwhile
 *
 * Since: 1.0
 */
gboolean
xep174_discovery_start_finish (Xep174Discovery *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_discovery_stop_async:
 * @self: a discovery
 * @cancellable: (nullable): a cancellable; if it is cancelled the call fails in the end, and the
 *   discovery has stopped all the same
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Goes offline: says goodbye and ends every query.
 *
 * The contacts go at once. A start that is under way is cancelled and fails. A discovery that is
 * stopped already has nothing to do and succeeds.
 *
 * Since: 1.0
 */
void
xep174_discovery_stop_async (Xep174Discovery     *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (XEP174_IS_DISCOVERY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_discovery_stop_async);

  if (xep174_discovery_get_private (self)->state == XEP174_DISCOVERY_STOPPED)
    g_task_return_boolean (task, TRUE);
  else
    xep174_discovery_request_stop (self, task);
}

/**
 * xep174_discovery_stop_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Discovery.stop_async].
 *
 * Returns: whether the goodbye went out; the discovery is stopped in any case
 *
 * Since: 1.0
 */
gboolean
xep174_discovery_stop_finish (Xep174Discovery *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (XEP174_IS_DISCOVERY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
