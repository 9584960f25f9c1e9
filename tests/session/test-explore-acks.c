/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Acknowledgements and resumption (A1-A3) over the real machine: two sides whose streams break at any
 * step, every interleaving; and five known mistakes, each of which must be found. */

#include "explore-acks.h"
#include "world-search.h"

#define MAX_STATES 400000
#define MAX_MOVES  64

typedef enum
{
  MOVE_ASK,      /* the program hands over a message */
  MOVE_DIAL,
  MOVE_READ,
  MOVE_BEGIN,    /* a stanza is half written, */
  MOVE_FINISH,   /* and whole in the socket */
  MOVE_RETURN,   /* a handler returns */
  MOVE_REQUEST,
  MOVE_CLOSE,
  MOVE_NOTICE,   /* that TCP is broken */
  MOVE_CUT,
  MOVE_CRASH,
  MOVE_EXPIRE,
  MOVE_LIE,      /* an `h` that is on its way is one that nobody can have meant */
  MOVE_STRANGER,
} MoveKind;

/* --- What can happen ------------------------------------------------------------------------- */

static guint
add (Move  *moves,
     guint  n,
     guint  kind,
     guint  side,
     guint  conn)
{
  g_assert (n < MAX_MOVES);
  moves[n] = (Move) { kind, side, conn };

  return n + 1;
}

static guint
free_conn (const World *world)
{
  guint i = 0;

  while (i < N_CONNS && (world->conns[i].ends[0].there || world->conns[i].ends[1].there))
    i++;

  return i;
}

static gboolean
wants_to_dial (const World *world,
               guint        side)
{
  const Side *self = &world->sides[side];

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].ends[side].there)
      return FALSE;

  return self->waiting[0] != 0 || (self->kept_id != 0 && self->sent[0] != 0);
}

static guint
moves_on (const World *world,
          guint        conn,
          guint        side,
          Move        *moves,
          guint        n)
{
  const Conn *stream = &world->conns[conn];
  const End *end = &stream->ends[side];

  if (end->queue[0].kind != 0)
    n = add (moves, n, MOVE_READ, side, conn);
  else if (stream->cut || (!stream->ends[!side].there && !stream->stranger))
    n = add (moves, n, MOVE_NOTICE, side, conn);

  if (end->half != 0)
    n = add (moves, n, MOVE_FINISH, side, conn);
  else if (end->open && world->sides[side].waiting[0] != 0)
    n = add (moves, n, MOVE_BEGIN, side, conn);
  else if (!end->closing && xep174_acks_may_ask (&end->acks))
    n = add (moves, n, MOVE_REQUEST, side, conn);
  if (world->closes > 0 && end->open && end->half == 0)
    n = add (moves, n, MOVE_CLOSE, side, conn);

  return n;
}

static guint
faults (const World *world,
        Move        *moves,
        guint        n)
{
  guint kinds = acks_config->kinds;

  for (guint i = 0; i < N_CONNS; i++)
    {
      const Conn *conn = &world->conns[i];

      if (kinds & FAULT_CUT && conn->ends[0].there && conn->ends[1].there && !conn->cut)
        n = add (moves, n, MOVE_CUT, 0, i);
      for (guint side = 0; side < 2; side++)
        if (kinds & FAULT_LIE && conn->ends[side].queue[0].kind >= UNIT_RESUME
            && conn->ends[side].queue[0].kind <= UNIT_ANSWER
            && conn->ends[side].queue[0].kind != UNIT_REQUEST
            && conn->ends[side].queue[0].h != NO_H)
          n = add (moves, n, MOVE_LIE, side, i);
    }
  for (guint side = 0; side < 2; side++)
    {
      if (kinds & FAULT_CRASH)
        n = add (moves, n, MOVE_CRASH, side, 0);
      if (kinds & FAULT_EXPIRE && world->sides[side].kept_id != 0)
        n = add (moves, n, MOVE_EXPIRE, side, 0);
      if (kinds & FAULT_STRANGER && world->ids > 0 && free_conn (world) < N_CONNS)
        n = add (moves, n, MOVE_STRANGER, side, free_conn (world));
    }

  return n;
}

static guint
all_moves (const World *world,
           Move        *moves)
{
  guint n = 0;

  for (guint side = 0; side < 2; side++)
    {
      for (guint i = 0; i < N_CONNS; i++)
        if (world->conns[i].ends[side].there)
          n = moves_on (world, i, side, moves, n);
      if (world->sides[side].hands[0] != 0)
        n = add (moves, n, MOVE_RETURN, side, 0);
      if (world->sides[side].asked < acks_config->messages[side])
        n = add (moves, n, MOVE_ASK, side, 0);
      if (wants_to_dial (world, side) && free_conn (world) < N_CONNS)
        n = add (moves, n, MOVE_DIAL, side, free_conn (world));
    }
  if (n > 0 && world->faults > 0)
    n = faults (world, moves, n);

  return n;
}

