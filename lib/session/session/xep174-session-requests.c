/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program asks of a session. */

#include "xep174-session-private.h"

#include "xep174-element-limits-private.h"
#include "xep174-element-private.h"
#include "xep174-name-private.h"
#include "xep174-stream-writer-private.h"

/**
 * xep174_session_get_name:
 * @self: a session
 *
 * The name of the contact.
 *
 * Returns: (transfer none): see [property@Session:name]
 *
 * Since: 1.0
 */
const char *
xep174_session_get_name (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  return self->name;
}

/**
 * xep174_session_get_local_name:
 * @self: a session
 *
 * Our own name on this session.
 *
 * Returns: (transfer none) (nullable): see [property@Session:local-name]; %NULL if there is no
 *   stream and the manager is gone
 *
 * Since: 1.0
 */
const char *
xep174_session_get_local_name (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  return xep174_session_name_of_ours (self);
}

/**
 * xep174_session_dup_jid:
 * @self: a session
 *
 * The name of the contact as a JID, its user part escaped as in XEP-0106.
 *
 * Returns: (transfer full): a JID
 *
 * Since: 1.0
 */
char *
xep174_session_dup_jid (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  return xep174_name_to_jid (self->name);
}

/**
 * xep174_session_get_state:
 * @self: a session
 *
 * What the current stream is doing.
 *
 * Returns: see [property@Session:state]
 *
 * Since: 1.0
 */
Xep174SessionState
xep174_session_get_state (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), XEP174_SESSION_STATE_CLOSED);

  return self->state;
}

/**
 * xep174_session_get_role:
 * @self: a session
 *
 * Who opened the current stream.
 *
 * Returns: see [property@Session:role]
 *
 * Since: 1.0
 */
Xep174SessionRole
xep174_session_get_role (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), XEP174_SESSION_ROLE_NONE);

  return self->role;
}

/**
 * xep174_session_get_encrypted:
 * @self: a session
 *
 * Whether the current stream is encrypted.
 *
 * Returns: see [property@Session:encrypted]
 *
 * Since: 1.0
 */
gboolean
xep174_session_get_encrypted (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), FALSE);

  return xep174_session_is_encrypted (self);
}

/* Why nothing can be asked for now; %NULL if it can. */
static GError *
unavailable (Xep174Session *self)
{
  GError *error = NULL;

  if (self->around == NULL)
    return g_error_new (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                        "The session manager is gone, and with it the session with “%s”",
                        self->name);
  if (self->arbiter.stopping)
    return g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED,
                                "We are going offline");
  if (xep174_session_current_slot (self) == NULL)
    xep174_surroundings_check_name (self->around, self->name, &error);
  return error;
}

/* Its callback is called in the context of the session, whoever asks. */
static GTask *
request_task_new (Xep174Session       *self,
                  gpointer             tag,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  gboolean entered = xep174_poller_enter (self->network->poller);
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  xep174_poller_leave (self->network->poller, entered);
  return task;
}

static void
on_cancelled (gpointer data)
{
  Xep174Item *item = data;
  g_autoptr(Xep174Session) self = g_object_ref (item->desk->owner);

  /* In a main loop of a handler's own: the loop that runs finds it between two steps. */
  if (self->running)
    self->cancelling = TRUE;
  else if (xep174_session_take_out (self, item))
    {
      xep174_item_fail_cancelled (item);
      xep174_session_run (self);
    }
}

