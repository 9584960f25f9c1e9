/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explore-transfer-private.h"

#include <string.h>

#define MAX_MOVES    40
#define MAX_WORLDS   200000
/* A machine that offers more often without being asked will never be quiet. */
#define MAX_ATTEMPTS 40

/* --- What can happen ------------------------------------------------------------------------- */

static guint
add (Move    *moves,
     guint    n,
     gboolean possible,
     guint    kind,
     guint    side)
{
  if (!possible || n >= MAX_MOVES)
    return n;

  moves[n] = (Move) { kind, side };

  return n + 1;
}

static gboolean
has_link (const World *world)
{
  return world->sides[SENDER].link == LINK_UP && world->sides[RECEIVER].link == LINK_UP;
}

static guint
usual_moves (World *world,
             Move  *moves)
{
  const Side *sender = &world->sides[SENDER], *receiver = &world->sides[RECEIVER];
  guint n = 0;

  n = add (moves, n, IS (sender, NEW) && !sender->over, MOVE_SEND, SENDER);
  n = add (moves, n, IS (receiver, ASKED), MOVE_ACCEPT, RECEIVER);
  n = add (moves, n, IS (receiver, ASKED) && transfer_config->declines, MOVE_DECLINE, RECEIVER);
  n = add (moves, n, transfer_world_may_write (world), MOVE_WRITE, SENDER);
  n = add (moves, n, transfer_world_may_read (world), MOVE_READ, RECEIVER);
  n = add (moves, n, receiver->verifies != VERIFY_NOTHING, MOVE_COMPARE, RECEIVER);
  n = add (moves, n, sender->end == END_HEARD || sender->end == END_DOUBTED, MOVE_ANSWERED, SENDER);
  n = add (moves, n, sender->end >= END_DOUBTED && sender->link != LINK_BROKEN, MOVE_UNHEARD, SENDER);
  for (guint kind = MOVE_BACK; kind <= MOVE_BACK_LATE; kind++)
    n = add (moves, n, sender->link == LINK_DOWN && receiver->link == LINK_DOWN, kind, SENDER);
  for (guint i = 0; i < 2; i++)
    {
      const Side *self = &world->sides[i];

      n = add (moves, n, transfer_world_may_tell (world, i), MOVE_TELL, i);
      n = add (moves, n, self->keeps, MOVE_KEPT, i);
      if (self->keeps)
        continue;
      n = add (moves, n, self->n_words > 0 && has_link (world), MOVE_HEAR, i);
      n = add (moves, n, self->dials && transfer_config->reach[i] != NO, MOVE_CONNECT, i);
      n = add (moves, n, self->dials && transfer_config->reach[i] != YES, MOVE_NO_CONNECT, i);
      n = add (moves, n, transfer_world_is_eof (world, i), MOVE_EOF, i);
    }
  for (guint i = 0; i < 2; i++)
    n = add (moves, n, world->sides[i].link == LINK_BROKEN, MOVE_NOTICE, i);

  return n;
}

/* What a timer has said is taken before it is set again. */
static gboolean
waits (const Side *self)
{
  for (guint i = 0; i < self->n_news; i++)
    if (self->news[i] >= NEWS_TIMEOUT)
      return FALSE;

  return xep174_transfer_fsm_timer (&self->fsm) != XEP174_TRANSFER_TIMER_NONE;
}

/* For a minute at most. */
static gboolean
is_hasty (const Side *self)
{
  guint ms = xep174_transfer_fsm_timer_ms (&self->fsm);

  return waits (self) && ms <= XEP174_TRANSFER_STALL_MS;
}

/* While nothing else happens time passes, and the shortest timer fires. */
static guint
timeouts (const World *world,
          Move        *moves)
{
  guint n = 0;

  for (guint i = 0; i < 2; i++)
    {
      const Side *self = &world->sides[i], *other = &world->sides[!i];

      n = add (moves, n,
               waits (self) && (!waits (other) || xep174_transfer_fsm_timer_ms (&self->fsm)
                                                    <= xep174_transfer_fsm_timer_ms (&other->fsm)),
               MOVE_TIMEOUT, i);
    }

  return n;
}

static guint
faults (World *world,
        Move  *moves,
        guint  n)
{
  guint kinds = transfer_config->kinds;
  Conn *conn = transfer_world_conn (world, SENDER);
  gboolean flows = conn != NULL && conn->open[0] && conn->open[1];

  n = add (moves, n, kinds & FAULT_LINK && has_link (world), MOVE_CUT_LINK, 0);
  n = add (moves, n, kinds & FAULT_CORRUPT && flows && conn->n > 0, MOVE_CORRUPT, 0);
  n = add (moves, n, kinds & FAULT_EXTRA && transfer_world_may_exceed (world), MOVE_EXTRA, 0);
  for (guint i = 0; i < 2; i++)
    {
      const Side *self = &world->sides[i];
      gboolean lives = !IS (self, NEW) && !xep174_transfer_fsm_has_ended (&self->fsm);
      gboolean is_asked = i == RECEIVER ? IS (self, DONE) : self->end != END_UNSAID;

      n = add (moves, n, kinds & FAULT_PATH && world->conns[i].open[0] && world->conns[i].open[1],
               MOVE_CUT_PATH, i);
      n = add (moves, n, kinds & FAULT_CRASH && (lives || is_asked), MOVE_CRASH, i);
      n = add (moves, n, kinds & FAULT_FORGET && lives && i == SENDER, MOVE_FORGET, i);
      n = add (moves, n, kinds & FAULT_CANCEL && lives, MOVE_CANCEL, i);
      n = add (moves, n, kinds & FAULT_LOCAL && lives, MOVE_LOCAL, i);
      n = add (moves, n, (kinds & FAULT_EARLY && waits (self)) || (kinds & FAULT_HASTY && is_hasty (self)),
               MOVE_EARLY, i);
    }

  return n;
}

