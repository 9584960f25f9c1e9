/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-writer-private.h"

#include "xep174-element-limits-private.h"
#include "xep174-element-tree-private.h"
#include "xep174-stream-writer.h"

void
xep174_stream_writer_append_header (GString    *out,
                                    const char *from,
                                    const char *to,
                                    gboolean    version_1,
                                    const char *id)
{
  g_string_append (out, "<?xml version='1.0'?><stream:stream xmlns='" XEP174_NS_CLIENT
                        "' xmlns:stream='" XEP174_NS_STREAMS "'");
  xep174_element_print_attribute (out, "from", from, FALSE);
  if (to != NULL)
    xep174_element_print_attribute (out, "to", to, FALSE);
  if (id != NULL)
    xep174_element_print_attribute (out, "id", id, FALSE);
  if (version_1)
    xep174_element_print_attribute (out, "version", "1.0", TRUE);
  g_string_append_c (out, '>');
}

void
xep174_stream_writer_append_features (GString       *out,
                                      Xep174Element *features)
{
  if (features != NULL)
    xep174_stream_writer_append_element (out, features);
  else
    g_string_append (out, "<stream:features/>");
}

gboolean
xep174_stream_writer_append_stanza (GString       *out,
                                    Xep174Element *stanza,
                                    const char    *from,
                                    const char    *to)
{
  return xep174_element_print (stanza, out, TRUE, from, to, NULL);
}

gboolean
xep174_stream_writer_draft_stanza (GString       *out,
                                   Xep174Element *stanza,
                                   const char    *from,
                                   const char    *to,
                                   gsize         *left_out)
{
  *left_out = 0;
  return xep174_element_print (stanza, out, TRUE, from, to, left_out);
}

void
xep174_stream_writer_append_element (GString       *out,
                                     Xep174Element *element)
{
  xep174_element_print (element, out, TRUE, NULL, NULL, NULL);
}

void
xep174_stream_writer_append_error (GString           *out,
                                   Xep174StreamError  code,
                                   const char        *text)
{
  g_autoptr(Xep174Element) error = xep174_element_new ("error", XEP174_NS_STREAMS);

  xep174_element_append_new (error, xep174_stream_error_to_condition (code),
                             XEP174_NS_STREAM_ERRORS);
  if (text != NULL)
    {
      Xep174Element *child = xep174_element_append_new (error, "text", XEP174_NS_STREAM_ERRORS);

      xep174_element_set_attribute (child, "xml:lang", "en");
      xep174_element_append_text (child, text);
    }
  xep174_stream_writer_append_element (out, error);
}

void
xep174_stream_writer_append_footer (GString *out)
{
  g_string_append (out, XEP174_STREAM_FOOTER);
}

/**
 * xep174_stream_write_header:
 * @from: our own name, as it is published
 * @to: (nullable): the name of the other side, %NULL if it is not known
 * @id: (nullable): an identifier that was never used before, if you answer a header; %NULL if you
 *   speak first (RFC 6120 §4.7.3)
 *
 * Writes an XML declaration and the opening tag of a stream of version 1.0 (XEP-0174 §7).
 *
 * Characters that XML cannot carry are replaced by U+FFFD.
 *
 * Returns: (transfer full): what to send
 *
 * Since: 1.0
 */
char *
xep174_stream_write_header (const char *from,
                            const char *to,
                            const char *id)
{
  GString *out;

  g_return_val_if_fail (from != NULL, NULL);

  out = g_string_sized_new (256);
  xep174_stream_writer_append_header (out, from, to, TRUE, id);

  return g_string_free (out, FALSE);
}

/**
 * xep174_stream_write_element:
 * @element: a stanza, `<stream:features/>` or an element of negotiation
 * @from: (nullable): our own name; %NULL to add no `from`
 * @to: (nullable): the name of the other side; %NULL to add no `to`
 * @error: return location for an error
 *
 * Writes an element as the clients of the local network expect it in a stream. Stanzas have no
 * prefix. Elements in the namespace of streams have the prefix `stream:`.
 *
 * If a stanza has no `from` or `to`, @from and @to are written (XEP-0174 §8); @element itself does not
 * change. If you have XML in a string, read it with [func@Element.parse] first.
 *
 * Send all of it with one write, because some clients cannot read half a stanza.
 *
 * What a new [class@StreamParser] would refuse is not written: the other side would end the stream.
 * The added `from` and `to` count.
 *
 * Returns: (transfer full): what to send. Or %NULL, with `XEP174_STREAM_ERROR_INVALID_XML` if XML
 *   cannot carry a character in it, or `XEP174_STREAM_ERROR_POLICY_VIOLATION` if it goes over a limit
 *
 * Since: 1.0
 */
char *
xep174_stream_write_element (Xep174Element  *element,
                             const char     *from,
                             const char     *to,
                             GError        **error)
{
  const Xep174StreamLimits limits = XEP174_STREAM_LIMITS_STANDARD;
  GString *out;

  g_return_val_if_fail (element != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!xep174_element_check (element, error))
    return NULL;
  if (!xep174_element_is_stanza (element))
    from = to = NULL;

  out = g_string_sized_new (256);
  xep174_stream_writer_append_stanza (out, element, from, to);
  if (!xep174_element_check_limits (element, out->len, from, to, &limits, error))
    {
      g_string_free (out, TRUE);
      return NULL;
    }

  return g_string_free (out, FALSE);
}

/**
 * xep174_stream_write_error:
 * @code: the condition
 * @text: (nullable): an explanation for a person, %NULL for none
 *
 * Writes a stream error (RFC 6120 §4.9). Only %XEP174_STREAM_FOOTER may follow it.
 *
 * Characters that XML cannot carry are replaced by U+FFFD.
 *
 * Returns: (transfer full): what to send
 *
 * Since: 1.0
 */
char *
xep174_stream_write_error (Xep174StreamError  code,
                           const char        *text)
{
  GString *out = g_string_sized_new (256);

  xep174_stream_writer_append_error (out, code, text);

  return g_string_free (out, FALSE);
}
