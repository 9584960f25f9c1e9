/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-keyring-private.h"

#include "xep174-identity-private.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"

void
xep174_keyring_init (Xep174Keyring *self,
                     GObject       *manager)
{
  self->manager = manager;
  self->policy = XEP174_ENCRYPTION_POLICY_PREFER;
  self->refused = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free,
                                         (GDestroyNotify) g_bytes_unref);
}

void
xep174_keyring_clear (Xep174Keyring *self)
{
  g_clear_object (&self->identity);
  g_clear_object (&self->store);
  g_hash_table_unref (self->refused);
}

gboolean
xep174_keyring_encrypts (const Xep174Keyring *self)
{
  return self->identity != NULL && self->policy != XEP174_ENCRYPTION_POLICY_OFF;
}

/* --- The store ------------------------------------------------------------------------------ */

/* One of the program's own making may drop the manager, and whoever asks stands on that: it goes in the next
 * turn of the main loop. */
static gboolean
drop (gpointer manager)
{
  g_object_unref (manager);
  return G_SOURCE_REMOVE;
}

static void
release (GObject *manager)
{
  g_autoptr(GSource) source = NULL;

  if (manager->ref_count > 1)
    {
      g_object_unref (manager);
      return;
    }

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, drop, manager, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/* T7: a store that cannot be read is not an empty one. */
static GListModel *
list (const Xep174Keyring  *self,
      GError              **error)
{
  g_autoptr(Xep174TrustStore) store = NULL;
  GObject *manager = self->manager;
  GListModel *records;

  if (self->store == NULL)
    return G_LIST_MODEL (g_list_store_new (XEP174_TYPE_KEY_RECORD));

  g_set_object (&store, self->store);
  g_object_ref (manager);
  records = xep174_trust_store_list (store, error);
  release (manager);
  return records;
}

GError *
xep174_keyring_seal (const Xep174Keyring *self,
                     const char          *name)
{
  GError *error = NULL;
  g_autoptr(GListModel) records = list (self, &error);
  const char *why = NULL;

  if (records == NULL)
    return error;
  if (xep174_trust_knows_name (records, name))
    why = xep174_keyring_encrypts (self)
          ? "it is not encrypted now, and has been before, so that this may be somebody else; if it is "
            "not, forget the key of this name"
          : "encryption is switched off here, and the key of this name is known; switch it on";
  else if (self->policy == XEP174_ENCRYPTION_POLICY_REQUIRE)
    why = "the program there does not encrypt, and you allow encrypted conversations only";

  return why != NULL ? g_error_new_literal (XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED, why)
                     : NULL;
}

gboolean
xep174_keyring_distrusts (const Xep174Keyring *self,
                          const char          *name)
{
  g_autoptr(GListModel) records = list (self, NULL);
  gboolean distrusted = FALSE;

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

      if (!xep174_key_record_has_name (record, name))
        continue;
      if (xep174_key_record_get_trust (record) != XEP174_TRUST_DISTRUSTED)
        return FALSE;
      distrusted = TRUE;
    }

  return distrusted;
}

gboolean
xep174_keyring_knows_name (const Xep174Keyring *self,
                           const char          *name)
{
  g_autoptr(GListModel) records = list (self, NULL);

  return records != NULL && xep174_trust_knows_name (records, name);
}

gboolean
xep174_keyring_judge (const Xep174Keyring  *self,
                      const char           *name,
                      GBytes               *key,
                      Xep174Verdict        *verdict,
                      GError              **error)
{
  g_autoptr(GListModel) records = list (self, error);
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);

  if (records == NULL)
    return FALSE;

  *verdict = xep174_trust_judge (records, name, fingerprint);
  if (verdict->trust == XEP174_TRUST_CHANGED)
    g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_KEY_CHANGED,
                         "the key has changed, so that this may be somebody else; accept the new key if "
                         "it is not");
  else if (verdict->trust == XEP174_TRUST_DISTRUSTED)
    g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED,
                         "you have said that this key is not to be trusted");
  else
    return TRUE;

  return FALSE;
}

char *
xep174_keyring_dup_name (const Xep174Keyring *self,
                         GBytes              *key)
{
  g_autoptr(GListModel) records = list (self, NULL);
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);

  for (guint i = 0; records != NULL && i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);
      const char *const *names = xep174_key_record_get_names (record);

      if (strcmp (xep174_key_record_get_fingerprint (record), fingerprint) == 0)
        return g_strv_length ((char **) names) == 1 ? g_strdup (names[0]) : NULL;
    }

  return NULL;
}

gboolean
xep174_keyring_add (const Xep174Keyring  *self,
                    const char           *name,
                    GBytes               *key,
                    GError              **error)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);
  g_autoptr(Xep174TrustStore) store = NULL;
  GObject *manager = self->manager;
  gboolean added;

  if (self->store == NULL)
    return TRUE;

  g_set_object (&store, self->store);
  g_object_ref (manager);
  added = xep174_trust_store_add (store, fingerprint, name, error);
  release (manager);
  return added;
}

gboolean
xep174_keyring_note_refused (Xep174Keyring *self,
                             const char    *name,
                             GBytes        *key)
{
  GBytes *last = g_hash_table_lookup (self->refused, name);

  if (last != NULL && g_bytes_equal (last, key))
    return FALSE;

  g_hash_table_replace (self->refused, g_strdup (name), g_bytes_ref (key));
  return TRUE;
}

GBytes *
xep174_keyring_get_refused (const Xep174Keyring *self,
                            const char          *name)
{
  return g_hash_table_lookup (self->refused, name);
}

char *
xep174_keyring_dup_old_key (const Xep174Keyring *self,
                            const char          *name,
                            const char          *fingerprint)
{
  g_autoptr(GListModel) records = list (self, NULL);

  return records != NULL ? xep174_trust_dup_old_key (records, name, fingerprint) : NULL;
}

char *
xep174_keyring_dup_safety_number (const Xep174Keyring *self,
                                  GBytes              *key)
{
  GBytes *own;

  if (self->identity == NULL || key == NULL)
    return NULL;

  own = xep174_certificate_get_key (xep174_identity_get_certificate (self->identity));
  return xep174_dup_safety_number (own, key);
}
