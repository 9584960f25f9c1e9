/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What happens to the two sides, with words and octets that are counted only. */

#include "explore-transfer-private.h"

#include <string.h>

static void
found_out (World   *world,
           guint    side,
           gboolean ours,
           gboolean used)
{
  Xep174TransferCandidate candidate = used ? XEP174_TRANSFER_CANDIDATE_USED
                                           : XEP174_TRANSFER_CANDIDATE_NONE;
  guint priority = transfer_config->priority[ours ? side : !side];

  transfer_carry_out (world, side, xep174_transfer_fsm_step_candidate (&world->sides[side].fsm, ours,
                                                                       candidate, priority));
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
  transfer_say (world, side, made ? WORD_USED : WORD_NONE, 0);
  found_out (world, side, TRUE, made);
}

/* --- Moves ----------------------------------------------------------------------------------- */

static gboolean
is_bound (guint kind)
{
  return kind == EVENT (ACCEPT_CAME) || kind == EVENT (REPLACE_CAME) || kind == EVENT (REPLACED_CAME)
         || kind == EVENT (UNKNOWN_CAME) || kind >= WORD_USED;
}

/* Who does not know it refuses what is said of it, but for its end. */
static gboolean
is_refused (const Side *self,
            guint       kind)
{
  return IS (self, NEW) && kind != WORD_CLOSE
         && (kind >= WORD_USED || kind == EVENT (ACCEPT_CAME) || kind == EVENT (REPLACED_CAME));
}

static gboolean
is_end (guint kind)
{
  return kind == EVENT (CANCEL_CAME) || kind == EVENT (FAILED_CAME);
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

  if (side == SENDER && is_refused (self, word.kind))
    {
      transfer_refuse (world, side, word);
      return;
    }
  if (is_end (word.kind) && world->sides[!side].end != END_UNSAID)
    world->sides[!side].end = END_HEARD;
  if (word.kind == EVENT (OFFER_CAME) || word.kind == EVENT (RESUME_CAME))
    {
      self->attempt = word.attempt;
      /* Only behind its end it is known how much is there. */
      if (!(transfer_config->mistakes & MISTAKE_GOES_ON_READING))
        transfer_lose_path (world, side);
    }
  else if (is_bound (word.kind) && word.attempt != self->attempt)
    return;

  if (word.kind == WORD_USED || word.kind == WORD_NONE)
    found_out (world, side, FALSE, word.kind == WORD_USED);
  else if (word.kind == WORD_DATA)
    transfer_hear_unit (world, word);
  else if (word.kind == WORD_ANSWER && self->path == PATH_BAND)
    transfer_hear_answer (world, word.number);
  else if (word.kind == WORD_CLOSE && self->path == PATH_BAND)
    transfer_lose_path (world, side);
  else if (word.kind == EVENT (ACCEPT_CAME))
    transfer_carry_out (world, side, xep174_transfer_fsm_step_accepted (&self->fsm, word.number));
  else if (word.kind < WORD_USED)
    transfer_step (world, side, word.kind);
}

/* Words and answers were lost. */
static void
doubt_end (World *world,
           guint  side)
{
  Side *self = &world->sides[side], *other = &world->sides[!side];

  if (self->end == END_HEARD)
    self->end = END_DOUBTED;
  if (self->end != END_SAID)
    return;

  self->end = END_LOST;
  for (guint i = 0; i < other->n_words; i++)
    if (is_end (other->words[i].kind))
      self->end = END_SAID;
}

/* On their way to @side, but for the last @n. */
static void
lose_words (World *world,
            guint  side,
            guint  n)
{
  Side *self = &world->sides[side];
  guint lost = self->n_words - n;

  if (lost > 0)
    world->lost_words = TRUE;
  memmove (self->words, self->words + lost, n * sizeof *self->words);
  memset (self->words + n, 0, (MAX_WORDS - n) * sizeof *self->words);
  self->n_words = n;
  self->n_late = MIN (self->n_late, n);
  doubt_end (world, !side);
}

/* The stream of the question has ended; there may be another one by now. */
static void
be_unheard (World *world)
{
  Side *self = &world->sides[SENDER];

  self->end = END_UNSAID;
  transfer_step (world, SENDER, EVENT (UNHEARD));
  if (self->link == LINK_UP)
    transfer_step (world, SENDER, EVENT (LINK_BACK));
}

/* What was on its way arrives later, if the streams are resumed; or it is lost; and what was said meanwhile
 * may be, if nobody was there for long. */
static void
mend_link (World *world,
           guint  kind)
{
  for (guint i = 0; i < 2 && kind != MOVE_BACK; i++)
    lose_words (world, i, kind == MOVE_BACK_ANEW ? world->sides[i].n_late : 0);
  if (kind == MOVE_BACK_LATE && world->sides[SENDER].end == END_LOST)
    be_unheard (world);
  for (guint i = 0; i < 2; i++)
    {
      world->sides[i].n_late = 0;
      world->sides[i].link = LINK_UP;
    }
  transfer_step (world, RECEIVER, EVENT (LINK_BACK));
  transfer_step (world, SENDER, EVENT (LINK_BACK));
}

