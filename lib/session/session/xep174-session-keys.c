/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a session tells of keys. */

#include "xep174-session-private.h"

#include "xep174-safety-number-private.h"

GBytes *
xep174_session_get_shown_key (Xep174Session *self)
{
  Xep174Slot *slot = xep174_session_get_secure_slot (self);

  if (slot != NULL)
    return slot->key;

  return self->around != NULL ? xep174_keyring_get_shown (&self->around->keyring, self->name) : NULL;
}

/**
 * xep174_session_get_trust:
 * @self: a session
 *
 * What is known of the contact's key.
 *
 * Returns: see [property@Session:trust]
 *
 * Since: 1.0
 */
Xep174Trust
xep174_session_get_trust (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), XEP174_TRUST_UNKNOWN);

  return xep174_session_find_trust (self);
}

/**
 * xep174_session_get_acknowledged:
 * @self: a session
 *
 * Whether the contact acknowledges what it has received.
 *
 * Returns: see [property@Session:acknowledged]
 *
 * Since: 1.0
 */
gboolean
xep174_session_get_acknowledged (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), FALSE);

  return xep174_session_is_acknowledged (self);
}

/**
 * xep174_session_dup_peer_key:
 * @self: a session
 *
 * The public key that the contact has proven to have: the octets of its SubjectPublicKeyInfo
 * (RFC 5280 §4.1.2.7).
 *
 * If there is no encrypted stream, it is the key that the contact has shown last, whether it was accepted or
 * refused, and whether the contact has accepted ours.
 *
 * Returns: (transfer full) (nullable): the key, %NULL if there is none
 *
 * Since: 1.0
 */
GBytes *
xep174_session_dup_peer_key (Xep174Session *self)
{
  GBytes *key;

  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  key = xep174_session_get_shown_key (self);
  return key != NULL ? g_bytes_ref (key) : NULL;
}

/**
 * xep174_session_dup_peer_fingerprint:
 * @self: a session
 *
 * SHA-256 of [method@Session.dup_peer_key], as a [iface@TrustStore] has it.
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits, %NULL if there is no key
 *
 * Since: 1.0
 */
char *
xep174_session_dup_peer_fingerprint (Xep174Session *self)
{
  GBytes *key;

  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  key = xep174_session_get_shown_key (self);
  return key != NULL ? xep174_key_dup_fingerprint (key) : NULL;
}

/**
 * xep174_session_dup_safety_number:
 * @self: a session
 *
 * The number that two people compare, to be sure that nobody is between them. Both sides have the same
 * one. It is made from the two keys alone, so it stays the same if a name changes.
 *
 * It belongs to the key of [method@Session.dup_peer_key]. If the two numbers are the same, call
 * [method@SessionManager.verify_key] with the [method@Session.dup_peer_fingerprint] of the moment when the
 * number was shown.
 *
 * Returns: (transfer full) (nullable): 60 digits in groups of five, %NULL if there is no key, or none of
 *   our own
 *
 * Since: 1.0
 */
char *
xep174_session_dup_safety_number (Xep174Session *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  if (self->around == NULL)
    return NULL;

  return xep174_keyring_dup_safety_number (&self->around->keyring, xep174_session_get_shown_key (self));
}

/**
 * xep174_session_dup_channel_binding:
 * @self: a session
 *
 * What only the two ends of the encrypted stream know, and is the same at both: `tls-exporter`
 * (RFC 9266). A protocol above that proves something to the other side includes it, so that nobody
 * between the two can hand the proof on.
 *
 * Returns: (transfer full) (nullable): 32 octets, %NULL if the current stream is not encrypted
 *
 * Since: 1.0
 */
GBytes *
xep174_session_dup_channel_binding (Xep174Session *self)
{
  Xep174Slot *slot;

  g_return_val_if_fail (XEP174_IS_SESSION (self), NULL);

  slot = xep174_session_get_secure_slot (self);
  return slot != NULL && slot->channel_binding != NULL ? g_bytes_ref (slot->channel_binding) : NULL;
}
