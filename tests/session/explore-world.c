/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The network between the two sides, and everything that can happen in it. */

#include "explore-ours.h"

#include <string.h>

static Violation broken_rule;

void
world_violate (Violation violation)
{
  if (broken_rule == VIOLATION_NONE)
    broken_rule = violation;
}

Violation
world_judgement (void)
{
  Violation judgement = broken_rule;

  broken_rule = VIOLATION_NONE;

  return judgement;
}

gboolean
unit_is_stanza (Unit unit)
{
  return unit >= UNIT_FORGED;
}

/* --- Connections ------------------------------------------------------------------------- */

/* A message that no one will read. With a fault, or with a client that closes while one writes,
 * it cannot be helped; it is reported as unconfirmed. Else the rules have lost it (S7). */
void
world_lose (World        *world,
            const Config *config,
            guint         index,
            guint         receiver,
            Unit          unit)
{
  const Conn *conn = &world->conns[index];
  Side *sender = &world->sides[!receiver];

  if (unit < UNIT_MESSAGE || resume_tracks (world, !receiver, unit - UNIT_MESSAGE))
    return;

  if (config->keeps_all)
    world_violate (VIOLATION_UNCONFIRMED);
  if (is_ours (config, !receiver) && !conn->broken && !conn->soft && !world->spoiled)
    world_violate (VIOLATION_LOST);

  sender->excused |= 1 << (unit - UNIT_MESSAGE);
}

static void
lose_all (World        *world,
          const Config *config,
          guint         index,
          guint         receiver)
{
  Conn *conn = &world->conns[index];

  while (conn_next (conn, receiver) != UNIT_NONE)
    world_lose (world, config, index, receiver, conn_take (conn, receiver) & UNIT_MASK);
}

Unit
conn_take (Conn *conn,
           guint side)
{
  Unit unit = conn->queue[side][0];

  memmove (conn->queue[side], conn->queue[side] + 1, MAX_UNITS - 1);
  conn->queue[side][MAX_UNITS - 1] = UNIT_NONE;

  return unit;
}

void
conn_put_back (Conn *conn,
               guint side,
               Unit  unit)
{
  memmove (conn->queue[side] + 1, conn->queue[side], MAX_UNITS - 1);
  conn->queue[side][0] = unit;
}

static void
append (Conn  *conn,
        guint  to,
        Unit   unit)
{
  guint at = 0;

  while (at < MAX_UNITS && conn->queue[to][at] != UNIT_NONE)
    at++;

  if (at == MAX_UNITS)
    world_violate (VIOLATION_UNBOUNDED);
  else
    conn->queue[to][at] = unit;
}

/* What an end says is said inside once its handshake is over, and nothing while it runs (T2). */
static Unit
as_said (const Conn *conn,
         guint       from,
         Unit        unit)
{
  if (conn->tls[from] >= TLS_DONE && unit != UNIT_FINISHED)
    return unit | UNIT_INSIDE;
  if (conn->tls[from] == TLS_BEGUN && unit != UNIT_HELLO && unit != UNIT_FLIGHT)
    world_violate (VIOLATION_SILENCE);

  return unit;
}

void
world_push (World        *world,
            const Config *config,
            guint         index,
            guint         to,
            Unit          unit)
{
  Conn *conn = &world->conns[index];

  if (conn->broken || conn->mute[to] || conn->end[to] == END_NONE || conn->end[to] == END_STRANGER)
    world_lose (world, config, index, to, unit);
  else
    append (conn, to, as_said (conn, !to, unit));
}

static void
free_if_over (Conn *conn)
{
  if (conn->end[0] == END_NONE && conn->end[1] == END_NONE)
    memset (conn, 0, sizeof *conn);
}

void
world_shut (World *world,
            guint  index,
            guint  side)
{
  Conn *conn = &world->conns[index];

  if (conn->end[!side] != END_NONE && conn->end[!side] != END_STRANGER && !conn->broken
      && !conn->fin[side])
    append (conn, !side, UNIT_EOF);
  conn->fin[side] = TRUE;
}

void
world_hang_up (World        *world,
               const Config *config,
               guint         index,
               guint         side)
{
  Conn *conn = &world->conns[index];

  conn->end[side] = END_NONE;
  lose_all (world, config, index, side);
  resume_end (world, config, conn, side);
  world_shut (world, index, side);
  if (conn->end[!side] == END_STRANGER)
    conn->end[!side] = END_NONE;
  free_if_over (conn);
}

guint
world_dial (World        *world,
            const Config *config,
            guint         side,
            End           end)
{
  guint index = 0;
  Conn *conn;

  while (index < N_CONNS - 1
         && (world->conns[index].end[0] != END_NONE || world->conns[index].end[1] != END_NONE))
    index++;

  conn = &world->conns[index];
  if (conn->end[0] != END_NONE || conn->end[1] != END_NONE)
    world_violate (VIOLATION_UNBOUNDED);

  memset (conn, 0, sizeof *conn);
  conn->end[side] = end;
  conn->dialler = side;
  conn->syn = TRUE;
  conn->hole = config->deaf[side];

  return index;
}

