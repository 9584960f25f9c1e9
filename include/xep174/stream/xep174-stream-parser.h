/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-element.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * Xep174StreamItem:
 * @XEP174_STREAM_ITEM_NONE: nothing whole has arrived; feed more octets
 * @XEP174_STREAM_ITEM_HEADER: the opening `<stream:stream>`, as an element without children
 * @XEP174_STREAM_ITEM_ELEMENT: a child of the stream: a stanza, features, an error, negotiation
 * @XEP174_STREAM_ITEM_FOOTER: the closing `</stream:stream>`
 * @XEP174_STREAM_ITEM_ERROR: the octets break a rule; nothing comes after it
 *
 * What a [class@StreamParser] has found.
 *
 * Since: 1.0
 */
typedef enum
{
  XEP174_STREAM_ITEM_NONE,
  XEP174_STREAM_ITEM_HEADER,
  XEP174_STREAM_ITEM_ELEMENT,
  XEP174_STREAM_ITEM_FOOTER,
  XEP174_STREAM_ITEM_ERROR,
} Xep174StreamItem;

#define XEP174_TYPE_STREAM_PARSER (xep174_stream_parser_get_type ())
XEP174_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (Xep174StreamParser, xep174_stream_parser, XEP174, STREAM_PARSER, GObject)

XEP174_AVAILABLE_IN_1_0
Xep174StreamParser *xep174_stream_parser_new         (void);
XEP174_AVAILABLE_IN_1_0
void                xep174_stream_parser_feed        (Xep174StreamParser *self,
                                                      const guint8       *octets,
                                                      gsize               length);
XEP174_AVAILABLE_IN_1_0
Xep174StreamItem    xep174_stream_parser_next        (Xep174StreamParser *self,
                                                      Xep174Element     **element,
                                                      GError            **error);
XEP174_AVAILABLE_IN_1_0
gboolean            xep174_stream_parser_has_pending (Xep174StreamParser *self);

G_END_DECLS
