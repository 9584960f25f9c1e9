/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_SESSION_ERROR (xep174_session_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_session_error_quark (void);

/**
 * Xep174SessionError:
 * @XEP174_SESSION_ERROR_FAILED: anything without a code of its own
 * @XEP174_SESSION_ERROR_UNREACHABLE: no connection could be made after all retries
 * @XEP174_SESSION_ERROR_UNCONFIRMED: it was written, and the connection broke before any sign of
 *   receipt; it may have arrived
 * @XEP174_SESSION_ERROR_CLOSED: the session was closed or given up before it was written
 * @XEP174_SESSION_ERROR_TIMED_OUT: the contact did not say in time what was due
 * @XEP174_SESSION_ERROR_INVALID_STANZA: not an element that may be sent on a stream
 * @XEP174_SESSION_ERROR_INVALID_STATE: not possible in the present state
 * @XEP174_SESSION_ERROR_NOT_SUPPORTED: a stream that cannot be polled, or a feature not there
 * @XEP174_SESSION_ERROR_REFUSED: it arrived, and the contact's program did not take it
 * @XEP174_SESSION_ERROR_NOT_ENCRYPTED: it may only go encrypted, and the other side does not encrypt
 * @XEP174_SESSION_ERROR_KEY_CHANGED: the contact shows another key than before; see
 *   [method@SessionManager.accept_key]
 * @XEP174_SESSION_ERROR_DISTRUSTED: a person has said that the contact's key must not be trusted
 * @XEP174_SESSION_ERROR_TLS: encryption has failed on the connection
 *
 * What can go wrong with a session.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_SESSION_ERROR_FAILED,
  XEP174_SESSION_ERROR_UNREACHABLE,
  XEP174_SESSION_ERROR_UNCONFIRMED,
  XEP174_SESSION_ERROR_CLOSED,
  XEP174_SESSION_ERROR_TIMED_OUT,
  XEP174_SESSION_ERROR_INVALID_STANZA,
  XEP174_SESSION_ERROR_INVALID_STATE,
  XEP174_SESSION_ERROR_NOT_SUPPORTED,
  XEP174_SESSION_ERROR_REFUSED,
  XEP174_SESSION_ERROR_NOT_ENCRYPTED,
  XEP174_SESSION_ERROR_KEY_CHANGED,
  XEP174_SESSION_ERROR_DISTRUSTED,
  XEP174_SESSION_ERROR_TLS,
} Xep174SessionError;

G_END_DECLS
