/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a person says of the keys of others. */

#include "xep174-session-manager-private.h"

#include "xep174-gettext-private.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-session-private.h"
#include "xep174-trust-error.h"
#include "xep174-trust-judge-private.h"

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

static Xep174Trust
find_known_trust (Xep174SessionManager *self,
                  const char           *name)
{
  Xep174TrustStore *store = self->around.keyring.store;
  g_autoptr(GListModel) records = store != NULL ? xep174_trust_store_list (store, NULL) : NULL;

  return records != NULL ? xep174_trust_find_name (records, name) : XEP174_TRUST_UNKNOWN;
}

Xep174Trust
xep174_session_manager_find_trust (Xep174SessionManager *self,
                                   const char           *name)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  Xep174Trust trust = session != NULL ? xep174_session_find_trust (session) : XEP174_TRUST_UNKNOWN;

  if (trust == XEP174_TRUST_UNKNOWN && xep174_keyring_has_changed (&self->around.keyring, name))
    return XEP174_TRUST_CHANGED;

  return trust != XEP174_TRUST_UNKNOWN ? trust : find_known_trust (self, name);
}

/* --- What a person says ------------------------------------------------------------------- */

/* The store is held, because one of the program's may put another in its place. What is kept already is not
 * written again. With UNKNOWN only a distrust is taken back. */
static gboolean
keep (Xep174SessionManager  *self,
      const char            *name,
      const char            *fingerprint,
      Xep174Trust            trust,
      GError               **error)
{
  g_autoptr(Xep174TrustStore) store = g_object_ref (self->around.keyring.store);
  g_autoptr(GListModel) records = xep174_trust_store_list (store, error);
  g_autoptr(Xep174KeyRecord) record = records != NULL ? xep174_trust_find_key (records, fingerprint)
                                                        : NULL;
  gboolean named = record != NULL && xep174_key_record_has_name (record, name);
  Xep174Trust old = record != NULL ? xep174_key_record_get_trust (record) : XEP174_TRUST_SEEN;

  if (trust == XEP174_TRUST_UNKNOWN)
    trust = old == XEP174_TRUST_DISTRUSTED ? XEP174_TRUST_SEEN : old;

  /* In this order, so that no other program sees a key that is to be distrusted with this name. */
  return records != NULL
         && (trust == old || xep174_trust_store_set_trust (store, fingerprint, trust, error))
         && (named || xep174_trust_store_add (store, fingerprint, name, error));
}

static gboolean
decide (Xep174SessionManager  *self,
        const char            *name,
        const char            *fingerprint,
        Xep174Trust            trust,
        GError               **error)
{
  /* Whoever the store tells of it may drop it. */
  G_GNUC_UNUSED g_autoptr(Xep174SessionManager) held = g_object_ref (self);
  gboolean kept;

  if (!has_store (self, error))
    return FALSE;
  if (!xep174_fingerprint_is_valid (fingerprint))
    {
      g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY,
                   "“%s” is no key; a key has 64 of the digits 0 to 9 and a to f", fingerprint);
      return FALSE;
    }

  kept = keep (self, name, fingerprint, trust, error);
  xep174_session_manager_review_keys (self);
  return kept;
}

/* All that the name has shown or is known to have. */
static GPtrArray *
find_keys (Xep174SessionManager  *self,
           const char            *name,
           GError               **error)
{
  Xep174Session *session = g_hash_table_lookup (self->around.by_name, name);
  GBytes *shown = session != NULL ? xep174_session_get_shown_key (session)
                                  : xep174_keyring_get_shown (&self->around.keyring, name);
  g_autoptr(Xep174TrustStore) store = g_object_ref (self->around.keyring.store);
  g_autoptr(GPtrArray) fingerprints = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GListModel) records = NULL;

  if (shown != NULL)
    g_ptr_array_add (fingerprints, xep174_key_dup_fingerprint (shown));
  records = xep174_trust_store_list (store, error);
  if (records == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (xep174_key_record_has_name (record, name))
        g_ptr_array_add (fingerprints, g_strdup (xep174_key_record_get_fingerprint (record)));
    }
  if (fingerprints->len > 0)
    return g_steal_pointer (&fingerprints);

  g_set_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE,
               _("No key of “%s” is known"), name);
  return NULL;
}