static void
ask_receipt (World *world,
             Move   move)
{
  xep174_acks_note_asked (&world->conns[move.conn].ends[move.side].acks);
  acks_world_say (world, move.conn, !move.side, UNIT_REQUEST, 0, 0);
}

static void
make_fault (World *world,
            Move   move)
{
  Conn *conn = &world->conns[move.conn];

  world->faults--;
  switch (move.kind)
    {
    case MOVE_CUT:
      memset (conn->ends[0].queue, 0, sizeof conn->ends[0].queue);
      memset (conn->ends[1].queue, 0, sizeof conn->ends[1].queue);
      conn->cut = TRUE;
      break;
    case MOVE_CRASH:
      acks_world_crash (world, move.side);
      break;
    case MOVE_EXPIRE:
      acks_world_expire (world, move.side);
      break;
    case MOVE_LIE:
      conn->ends[move.side].queue[0].h += 16;
      conn->ends[move.side].queue[0].lie = TRUE;
      world->hurt = TRUE;
      break;
    default:
      acks_world_call (world, move.conn, move.side, world->ids);
    }
}

static void
make (World *world,
      Move   move)
{
  Side *self = &world->sides[move.side];

  switch (move.kind)
    {
    case MOVE_ASK:
      g_assert (acks_length (self->waiting) < MAX_ITEMS);
      self->waiting[acks_length (self->waiting)] = ++self->asked;
      break;
    case MOVE_DIAL:
      acks_world_dial (world, move.conn, move.side);
      break;
    case MOVE_READ:
      acks_world_read (world, move.conn, move.side);
      break;
    case MOVE_BEGIN:
      acks_world_begin (world, move.conn, move.side);
      break;
    case MOVE_FINISH:
      acks_world_finish (world, move.conn, move.side);
      break;
    case MOVE_RETURN:
      acks_world_return (world, move.side);
      break;
    case MOVE_REQUEST:
      ask_receipt (world, move);
      break;
    case MOVE_CLOSE:
      world->closes--;
      acks_world_say_footer (world, move.conn, move.side);
      break;
    case MOVE_NOTICE:
      acks_world_end (world, move.conn, move.side, FALSE);
      break;
    default:
      make_fault (world, move);
    }
}

/* --- What must be true ----------------------------------------------------------------------- */

static void
check (const World *world)
{
  for (guint side = 0; side < 2; side++)
    {
      const Side *self = &world->sides[side];
      guint n = 0;

      for (guint i = 0; i < N_CONNS; i++)
        n += world->conns[i].ends[side].acks.state >= XEP174_ACKS_RESUMING;
      if (n > 1)
        acks_violate ("A2: one stream at a time has what is resumed");
      if (self->confirmed & self->reported)
        acks_violate ("S7: what is received is not reported as unconfirmed");
    }
}

/* Nothing moves any more. */
static void
check_rest (const World *world)
{
  for (guint side = 0; side < 2; side++)
    {
      const Side *self = &world->sides[side];
      guint refused = 0;

      for (guint i = 0; i < N_CONNS; i++)
        {
          const End *end = &world->conns[i].ends[side], *other = &world->conns[i].ends[!side];

          if (end->acks.state == XEP174_ACKS_ON && other->acks.state == XEP174_ACKS_ON
              && end->acks.sent != other->acks.handled)
            acks_violate ("A3: the counters agree");
          if (acks_config->refuses && end->there)
            refused = self->delivered; /* a ping would tell */
        }
      if ((self->confirmed | self->reported | self->excused | refused)
          != (1u << acks_config->messages[side]) - 1)
        acks_violate ("S7: nothing is lost without a report");
      if (self->reported != 0 && !world->hurt && acks_config->closes == 0
          && !acks_config->pipelines && !acks_config->refuses)
        acks_violate ("A3: a cut alone leaves nothing unconfirmed");
    }
}

/* What nothing here asks for: when we asked last; and, where no stream is closed, what we have told. */
static void
forget (World *world)
{
  for (guint i = 0; i < N_CONNS; i++)
    for (guint side = 0; side < 2; side++)
      {
        Xep174Acks *acks = &world->conns[i].ends[side].acks;

        acks->asked_sent = 0;
        if (acks_config->closes == 0)
          acks->told = 0;
      }
}

/* --- The search ------------------------------------------------------------------------------ */

