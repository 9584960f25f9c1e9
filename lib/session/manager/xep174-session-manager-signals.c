/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a manager tells a program. */

#include "xep174-session-manager-private.h"

#include "xep174-session-marshal.h"
#include "xep174-tell-private.h"

static void
install_session_signals (GType type)
{
  /**
   * Xep174SessionManager::session-opened:
   * @self: the session manager
   * @session: the session
   *
   * There is a stream to the contact, opened by either side.
   *
   * For each session the order is: opened, perhaps closing, closed. While both sides open a stream
   * at the same moment, the change from one stream to the other is not seen here.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_OPENED] =
    g_signal_new ("session-opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, XEP174_TYPE_SESSION);

  /**
   * Xep174SessionManager::session-failed:
   * @self: the session manager
   * @session: the session
   * @error: why
   *
   * No stream could be opened after all retries. What had been asked for fails with @error.
   *
   * Or the contact has called and was not heard, because the keys cannot be read or the new one cannot be
   * kept. Then the error is that of [property@SessionManager:trust-store], in none of the domains of this
   * library's sessions, and nothing that was asked for fails.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_FAILED] =
    g_signal_new ("session-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, XEP174_TYPE_SESSION, G_TYPE_ERROR);

  /**
   * Xep174SessionManager::session-closing:
   * @self: the session manager
   * @session: the session
   *
   * One side has sent its closing tag. Stanzas of the contact may still come.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_CLOSING] =
    g_signal_new ("session-closing", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, XEP174_TYPE_SESSION);

  /**
   * Xep174SessionManager::session-closed:
   * @self: the session manager
   * @session: the session
   * @error: (nullable): why, %NULL if it was closed in good order
   *
   * The stream is closed. The session remains and can be used again.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_CLOSED] =
    g_signal_new ("session-closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, XEP174_TYPE_SESSION, G_TYPE_ERROR);
}

static void
install_stanza_signals (GType type)
{
  /**
   * Xep174SessionManager::stanza-received:
   * @self: the session manager
   * @session: the session
   * @stanza: what the contact has sent, with `from` and `to`; sealed
   *
   * A stanza has arrived that no handler of [signal@Session::stanza-received] has taken.
   *
   * The first handler that returns %TRUE has taken it. An `iq` of type `get` or `set` that nobody
   * takes is answered by the library: XEP-0199 pings and XEP-0030 `disco#info`, and everything else
   * with `service-unavailable` (RFC 6120 §8.4).
   *
   * Returns: whether the stanza has been taken care of
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_STANZA] =
    g_signal_new ("stanza-received", type, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, xep174_marshal_BOOLEAN__OBJECT_BOXED,
                  G_TYPE_BOOLEAN, 2,
                  XEP174_TYPE_SESSION, XEP174_TYPE_ELEMENT | G_SIGNAL_TYPE_STATIC_SCOPE);
  g_signal_set_va_marshaller (xep174_tell_signals[XEP174_TELL_STANZA], type,
                              xep174_marshal_BOOLEAN__OBJECT_BOXEDv);

  /**
   * Xep174SessionManager::stanza-confirmed:
   * @self: the session manager
   * @session: the session
   * @stanza: what had been sent
   *
   * See [signal@Session::stanza-confirmed].
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_CONFIRMED] =
    g_signal_new ("stanza-confirmed", type, G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 2, XEP174_TYPE_SESSION, XEP174_TYPE_ELEMENT);

  /**
   * Xep174SessionManager::stanza-unconfirmed:
   * @self: the session manager
   * @session: the session
   * @stanza: what had been sent
   *
   * See [signal@Session::stanza-unconfirmed].
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_UNCONFIRMED] =
    g_signal_new ("stanza-unconfirmed", type, G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 2, XEP174_TYPE_SESSION, XEP174_TYPE_ELEMENT);

  /**
   * Xep174SessionManager::trace:
   * @self: the session manager
   * @session: (nullable): the session, %NULL for a stream that is nobody's yet
   * @outgoing: whether we send it
   * @xml: a piece of a stream
   *
   * What goes over the wire, for a person to read. The pieces are those of the socket, not stanzas.
   * It costs nothing as long as nobody is connected.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_TRACE] =
    g_signal_new ("trace", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, XEP174_TYPE_SESSION, G_TYPE_BOOLEAN, G_TYPE_STRING);
}

static void
install_key_signals (GType type)
{
  /**
   * Xep174SessionManager::key-seen:
   * @self: the session manager
   * @name: the name of the contact
   * @fingerprint: SHA-256 of the key, as 64 hexadecimal digits
   *
   * A contact has shown a key that the name did not have before, and had no other. From now on it counts as
   * that of the name.
   *
   * It follows [signal@SessionManager::session-opened].
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_KEY_SEEN] =
    g_signal_new ("key-seen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * Xep174SessionManager::key-changed:
   * @self: the session manager
   * @name: the name of the contact
   * @old: (nullable): SHA-256 of a key that the name has, as 64 hexadecimal digits
   * @new: the same of the key that was shown now
   *
   * Somebody has shown another key than those that the name has. Nothing was sent or delivered, and
   * nothing will be until a person accepts the new key: see [method@SessionManager.accept_key] and
   * [method@SessionManager.distrust_key]. The contact may have a new machine, or somebody else may use the
   * name.
   *
   * It is emitted once for a key, not for each try. [signal@SessionManager::session-failed] may follow.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_KEY_CHANGED] =
    g_signal_new ("key-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);

  /**
   * Xep174SessionManager::unencrypted-refused:
   * @self: the session manager
   * @name: the name of a contact
   *
   * Somebody has called in the name of a contact, without encryption, and was not heard: only encrypted
   * conversations are allowed, or a key of the name is known. The other side is told why. It may be the
   * contact, with a program that does not encrypt, or somebody else.
   *
   * When our own call fails for that, [signal@SessionManager::session-failed] says so.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_UNENCRYPTED] =
    g_signal_new ("unencrypted-refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * Xep174SessionManager::trust-changed:
   * @self: the session manager
   *
   * What is known of keys may be something else now, of any name: a key was verified, accepted, distrusted or
   * forgotten, or another store, identity or policy was set.
   *
   * Since: 1.0
   */
  xep174_tell_signals[XEP174_TELL_TRUST_CHANGED] =
    g_signal_new ("trust-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

void
xep174_session_manager_install_signals (GType type)
{
  install_session_signals (type);
  install_key_signals (type);
  install_stanza_signals (type);
}
