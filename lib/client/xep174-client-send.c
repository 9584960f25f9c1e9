/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-client-private.h"
#include "xep174-gettext-private.h"
#include "xep174-message-private.h"
#include "xep174-session-manager-private.h"

/* A message that is under way: the data of its task, which may be another object's. */
typedef struct
{
  Xep174Client *client;
  Xep174Message *message;
  /* What the success of the call says. */
  Xep174MessageEvent done;
} Saying;

static void
saying_free (Saying *saying)
{
  g_object_unref (saying->client);
  g_object_unref (saying->message);
  g_free (saying);
}

/* Takes @task and @error, which is %NULL if it was sent. */
static void
end (GTask  *task,
     GError *error)
{
  G_GNUC_UNUSED g_autoptr(GTask) owned = task;
  Saying *saying = g_task_get_task_data (task);

  /* Without a conversation it is the program's object, and its state, too, is of use. */
  if (saying != NULL && error == NULL)
    xep174_message_tell (saying->message, saying->done, NULL);
  else if (saying != NULL && g_error_matches (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED))
    xep174_message_tell (saying->message, XEP174_MESSAGE_EVENT_UNCONFIRMED, error);
  else if (saying != NULL)
    xep174_message_tell (saying->message, XEP174_MESSAGE_EVENT_FAILED, error);

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError *error = NULL;

  xep174_session_send_finish (XEP174_SESSION (source), result, &error);
  end (user_data, error);
}

/* Only the session looks at the cancellable. Once it has begun to write the stanza, the result must
 * be that of the send; otherwise a program would send again what has arrived (S7). */
static GTask *
send_task_new (Xep174Client        *self,
               gpointer             source,
               gpointer             tag,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  Xep174Poller *poller = xep174_session_manager_get_network (self->manager)->poller;
  gboolean entered = xep174_poller_enter (poller);
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  xep174_poller_leave (poller, entered);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, tag);
  return task;
}

/* A session with a contact that is there, or with one that has a stream to us at this moment. */
static Xep174Session *
dup_session_for (Xep174Client   *self,
                 Xep174Contact  *contact,
                 GError        **error)
{
  const char *name = xep174_contact_get_name (contact);

  if (self->phase != XEP174_CLIENT_PHASE_RUNNING)
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                           _("The client is not on the network; start it first"));
      return NULL;
    }
  if (xep174_client_find_contact (self, name) == NULL)
    {
      g_set_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME,
                   _("%s is not on the network (any more)"), name);
      return NULL;
    }

  return xep174_session_manager_ensure_session (self->manager, name, error);
}

/* Takes @task. @stanza is %NULL if there is none because of @error, which is taken too. */
static void
send_or_fail (Xep174Client  *self,
              Xep174Contact *contact,
              Xep174Element *stanza,
              GError        *error,
              GTask         *task)
{
  g_autoptr(Xep174Session) session = NULL;

  if (stanza != NULL)
    session = dup_session_for (self, contact, &error);
  if (session == NULL)
    end (task, error);
  else
    xep174_session_send_async (session, stanza, g_task_get_cancellable (task), on_sent, task);
}

void
xep174_client_say (Xep174Client        *self,
                   gpointer             source,
                   gpointer             tag,
                   Xep174Contact       *contact,
                   Xep174Message       *message,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  GTask *task = send_task_new (self, source, tag, cancellable, callback, user_data);
  Saying *saying = g_new (Saying, 1);
  g_autoptr(Xep174Element) stanza = NULL;
  GError *error = NULL;

  saying->client = g_object_ref (self);
  saying->done = xep174_session_manager_get_completion (self->manager) == XEP174_COMPLETION_RECEIVED
                 ? XEP174_MESSAGE_EVENT_CONFIRMED : XEP174_MESSAGE_EVENT_WRITTEN;
  saying->message = xep174_conversations_hand_over (self->conversations, contact, message);
  g_task_set_task_data (task, saying, (GDestroyNotify) saying_free);
  stanza = xep174_message_to_element (saying->message, &error);
  if (stanza != NULL && !xep174_message_write_reply (saying->message, XEP174_FEATURE_HOST (self),
                                                     xep174_contact_get_name (contact), stanza, &error))
    g_clear_pointer (&stanza, xep174_element_unref);
  send_or_fail (self, contact, stanza, error, task);
}

