/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program asks and sets about encryption and receipts. */

#include "xep174-session-manager-private.h"

/**
 * xep174_session_manager_get_identity:
 * @self: a session manager
 *
 * Our own key.
 *
 * Returns: (transfer none) (nullable): see [property@SessionManager:identity]
 *
 * Since: 1.0
 */
Xep174Identity *
xep174_session_manager_get_identity (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);

  return self->around.keyring.identity;
}

/**
 * xep174_session_manager_set_identity:
 * @self: a session manager
 * @identity: (nullable): our own key; %NULL to encrypt nothing
 *
 * Sets our own key. Streams that exist stay as they are. If there is no store of keys, a
 * [class@MemoryTrustStore] is set, too.
 *
 * Since: 1.0
 */
void
xep174_session_manager_set_identity (Xep174SessionManager *self,
                                     Xep174Identity       *identity)
{
  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));
  g_return_if_fail (identity == NULL || XEP174_IS_IDENTITY (identity));

  xep174_session_manager_put_identity (self, identity);
}

/**
 * xep174_session_manager_get_trust_store:
 * @self: a session manager
 *
 * Where the keys of others are kept.
 *
 * Returns: (transfer none) (nullable): see [property@SessionManager:trust-store]
 *
 * Since: 1.0
 */
Xep174TrustStore *
xep174_session_manager_get_trust_store (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), NULL);

  return self->around.keyring.store;
}

/**
 * xep174_session_manager_set_trust_store:
 * @self: a session manager
 * @store: (nullable): where the keys of others are kept; %NULL to know none
 *
 * Sets where the keys of others are kept. A session whose key is not trusted there is ended.
 *
 * Since: 1.0
 */
void
xep174_session_manager_set_trust_store (Xep174SessionManager *self,
                                        Xep174TrustStore     *store)
{
  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));
  g_return_if_fail (store == NULL || XEP174_IS_TRUST_STORE (store));

  xep174_session_manager_put_trust_store (self, store);
}

/**
 * xep174_session_manager_get_encryption:
 * @self: a session manager
 *
 * When streams are encrypted.
 *
 * Returns: see [property@SessionManager:encryption]
 *
 * Since: 1.0
 */
Xep174EncryptionPolicy
xep174_session_manager_get_encryption (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), XEP174_ENCRYPTION_POLICY_OFF);

  return self->around.keyring.policy;
}

/**
 * xep174_session_manager_set_encryption:
 * @self: a session manager
 * @policy: when streams are encrypted
 *
 * Sets when streams are encrypted. With %XEP174_ENCRYPTION_POLICY_REQUIRE, sessions that are not encrypted
 * are ended.
 *
 * Since: 1.0
 */
void
xep174_session_manager_set_encryption (Xep174SessionManager   *self,
                                       Xep174EncryptionPolicy  policy)
{
  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));

  xep174_session_manager_put_encryption (self, policy);
}

/**
 * xep174_session_manager_get_completion:
 * @self: a session manager
 *
 * Gets when a call that sends is done.
 *
 * Returns: see [property@SessionManager:completion]
 *
 * Since: 1.0
 */
Xep174Completion
xep174_session_manager_get_completion (Xep174SessionManager *self)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), XEP174_COMPLETION_WRITTEN);

  return self->around.settings.completion;
}

/**
 * xep174_session_manager_set_completion:
 * @self: a session manager
 * @completion: when a call that sends is done
 *
 * Sets when calls that send are done. It holds for the calls that follow.
 *
 * Since: 1.0
 */
void
xep174_session_manager_set_completion (Xep174SessionManager *self,
                                       Xep174Completion      completion)
{
  g_return_if_fail (XEP174_IS_SESSION_MANAGER (self));

  xep174_session_manager_put_completion (self, completion);
}
