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
 * people. Anybody on the network can invent names and keys, so at most 4,096 names are added to keys
 * that nobody has compared, and 64 to a key that somebody has. Nothing is dropped for a new one: beyond
 * that a new key is not remembered, and its trust is %XEP174_TRUST_UNKNOWN. A person can still verify or
 * accept it, or forget others.
 *
 * What is decided in another way than through the store itself, for example by another program that
 * shares its place, is told with [signal@TrustStore::changed]; a store that nobody tells of it looks
 * for it in [vfunc@TrustStore.refresh].
 *
 * [class@FileTrustStore] and [class@MemoryTrustStore] are stores; a program may implement one of
 * its own.
 *
 * Since: 1.0
 */

#include "xep174-trust-store.h"

#include "xep174-key-record.h"
#include "xep174-name-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-trust-error.h"

G_DEFINE_INTERFACE (Xep174TrustStore, xep174_trust_store, G_TYPE_OBJECT)

static guint signal_changed;

static gboolean
refuse (Xep174TrustStore  *self,
        GError           **error)
{
  g_set_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_NOT_SUPPORTED,
               "The keys cannot be read or kept: %s lacks a function", G_OBJECT_TYPE_NAME (self));
  return FALSE;
}

static GListModel *
default_list (Xep174TrustStore  *self,
              GError           **error)
{
  refuse (self, error);
  return NULL;
}

static gboolean
default_add (Xep174TrustStore  *self,
             const char        *fingerprint,
             const char        *name,
             GError           **error)
{
  return refuse (self, error);
}

static gboolean
default_set_trust (Xep174TrustStore  *self,
                   const char        *fingerprint,
                   Xep174Trust        trust,
                   GError           **error)
{
  return refuse (self, error);
}

static gboolean
default_forget (Xep174TrustStore  *self,
                const char        *name,
                GError           **error)
{
  return refuse (self, error);
}

static void
xep174_trust_store_default_init (Xep174TrustStoreInterface *iface)
{
  iface->list = default_list;
  iface->add = default_add;
  iface->set_trust = default_set_trust;
  iface->forget = default_forget;

  /**
   * Xep174TrustStore::changed:
   * @self: the store
   *
   * What is kept may be something else than before. [method@TrustStore.add],
   * [method@TrustStore.set_trust] and [method@TrustStore.forget] emit it. A store emits it itself, in
   * the thread in which it is asked, when it learns of a change that was made elsewhere.
   *
   * Before it writes or delivers anything more, a session manager looks whether the keys of its
   * sessions are still trusted; a session whose key is not is ended.
   *
   * Since: 1.0
   */
  signal_changed = g_signal_new ("changed", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
}

/* A function in another language that raises something else than a GError returns without a reason.
 * T7: that must not look like a success. A binding also reports an error that was set behind a NULL
 * @error as not caught, so we always ask for it. */
static gboolean
conclude (Xep174TrustStore  *self,
          gboolean           done,
          GError            *reason,
          GError           **error)
{
  if (done && reason == NULL)
    return TRUE;

  if (reason == NULL)
    reason = g_error_new (XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_FAILED,
                          "The keys cannot be read or kept, and %s gave no reason",
                          G_OBJECT_TYPE_NAME (self));
  g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
conclude_change (Xep174TrustStore  *self,
                 gboolean           done,
                 GError            *reason,
                 GError           **error)
{
  if (!conclude (self, done, reason, error))
    return FALSE;

  g_signal_emit (self, signal_changed, 0);
  return TRUE;
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
  g_autoptr(GListModel) records = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), NULL);

  records = XEP174_TRUST_STORE_GET_IFACE (self)->list (self, &reason);
  if (!conclude (self, records != NULL
                       && g_type_is_a (g_list_model_get_item_type (records), XEP174_TYPE_KEY_RECORD),
                 reason, error))
    return NULL;

  return g_steal_pointer (&records);
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
  gboolean added;
  GError *reason = NULL;

  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL && xep174_fingerprint_is_valid (fingerprint), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!xep174_name_is_valid (name, error))
    return FALSE;

  added = XEP174_TRUST_STORE_GET_IFACE (self)->add (self, fingerprint, name, &reason);
  return conclude_change (self, added, reason, error);
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
  gboolean set;
  GError *reason = NULL;

  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL && xep174_fingerprint_is_valid (fingerprint), FALSE);
  g_return_val_if_fail (trust == XEP174_TRUST_SEEN || trust == XEP174_TRUST_VERIFIED
                        || trust == XEP174_TRUST_DISTRUSTED, FALSE);

  set = XEP174_TRUST_STORE_GET_IFACE (self)->set_trust (self, fingerprint, trust, &reason);
  return conclude_change (self, set, reason, error);
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
  gboolean forgotten;
  GError *reason = NULL;

  g_return_val_if_fail (XEP174_IS_TRUST_STORE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  forgotten = XEP174_TRUST_STORE_GET_IFACE (self)->forget (self, name, &reason);
  return conclude_change (self, forgotten, reason, error);
}

/**
 * xep174_trust_store_refresh:
 * @self: a store
 *
 * Looks whether what is kept was changed elsewhere since the store was last asked, and if so, emits
 * [signal@TrustStore::changed].
 *
 * A session manager calls it before it writes or delivers anything in an encrypted session, each
 * time for all that is there, so it must be very quick: a [class@FileTrustStore] asks for the date of
 * its file. A store whose place nobody else can change leaves it out, and so does one that emits the
 * signal on its own.
 *
 * Since: 1.0
 */
void
xep174_trust_store_refresh (Xep174TrustStore *self)
{
  g_return_if_fail (XEP174_IS_TRUST_STORE (self));

  if (XEP174_TRUST_STORE_GET_IFACE (self)->refresh != NULL)
    XEP174_TRUST_STORE_GET_IFACE (self)->refresh (self);
}