/* @xml is what @stanza was written as already, to the @self of now, but for @left_out octets. */
static void
request (Xep174Session       *self,
         Xep174HeadKind       kind,
         Xep174Element       *stanza,
         GString             *xml,
         gsize                left_out,
         gpointer             tag,
         GCancellable        *cancellable,
         GAsyncReadyCallback  callback,
         gpointer             user_data)
{
  /* There is one only if anybody asks. It does not know the cancellable: cancelled after it was
   * done, a request is done, and in its turn. */
  g_autoptr(GTask) task = callback != NULL ? request_task_new (self, tag, callback, user_data) : NULL;
  g_autoptr(GError) error = NULL;
  Xep174Item *item;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error)
      || (error = unavailable (self)) != NULL)
    {
      if (task != NULL)
        g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    {
      item = xep174_item_new (&self->desk, kind, stanza, g_steal_pointer (&task));
      item->awaits = self->around->settings.completion == XEP174_COMPLETION_RECEIVED;
      if (cancellable != NULL)
        xep174_item_watch (item, xep174_poller_get_canceller (self->network->poller), cancellable,
                           on_cancelled);
      if (xml != NULL)
        {
          Xep174Slot *slot = xep174_session_current_slot (self);

          if (self->delivering)
            xep174_item_note_reaction (item, xml->len + left_out);
          item->xml = g_steal_pointer (&xml);
          item->xml_serial = slot != NULL ? slot->serial : 0;
          if (left_out > 0)
            xep174_item_forget_xml (item);
        }
      xep174_session_enqueue (self, item);
      xep174_session_run (self);
    }
  if (xml != NULL)
    g_string_free (xml, TRUE);
}

static gboolean
finish (Xep174Session  *self,
        GAsyncResult   *result,
        gpointer        tag,
        GError        **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * xep174_session_open_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when there is a stream
 * @user_data: data for @callback
 *
 * Opens a stream to the contact if there is none. You do not need it before
 * [method@Session.send_async], which does the same.
 *
 * Since: 1.0
 */
void
xep174_session_open_async (Xep174Session       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (XEP174_IS_SESSION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  request (self, XEP174_HEAD_OPEN, NULL, NULL, 0, xep174_session_open_async, cancellable, callback,
           user_data);
}

/**
 * xep174_session_open_finish:
 * @self: a session
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Session.open_async].
 *
 * Returns: %TRUE if there is a stream. Else the error is `XEP174_SESSION_ERROR_UNREACHABLE` or
 *   `XEP174_SESSION_ERROR_TIMED_OUT` after all retries, one of [error@StreamError] if the contact
 *   refused for good, one of [error@DirectoryError] if nobody knows where the contact is,
 *   `XEP174_SESSION_ERROR_CLOSED` or `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
gboolean
xep174_session_open_finish (Xep174Session  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  return finish (self, result, xep174_session_open_async, error);
}

/**
 * xep174_session_close_async:
 * @self: a session
 * @cancellable: (nullable): a cancellable; it has no effect once the closing tag is written
 * @callback: (scope async) (nullable): called when the stream is closed
 * @user_data: data for @callback
 *
 * Closes the current stream, after what was asked for before; without one it does nothing.
 *
 * The contact's last stanzas are still delivered (XEP-0174 §8, RFC 6120 §4.4).
 *
 * Since: 1.0
 */
void
xep174_session_close_async (Xep174Session       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_return_if_fail (XEP174_IS_SESSION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  request (self, XEP174_HEAD_CLOSE, NULL, NULL, 0, xep174_session_close_async, cancellable, callback,
           user_data);
}

/**
 * xep174_session_close_finish:
 * @self: a session
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Session.close_async].
 *
 * Returns: %TRUE if the stream is closed, %FALSE with `XEP174_SESSION_ERROR_CLOSED` or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Since: 1.0
 */
gboolean
xep174_session_close_finish (Xep174Session  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  return finish (self, result, xep174_session_close_async, error);
}

/* X8: what the contact need not accept, if it is as we are, is refused here. */
static gboolean
is_within_limits (Xep174Session  *self,
                  Xep174Element  *stanza,
                  gsize           octets,
                  GError        **error)
{
  Xep174StreamLimits limits = XEP174_STREAM_LIMITS_STANDARD;
  const Xep174Settings *settings;

  if (self->around == NULL)
    return TRUE;

  settings = &self->around->settings;
  limits.max_stanza_octets = settings->max_stanza_octets;
  limits.max_depth = settings->max_depth;
  limits.max_attributes = settings->max_attributes;
  limits.max_namespaces = settings->max_namespaces;

  return xep174_element_check_limits (stanza, octets, xep174_session_name_of_ours (self),
                                      self->name, &limits, error);
}

static GString *
write_stanza (Xep174Session  *self,
              Xep174Element  *stanza,
              gsize          *left_out,
              GError        **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GString) xml = xep174_desk_take_room (&self->desk);

  if (!xep174_element_is_stanza (stanza))
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                   "<%s/> is no stanza; a message, presence or iq in jabber:client is",
                   xep174_element_get_name (stanza));
      return NULL;
    }
  /* Both look at every string; the one that tells what is wrong is asked only if something is. */
  if (!xep174_stream_writer_draft_stanza (xml, stanza, xep174_session_name_of_ours (self),
                                          self->name, left_out)
      && !xep174_element_check (stanza, &cause))
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                           cause->message);
      return NULL;
    }
  if (!is_within_limits (self, stanza, xml->len + *left_out, &cause))
    {
      g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA,
                           cause->message);
      return NULL;
    }
  return g_steal_pointer (&xml);
}

