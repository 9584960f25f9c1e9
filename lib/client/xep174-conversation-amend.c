/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the user says of an earlier message. It shows here once it has gone out. */

#include "xep174-client-private.h"

#include "xep174-corrections.h"
#include "xep174-gettext-private.h"
#include "xep174-reactions.h"
#include "xep174-retractions.h"

/* What is changed once it has gone out: one of the last two is not NULL, or it is taken back. */
typedef struct
{
  gpointer feature;
  Xep174Message *message;
  Xep174Message *better;
  GStrv reactions;
} Amendment;

static void
amendment_free (Amendment *amendment)
{
  g_object_unref (amendment->feature);
  g_object_unref (amendment->message);
  g_clear_object (&amendment->better);
  g_strfreev (amendment->reactions);
  g_free (amendment);
}

static Amendment *
amendment_of (GTask *task)
{
  return g_task_get_task_data (task);
}

/* Takes @task and @error, which is %NULL if it has gone out. */
static void
end (GTask  *task,
     GError *error)
{
  G_GNUC_UNUSED g_autoptr(GTask) owned = task;
  Amendment *amendment = amendment_of (task);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (amendment->better != NULL)
    xep174_message_correct (amendment->message, amendment->better);
  else if (amendment->reactions != NULL)
    xep174_message_put_reactions (amendment->message, TRUE, (const char * const *) amendment->reactions);
  else
    xep174_message_retract (amendment->message);
  g_task_return_boolean (task, TRUE);
}

static const char *
find_obstacle (Xep174Conversation *self,
               Xep174Message      *message,
               gboolean            only_ours)
{
  if (xep174_conversation_get_host (self) == NULL)
    return _("The conversation has ended; begin a new one");
  if (message->conversation != self || message->id == NULL)
    return _("This message is not here (any more), or has no id");
  if (message->retracted)
    return _("This message was taken back");
  if (only_ours && !message->outgoing)
    return _("Only who wrote a message can change it");
  if (message->outgoing && message->state == XEP174_MESSAGE_STATE_FAILED)
    return _("This message was not sent; send it again first");
  return NULL;
}

/* (transfer none) (nullable): the feature of @type, if it can do something to @message. */
static gpointer
find_feature (Xep174Conversation  *self,
              Xep174Message       *message,
              GType                type,
              GError             **error)
{
  const char *obstacle = find_obstacle (self, message, type != XEP174_TYPE_REACTIONS);
  Xep174Feature *found = NULL;

  if (obstacle == NULL)
    found = xep174_feature_host_get_feature (xep174_conversation_get_host (self), type);
  if (obstacle != NULL)
    g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE, obstacle);
  else if (found == NULL)
    g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
                 _("The program has not switched this on: add %s to its client first"), g_type_name (type));
  return found;
}

/* What @feature is to do with @message, as the data of a task. */
static GTask *
begin (Xep174Conversation  *self,
       gpointer             tag,
       Xep174Message       *message,
       gpointer             feature,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Amendment *amendment = g_new0 (Amendment, 1);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  amendment->feature = g_object_ref (feature);
  amendment->message = g_object_ref (message);
  g_task_set_task_data (task, amendment, (GDestroyNotify) amendment_free);
  return task;
}

