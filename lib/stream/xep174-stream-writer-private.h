/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-stream-error.h"

G_BEGIN_DECLS

/* What goes out on a stream, appended to a buffer; no I/O. The public functions make a string of it
 * for who has no buffer of ours. What is said once here holds for all:
 * the `stream:` prefix is literal and stanzas have no prefix, because peers compare the strings
 * instead of reading namespaces (libpurple, iChat). */

/* X1. @to is %NULL where the peer's name is not known (X4). @id only in an answer. The XML
 * declaration comes first (RFC 6120 §11.5). */
void xep174_stream_writer_append_header   (GString           *out,
                                           const char        *from,
                                           const char        *to,
                                           gboolean           version_1,
                                           const char        *id);
/* X2. %NULL: features with nothing in them. */
void xep174_stream_writer_append_features (GString           *out,
                                           Xep174Element     *features);
/* X3: @from and @to are filled in where the stanza has none. The stanza is neither changed nor
 * copied. FALSE if it cannot be sent; xep174_element_check() tells why. */
gboolean xep174_stream_writer_append_stanza (GString         *out,
                                           Xep174Element     *stanza,
                                           const char        *from,
                                           const char        *to);
/* The same without the long texts, to find out how many octets there will be, and whether it can be sent:
 * @left_out is how many are missing, 0 if @out has all. */
gboolean xep174_stream_writer_draft_stanza (GString          *out,
                                           Xep174Element     *stanza,
                                           const char        *from,
                                           const char        *to,
                                           gsize             *left_out);
/* S2: a first-level element that is no stanza, such as `<proceed/>`. */
void xep174_stream_writer_append_element  (GString           *out,
                                           Xep174Element     *element);
/* S4, X6. @text is %NULL or an explanation for a person. */
void xep174_stream_writer_append_error    (GString           *out,
                                           Xep174StreamError  code,
                                           const char        *text);
void xep174_stream_writer_append_footer   (GString           *out);

G_END_DECLS
