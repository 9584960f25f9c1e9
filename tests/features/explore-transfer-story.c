/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A world told as a story: a line a move, with what it has made of both sides. */

#include "explore-transfer-private.h"

static const char *
move_name (const Move *move)
{
  static const char *const names[] = {
    "sends", "accepts", "declines", "hears", "connects", "cannot connect", "writes an octet",
    "reads an octet", "is told of its octets", "finds the end", "compares", "has written the record",
    "notices that the link is broken", "has the link again", "has a link again, words were lost",
    "has a link again, all words were lost", "has had an answer", "has had no answer",
    "has waited long enough",
    "and the link is cut", "and the connection is cut", "crashes", "crashes and forgets",
    "cancels", "and an octet is corrupted",
    "writes one too much", "fails", "waits no longer",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == MOVE_EARLY + 1);

  return names[move->kind];
}

static const char *
word_name (guint word)
{
  static const char *const names[] = {
    "I can use one", "I can use none", "an octet", "the octet was taken", "the end of the octets",
    "do you know it?",
  };

  return word < WORD_USED ? xep174_transfer_event_name (word) : names[word - WORD_USED];
}

static void
append_side (GString     *story,
             const World *world,
             guint        side)
{
  const Side *self = &world->sides[side];

  g_string_append_printf (story, "  %-10s %d", xep174_transfer_phase_name (self->fsm.state),
                          (int) self->fsm.done);
  g_string_append_printf (story, self->untold > 0 ? "+%u" : "  ", self->untold);
}

static void
prepend (GString     *story,
         const World *before,
         Move         move,
         const World *after)
{
  g_autofree char *what = g_strconcat (move.side == SENDER ? "sender " : "receiver ", move_name (&move),
                                       move.kind == MOVE_HEAR ? ": " : NULL,
                                       word_name (before->sides[move.side].words[0].kind), NULL);
  g_autoptr(GString) line = g_string_new (NULL);

  g_string_append_printf (line, "%-42s", what);
  append_side (line, after, SENDER);
  append_side (line, after, RECEIVER);
  g_string_append_c (line, '\n');
  g_string_prepend (story, line->str);
}

char *
transfer_dup_story (WorldSearch *search,
                    guint        number,
                    const Move  *last,
                    const World *next)
{
  GString *story = g_string_new (NULL);

  if (last != NULL)
    prepend (story, world_search_get (search, number), *last, next);
  while (number != 0)
    {
      Move move;
      guint from = world_search_get_origin (search, number, &move);

      prepend (story, world_search_get (search, from), move, world_search_get (search, number));
      number = from;
    }

  return g_string_free (story, FALSE);
}
