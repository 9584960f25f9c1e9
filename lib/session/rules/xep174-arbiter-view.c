/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the streams of a contact amount to: nothing here changes anything. */

#include "xep174-arbiter-private.h"

void
xep174_view_of (const Xep174Arbiter *self,
                Xep174View          *view)
{
  *view = (Xep174View) {
    .est = XEP174_NO_SLOT, .out = XEP174_NO_SLOT, .held = XEP174_NO_SLOT,
    .bare = XEP174_NO_SLOT, .lasting = XEP174_NO_SLOT, .asking = XEP174_NO_SLOT,
    .sealed = self->sealed,
  };

  for (guint i = XEP174_ARBITER_N_SLOTS; i-- > 0;)
    {
      const Xep174Stream *stream = &self->slots[i];

      if (stream->state == XEP174_STREAM_CLOSED)
        continue;
      view->used |= 1u << i;
      if (xep174_stream_is_session (stream))
        {
          view->n_est++;
          view->n_open += xep174_stream_is_open (stream);
          view->est = i;
          if (stream->flags & XEP174_STREAM_SECURE)
            view->secure = view->sealed = TRUE;
          else
            view->bare = i;
        }
      else if (xep174_stream_is_dial (stream))
        {
          view->out = i;
          view->opening = xep174_stream_is_opening (stream);
        }
      else if (stream->state == XEP174_STREAM_HELD)
        view->held = i;
      else if (xep174_stream_is_securing (stream))
        {
          view->n_securing++;
          view->n_callers += (stream->flags & XEP174_STREAM_INCOMING) != 0;
          if (stream->state == XEP174_STREAM_AWAIT_RESUME)
            view->asking = i;
        }
      else if (stream->state == XEP174_STREAM_CLOSE_SENT)
        view->n_closing++;
      else if (stream->state == XEP174_STREAM_DROPPED)
        view->n_dropped++;

      if (stream->flags & XEP174_STREAM_ABORTED && stream->state == XEP174_STREAM_DROPPED)
        view->unsettled = TRUE;
    }

  view->unsettled |= view->opening;
  if (view->n_est == 1 && xep174_is_resumable (self, view->est))
    view->lasting = view->est;
  else
    view->n_callers = 0;
}

/* --- Guards ------------------------------------------------------------------------------ */

static gboolean
may_read (const Xep174Arbiter *self,
          const Xep174View    *view,
          guint                slot)
{
  return view->n_closing == 0 || self->slots[slot].state >= XEP174_STREAM_CLOSE_SENT;
}

/* What cannot be heard is not answered either. */
static gboolean
is_unheard (const Xep174Arbiter *self,
            const Xep174View    *view,
            guint                slot)
{
  guint flags = self->slots[slot].flags;

  return !(flags & XEP174_STREAM_SECURE) && (view->sealed || flags & XEP174_STREAM_TLS);
}

static gboolean
is_sealed (const Xep174Arbiter *self,
           const Xep174View    *view,
           guint                slot)
{
  return view->sealed;
}

static gboolean
is_unsealed (const Xep174Arbiter *self,
             const Xep174View    *view,
             guint                slot)
{
  return !view->sealed;
}

static gboolean
is_plain (const Xep174Arbiter *self,
          const Xep174View    *view,
          guint                slot)
{
  return !self->encrypts;
}

static gboolean
may_write (const Xep174Arbiter *self,
           const Xep174View    *view,
           guint                slot)
{
  const Xep174Stream *stream = &self->slots[slot];
  guint n_securing = view->lasting == XEP174_NO_SLOT ? view->n_securing : 0;

  if (!xep174_stream_is_open (stream) || view->n_est + n_securing > 1
      || (stream->flags & XEP174_STREAM_PAUSED) != 0
      || (xep174_is_guarded (view, stream)
          && xep174_guard (XEP174_GUARD_UNHEARD, self, view, slot)))
    return FALSE;

  return !view->unsettled
         || (stream->state == XEP174_STREAM_OPEN_R && !(stream->flags & XEP174_STREAM_LEGACY));
}

