/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "odd-store.h"

#include "xep174-memory-trust-store.h"

struct _OddStore
{
  GObject parent_instance;
  Xep174TrustStore *store;
  OddStoreFunc func;
  gpointer data;
};

static void odd_store_init_iface (Xep174TrustStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OddStore, odd_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (XEP174_TYPE_TRUST_STORE, odd_store_init_iface))

static gboolean
may (OddStore    *self,
     const char  *function,
     GError     **error)
{
  if (self->func (function, self->data))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The store cannot %s", function);
  return FALSE;
}

static GListModel *
odd_store_list (Xep174TrustStore  *store,
                GError           **error)
{
  OddStore *self = ODD_STORE (store);

  return may (self, "list", error) ? xep174_trust_store_list (self->store, error) : NULL;
}

static gboolean
odd_store_add (Xep174TrustStore  *store,
               const char        *fingerprint,
               const char        *name,
               GError           **error)
{
  OddStore *self = ODD_STORE (store);

  return may (self, "add", error) && xep174_trust_store_add (self->store, fingerprint, name, error);
}

static gboolean
odd_store_set_trust (Xep174TrustStore  *store,
                     const char        *fingerprint,
                     Xep174Trust        trust,
                     GError           **error)
{
  OddStore *self = ODD_STORE (store);

  return may (self, "set trust", error)
         && xep174_trust_store_set_trust (self->store, fingerprint, trust, error);
}

static gboolean
odd_store_forget (Xep174TrustStore  *store,
                  const char        *name,
                  GError           **error)
{
  OddStore *self = ODD_STORE (store);

  return may (self, "forget", error) && xep174_trust_store_forget (self->store, name, error);
}

static void
odd_store_init_iface (Xep174TrustStoreInterface *iface)
{
  iface->list = odd_store_list;
  iface->add = odd_store_add;
  iface->set_trust = odd_store_set_trust;
  iface->forget = odd_store_forget;
}

static void
odd_store_finalize (GObject *object)
{
  g_object_unref (ODD_STORE (object)->store);
  G_OBJECT_CLASS (odd_store_parent_class)->finalize (object);
}

static void
odd_store_class_init (OddStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = odd_store_finalize;
}

static void
odd_store_init (OddStore *self)
{
  self->store = XEP174_TRUST_STORE (xep174_memory_trust_store_new ());
}

OddStore *
odd_store_new (OddStoreFunc func,
               gpointer     data)
{
  OddStore *self = g_object_new (ODD_TYPE_STORE, NULL);

  self->func = func;
  self->data = data;
  return self;
}

void
odd_store_change_elsewhere (OddStore    *self,
                            const char  *fingerprint,
                            Xep174Trust  trust)
{
  g_assert_true (xep174_trust_store_set_trust (self->store, fingerprint, trust, NULL));
  g_signal_emit_by_name (self, "changed");
}
