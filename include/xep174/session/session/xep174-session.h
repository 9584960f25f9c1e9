/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-element.h"
#include "xep174-key-record.h"
#include "xep174-session-error.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174SessionState:
 * @XEP174_SESSION_STATE_CLOSED: there is no stream
 * @XEP174_SESSION_STATE_CONNECTING: a TCP connection is being made
 * @XEP174_SESSION_STATE_NEGOTIATING: headers and features are being exchanged
 * @XEP174_SESSION_STATE_WAITING: as the recipient we wait for the first stanza (rule S1)
 * @XEP174_SESSION_STATE_OPEN: stanzas go both ways
 * @XEP174_SESSION_STATE_CLOSING: one closing tag has been sent or received
 *
 * The state of the current stream of a session.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_SESSION_STATE_CLOSED,
  XEP174_SESSION_STATE_CONNECTING,
  XEP174_SESSION_STATE_NEGOTIATING,
  XEP174_SESSION_STATE_WAITING,
  XEP174_SESSION_STATE_OPEN,
  XEP174_SESSION_STATE_CLOSING,
} Xep174SessionState;

/**
 * Xep174SessionRole:
 * @XEP174_SESSION_ROLE_NONE: there is no stream
 * @XEP174_SESSION_ROLE_INITIATOR: we opened the current stream
 * @XEP174_SESSION_ROLE_RECIPIENT: the contact opened it
 *
 * Which side opened the current stream (RFC 6120 §4.2).
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_SESSION_ROLE_NONE,
  XEP174_SESSION_ROLE_INITIATOR,
  XEP174_SESSION_ROLE_RECIPIENT,
} Xep174SessionRole;

/**
 * Xep174EncryptionPolicy:
 * @XEP174_ENCRYPTION_POLICY_OFF: streams are not encrypted
 * @XEP174_ENCRYPTION_POLICY_PREFER: streams are encrypted if the other side can; a name that has once
 *   shown a key is never spoken to unencrypted again
 * @XEP174_ENCRYPTION_POLICY_REQUIRE: nothing is sent or delivered unencrypted
 *
 * When streams are encrypted (XEP-0174 §13.1).
 *
 * No policy permits that anything goes unencrypted to a name whose key is known. Who wants that forgets
 * the key: see [method@SessionManager.forget_keys].
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_ENCRYPTION_POLICY_OFF,
  XEP174_ENCRYPTION_POLICY_PREFER,
  XEP174_ENCRYPTION_POLICY_REQUIRE,
} Xep174EncryptionPolicy;

/**
 * Xep174Completion:
 * @XEP174_COMPLETION_WRITTEN: when the stanza is with the operating system
 * @XEP174_COMPLETION_RECEIVED: when there is a sign that the contact has received it
 *
 * When a call that sends something is done.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_COMPLETION_WRITTEN,
  XEP174_COMPLETION_RECEIVED,
} Xep174Completion;

#define XEP174_TYPE_SESSION (xep174_session_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174Session, xep174_session, XEP174, SESSION, GObject)

XEP174_AVAILABLE_IN_1_0
const char         *xep174_session_get_name        (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
const char         *xep174_session_get_local_name  (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
char               *xep174_session_dup_jid         (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
Xep174SessionState  xep174_session_get_state       (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
Xep174SessionRole   xep174_session_get_role        (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_get_encrypted   (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
Xep174Trust         xep174_session_get_trust       (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_get_acknowledged (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
GBytes             *xep174_session_dup_peer_key    (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
char               *xep174_session_dup_peer_fingerprint (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
char               *xep174_session_dup_safety_number (Xep174Session *self);
XEP174_AVAILABLE_IN_1_0
GBytes             *xep174_session_dup_channel_binding (Xep174Session *self);

XEP174_AVAILABLE_IN_1_0
void                xep174_session_open_async      (Xep174Session       *self,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_open_finish     (Xep174Session *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);
XEP174_AVAILABLE_IN_1_0
void                xep174_session_close_async     (Xep174Session       *self,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_close_finish    (Xep174Session *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);
XEP174_AVAILABLE_IN_1_0
void                xep174_session_send_async      (Xep174Session       *self,
                                                    Xep174Element       *stanza,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
void                xep174_session_send_xml_async  (Xep174Session       *self,
                                                    const char          *xml,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_send_finish     (Xep174Session *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_session_send_xml_finish (Xep174Session *self,
                                                    GAsyncResult  *result,
                                                    GError       **error);
XEP174_AVAILABLE_IN_1_0
GIOStream          *xep174_session_steal_stream    (Xep174Session *self,
                                                    GError       **error);

G_END_DECLS
