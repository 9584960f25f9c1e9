/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-stream-error.h"

G_BEGIN_DECLS

/* The GError that a received `<stream:error/>` stands for, its text kept. */
GError *xep174_stream_error_new_from_element (Xep174Element *element);

/* What an @error of that namespace says in the words of the other side (RFC 6120 §4.9.2, §8.3.2): NULL if
 * nothing, and no more than a person reads. They may have any characters of XML. */
char   *xep174_stream_error_dup_words        (Xep174Element *error,
                                              const char    *xmlns);

G_END_DECLS
