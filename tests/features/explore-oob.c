/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explore-oob.h"

#include <string.h>

#include "world-search.h"

#define MAX_WORLDS 20000
#define EVENT(name) XEP174_TRANSFER_EVENT_##name

typedef struct
{
  Xep174TransferFsm fsm;
  guint8 asked, accepted, connected, moving, verifying, disk, good, bad;
} World;

/* The moves are the events of the machine, and these. */
enum { MOVE_REPLIES = XEP174_TRANSFER_N_EVENTS, MOVE_NO_REPLY, MOVE_OCTET, MOVE_PLACED, N_MOVES };

static const char *violation;

static void
violate (const char *what)
{
  if (violation == NULL)
    violation = what;
}

/* --- What the program would do --------------------------------------------------------------- */

static void
carry_out (World *world,
           guint  bits)
{
  if (bits & XEP174_TRANSFER_DO_ASK && world->asked++ > 0)
    violate (OOB_ASKED);
  if (bits & XEP174_TRANSFER_DO_DROP)
    world->connected = world->moving = FALSE;
  if (bits & XEP174_TRANSFER_DO_SEND_RECEIVED)
    world->good++;
  for (guint bit = XEP174_TRANSFER_DO_SEND_OFFER; bit <= XEP174_TRANSFER_DO_SEND_FAILED; bit <<= 1)
    world->bad += (bits & bit) != 0 && bit != XEP174_TRANSFER_DO_SEND_RECEIVED;
  if (bits & XEP174_TRANSFER_DO_DIAL)
    world->connected = TRUE;
  if (bits & XEP174_TRANSFER_DO_MOVE)
    world->moving = TRUE;
  if (bits & XEP174_TRANSFER_DO_VERIFY)
    world->verifying = TRUE;
  if (bits & XEP174_TRANSFER_DO_DISCARD)
    world->disk = 0;
  if (xep174_transfer_fsm_has_ended (&world->fsm))
    world->moving = world->verifying = FALSE;
}

static void
read_octet (World *world)
{
  guint64 before = world->fsm.done;
  guint bits = xep174_transfer_fsm_step_octets (&world->fsm, 1);

  world->disk += world->fsm.done > before;
  if (!world->accepted)
    violate (OOB_ASKED);
  if (world->disk > world->fsm.size)
    violate (OOB_SIZE);
  carry_out (world, bits);
}

static void
make (World *world,
      guint  kind)
{
  if (kind == EVENT (ACCEPT))
    world->accepted = TRUE;
  if (kind == MOVE_REPLIES || kind == MOVE_NO_REPLY)
    carry_out (world, xep174_transfer_fsm_step_candidate (&world->fsm, TRUE,
                                                          kind == MOVE_REPLIES
                                                            ? XEP174_TRANSFER_CANDIDATE_USED
                                                            : XEP174_TRANSFER_CANDIDATE_NONE, 0));
  else if (kind == MOVE_OCTET)
    read_octet (world);
  else if (kind == MOVE_PLACED)
    {
      world->verifying = FALSE;
      carry_out (world, xep174_transfer_fsm_step (&world->fsm, EVENT (HASH_NONE)));
    }
  else
    carry_out (world, xep174_transfer_fsm_step (&world->fsm, kind));
}

/* --- What can happen ------------------------------------------------------------------------- */

/* What follows from the numbers is nobody's to say; a hash would be, if there was one. */
static gboolean
is_possible (const World *world,
             guint        kind)
{
  switch (kind)
    {
    case EVENT (OFFER_CAME):
      return world->fsm.state == XEP174_TRANSFER_NEW;
    case EVENT (ACCEPT):
      return world->fsm.state == XEP174_TRANSFER_ASKED;
    case EVENT (HASH_RIGHT):
    case EVENT (HASH_WRONG):
    case EVENT (HASH_NONE):
      return FALSE;
    case MOVE_REPLIES:
    case MOVE_NO_REPLY:
      return world->connected && !world->moving;
    case MOVE_OCTET:
      return world->moving;
    case MOVE_PLACED:
      return world->verifying;
    default:
      return world->asked && kind < EVENT (PATH_FOUND);
    }
}

static void
check (const World *world)
{
  gboolean taken = world->fsm.state == XEP174_TRANSFER_TAKEN || world->fsm.state == XEP174_TRANSFER_DONE;

  if (world->connected && !world->accepted)
    violate (OOB_ASKED);
  if (taken && world->disk != world->fsm.size)
    violate (OOB_SIZE);
  if (!xep174_transfer_fsm_has_ended (&world->fsm))
    {
      if (world->good + world->bad > 0)
        violate (OOB_ANSWERED);
      return;
    }
  if (world->good != taken || world->bad != !taken)
    violate (OOB_ANSWERED);
  if (world->connected || (!taken && world->disk > 0))
    violate (OOB_CLOSED);
}

/* --- The search ------------------------------------------------------------------------------ */

static void
tell (WorldSearch *search,
      guint        at,
      const Move  *last)
{
  const char *names[N_MOVES];
  g_autofree char *story = NULL;

  for (guint i = 0; i < XEP174_TRANSFER_N_EVENTS; i++)
    names[i] = xep174_transfer_event_name (i);
  names[MOVE_REPLIES] = "it replies";
  names[MOVE_NO_REPLY] = "no reply";
  names[MOVE_OCTET] = "an octet";
  names[MOVE_PLACED] = "in its place";
  story = world_search_dup_story (search, names, at, last);
  g_test_message ("%s after\n%s", violation, story);
}

/* Nothing else happens: time alone must end it. */
static void
check_time (const World *world)
{
  World alone = *world;

  for (guint i = 0; i < XEP174_TRANSFER_N_STATES && alone.asked; i++)
    make (&alone, EVENT (TIMEOUT));
  if (alone.asked && !xep174_transfer_fsm_has_ended (&alone.fsm))
    violate (OOB_ENDS);
}

static void
expand (WorldSearch *search,
        guint        number)
{
  World world = *(const World *) world_search_get (search, number);

  check_time (&world);
  if (violation != NULL)
    tell (search, number, NULL);
  for (guint kind = 0; kind < N_MOVES && violation == NULL; kind++)
    {
      Move move = { .kind = kind };
      World next;

      if (!is_possible (&world, kind))
        continue;
      memcpy (&next, &world, sizeof next);
      make (&next, kind);
      check (&next);
      if (violation != NULL)
        tell (search, number, &move);
      world_search_add (search, number, move, &next);
    }
}

const char *
explore_oob (guint  size,
             guint *n_worlds)
{
  WorldSearch *search;
  World first;

  violation = NULL;
  memset (&first, 0, sizeof first);
  first.fsm.role = XEP174_TRANSFER_OOB_RECEIVER;
  first.fsm.size = size;
  search = world_search_new (sizeof first, MAX_WORLDS, &first);
  for (guint i = 0; i < world_search_get_n (search) && violation == NULL; i++)
    expand (search, i);
  *n_worlds = world_search_get_n (search);
  world_search_free (search);

  return violation;
}
