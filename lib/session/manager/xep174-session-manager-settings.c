/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is set about encryption and receipts takes effect. */

#include "xep174-session-manager-private.h"

#include "xep174-memory-trust-store.h"

gboolean
xep174_session_manager_is_chosen (Xep174SessionManager *self)
{
  return self->chosen;
}

static void
put_trust_store (Xep174SessionManager *self,
                 Xep174TrustStore     *store)
{
  if (xep174_keyring_set_store (&self->around.keyring, store))
    g_object_notify (G_OBJECT (self), "trust-store");
}

void
xep174_session_manager_put_identity (Xep174SessionManager *self,
                                     Xep174Identity       *identity)
{
  self->chosen = TRUE;
  if (!g_set_object (&self->around.keyring.identity, identity))
    return;

  g_object_ref (self);
  if (identity != NULL && self->around.keyring.store == NULL)
    {
      g_autoptr(Xep174MemoryTrustStore) store = xep174_memory_trust_store_new ();

      put_trust_store (self, XEP174_TRUST_STORE (store));
    }
  xep174_session_manager_review_keys (self);
  g_object_notify (G_OBJECT (self), "identity");
  g_object_unref (self);
}

void
xep174_session_manager_put_trust_store (Xep174SessionManager *self,
                                        Xep174TrustStore     *store)
{
  g_object_ref (self);
  put_trust_store (self, store);
  xep174_session_manager_review_keys (self);
  g_object_unref (self);
}

void
xep174_session_manager_put_encryption (Xep174SessionManager   *self,
                                       Xep174EncryptionPolicy  policy)
{
  if (self->around.keyring.policy == policy)
    return;

  self->around.keyring.policy = policy;
  g_object_ref (self);
  xep174_session_manager_review_keys (self);
  g_object_notify (G_OBJECT (self), "encryption");
  g_object_unref (self);
}

void
xep174_session_manager_put_completion (Xep174SessionManager *self,
                                       Xep174Completion      completion)
{
  if (self->around.settings.completion == (guint) completion)
    return;

  self->around.settings.completion = completion;
  g_object_notify (G_OBJECT (self), "completion");
}
