/* SPDX-License-Identifier: LGPL-2.1-or-later */

/**
 * Xep174TrustStore:
 *
 * Where the keys of others are kept.
 *
 * A store holds a record for each key: the names under which it was seen, and what a person has
 * said of it. It decides nothing. The library asks it while a connection is being encrypted, so it
 * answers at once, and with all that it has. If it cannot, it returns an error, and then there is
 * no session: a store that cannot be read must never look like an empty one, because then any key
 * would be taken for the first.
 *
 * What comes from the network only calls [method@TrustStore.add]. The other changes are made by
 * people.
 *
 * [class@FileTrustStore] and [class@MemoryTrustStore] are stores; a program may implement one of
 * its own.
 *
 * Since: 1.0
 */

#include "xep174-trust-store.h"

#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"

G_DEFINE_INTERFACE (Xep174TrustStore, xep174_trust_store, G_TYPE_OBJECT)

static void
xep174_trust_store_default_init (Xep174TrustStoreInterface *iface)
{
}

/**
 * xep174_trust_store_list:
 * @self: a store
 * @error: return location for an error
 *
 * Returns all records, as they are now.
 *
 * Returns: (transfer full): a list of [class@KeyRecord] that does not change any more, or %NULL
 *   with an error
 *
 * Since: 1.0
 */
GListModel *
xep174_trust_store_list (Xep174TrustStore *self,
                         GError          **error)
{
  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), NULL);

  return XEP174_TRUST_STORE_GET_IFACE (self)->list (self, error);
}

/**
 * xep174_trust_store_add:
 * @self: a store
 * @fingerprint: SHA-256 of a public key, as 64 hexadecimal digits in lower case
 * @name: a name on the network
 * @error: return location for an error
 *
 * Adds @name to the record of the key. If there is no such record, it is made, with
 * %XEP174_TRUST_SEEN. A record that is there keeps its trust and its other names.
 *
 * Returns: whether it is kept now
 *
 * Since: 1.0
 */
gboolean
xep174_trust_store_add (Xep174TrustStore *self,
                        const char       *fingerprint,
                        const char       *name,
                        GError          **error)
{
  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL && xep174_fingerprint_is_valid (fingerprint), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return xep174_name_is_valid (name, error)
         && XEP174_TRUST_STORE_GET_IFACE (self)->add (self, fingerprint, name, error);
}

/**
 * xep174_trust_store_set_trust:
 * @self: a store
 * @fingerprint: SHA-256 of a public key, as 64 hexadecimal digits in lower case
 * @trust: %XEP174_TRUST_SEEN, %XEP174_TRUST_VERIFIED or %XEP174_TRUST_DISTRUSTED
 * @error: return location for an error
 *
 * Keeps what a person says of a key. If there is no record of the key, it is made, without a name.
 *
 * Returns: whether it is kept now
 *
 * Since: 1.0
 */
gboolean
xep174_trust_store_set_trust (Xep174TrustStore *self,
                              const char       *fingerprint,
                              Xep174Trust       trust,
                              GError          **error)
{
  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL && xep174_fingerprint_is_valid (fingerprint), FALSE);
  g_return_val_if_fail (trust == XEP174_TRUST_SEEN || trust == XEP174_TRUST_VERIFIED
                        || trust == XEP174_TRUST_DISTRUSTED, FALSE);

  return XEP174_TRUST_STORE_GET_IFACE (self)->set_trust (self, fingerprint, trust, error);
}

/**
 * xep174_trust_store_forget:
 * @self: a store
 * @name: a name on the network
 * @error: return location for an error
 *
 * Takes @name from all records, because a person wants so. A record without a name is dropped,
 * unless the key is distrusted. Whoever has the name next is taken for its first owner. A name that
 * is in no record is no error.
 *
 * Returns: whether it is forgotten now
 *
 * Since: 1.0
 */
gboolean
xep174_trust_store_forget (Xep174TrustStore *self,
                           const char       *name,
                           GError          **error)
{
  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return XEP174_TRUST_STORE_GET_IFACE (self)->forget (self, name, error);
}