/* Messages carry their sender's count: a lower one than the last is a repeated or late one. The
 * others do not keep an order over two streams of theirs. */
void
world_deliver (World        *world,
               const Config *config,
               guint         to,
               Unit          unit)
{
  guint n = unit - UNIT_MESSAGE;
  Side *sender = &world->sides[!to];

  if (is_ours (config, !to) ? n < sender->heard : (sender->delivered >> n) & 1)
    world_violate (VIOLATION_DOUBLED);
  sender->heard = n + 1;
  sender->delivered |= 1 << n;
}

/* --- What happens ------------------------------------------------------------------------ */

static void
arrive (World        *world,
        const Config *config,
        Conn         *conn)
{
  conn->syn = FALSE;
  conn->end[!conn->dialler] = END_ANON;
  append (conn, conn->dialler, UNIT_CONNECTED);
  if (is_ours (config, !conn->dialler))
    ours_settle (world, config, !conn->dialler);
}

static void
read_one (World        *world,
          const Config *config,
          guint         index,
          guint         side)
{
  Conn *conn = &world->conns[index];
  Unit unit = conn_take (conn, side);

  if (is_ours (config, side))
    ours_read (world, config, index, side, unit);
  else
    peer_read (world, config, index, side, unit);
}

void
world_cut (World        *world,
            const Config *config,
            guint         index,
            gboolean      heard)
{
  Conn *conn = &world->conns[index];

  conn->broken = TRUE;
  for (guint side = 0; side < 2; side++)
    {
      lose_all (world, config, index, side);
      if (heard && conn->end[side] != END_NONE)
        append (conn, side, UNIT_EOF);
    }
}

static void
die (World        *world,
     const Config *config,
     guint         side,
     gboolean      heard)
{
  world->spoiled = TRUE;
  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[side] != END_NONE)
      {
        if (!heard)
          world_cut (world, config, i, FALSE);
        world_hang_up (world, config, i, side);
      }
  ours_die (world, side);
}

static gboolean
ends_with_eof (const guint8 *queue)
{
  return memchr (queue, UNIT_EOF, MAX_UNITS) != NULL;
}

/* What cannot be parsed ends what is read of a stream; only its end is still seen. */
void
world_deafen (World        *world,
              const Config *config,
              guint         index,
              guint         side)
{
  Conn *conn = &world->conns[index];
  gboolean eof = ends_with_eof (conn->queue[side]);

  lose_all (world, config, index, side);
  if (eof)
    append (conn, side, UNIT_EOF);
  conn->mute[side] = TRUE;
}

static void
corrupt (World        *world,
         const Config *config,
         guint         index,
         guint         side)
{
  world->spoiled = TRUE;
  world_deafen (world, config, index, side);
  ours_read_garbage (world, config, index, side);
}

static void
fire (World        *world,
      const Config *config,
      Move          move)
{
  guint event = xep174_timer_event (move.what);

  if (move.what == XEP174_TIMER_PROBE)
    ours_check_replaced (world, move.side, move.slot);
  ours_step (world, config, move.side, event, move.slot, UNIT_NONE);
}

