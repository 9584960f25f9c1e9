/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the program that carries out the tables would do, with words and octets that are counted only. */

#include "explore-transfer-private.h"

#include <string.h>

#define OFFERS (XEP174_TRANSFER_DO_SEND_OFFER | XEP174_TRANSFER_DO_SEND_RESUME)

/* Words that are no event by themselves. */
enum { WORD_USED = XEP174_TRANSFER_N_EVENTS, WORD_NONE, WORD_DATA };

const Config *transfer_config;
const char *transfer_violation;

void
transfer_violate (const char *what)
{
  if (transfer_violation == NULL)
    transfer_violation = what;
}

/* --- Carrying out ---------------------------------------------------------------------------- */

static void
say (World *world,
     guint  from,
     guint  kind,
     guint  number)
{
  Side *to = &world->sides[!from];

  if (world->sides[from].link != LINK_UP)
    {
      world->lost_words = TRUE;
      return;
    }
  g_assert_cmpint (to->n_words, <, MAX_WORDS);
  to->words[to->n_words++] = (Word) { kind, world->sides[from].attempt, number };
}

static void
drop (World *world,
      guint  side)
{
  world->sides[side].listens = world->sides[side].dials = world->sides[side].path = 0;
  for (guint i = 0; i < 2; i++)
    {
      Conn *conn = &world->conns[i];

      conn->open[side] = FALSE;
      if (!conn->open[!side])
        memset (conn, 0, sizeof *conn);
    }
}

static void
begin_moving (World *world,
              guint  side)
{
  Side *self = &world->sides[side];

  if (IS (self, IN_BAND))
    self->path = PATH_BAND;
  else if (xep174_transfer_fsm_path (&self->fsm) == XEP174_TRANSFER_PATH_OURS)
    self->path = 1 + side;
  else
    self->path = 1 + !side;
}