static Side
begin_anew (World *world,
            guint  side)
{
  const Side *before = &world->sides[side];
  gboolean named = before->named && !(transfer_config->mistakes & MISTAKE_NAMES_LATE);
  Side self;

  memset (&self, 0, sizeof self);
  self.fsm.role = side + (transfer_config->si ? XEP174_TRANSFER_SI_SENDER : 0);
  self.fsm.size = transfer_config->size;
  self.restarts = before->restarts + 1;
  self.asks = before->asks;
  self.attempt = before->attempt;
  xep174_transfer_fsm_restore (&self.fsm, before->record, side == RECEIVER ? world->disk : 0);
  if (side == RECEIVER && world->placed && named && !IS (&self, NEW))
    xep174_transfer_fsm_restore (&self.fsm, XEP174_TRANSFER_DONE, transfer_config->size);
  self.over = before->end != END_UNSAID;
  self.record = before->record;
  self.named = named;
  /* The hash is written down before the file is named. */
  self.fsm.told |= named;
  self.accepted = !IS (&self, NEW);
  /* What the other side has said meanwhile waits there. */
  memcpy (self.words, before->words, sizeof self.words);
  self.n_words = self.n_late = before->n_late;

  return self;
}

static void
crash (World *world,
       guint  side)
{
  Side *self = &world->sides[side], *other = &world->sides[!side];

  self->path = PATH_NONE;
  transfer_drop (world, side);
  lose_words (world, !side, 0);
  lose_words (world, side, self->n_late);
  if (self->link == LINK_UP && other->link == LINK_UP)
    other->link = LINK_BROKEN;
  *self = begin_anew (world, side);
  self->link = LINK_DOWN;
  /* The part is not there any more. */
  if (side == RECEIVER && world->placed && !IS (self, NEW) && !IS (self, DONE))
    transfer_step (world, side, EVENT (LOCAL_FAILED));
}

static void
cut_link (World *world)
{
  for (guint i = 0; i < 2; i++)
    world->sides[i].link = LINK_BROKEN;
}

static void
make_fault (World *world,
            Move   move)
{
  Side *self = &world->sides[move.side];
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
    case MOVE_FORGET:
      self->record = 0;
      crash (world, move.side);
      self->over = self->forgot = TRUE;
      break;
    case MOVE_CANCEL:
      transfer_cancel (world, move.side);
      break;
    case MOVE_CORRUPT:
      conn->units[0] |= 16;
      break;
    case MOVE_EXTRA:
      conn->units[conn->n++] = transfer_config->size;
      break;
    case MOVE_LOCAL:
      transfer_step (world, move.side, EVENT (LOCAL_FAILED));
      break;
    default:
      transfer_step (world, move.side, NEWS_TIMEOUT + xep174_transfer_fsm_timer (&self->fsm));
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
  transfer_step (world, RECEIVER, transfer_config->si ? EVENT (HASH_NONE)
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
      transfer_step (world, SENDER, EVENT (SEND));
      break;
    case MOVE_ACCEPT:
      self->accepted = TRUE;
      transfer_step (world, RECEIVER, EVENT (ACCEPT));
      break;
    case MOVE_DECLINE:
      transfer_step (world, RECEIVER, EVENT (DECLINE));
      break;
    case MOVE_HEAR:
      hear (world, move.side);
      break;
    case MOVE_CONNECT:
    case MOVE_NO_CONNECT:
      connect_or_not (world, move.side, move.kind == MOVE_CONNECT);
      break;
    case MOVE_WRITE:
      transfer_write (world);
      break;
    case MOVE_READ:
      transfer_read (world);
      break;
    case MOVE_TELL:
      transfer_tell (world, move.side);
      break;
    case MOVE_EOF:
      transfer_lose_path (world, move.side);
      break;
    case MOVE_COMPARE:
      compare (world);
      break;
    case MOVE_KEPT:
      transfer_kept (world, move.side);
      break;
    case MOVE_NOTICE:
      self->link = LINK_DOWN;
      transfer_step (world, move.side, EVENT (LINK_LOST));
      break;
    case MOVE_BACK:
    case MOVE_BACK_ANEW:
    case MOVE_BACK_LATE:
      mend_link (world, move.kind);
      break;
    case MOVE_ANSWERED:
      self->end = END_UNSAID;
      transfer_step (world, SENDER, EVENT (HEARD));
      break;
    case MOVE_UNHEARD:
      be_unheard (world);
      break;
    case MOVE_TIMEOUT:
      transfer_step (world, move.side, NEWS_TIMEOUT + xep174_transfer_fsm_timer (&self->fsm));
      break;
    default:
      make_fault (world, move);
    }
}
