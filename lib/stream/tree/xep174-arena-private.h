/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* The memory of one element tree: taken in a few blocks, given back at once. The first block
 * holds the arena itself, so that a short message costs one allocation. */
typedef struct
{
  gatomicrefcount  refs;
  guint            sealed : 1;    /* nothing changes any more */
  guint            checked : 1;   /* every text is known to be XML; only with sealed */
  gsize            size;          /* of all blocks */
  char            *cursor;
  char            *end;
  gpointer         blocks;
} Xep174Arena;

Xep174Arena *xep174_arena_new        (void);
Xep174Arena *xep174_arena_ref        (Xep174Arena *self);
void         xep174_arena_unref      (Xep174Arena *self);
void         xep174_arena_add_block  (Xep174Arena *self,
                                      gsize        room);

static inline gpointer
xep174_arena_alloc (Xep174Arena *self,
                    gsize        size)
{
  gsize padding = -GPOINTER_TO_SIZE (self->cursor) & (sizeof (gpointer) - 1);
  gpointer memory;

  if (G_UNLIKELY ((gsize) (self->end - self->cursor) < size + padding))
    {
      xep174_arena_add_block (self, size);
      padding = 0;
    }
  memory = self->cursor + padding;
  self->cursor += padding + size;

  return memory;
}

static inline char *
xep174_arena_dup_string (Xep174Arena *self,
                         const char  *string,
                         gsize        length)
{
  char *copy;

  if (G_UNLIKELY ((gsize) (self->end - self->cursor) <= length))
    xep174_arena_add_block (self, length + 1);
  copy = self->cursor;
  self->cursor += length + 1;
  memcpy (copy, string, length);
  copy[length] = '\0';

  return copy;
}

G_END_DECLS
