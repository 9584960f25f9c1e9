/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-condition-private.h"

#include "xep174-gettext-private.h"

#include <string.h>

/**
 * xep174_stream_error_quark:
 *
 * The error domain of [error@StreamError].
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (xep174-stream-error-quark, xep174_stream_error)

/* In the order of the enumeration: the name on the wire, and why a conversation ends for who does not
 * know that name. */
static const struct
{
  const char *condition;
  const char *reason;
} conditions[] = {
  [XEP174_STREAM_ERROR_BAD_FORMAT] = { "bad-format", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_BAD_NAMESPACE_PREFIX] =
    { "bad-namespace-prefix", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_CONFLICT] =
    { "conflict", N_("it has another conversation with us already") },
  [XEP174_STREAM_ERROR_CONNECTION_TIMEOUT] =
    { "connection-timeout", N_("it heard nothing from us for too long") },
  [XEP174_STREAM_ERROR_HOST_GONE] = { "host-gone", N_("it is not called by that name any more") },
  [XEP174_STREAM_ERROR_HOST_UNKNOWN] = { "host-unknown", N_("it is not called by that name") },
  [XEP174_STREAM_ERROR_IMPROPER_ADDRESSING] =
    { "improper-addressing", N_("it is not called by that name") },
  [XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR] =
    { "internal-server-error", N_("it has a problem of its own, and did not say which") },
  [XEP174_STREAM_ERROR_INVALID_FROM] =
    { "invalid-from", N_("it does not believe that we have our name") },
  [XEP174_STREAM_ERROR_INVALID_NAMESPACE] =
    { "invalid-namespace", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_INVALID_XML] = { "invalid-xml", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_NOT_AUTHORIZED] = { "not-authorized", N_("it does not trust us") },
  [XEP174_STREAM_ERROR_NOT_WELL_FORMED] =
    { "not-well-formed", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_POLICY_VIOLATION] =
    { "policy-violation", N_("it does not accept what we sent") },
  [XEP174_STREAM_ERROR_REMOTE_CONNECTION_FAILED] =
    { "remote-connection-failed", N_("it could not reach what it needs") },
  [XEP174_STREAM_ERROR_RESET] = { "reset", N_("it wants to begin anew") },
  [XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT] =
    { "resource-constraint", N_("it has no room for more") },
  [XEP174_STREAM_ERROR_RESTRICTED_XML] =
    { "restricted-xml", N_("it does not accept what we sent") },
  [XEP174_STREAM_ERROR_SEE_OTHER_HOST] =
    { "see-other-host", N_("it wants to be called somewhere else") },
  [XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN] = { "system-shutdown", N_("it is going offline") },
  [XEP174_STREAM_ERROR_UNDEFINED_CONDITION] = { "undefined-condition", N_("it did not say why") },
  [XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING] =
    { "unsupported-encoding", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_UNSUPPORTED_FEATURE] =
    { "unsupported-feature", N_("it needs something that we do not have") },
  [XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE] =
    { "unsupported-stanza-type", N_("it did not understand what we sent") },
  [XEP174_STREAM_ERROR_UNSUPPORTED_VERSION] =
    { "unsupported-version", N_("it needs a newer or older program") },
};

/**
 * xep174_stream_error_to_condition:
 * @code: a stream error
 *
 * The name that a condition has on the wire (RFC 6120 §4.9.3), such as `conflict`.
 *
 * Returns: (transfer none): the name
 *
 * Since: 1.0
 */
const char *
xep174_stream_error_to_condition (Xep174StreamError code)
{
  g_return_val_if_fail ((gsize) code < G_N_ELEMENTS (conditions), "undefined-condition");

  return conditions[code].condition;
}

gboolean
xep174_stream_error_from_condition (const char        *condition,
                                    Xep174StreamError *code)
{
  /* RFC 3920 §4.7.3 had this name for not-well-formed, and older clients still send it. */
  if (strcmp (condition, "xml-not-well-formed") == 0)
    condition = conditions[XEP174_STREAM_ERROR_NOT_WELL_FORMED].condition;

  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    if (strcmp (conditions[i].condition, condition) == 0)
      {
        *code = (Xep174StreamError) i;
        return TRUE;
      }

  *code = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  return FALSE;
}

const char *
xep174_stream_error_get_reason (Xep174StreamError code)
{
  return _(conditions[code].reason);
}