static gboolean
keeps (const Xep174Arbiter *self,
       const Xep174View    *view,
       guint                slot)
{
  return self->kept != 0 && self->kept == self->slots[slot].key;
}

/* A2: never across keys, and before the first stanza. */
static gboolean
resumes_nothing (const Xep174Arbiter *self,
                 const Xep174View    *view,
                 guint                slot)
{
  guint state = self->slots[slot].state;

  if (state != XEP174_STREAM_AWAIT_FIRST && state != XEP174_STREAM_AWAIT_RESUME)
    return TRUE;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (i != slot && xep174_is_resumable (self, i) && xep174_shows_same_key (self, slot, i))
      return FALSE;

  return !xep174_guard (XEP174_GUARD_KEEPS, self, view, slot);
}

static gboolean
waits (const Xep174Arbiter *self,
       const Xep174View    *view,
       guint                slot)
{
  return self->slots[slot].state == XEP174_STREAM_AWAIT_RESUME && view->n_est > 0
         && (self->slots[view->est].flags & XEP174_STREAM_PROBING) != 0;
}

XEP174_TABLE Xep174GuardRow xep174_arbiter_guards[XEP174_N_GUARDS] = {
  [XEP174_GUARD_MAY_READ] = {
    "may be read",
    "while a session is CLOSE_SENT only that one and DROPPED and CLOSE_RCVD streams: another "
    "stream's stanzas would overtake (S6)",
    may_read
  },
  [XEP174_GUARD_MAY_WRITE] = {
    "may be written",
    "an OPEN stream that is the only session, with none in its TLS phase if it may not be resumed (A5), "
    "and no own dial unsettled (OPENING, GREETED, or aborted with its footer unanswered); an OPEN_R "
    "stream of a version 1.0 peer even so; one that could not be read, or that a peer without version "
    "opened and we held or could not name, T_release later (S7); none that may not be heard (T5)",
    may_write
  },
  [XEP174_GUARD_UNHEARD] = {
    "may not be heard",
    "inside TLS, as long as its key is not accepted (T6, T10), and in the clear while that is sealed "
    "(T5)",
    is_unheard
  },
  [XEP174_GUARD_SEALED] = {
    "is sealed", "nothing goes in the clear: by REQUIRE, for a key that is known, or beside an "
    "authenticated session (T5, T8)", is_sealed
  },
  [XEP174_GUARD_UNSEALED] = {
    "is unsealed", "the clear is permitted", is_unsealed
  },
  [XEP174_GUARD_PLAIN] = {
    "is plain", "we have no identity, or the policy is OFF (T2)", is_plain
  },
  [XEP174_GUARD_KEEPS] = {
    "keeps", "something is kept under the key that it has shown (A2)", keeps
  },
  [XEP174_GUARD_RESUMES_NOTHING] = {
    "resumes nothing",
    "it has spoken already, or under its key nothing is kept and no other session may be resumed (A2)",
    resumes_nothing
  },
  [XEP174_GUARD_WAITS] = {
    "waits",
    "it is AWAIT_RESUME, and the session beside it is probed: what would turn it away is not read yet "
    "(A5)",
    waits
  },
};

gboolean
xep174_guard (Xep174Guard          guard,
              const Xep174Arbiter *self,
              const Xep174View    *view,
              guint                slot)
{
  return xep174_arbiter_guards[guard].holds (self, view, slot);
}

/* A stanza must be allowed to go, and a peer without version answers none. */
gboolean
xep174_may_ping (const Xep174Arbiter *self,
                 const Xep174View    *view,
                 guint                slot)
{
  return !(self->slots[slot].flags & XEP174_STREAM_LEGACY)
         && xep174_guard (XEP174_GUARD_MAY_WRITE, self, view, slot);
}

/* --- Queries ------------------------------------------------------------------------------ */

gboolean
xep174_arbiter_may_read (const Xep174Arbiter *self,
                         guint                slot)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return xep174_guard (XEP174_GUARD_MAY_READ, self, &view, slot);
}

