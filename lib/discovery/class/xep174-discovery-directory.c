/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-discovery-state-private.h"

#include "xep174-gettext-private.h"

/**
 * Xep174DiscoveryClass::profile_changed:
 * @self: a discovery
 *
 * Publishes the new values of the profile; its name may have changed, too. Called once for all the
 * changes of one turn of the main loop, and only while the discovery runs.
 *
 * Since: 1.0
 */
/**
 * Xep174DiscoveryClass::report_contact_failure:
 * @self: a discovery
 * @name: the name of a contact
 *
 * Implements [method@Directory.report_failure].
 *
 * Since: 1.0
 */
/**
 * Xep174DiscoveryClass::dup_contact_connectable:
 * @self: a discovery
 * @name: the name of a contact that is known
 * @error: return location for an error
 *
 * Implements [method@Directory.dup_connectable].
 *
 * Returns: (transfer full): what a [class@Gio.SocketClient] can connect to, or %NULL with an
 *   error of [error@DirectoryError]
 *
 * Since: 1.0
 */
/**
 * Xep174DiscoveryClass::identify_contact_async:
 * @self: a discovery
 * @address: the address that a connection comes from
 * @claimed_name: (nullable): the `from` of its stream header, %NULL if it has none
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called exactly once
 * @user_data: data for @callback
 *
 * Implements [method@Directory.identify_async].
 *
 * Since: 1.0
 */
/**
 * Xep174DiscoveryClass::identify_contact_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Implements [method@Directory.identify_finish].
 *
 * Returns: (transfer full): the name as its owner publishes it, or %NULL with an error of
 *   [error@DirectoryError] or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */

/**
 * Xep174DiscoveryClass::load_avatar_async:
 * @self: a discovery
 * @name: the name of a contact that is known
 * @hash: the SHA-1 of its picture, in hexadecimal digits
 * @cancellable: a cancellable
 * @callback: (scope async): called exactly once
 * @user_data: data for @callback
 *
 * Looks for the picture of a contact. It is called only when somebody wants to see the picture.
 *
 * Since: 1.0
 */
/**
 * Xep174DiscoveryClass::load_avatar_finish:
 * @self: a discovery
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [vfunc@Discovery.load_avatar_async].
 *
 * Returns: (transfer full): the octets of the picture, or %NULL with an error of
 *   [error@DiscoveryError] or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */

static GSocketConnectable *
directory_dup_connectable (Xep174Directory *directory,
                           const char      *name,
                           GError         **error)
{
  Xep174Discovery *self = (Xep174Discovery *) directory;

  if (!xep174_discovery_expects (self, name))
    {
      g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                   _("Nobody called “%s” is on the network"), name);
      return NULL;
    }

  return XEP174_DISCOVERY_GET_CLASS (self)->dup_contact_connectable (self, name, error);
}

static void
directory_identify_async (Xep174Directory     *directory,
                          GSocketAddress      *address,
                          const char          *claimed_name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Xep174Discovery *self = (Xep174Discovery *) directory;
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  XEP174_DISCOVERY_GET_CLASS (self)->identify_contact_async (self, address, claimed_name, cancellable,
                                                        callback, user_data);
  xep174_discovery_release (self, &hold);
}

static char *
directory_identify_finish (Xep174Directory *directory,
                           GAsyncResult    *result,
                           GError         **error)
{
  Xep174Discovery *self = (Xep174Discovery *) directory;
  char *name = XEP174_DISCOVERY_GET_CLASS (self)->identify_contact_finish (self, result, error);

  /* A contact that calls us from its own address is there. */
  if (name != NULL)
    xep174_discovery_note_doubtful (self, name, FALSE);

  return name;
}

static void
directory_report_failure (Xep174Directory *directory,
                          const char      *name)
{
  Xep174Discovery *self = (Xep174Discovery *) directory;
  Xep174DiscoveryHold hold;

  xep174_discovery_hold (self, &hold);
  XEP174_DISCOVERY_GET_CLASS (self)->report_contact_failure (self, name);
  xep174_discovery_release (self, &hold);
}

void
xep174_discovery_directory_init (Xep174DirectoryInterface *iface)
{
  iface->dup_connectable = directory_dup_connectable;
  iface->identify_async = directory_identify_async;
  iface->identify_finish = directory_identify_finish;
  iface->report_failure = directory_report_failure;
}

/* What happens if a backend leaves a function out. */

static gboolean
on_default_start (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
default_start_async (Xep174Discovery     *self,
                     Xep174Profile       *profile,
                     guint16              port,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GSource) source = g_idle_source_new ();

  /* In a later turn of the main loop, so that it can be cancelled until then. */
  g_task_set_source_tag (task, default_start_async);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_task_attach_source (task, source, on_default_start);
}

static void
default_stop_async (Xep174Discovery     *self,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, default_stop_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
default_finish (Xep174Discovery *self,
                GAsyncResult    *result,
                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
default_profile_changed (Xep174Discovery *self)
{
}

static GSocketConnectable *
default_dup_contact_connectable (Xep174Discovery *self,
                                 const char      *name,
                                 GError         **error)
{
  g_set_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
               "“%s” cannot be reached: %s does not tell addresses", name,
               G_OBJECT_TYPE_NAME (self));
  return NULL;
}

static void
default_report_contact_failure (Xep174Discovery *self,
                                const char      *name)
{
  xep174_discovery_note_doubtful (self, name, TRUE);
}

static void
default_load_avatar_async (Xep174Discovery     *self,
                           const char          *name,
                           const char          *hash,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, default_load_avatar_async);
  g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NOT_SUPPORTED,
                           "The picture of “%s” cannot be loaded: %s has no pictures", name,
                           G_OBJECT_TYPE_NAME (self));
}

static GBytes *
default_load_avatar_finish (Xep174Discovery *self,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
xep174_discovery_set_defaults (Xep174DiscoveryClass *klass)
{
  klass->start_async = default_start_async;
  klass->start_finish = default_finish;
  klass->stop_async = default_stop_async;
  klass->stop_finish = default_finish;
  klass->profile_changed = default_profile_changed;
  klass->dup_contact_connectable = default_dup_contact_connectable;
  klass->identify_contact_async = xep174_identify_async;
  klass->identify_contact_finish = xep174_identify_finish;
  klass->report_contact_failure = default_report_contact_failure;
  klass->load_avatar_async = default_load_avatar_async;
  klass->load_avatar_finish = default_load_avatar_finish;
}
