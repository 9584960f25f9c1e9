/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What runs the tables: it adds the numbers, and the events that follow from them. */

#include "xep174-transfer-table-private.h"

#define NOTHING XEP174_TRANSFER_N_EVENTS

#define WAIT(timer, restart) { XEP174_TRANSFER_TIMER_##timer, XEP174_TRANSFER_##restart }

/* What was asked is asked again, what was accepted goes on; an end stays one, which may not have been heard.
 * With other programs nothing goes on. */
XEP174_TABLE Xep174TransferWait
xep174_transfer_waits[XEP174_TRANSFER_N_ROLES][XEP174_TRANSFER_N_STATES] = {
  [XEP174_TRANSFER_SENDER] = {
    ROW (OFFERED)    = WAIT (OFFER, WAITING),
    ROW (WAITING)    = WAIT (KEEP, WAITING),
    ROW (CONNECTING) = WAIT (CONNECT, AWAY),
    ROW (REPLACING)  = WAIT (ANSWER, AWAY),
    ROW (MOVING)     = WAIT (STALL, AWAY),
    ROW (IN_BAND)    = WAIT (STALL, AWAY),
    ROW (CHECKING)   = WAIT (VERIFY, AWAY),
    ROW (RESTING)    = WAIT (RETRY, AWAY),
    ROW (AWAY)       = WAIT (KEEP, AWAY),
    ROW (REOFFERED)  = WAIT (ANSWER, AWAY),
    ROW (CANCELLED)  = WAIT (NONE, CANCELLED),
  },
  [XEP174_TRANSFER_RECEIVER] = {
    ROW (ASKED)      = WAIT (OFFER, NEW),
    ROW (CONNECTING) = WAIT (CONNECT, RESTING),
    ROW (REPLACING)  = WAIT (ANSWER, RESTING),
    ROW (MOVING)     = WAIT (STALL, RESTING),
    ROW (IN_BAND)    = WAIT (STALL, RESTING),
    ROW (CHECKING)   = WAIT (ANSWER, RESTING),
    ROW (VERIFYING)  = WAIT (VERIFY, RESTING),
    ROW (RESTING)    = WAIT (KEEP, RESTING),
    ROW (DONE)       = WAIT (NONE, DONE),
  },
  [XEP174_TRANSFER_SI_SENDER] = {
    ROW (OFFERED)    = WAIT (OFFER, NEW),
    ROW (CONNECTING) = WAIT (CONNECT, NEW),
    ROW (MOVING)     = WAIT (STALL, NEW),
    ROW (CHECKING)   = WAIT (STALL, NEW),
  },
  [XEP174_TRANSFER_SI_RECEIVER] = {
    ROW (ASKED)      = WAIT (OFFER, NEW),
    ROW (CONNECTING) = WAIT (CONNECT, NEW),
    ROW (MOVING)     = WAIT (STALL, NEW),
    ROW (VERIFYING)  = WAIT (VERIFY, NEW),
  },
  [XEP174_TRANSFER_OOB_RECEIVER] = {
    ROW (ASKED)      = WAIT (OFFER, NEW),
    ROW (CONNECTING) = WAIT (CONNECT, NEW),
    ROW (MOVING)     = WAIT (STALL, NEW),
    ROW (VERIFYING)  = WAIT (VERIFY, NEW),
  },
};

#define IF(candidate) [XEP174_TRANSFER_CANDIDATE_##candidate]
#define PATH(path)    XEP174_TRANSFER_PATH_##path

/* XEP-0260 §2.4: ours, theirs. */
XEP174_TABLE guint8
xep174_transfer_paths[XEP174_TRANSFER_N_CANDIDATES][XEP174_TRANSFER_N_CANDIDATES] = {
  IF (OPEN) = { IF (OPEN) = PATH (OPEN), IF (USED) = PATH (OPEN),   IF (NONE) = PATH (OPEN) },
  IF (USED) = { IF (OPEN) = PATH (OPEN), IF (USED) = PATH (BETTER), IF (NONE) = PATH (OURS) },
  IF (NONE) = { IF (OPEN) = PATH (OPEN), IF (USED) = PATH (THEIRS), IF (NONE) = PATH (NONE) },
};

/* --- What follows from the numbers ----------------------------------------------------------- */

/* With another program. */
static gboolean
is_foreign (const Xep174TransferFsm *self)
{
  return self->role >= XEP174_TRANSFER_SI_SENDER;
}

