/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-directory.h"
#include "xep174-identity.h"
#include "xep174-session.h"
#include "xep174-trust-store.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174AddressPolicy:
 * @XEP174_ADDRESS_POLICY_VERIFY: a claimed `from` counts only from an address of that contact
 * @XEP174_ADDRESS_POLICY_TRUST: a claimed `from` is believed
 *
 * How an incoming stream is attributed to a contact.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_ADDRESS_POLICY_VERIFY,
  XEP174_ADDRESS_POLICY_TRUST,
} Xep174AddressPolicy;

#define XEP174_TYPE_SESSION_MANAGER (xep174_session_manager_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174SessionManager, xep174_session_manager, XEP174, SESSION_MANAGER,
                      GObject)

XEP174_AVAILABLE_IN_1_0
Xep174SessionManager *xep174_session_manager_new            (const char      *local_name,
                                                             Xep174Directory *directory);
XEP174_AVAILABLE_IN_1_0
const char           *xep174_session_manager_get_local_name (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_set_local_name (Xep174SessionManager *self,
                                                             const char           *local_name);
XEP174_AVAILABLE_IN_1_0
Xep174Directory      *xep174_session_manager_get_directory  (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
GListModel           *xep174_session_manager_get_sessions   (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
guint16               xep174_session_manager_get_port       (Xep174SessionManager *self);

XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_listen         (Xep174SessionManager *self,
                                                             guint16               port,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_stop_async     (Xep174SessionManager *self,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_stop_finish    (Xep174SessionManager *self,
                                                             GAsyncResult         *result,
                                                             GError              **error);

XEP174_AVAILABLE_IN_1_0
Xep174Session        *xep174_session_manager_find_session   (Xep174SessionManager *self,
                                                             const char           *name);
XEP174_AVAILABLE_IN_1_0
Xep174Session        *xep174_session_manager_ensure_session (Xep174SessionManager *self,
                                                             const char           *name,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_add_connection (Xep174SessionManager *self,
                                                             GIOStream            *connection,
                                                             Xep174SessionRole     role,
                                                             const char           *name,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_probe          (Xep174SessionManager *self);

XEP174_AVAILABLE_IN_1_0
Xep174Identity       *xep174_session_manager_get_identity   (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_set_identity   (Xep174SessionManager *self,
                                                             Xep174Identity       *identity);
XEP174_AVAILABLE_IN_1_0
Xep174TrustStore     *xep174_session_manager_get_trust_store (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_set_trust_store (Xep174SessionManager *self,
                                                              Xep174TrustStore     *store);
XEP174_AVAILABLE_IN_1_0
Xep174EncryptionPolicy
                      xep174_session_manager_get_encryption (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_set_encryption (Xep174SessionManager   *self,
                                                             Xep174EncryptionPolicy  policy);
XEP174_AVAILABLE_IN_1_0
Xep174Completion      xep174_session_manager_get_completion (Xep174SessionManager *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_session_manager_set_completion (Xep174SessionManager *self,
                                                             Xep174Completion      completion);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_verify_key     (Xep174SessionManager *self,
                                                             const char           *name,
                                                             const char           *fingerprint,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_accept_key     (Xep174SessionManager *self,
                                                             const char           *name,
                                                             const char           *fingerprint,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_distrust_key   (Xep174SessionManager *self,
                                                             const char           *name,
                                                             const char           *fingerprint,
                                                             GError              **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_session_manager_forget_keys    (Xep174SessionManager *self,
                                                             const char           *name,
                                                             GError              **error);

G_END_DECLS
