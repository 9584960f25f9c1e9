/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-namespaces-private.h"

G_BEGIN_DECLS

/* What somebody can do, as an answer of XEP-0030 tells it, and its hash (XEP-0115). Values in, values out. */

#define XEP174_CAPS_MAX_FEATURES 256

/* (element-type utf8 utf8): the set of features in @query, a <query/> of disco#info; of more than
 * XEP174_CAPS_MAX_FEATURES the first ones. A reference is enough to keep it. */
GHashTable *xep174_caps_read         (Xep174Element *query);
/* Whether two such sets, each %NULL if nothing is known, say the same. */
gboolean    xep174_caps_are_equal    (GHashTable *one,
                                      GHashTable *other);
/* §5.1, with SHA-1. %NULL for what is ill-formed (§5.4). */
char       *xep174_caps_dup_ver      (Xep174Element *query);
/* §5.4: the hash that stands for @query and nothing else, so that it may be believed of everybody who has it;
 * %NULL if there is none. The hash is of strings joined with `<`: what could be read in another way, too, is
 * not believed. */
char       *xep174_caps_dup_proof    (Xep174Element *query);
/* Whether that is @ver. */
gboolean    xep174_caps_is_proven    (Xep174Element *query,
                                      const char    *ver);

G_END_DECLS
