/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The signals about messages, and how they come from stanzas. */

#include "xep174-client-private.h"
#include "xep174-message-private.h"
#include "xep174-refusal-private.h"

enum
{
  SIGNAL_MESSAGE_RECEIVED,
  SIGNAL_MESSAGE_CONFIRMED,
  SIGNAL_MESSAGE_UNCONFIRMED,
  SIGNAL_MESSAGE_REFUSED,
  SIGNAL_KEY_SEEN,
  SIGNAL_KEY_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
install_key_signals (GType type)
{
  /**
   * Xep174Client::key-seen:
   * @self: the client
   * @name: the name of the contact
   * @fingerprint: SHA-256 of the key, as 64 hexadecimal digits
   *
   * A contact has shown its first key: see [signal@SessionManager::key-seen].
   *
   * Since: 1.0
   */
  signals[SIGNAL_KEY_SEEN] =
    g_signal_new ("key-seen", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * Xep174Client::key-changed:
   * @self: the client
   * @name: the name of the contact
   * @old: (nullable): SHA-256 of a key that the name has, as 64 hexadecimal digits
   * @new: the same of the key that was shown now
   *
   * Somebody has shown another key than those that the name has, and nothing is sent: see
   * [signal@SessionManager::key-changed]. Warn the user, who may accept the key
   * ([method@SessionManager.accept_key]) or distrust it ([method@SessionManager.distrust_key]).
   *
   * Since: 1.0
   */
  signals[SIGNAL_KEY_CHANGED] =
    g_signal_new ("key-changed", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

void
xep174_client_install_signals (GType type)
{
  /**
   * Xep174Client::message-received:
   * @self: the client
   * @contact: who says it
   * @message: what is said
   *
   * A contact has sent a message.
   *
   * @contact is the object in [property@Client:contacts] if the sender is there. If not (any more),
   * it is an object that is not online, and the same one as long as the session lives.
   *
   * You can safely answer every message. Errors never come as messages (RFC 6120 §8.3.1); they come
   * as [signal@Client::message-refused].
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_RECEIVED] =
    g_signal_new ("message-received", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XEP174_TYPE_CONTACT, XEP174_TYPE_MESSAGE);

  /**
   * Xep174Client::message-confirmed:
   * @self: the client
   * @contact: whom it was sent to
   * @message: what was sent
   *
   * There is a sign that the contact's program has received a message: see
   * [signal@Session::stanza-confirmed]. It comes once for each message, in the order of sending, after the
   * call that sent it has succeeded. It does not say that a person has read it.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_CONFIRMED] =
    g_signal_new ("message-confirmed", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XEP174_TYPE_CONTACT, XEP174_TYPE_MESSAGE);

  /**
   * Xep174Client::message-unconfirmed:
   * @self: the client
   * @contact: whom it was sent to
   * @message: what was sent
   *
   * The conversation ended after a message was written, and before there was a sign of its receipt.
   * Or the contact talks, but never says what it has received, and much was sent to it.
   *
   * Nobody knows whether it has arrived, so it is not sent again. The call that sent it has already
   * succeeded.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_UNCONFIRMED] =
    g_signal_new ("message-unconfirmed", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XEP174_TYPE_CONTACT, XEP174_TYPE_MESSAGE);

  /**
   * Xep174Client::message-refused:
   * @self: the client
   * @contact: whom it was sent to
   * @id: (nullable): the [property@Message:id] of what was sent; %NULL if the contact does not say
   * @error: `XEP174_SESSION_ERROR_REFUSED`, and why, with the contact's own words if there are any
   *
   * A message has arrived, and the contact's program did not accept it (RFC 6120 §8.3).
   *
   * The call that sent it has already succeeded. A stanza that [method@Client.send_stanza_async] sent
   * can be refused too, for example the news that somebody is typing. Do not answer with a message.
   * After this signal, [signal@SessionManager::stanza-received] gives the whole stanza that came back.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_REFUSED] =
    g_signal_new ("message-refused", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 3, XEP174_TYPE_CONTACT, G_TYPE_STRING, G_TYPE_ERROR);

  install_key_signals (type);
}

/* Emits @signal_id if @stanza is something that one person says to another. */
static gboolean
emit_message (Xep174Client  *self,
              guint          signal_id,
              Xep174Session *session,
              Xep174Element *stanza)
{
  g_autoptr(Xep174Message) message = xep174_message_new_from_element (stanza);
  g_autoptr(Xep174Contact) contact = NULL;

  if (message == NULL)
    return FALSE;

  contact = xep174_correspondents_dup (self->correspondents, session);
  g_signal_emit (self, signals[signal_id], 0, contact, message);

  return TRUE;
}

static void
emit_refused (Xep174Client  *self,
              Xep174Session *session,
              Xep174Element *stanza)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Contact) contact = NULL;

  if (!xep174_element_matches (stanza, "message", "jabber:client")
      || (error = xep174_refusal_new_from_element (stanza)) == NULL)
    return;

  g_debug ("“%s” has refused a message", xep174_session_get_name (session));
  contact = xep174_correspondents_dup (self->correspondents, session);
  g_signal_emit (self, signals[SIGNAL_MESSAGE_REFUSED], 0, contact,
                 xep174_element_get_attribute (stanza, "id"), error);
}

/* A refusal is told by our signal, and then offered to the other handlers as a whole stanza. */
static gboolean
on_stanza_received (Xep174SessionManager *manager,
                    Xep174Session        *session,
                    Xep174Element        *stanza,
                    Xep174Client         *self)
{
  if (emit_message (self, SIGNAL_MESSAGE_RECEIVED, session, stanza))
    return TRUE;

  emit_refused (self, session, stanza);
  return FALSE;
}

static void
on_stanza_confirmed (Xep174SessionManager *manager,
                     Xep174Session        *session,
                     Xep174Element        *stanza,
                     Xep174Client         *self)
{
  if (g_signal_has_handler_pending (self, signals[SIGNAL_MESSAGE_CONFIRMED], 0, FALSE))
    emit_message (self, SIGNAL_MESSAGE_CONFIRMED, session, stanza);
}

static void
on_stanza_unconfirmed (Xep174SessionManager *manager,
                       Xep174Session        *session,
                       Xep174Element        *stanza,
                       Xep174Client         *self)
{
  g_debug ("Whether “%s” got the last message is not known", xep174_session_get_name (session));
  emit_message (self, SIGNAL_MESSAGE_UNCONFIRMED, session, stanza);
}

void
xep174_client_listen (Xep174Client *self)
{
  g_signal_connect_object (self->manager, "stanza-received",
                           G_CALLBACK (on_stanza_received), self, 0);
  g_signal_connect_object (self->manager, "stanza-confirmed",
                           G_CALLBACK (on_stanza_confirmed), self, 0);
  g_signal_connect_object (self->manager, "stanza-unconfirmed",
                           G_CALLBACK (on_stanza_unconfirmed), self, 0);
}

void
xep174_client_tell_key_seen (Xep174Client *self,
                             const char   *name,
                             const char   *fingerprint)
{
  g_signal_emit (self, signals[SIGNAL_KEY_SEEN], 0, name, fingerprint);
}

void
xep174_client_tell_key_changed (Xep174Client *self,
                                const char   *name,
                                const char   *old,
                                const char   *new)
{
  g_signal_emit (self, signals[SIGNAL_KEY_CHANGED], 0, name, old, new);
}
