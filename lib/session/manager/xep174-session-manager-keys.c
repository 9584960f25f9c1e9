/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a person says of the keys of others. */

#include "xep174-session-manager-private.h"

#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-session-private.h"

static gboolean
has_store (Xep174SessionManager  *self,
           GError               **error)
{
  if (self->around.keyring.store != NULL)
    return TRUE;

  g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                       "There is no store of keys; set one first");
  return FALSE;
}

/* The least that holds for one of the keys. One that is distrusted says nothing of the others. */
static Xep174Trust
find_known_trust (Xep174SessionManager *self,
                  const char           *name)
{
  Xep174TrustStore *store = self->around.keyring.store;
  g_autoptr(GListModel) records = store != NULL ? xep174_trust_store_list (store, NULL) : NULL;
  Xep174Trust found = XEP174_TRUST_UNKNOWN;

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      Xep174Trust trust = xep174_key_record_get_trust (record);

      if (xep174_key_record_has_name (record, name)
          && (found == XEP174_TRUST_UNKNOWN || found == XEP174_TRUST_DISTRUSTED
              || trust == XEP174_TRUST_SEEN))
        found = trust;
    }

  return found;
}

Xep174Trust
xep174_session_manager_find_trust (Xep174SessionManager *self,
                                   const char           *name)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  Xep174Trust trust = session != NULL ? xep174_session_find_trust (session) : XEP174_TRUST_UNKNOWN;

  if (trust == XEP174_TRUST_UNKNOWN && xep174_keyring_get_refused (&self->around.keyring, name) != NULL)
    return XEP174_TRUST_CHANGED;

  return trust != XEP174_TRUST_UNKNOWN ? trust : find_known_trust (self, name);
}

/* Its number is shown then, whoever else has called meanwhile. */
static gboolean
is_key_in_use (Xep174SessionManager *self,
               const char           *name)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);

  return session != NULL && xep174_session_get_secure_slot (session) != NULL;
}

static void
add_key_in_use (Xep174SessionManager *self,
                const char           *name,
                GPtrArray            *fingerprints)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  Xep174Slot *slot = session != NULL ? xep174_session_get_secure_slot (session) : NULL;

  if (slot != NULL)
    g_ptr_array_add (fingerprints, xep174_key_dup_fingerprint (slot->key));
}

static gboolean
add_known_keys (Xep174SessionManager  *self,
                const char            *name,
                GPtrArray             *fingerprints,
                GError               **error)
{
  g_autoptr(Xep174TrustStore) store = g_object_ref (self->around.keyring.store);
  g_autoptr(GListModel) records = xep174_trust_store_list (store, error);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (xep174_key_record_has_name (record, name))
        g_ptr_array_add (fingerprints, g_strdup (xep174_key_record_get_fingerprint (record)));
    }
  return records != NULL;
}

/* The one in use, else those that are known. */
static GPtrArray *
find_keys (Xep174SessionManager  *self,
           const char            *name,
           GError               **error)
{
  g_autoptr(GPtrArray) fingerprints = g_ptr_array_new_with_free_func (g_free);

  if (!has_store (self, error))
    return NULL;

  add_key_in_use (self, name, fingerprints);
  if (fingerprints->len == 0 && !add_known_keys (self, name, fingerprints, error))
    return NULL;

  return g_steal_pointer (&fingerprints);
}

static gboolean
set_trust (Xep174SessionManager  *self,
           GPtrArray             *fingerprints,
           Xep174Trust            trust,
           GError               **error)
{
  g_autoptr(Xep174TrustStore) store = NULL;
  gboolean set = has_store (self, error);

  /* A store of the program's may put another in its place. */
  g_set_object (&store, self->around.keyring.store);
  for (guint i = 0; i < fingerprints->len && set; i++)
    set = xep174_trust_store_set_trust (store, fingerprints->pdata[i], trust, error);
  xep174_session_manager_review_keys (self);
  return set;
}