static gboolean
both_opening (const World  *world,
              const Config *config)
{
  for (guint side = 0; side < 2; side++)
    {
      Xep174View view;

      if (!is_ours (config, side))
        return FALSE;
      xep174_view_of (&world->sides[side].arbiter, &view);
      if (!view.opening)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_probing (const Xep174Arbiter *arbiter)
{
  for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
    if (arbiter->slots[slot].flags & XEP174_STREAM_PROBING)
      return TRUE;

  return FALSE;
}

static void
call (World        *world,
      const Config *config,
      guint         side)
{
  Conn *conn = &world->conns[world_dial (world, config, !side, END_STRANGER)];

  conn->syn = conn->hole = FALSE;
  conn->end[side] = END_ANON;
  append (conn, side, UNIT_HEADER);
  ours_settle (world, config, side);
}

/* He may do all that the contact could do, but has another key. */
static void
say_stranger (World        *world,
              const Config *config,
              Conn         *conn,
              Move          move)
{
  conn->said++;
  if (move.slot == UNIT_EOF)
    {
      conn->end[!move.side] = END_NONE;
      append (conn, move.side, UNIT_EOF);
      return;
    }

  append (conn, move.side, move.slot);
  if (move.slot != UNIT_FINISHED)
    return;

  conn->tls[!move.side] = TLS_ANEW;
  append (conn, move.side, UNIT_HEADER | UNIT_INSIDE);
  if (acks_offered (config))
    {
      conn->soft = TRUE; /* what is written to him has come to somebody who may have it */
      conn->id = resume_known_id (world);
      append (conn, move.side, UNIT_RESUME | UNIT_INSIDE);
    }
  append (conn, move.side, UNIT_FORGED | UNIT_INSIDE);
}

/* What goes wrong; it has been taken off what may. */
static void
make_fault (World        *world,
            const Config *config,
            Move          move)
{
  Conn *conn = &world->conns[move.what % N_CONNS];

  switch (move.kind)
    {
    case MOVE_REFUSED:
      conn->syn = FALSE;
      append (conn, conn->dialler, UNIT_EOF);
      break;

    case MOVE_HOLE:
      conn->hole = TRUE;
      break;

    case MOVE_WRONG_CLOSES:
    case MOVE_WRONG_SILENT:
      conn->syn = FALSE;
      append (conn, conn->dialler, UNIT_CONNECTED);
      if (move.kind == MOVE_WRONG_CLOSES)
        append (conn, conn->dialler, UNIT_EOF);
      conn->broken = TRUE;
      break;

    case MOVE_RESET:
    case MOVE_SILENT:
      if (!is_ours (config, 0) || !is_ours (config, 1))
        world->spoiled = TRUE; /* the others notice a dead stream late or never */
      world_cut (world, config, move.what, move.kind == MOVE_RESET);
      break;

    case MOVE_GARBAGE:
      corrupt (world, config, move.what, move.side);
      break;

    case MOVE_TLS_FAILS:
      ours_handshake_fails (world, config, move.what, move.side);
      break;

    case MOVE_STRIP:
      conn->queue[move.side][0] = UNIT_FEATURES;
      break;

    case MOVE_FORGE:
      world->spoiled |= !is_sealed_world (config);
      append (conn, move.side, move.slot);
      break;

    case MOVE_CALL:
      call (world, config, move.side);
      break;

    case MOVE_BLOCKED:
      stream_of (world, move.what, move.side)->blocked = TRUE;
      break;

    case MOVE_KILLED:
    case MOVE_POWER:
      die (world, config, move.side, move.kind == MOVE_KILLED);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
make (World        *world,
      const Config *config,
      Move          move)
{
  Conn *conn = &world->conns[move.what % N_CONNS];

  switch (move.kind)
    {
    case MOVE_ASK:
      if (is_ours (config, move.side))
        ours_ask (world, config, move.side);
      else
        peer_ask (world, config, move.side);
      break;

    case MOVE_SYN:
      arrive (world, config, conn);
      break;

    case MOVE_READ:
      read_one (world, config, move.what, move.side);
      break;

    case MOVE_EARLY:
      world->early--;
      world->spoiled = TRUE;
      fire (world, config, move);
      break;

    case MOVE_TIMER:
      if (move.what == XEP174_TIMER_OPEN && config->impatient[move.side])
        world->due[!move.side] = is_probing (&world->sides[!move.side].arbiter);
      if (move.what == XEP174_TIMER_PROBE)
        resume_check_probe (world, move.side);
      fire (world, config, move);
      break;

    case MOVE_HEADER_TIMER:
      ours_give_up_anonymous (world, config, move.what, move.side);
      break;

    case MOVE_IDLE:
      peer_close (world, config, move.side);
      break;

    case MOVE_STRANGER:
      say_stranger (world, config, conn, move);
      break;

    case MOVE_UNBLOCKED:
      stream_of (world, move.what, move.side)->blocked = FALSE;
      ours_step (world, config, move.side, XEP174_ARBITER_EVENT_UNBLOCKED,
                 conn->end[move.side] - END_SLOT, UNIT_NONE);
      break;

    default:
      world->faults--;
      make_fault (world, config, move);
      break;
    }
}

Violation
world_make (World        *world,
            const Config *config,
            Move          move)
{
  make (world, config, move);
  ours_forget_since (world, config);
  if (both_opening (world, config))
    world->crossed = TRUE;

  for (guint side = 0; side < 2; side++)
    if (is_ours (config, side))
      {
        Xep174View view;

        xep174_view_of (&world->sides[side].arbiter, &view);
        if (view.n_est > 2)
          world_violate (VIOLATION_S3);
        if (!is_probing (&world->sides[side].arbiter))
          world->due[side] = FALSE;
      }

  return world_judgement ();
}

void
world_init (World        *world,
            const Config *config)
{
  memset (world, 0, sizeof *world);
  world->faults = config->faults;
  world->early = config->early;
  for (guint side = 0; side < 2; side++)
    world->sides[side].record = config->record[side];
  for (guint side = 0; side < 2; side++)
    if (is_ours (config, side))
      xep174_arbiter_init (&world->sides[side].arbiter, side == 0, OURS_MAX_RETRIES);
}