gboolean
xep174_arbiter_may_take (const Xep174Arbiter *self,
                         guint                slot,
                         guint                event)
{
  guint state = self->slots[slot].state;
  Xep174View view;

  xep174_view_of (self, &view);

  return xep174_guard (XEP174_GUARD_MAY_READ, self, &view, slot)
         && (!xep174_guard (XEP174_GUARD_WAITS, self, &view, slot)
             || !(xep174_stream_cell (state, event)->bits & XEP174_STREAM_DO_SEND_CONFLICT));
}

gboolean
xep174_arbiter_may_write (const Xep174Arbiter *self,
                          guint                slot)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return xep174_guard (XEP174_GUARD_MAY_WRITE, self, &view, slot);
}

gboolean
xep174_arbiter_may_dial (const Xep174Arbiter *self)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return view.n_est == 0 && view.out == XEP174_NO_SLOT && view.held == XEP174_NO_SLOT
         && view.n_closing == 0 && view.n_dropped == 0 && view.n_securing == 0
         && (self->anon == 0 || self->courtesy_over)
         && !self->backoff && !self->stopping;
}

/* Two sessions are not settled yet, and what waits in the queue would be left without a stream. */
gboolean
xep174_arbiter_may_steal (const Xep174Arbiter *self,
                          guint                slot)
{
  return self->head == XEP174_HEAD_NONE && !self->slots[slot].blocked
         && xep174_arbiter_may_write (self, slot);
}

gboolean
xep174_arbiter_is_sealed (const Xep174Arbiter *self)
{
  Xep174View view;

  xep174_view_of (self, &view);

  return view.sealed;
}

/* How much a stream stands for its contact. */
static inline guint
rank (const Xep174Stream *stream)
{
  static const guint8 ranks[XEP174_STREAM_N_STATES] = {
    [XEP174_STREAM_OPEN_R] = 8,
    [XEP174_STREAM_OPEN_I] = 8,
    [XEP174_STREAM_OPEN_I0] = 7,
    [XEP174_STREAM_AWAIT_FIRST] = 6,
    [XEP174_STREAM_OFFERED ... XEP174_STREAM_ENABLING] = 5,
    [XEP174_STREAM_OPENING] = 4,
    [XEP174_STREAM_GREETED] = 4,
    [XEP174_STREAM_HELD] = 3,
    [XEP174_STREAM_CONNECTING] = 2,
    /* Of what has been a session. */
    [XEP174_STREAM_CLOSE_SENT] = 1,
    [XEP174_STREAM_CLOSE_RCVD] = 1,
  };
  guint found = ranks[stream->state];

  return found == 1 && !(stream->flags & XEP174_STREAM_SESSION) ? 0 : found;
}

guint
xep174_arbiter_current (const Xep174Arbiter *self)
{
  guint best = XEP174_NO_SLOT;
  guint best_rank = 0;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      guint found = rank (&self->slots[i]);

      if (found > best_rank)
        {
          best = i;
          best_rank = found;
        }
    }

  return best;
}

Xep174Phase
xep174_arbiter_phase (const Xep174Arbiter *self,
                      guint                current)
{
  static const Xep174Phase phases[] = {
    XEP174_PHASE_CLOSED, XEP174_PHASE_CLOSING, XEP174_PHASE_CONNECTING, XEP174_PHASE_NEGOTIATING,
    XEP174_PHASE_NEGOTIATING, XEP174_PHASE_NEGOTIATING, XEP174_PHASE_WAITING, XEP174_PHASE_OPEN,
    XEP174_PHASE_OPEN,
  };

  return current == XEP174_NO_SLOT ? XEP174_PHASE_CLOSED : phases[rank (&self->slots[current])];
}

gboolean
xep174_arbiter_is_idle (const Xep174Arbiter *self)
{
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->slots[i].state != XEP174_STREAM_CLOSED)
      return FALSE;

  return self->timers == 0 && self->head == XEP174_HEAD_NONE;
}
