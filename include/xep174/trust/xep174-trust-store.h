/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-key-record.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_TRUST_STORE (xep174_trust_store_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (Xep174TrustStore, xep174_trust_store, XEP174, TRUST_STORE, GObject)

/**
 * Xep174TrustStoreInterface:
 * @list: see xep174_trust_store_list()
 * @add: see xep174_trust_store_add()
 * @set_trust: see xep174_trust_store_set_trust()
 * @forget: see xep174_trust_store_forget()
 * @refresh: see xep174_trust_store_refresh()
 *
 * What a program implements to keep keys in a place of its own. A function that is left out fails;
 * only @refresh may be left out.
 *
 * Since: 1.0
 */
struct _Xep174TrustStoreInterface
{
  GTypeInterface parent_iface;

  GListModel *(*list)      (Xep174TrustStore *self,
                            GError          **error);
  gboolean    (*add)       (Xep174TrustStore *self,
                            const char       *fingerprint,
                            const char       *name,
                            GError          **error);
  gboolean    (*set_trust) (Xep174TrustStore *self,
                            const char       *fingerprint,
                            Xep174Trust       trust,
                            GError          **error);
  gboolean    (*forget)    (Xep174TrustStore *self,
                            const char       *name,
                            GError          **error);
  void        (*refresh)   (Xep174TrustStore *self);
};

XEP174_AVAILABLE_IN_1_0
GListModel *xep174_trust_store_list      (Xep174TrustStore *self,
                                          GError          **error);
XEP174_AVAILABLE_IN_1_0
gboolean    xep174_trust_store_add       (Xep174TrustStore *self,
                                          const char       *fingerprint,
                                          const char       *name,
                                          GError          **error);
XEP174_AVAILABLE_IN_1_0
gboolean    xep174_trust_store_set_trust (Xep174TrustStore *self,
                                          const char       *fingerprint,
                                          Xep174Trust       trust,
                                          GError          **error);
XEP174_AVAILABLE_IN_1_0
gboolean    xep174_trust_store_forget    (Xep174TrustStore *self,
                                          const char       *name,
                                          GError          **error);
XEP174_AVAILABLE_IN_1_0
void        xep174_trust_store_refresh   (Xep174TrustStore *self);

G_END_DECLS
