/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The client as the host of features, which are its manager's; and what contacts' records tell of theirs. */

#include "xep174-client-private.h"

#include "xep174-disco-private.h"
#include "xep174-discovery-private.h"
#include "xep174-feature-host-private.h"
#include "xep174-session-manager-private.h"

static Xep174FeatureHost *
host_of (Xep174FeatureHost *client)
{
  return (Xep174FeatureHost *) ((Xep174Client *) client)->manager;
}

/* --- What is handed on --------------------------------------------------------------------- */

static gboolean
host_add_feature (Xep174FeatureHost  *client,
                  Xep174Feature      *feature,
                  GError            **error)
{
  return xep174_feature_host_add_feature (host_of (client), feature, error);
}

static void
host_remove_feature (Xep174FeatureHost *client,
                     Xep174Feature     *feature)
{
  xep174_feature_host_remove_feature (host_of (client), feature);
}

static GListModel *
host_get_features (Xep174FeatureHost *client)
{
  return xep174_feature_host_get_features (host_of (client));
}

static Xep174Support
host_supports (Xep174FeatureHost *client,
               const char        *contact,
               const char        *xmlns)
{
  return xep174_feature_host_supports (host_of (client), contact, xmlns);
}

static void
on_sent (GObject      *manager,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;

  if (xep174_feature_host_send_finish ((Xep174FeatureHost *) manager, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
host_send_async (Xep174FeatureHost   *client,
                 const char          *contact,
                 Xep174Element       *stanza,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);

  xep174_feature_host_send_async (host_of (client), contact, stanza, cancellable, on_sent, task);
}

static gboolean
host_send_finish (Xep174FeatureHost  *client,
                  GAsyncResult       *result,
                  GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_answered (GObject      *manager,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  Xep174Element *answer = xep174_feature_host_request_finish ((Xep174FeatureHost *) manager, result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) xep174_element_unref);
  else
    g_task_return_error (task, error);
}

static void
host_request_async (Xep174FeatureHost   *client,
                    const char          *contact,
                    Xep174Element       *iq,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);

  xep174_feature_host_request_async (host_of (client), contact, iq, cancellable, on_answered, task);
}

static Xep174Element *
host_request_finish (Xep174FeatureHost  *client,
                     GAsyncResult       *result,
                     GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
xep174_client_init_host (Xep174FeatureHostInterface *iface)
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

/* --- Records ------------------------------------------------------------------------------- */

/* libpurple's Bonjour has a node and no hash, begins streams without a version, and answers no question. */
static char *
find_ver (gpointer    data,
          const char *name,
          gboolean   *silent)
{
  Xep174Contact *contact = xep174_discovery_find_contact (((Xep174Client *) data)->discovery, name);
  const char *hash = contact != NULL ? xep174_contact_get_parameter (contact, "hash") : NULL;
  const char *node = contact != NULL ? xep174_contact_get_parameter (contact, "node") : NULL;

  *silent = hash == NULL && g_strcmp0 (node, "libpurple") == 0;

  return hash != NULL && g_ascii_strcasecmp (hash, "sha-1") == 0
         ? g_strdup (xep174_contact_get_parameter (contact, "ver")) : NULL;
}

static void
on_ver (Xep174Client  *self,
        GParamSpec    *property,
        Xep174Contact *contact)
{
  xep174_session_manager_note_ver (self->manager, xep174_contact_get_name (contact));
}

static void
on_contact_added (Xep174Client  *self,
                  Xep174Contact *contact)
{
  /* One who comes back is the same object. */
  g_signal_handlers_disconnect_by_func (contact, on_ver, self);
  g_signal_connect_object (contact, "notify::caps-ver", G_CALLBACK (on_ver), self, G_CONNECT_SWAPPED);
}

static void
publish (Xep174Client *self)
{
  g_autofree char *ver = NULL;

  if (self->profile == NULL)
    return;

  g_object_get (self->manager, "capabilities", &ver, NULL);
  xep174_discovery_set_capabilities (self->profile, XEP174_CAPS_NODE, ver);
}

/* The manager may outlive us. */
void
xep174_client_forget_capabilities (Xep174Client *self)
{
  xep174_session_manager_set_find_ver (self->manager, NULL, NULL);
}

void
xep174_client_watch_capabilities (Xep174Client *self)
{
  publish (self);
  xep174_session_manager_set_find_ver (self->manager, find_ver, self);
  g_signal_connect_object (self->manager, "notify::capabilities", G_CALLBACK (publish), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->manager, "capabilities-changed",
                           G_CALLBACK (xep174_feature_host_tell_capabilities), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->discovery, "contact-added", G_CALLBACK (on_contact_added), self,
                           G_CONNECT_SWAPPED);
}