/**
 * xep174_client_send_text_async:
 * @self: a client
 * @contact: whom to say it to
 * @text: what to say
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the message has gone out
 * @user_data: data for @callback
 *
 * Sends a chat message, and opens a session first if there is none.
 *
 * Since: 1.0
 */
void
xep174_client_send_text_async (Xep174Client        *self,
                               Xep174Contact       *contact,
                               const char          *text,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(Xep174Message) message = NULL;

  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (XEP174_IS_CONTACT (contact));
  g_return_if_fail (text != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, text);
  xep174_client_say (self, self, xep174_client_send_text_async, contact, message, cancellable, callback,
                     user_data);
}

/**
 * xep174_client_send_text_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.send_text_async].
 *
 * Messages to one contact go out in the order of the calls.
 *
 * Returns: %TRUE if the whole message has been written to an established stream. If the connection
 *   breaks before there is a sign of its receipt, [signal@Client::message-unconfirmed] follows.
 *   Otherwise the error is `XEP174_DIRECTORY_ERROR_UNKNOWN_NAME` if the contact has gone,
 *   `XEP174_SESSION_ERROR_INVALID_STANZA` for a text that is empty or that XML cannot carry,
 *   `XEP174_SESSION_ERROR_INVALID_STATE` if the client does not run, `G_IO_ERROR_CANCELLED`, or
 *   the reason why the session failed ([error@SessionError], [error@StreamError])
 *
 * Since: 1.0
 */
gboolean
xep174_client_send_text_finish (Xep174Client *self,
                                GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_client_send_message_async:
 * @self: a client
 * @contact: whom to say it to
 * @message: what to say; it is given an id if it has none
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the message has gone out
 * @user_data: data for @callback
 *
 * Sends a message, and opens a session first if there is none.
 *
 * Since: 1.0
 */
void
xep174_client_send_message_async (Xep174Client        *self,
                                  Xep174Contact       *contact,
                                  Xep174Message       *message,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (XEP174_IS_CONTACT (contact));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  xep174_client_say (self, self, xep174_client_send_message_async, contact, message, cancellable, callback,
                     user_data);
}

/**
 * xep174_client_send_message_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.send_message_async].
 *
 * Returns: as [method@Client.send_text_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_client_send_message_finish (Xep174Client *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_client_send_stanza_async:
 * @self: a client
 * @contact: whom to send it to
 * @stanza: a `message`, `presence` or `iq`; it is sealed
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the stanza has gone out
 * @user_data: data for @callback
 *
 * Sends any stanza, and opens a session first if there is none. Use it for more than a text: a message
 * with markup beside its `<body>` (XEP-0071), a chat state such as “is typing” (XEP-0085), or a question.
 *
 * The library fills in `from` and `to` if they are missing. It does not add an `id`.
 *
 * Since: 1.0
 */
void
xep174_client_send_stanza_async (Xep174Client        *self,
                                 Xep174Contact       *contact,
                                 Xep174Element       *stanza,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (XEP174_IS_CLIENT (self));
  g_return_if_fail (XEP174_IS_CONTACT (contact));
  g_return_if_fail (stanza != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  xep174_element_seal (stanza);
  task = send_task_new (self, self, xep174_client_send_stanza_async, cancellable, callback, user_data);
  send_or_fail (self, contact, stanza, NULL, task);
}

/**
 * xep174_client_send_stanza_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Client.send_stanza_async].
 *
 * Stanzas and messages to one contact go out in the order of the calls.
 *
 * Returns: as [method@Client.send_text_finish]; if the stanza is not a message with a text and is not
 *   confirmed, [signal@SessionManager::stanza-unconfirmed] is emitted
 *
 * Since: 1.0
 */
gboolean
xep174_client_send_stanza_finish (Xep174Client *self,
                                  GAsyncResult *result,
                                  GError      **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