static void
say_all (World *world,
         guint  side,
         guint  bits)
{
  static const struct { guint bit, word; } words[] = {
    { XEP174_TRANSFER_DO_SEND_OFFER, EVENT (OFFER_CAME) },
    { XEP174_TRANSFER_DO_SEND_RESUME, EVENT (RESUME_CAME) },
    { XEP174_TRANSFER_DO_SEND_ACCEPT, EVENT (ACCEPT_CAME) },
    { XEP174_TRANSFER_DO_SEND_DECLINE, EVENT (DECLINE_CAME) },
    { XEP174_TRANSFER_DO_SEND_UNKNOWN, EVENT (UNKNOWN_CAME) },
    { XEP174_TRANSFER_DO_SEND_REPLACE, EVENT (REPLACE_CAME) },
    { XEP174_TRANSFER_DO_SEND_REPLACED, EVENT (REPLACED_CAME) },
    { XEP174_TRANSFER_DO_SEND_CHECKSUM, EVENT (CHECKSUM_CAME) },
    { XEP174_TRANSFER_DO_SEND_RECEIVED, EVENT (RECEIVED_CAME) },
    { XEP174_TRANSFER_DO_SEND_CANCEL, EVENT (CANCEL_CAME) },
    { XEP174_TRANSFER_DO_SEND_FAILED, EVENT (FAILED_CAME) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (bits & words[i].bit)
      say (world, side, words[i].word, world->sides[side].fsm.done);
}

static void
do_at_once (World *world,
            guint  side,
            guint  bits)
{
  Side *self = &world->sides[side];

  if (bits & XEP174_TRANSFER_DO_ASK && self->asks++ > self->restarts)
    transfer_violate (ASKED_ONCE);
  if (bits & XEP174_TRANSFER_DO_DROP)
    drop (world, side);
  if (bits & OFFERS)
    self->attempt++;
}

static void
do_then (World *world,
         guint  side,
         guint  bits)
{
  Side *self = &world->sides[side];

  if (bits & OFFERS)
    self->listens = TRUE;
  say_all (world, side, bits);
  if (bits & XEP174_TRANSFER_DO_DIAL)
    {
      self->listens = TRUE;
      self->dials = !transfer_config->si || side == RECEIVER;
    }
  if (bits & XEP174_TRANSFER_DO_MOVE)
    begin_moving (world, side);
  if (bits & XEP174_TRANSFER_DO_VERIFY)
    self->verifies = VERIFY_COMPARE;
  if (bits & XEP174_TRANSFER_DO_DISCARD)
    {
      self->record = self->named = 0;
      if (side == RECEIVER)
        world->disk = world->corrupt = 0;
    }
}

static void
carry_out (World *world,
           guint  side,
           guint  bits)
{
  Side *self = &world->sides[side];

  do_at_once (world, side, bits);
  if (!(bits & (XEP174_TRANSFER_DO_KEEP | OFFERS)) || transfer_config->si)
    do_then (world, side, bits);
  else
    {
      self->keeps = self->fsm.state;
      self->due = bits;
      if (transfer_config->mistakes & MISTAKE_SAYS_FIRST)
        do_then (world, side, bits);
    }
}

static void
step (World *world,
      guint  side,
      guint  event)
{
  Side *self = &world->sides[side];

  if (self->keeps)
    {
      g_assert_cmpint (self->n_news, <, MAX_NEWS);
      self->news[self->n_news++] = event;
      return;
    }

  carry_out (world, side, xep174_transfer_fsm_step (&self->fsm, event));
}

/* Nothing else has been taken while it was written. */
static void
kept (World *world,
      guint  side)
{
  Side *self = &world->sides[side];

  self->record = self->keeps;
  self->keeps = 0;
  if (!(transfer_config->mistakes & MISTAKE_SAYS_FIRST))
    do_then (world, side, self->due);
  self->due = 0;
  while (self->n_news > 0 && !self->keeps)
    {
      guint8 event = self->news[0];

      memmove (self->news, self->news + 1, --self->n_news);
      self->news[self->n_news] = 0;
      step (world, side, event);
    }
}

static void
found_out (World   *world,
           guint    side,
           gboolean ours,
           gboolean used)
{
  carry_out (world, side,
             xep174_transfer_fsm_step_candidate (&world->sides[side].fsm, ours,
                                                 used ? XEP174_TRANSFER_CANDIDATE_USED
                                                      : XEP174_TRANSFER_CANDIDATE_NONE,
                                                 transfer_config->priority[ours ? side : !side]));
}

static void
connect_or_not (World   *world,
                guint    side,
                gboolean reaches)
{
  Side *self = &world->sides[side], *other = &world->sides[!side];
  gboolean made = reaches && other->listens && other->attempt == self->attempt;

  self->dials = FALSE;
  if (made)
    world->conns[side] = (Conn) { { TRUE, TRUE }, self->attempt };
  say (world, side, made ? WORD_USED : WORD_NONE, 0);
  found_out (world, side, TRUE, made);
}

static void
tell (World *world,
      guint  n)
{
  carry_out (world, RECEIVER, xep174_transfer_fsm_step_octets (&world->sides[RECEIVER].fsm, n));
}

static void
keep_unit (World *world,
           guint  place)
{
  if (place % 16 != world->disk)
    transfer_violate (IN_ORDER);
  if (!world->sides[RECEIVER].accepted)
    transfer_violate (ASKED_ONCE);
  world->disk++;
  world->corrupt |= place >= 16;
  if (world->disk > transfer_config->size)
    transfer_violate (SIZE_HOLDS);
}

/* In the conversation the machine knows before it is written. */
static void
hear_unit (World *world,
           guint  place)
{
  Side *self = &world->sides[RECEIVER];
  guint64 before = self->fsm.done;
  guint bits = xep174_transfer_fsm_step_octets (&self->fsm, 1);

  if (self->fsm.done > before)
    keep_unit (world, place);
  carry_out (world, RECEIVER, bits);
}

/* A connection is read by a thread, which takes no octet more than is missing and tells of some at once. */
static void
read_unit (World *world,
           guint  place)
{
  if (world->disk >= transfer_config->size)
    {
      tell (world, world->untold);
      world->untold = 0;
      tell (world, transfer_config->size + 1);
      return;
    }

  keep_unit (world, place);
  world->untold++;
}

/* --- Moves ----------------------------------------------------------------------------------- */

/* What was written by then counts, too. */
static void
lose_path (World *world,
           guint  side)
{
  Side *self = &world->sides[side];

  self->path = PATH_NONE;
  if (side == RECEIVER)
    {
      tell (world, world->untold);
      world->untold = 0;
    }
  step (world, side, EVENT (PATH_LOST));
}

static gboolean
is_bound (guint kind)
{
  return kind == EVENT (ACCEPT_CAME) || kind == EVENT (REPLACE_CAME) || kind == EVENT (REPLACED_CAME)
         || kind == EVENT (UNKNOWN_CAME) || kind >= WORD_USED;
}

static void
hear (World *world,
      guint  side)
{
  Side *self = &world->sides[side];
  Word word = self->words[0];

  self->n_words--;
  memmove (self->words, self->words + 1, self->n_words * sizeof word);
  memset (self->words + self->n_words, 0, sizeof word);

  if (word.kind == EVENT (OFFER_CAME) || word.kind == EVENT (RESUME_CAME))
    {
      self->attempt = word.attempt;
      /* Only behind its end it is known how much is there. */
      if (transfer_world_conn (world, side) != NULL
          && !(transfer_config->mistakes & MISTAKE_GOES_ON_READING))
        lose_path (world, side);
    }
  else if (is_bound (word.kind) && word.attempt != self->attempt)
    return;

  if (word.kind == WORD_USED || word.kind == WORD_NONE)
    found_out (world, side, FALSE, word.kind == WORD_USED);
  else if (word.kind == WORD_DATA && self->path == PATH_BAND)
    hear_unit (world, word.number);
  else if (word.kind == EVENT (ACCEPT_CAME))
    carry_out (world, side, xep174_transfer_fsm_step_accepted (&self->fsm, word.number));
  else if (word.kind < WORD_USED)
    step (world, side, word.kind);
}

Conn *
transfer_world_conn (World *world,
         guint  side)
{
  guint path = world->sides[side].path;

  return path == PATH_OWN || path == PATH_OTHER ? &world->conns[path - 1] : NULL;
}

gboolean
transfer_world_may_write (World *world)
{
  Side *self = &world->sides[SENDER];
  Conn *conn = transfer_world_conn (world, SENDER);

  if (self->fsm.done == self->fsm.size || !(IS (self, MOVING) || IS (self, IN_BAND)))
    return FALSE;
  if (self->path == PATH_BAND)
    return world->sides[RECEIVER].n_words < 4;

  return conn != NULL && conn->open[SENDER] && conn->open[RECEIVER] && conn->n < 2;
}

gboolean
transfer_world_may_read (World *world)
{
  Conn *conn = transfer_world_conn (world, RECEIVER);

  return conn != NULL && conn->open[RECEIVER] && conn->n > 0;
}

gboolean
transfer_world_is_eof (World *world,
        guint  side)
{
  Conn *conn = transfer_world_conn (world, side);

  if (conn == NULL || (side == RECEIVER && conn->n > 0))
    return FALSE;

  return !conn->open[side] || !conn->open[!side];
}

static void
write_unit (World *world,
            guint  place)
{
  Conn *conn = transfer_world_conn (world, SENDER);

  if (conn == NULL)
    say (world, SENDER, WORD_DATA, place);
  else
    conn->units[conn->n++] = place;
}

static void
take_unit (World *world)
{
  Conn *conn = transfer_world_conn (world, RECEIVER);
  guint place = conn->units[0];

  conn->n--;
  memmove (conn->units, conn->units + 1, conn->n);
  conn->units[conn->n] = 0;
  read_unit (world, place);
}

static void
crash (World *world,
       guint  side)
{
  Side *self = &world->sides[side];
  guint restarts = self->restarts + 1, asks = self->asks, attempt = self->attempt;
  guint record = self->record, link = self->link;
  gboolean placed = side == RECEIVER && world->placed;
  gboolean named = self->named && !(transfer_config->mistakes & MISTAKE_NAMES_LATE);

  drop (world, side);
  if (side == RECEIVER)
    world->untold = 0;
  memset (self, 0, sizeof *self);
  self->fsm.role = side + (transfer_config->si ? XEP174_TRANSFER_SI_SENDER : 0);
  self->fsm.size = transfer_config->size;
  self->restarts = restarts;
  self->asks = asks;
  self->attempt = attempt;
  xep174_transfer_fsm_restore (&self->fsm, record, side == RECEIVER ? world->disk : 0);
  if (placed && named && !IS (self, NEW))
    xep174_transfer_fsm_restore (&self->fsm, XEP174_TRANSFER_DONE, transfer_config->size);
  self->record = record;
  self->named = named;
  self->accepted = !IS (self, NEW);
  self->link = LINK_DOWN;
  if (link == LINK_UP && world->sides[!side].link == LINK_UP)
    world->sides[!side].link = LINK_BROKEN;
  memset (world->sides[!side].words, 0, sizeof self->words);
  world->sides[!side].n_words = 0;
  world->lost_words = TRUE;
  if (placed && !IS (self, NEW) && !IS (self, DONE))
    step (world, side, EVENT (LOCAL_FAILED)); /* The part is not there any more. */
}

static void
cut_link (World *world)
{
  world->lost_words = TRUE;
  for (guint i = 0; i < 2; i++)
    {
      memset (world->sides[i].words, 0, sizeof world->sides[i].words);
      world->sides[i].n_words = 0;
      world->sides[i].link = LINK_BROKEN;
    }
}

/* A person does not wait for a record. */
static void
cancel (World *world,
        guint  side)
{
  Side *self = &world->sides[side];

  self->cancelled = TRUE;
  if (self->n_news == 0)
    self->keeps = self->due = 0;
}

static void
make_fault (World *world,
            Move   move)
{
  Conn *conn = transfer_world_conn (world, SENDER);

  world->faults--;
  switch (move.kind)
    {
    case MOVE_CUT_LINK:
      cut_link (world);
      break;
    case MOVE_CUT_PATH:
      memset (&world->conns[move.side], 0, sizeof *conn);
      break;
    case MOVE_CRASH:
      crash (world, move.side);
      break;
    case MOVE_CANCEL:
      cancel (world, move.side);
      step (world, move.side, EVENT (CANCEL));
      break;
    case MOVE_CORRUPT:
      conn->units[0] |= 16;
      break;
    case MOVE_EXTRA:
      conn->units[conn->n++] = transfer_config->size;
      break;
    case MOVE_LOCAL:
      step (world, move.side, EVENT (LOCAL_FAILED));
      break;
    default:
      step (world, move.side, EVENT (TIMEOUT));
    }
}

/* A thread compares, writes down which name the file will have, gives it, and tells. */
static void
compare (World *world)
{
  Side *self = &world->sides[RECEIVER];
  gboolean right = !world->corrupt && world->disk == transfer_config->size;

  if (self->verifies == VERIFY_COMPARE)
    {
      self->named = right && self->record;
      world->compared = right;
    }
  if (self->verifies == VERIFY_PLACE)
    world->placed = right;
  if (self->verifies++ != VERIFY_TELL)
    return;

  self->verifies = VERIFY_NOTHING;
  world->placed = world->placed && IS (self, VERIFYING);
  step (world, RECEIVER, transfer_config->si ? EVENT (HASH_NONE)
                         : right ? EVENT (HASH_RIGHT) : EVENT (HASH_WRONG));
}

void
transfer_world_make (World *world,
      Move   move)
{
  Side *self = &world->sides[move.side];

  switch (move.kind)
    {
    case MOVE_SEND:
      step (world, SENDER, EVENT (SEND));
      break;
    case MOVE_ACCEPT:
      self->accepted = TRUE;
      step (world, RECEIVER, EVENT (ACCEPT));
      break;
    case MOVE_DECLINE:
      step (world, RECEIVER, EVENT (DECLINE));
      break;
    case MOVE_HEAR:
      hear (world, move.side);
      break;
    case MOVE_CONNECT:
    case MOVE_NO_CONNECT:
      connect_or_not (world, move.side, move.kind == MOVE_CONNECT);
      break;
    case MOVE_WRITE:
      write_unit (world, self->fsm.done);
      carry_out (world, SENDER, xep174_transfer_fsm_step_octets (&self->fsm, 1));
      break;
    case MOVE_READ:
      take_unit (world);
      break;
    case MOVE_TELL:
      tell (world, world->untold);
      world->untold = 0;
      break;
    case MOVE_EOF:
      lose_path (world, move.side);
      break;
    case MOVE_COMPARE:
      compare (world);
      break;
    case MOVE_KEPT:
      kept (world, move.side);
      break;
    case MOVE_NOTICE:
      self->link = LINK_DOWN;
      step (world, move.side, EVENT (LINK_LOST));
      break;
    case MOVE_BACK:
      world->sides[0].link = world->sides[1].link = LINK_UP;
      step (world, RECEIVER, EVENT (LINK_BACK));
      step (world, SENDER, EVENT (LINK_BACK));
      break;
    case MOVE_TIMEOUT:
      step (world, move.side, EVENT (TIMEOUT));
      break;
    default:
      make_fault (world, move);
    }
}
