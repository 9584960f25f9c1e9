/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"
#include "xep174-gettext-private.h"
#include "xep174-profile-private.h"

/**
 * xep174_discovery_start_async:
 * @self: a discovery that is not running
 * @profile: (nullable): what to publish, or %NULL to see others without being seen
 * @port: the port on which sessions are accepted; the SRV record names it. Ignored without a
 *   profile
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Goes online: publishes the profile and looks for others.
 *
 * The call ends when we are published under a name, see [property@Discovery:local-name]. Contacts
 * may appear before that, and after it. If you change the profile later, the new values are
 * published without another call.
 *
 * Without a profile nothing is published: nobody sees us, and we have no name. Contacts are found
 * as usual, even where publishing is not possible. To be seen later, stop and start again with a
 * profile.
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
  /* The result must be true: if it was cancelled too late, the discovery runs. */
  g_task_set_check_cancellable (task, FALSE);

  if (xep174_discovery_get_private (self)->state != XEP174_DISCOVERY_STOPPED)
    g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_FAILED,
                             _("You are online already, or on the way. Go offline first and wait "
                               "for the end of that"));
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
 * Returns: %TRUE if the discovery runs; if not, an error of [error@DiscoveryError], or
 *   `G_IO_ERROR_CANCELLED` if the start was cancelled, or the discovery was stopped meanwhile
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
 * @cancellable: (nullable): a cancellable; if it is cancelled, the call fails at its end, but the
 *   discovery has stopped
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Goes offline: says goodbye and ends every query.
 *
 * All contacts are removed at once. If a start is under way, it is cancelled and fails. To stop a
 * discovery that does not run is no error.
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
 * Returns: %TRUE if the goodbye was sent; the discovery is stopped in any case
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
