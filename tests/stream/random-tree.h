/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../fuzz/fuzz.h"
#include "xep174-element.h"

G_BEGIN_DECLS

/* A tree that a program may build, as the octets decide. @tame: its strings are such as XML can carry,
 * so that more of it can be written. */
Xep174Element *random_tree_build (FuzzBytes     *bytes,
                                  gboolean       tame);

/* X7, X8: @element is refused by the writer, or a parser at the other end of a stream, whatever its
 * default namespace, reads it as it was. TRUE if it was written. */
gboolean       random_tree_check (Xep174Element *element);

G_END_DECLS