static void
decorate (Xep174Session *self,
          Xep174Element *stanza)
{
  g_autoptr(Xep174Surroundings) around = NULL;

  if (self->around == NULL || !xep174_feature_table_decorates (self->around->features)
      || xep174_element_is_sealed (stanza) || !xep174_element_is_stanza (stanza))
    return;

  around = xep174_surroundings_hold (self->around);
  xep174_feature_table_decorate (around->features, self->name, stanza);
}

static void
fail_request (Xep174Session       *self,
              gpointer             tag,
              GAsyncReadyCallback  callback,
              gpointer             user_data,
              GError              *error)
{
  g_autoptr(GTask) task = request_task_new (self, tag, callback, user_data);

  g_task_return_error (task, error);
}

/**
 * xep174_session_send_async:
 * @self: a session
 * @stanza: a `message`, `presence` or `iq`; it is sealed
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the stanza has gone out
 * @user_data: data for @callback
 *
 * Sends a stanza, on a new stream if there is none. Missing `from` and `to` are filled in.
 *
 * If the contact cannot be reached, the session tries again five times: after one second, and then each
 * time after twice as long. So the stanza fails after about half a minute. This is the same for a
 * name that the directory does not know, because the contact may just have come, or be away for a
 * moment. If your program does not want to wait, ask the directory first, as [class@Client] does, or
 * cancel.
 *
 * The request stays pending while the contact does not read, or while the stream may not be written
 * yet. If your program sends much, wait for the callback before you send more. What you send in a handler
 * of [signal@Session::stanza-received] is limited in any case: if a contact does not read your answers,
 * the session stops reading from it.
 *
 * Since: 1.0
 */
