/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the program that carries out the tables does with what they say, in the order in which it does it. */

#include "explore-transfer-private.h"

#include <string.h>

#define OFFERS (XEP174_TRANSFER_DO_SEND_OFFER | XEP174_TRANSFER_DO_SEND_RESUME)

const Config *transfer_config;
const char *transfer_violation;

void
transfer_violate (const char *what)
{
  if (transfer_violation == NULL)
    transfer_violation = what;
}

/* A word that is said when there is no link waits for the next one. */
static void
put (World *world,
     guint  from,
     Word   word)
{
  Side *to = &world->sides[!from];

  g_assert_cmpint (to->n_words, <, MAX_WORDS);
  to->words[to->n_words++] = word;
  to->n_late += world->sides[from].link == LINK_DOWN;
}

void
transfer_say (World *world,
              guint  from,
              guint  kind,
              guint  number)
{
  put (world, from, (Word) { kind, world->sides[from].attempt, number });
}

void
transfer_answer (World    *world,
                 guint     from,
                 guint     attempt,
                 gboolean  well)
{
  put (world, from, (Word) { WORD_ANSWER, attempt, well });
}

void
transfer_refuse (World *world,
                 guint  from,
                 Word   word)
{
  guint kind = word.kind == WORD_KNOWN ? EVENT (UNKNOWN_CAME) : EVENT (FAILED_CAME);

  put (world, from, (Word) { kind, word.attempt, 0 });
}

/* What the pump has not told by now it never will. Who receives sees on the disk how much there is. */
static void
drop_octets (World *world,
             guint  side)
{
  Side *self = &world->sides[side];

  self->untold = 0;
  if (side == RECEIVER && IS (self, RESTING))
    self->fsm.done = world->disk;
}

void
transfer_drop (World *world,
               guint  side)
{
  Side *self = &world->sides[side];

  if (self->path == PATH_BAND && self->link != LINK_DOWN)
    transfer_say (world, side, WORD_CLOSE, 0);
  self->listens = self->dials = self->path = 0;
  drop_octets (world, side);
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
      transfer_say (world, side, words[i].word, world->sides[side].fsm.done);
  if (side == SENDER && bits & (XEP174_TRANSFER_DO_SEND_CANCEL | XEP174_TRANSFER_DO_SEND_FAILED)
      && !transfer_config->si)
    world->sides[side].end = END_SAID;
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
    transfer_drop (world, side);
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
  /* Who knows it has nothing to say; and who crashes before it hears this does not hear it. */
  if (bits & XEP174_TRANSFER_DO_INQUIRE && self->link != LINK_DOWN && IS (&world->sides[SENDER], NEW))
    transfer_say (world, side, WORD_KNOWN, 0);
  if (bits & XEP174_TRANSFER_DO_REMEMBER && self->record)
    self->record = XEP174_TRANSFER_CANCELLED;
}

void
transfer_carry_out (World *world,
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
take (World *world,
      guint  side,
      guint  news)
{
  Xep174TransferFsm *fsm = &world->sides[side].fsm;
  guint timer = transfer_config->mistakes & MISTAKE_OLD_TIMER ? xep174_transfer_fsm_timer (fsm)
                                                              : news - NEWS_TIMEOUT;

  transfer_carry_out (world, side, news < NEWS_TIMEOUT ? xep174_transfer_fsm_step (fsm, news)
                                                       : xep174_transfer_fsm_step_timeout (fsm, timer));
}

void
transfer_step (World *world,
               guint  side,
               guint  news)
{
  Side *self = &world->sides[side];

  if (!self->keeps)
    {
      take (world, side, news);
      return;
    }

  g_assert_cmpint (self->n_news, <, MAX_NEWS);
  self->news[self->n_news++] = news;
}

/* What comes when the record is being written waits, and more when that leads to another one. */
static void
take_news (World *world,
           guint  side)
{
  Side *self = &world->sides[side];

  while (self->n_news > 0 && !self->keeps)
    {
      guint8 news = self->news[0];

      memmove (self->news, self->news + 1, --self->n_news);
      self->news[self->n_news] = 0;
      take (world, side, news);
    }
}

/* A person does not wait for a record. */
void
transfer_cancel (World *world,
                 guint  side)
{
  Side *self = &world->sides[side];

  self->cancelled = TRUE;
  self->keeps = self->due = 0;
  take (world, side, EVENT (CANCEL));
  take_news (world, side);
}

static gboolean
is_overtaken (const Side *self)
{
  for (guint i = 0; i < self->n_news; i++)
    if (self->news[i] < NEWS_TIMEOUT && xep174_transfer_fsm_overtakes (&self->fsm, self->news[i]))
      return TRUE;

  return FALSE;
}

static void
carry_out_due (World *world,
               guint  side)
{
  Side *self = &world->sides[side];

  if (is_overtaken (self) && !(transfer_config->mistakes & MISTAKE_HEEDS_NOTHING))
    return;

  for (guint i = 0; i < self->n_news; i++)
    if (self->news[i] == EVENT (LINK_LOST) && !xep174_transfer_fsm_has_ended (&self->fsm))
      transfer_violate (IN_VAIN);
  do_then (world, side, self->due);
}

void
transfer_kept (World *world,
               guint  side)
{
  Side *self = &world->sides[side];

  self->record = self->keeps;
  self->keeps = 0;
  if (!(transfer_config->mistakes & MISTAKE_SAYS_FIRST))
    carry_out_due (world, side);
  self->due = 0;
  take_news (world, side);
}
