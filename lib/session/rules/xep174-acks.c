/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of XEP-0198 on one stream, and its counters. They are of 32 bits and begin again at 0
 * behind 2^32 - 1 (§4): all that is compared is how far two of them are apart. */

#include "xep174-acks.h"

#define ON(event)      [XEP174_ACKS_EVENT_##event]
#define FROM(a, b)     [XEP174_ACKS_EVENT_##a ... XEP174_ACKS_EVENT_##b]
#define ROW(state)     [XEP174_ACKS_##state]

#define GO(to, bits)   { XEP174_ACKS_##to, bits, FALSE, NULL }
#define TAKE(to, bits) { XEP174_ACKS_##to, bits, TRUE, NULL }
#define NEVER(reason)  { 0, 0, FALSE, reason }

#define FAULT          XEP174_ACKS_DO_FAULT
#define REPORT         XEP174_ACKS_DO_REPORT
#define AGAIN          XEP174_ACKS_DO_AGAIN
#define ENABLE         XEP174_ACKS_DO_SEND_ENABLE
#define ENABLED        XEP174_ACKS_DO_SEND_ENABLED
#define RESUME         XEP174_ACKS_DO_SEND_RESUME
#define RESUMED        XEP174_ACKS_DO_SEND_RESUMED
#define FAILED         XEP174_ACKS_DO_SEND_FAILED

#define BEGUN          NEVER ("acknowledgements have begun, or were refused")
#define NOT_OFFERED    NEVER ("only what was offered is resumed")

static const Xep174AcksCell table[XEP174_ACKS_N_STATES][XEP174_ACKS_N_EVENTS] = {
  /* §3: who asks out of turn is answered. */
  ROW (OFF) = {
    ON (OFFER)                         = GO (OFFERED, 0),
    ON (ENABLE)                        = GO (ENABLING, ENABLE),
    ON (RESUME)                        = GO (RESUMING, RESUME),
    ON (ENABLE_CAME)                   = GO (OFF, FAILED),
    ON (ENABLED_CAME)                  = GO (OFF, FAULT),
    ON (RESUME_CAME)                   = NOT_OFFERED,
    ON (UNKNOWN_CAME)                  = GO (OFF, FAILED),
    FROM (RESUMED_CAME, ANSWER_CAME)   = GO (OFF, FAULT),
  },
  ROW (OFFERED) = {
    FROM (OFFER, RESUME)               = BEGUN,
    ON (ENABLE_CAME)                   = GO (ON, ENABLED),
    ON (ENABLED_CAME)                  = GO (OFFERED, FAULT),
    ON (RESUME_CAME)                   = TAKE (ON, RESUMED | AGAIN),
    ON (UNKNOWN_CAME)                  = GO (OFFERED, FAILED), /* and <enable/> may follow */
    FROM (RESUMED_CAME, ANSWER_CAME)   = GO (OFFERED, FAULT),
  },
  /* The recipient says <enabled/> before it asks or answers. */
  ROW (ENABLING) = {
    FROM (OFFER, RESUME)               = BEGUN,
    ON (ENABLE_CAME)                   = GO (ENABLING, FAILED),
    ON (ENABLED_CAME)                  = GO (ON, 0),
    ON (RESUME_CAME)                   = NOT_OFFERED,
    ON (UNKNOWN_CAME)                  = GO (ENABLING, FAILED),
    ON (RESUMED_CAME)                  = GO (ENABLING, FAULT),
    ON (FAILED_CAME)                   = GO (REFUSED, 0),
    FROM (REQUEST_CAME, ANSWER_CAME)   = GO (ENABLING, FAULT),
  },
  ROW (RESUMING) = {
    FROM (OFFER, RESUME)               = BEGUN,
    ON (ENABLE_CAME)                   = GO (RESUMING, FAILED),
    ON (ENABLED_CAME)                  = GO (RESUMING, FAULT),
    ON (RESUME_CAME)                   = NOT_OFFERED,
    ON (UNKNOWN_CAME)                  = GO (RESUMING, FAILED),
    ON (RESUMED_CAME)                  = TAKE (ON, AGAIN),
    ON (FAILED_CAME)                   = TAKE (OFF, REPORT), /* A3; <enable/> may follow */
    FROM (REQUEST_CAME, ANSWER_CAME)   = GO (RESUMING, FAULT),
  },
  ROW (REFUSED) = {
    FROM (OFFER, RESUME)               = BEGUN,
    ON (ENABLE_CAME)                   = GO (REFUSED, FAILED),
    ON (ENABLED_CAME)                  = GO (REFUSED, FAULT),
    ON (RESUME_CAME)                   = NOT_OFFERED,
    ON (UNKNOWN_CAME)                  = GO (REFUSED, FAILED),
    FROM (RESUMED_CAME, ANSWER_CAME)   = GO (REFUSED, FAULT),
  },
  ROW (ON) = {
    FROM (OFFER, RESUME)               = BEGUN,
    FROM (ENABLE_CAME, ENABLED_CAME)   = GO (ON, FAULT), /* §3 */
    ON (RESUME_CAME)                   = NOT_OFFERED,
    FROM (UNKNOWN_CAME, FAILED_CAME)   = GO (ON, FAULT),
    ON (REQUEST_CAME)                  = GO (ON, 0),
    ON (ANSWER_CAME)                   = TAKE (ON, 0),
  },
};

