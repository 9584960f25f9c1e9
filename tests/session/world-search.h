/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A search through all worlds that moves lead to, from a first one on. A world is a value of plain octets, of
 * fixed size and without a hole that is not zero. There is one search at a time. */
typedef struct _WorldSearch WorldSearch;

typedef struct
{
  guint8 kind;
  guint8 side;
  guint8 conn; /* 0 where there is only one */
} Move;

WorldSearch   *world_search_new         (gsize                size,
                                         guint                most,
                                         gconstpointer        first);
void           world_search_free        (WorldSearch         *self);
/* The worlds have numbers, in the order in which they were found; the first one has 0. */
guint          world_search_get_n       (WorldSearch         *self);
gconstpointer  world_search_get         (WorldSearch         *self,
                                         guint                number);
/* From which one it was found, by which move; not asked of the first. */
guint          world_search_get_origin  (WorldSearch         *self,
                                         guint                number,
                                         Move                *move);
/* @move leads from a world to @next, which is remembered. */
void           world_search_add         (WorldSearch         *self,
                                         guint                from,
                                         Move                 move,
                                         gconstpointer        next);
/* Nothing moves in it any more. */
void           world_search_add_rest    (WorldSearch         *self,
                                         guint                number);
/* When all is added: whether from some world no way leads to one at rest; the first such one. */
gboolean       world_search_find_stuck  (WorldSearch         *self,
                                         guint               *number);
/* The moves that led to a world, and one more unless @last is %NULL. */
char          *world_search_dup_story   (WorldSearch         *self,
                                         const char *const   *names,
                                         guint                number,
                                         const Move          *last);

G_END_DECLS