/**
 * xep174_session_manager_verify_key:
 * @self: a session manager
 * @name: the name of a contact
 * @fingerprint: the key that was compared, as [method@Session.dup_peer_fingerprint] gives it
 * @error: return location for an error
 *
 * Remembers that a person has compared a key, and it is that of the contact: see
 * [method@Session.dup_safety_number]. It may have been refused until now, because the contact has other
 * keys, or because it was distrusted. The other keys stay as they are.
 *
 * Take the fingerprint at the moment when the number is shown, not when the person answers: another key may
 * have come in between.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_TRUST_ERROR_INVALID_KEY` if
 *   @fingerprint is none, `XEP174_SESSION_ERROR_INVALID_STATE` if there is no store, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_verify_key (Xep174SessionManager  *self,
                                   const char            *name,
                                   const char            *fingerprint,
                                   GError               **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return decide (self, name, fingerprint, XEP174_TRUST_VERIFIED, error);
}

/**
 * xep174_session_manager_accept_key:
 * @self: a session manager
 * @name: the name of a contact
 * @fingerprint: the key, as [signal@SessionManager::key-changed] gives the new one
 * @error: return location for an error
 *
 * Remembers that a person takes a key for that of the contact, though nobody has compared it. It is added to
 * those that the name may have, and no other key is taken away: one name may be that of several machines. The
 * key counts as %XEP174_TRUST_SEEN, also if it was distrusted before; one that is verified stays so.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_TRUST_ERROR_INVALID_KEY` if
 *   @fingerprint is none, `XEP174_SESSION_ERROR_INVALID_STATE` if there is no store, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_accept_key (Xep174SessionManager  *self,
                                   const char            *name,
                                   const char            *fingerprint,
                                   GError               **error)
{
  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return decide (self, name, fingerprint, XEP174_TRUST_UNKNOWN, error);
}

/**
 * xep174_session_manager_distrust_key:
 * @self: a session manager
 * @name: the name of a contact
 * @fingerprint: (nullable): a key that the contact has shown, or %NULL for all keys that are known for
 *   @name and the one that it has shown last
 * @error: return location for an error
 *
 * Remembers that a key must not be trusted, under this name or any other. A session that uses it is ended.
 *
 * Returns: whether it is remembered; otherwise the error is `XEP174_SESSION_ERROR_INVALID_STATE` if no
 *   key of @name is known, or there is no store, `XEP174_TRUST_ERROR_INVALID_KEY` if @fingerprint is
 *   none, or an error of the store
 *
 * Since: 1.0
 */
gboolean
xep174_session_manager_distrust_key (Xep174SessionManager  *self,
                                     const char            *name,
                                     const char            *fingerprint,
                                     GError               **error)
{
  G_GNUC_UNUSED g_autoptr(Xep174SessionManager) held = NULL;
  g_autoptr(GPtrArray) fingerprints = NULL;
  gboolean set = TRUE;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (fingerprint != NULL)
    return decide (self, name, fingerprint, XEP174_TRUST_DISTRUSTED, error);
  if (!has_store (self, error))
    return FALSE;

  held = g_object_ref (self);
  fingerprints = find_keys (self, name, error);
  for (guint i = 0; fingerprints != NULL && i < fingerprints->len && set; i++)
    set = keep (self, name, fingerprints->pdata[i], XEP174_TRUST_DISTRUSTED, error);
  xep174_session_manager_review_keys (self);
  return fingerprints != NULL && set;
}

/**
 * xep174_session_manager_forget_keys:
 * @self: a session manager
 * @name: the name of a contact
 * @error: return location for an error
 *
 * Forgets all keys of @name. A session under such a key is ended. Whoever has the name next is taken for its
 * first owner, and may be spoken to unencrypted if [property@SessionManager:encryption] permits it. Keys that
 * are distrusted stay so.
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
  G_GNUC_UNUSED g_autoptr(Xep174SessionManager) held = NULL;
  g_autoptr(Xep174TrustStore) store = NULL;

  g_return_val_if_fail (XEP174_IS_SESSION_MANAGER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!has_store (self, error))
    return FALSE;

  held = g_object_ref (self);
  store = g_object_ref (self->around.keyring.store);
  if (!xep174_trust_store_forget (store, name, error))
    return FALSE;

  xep174_keyring_forget_shown (&self->around.keyring, name);
  xep174_session_manager_review_keys (self);
  return TRUE;
}
