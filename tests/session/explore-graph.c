/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Breadth first through every state of a world, so that the first violation found has the
 * shortest story; then backwards from the states of rest, so that none is left without a way
 * there; then forwards again, whether there is any circle. */

#include "explore-private.h"

#include <string.h>

typedef struct
{
  GByteArray *octets;  /* packed states, one after the other */
  GArray     *offsets; /* guint64: where each begins; one more than there are states */
  GArray     *origins; /* Origin: how each was first reached */
  GArray     *edges;   /* guint32: successors, in the order of the states */
  GArray     *firsts;  /* guint64: where those of a state begin */
  guint32    *buckets; /* open addressing; 0 is free, else the state's number + 1 */
  guint64     n_buckets;
  guint       n;
} Graph;

typedef struct
{
  guint32 from;
  guint32 depth;
  Move    move;
} Origin;

static guint64
hash_of (const guint8 *bytes,
         guint         n)
{
  guint64 hash = 0x9e3779b97f4a7c15;

  for (guint i = 0; i < n; i += sizeof (guint32))
    {
      guint32 word;

      memcpy (&word, bytes + i, sizeof word);
      hash = (hash ^ word) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 32;
    }

  return hash;
}

static const guint8 *
state_at (const Graph *graph,
          guint        index,
          guint       *n)
{
  const guint64 *offsets = (const guint64 *) graph->offsets->data;

  *n = offsets[index + 1] - offsets[index];

  return graph->octets->data + offsets[index];
}

static void
grow (Graph *graph)
{
  graph->n_buckets = MAX (graph->n_buckets * 2, 1 << 16);
  g_free (graph->buckets);
  graph->buckets = g_new0 (guint32, graph->n_buckets);

  for (guint i = 0; i < graph->n; i++)
    {
      guint n;
      const guint8 *bytes = state_at (graph, i, &n);
      guint64 at = hash_of (bytes, n) & (graph->n_buckets - 1);

      while (graph->buckets[at] != 0)
        at = (at + 1) & (graph->n_buckets - 1);
      graph->buckets[at] = i + 1;
    }
}

/* The number of a state, which is entered if it is new. */
static guint
intern (Graph       *graph,
        const World *world,
        const Config *config,
        Origin       origin)
{
  guint8 packed[WORLD_PACKED_MAX];
  guint n = world_pack (world, config, packed);
  guint64 at, end;

  if (graph->n * G_GUINT64_CONSTANT (2) >= graph->n_buckets)
    grow (graph);

  at = hash_of (packed, n) & (graph->n_buckets - 1);
  for (; graph->buckets[at] != 0; at = (at + 1) & (graph->n_buckets - 1))
    {
      guint other_n;
      const guint8 *other = state_at (graph, graph->buckets[at] - 1, &other_n);

      if (n == other_n && memcmp (packed, other, n) == 0)
        return graph->buckets[at] - 1;
    }

  graph->buckets[at] = ++graph->n;
  g_byte_array_append (graph->octets, packed, n);
  end = graph->octets->len;
  g_array_append_val (graph->offsets, end);
  g_array_append_val (graph->origins, origin);

  return graph->n - 1;
}

static void
graph_init (Graph *graph)
{
  guint64 zero = 0;

  *graph = (Graph) {
    .octets = g_byte_array_new (),
    .offsets = g_array_new (FALSE, FALSE, sizeof (guint64)),
    .origins = g_array_new (FALSE, FALSE, sizeof (Origin)),
    .edges = g_array_new (FALSE, FALSE, sizeof (guint32)),
    .firsts = g_array_new (FALSE, FALSE, sizeof (guint64)),
  };
  g_array_append_val (graph->offsets, zero);
}

static void
graph_clear (Graph *graph)
{
  g_byte_array_unref (graph->octets);
  g_array_unref (graph->offsets);
  g_array_unref (graph->origins);
  g_array_unref (graph->edges);
  g_array_unref (graph->firsts);
  g_free (graph->buckets);
}

/* --- The story of a violation ------------------------------------------------------------ */

static void
tell_state (const Graph  *graph,
            const Config *config,
            guint         index,
            GString      *story)
{
  const Origin *origin = &g_array_index (graph->origins, Origin, index);
  g_autofree char *line = NULL;
  World world;
  guint n;

  if (index == 0)
    return;

  tell_state (graph, config, origin->from, story);
  world_unpack (&world, config, state_at (graph, index, &n));
  line = world_describe (&world, config, origin->move);
  g_string_append_printf (story, "%3u %s\n", origin->depth, line);
}

static void
tell (const Graph  *graph,
      const Config *config,
      guint         index,
      const World  *last,
      const Move   *move,
      Outcome      *outcome)
{
  GString *story = g_string_new (NULL);

  tell_state (graph, config, index, story);
  outcome->trace = g_array_index (graph->origins, Origin, index).depth;
  if (last != NULL)
    {
      g_autofree char *line = world_describe (last, config, *move);

      outcome->trace++;
      g_string_append_printf (story, "%3u %s\n", outcome->trace, line);
    }
  outcome->story = g_string_free (story, FALSE);
}

/* --- The search -------------------------------------------------------------------------- */

