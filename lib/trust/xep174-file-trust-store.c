/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174FileTrustStore:
 *
 * A [iface@TrustStore] in a file.
 *
 * Only the user may read the file, and only the user may change what is in its folder; both are
 * made so when they are needed first. Several programs of a user may use one file: each change is
 * made under a lock and written whole, and what one of them learns the others know at their next
 * question; [method@TrustStore.refresh] tells whether there is something to ask.
 *
 * A missing file is an empty store. But one that had keys and is gone is an error, for as long as
 * the store lives: put the file back, or make a new store to begin anew. A file that is there and is
 * damaged, cannot be read, or can be read by others is an error, and it is never written over.
 *
 * The file is read and written before a function returns. It is small: a hundred octets for each
 * key.
 *
 * Since: 1.0
 */

#include "xep174-file-trust-store.h"

#include <unistd.h>

#include "xep174-gettext-private.h"
#include "xep174-key-records-private.h"
#include "xep174-private-file-private.h"
#include "xep174-trust-error.h"

struct _Xep174FileTrustStore
{
  GObject parent_instance;
  char *path;
  /* What was read or written last, and the version of the file that has it. */
  GListModel *records;
  Xep174FileStamp stamp;
  /* The version that the listeners of ::changed know of, once anybody has asked. */
  gboolean asked;
  Xep174FileStamp told;
};

enum
{
  PROP_0,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void xep174_file_trust_store_iface_init (Xep174TrustStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174FileTrustStore, xep174_file_trust_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_TRUST_STORE,
                                                      xep174_file_trust_store_iface_init))

static GListModel *
parse (Xep174FileTrustStore  *self,
       GBytes                *contents,
       GError               **error)
{
  g_autoptr(GError) reason = NULL;
  gsize length = 0;
  const char *text = g_bytes_get_data (contents, &length);
  GListModel *records = xep174_key_records_parse (text, length, &reason);

  if (records == NULL)
    g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED,
                 _("The keys in “%s” are damaged: %s. Put back an older copy of the file, or move "
                   "it away to begin anew; then compare all keys again"),
                 self->path, reason->message);
  return records;
}

/* T7: that a file with keys is gone says nothing of the keys. */
static GListModel *
begin_anew (Xep174FileTrustStore  *self,
            GError               **error)
{
  if (self->records == NULL || g_list_model_get_n_items (self->records) == 0)
    return xep174_key_records_new ();

  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_MISSING,
               _("The keys in “%s” are gone. Put the file back, or start the program again to "
                 "begin anew; then compare all keys again"), self->path);
  return NULL;
}

static GListModel *
xep174_file_trust_store_list (Xep174TrustStore  *store,
                              GError           **error)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (store);
  g_autoptr(GError) reason = NULL;
  g_autoptr(GBytes) contents = NULL;
  Xep174FileStamp stamp;
  GListModel *records;

  xep174_private_file_stat (self->path, &stamp);
  if (!self->asked)
    self->told = stamp;
  self->asked = TRUE;
  if (self->records != NULL && xep174_file_stamp_equal (&stamp, &self->stamp))
    return g_object_ref (self->records);

  contents = xep174_private_file_read (self->path, &stamp, &reason);
  if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return begin_anew (self, error);
  if (contents == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  records = parse (self, contents, error);
  if (records != NULL)
    {
      g_set_object (&self->records, records);
      self->stamp = stamp;
    }
  return records;
}

/* Takes a lock, and reads what is there now. */
static int
begin_change (Xep174FileTrustStore  *self,
              GListModel           **records,
              GError               **error)
{
  int lock = xep174_private_file_lock (self->path, error);

  if (lock < 0)
    return -1;

  *records = xep174_file_trust_store_list (XEP174_TRUST_STORE (self), error);
  if (*records == NULL)
    {
      close (lock);
      return -1;
    }

  return lock;
}

