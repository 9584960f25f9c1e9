/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174FeatureHost:
 *
 * Where features are in use: a [class@SessionManager], or a [class@Client], which hands everything on to its
 * session manager.
 *
 * A host gives its features what contacts send, and sends for them.
 *
 * Since: 1.0
 */

#include "xep174-feature-host-private.h"

G_DEFINE_INTERFACE (Xep174FeatureHost, xep174_feature_host, G_TYPE_OBJECT)

static guint signal_capabilities_changed;

void
xep174_feature_host_tell_capabilities (Xep174FeatureHost *self,
                                       const char        *contact)
{
  g_signal_emit (self, signal_capabilities_changed, 0, contact);
}

static void
xep174_feature_host_default_init (Xep174FeatureHostInterface *iface)
{
  /**
   * Xep174FeatureHost:features:
   *
   * The features in use, in the order in which they were added.
   *
   * Since: 1.0
   */
  g_object_interface_install_property (iface,
    g_param_spec_object ("features", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));

  /**
   * Xep174FeatureHost::capabilities-changed:
   * @self: the host
   * @contact: the name of a contact
   *
   * What is known of what a contact can do is something else now, or a stream has begun that tells it: see
   * [method@FeatureHost.supports].
   *
   * Since: 1.0
   */
  signal_capabilities_changed =
    g_signal_new ("capabilities-changed", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/**
 * xep174_feature_host_add_feature:
 * @self: a host
 * @feature: a feature that no host uses
 * @error: return location for an error
 *
 * Begins to use a feature.
 *
 * Returns: %TRUE, or %FALSE with `G_IO_ERROR_EXISTS` if the feature is in use, or if a namespace of its
 *   payloads is that of another feature or of the library, with `G_IO_ERROR_CLOSED` if the host is going
 *
 * Since: 1.0
 */
gboolean
xep174_feature_host_add_feature (Xep174FeatureHost  *self,
                                 Xep174Feature      *feature,
                                 GError            **error)
{
  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (feature), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return XEP174_FEATURE_HOST_GET_IFACE (self)->add_feature (self, feature, error);
}

/**
 * xep174_feature_host_remove_feature:
 * @self: a host
 * @feature: a feature
 *
 * Ends the use of a feature. It does nothing if @self does not use it.
 *
 * Since: 1.0
 */
void
xep174_feature_host_remove_feature (Xep174FeatureHost *self,
                                    Xep174Feature     *feature)
{
  g_return_if_fail (XEP174_IS_FEATURE_HOST (self));
  g_return_if_fail (G_IS_OBJECT (feature));

  XEP174_FEATURE_HOST_GET_IFACE (self)->remove_feature (self, feature);
}

/**
 * xep174_feature_host_get_features:
 * @self: a host
 *
 * The features in use.
 *
 * Returns: (transfer none): a list of [class@Feature]
 *
 * Since: 1.0
 */
GListModel *
xep174_feature_host_get_features (Xep174FeatureHost *self)
{
  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), NULL);

  return XEP174_FEATURE_HOST_GET_IFACE (self)->get_features (self);
}

/**
 * xep174_feature_host_get_feature:
 * @self: a host
 * @type: a type that is derived from [class@Feature]
 *
 * The first feature in use that is of the given type.
 *
 * Returns: (transfer none) (nullable): a feature, %NULL if there is none
 *
 * Since: 1.0
 */
Xep174Feature *
xep174_feature_host_get_feature (Xep174FeatureHost *self,
                                 GType              type)
{
  GListModel *features;

  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), NULL);

  features = xep174_feature_host_get_features (self);
  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr(GObject) feature = g_list_model_get_item (features, i);

      if (g_type_is_a (G_OBJECT_TYPE (feature), type))
        return (Xep174Feature *) feature;
    }
  return NULL;
}

/**
 * xep174_feature_host_supports:
 * @self: a host
 * @contact: the name of a contact
 * @xmlns: what XEP-0030 calls a feature, often a namespace
 *
 * Whether the contact's program can do something.
 *
 * It is known from the stream, from the answer to a question, or from the hash in the contact's record
 * (XEP-0115), once somebody has shown what that stands for: then there need not be a stream. If it is not
 * known and there is a stream, this function asks, once. What comes is told by
 * [signal@FeatureHost::capabilities-changed]. A contact whose stream has no version can do nothing, nor can
 * one whose record says that its program is libpurple, unless the stream tells more.
 *
 * Returns: what is known now
 *
 * Since: 1.0
 */