static Violation
expand (Graph        *graph,
        const Config *config,
        guint         index,
        Outcome      *outcome)
{
  guint depth = g_array_index (graph->origins, Origin, index).depth;
  Move moves[MAX_MOVES];
  World world;
  guint n, n_moves;

  world_unpack (&world, config, state_at (graph, index, &n));
  n_moves = world_moves (&world, config, moves);
  outcome->depth = MAX (outcome->depth, depth);
  outcome->moves += n_moves;

  if (n_moves == 0)
    {
      Violation violation = world_rest (&world, config);

      if (violation != VIOLATION_NONE)
        tell (graph, config, index, NULL, NULL, outcome);
      return violation;
    }

  for (guint i = 0; i < n_moves; i++)
    {
      World next = world;
      Violation violation = world_make (&next, config, moves[i]);
      guint32 reached;

      if (violation != VIOLATION_NONE)
        {
          tell (graph, config, index, &next, &moves[i], outcome);
          return violation;
        }
      reached = intern (graph, &next, config, (Origin) { index, depth + 1, moves[i] });
      g_array_append_val (graph->edges, reached);
    }

  return VIOLATION_NONE;
}

/* --- Ways to rest ------------------------------------------------------------------------ */

typedef struct
{
  guint32 *edges;
  guint64 *firsts;
} Backwards;

static void
turn_round (const Graph *graph,
            Backwards   *back)
{
  const guint32 *edges = (const guint32 *) graph->edges->data;
  const guint64 *firsts = (const guint64 *) graph->firsts->data;
  g_autofree guint64 *at = NULL;

  back->edges = g_new (guint32, MAX (graph->edges->len, 1));
  back->firsts = g_new0 (guint64, graph->n + 1);
  for (guint64 i = 0; i < graph->edges->len; i++)
    back->firsts[edges[i] + 1]++;
  for (guint i = 0; i < graph->n; i++)
    back->firsts[i + 1] += back->firsts[i];

  at = g_memdup2 (back->firsts, graph->n * sizeof (guint64));
  for (guint from = 0; from < graph->n; from++)
    for (guint64 i = firsts[from]; i < firsts[from + 1]; i++)
      back->edges[at[edges[i]]++] = from;
}

/* Both at once: backwards from the states of rest, a state is reached through one successor of
 * its own; it is settled once all its successors are. If all are settled there is no circle. */
static Violation
find_ways_to_rest (const Graph  *graph,
                   const Config *config,
                   Outcome      *outcome)
{
  const guint64 *firsts = (const guint64 *) graph->firsts->data;
  g_autofree guint8 *reached = g_new0 (guint8, graph->n);
  g_autofree guint32 *open = g_new (guint32, graph->n);
  g_autofree guint32 *left = g_new (guint32, graph->n);
  guint n_open = 0, n_settled = 0;
  Backwards back;
  Violation violation = VIOLATION_NONE;

  turn_round (graph, &back);
  for (guint i = 0; i < graph->n; i++)
    if ((left[i] = firsts[i + 1] - firsts[i]) == 0)
      open[n_open++] = i;

  while (n_open > 0)
    {
      guint to = open[--n_open];

      n_settled++;
      reached[to] = TRUE;
      for (guint64 i = back.firsts[to]; i < back.firsts[to + 1]; i++)
        if (--left[back.edges[i]] == 0)
          open[n_open++] = back.edges[i];
    }
  outcome->acyclic = n_settled == graph->n;

  for (guint i = 0; i < graph->n && !outcome->acyclic; i++)
    if (reached[i])
      open[n_open++] = i;
  while (n_open > 0)
    {
      guint to = open[--n_open];

      for (guint64 i = back.firsts[to]; i < back.firsts[to + 1]; i++)
        if (!reached[back.edges[i]])
          {
            reached[back.edges[i]] = TRUE;
            open[n_open++] = back.edges[i];
          }
    }

  for (guint i = 0; i < graph->n && violation == VIOLATION_NONE; i++)
    if (!reached[i])
      {
        tell (graph, config, i, NULL, NULL, outcome);
        violation = VIOLATION_LIVELOCK;
      }

  g_free (back.edges);
  g_free (back.firsts);

  return violation;
}

void
explore (const Config *config,
         guint64       max_states,
         Outcome      *outcome)
{
  Graph graph;
  World world;
  guint64 end;
  guint i;

  *outcome = (Outcome) { 0 };
  graph_init (&graph);
  world_init (&world, config);
  intern (&graph, &world, config, (Origin) { 0 });

  for (i = 0; i < graph.n && i < max_states && outcome->violation == VIOLATION_NONE; i++)
    {
      end = graph.edges->len;
      g_array_append_val (graph.firsts, end);
      outcome->violation = expand (&graph, config, i, outcome);
    }
  end = graph.edges->len;
  g_array_append_val (graph.firsts, end);

  outcome->states = graph.n;
  outcome->cut = i < graph.n;
  if (outcome->violation == VIOLATION_NONE && !outcome->cut)
    outcome->violation = find_ways_to_rest (&graph, config, outcome);

  graph_clear (&graph);
}

void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->story, g_free);
}
