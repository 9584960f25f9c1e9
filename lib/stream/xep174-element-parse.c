/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "xep174-element-tree-private.h"
#include "xep174-stream-error.h"
#include "xep174-stream-parser.h"

/* A string is read as if it arrived on a stream, so that the same rules hold for both. */
#define HEADER \
  "<stream:stream xmlns='" XEP174_NS_CLIENT "' xmlns:stream='" XEP174_NS_STREAMS "'>"

/**
 * xep174_element_parse:
 * @xml: one XML element
 * @error: return location for an error of [error@StreamError]
 *
 * Reads an element from a string, as if it came in a stream. If it declares no namespace, it is in
 * `jabber:client`. The prefix `stream:` is known. What a new [class@StreamParser] refuses is refused
 * here, too, and the limits are the same. White space around the element is allowed.
 *
 * Returns: (transfer full): the element, not sealed, or %NULL with @error set
 *
 * Since: 1.0
 */
Xep174Element *
xep174_element_parse (const char  *xml,
                      GError     **error)
{
  g_autoptr(Xep174StreamParser) parser = xep174_stream_parser_new ();
  g_autoptr(Xep174Element) element = NULL;

  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  xep174_stream_parser_feed (parser, (const guint8 *) HEADER, strlen (HEADER));
  xep174_stream_parser_next (parser, NULL, NULL);
  xep174_stream_parser_feed (parser, (const guint8 *) xml, strlen (xml));

  switch (xep174_stream_parser_next (parser, &element, error))
    {
    case XEP174_STREAM_ITEM_ERROR:
      return NULL;
    case XEP174_STREAM_ITEM_ELEMENT:
      break;
    default:
      g_set_error_literal (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_NOT_WELL_FORMED,
                           "The XML ends before the element does");
      return NULL;
    }

  if (!xep174_stream_parser_has_pending (parser))
    {
      element->arena->sealed = element->arena->checked = FALSE;
      return g_steal_pointer (&element);
    }

  if (xep174_stream_parser_next (parser, NULL, error) != XEP174_STREAM_ITEM_ERROR)
    g_set_error_literal (error, XEP174_STREAM_ERROR, XEP174_STREAM_ERROR_BAD_FORMAT,
                         "There is more than one element");
  return NULL;
}
