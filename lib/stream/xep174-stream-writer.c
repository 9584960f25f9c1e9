/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-stream-writer-private.h"

#include "xep174-element-tree-private.h"

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

void
xep174_stream_writer_append_stanza (GString       *out,
                                    Xep174Element *stanza,
                                    const char    *from,
                                    const char    *to)
{
  xep174_element_print (stanza, out, TRUE, from, to);
}

void
xep174_stream_writer_append_element (GString       *out,
                                     Xep174Element *element)
{
  xep174_element_print (element, out, TRUE, NULL, NULL);
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
  g_string_append (out, "</stream:stream>");
}
