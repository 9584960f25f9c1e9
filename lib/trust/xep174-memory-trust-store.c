/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174MemoryTrustStore:
 *
 * A [iface@TrustStore] that forgets everything when it is freed.
 *
 * For tests, and where there is no place to write.
 *
 * Since: 1.0
 */

#include "xep174-memory-trust-store.h"

#include "xep174-key-records-private.h"

struct _Xep174MemoryTrustStore
{
  GObject parent_instance;
  GListModel *records;
};

static void xep174_memory_trust_store_iface_init (Xep174TrustStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Xep174MemoryTrustStore, xep174_memory_trust_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_TRUST_STORE,
                                                      xep174_memory_trust_store_iface_init))

static gboolean
take_records (Xep174MemoryTrustStore *self,
              GListModel             *records)
{
  g_object_unref (self->records);
  self->records = records;
  return TRUE;
}

static GListModel *
xep174_memory_trust_store_list (Xep174TrustStore  *store,
                                GError           **error)
{
  return g_object_ref (XEP174_MEMORY_TRUST_STORE (store)->records);
}

static gboolean
xep174_memory_trust_store_add (Xep174TrustStore  *store,
                               const char        *fingerprint,
                               const char        *name,
                               GError           **error)
{
  Xep174MemoryTrustStore *self = XEP174_MEMORY_TRUST_STORE (store);

  return take_records (self, xep174_key_records_with_name (self->records, fingerprint, name));
}

static gboolean
xep174_memory_trust_store_set_trust (Xep174TrustStore  *store,
                                     const char        *fingerprint,
                                     Xep174Trust        trust,
                                     GError           **error)
{
  Xep174MemoryTrustStore *self = XEP174_MEMORY_TRUST_STORE (store);

  return take_records (self, xep174_key_records_with_trust (self->records, fingerprint, trust));
}

static gboolean
xep174_memory_trust_store_forget (Xep174TrustStore  *store,
                                  const char        *name,
                                  GError           **error)
{
  Xep174MemoryTrustStore *self = XEP174_MEMORY_TRUST_STORE (store);

  return take_records (self, xep174_key_records_without_name (self->records, name));
}

static void
xep174_memory_trust_store_finalize (GObject *object)
{
  Xep174MemoryTrustStore *self = XEP174_MEMORY_TRUST_STORE (object);

  g_object_unref (self->records);

  G_OBJECT_CLASS (xep174_memory_trust_store_parent_class)->finalize (object);
}

static void
xep174_memory_trust_store_class_init (Xep174MemoryTrustStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xep174_memory_trust_store_finalize;
}

static void
xep174_memory_trust_store_iface_init (Xep174TrustStoreInterface *iface)
{
  iface->list = xep174_memory_trust_store_list;
  iface->add = xep174_memory_trust_store_add;
  iface->set_trust = xep174_memory_trust_store_set_trust;
  iface->forget = xep174_memory_trust_store_forget;
}

static void
xep174_memory_trust_store_init (Xep174MemoryTrustStore *self)
{
  self->records = xep174_key_records_new ();
}

/**
 * xep174_memory_trust_store_new:
 *
 * Makes an empty store.
 *
 * Returns: (transfer full): the store
 *
 * Since: 1.0
 */
Xep174MemoryTrustStore *
xep174_memory_trust_store_new (void)
{
  return g_object_new (XEP174_TYPE_MEMORY_TRUST_STORE, NULL);
}
