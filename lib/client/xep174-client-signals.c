/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The signals: of messages, and how they come from stanzas; and what discovery and sessions tell of a
 * name, told of a contact. */

#include "xep174-client-private.h"
#include "xep174-gettext-private.h"
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
  SIGNAL_UNENCRYPTED_REFUSED,
  SIGNAL_CONTACT_ADDED,
  SIGNAL_CONTACT_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
install_contact_signals (GType type)
{
  /**
   * Xep174Client::contact-added:
   * @self: the client
   * @contact: a contact
   *
   * Somebody has appeared.
   *
   * [signal@Gio.ListModel::items-changed] of [property@Client:contacts] came before, and
   * [property@Contact:trust] is known already.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CONTACT_ADDED] =
    g_signal_new ("contact-added", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_CONTACT);

  /**
   * Xep174Client::contact-removed:
   * @self: the client
   * @contact: a contact
   *
   * Somebody has gone. [signal@Gio.ListModel::items-changed] of [property@Client:contacts] came before.
   *
   * When the client stops, this is emitted for everybody.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CONTACT_REMOVED] =
    g_signal_new ("contact-removed", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_CONTACT);
}

static void
install_key_signals (GType type)
{
  /**
   * Xep174Client::key-seen:
   * @self: the client
   * @contact: a contact
   * @fingerprint: SHA-256 of the key, as 64 hexadecimal digits
   *
   * A contact has shown its first key: see [signal@SessionManager::key-seen].
   *
   * Since: 1.0
   */
  signals[SIGNAL_KEY_SEEN] =
    g_signal_new ("key-seen", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 2, XEP174_TYPE_CONTACT, G_TYPE_STRING);

  /**
   * Xep174Client::key-changed:
   * @self: the client
   * @contact: a contact
   * @old: (nullable): SHA-256 of a key that the contact has, as 64 hexadecimal digits
   * @new: the same of the key that was shown now
   *
   * Somebody has shown another key than those that the contact has, and nothing is sent: see
   * [signal@SessionManager::key-changed]. Warn the user, who may accept the key
   * ([method@Client.accept_key]) or distrust it ([method@Client.distrust_key]).
   *
   * Since: 1.0
   */
  signals[SIGNAL_KEY_CHANGED] =
    g_signal_new ("key-changed", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 3, XEP174_TYPE_CONTACT, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * Xep174Client::unencrypted-refused:
   * @self: the client
   * @contact: a contact
   *
   * Somebody has called in the name of a contact, without encryption, and was not heard: see
   * [signal@SessionManager::unencrypted-refused].
   *
   * Since: 1.0
   */
  signals[SIGNAL_UNENCRYPTED_REFUSED] =
    g_signal_new ("unencrypted-refused", type, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, XEP174_TYPE_CONTACT);
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

  install_contact_signals (type);
  install_key_signals (type);
}

static Xep174Contact *
dup_contact (Xep174Client  *self,
             Xep174Session *session)
{
  return xep174_correspondents_dup (self->correspondents, xep174_session_get_name (session));
}

/* TRUE if @stanza is something that one person says to another. */
static gboolean
emit_received (Xep174Client  *self,
               Xep174Session *session,
               Xep174Element *stanza)
{
  g_autoptr(Xep174Message) message = xep174_message_new_from_element (stanza, FALSE);
  g_autoptr(Xep174Contact) contact = NULL;

  if (message == NULL)
    return FALSE;

  contact = dup_contact (self, session);
  xep174_message_read_reply (message, XEP174_FEATURE_HOST (self));
  xep174_message_stamp (message, contact, xep174_message_find_delay (stanza));
  xep174_conversations_take (self->conversations, contact, message);
  g_signal_emit (self, signals[SIGNAL_MESSAGE_RECEIVED], 0, contact, message);

  return TRUE;
}

/* What has become of @stanza. What stands in a conversation is told as the same object. */
static void
emit_sent (Xep174Client       *self,
           guint               signal_id,
           Xep174Session      *session,
           Xep174Element      *stanza,
           Xep174MessageEvent  event,
           const GError       *error)
{
  g_autoptr(Xep174Message) message = NULL;
  g_autoptr(Xep174Contact) contact = NULL;

  message = xep174_conversations_tell (self->conversations, xep174_session_get_name (session),
                                       xep174_element_get_attribute (stanza, "id"), event, error);
  if (!g_signal_has_handler_pending (self, signals[signal_id], 0, FALSE))
    return;

  if (message == NULL && (message = xep174_message_new_from_element (stanza, TRUE)) == NULL)
    return;

  contact = dup_contact (self, session);
  g_signal_emit (self, signals[signal_id], 0, contact, message);
}

static void
emit_refused (Xep174Client  *self,
              Xep174Session *session,
              Xep174Element *stanza)
{
  const char *id = xep174_element_get_attribute (stanza, "id");
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Contact) contact = NULL;
  g_autoptr(Xep174Message) message = NULL;

  if (!xep174_element_matches (stanza, "message", "jabber:client")
      || (error = xep174_refusal_new_from_element (stanza)) == NULL)
    return;

  g_debug ("“%s” has refused a message", xep174_session_get_name (session));
  message = xep174_conversations_tell (self->conversations, xep174_session_get_name (session), id,
                                       XEP174_MESSAGE_EVENT_REFUSED, error);
  contact = dup_contact (self, session);
  g_signal_emit (self, signals[SIGNAL_MESSAGE_REFUSED], 0, contact, id, error);
}

