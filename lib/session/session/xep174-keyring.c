/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-keyring-private.h"

#include "xep174-gettext-private.h"
#include "xep174-identity-private.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"

typedef struct
{
  GBytes *key;
  Xep174Trust trust;
} Shown;

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_bytes_unref (shown->key);
  g_free (shown);
}

void
xep174_keyring_init (Xep174Keyring *self,
                     GObject       *manager)
{
  self->manager = manager;
  self->policy = XEP174_ENCRYPTION_POLICY_PREFER;
  self->shown = g_hash_table_new_full (xep174_name_hash, xep174_name_equal, g_free, shown_free);
}

void
xep174_keyring_clear (Xep174Keyring *self)
{
  g_clear_object (&self->identity);
  xep174_keyring_set_store (self, NULL);
  g_hash_table_unref (self->shown);
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

static void
on_changed (Xep174TrustStore *store,
            Xep174Keyring    *self)
{
  /* What we add makes no key worse. */
  if (self->adding)
    return;

  self->changes++;
  if (self->changed != NULL)
    self->changed (self->manager);
}

gboolean
xep174_keyring_set_store (Xep174Keyring    *self,
                          Xep174TrustStore *store)
{
  if (self->store == store)
    return FALSE;

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_func (self->store, on_changed, self);
  g_set_object (&self->store, store);
  if (store != NULL)
    g_signal_connect (store, "changed", G_CALLBACK (on_changed), self);
  return TRUE;
}

void
xep174_keyring_refresh (const Xep174Keyring *self)
{
  g_autoptr(Xep174TrustStore) store = NULL;
  GObject *manager = self->manager;

  if (self->store == NULL)
    return;

  g_set_object (&store, self->store);
  g_object_ref (manager);
  xep174_trust_store_refresh (store);
  release (manager);
}

Xep174Trust
xep174_keyring_look (const Xep174Keyring  *self,
                     const char           *name,
                     GError              **seal)
{
  g_autoptr(GListModel) records = list (self, seal);
  Xep174Trust trust = records != NULL ? xep174_trust_find_name (records, name) : XEP174_TRUST_UNKNOWN;
  const char *why = NULL;

  if (records == NULL)
    return trust;
  if (trust != XEP174_TRUST_UNKNOWN)
    why = xep174_keyring_encrypts (self)
          ? _("it is not encrypted now, and has been before, so that this may be somebody else; if "
              "it is not, forget the key of this name")
          : _("encryption is switched off here, and the key of this name is known; switch it on");
  else if (self->policy == XEP174_ENCRYPTION_POLICY_REQUIRE)
    why = _("the program there does not encrypt, and you allow encrypted conversations only");

  if (why != NULL)
    g_set_error_literal (seal, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_ENCRYPTED, why);
  return trust;
}

gboolean
xep174_keyring_knows_name (const Xep174Keyring *self,
                           const char          *name)
{
  g_autoptr(GListModel) records = list (self, NULL);

  return records != NULL && xep174_trust_find_name (records, name) != XEP174_TRUST_UNKNOWN;
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
                         _("the key has changed, so that this may be somebody else; accept the new "
                           "key if it is not"));
  else if (verdict->trust == XEP174_TRUST_DISTRUSTED)
    g_set_error_literal (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_DISTRUSTED,
                         _("you have said that this key is not to be trusted"));
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

  return records != NULL ? xep174_trust_dup_only_name (records, fingerprint) : NULL;
}

gboolean
xep174_keyring_add (Xep174Keyring  *self,
                    const char     *name,
                    GBytes         *key,
                    GError        **error)
{
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);
  g_autoptr(Xep174TrustStore) store = NULL;
  GObject *manager = self->manager;
  gboolean added;

  if (self->store == NULL)
    return TRUE;

  g_set_object (&store, self->store);
  g_object_ref (manager);
  self->adding = TRUE;
  added = xep174_trust_store_add (store, fingerprint, name, error);
  self->adding = FALSE;
  release (manager);
  return added;
}

/* --- What a name has shown last ----------------------------------------------------------------- */

gboolean
xep174_keyring_note_shown (Xep174Keyring *self,
                           const char    *name,
                           GBytes        *key,
                           Xep174Trust    trust)
{
  Shown *shown = g_hash_table_lookup (self->shown, name);

  if (shown != NULL && shown->trust == trust && g_bytes_equal (shown->key, key))
    return FALSE;

  shown = g_new (Shown, 1);
  *shown = (Shown) { g_bytes_ref (key), trust };
  g_hash_table_replace (self->shown, g_strdup (name), shown);
  return TRUE;
}

GBytes *
xep174_keyring_get_shown (const Xep174Keyring *self,
                          const char          *name)
{
  const Shown *shown = g_hash_table_lookup (self->shown, name);

  return shown != NULL ? shown->key : NULL;
}

gboolean
xep174_keyring_has_changed (const Xep174Keyring *self,
                            const char          *name)
{
  const Shown *shown = g_hash_table_lookup (self->shown, name);

  return shown != NULL && shown->trust == XEP174_TRUST_CHANGED;
}

void
xep174_keyring_forget_shown (Xep174Keyring *self,
                             const char    *name)
{
  g_hash_table_remove (self->shown, name);
}

void
xep174_keyring_judge_shown (Xep174Keyring *self)
{
  g_autoptr(GListModel) records = g_hash_table_size (self->shown) > 0 ? list (self, NULL) : NULL;
  GHashTableIter iter;
  gpointer name, value;

  if (records == NULL)
    return;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      Shown *shown = value;
      g_autofree char *fingerprint = xep174_key_dup_fingerprint (shown->key);

      shown->trust = xep174_trust_judge (records, name, fingerprint).trust;
      if (shown->trust == XEP174_TRUST_DISTRUSTED)
        g_hash_table_iter_remove (&iter);
    }
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