static gboolean
finish (Xep174Conversation  *self,
        gpointer             tag,
        GAsyncResult        *result,
        GError             **error)
{
  g_return_val_if_fail (XEP174_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Corrections ----------------------------------------------------------------------------- */

static void
on_correction_sent (GObject      *host,
                    GAsyncResult *result,
                    gpointer      task)
{
  GError *error = NULL;

  xep174_feature_host_send_finish (XEP174_FEATURE_HOST (host), result, &error);
  end (task, error);
}

/* It says all again that the first one said, with an id of its own. */
static Xep174Message *
dup_with_text (Xep174Message *message,
               const char    *text)
{
  Xep174Message *better = xep174_message_copy (message);

  g_free (better->body);
  better->body = g_strdup (text);
  g_clear_pointer (&better->id, g_free);
  return better;
}

/* (transfer full) (nullable): what says it to the contact. */
static Xep174Element *
dup_stanza (Xep174Conversation  *self,
            Xep174Message       *message,
            GError             **error)
{
  g_autoptr(Xep174Element) stanza = xep174_message_to_element (message, error);

  if (stanza == NULL
      || !xep174_message_write_reply (message, xep174_conversation_get_host (self),
                                      xep174_contact_get_name (self->contact), stanza, error))
    return NULL;

  return g_steal_pointer (&stanza);
}

/**
 * xep174_conversation_correct_async:
 * @self: a conversation
 * @message: a message of the user, which stands in it
 * @text: the text that takes the place of what it said
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when it has gone out, or has not
 * @user_data: data for @callback
 *
 * Puts a better text in the place of an earlier one (XEP-0308). The client must have [class@Corrections].
 * @message changes when it has gone out.
 *
 * Where nothing shows that the contact's program understands it, @text is sent as a new message, which stands
 * in the conversation at once, and @message stays as it is. As long as @message is queued nothing is sent
 * there: it fails, so that the contact does not get both texts.
 *
 * Since: 1.0
 */
void
xep174_conversation_correct_async (Xep174Conversation  *self,
                                   Xep174Message       *message,
                                   const char          *text,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  const gpointer tag = xep174_conversation_correct_async;
  Xep174FeatureHost *host;
  gpointer feature;
  g_autoptr(Xep174Message) better = NULL;
  g_autoptr(Xep174Element) stanza = NULL;
  GError *error = NULL;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (text != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  host = xep174_conversation_get_host (self);
  feature = find_feature (self, message, XEP174_TYPE_CORRECTIONS, &error);
  if (feature != NULL)
    better = dup_with_text (message, text);
  if (better != NULL)
    stanza = dup_stanza (self, better, &error);

  if (stanza == NULL)
    {
      g_task_report_error (self, callback, user_data, tag, error);
    }
  else if (xep174_corrections_mark (feature, xep174_contact_get_name (self->contact), stanza, message->id))
    {
      GTask *task = begin (self, tag, message, feature, cancellable, callback, user_data);

      amendment_of (task)->better = g_steal_pointer (&better);
      xep174_feature_host_send_async (host, xep174_contact_get_name (self->contact), stanza, cancellable,
                                      on_correction_sent, task);
    }
  else if (message->state == XEP174_MESSAGE_STATE_QUEUED)
    {
      g_task_report_new_error (self, callback, user_data, tag, XEP174_SESSION_ERROR,
                               XEP174_SESSION_ERROR_INVALID_STATE,
                               _("This message has not gone out yet; correct it when it has"));
    }
  else
    {
      xep174_client_say (XEP174_CLIENT (host), self, tag, self->contact, better, cancellable, callback,
                         user_data);
    }
}

/**
 * xep174_conversation_correct_finish:
 * @self: a conversation
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Conversation.correct_async].
 *
 * Returns: as [method@Conversation.send_finish]; also `XEP174_SESSION_ERROR_NOT_SUPPORTED` if the client
 *   does not have [class@Corrections], and `XEP174_SESSION_ERROR_INVALID_STATE` if the message is not the
 *   user's, does not stand in the conversation, was taken back, was not sent, or is queued where only another
 *   message could say it better
 *
 * Since: 1.0
 */
gboolean
xep174_conversation_correct_finish (Xep174Conversation  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  return finish (self, xep174_conversation_correct_async, result, error);
}

/* --- Retractions ----------------------------------------------------------------------------- */

static void
on_retraction_sent (GObject      *retractions,
                    GAsyncResult *result,
                    gpointer      task)
{
  GError *error = NULL;

  xep174_retractions_send_finish (XEP174_RETRACTIONS (retractions), result, &error);
  end (task, error);
}

/**
 * xep174_conversation_retract_async:
 * @self: a conversation
 * @message: a message of the user, which stands in it
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when it has gone out, or has not
 * @user_data: data for @callback
 *
 * Takes a message back (XEP-0424): the contact's program is asked to show it no more. The client must have
 * [class@Retractions]. [property@Message:retracted] is set when it has gone out.
 *
 * Since: 1.0
 */
void
xep174_conversation_retract_async (Xep174Conversation  *self,
                                   Xep174Message       *message,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GError *error = NULL;
  gpointer feature;
  GTask *task;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  feature = find_feature (self, message, XEP174_TYPE_RETRACTIONS, &error);
  if (feature == NULL)
    {
      g_task_report_error (self, callback, user_data, xep174_conversation_retract_async, error);
      return;
    }

  task = begin (self, xep174_conversation_retract_async, message, feature, cancellable, callback, user_data);
  xep174_retractions_send_async (feature, xep174_contact_get_name (self->contact),
                                 message->id, cancellable, on_retraction_sent, task);
}

/**
 * xep174_conversation_retract_finish:
 * @self: a conversation
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Conversation.retract_async].
 *
 * Returns: %TRUE, or %FALSE with `XEP174_SESSION_ERROR_NOT_SUPPORTED` if the client does not have
 *   [class@Retractions] or nothing shows that the contact's program understands it,
 *   `XEP174_SESSION_ERROR_INVALID_STATE` if the message is not the user's, does not stand in the
 *   conversation, was taken back already or was not sent, or one of the errors of
 *   [method@FeatureHost.send_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_conversation_retract_finish (Xep174Conversation  *self,
                                    GAsyncResult        *result,
                                    GError             **error)
{
  return finish (self, xep174_conversation_retract_async, result, error);
}

/* --- Reactions ------------------------------------------------------------------------------- */

static void
on_reactions_sent (GObject      *reactions,
                   GAsyncResult *result,
                   gpointer      task)
{
  GError *error = NULL;

  xep174_reactions_send_finish (XEP174_REACTIONS (reactions), result, &error);
  end (task, error);
}

/**
 * xep174_conversation_react_async:
 * @self: a conversation
 * @message: a message that stands in it
 * @reactions: (array zero-terminated=1): all signs that the user has on it from now on, none to take them
 *   away; 64 at most, each of 1 to 64 octets
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when it has gone out, or has not
 * @user_data: data for @callback
 *
 * Puts signs on a message, usually emoji (XEP-0444). The client must have [class@Reactions].
 * [property@Message:own-reactions] is set when it has gone out.
 *
 * Since: 1.0
 */
void
xep174_conversation_react_async (Xep174Conversation  *self,
                                 Xep174Message       *message,
                                 const char * const  *reactions,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GError *error = NULL;
  gpointer feature;
  GTask *task;

  g_return_if_fail (XEP174_IS_CONVERSATION (self));
  g_return_if_fail (XEP174_IS_MESSAGE (message));
  g_return_if_fail (reactions != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  feature = find_feature (self, message, XEP174_TYPE_REACTIONS, &error);
  if (feature == NULL)
    {
      g_task_report_error (self, callback, user_data, xep174_conversation_react_async, error);
      return;
    }

  task = begin (self, xep174_conversation_react_async, message, feature, cancellable, callback, user_data);
  amendment_of (task)->reactions = g_strdupv ((GStrv) reactions);
  xep174_reactions_send_async (feature, xep174_contact_get_name (self->contact), message->id,
                               reactions, cancellable, on_reactions_sent, task);
}

/**
 * xep174_conversation_react_finish:
 * @self: a conversation
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Conversation.react_async].
 *
 * Returns: %TRUE, or %FALSE with `XEP174_SESSION_ERROR_NOT_SUPPORTED` if the client does not have
 *   [class@Reactions] or nothing shows that the contact's program understands it,
 *   `XEP174_SESSION_ERROR_INVALID_STATE` if the message does not stand in the conversation, was taken back or
 *   was not sent, or one of the errors of [method@Reactions.send_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_conversation_react_finish (Xep174Conversation  *self,
                                  GAsyncResult        *result,
                                  GError             **error)
{
  return finish (self, xep174_conversation_react_async, result, error);
}
