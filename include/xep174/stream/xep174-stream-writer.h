/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "xep174-element.h"
#include "xep174-stream-error.h"
#include "xep174-version.h"

G_BEGIN_DECLS

/**
 * XEP174_STREAM_FOOTER:
 *
 * What ends an XML stream (RFC 6120 §4.4).
 *
 * Since: 1.0
 */
#define XEP174_STREAM_FOOTER "</stream:stream>"

XEP174_AVAILABLE_IN_1_0
char *xep174_stream_write_header  (const char *from,
                                   const char *to,
                                   const char *id);
XEP174_AVAILABLE_IN_1_0
char *xep174_stream_write_element (Xep174Element  *element,
                                   const char     *from,
                                   const char     *to,
                                   GError        **error);
XEP174_AVAILABLE_IN_1_0
char *xep174_stream_write_error   (Xep174StreamError  code,
                                   const char        *text);

G_END_DECLS
