/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The manager as the host of features. */

#include "xep174-session-manager-private.h"

#include "xep174-element-private.h"
#include "xep174-session-private.h"

static Xep174FeatureTable *
table_of (Xep174FeatureHost *host)
{
  return ((Xep174SessionManager *) host)->around.features;
}

static gboolean
host_add_feature (Xep174FeatureHost  *host,
                  Xep174Feature      *feature,
                  GError            **error)
{
  G_GNUC_UNUSED g_autoptr(GObject) held = g_object_ref (G_OBJECT (host));

  return xep174_feature_table_add (table_of (host), feature, error);
}

static void
host_remove_feature (Xep174FeatureHost *host,
                     Xep174Feature     *feature)
{
  G_GNUC_UNUSED g_autoptr(GObject) held = g_object_ref (G_OBJECT (host));

  xep174_feature_table_remove (table_of (host), feature);
}

static GListModel *
host_get_features (Xep174FeatureHost *host)
{
  return xep174_feature_table_get_list (table_of (host));
}

/* Its callback is called in the context of the manager, whoever asks. */
static GTask *
task_new (Xep174SessionManager *self,
          gpointer              tag,
          GAsyncReadyCallback   callback,
          gpointer              user_data)
{
  gboolean entered = xep174_poller_enter (self->around.network->poller);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  xep174_poller_leave (self->around.network->poller, entered);
  return task;
}

/* --- Sending ------------------------------------------------------------------------------- */

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  const char *question = g_task_get_task_data (task);
  GError *error = NULL;

  if (xep174_session_send_finish ((Xep174Session *) session, result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  /* It is not answered yet. */
  if (g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA))
    xep174_session_note_question ((Xep174Session *) session, question);
  g_task_return_error (task, error);
}

static void
host_send_async (Xep174FeatureHost   *host,
                 const char          *contact,
                 Xep174Element       *stanza,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  Xep174SessionManager *self = (Xep174SessionManager *) host;
  g_autoptr(GTask) task = task_new (self, host_send_async, callback, user_data);
  GError *error = NULL;
  g_autoptr(Xep174Session) session = xep174_session_manager_make_session (self, contact, &error);
  gboolean answers = xep174_element_is_answer (stanza);
  const char *question = answers ? xep174_element_get_attribute (stanza, "id") : NULL;

  if (session != NULL && answers && !xep174_session_take_question (session, question))
    error = g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                         "“%s” has not asked that, or was answered already, or has gone", contact);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, g_strdup (question), g_free);
  xep174_session_send_async (session, stanza, cancellable, on_sent, g_steal_pointer (&task));
}

static gboolean
host_send_finish (Xep174FeatureHost  *host,
                  GAsyncResult       *result,
                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, host), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, host_send_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Asking -------------------------------------------------------------------------------- */

static void
host_request_async (Xep174FeatureHost   *host,
                    const char          *contact,
                    Xep174Element       *iq,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  Xep174SessionManager *self = (Xep174SessionManager *) host;
  g_autoptr(GTask) task = task_new (self, host_request_async, callback, user_data);
  GError *error = NULL;
  g_autoptr(Xep174Session) session = xep174_session_manager_make_session (self, contact, &error);

  if (error == NULL && !xep174_session_manager_request (self, session, iq, cancellable, task))
    error = g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                                 "Only an iq of type get or set, with an id of its own, has an answer");
  if (error != NULL)
    g_task_return_error (task, error);
}

static Xep174Element *
host_request_finish (Xep174FeatureHost  *host,
                     GAsyncResult       *result,
                     GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, host), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, host_request_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static Xep174Support
host_supports (Xep174FeatureHost *host,
               const char        *contact,
               const char        *xmlns)
{
  return xep174_session_manager_find_support ((Xep174SessionManager *) host, contact, xmlns);
}

void
xep174_session_manager_on_announces (Xep174FeatureHost *host)
{
  g_object_notify (G_OBJECT (host), "capabilities");
}

void
xep174_session_manager_init_host (Xep174FeatureHostInterface *iface)
{
  iface->add_feature = host_add_feature;
  iface->remove_feature = host_remove_feature;
  iface->get_features = host_get_features;
  iface->supports = host_supports;
  iface->send_async = host_send_async;
  iface->send_finish = host_send_finish;
  iface->request_async = host_request_async;
  iface->request_finish = host_request_finish;
}