static gboolean
sends (const Xep174TransferFsm *self)
{
  return self->role == XEP174_TRANSFER_SENDER || self->role == XEP174_TRANSFER_SI_SENDER;
}

static gboolean
moves (const Xep174TransferFsm *self)
{
  return self->state == XEP174_TRANSFER_MOVING || self->state == XEP174_TRANSFER_IN_BAND;
}

/* Who knows the hash from an earlier try compares it as soon as the last octet has come. We may not have
 * heard yet that it has gone. */
static gboolean
may_have_all (const Xep174TransferFsm *self)
{
  return self->role == XEP174_TRANSFER_SENDER && self->told && moves (self);
}

static Xep174TransferEvent
when_whole (Xep174TransferEvent event)
{
  switch (event)
    {
    case XEP174_TRANSFER_EVENT_ACCEPT:       return XEP174_TRANSFER_EVENT_ACCEPT_WHOLE;
    case XEP174_TRANSFER_EVENT_OFFER_CAME:   return XEP174_TRANSFER_EVENT_OFFER_WHOLE;
    case XEP174_TRANSFER_EVENT_RESUME_CAME:  return XEP174_TRANSFER_EVENT_RESUME_WHOLE;
    case XEP174_TRANSFER_EVENT_UNKNOWN_CAME: return XEP174_TRANSFER_EVENT_UNKNOWN_WHOLE;
    default:                                 return event;
    }
}

static Xep174TransferEvent
adjust (Xep174TransferFsm   *self,
        Xep174TransferEvent  event)
{
  if (event == XEP174_TRANSFER_EVENT_TIMEOUT && self->state == XEP174_TRANSFER_RESTING
      && sends (self) && self->tries++ >= XEP174_TRANSFER_MAX_TRIES)
    return XEP174_TRANSFER_EVENT_TIRED;
  if (event == XEP174_TRANSFER_EVENT_RECEIVED_CAME && may_have_all (self))
    {
      self->done = self->size;
      return XEP174_TRANSFER_EVENT_RECEIVED_SOON;
    }
  if (event == XEP174_TRANSFER_EVENT_LINK_BACK && self->unheard)
    {
      self->unheard = FALSE;
      return XEP174_TRANSFER_EVENT_TELL_AGAIN;
    }

  if (self->done == self->size && !is_foreign (self))
    return when_whole (event);

  return event == XEP174_TRANSFER_EVENT_ACCEPT && self->in_band ? XEP174_TRANSFER_EVENT_ACCEPT_BAND : event;
}

/* Who sends, or dials, alone has nothing to wait for from the other (XEP-0065). */
static void
begin_dialling (Xep174TransferFsm *self)
{
  self->ours = self->theirs = XEP174_TRANSFER_CANDIDATE_OPEN;
  if (self->role == XEP174_TRANSFER_SI_SENDER)
    self->ours = XEP174_TRANSFER_CANDIDATE_NONE;
  if (self->role == XEP174_TRANSFER_SI_RECEIVER || self->role == XEP174_TRANSFER_OOB_RECEIVER)
    self->theirs = XEP174_TRANSFER_CANDIDATE_NONE;
}

static Xep174TransferEvent
what_follows (const Xep174TransferFsm *self)
{
  if (moves (self) && self->done == self->size)
    return XEP174_TRANSFER_EVENT_ALL;
  if (self->state == XEP174_TRANSFER_CHECKING && !sends (self) && self->told)
    return XEP174_TRANSFER_EVENT_CHECKSUM_CAME;

  return NOTHING;
}

/* --- Steps ----------------------------------------------------------------------------------- */

void
xep174_transfer_fsm_init (Xep174TransferFsm  *self,
                          Xep174TransferRole  role,
                          guint64             size)
{
  *self = (Xep174TransferFsm) { .role = role, .size = size };
}

gboolean
xep174_transfer_fsm_restore (Xep174TransferFsm   *self,
                             Xep174TransferPhase  state,
                             guint64              done)
{
  self->state = xep174_transfer_waits[self->role][state].restart;
  self->done = MIN (done, self->size);
  /* Of what was accepted all may be there; of what was only offered no octet is. */
  self->told = self->role == XEP174_TRANSFER_SENDER && self->state != XEP174_TRANSFER_WAITING;
  self->unheard = self->state == XEP174_TRANSFER_CANCELLED;

  return self->state != XEP174_TRANSFER_NEW;
}