void
xep174_session_send_async (Xep174Session       *self,
                           Xep174Element       *stanza,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GError *error = NULL;
  GString *xml;
  gsize left_out;

  g_return_if_fail (XEP174_IS_SESSION (self));
  g_return_if_fail (stanza != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  decorate (self, stanza);
  xep174_element_seal (stanza);
  xml = write_stanza (self, stanza, &left_out, &error);
  if (xml != NULL)
    request (self, XEP174_HEAD_MESSAGE, stanza, xml, left_out, xep174_session_send_async, cancellable,
             callback, user_data);
  else
    fail_request (self, xep174_session_send_async, callback, user_data, error);
}

/**
 * xep174_session_send_xml_async:
 * @self: a session
 * @xml: a stanza as XML
 * @cancellable: (nullable): a cancellable; it has no effect once the first octet is written
 * @callback: (scope async) (nullable): called when the stanza has gone out
 * @user_data: data for @callback
 *
 * [method@Session.send_async] for those who have strings. What is sent has been parsed and
 * written anew.
 *
 * Since: 1.0
 */
void
xep174_session_send_xml_async (Xep174Session       *self,
                               const char          *xml,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(Xep174Element) stanza = NULL;
  GError *error = NULL;

  g_return_if_fail (XEP174_IS_SESSION (self));
  g_return_if_fail (xml != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  stanza = xep174_element_parse (xml, &error);
  if (stanza != NULL)
    xep174_session_send_async (self, stanza, cancellable, callback, user_data);
  else
    fail_request (self, xep174_session_send_async, callback, user_data, error);
}

/**
 * xep174_session_send_finish:
 * @self: a session
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Session.send_async] and [method@Session.send_xml_async].
 *
 * Returns: %TRUE if the whole stanza has been written to an established stream. If the connection
 *   breaks before there is a sign of its receipt, [signal@Session::stanza-unconfirmed] follows.
 *   Otherwise the error is `XEP174_SESSION_ERROR_INVALID_STANZA` for what cannot be sent, one of
 *   [error@StreamError] for XML that cannot be parsed, `XEP174_SESSION_ERROR_UNCONFIRMED` if the
 *   connection broke half-way, `G_IO_ERROR_CANCELLED`, or one of those of
 *   [method@Session.open_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_session_send_finish (Xep174Session  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  return finish (self, result, xep174_session_send_async, error);
}

/**
 * xep174_session_send_xml_finish:
 * @self: a session
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes [method@Session.send_xml_async], under the name that language bindings look for; in C
 * [method@Session.send_finish] serves both.
 *
 * Returns: as [method@Session.send_finish]
 *
 * Since: 1.0
 */
gboolean
xep174_session_send_xml_finish (Xep174Session  *self,
                                GAsyncResult   *result,
                                GError        **error)
{
  return xep174_session_send_finish (self, result, error);
}

/**
 * xep174_session_steal_stream:
 * @self: a session
 * @error: return location for an error
 *
 * Takes the connection of the open stream out of the session. The session is then closed, and nothing
 * is sent for that. From now on only the caller reads and writes on the connection.
 *
 * The place for it is the callback of [method@Session.open_async]. Not possible inside of a signal
 * handler or of another callback, while anything is queued or half written, or while something read
 * has not been looked at.
 *
 * Returns: (transfer full): the connection, or %NULL with `XEP174_SESSION_ERROR_INVALID_STATE`, or
 *   `XEP174_SESSION_ERROR_NOT_SUPPORTED` for one that the library encrypts
 *
 * Since: 1.0
 */
GIOStream *
xep174_session_steal_stream (Xep174Session  *self,
                             GError        **error)
{
  g_autoptr(Xep174Session) held = NULL;
  gboolean running;
  Xep174Slot *slot;

  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  running = self->running;
  slot = xep174_session_current_slot (self);
  /* The keys are the library's, and the other side would take what comes for the end. */
  if (slot != NULL && slot->tls != NULL)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED,
                   "The connection with “%s” is encrypted by the library, and only the library can use it; "
                   "do without encryption, or make a connection of your own", self->name);
      return NULL;
    }
  if ((running && !self->telling) || slot == NULL || slot->transport == NULL || slot->ended
      || !xep174_arbiter_may_steal (&self->arbiter, slot->index)
      || slot->item_kind != XEP174_STREAM_ITEM_NONE
      || xep174_stream_parser_has_pending (slot->parser))
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   "The connection with “%s” is not open, or in use; take it when the open is done",
                   self->name);
      return NULL;
    }

  held = g_object_ref (self);
  /* What it carried is the caller's to know now. */
  xep174_slot_confirm_all (slot);
  self->running = FALSE;
  xep174_session_happen (self, XEP174_STREAM_EVENT_STEAL, slot);
  self->running = running;
  return g_steal_pointer (&self->stolen);
}
