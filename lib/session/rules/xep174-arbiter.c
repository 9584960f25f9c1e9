/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-arbiter-private.h"

#include <string.h>

void
xep174_arbiter_init (Xep174Arbiter *self,
                     gboolean       local_is_smaller,
                     guint          max_retries)
{
  memset (self, 0, sizeof *self);
  self->local_is_smaller = local_is_smaller != FALSE;
  self->max_retries = MIN (max_retries, G_MAXUINT8);
}

static void
begin_turn (Xep174Turn       *turn,
            Xep174Arbiter    *self,
            Xep174ActionList *out)
{
  turn->self = self;
  turn->out = out;
  out->n = 0;
  out->moved = FALSE;
  xep174_view_of (self, &turn->view);
}

/* Its end may have come and lie there unread: a stream that may not be read is read for a moment
 * before we write to it again (S7). A peer without version leaves one stream for another of its
 * own, so that one that was held, or whose first stanza told whose it is (X4), is read first too. */
static void
pause_unread (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  for (guint i = 0; turn->view.used >> i != 0; i++)
    {
      Xep174Stream *stream = &self->slots[i];

      if (xep174_stream_is_session (stream)
            ? !xep174_guard (XEP174_GUARD_MAY_READ, self, &turn->view, i)
            : stream->state == XEP174_STREAM_HELD && (stream->flags & XEP174_STREAM_LEGACY))
        stream->flags |= XEP174_STREAM_PAUSED;
    }
}

/* Signs of life are for the held stream, and of sessions. */
static void
forget_heard (Xep174Turn *turn)
{
  Xep174Arbiter *self = turn->self;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS && self->heard != 0; i++)
    if (turn->view.held == XEP174_NO_SLOT || !xep174_stream_is_session (&self->slots[i]))
      self->heard &= ~(1u << i);
}

static void
end_turn (Xep174Turn *turn)
{
  xep174_turn_apply_rules (turn);
  forget_heard (turn);
  if (turn->self->head == XEP174_HEAD_NONE && turn->view.out == XEP174_NO_SLOT)
    turn->self->aside = turn->self->hopeless = 0;
  pause_unread (turn);
  xep174_turn_sync_timers (turn);
}

/* A timer that has fired runs no longer; if its wait goes on it is started anew. */
static void
note_fired (Xep174Arbiter *self,
            guint          event,
            guint          slot)
{
  if (self->timers == 0 && (slot >= XEP174_ARBITER_N_SLOTS || self->stream_timers[slot] == 0))
    return;

  for (guint timer = 0; timer < XEP174_N_TIMERS; timer++)
    if (xep174_timer_event (timer) != event)
      continue;
    else if (xep174_timer_info (timer)->per_stream)
      self->stream_timers[slot] &= ~(1u << timer);
    else
      self->timers &= ~(1u << timer);
}

/* That the interpreter has changed something. */
static gboolean
tells_input (guint event)
{
  return event >= XEP174_ARBITER_EVENT_HEAD && event <= XEP174_ARBITER_EVENT_UNBLOCKED;
}

void
xep174_arbiter_step (Xep174Arbiter    *self,
                     guint             event,
                     guint             slot,
                     Xep174ActionList *out)
{
  guint8 was[sizeof (Xep174Arbiter)];
  const guint8 *is = (const guint8 *) self;
  Xep174Turn turn;

  g_return_if_fail (event < XEP174_ARBITER_N_EVENTS);
  g_return_if_fail (event >= XEP174_STREAM_N_EVENTS || slot < XEP174_ARBITER_N_SLOTS);

  begin_turn (&turn, self, out);
  memcpy (was, is, sizeof was);
  note_fired (self, event, slot);
  if (event < XEP174_STREAM_N_EVENTS)
    event = xep174_turn_under_policy (&turn, event, slot);

  if (xep174_arbiter_rows[event].act != NULL)
    xep174_arbiter_rows[event].act (&turn, slot);
  else
    xep174_turn_stream (&turn, slot, event);

  /* The turn before left no rule that applies: neither does what changes nothing, as most stanzas. */
  if (tells_input (event) || memcmp (was, is, sizeof was) != 0)
    end_turn (&turn);
}

guint
xep174_arbiter_adopt (Xep174Arbiter      *self,
                      const Xep174Stream *stream,
                      Xep174StreamEvent   event,
                      Xep174ActionList   *out)
{
  Xep174Turn turn;
  guint slot;

  begin_turn (&turn, self, out);

  /* The newest of the same contact counts: the peer has left the older one behind. */
  if (event != XEP174_STREAM_EVENT_CONNECTED)
    xep174_turn_refuse_held (&turn);
  else
    self->crossings = 0;

  slot = xep174_turn_take_slot (&turn);
  self->slots[slot] = *stream;
  if (stream->state == XEP174_STREAM_ANON_ANSWERED && stream->flags & XEP174_STREAM_LEGACY)
    self->slots[slot].flags |= XEP174_STREAM_PAUSED;
  out->moved = TRUE;
  xep174_turn_emit (&turn, XEP174_ACTION_ADOPT, slot);
  xep174_turn_stream (&turn, slot, event);

  end_turn (&turn);

  return slot;
}