static guint
take (Xep174TransferFsm   *self,
      Xep174TransferEvent  event)
{
  const Xep174TransferCell *cell = xep174_transfer_cell (self->role, self->state, event);

  if (!cell->goes)
    return 0;

  self->state = cell->next;
  if (cell->bits & XEP174_TRANSFER_DO_SEND_CHECKSUM)
    self->told = TRUE;
  if (cell->bits & XEP174_TRANSFER_DO_DIAL)
    begin_dialling (self);

  return cell->bits;
}

guint
xep174_transfer_fsm_step (Xep174TransferFsm   *self,
                          Xep174TransferEvent  event)
{
  guint bits = 0;

  if (event == XEP174_TRANSFER_EVENT_CHECKSUM_CAME)
    self->told = TRUE;
  if (event == XEP174_TRANSFER_EVENT_UNHEARD)
    self->unheard = self->role == XEP174_TRANSFER_SENDER && xep174_transfer_fsm_has_ended (self);

  for (event = adjust (self, event); event != NOTHING; event = what_follows (self))
    {
      guint8 before = self->state;

      bits |= take (self, event);
      if (self->state == before)
        break;
    }

  return bits;
}

guint
xep174_transfer_fsm_step_accepted (Xep174TransferFsm *self,
                                   guint64            offset)
{
  if (self->state != XEP174_TRANSFER_OFFERED && self->state != XEP174_TRANSFER_REOFFERED)
    return xep174_transfer_fsm_step (self, XEP174_TRANSFER_EVENT_ACCEPT_CAME);
  if (offset > self->size || (is_foreign (self) && offset != 0))
    return xep174_transfer_fsm_step (self, XEP174_TRANSFER_EVENT_LIE_CAME);

  self->done = offset;
  if (offset > self->best)
    {
      self->best = offset;
      self->tries = 0;
    }

  return xep174_transfer_fsm_step (self, offset == self->size && !is_foreign (self)
                                           ? XEP174_TRANSFER_EVENT_WHOLE_CAME
                                           : XEP174_TRANSFER_EVENT_ACCEPT_CAME);
}

/* What is heard first counts: nobody changes the nomination afterwards. */
guint
xep174_transfer_fsm_step_candidate (Xep174TransferFsm       *self,
                                    gboolean                 ours,
                                    Xep174TransferCandidate  candidate,
                                    guint32                  priority)
{
  guint8 *known = ours ? &self->ours : &self->theirs;
  Xep174TransferPath path;

  if (self->state != XEP174_TRANSFER_CONNECTING || *known != XEP174_TRANSFER_CANDIDATE_OPEN)
    return 0;

  *known = candidate;
  if (ours)
    self->our_priority = priority;
  else
    self->their_priority = priority;

  path = xep174_transfer_fsm_path (self);
  if (path == XEP174_TRANSFER_PATH_OPEN)
    return 0;

  return xep174_transfer_fsm_step (self, path == XEP174_TRANSFER_PATH_NONE
                                           ? XEP174_TRANSFER_EVENT_NO_PATH
                                           : XEP174_TRANSFER_EVENT_PATH_FOUND);
}

void
xep174_transfer_fsm_learn_size (Xep174TransferFsm *self,
                                guint64            size)
{
  g_return_if_fail (self->state == XEP174_TRANSFER_CONNECTING && self->done == 0);

  self->size = size;
}

guint
xep174_transfer_fsm_step_octets (Xep174TransferFsm *self,
                                 guint64            n)
{
  if (n == 0)
    return 0;
  if (n > self->size - self->done)
    return xep174_transfer_fsm_step (self, XEP174_TRANSFER_EVENT_TOO_MUCH);
  if (!moves (self))
    return 0;

  self->done += n;

  return self->done == self->size ? xep174_transfer_fsm_step (self, XEP174_TRANSFER_EVENT_ALL) : 0;
}

gboolean
xep174_transfer_fsm_overtakes (const Xep174TransferFsm *self,
                               Xep174TransferEvent      event)
{
  const Xep174TransferCell *cell = xep174_transfer_cell (self->role, self->state, event);

  return cell->goes && cell->next != self->state && event != XEP174_TRANSFER_EVENT_TIMEOUT
         && (event == XEP174_TRANSFER_EVENT_LINK_LOST || cell->next >= XEP174_TRANSFER_DONE);
}

