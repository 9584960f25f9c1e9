/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174Retractions:
 *
 * Messages that are taken back (XEP-0424).
 *
 * Add it with [method@FeatureHost.add_feature]. Call [method@Retractions.send_async] to take back a message
 * of the user, and connect to [signal@Retractions::retracted] for what contacts take back. It is a request:
 * the other person may have read the message already.
 *
 * Since: 1.0
 */

#include "xep174-retractions.h"

#include "xep174-fallback-private.h"
#include "xep174-payload-private.h"

#define NS_RETRACT "urn:xmpp:message-retract:1"

struct _Xep174Retractions
{
  Xep174Feature parent_instance;
};

G_DEFINE_FINAL_TYPE (Xep174Retractions, xep174_retractions, XEP174_TYPE_FEATURE)

static guint signal_retracted;

static gboolean
xep174_retractions_handle (Xep174Feature *feature,
                           const char    *contact,
                           Xep174Element *stanza,
                           Xep174Element *payload)
{
  const char *id = xep174_payload_get_id (payload);

  if (!xep174_element_matches (stanza, "message", NULL) || id == NULL
      || !xep174_element_matches (payload, "retract", NS_RETRACT))
    return FALSE;

  g_signal_emit (feature, signal_retracted, 0, contact, id);
  return !xep174_fallback_leaves (stanza, NS_RETRACT);
}

/**
 * xep174_retractions_new:
 *
 * Makes the feature. It is not in use until it is added to a host.
 *
 * Returns: (transfer full): a feature
 *
 * Since: 1.0
 */
Xep174Retractions *
xep174_retractions_new (void)
{
  static const char *const both[] = { NS_RETRACT, NULL };

  return g_object_new (XEP174_TYPE_RETRACTIONS, "payloads", both, "announces", both, NULL);
}

/**
 * xep174_retractions_send_async:
 * @self: the feature
 * @contact: the name of a contact
 * @id: the `id` of a message that the user has sent to the contact
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when it has gone out
 * @user_data: data for @callback
 *
 * Asks a contact's program to take a message away.
 *
 * Since: 1.0
 */
void
xep174_retractions_send_async (Xep174Retractions   *self,
                               const char          *contact,
                               const char          *id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(Xep174Element) message = NULL;
  GTask *task;

  g_return_if_fail (XEP174_IS_RETRACTIONS (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (id != NULL && *id != '\0');
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, xep174_retractions_send_async);
  message = xep174_payload_new_message ("retract", NS_RETRACT, id);
  xep174_payload_send (XEP174_FEATURE (self), contact, NS_RETRACT, message, task);
}

/**
 * xep174_retractions_send_finish:
 * @self: the feature
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Retractions.send_async].
 *
 * Returns: %TRUE, or %FALSE with `XEP174_SESSION_ERROR_NOT_SUPPORTED` if it is not known that the contact's
 *   program understands it, or one of the errors of [method@FeatureHost.send_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_retractions_send_finish (Xep174Retractions  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
xep174_retractions_class_init (Xep174RetractionsClass *klass)
{
  XEP174_FEATURE_CLASS (klass)->handle = xep174_retractions_handle;

  /**
   * Xep174Retractions::retracted:
   * @self: the feature
   * @contact: the name of who takes it back
   * @id: the `id` of a message, as the contact says
   *
   * A contact takes back a message. Find out whether the same contact wrote it: anybody can say it of any
   * message.
   *
   * Since: 1.0
   */
  signal_retracted = g_signal_new ("retracted", XEP174_TYPE_RETRACTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
xep174_retractions_init (Xep174Retractions *self)
{
}
