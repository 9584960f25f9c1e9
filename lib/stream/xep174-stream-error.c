/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-error-private.h"

#include "xep174-element-private.h"

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

/* In the order of the enumeration. */
static const char *const conditions[] = {
  [XEP174_STREAM_ERROR_BAD_FORMAT] = "bad-format",
  [XEP174_STREAM_ERROR_BAD_NAMESPACE_PREFIX] = "bad-namespace-prefix",
  [XEP174_STREAM_ERROR_CONFLICT] = "conflict",
  [XEP174_STREAM_ERROR_CONNECTION_TIMEOUT] = "connection-timeout",
  [XEP174_STREAM_ERROR_HOST_GONE] = "host-gone",
  [XEP174_STREAM_ERROR_HOST_UNKNOWN] = "host-unknown",
  [XEP174_STREAM_ERROR_IMPROPER_ADDRESSING] = "improper-addressing",
  [XEP174_STREAM_ERROR_INTERNAL_SERVER_ERROR] = "internal-server-error",
  [XEP174_STREAM_ERROR_INVALID_FROM] = "invalid-from",
  [XEP174_STREAM_ERROR_INVALID_NAMESPACE] = "invalid-namespace",
  [XEP174_STREAM_ERROR_INVALID_XML] = "invalid-xml",
  [XEP174_STREAM_ERROR_NOT_AUTHORIZED] = "not-authorized",
  [XEP174_STREAM_ERROR_NOT_WELL_FORMED] = "not-well-formed",
  [XEP174_STREAM_ERROR_POLICY_VIOLATION] = "policy-violation",
  [XEP174_STREAM_ERROR_REMOTE_CONNECTION_FAILED] = "remote-connection-failed",
  [XEP174_STREAM_ERROR_RESET] = "reset",
  [XEP174_STREAM_ERROR_RESOURCE_CONSTRAINT] = "resource-constraint",
  [XEP174_STREAM_ERROR_RESTRICTED_XML] = "restricted-xml",
  [XEP174_STREAM_ERROR_SEE_OTHER_HOST] = "see-other-host",
  [XEP174_STREAM_ERROR_SYSTEM_SHUTDOWN] = "system-shutdown",
  [XEP174_STREAM_ERROR_UNDEFINED_CONDITION] = "undefined-condition",
  [XEP174_STREAM_ERROR_UNSUPPORTED_ENCODING] = "unsupported-encoding",
  [XEP174_STREAM_ERROR_UNSUPPORTED_FEATURE] = "unsupported-feature",
  [XEP174_STREAM_ERROR_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
  [XEP174_STREAM_ERROR_UNSUPPORTED_VERSION] = "unsupported-version",
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

  return conditions[code];
}

gboolean
xep174_stream_error_from_condition (const char        *condition,
                                    Xep174StreamError *code)
{
  /* RFC 3920 §4.7.3 had this name for not-well-formed, and older clients still send it. */
  if (strcmp (condition, "xml-not-well-formed") == 0)
    condition = conditions[XEP174_STREAM_ERROR_NOT_WELL_FORMED];

  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    if (strcmp (conditions[i], condition) == 0)
      {
        *code = (Xep174StreamError) i;
        return TRUE;
      }

  *code = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  return FALSE;
}

GError *
xep174_stream_error_new_from_element (Xep174Element *element)
{
  Xep174StreamError code = XEP174_STREAM_ERROR_UNDEFINED_CONDITION;
  const char *condition = xep174_stream_error_to_condition (code);
  g_autofree char *text = NULL;

  for (Xep174Element *child = xep174_element_get_first_child (element); child != NULL;
       child = xep174_element_get_next_sibling (child))
    {
      if (!xep174_element_is (child, xep174_element_get_name (child), XEP174_NS_STREAM_ERRORS)
          || xep174_element_is (child, "text", NULL))
        continue;
      condition = xep174_element_get_name (child);
      xep174_stream_error_from_condition (condition, &code);
      break;
    }
  text = xep174_element_dup_child_text (element, "text", XEP174_NS_STREAM_ERRORS);

  if (text != NULL && *text != '\0')
    return g_error_new (XEP174_STREAM_ERROR, code,
                        "The other side ended the stream with the error %s: %s", condition, text);
  return g_error_new (XEP174_STREAM_ERROR, code,
                      "The other side ended the stream with the error %s", condition);
}
