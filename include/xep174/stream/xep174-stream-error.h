/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-version.h"

G_BEGIN_DECLS

#define XEP174_STREAM_ERROR (xep174_stream_error_quark ())
XEP174_AVAILABLE_IN_1_0
GQuark xep174_stream_error_quark (void);

/**
 * Xep174StreamError:
 * @XEP174_STREAM_ERROR_BAD_FORMAT: XML that cannot be processed
 * @XEP174_STREAM_ERROR_BAD_NAMESPACE_PREFIX: a prefix that is not bound or not allowed
 * @XEP174_STREAM_ERROR_CONFLICT: there is a stream between the two already
 * @XEP174_STREAM_ERROR_CONNECTION_TIMEOUT: the other side did not say in time what was due
 * @XEP174_STREAM_ERROR_HOST_GONE: the name in `to` is no longer served
 * @XEP174_STREAM_ERROR_HOST_UNKNOWN: the name in `to` or `from` is not known
 * @XEP174_STREAM_ERROR_IMPROPER_ADDRESSING: a stanza lacks an address or has a wrong one
 * @XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR: something failed on the side that says so
 * @XEP174_STREAM_ERROR_INVALID_FROM: the `from` is not the one that may speak here
 * @XEP174_STREAM_ERROR_INVALID_NAMESPACE: the stream or its content has a wrong namespace
 * @XEP174_STREAM_ERROR_INVALID_XML: XML that is not valid
 * @XEP174_STREAM_ERROR_NOT_AUTHORIZED: stanzas before the negotiation that is required
 * @XEP174_STREAM_ERROR_NOT_WELL_FORMED: XML that is not well-formed
 * @XEP174_STREAM_ERROR_POLICY_VIOLATION: a limit was passed or a rule broken
 * @XEP174_STREAM_ERROR_REMOTE_CONNECTION_FAILED: something needed elsewhere could not be reached
 * @XEP174_STREAM_ERROR_RESET: the stream must be opened again
 * @XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT: too many streams, or not enough memory
 * @XEP174_STREAM_ERROR_RESTRICTED_XML: a comment, processing instruction, DTD or entity
 * @XEP174_STREAM_ERROR_SEE_OTHER_HOST: the service is elsewhere
 * @XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN: the program is about to end
 * @XEP174_STREAM_ERROR_UNDEFINED_CONDITION: none of the others
 * @XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING: an encoding other than UTF-8
 * @XEP174_STREAM_ERROR_UNSUPPORTED_FEATURE: a feature that is required is not supported
 * @XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE: an element that is no known stanza
 * @XEP174_STREAM_ERROR_UNSUPPORTED_VERSION: a version of XMPP that is not supported
 *
 * The conditions of RFC 6120 §4.9.3.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_STREAM_ERROR_BAD_FORMAT,
  XEP174_STREAM_ERROR_BAD_NAMESPACE_PREFIX,
  XEP174_STREAM_ERROR_CONFLICT,
  XEP174_STREAM_ERROR_CONNECTION_TIMEOUT,
  XEP174_STREAM_ERROR_HOST_GONE,
  XEP174_STREAM_ERROR_HOST_UNKNOWN,
  XEP174_STREAM_ERROR_IMPROPER_ADDRESSING,
  XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR,
  XEP174_STREAM_ERROR_INVALID_FROM,
  XEP174_STREAM_ERROR_INVALID_NAMESPACE,
  XEP174_STREAM_ERROR_INVALID_XML,
  XEP174_STREAM_ERROR_NOT_AUTHORIZED,
  XEP174_STREAM_ERROR_NOT_WELL_FORMED,
  XEP174_STREAM_ERROR_POLICY_VIOLATION,
  XEP174_STREAM_ERROR_REMOTE_CONNECTION_FAILED,
  XEP174_STREAM_ERROR_RESET,
  XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT,
  XEP174_STREAM_ERROR_RESTRICTED_XML,
  XEP174_STREAM_ERROR_SEE_OTHER_HOST,
  XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN,
  XEP174_STREAM_ERROR_UNDEFINED_CONDITION,
  XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING,
  XEP174_STREAM_ERROR_UNSUPPORTED_FEATURE,
  XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE,
  XEP174_STREAM_ERROR_UNSUPPORTED_VERSION,
} Xep174StreamError;

XEP174_AVAILABLE_IN_1_0
const char *xep174_stream_error_to_condition (Xep174StreamError code);

G_END_DECLS