/* --- Steps ---------------------------------------------------------------------------------- */

/* What is written counts from the moment at which our word goes out, what comes from the peer's (§4);
 * a recipient's two are one. */
static void
begin_counting (Xep174Acks *self,
                guint       bits,
                guint       event)
{
  if (bits & (ENABLE | ENABLED))
    self->sent = self->confirmed = self->asked_sent = self->since = 0;
  if (bits & ENABLED || event == XEP174_ACKS_EVENT_ENABLED_CAME)
    self->handled = self->told = self->in_hand = self->returned = 0;
}

/* What the peer has had it does not get again; what is written from here on is counted from there. */
static void
go_on_from (Xep174Acks *self)
{
  self->sent = self->asked_sent = self->confirmed;
  self->since = self->asked = self->owes = 0;
}

guint
xep174_acks_step (Xep174Acks      *self,
                  Xep174AcksEvent  event,
                  guint32          h,
                  guint           *confirmed)
{
  const Xep174AcksCell *cell = xep174_acks_cell (self->state, event);
  guint bits = cell->bits;

  *confirmed = 0;
  g_return_val_if_fail (cell->why == NULL, 0);

  if (bits & FAILED && self->failed)
    return FAULT;
  if (bits & FAULT)
    return bits;
  if (cell->takes_h)
    {
      if (h - self->confirmed > xep174_acks_unconfirmed (self))
        return XEP174_ACKS_DO_TOO_HIGH;

      *confirmed = h - self->confirmed;
      self->confirmed = h;
      self->asked = FALSE;
      if (*confirmed > 0)
        bits |= XEP174_ACKS_DO_CONFIRM;
    }

  begin_counting (self, bits, event);
  if (bits & (AGAIN | REPORT))
    go_on_from (self);
  if (bits & REPORT)
    self->resumable = FALSE;
  if (event == XEP174_ACKS_EVENT_REQUEST_CAME)
    self->owes = TRUE;
  if (bits & FAILED)
    self->failed = TRUE;
  self->state = cell->next;

  return bits;
}

/* --- Counting ------------------------------------------------------------------------------- */

static gboolean
counts_sent (const Xep174Acks *self)
{
  return self->state == XEP174_ACKS_ON || self->state == XEP174_ACKS_ENABLING;
}

void
xep174_acks_note_sent (Xep174Acks *self,
                       gsize       octets)
{
  if (!counts_sent (self))
    return;

  self->sent++;
  self->since = MIN (self->since + octets, XEP174_ACKS_MAX_OCTETS);
}

void
xep174_acks_note_given (Xep174Acks *self)
{
  if (self->state == XEP174_ACKS_ON)
    self->in_hand++;
}

/* What has been told of by xep174_acks_tell_all() is counted already; its handlers stand further out
 * than those of what has come since, and return after them. */
void
xep174_acks_note_returned (Xep174Acks *self)
{
  if (self->in_hand == 0 || ++self->returned < self->in_hand)
    return;

  self->handled += self->in_hand;
  self->in_hand = self->returned = 0;
}

