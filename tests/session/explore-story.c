/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Worlds and moves in words. */

#include "explore-ours.h"

const char *
violation_name (Violation violation)
{
  static const char *const names[N_VIOLATIONS] = {
    "none",
    "S1: a stanza of the recipient before its time",
    "S3: two streams at rest",
    "S5: the wrong stream survived",
    "S9: a stream was replaced that had been heard since the other one came",
    "S7: a message was lost",
    "S7: a message was repeated or came late",
    "S7: a message failed though the network did not",
    "stuck: somebody waits for ever",
    "livelock: there is no way to rest",
    "a cell was reached that is said to be impossible",
    "something grows without bound",
    "a timer is missing",
    "T5: a stanza in the clear where that is not permitted",
    "T6: a stanza under another key",
    "T10: a key was trusted before header and features had come inside",
    "T10: a stanza before header and features had come inside",
    "T2: something was said while the handshake ran",
    "an open was done that has no session",
    "T8: an authenticated session ended for a stream that had not shown its key",
    "A3: a broken stream left something unconfirmed that could have been resumed",
    "A2: resumed across keys",
    "A2: two resumptions of one id",
    "A5: who could resume was held for T_probe",
  };

  return names[violation];
}

static void
describe_conn (GString      *text,
               const World  *world,
               const Config *config,
               guint         index)
{
  static const char letters[] = ".+HLNFOsP!hkcbBrRaCEDfx?pq1234";
  const Conn *conn = &world->conns[index];

  g_string_append_printf (text, " [%u: by %u%s%s%s", index, conn->dialler, conn->syn ? " syn" : "",
                          conn->hole ? " hole" : "", conn->broken ? " broken" : "");
  for (guint side = 0; side < 2; side++)
    {
      guint end = conn->end[side];

      g_string_append_printf (text, " %u:", side);
      if (end == END_NONE)
        g_string_append (text, "-");
      else if (end == END_STRANGER)
        g_string_append (text, "stranger");
      else if (!is_ours (config, side))
        g_string_append_printf (text, "%s", end == END_CONV ? "conv" : "other");
      else if (end < END_SLOT)
        g_string_append (text, "ANON");
      else
        g_string_append (text, xep174_stream_state_name (
                                 world->sides[side].arbiter.slots[end - END_SLOT].state));
      g_string_append_c (text, '<');
      for (guint i = 0; i < MAX_UNITS && conn->queue[side][i] != UNIT_NONE; i++)
        g_string_append_printf (text, "%c%s", letters[conn->queue[side][i] & UNIT_MASK],
                                conn->queue[side][i] & UNIT_INSIDE ? "'" : "");
    }
  g_string_append_c (text, ']');
}

char *
world_describe (const World  *world,
                const Config *config,
                Move          move)
{
  static const char *const names[] = {
    "ask", "syn arrives", "read", "timer", "T_header", "idle", "dial refused", "dial lost",
    "somebody else closes", "somebody else is silent", "reset", "silent break", "killed", "power lost",
    "garbage", "blocked", "unblocked", "early timer", "handshake fails", "offer stripped", "forged",
    "a stranger calls", "the stranger speaks",
  };
  GString *text = g_string_new (names[move.kind]);

  if (move.kind == MOVE_TIMER || move.kind == MOVE_EARLY)
    g_string_append_printf (text, " side %u %s slot %d:", move.side,
                            xep174_timer_info (move.what)->name, (gint8) move.slot);
  else
    g_string_append_printf (text, " side %u conn %u:", move.side, move.what);

  for (guint i = 0; i < N_CONNS; i++)
    if (world->conns[i].end[0] != END_NONE || world->conns[i].end[1] != END_NONE)
      describe_conn (text, world, config, i);

  for (guint side = 0; side < 2; side++)
    {
      const Side *self = &world->sides[side];

      g_string_append_printf (text, " {%u: queue %x%s", side, self->queue,
                              self->arbiter.backoff ? " backoff" : "");
      if (self->kept_id != 0 || self->again != 0)
        g_string_append_printf (text, " keeps %x, again %x", self->kept, self->again);
      g_string_append_c (text, '}');
    }

  return g_string_free (text, FALSE);
}
