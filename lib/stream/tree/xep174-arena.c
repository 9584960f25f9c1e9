/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-arena-private.h"

/* glibc keeps blocks of up to this much by their size, those that are larger in sorted lists, before
 * whose use it tidies up. Sent stanzas wait for a receipt, so that its per-thread cache does not last. */
#define FIRST_BLOCK 1000
#define LARGEST_BLOCK (32 * 1024)

/* The head of every block but the first. */
typedef struct
{
  gpointer next;
} Block;

Xep174Arena *
xep174_arena_new (void)
{
  Xep174Arena *self = g_malloc (FIRST_BLOCK);

  g_atomic_ref_count_init (&self->refs);
  self->sealed = FALSE;
  self->checked = FALSE;
  self->size = FIRST_BLOCK;
  self->cursor = (char *) (self + 1);
  self->end = (char *) self + FIRST_BLOCK;
  self->blocks = NULL;

  return self;
}

Xep174Arena *
xep174_arena_ref (Xep174Arena *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
xep174_arena_unref (Xep174Arena *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  for (Block *block = self->blocks, *next; block != NULL; block = next)
    {
      next = block->next;
      g_free (block);
    }
  g_free (self);
}

/* Gives up what is left of the current block. Growing by half keeps the number of blocks small and
 * the waste below what is used; at first it is another block of those that are cheap. */
void
xep174_arena_add_block (Xep174Arena *self,
                        gsize        room)
{
  gsize size = CLAMP (self->size / 2, FIRST_BLOCK, LARGEST_BLOCK);
  Block *block;

  size = MAX (size, room + sizeof (Block));
  block = g_malloc (size);
  block->next = self->blocks;
  self->blocks = block;
  self->size += size;
  self->cursor = (char *) (block + 1);
  self->end = (char *) block + size;
}
