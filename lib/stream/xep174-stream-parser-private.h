/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-parser.h"

G_BEGIN_DECLS

/* Octets that are lent must have so many more behind them that can be read. */
#define XEP174_STREAM_PARSER_PADDING 64

/* What xep174_stream_parser_feed() does, mostly without a copy: nobody writes to @octets until they are taken
 * back, which is to be done even if the parser has no other owner any more. */
Xep174StreamParser *xep174_stream_parser_lend      (Xep174StreamParser *self,
                                                    const guint8       *octets,
                                                    gsize               length);
/* @self is what lend returned. What is not read yet it copies. */
void                xep174_stream_parser_take_back (Xep174StreamParser *self);

G_END_DECLS
