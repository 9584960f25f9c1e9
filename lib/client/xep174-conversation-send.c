/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "xep174-client-private.h"
#include "xep174-gettext-private.h"

/**
 * xep174_conversation_send_async:
 * @self: a conversation
 * @message: what to say
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the message has gone out, or has not
 * @user_data: data for @callback
 *
 * Sends a message. It stands in the conversation at once, and [property@Message:state] says what
 * becomes of it, so that nobody needs to wait for @callback.
 *
 * One that is here already, and has failed or is unconfirmed, is sent again and keeps its place. One that is
 * received, or stands in another conversation, is not moved: another message says the same.
 *
 * Since: 1.0
 */
void
xep174_conversation_send_async (Xep174Conversation  *self,
                                Xep174Message       *message,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  Xep174FeatureHost *client;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  client = xep174_conversation_get_host (self);
  if (client == NULL)
    g_task_report_new_error (self, callback, user_data, xep174_conversation_send_async, XEP174_SESSION_ERROR,
                             XEP174_SESSION_ERROR_INVALID_STATE,
                             _("The conversation has ended; begin a new one"));
  else
    xep174_client_say (XEP174_CLIENT (client), self, xep174_conversation_send_async,
                       xep174_conversation_get_contact (self), message, cancellable, callback, user_data);
}

/**
 * xep174_conversation_send_finish:
 * @self: a conversation
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Conversation.send_async].
 *
 * Returns: as [method@Client.send_text_finish], and `XEP174_SESSION_ERROR_INVALID_STATE` if the
 *   client has gone or has dropped the conversation
 *
 * Since: 1.0
 */
gboolean
xep174_conversation_send_finish (Xep174Conversation  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