static void
tell (WorldSearch *search,
      guint        at,
      const Move  *last)
{
  static const char *const names[] = {
    "ask", "dial", "read", "begin", "finish", "return", "request", "close", "notice", "cut", "crash",
    "expire", "lie", "stranger",
  };
  g_autofree char *story = world_search_dup_story (search, names, at, last);

  g_test_message ("%s: %s after\n%s", acks_config->name, acks_violation, story);
}

static void
expand (WorldSearch *search,
        guint        i)
{
  const World *world = world_search_get (search, i);
  Move moves[MAX_MOVES];
  guint n = all_moves (world, moves);
  guint j;

  if (n == 0)
    {
      check_rest (world);
      world_search_add_rest (search, i);
    }
  for (j = 0; j < n && acks_violation == NULL; j++)
    {
      World next = *world;

      make (&next, moves[j]);
      check (&next);
      forget (&next);
      world_search_add (search, i, moves[j], &next);
    }

  if (acks_violation != NULL && acks_mistake == MISTAKE_NONE)
    tell (search, i, n == 0 ? NULL : &moves[j - 1]);
}

/* Returns what is violated, or %NULL. */
static const char *
explore (const Config *config,
         Mistake       with,
         guint        *n_states)
{
  World first = { 0 };
  WorldSearch *search;
  guint stuck;

  acks_config = config;
  acks_mistake = with;
  acks_violation = NULL;
  first.faults = config->faults;
  first.closes = config->closes;
  search = world_search_new (sizeof first, MAX_STATES, &first);
  for (guint i = 0; i < world_search_get_n (search) && acks_violation == NULL; i++)
    expand (search, i);
  if (acks_violation == NULL && world_search_find_stuck (search, &stuck))
    acks_violate ("there is a way to rest");

  *n_states = world_search_get_n (search);
  world_search_free (search);

  return acks_violation;
}

static const Config configs[] = {
  { "quiet", { 2, 1 }, 0, 0, 0, FALSE, FALSE, FALSE },
  { "one-way-two-cuts", { 2, 0 }, 2, FAULT_CUT, 0, FALSE, FALSE, FALSE },
  { "other-way-three-cuts", { 0, 1 }, 3, FAULT_CUT, 0, FALSE, FALSE, FALSE },
  { "both-two-cuts", { 1, 1 }, 2, FAULT_CUT, 0, FALSE, FALSE, FALSE },
  { "a-ping-first", { 1, 1 }, 1, FAULT_CUT, 0, FALSE, FALSE, TRUE },
  { "pipelined", { 1, 1 }, 1, FAULT_CUT, 0, TRUE, FALSE, FALSE },
  { "refused", { 1, 1 }, 1, FAULT_CUT, 0, TRUE, TRUE, FALSE },
  { "restarts", { 1, 1 }, 1, FAULT_CRASH, 0, FALSE, FALSE, FALSE },
  { "cuts-and-restarts", { 2, 0 }, 2, FAULT_CUT | FAULT_CRASH, 0, FALSE, FALSE, FALSE },
  { "kept-too-long", { 2, 0 }, 2, FAULT_CUT | FAULT_EXPIRE, 0, FALSE, FALSE, FALSE },
  { "lies", { 2, 0 }, 2, FAULT_CUT | FAULT_LIE, 0, FALSE, FALSE, FALSE },
  { "a-stranger", { 1, 0 }, 2, FAULT_CUT | FAULT_STRANGER, 0, FALSE, FALSE, FALSE },
  { "closing", { 1, 1 }, 0, 0, 2, FALSE, FALSE, FALSE },
  { "closing-and-a-cut", { 2, 0 }, 1, FAULT_CUT, 2, FALSE, FALSE, FALSE },
};

static void
test_world (gconstpointer data)
{
  const Config *config = data;
  guint n;
  const char *found = explore (config, MISTAKE_NONE, &n);

  g_test_message ("%s: %u states", config->name, n);
  g_assert_cmpstr (found, ==, NULL);
}

static void
test_mistake (gconstpointer data)
{
  guint with = GPOINTER_TO_UINT (data);
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (configs) && found == NULL; i++)
    {
      guint n;

      found = explore (&configs[i], with, &n);
      if (found != NULL)
        g_test_message ("mistake %u: found in [%s]: %s", with, configs[i].name, found);
    }
  g_assert_nonnull (found);
}

int
main (int    argc,
      char **argv)
{
  static const char *const mistakes[N_MISTAKES] = {
    NULL, "id-alone", "all-again", "half-a-stanza", "before-the-handlers", "two-of-one-id",
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/explore-acks/A1-A3/%s", configs[i].name);

      g_test_add_data_func (path, &configs[i], test_world);
    }
  for (guint i = 1; i < N_MISTAKES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/explore-acks/mistake/%s", mistakes[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_mistake);
    }

  return g_test_run ();
}