guint
xep174_acks_unconfirmed (const Xep174Acks *self)
{
  return self->sent - self->confirmed;
}

gboolean
xep174_acks_is_full (const Xep174Acks *self,
                     gsize             octets)
{
  return counts_sent (self)
         && (xep174_acks_unconfirmed (self) >= XEP174_ACKS_MAX_STANZAS
             || octets >= XEP174_ACKS_MAX_OCTETS);
}

gboolean
xep174_acks_may_ask (const Xep174Acks *self)
{
  return self->state == XEP174_ACKS_ON && !self->asked && xep174_acks_unconfirmed (self) > 0;
}

/* By what was sent since we asked, not by what is unconfirmed: a peer whose handlers take their time
 * would be asked again with each answer. */
gboolean
xep174_acks_must_ask (const Xep174Acks *self)
{
  return xep174_acks_may_ask (self)
         && (self->sent - self->asked_sent >= XEP174_ACKS_ASK_STANZAS
             || self->since >= XEP174_ACKS_ASK_OCTETS);
}

void
xep174_acks_note_asked (Xep174Acks *self)
{
  self->asked = TRUE;
  self->asked_sent = self->sent;
  self->since = 0;
}

gboolean
xep174_acks_owes_answer (const Xep174Acks *self)
{
  return self->owes;
}

gboolean
xep174_acks_owes_farewell (const Xep174Acks *self)
{
  return self->state == XEP174_ACKS_ON && (self->owes || self->told != self->handled);
}

guint32
xep174_acks_tell (Xep174Acks *self)
{
  self->owes = FALSE;
  self->told = self->handled;

  return self->told;
}

guint32
xep174_acks_tell_all (Xep174Acks *self)
{
  self->handled += self->in_hand;
  self->in_hand = self->returned = 0;

  return xep174_acks_tell (self);
}

/* --- From one stream to the next ------------------------------------------------------------ */

gboolean
xep174_acks_may_keep (const Xep174Acks *self,
                      gboolean          closed)
{
  return self->resumable && !closed
         && (self->state == XEP174_ACKS_ON || self->state == XEP174_ACKS_RESUMING);
}

gboolean
xep174_acks_may_resume (const Xep174Acks *self,
                        guint             its_key,
                        guint             key,
                        gboolean          same_id,
                        guint             kept_ms)
{
  return xep174_acks_may_keep (self, FALSE) && same_id && key != 0 && key == its_key
         && kept_ms < XEP174_ACKS_KEPT_MS;
}

void
xep174_acks_carry (Xep174Acks       *self,
                   const Xep174Acks *kept)
{
  guint state = self->state;
  guint failed = self->failed;

  *self = *kept;
  self->state = state;
  self->failed = failed;
  self->asked = self->owes = FALSE;
}

/* --- Names ---------------------------------------------------------------------------------- */

const Xep174AcksCell *
xep174_acks_cell (Xep174AcksState state,
                  Xep174AcksEvent event)
{
  g_assert (state < XEP174_ACKS_N_STATES && event < XEP174_ACKS_N_EVENTS);

  return &table[state][event];
}

const char *
xep174_acks_state_name (Xep174AcksState state)
{
  static const char *const names[] = {
    "OFF", "OFFERED", "ENABLING", "RESUMING", "REFUSED", "ON",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_ACKS_N_STATES);

  return names[state];
}

const char *
xep174_acks_event_name (Xep174AcksEvent event)
{
  static const char *const names[] = {
    "we offer it", "we enable it", "we resume", "enable", "enabled", "resume",
    "resume of what may not be resumed", "resumed", "failed", "request (r)", "answer (a)",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_ACKS_N_EVENTS);

  return names[event];
}

const char *
xep174_acks_do_name (Xep174AcksDo bit)
{
  static const char *const names[] = {
    "end: a fault", "end: handled-count-too-high", "confirm", "report the rest",
    "write the rest again", "send enable", "send enabled", "send resume", "send resumed",
    "send failed",
  };

  return names[g_bit_nth_lsf (bit, -1)];
}