/* --- What must be true ----------------------------------------------------------------------- */

static void
check (const World *world)
{
  const Side *sender = &world->sides[SENDER], *receiver = &world->sides[RECEIVER];

  if (IS (receiver, DONE) && !world->compared)
    transfer_violate (HASH_FIRST);
  if (IS (sender, DONE) && !IS (receiver, DONE))
    transfer_violate (BOTH_KNOW);
  if (receiver->fsm.done > world->disk && !xep174_transfer_fsm_has_ended (&receiver->fsm))
    transfer_violate (IN_ORDER);
  if (sender->attempt > MAX_ATTEMPTS)
    transfer_violate (AN_END);
}

static void
check_rest (const World *world)
{
  for (guint i = 0; i < 2; i++)
    {
      const Side *self = &world->sides[i], *other = &world->sides[!i];
      gboolean over = xep174_transfer_fsm_has_ended (&self->fsm) || IS (self, NEW);

      if (!over)
        transfer_violate (other->cancelled ? CANCEL_TOLD : transfer_config->whole ? ALL_COMES : AN_END);
      if (transfer_config->whole && !IS (self, DONE) && !(transfer_config->si && IS (self, TAKEN)))
        transfer_violate (ALL_COMES);
    }
  if (IS (&world->sides[RECEIVER], TAKEN) && world->disk != transfer_config->size)
    transfer_violate (IN_ORDER);
}

/* Who tries again soon will hear of it; and who waits for a minute at most asks then. */
static gboolean
is_left_alone (const World *world,
               guint        side)
{
  const Side *self = &world->sides[side], *other = &world->sides[!side];

  if (other->forgot && is_hasty (self))
    return FALSE;

  return waits (self) && xep174_transfer_fsm_timer (&self->fsm) != XEP174_TRANSFER_TIMER_RETRY
         && (xep174_transfer_fsm_has_ended (&other->fsm) || other->over) && has_link (world);
}

/* Where no word is lost a cancel needs no timer. */
static void
check_quiet (const World *world)
{
  if (transfer_config->si)
    return;

  for (guint i = 0; i < 2; i++)
    {
      if (world->sides[i].cancelled && !world->lost_words && waits (&world->sides[!i]))
        transfer_violate (CANCEL_TOLD);
      if (is_left_alone (world, !i))
        transfer_violate (NOT_ALONE);
    }
}

/* --- The search ------------------------------------------------------------------------------ */

static void
tell (WorldSearch *search,
      guint        at,
      const Move  *last,
      const World *next)
{
  g_autofree char *story = transfer_dup_story (search, at, last, next);

  g_test_message ("%s: %s after\n%s", transfer_config->name, transfer_violation, story);
}

static void
expand (WorldSearch *search,
        guint        i)
{
  World world = *(const World *) world_search_get (search, i);
  Move moves[MAX_MOVES];
  guint n = usual_moves (&world, moves);
  guint j = 0;

  if (n == 0)
    {
      check_quiet (&world);
      n = transfer_config->no_timers ? 0 : timeouts (&world, moves);
    }
  if (n == 0)
    {
      check_rest (&world);
      world_search_add_rest (search, i);
    }
  else if (world.faults > 0)
    n = faults (&world, moves, n);
  g_assert_cmpint (n, <, MAX_MOVES);
  if (transfer_violation != NULL)
    tell (search, i, NULL, NULL);

  for (; j < n && transfer_violation == NULL; j++)
    {
      World next;

      memcpy (&next, &world, sizeof next);
      transfer_world_make (&next, moves[j]);
      check (&next);
      if (transfer_violation != NULL)
        tell (search, i, &moves[j], &next);
      world_search_add (search, i, moves[j], &next);
    }
}

const char *
explore_transfer (const Config *with,
                  guint        *n_worlds)
{
  WorldSearch *search;
  World first;
  guint stuck;

  transfer_config = with;
  transfer_violation = NULL;
  memset (&first, 0, sizeof first);
  first.faults = transfer_config->faults;
  for (guint i = 0; i < 2; i++)
    {
      first.sides[i].fsm.role = i + (transfer_config->si ? XEP174_TRANSFER_SI_SENDER : 0);
      first.sides[i].fsm.size = transfer_config->size;
    }
  search = world_search_new (sizeof first, MAX_WORLDS, &first);
  for (guint i = 0; i < world_search_get_n (search) && transfer_violation == NULL; i++)
    expand (search, i);
  if (transfer_violation == NULL && world_search_find_stuck (search, &stuck))
    {
      transfer_violate (AN_END);
      tell (search, stuck, NULL, NULL);
    }

  *n_worlds = world_search_get_n (search);
  world_search_free (search);

  return transfer_violation;
}
