/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-transfer-private.h"

#include "xep174-session-manager-private.h"

#define NS_CLIENT "jabber:client"
#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_JINGLE_ERRORS "urn:xmpp:jingle:errors:1"

Xep174TransferAround *
xep174_transfer_around_new (Xep174SessionManager *manager,
                            const char           *folder)
{
  Xep174TransferAround *around = g_rc_box_new0 (Xep174TransferAround);

  around->manager = manager;
  around->network = xep174_network_ref (xep174_session_manager_get_network (manager));
  around->context = g_main_context_ref (manager->context);
  around->folder = g_strdup (folder);

  return around;
}

Xep174TransferAround *
xep174_transfer_around_ref (Xep174TransferAround *around)
{
  return g_rc_box_acquire (around);
}

static void
clear (gpointer data)
{
  Xep174TransferAround *around = data;

  xep174_network_unref (around->network);
  g_main_context_unref (around->context);
  g_free (around->folder);
}

void
xep174_transfer_around_unref (Xep174TransferAround *around)
{
  g_rc_box_release_full (around, clear);
}

gboolean
xep174_transfer_around_is_open (Xep174TransferAround *around,
                                const char           *contact)
{
  Xep174Session *session = around->manager != NULL
    ? xep174_session_manager_find_session (around->manager, contact) : NULL;
  Xep174SessionState state = session != NULL ? xep174_session_get_state (session)
                                             : XEP174_SESSION_STATE_CLOSED;

  /* What is said before the first stanza of who has called waits for that (S1); no other opening is told. */
  return state == XEP174_SESSION_STATE_WAITING || state == XEP174_SESSION_STATE_OPEN;
}

static void
append_error (Xep174Element *answer,
              const char    *condition,
              const char    *more)
{
  Xep174Element *error = xep174_element_append_new (answer, "error", NULL);

  xep174_element_set_attribute (error, "type",
                                g_str_equal (condition, "resource-constraint") ? "wait" : "cancel");
  xep174_element_append_new (error, condition, NS_STANZAS);
  if (more != NULL)
    xep174_element_append_new (error, more, NS_JINGLE_ERRORS);
}

void
xep174_transfer_around_reply (Xep174TransferAround *around,
                              const char           *contact,
                              const char           *id,
                              Xep174Element        *payload,
                              const char           *condition,
                              const char           *more)
{
  g_autoptr(Xep174Element) answer = xep174_element_new ("iq", NS_CLIENT);

  if (around->manager == NULL)
    return;

  xep174_element_set_attribute (answer, "type", condition == NULL ? "result" : "error");
  xep174_element_set_attribute (answer, "id", id);
  if (payload != NULL)
    xep174_element_append_child (answer, payload);
  if (condition != NULL)
    append_error (answer, condition, more);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (around->manager), contact, answer, NULL, NULL, NULL);
}

void
xep174_transfer_around_answer (Xep174TransferAround *around,
                               const char           *contact,
                               Xep174Element        *iq,
                               const char           *condition,
                               const char           *more)
{
  xep174_transfer_around_reply (around, contact, xep174_element_get_attribute (iq, "id"), NULL, condition,
                                more);
}

GTask *
xep174_transfer_around_task (Xep174TransferAround *around,
                             gpointer              source,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              data)
{
  gboolean entered = xep174_poller_enter (around->network->poller);
  GTask *task = g_task_new (source, cancellable, callback, data);

  xep174_poller_leave (around->network->poller, entered);

  return task;
}

void
xep174_transfer_around_ask (Xep174TransferAround *around,
                            const char           *contact,
                            Xep174Element        *payload,
                            GAsyncReadyCallback   callback,
                            gpointer              data)
{
  g_autoptr(Xep174Element) iq = xep174_element_new ("iq", NS_CLIENT);

  if (around->manager == NULL)
    {
      g_autoptr(GTask) task = xep174_transfer_around_task (around, NULL, NULL, callback, data);

      g_task_return_new_error (task, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED, "Nobody is here");
      return;
    }

  xep174_element_set_attribute (iq, "type", "set");
  xep174_element_append_child (iq, payload);
  xep174_feature_host_request_async (XEP174_FEATURE_HOST (around->manager), contact, iq, NULL, callback,
                                     data);
}