static gboolean
end_change (Xep174FileTrustStore  *self,
            int                    lock,
            GListModel            *before,
            GListModel            *after,
            GError               **error)
{
  gsize length;
  g_autofree char *text = xep174_key_records_print (after, &length);
  gboolean all_told = xep174_file_stamp_equal (&self->told, &self->stamp);
  gboolean written = xep174_private_file_write (self->path, text, length, &self->stamp, error);

  if (written)
    g_set_object (&self->records, after);
  if (written && all_told)
    self->told = self->stamp;
  g_object_unref (before);
  g_object_unref (after);
  close (lock);
  return written;
}

static gboolean
xep174_file_trust_store_add (Xep174TrustStore  *store,
                             const char        *fingerprint,
                             const char        *name,
                             GError           **error)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (store);
  GListModel *records;
  int lock = begin_change (self, &records, error);

  return lock >= 0
         && end_change (self, lock, records,
                        xep174_key_records_with_name (records, fingerprint, name), error);
}

static gboolean
xep174_file_trust_store_set_trust (Xep174TrustStore  *store,
                                   const char        *fingerprint,
                                   Xep174Trust        trust,
                                   GError           **error)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (store);
  GListModel *records;
  int lock = begin_change (self, &records, error);

  return lock >= 0
         && end_change (self, lock, records,
                        xep174_key_records_with_trust (records, fingerprint, trust), error);
}

static gboolean
xep174_file_trust_store_forget (Xep174TrustStore  *store,
                                const char        *name,
                                GError           **error)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (store);
  GListModel *records;
  int lock = begin_change (self, &records, error);

  return lock >= 0
         && end_change (self, lock, records, xep174_key_records_without_name (records, name),
                        error);
}

static void
xep174_file_trust_store_refresh (Xep174TrustStore *store)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (store);
  Xep174FileStamp now;

  if (!self->asked)
    return;

  xep174_private_file_stat (self->path, &now);
  if (xep174_file_stamp_equal (&now, &self->told))
    return;

  self->told = now;
  g_signal_emit_by_name (self, "changed");
}

static void
xep174_file_trust_store_get_property (GObject    *object,
                                      guint       property_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (object);

  switch (property_id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xep174_file_trust_store_set_property (GObject      *object,
                                      guint         property_id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (object);

  switch (property_id)
    {
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
xep174_file_trust_store_finalize (GObject *object)
{
  Xep174FileTrustStore *self = XEP174_FILE_TRUST_STORE (object);

  g_free (self->path);
  g_clear_object (&self->records);

  G_OBJECT_CLASS (xep174_file_trust_store_parent_class)->finalize (object);
}

static void
xep174_file_trust_store_class_init (Xep174FileTrustStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = xep174_file_trust_store_get_property;
  object_class->set_property = xep174_file_trust_store_set_property;
  object_class->finalize = xep174_file_trust_store_finalize;

  /**
   * Xep174FileTrustStore:path: (getter get_path)
   *
   * The file.
   *
   * Since: 1.0
   */
  properties[PROP_PATH] =
    g_param_spec_string ("path", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
xep174_file_trust_store_iface_init (Xep174TrustStoreInterface *iface)
{
  iface->list = xep174_file_trust_store_list;
  iface->add = xep174_file_trust_store_add;
  iface->set_trust = xep174_file_trust_store_set_trust;
  iface->forget = xep174_file_trust_store_forget;
  iface->refresh = xep174_file_trust_store_refresh;
}

static void
xep174_file_trust_store_init (Xep174FileTrustStore *self)
{
}

/**
 * xep174_file_trust_store_new:
 * @path: (type filename): a file, in a folder that only the user may change
 *
 * Makes a store of what is in the file. The file is read at the first question, and made at the
 * first change.
 *
 * Returns: (transfer full): the store
 *
 * Since: 1.0
 */
Xep174FileTrustStore *
xep174_file_trust_store_new (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);

  return g_object_new (XEP174_TYPE_FILE_TRUST_STORE, "path", path, NULL);
}

/**
 * xep174_file_trust_store_get_path: (get-property path)
 * @self: a store
 *
 * Returns where the keys are.
 *
 * Returns: (transfer none) (type filename): the file
 *
 * Since: 1.0
 */
const char *
xep174_file_trust_store_get_path (Xep174FileTrustStore *self)
{
  g_return_val_if_fail (XEP174_IS_FILE_TRUST_STORE (self), NULL);

  return self->path;
}
