/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "world-search.h"

#include <string.h>

typedef struct
{
  guint32 from;
  Move    move;
} Origin;

typedef struct
{
  guint32 from, to;
} Edge;

struct _WorldSearch
{
  guint       most;
  GHashTable *seen;    /* worlds, to their number */
  GPtrArray  *worlds;  /* owned by @seen, in the order in which they were found */
  GArray     *origins;
  GArray     *edges;
  GArray     *rests;   /* numbers of worlds in which nothing moves any more */
};

/* A hash function is given nothing but the world. */
static gsize world_size;

static guint
world_hash (gconstpointer data)
{
  const guint32 *words = data;
  guint64 hash = 0x9e3779b97f4a7c15;

  for (gsize i = 0; i < world_size / sizeof *words; i++)
    hash = (hash ^ words[i]) * 0x100000001b3;

  return hash ^ hash >> 32;
}

static gboolean
world_equal (gconstpointer a,
             gconstpointer b)
{
  return memcmp (a, b, world_size) == 0;
}

static guint
enter (WorldSearch   *self,
       gconstpointer  world,
       Origin         origin)
{
  gpointer number;
  gpointer found;

  if (g_hash_table_lookup_extended (self->seen, world, NULL, &number))
    return GPOINTER_TO_UINT (number);

  found = g_memdup2 (world, world_size);
  g_hash_table_insert (self->seen, found, GUINT_TO_POINTER (self->worlds->len));
  g_ptr_array_add (self->worlds, found);
  g_array_append_val (self->origins, origin);
  g_assert_cmpuint (self->worlds->len, <, self->most);

  return self->worlds->len - 1;
}

WorldSearch *
world_search_new (gsize         size,
                  guint         most,
                  gconstpointer first)
{
  WorldSearch *self = g_new (WorldSearch, 1);

  g_assert_cmpuint (size % sizeof (guint32), ==, 0);
  world_size = size;
  self->most = most;
  self->seen = g_hash_table_new_full (world_hash, world_equal, g_free, NULL);
  self->worlds = g_ptr_array_new ();
  self->origins = g_array_new (FALSE, FALSE, sizeof (Origin));
  self->edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  self->rests = g_array_new (FALSE, FALSE, sizeof (guint));
  enter (self, first, (Origin) { 0 });

  return self;
}

void
world_search_free (WorldSearch *self)
{
  g_array_unref (self->rests);
  g_array_unref (self->edges);
  g_array_unref (self->origins);
  g_ptr_array_unref (self->worlds);
  g_hash_table_unref (self->seen);
  g_free (self);
}

guint
world_search_get_n (WorldSearch *self)
{
  return self->worlds->len;
}

gconstpointer
world_search_get (WorldSearch *self,
                  guint        number)
{
  return g_ptr_array_index (self->worlds, number);
}

guint
world_search_get_origin (WorldSearch *self,
                         guint        number,
                         Move        *move)
{
  const Origin *origin = &g_array_index (self->origins, Origin, number);

  *move = origin->move;

  return origin->from;
}

void
world_search_add (WorldSearch   *self,
                  guint          from,
                  Move           move,
                  gconstpointer  next)
{
  Edge edge = { from, enter (self, next, (Origin) { from, move }) };

  g_array_append_val (self->edges, edge);
}

void
world_search_add_rest (WorldSearch *self,
                       guint        number)
{
  g_array_append_val (self->rests, number);
}

static int
compare_ends (gconstpointer a,
              gconstpointer b)
{
  const Edge *left = a, *right = b;

  return left->to < right->to ? -1 : left->to > right->to;
}

/* Backwards from the worlds at rest. */
gboolean
world_search_find_stuck (WorldSearch *self,
                         guint       *number)
{
  guint n = self->worlds->len;
  g_autofree guint *firsts = g_new0 (guint, n + 1);
  g_autofree guint8 *reached = g_new0 (guint8, n);
  const Edge *edges = (const Edge *) self->edges->data;
  const guint8 *stuck;

  g_array_sort (self->edges, compare_ends);
  for (guint i = 0; i < self->edges->len; i++)
    firsts[edges[i].to + 1] = i + 1;
  for (guint i = 1; i <= n; i++)
    firsts[i] = MAX (firsts[i], firsts[i - 1]);

  for (guint i = 0; i < self->rests->len; i++)
    reached[g_array_index (self->rests, guint, i)] = TRUE;
  while (self->rests->len > 0)
    {
      guint to = g_array_index (self->rests, guint, self->rests->len - 1);

      g_array_set_size (self->rests, self->rests->len - 1);
      for (guint i = firsts[to]; i < firsts[to + 1]; i++)
        if (!reached[edges[i].from])
          {
            reached[edges[i].from] = TRUE;
            g_array_append_val (self->rests, edges[i].from);
          }
    }

  stuck = memchr (reached, FALSE, n);
  *number = stuck != NULL ? stuck - reached : 0;

  return stuck != NULL;
}

char *
world_search_dup_story (WorldSearch       *self,
                        const char *const *names,
                        guint              number,
                        const Move        *last)
{
  GString *story = g_string_new (NULL);

  for (; last != NULL || number != 0; last = NULL)
    {
      Move move;
      g_autofree char *line = NULL;

      if (last != NULL)
        move = *last;
      else
        number = world_search_get_origin (self, number, &move);
      line = g_strdup_printf ("%s side %u conn %u\n", names[move.kind], move.side, move.conn);
      g_string_prepend (story, line);
    }

  return g_string_free (story, FALSE);
}
