/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a person says of a contact's key. */

#include "xep174-client-private.h"

/**
 * xep174_client_verify_key:
 * @self: a client
 * @contact: a contact
 * @fingerprint: the key that was compared, as [method@Session.dup_peer_fingerprint] gives it
 * @error: return location for an error
 *
 * Remembers that a person has compared a key, and it is the contact's, as
 * [method@SessionManager.verify_key] does.
 *
 * Returns: whether it is remembered; otherwise the error is that of the function of the manager
 *
 * Since: 1.0
 */
gboolean
xep174_client_verify_key (Xep174Client   *self,
                          Xep174Contact  *contact,
                          const char     *fingerprint,
                          GError        **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (XEP174_IS_CONTACT (contact), FALSE);

  return xep174_session_manager_verify_key (self->manager, xep174_contact_get_name (contact),
                                            fingerprint, error);
}

/**
 * xep174_client_accept_key:
 * @self: a client
 * @contact: a contact
 * @fingerprint: the key, as [signal@Client::key-changed] gives the new one
 * @error: return location for an error
 *
 * Remembers that a person takes a key for the contact's, though nobody has compared it, as
 * [method@SessionManager.accept_key] does.
 *
 * Returns: whether it is remembered; otherwise the error is that of the function of the manager
 *
 * Since: 1.0
 */
gboolean
xep174_client_accept_key (Xep174Client   *self,
                          Xep174Contact  *contact,
                          const char     *fingerprint,
                          GError        **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (XEP174_IS_CONTACT (contact), FALSE);

  return xep174_session_manager_accept_key (self->manager, xep174_contact_get_name (contact),
                                            fingerprint, error);
}

/**
 * xep174_client_distrust_key:
 * @self: a client
 * @contact: a contact
 * @fingerprint: (nullable): a key that the contact has shown, or %NULL for all keys that are known for it
 *   and the one that it has shown last
 * @error: return location for an error
 *
 * Remembers that a key must not be trusted, as [method@SessionManager.distrust_key] does.
 *
 * Returns: whether it is remembered; otherwise the error is that of the function of the manager
 *
 * Since: 1.0
 */
gboolean
xep174_client_distrust_key (Xep174Client   *self,
                            Xep174Contact  *contact,
                            const char     *fingerprint,
                            GError        **error)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (XEP174_IS_CONTACT (contact), FALSE);

  return xep174_session_manager_distrust_key (self->manager, xep174_contact_get_name (contact),
                                              fingerprint, error);
}