/**
 * xep174_session_manager_verify_key:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Remembers that a person has compared the contact's key, and it is right: see
 * [method@Session.dup_safety_number].
 *
 * It is the key of the encrypted stream to the contact. Without one it is the key that is known for
 * @name, if there is only one.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_SESSION_ERROR_KEY_CHANGED` if the
 *   contact has shown another key since, `XEP174_SESSION_ERROR_INVALID_STATE` if there is no key, or
 *   more than one, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_verify_key (Xep174SessionManager  *self,
                                   const char            *name,
                                   GError               **error)
{
  g_autoptr(GPtrArray) fingerprints = NULL;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  fingerprints = find_keys (self, name, error);
  if (fingerprints == NULL)
    return FALSE;
  if (!is_key_in_use (self, name) && xep174_keyring_get_refused (&self->around.keyring, name) != NULL)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED,
                   "“%s” has shown another key since; compare the number again, and accept that key first",
                   name);
      return FALSE;
    }
  if (fingerprints->len != 1)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   fingerprints->len == 0 ? "No key of “%s” is known; open a conversation first"
                                          : "“%s” has several keys; open a conversation first", name);
      return FALSE;
    }

  return set_trust (self, fingerprints, XEP174_TRUST_VERIFIED, error);
}

/**
 * xep174_session_manager_accept_key:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Accepts the key for which [signal@SessionManager::key-changed] was emitted last. It is added to those
 * that the name may have, and no other key is taken away: one name may be that of several machines. The key
 * counts as %XEP174_TRUST_SEEN.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_SESSION_ERROR_INVALID_STATE` if no
 *   key of @name was refused, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_accept_key (Xep174SessionManager  *self,
                                   const char            *name,
                                   GError               **error)
{
  GBytes *key;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!has_store (self, error))
    return FALSE;

  key = xep174_keyring_get_refused (&self->around.keyring, name);
  if (key == NULL)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   "“%s” has shown no key that was refused; there is nothing to accept", name);
      return FALSE;
    }
  if (!xep174_keyring_add (&self->around.keyring, name, key, error))
    return FALSE;

  g_hash_table_remove (self->around.keyring.refused, name);
  xep174_session_manager_review_keys (self);
  return TRUE;
}

/**
 * xep174_session_manager_distrust_key:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Remembers that the contact's key must not be trusted, under this name or any other. A session that
 * uses it is ended.
 *
 * It is the key of [method@Session.dup_peer_key]: that of the encrypted stream to the contact, else the one
 * that was refused last. Without either, it is all keys that are known for @name.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_SESSION_ERROR_INVALID_STATE` if no
 *   key of @name is known, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_distrust_key (Xep174SessionManager  *self,
                                     const char            *name,
                                     GError               **error)
{
  g_autoptr(GPtrArray) fingerprints = NULL;
  GBytes *refused;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  fingerprints = find_keys (self, name, error);
  if (fingerprints == NULL)
    return FALSE;

  refused = xep174_keyring_get_refused (&self->around.keyring, name);
  if (refused != NULL && !is_key_in_use (self, name))
    {
      g_ptr_array_set_size (fingerprints, 0);
      g_ptr_array_add (fingerprints, xep174_key_dup_fingerprint (refused));
    }
  if (fingerprints->len == 0)
    {
      g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
                   "No key of “%s” is known", name);
      return FALSE;
    }

  g_hash_table_remove (self->around.keyring.refused, name);
  return set_trust (self, fingerprints, XEP174_TRUST_DISTRUSTED, error);
}

/**
 * xep174_session_manager_forget_keys:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Forgets all keys of @name. Whoever has the name next is taken for its first owner, and may be spoken
 * to unencrypted if [property@SessionManager:encryption] permits it. Keys that are distrusted stay so.
 *
 * Returns: whether they are forgotten; otherwise the error is that of the store, or
 *   `XEP174_SESSION_ERROR_INVALID_STATE` if there is none
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_forget_keys (Xep174SessionManager  *self,
                                    const char            *name,
                                    GError               **error)
{
  g_autoptr(Xep174TrustStore) store = NULL;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_set_object (&store, self->around.keyring.store);
  if (!has_store (self, error) || !xep174_trust_store_forget (store, name, error))
    return FALSE;

  g_hash_table_remove (self->around.keyring.refused, name);
  xep174_session_manager_review_keys (self);
  return TRUE;
}