guint
xep174_transfer_fsm_step_timeout (Xep174TransferFsm   *self,
                                  Xep174TransferTimer  timer)
{
  if (timer != xep174_transfer_fsm_timer (self))
    return 0;

  return xep174_transfer_fsm_step (self, XEP174_TRANSFER_EVENT_TIMEOUT);
}

/* --- Questions ------------------------------------------------------------------------------- */

/* Of two that are equal the initiator's counts, who is the sender (XEP-0260 §2.4). */
Xep174TransferPath
xep174_transfer_fsm_path (const Xep174TransferFsm *self)
{
  Xep174TransferPath path = xep174_transfer_paths[self->ours][self->theirs];

  if (path != XEP174_TRANSFER_PATH_BETTER)
    return path;
  if (self->our_priority == self->their_priority)
    return sends (self) ? XEP174_TRANSFER_PATH_OURS : XEP174_TRANSFER_PATH_THEIRS;

  return self->our_priority > self->their_priority ? XEP174_TRANSFER_PATH_OURS
                                                   : XEP174_TRANSFER_PATH_THEIRS;
}

gboolean
xep174_transfer_fsm_has_ended (const Xep174TransferFsm *self)
{
  return self->state >= XEP174_TRANSFER_DONE;
}

Xep174TransferTimer
xep174_transfer_fsm_timer (const Xep174TransferFsm *self)
{
  return xep174_transfer_waits[self->role][self->state].timer;
}

guint
xep174_transfer_fsm_timer_ms (const Xep174TransferFsm *self)
{
  static const guint lengths[] = {
    0, XEP174_TRANSFER_OFFER_MS, XEP174_TRANSFER_ANSWER_MS, XEP174_TRANSFER_CONNECT_MS,
    XEP174_TRANSFER_STALL_MS, XEP174_TRANSFER_VERIFY_MS, XEP174_TRANSFER_RETRY_MS,
    XEP174_TRANSFER_KEEP_MS,
  };
  Xep174TransferTimer timer = xep174_transfer_fsm_timer (self);

  return timer == XEP174_TRANSFER_TIMER_RETRY ? lengths[timer] << self->tries : lengths[timer];
}

const Xep174TransferCell *
xep174_transfer_cell (Xep174TransferRole  role,
                      Xep174TransferPhase state,
                      Xep174TransferEvent event)
{
  g_assert (role < XEP174_TRANSFER_N_ROLES && state < XEP174_TRANSFER_N_STATES
            && event < XEP174_TRANSFER_N_EVENTS);

  if (role == XEP174_TRANSFER_OOB_RECEIVER)
    return &xep174_transfer_table_oob[state][event];

  return role < XEP174_TRANSFER_SI_SENDER
           ? &xep174_transfer_tables[role][state][event]
           : &xep174_transfer_tables_si[role - XEP174_TRANSFER_SI_SENDER][state][event];
}

const char *
xep174_transfer_phase_name (Xep174TransferPhase state)
{
  static const char *const names[] = {
    "NEW", "OFFERED", "WAITING", "ASKED", "CONNECTING", "REPLACING", "MOVING", "IN_BAND", "CHECKING",
    "VERIFYING", "RESTING", "AWAY", "REOFFERED", "DONE", "TAKEN", "UNCONFIRMED", "DECLINED",
    "CANCELLED", "ENDED", "FAILED",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_TRANSFER_N_STATES);

  return names[state];
}

const char *
xep174_transfer_event_name (Xep174TransferEvent event)
{
  static const char *const names[] = {
    "send", "accept", "decline", "cancel", "an offer", "an offer to go on", "accepted", "declined",
    "unknown", "replace", "replaced", "checksum", "received", "cancelled", "failed", "a lie",
    "the path is lost", "the hash is right", "the hash is wrong", "there is no hash",
    "a failure here", "the link is lost", "the link is back", "its end was not heard", "its end was heard",
    "time is over", "a path", "no path", "all octets", "too many octets", "too many tries",
    "accept a whole", "accept inside", "an offer of a whole", "an offer to go on with a whole",
    "accepted as a whole", "a whole is unknown", "received so soon",
    "the link is back, and its end was not heard",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == XEP174_TRANSFER_N_EVENTS);

  return names[event];
}
