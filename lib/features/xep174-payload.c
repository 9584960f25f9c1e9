/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-payload-private.h"

#include "xep174-gettext-private.h"
#include "xep174-session-error.h"

#include <string.h>

#define NS_CLIENT "jabber:client"
#define ID_MAX 1024

const char *
xep174_payload_get_id (Xep174Element *payload)
{
  const char *id = xep174_element_get_attribute (payload, "id");

  return id != NULL && *id != '\0' && strlen (id) <= ID_MAX ? id : NULL;
}

gboolean
xep174_payload_is_known (Xep174Feature *feature,
                         const char    *contact,
                         const char    *xmlns)
{
  Xep174FeatureHost *host = xep174_feature_get_host (feature);

  return host != NULL && xep174_feature_host_supports (host, contact, xmlns) == XEP174_SUPPORT_YES;
}

Xep174Element *
xep174_payload_new_message (const char *name,
                            const char *xmlns,
                            const char *id)
{
  Xep174Element *message = xep174_element_new ("message", NS_CLIENT);

  xep174_element_set_attribute (message, "type", "chat");
  xep174_element_set_attribute (xep174_element_append_new (message, name, xmlns), "id", id);
  return message;
}

static void
on_sent (GObject      *host,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;

  if (xep174_feature_host_send_finish (XEP174_FEATURE_HOST (host), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
xep174_payload_send (Xep174Feature *feature,
                     const char    *contact,
                     const char    *xmlns,
                     Xep174Element *message,
                     GTask         *task)
{
  if (xep174_payload_is_known (feature, contact, xmlns))
    {
      g_autofree char *id = g_uuid_string_random ();

      /* Once it is written it is so, and must not be told otherwise. */
      g_task_set_check_cancellable (task, FALSE);
      xep174_element_set_attribute (message, "id", id);
      xep174_feature_host_send_async (xep174_feature_get_host (feature), contact, message,
                                      g_task_get_cancellable (task), on_sent, task);
      return;
    }

  g_task_return_new_error (task, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
                           _("Nothing shows that the program of “%s” understands this; say it in a message"),
                           contact);
  g_object_unref (task);
}
