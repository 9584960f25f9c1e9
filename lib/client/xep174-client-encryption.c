/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program asks and sets about encryption and receipts. */

#include "xep174-client-private.h"

/**
 * xep174_client_get_data_dir:
 * @self: a client
 *
 * Gets the folder of our key and of those of others, see [property@Client:data-dir].
 *
 * Returns: (transfer none) (type filename): the folder, which may not exist
 *
 * Since: 1.0
 */
const char *
xep174_client_get_data_dir (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), NULL);

  return self->data_dir;
}

/**
 * xep174_client_get_remembers_keys:
 * @self: a client
 *
 * Gets whether keys are still known after the end of the program, see
 * [property@Client:remembers-keys].
 *
 * Returns: %FALSE if they are in memory only
 *
 * Since: 1.0
 */
gboolean
xep174_client_get_remembers_keys (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), FALSE);

  return self->remembers_keys;
}

/**
 * xep174_client_get_encryption:
 * @self: a client
 *
 * Gets when conversations are encrypted, see [property@Client:encryption].
 *
 * Returns: the policy
 *
 * Since: 1.0
 */
Xep174EncryptionPolicy
xep174_client_get_encryption (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), XEP174_ENCRYPTION_POLICY_OFF);

  return xep174_session_manager_get_encryption (self->manager);
}

/**
 * xep174_client_set_encryption:
 * @self: a client
 * @policy: when conversations are encrypted
 *
 * Sets when conversations are encrypted, as [method@SessionManager.set_encryption] does.
 *
 * Since: 1.0
 */
void
xep174_client_set_encryption (Xep174Client           *self,
                              Xep174EncryptionPolicy  policy)
{
  g_return_if_fail (XEP174_IS_CLIENT (self));

  xep174_session_manager_set_encryption (self->manager, policy);
}

/**
 * xep174_client_get_completion:
 * @self: a client
 *
 * Gets when a call that sends is done, see [property@Client:completion].
 *
 * Returns: the completion
 *
 * Since: 1.0
 */
Xep174Completion
xep174_client_get_completion (Xep174Client *self)
{
  g_return_val_if_fail (XEP174_IS_CLIENT (self), XEP174_COMPLETION_WRITTEN);

  return xep174_session_manager_get_completion (self->manager);
}

/**
 * xep174_client_set_completion:
 * @self: a client
 * @completion: when a call that sends is done
 *
 * Sets when calls that send are done, as [method@SessionManager.set_completion] does.
 *
 * Since: 1.0
 */
void
xep174_client_set_completion (Xep174Client     *self,
                              Xep174Completion  completion)
{
  g_return_if_fail (XEP174_IS_CLIENT (self));

  xep174_session_manager_set_completion (self->manager, completion);
}
