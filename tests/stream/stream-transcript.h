/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-parser.h"

/* What a parser makes of octets, a line for each item: `H` and the header's attributes, `E` and
 * the element, `F`, or `!` and the condition. */

void  stream_transcript_take (GString            *transcript,
                              Xep174StreamParser *parser);
/* Lends the octets, takes so many items of what the parser has by then, and takes the octets back. */
void  stream_transcript_lend (GString            *transcript,
                              Xep174StreamParser *parser,
                              const char         *octets,
                              gsize               length,
                              guint               n_items);
char *stream_transcript_make (const char         *octets,
                              gsize               length,
                              gsize               split,
                              gsize               step);
/* Asserts that it is the same for every way of cutting the octets in two, and for some more; gives
 * the number of ways. */
guint stream_transcript_check (const char         *octets,
                               gsize               length,
                               const char         *expected);