Xep174Support
xep174_feature_host_supports (Xep174FeatureHost *self,
                              const char        *contact,
                              const char        *xmlns)
{
  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), XEP174_SUPPORT_UNKNOWN);
  g_return_val_if_fail (contact != NULL, XEP174_SUPPORT_UNKNOWN);
  g_return_val_if_fail (xmlns != NULL, XEP174_SUPPORT_UNKNOWN);

  return XEP174_FEATURE_HOST_GET_IFACE (self)->supports (self, contact, xmlns);
}

/**
 * xep174_feature_host_send_async:
 * @self: a host
 * @contact: the name of a contact
 * @stanza: a `message`, `presence` or `iq`; it is sealed
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the stanza has gone out
 * @user_data: data for @callback
 *
 * Sends a stanza, as [method@Session.send_async] does.
 *
 * This is also how a feature answers an `iq` that it has taken: with one of type `result` or `error` and the
 * same `id`, once. The question must still be open; it is not when the stream that it came on has ended.
 *
 * Since: 1.0
 */
void
xep174_feature_host_send_async (Xep174FeatureHost   *self,
                                const char          *contact,
                                Xep174Element       *stanza,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_return_if_fail (XEP174_IS_FEATURE_HOST (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (stanza != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  XEP174_FEATURE_HOST_GET_IFACE (self)->send_async (self, contact, stanza, cancellable, callback,
                                                    user_data);
}

/**
 * xep174_feature_host_send_finish:
 * @self: a host
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@FeatureHost.send_async].
 *
 * Returns: as [method@Session.send_finish]; also %FALSE with one of the errors of
 *   [method@SessionManager.ensure_session], or with `XEP174_SESSION_ERROR_INVALID_STANZA` for an answer to
 *   which there is no open question
 *
 * Since: 1.0
 */
gboolean
xep174_feature_host_send_finish (Xep174FeatureHost  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return XEP174_FEATURE_HOST_GET_IFACE (self)->send_finish (self, result, error);
}

/**
 * xep174_feature_host_request_async:
 * @self: a host
 * @contact: the name of a contact
 * @iq: an `iq` of type `get` or `set`; it is sealed
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when there is an answer, or there will be none
 * @user_data: data for @callback
 *
 * Sends an `iq` and waits for its answer (RFC 6120 §8.2.3). If @iq has no `id` it gets one.
 *
 * It waits for 30 seconds after the `iq` has gone out, and not longer than the conversation lasts.
 *
 * Since: 1.0
 */
void
xep174_feature_host_request_async (Xep174FeatureHost   *self,
                                   const char          *contact,
                                   Xep174Element       *iq,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (XEP174_IS_FEATURE_HOST (self));
  g_return_if_fail (contact != NULL);
  g_return_if_fail (iq != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  XEP174_FEATURE_HOST_GET_IFACE (self)->request_async (self, contact, iq, cancellable, callback,
                                                       user_data);
}

/**
 * xep174_feature_host_request_finish:
 * @self: a host
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@FeatureHost.request_async].
 *
 * Returns: (transfer full): the answer, an `iq` of type `result`. Else %NULL with
 *   `XEP174_SESSION_ERROR_REFUSED` and the contact's own words for one of type `error`,
 *   `XEP174_SESSION_ERROR_TIMED_OUT` if none came, `XEP174_SESSION_ERROR_CLOSED` if the conversation ended
 *   before, `XEP174_SESSION_ERROR_INVALID_STANZA` for what is no `iq` to ask with or has the `id` of another
 *   request, or one of the errors of [method@FeatureHost.send_finish]
 *
 * Since: 1.0
 */
Xep174Element *
xep174_feature_host_request_finish (Xep174FeatureHost  *self,
                                    GAsyncResult       *result,
                                    GError            **error)
{
  g_return_val_if_fail (XEP174_IS_FEATURE_HOST (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return XEP174_FEATURE_HOST_GET_IFACE (self)->request_finish (self, result, error);
}
