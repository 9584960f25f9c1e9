/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-contact.h"
#include "xep174-conversation.h"
#include "xep174-discovery.h"
#include "xep174-element.h"
#include "xep174-message.h"
#include "xep174-profile.h"
#include "xep174-session-manager.h"
#include "xep174-transfer.h"
#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_TYPE_CLIENT (xep174_client_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Client, xep174_client, XEP174, CLIENT, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174Client         *xep174_client_new                 (Xep174Profile   *profile,
                                                         Xep174Discovery *discovery);
XEP174_AVAILABLE_IN_1_0
Xep174Profile        *xep174_client_get_profile         (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
Xep174Discovery      *xep174_client_get_discovery       (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
Xep174SessionManager *xep174_client_get_session_manager (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
GListModel           *xep174_client_get_contacts        (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
GListModel           *xep174_client_get_conversations   (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
Xep174Conversation   *xep174_client_get_conversation    (Xep174Client  *self,
                                                         Xep174Contact *contact);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_drop_conversation   (Xep174Client       *self,
                                                         Xep174Conversation *conversation);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_add_conversation_features (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
const char           *xep174_client_get_local_name      (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_get_running         (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
guint16               xep174_client_get_port            (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_set_port            (Xep174Client *self,
                                                         guint16       port);

XEP174_AVAILABLE_IN_1_0
const char           *xep174_client_get_data_dir        (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_get_remembers_keys  (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
Xep174EncryptionPolicy
                      xep174_client_get_encryption      (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_set_encryption      (Xep174Client           *self,
                                                         Xep174EncryptionPolicy  policy);
XEP174_AVAILABLE_IN_1_0
Xep174Completion xep174_client_get_completion (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
void             xep174_client_set_completion (Xep174Client     *self,
                                               Xep174Completion  completion);

XEP174_AVAILABLE_IN_1_0
void                  xep174_client_start_async         (Xep174Client        *self,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_start_finish        (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_stop_async          (Xep174Client        *self,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_stop_finish         (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);

XEP174_AVAILABLE_IN_1_0
Xep174Contact        *xep174_client_find_contact        (Xep174Client *self,
                                                         const char   *name);
XEP174_AVAILABLE_IN_1_0
Xep174Contact        *xep174_client_dup_contact         (Xep174Client *self,
                                                         const char   *name);
XEP174_AVAILABLE_IN_1_0
Xep174Session        *xep174_client_find_session        (Xep174Client  *self,
                                                         Xep174Contact *contact);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_verify_key          (Xep174Client   *self,
                                                         Xep174Contact  *contact,
                                                         const char     *fingerprint,
                                                         GError        **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_accept_key          (Xep174Client   *self,
                                                         Xep174Contact  *contact,
                                                         const char     *fingerprint,
                                                         GError        **error);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_distrust_key        (Xep174Client   *self,
                                                         Xep174Contact  *contact,
                                                         const char     *fingerprint,
                                                         GError        **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_send_text_async     (Xep174Client        *self,
                                                         Xep174Contact       *contact,
                                                         const char          *text,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_send_text_finish    (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_send_message_async  (Xep174Client        *self,
                                                         Xep174Contact       *contact,
                                                         Xep174Message       *message,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_send_message_finish (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_send_stanza_async   (Xep174Client        *self,
                                                         Xep174Contact       *contact,
                                                         Xep174Element       *stanza,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean              xep174_client_send_stanza_finish  (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);
XEP174_AVAILABLE_IN_1_0
GListModel           *xep174_client_get_transfers       (Xep174Client *self);
XEP174_AVAILABLE_IN_1_0
void                  xep174_client_send_file_async     (Xep174Client        *self,
                                                         Xep174Contact       *contact,
                                                         GFile               *file,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
Xep174Transfer       *xep174_client_send_file_finish    (Xep174Client *self,
                                                         GAsyncResult *result,
                                                         GError      **error);

G_END_DECLS