/* A refusal is told by our signal, and then offered to the other handlers as a whole stanza. */
static gboolean
on_stanza_received (Xep174SessionManager *manager,
                    Xep174Session        *session,
                    Xep174Element        *stanza,
                    Xep174Client         *self)
{
  if (emit_received (self, session, stanza))
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
  emit_sent (self, SIGNAL_MESSAGE_CONFIRMED, session, stanza, XEP174_MESSAGE_EVENT_CONFIRMED, NULL);
}

static void
on_stanza_unconfirmed (Xep174SessionManager *manager,
                       Xep174Session        *session,
                       Xep174Element        *stanza,
                       Xep174Client         *self)
{
  g_autoptr(GError) error =
    g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED,
                         _("It was sent, and the other program did not confirm it; it may have arrived"));

  g_debug ("Whether “%s” got the last message is not known", xep174_session_get_name (session));
  emit_sent (self, SIGNAL_MESSAGE_UNCONFIRMED, session, stanza, XEP174_MESSAGE_EVENT_UNCONFIRMED, error);
}

static void
on_key_seen (Xep174SessionManager *manager,
             const char           *name,
             const char           *fingerprint,
             Xep174Client         *self)
{
  g_autoptr(Xep174Contact) contact = xep174_correspondents_dup (self->correspondents, name);

  g_signal_emit (self, signals[SIGNAL_KEY_SEEN], 0, contact, fingerprint);
}

static void
on_key_changed (Xep174SessionManager *manager,
                const char           *name,
                const char           *old,
                const char           *new,
                Xep174Client         *self)
{
  g_autoptr(Xep174Contact) contact = xep174_correspondents_dup (self->correspondents, name);

  g_signal_emit (self, signals[SIGNAL_KEY_CHANGED], 0, contact, old, new);
}

static void
on_unencrypted_refused (Xep174SessionManager *manager,
                        const char           *name,
                        Xep174Client         *self)
{
  g_autoptr(Xep174Contact) contact = xep174_correspondents_dup (self->correspondents, name);

  g_signal_emit (self, signals[SIGNAL_UNENCRYPTED_REFUSED], 0, contact);
}

static void
on_contact_added (Xep174Discovery *discovery,
                  Xep174Contact   *contact,
                  Xep174Client    *self)
{
  g_signal_emit (self, signals[SIGNAL_CONTACT_ADDED], 0, contact);
}

static void
on_contact_removed (Xep174Discovery *discovery,
                    Xep174Contact   *contact,
                    Xep174Client    *self)
{
  g_signal_emit (self, signals[SIGNAL_CONTACT_REMOVED], 0, contact);
}

void
xep174_client_listen (Xep174Client *self)
{
  const struct
  {
    gpointer source;
    const char *signal;
    GCallback handler;
  } heard[] = {
    { self->manager, "stanza-received", G_CALLBACK (on_stanza_received) },
    { self->manager, "stanza-confirmed", G_CALLBACK (on_stanza_confirmed) },
    { self->manager, "stanza-unconfirmed", G_CALLBACK (on_stanza_unconfirmed) },
    { self->manager, "key-seen", G_CALLBACK (on_key_seen) },
    { self->manager, "key-changed", G_CALLBACK (on_key_changed) },
    { self->manager, "unencrypted-refused", G_CALLBACK (on_unencrypted_refused) },
    { self->discovery, "contact-added", G_CALLBACK (on_contact_added) },
    { self->discovery, "contact-removed", G_CALLBACK (on_contact_removed) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (heard); i++)
    g_signal_connect_object (heard[i].source, heard[i].signal, heard[i].handler, self, 0);
}
