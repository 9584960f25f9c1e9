/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that go on: behind the last octet, after a conversation that broke and after a restart of either
 * program. */

#include "transfer-sides.h"

typedef enum
{
  SENDER = 1,
  RECEIVER = 2,
  BOTH = 3,
  LINK = 4,
} Broken;


#define IN_BAND "in band"
#define SIZE (3 * 1024 * 1024 + 1)

static guint64
done_of (Side *side)
{
  Xep174Transfer *transfer = side_last (side);

  return transfer != NULL ? transfer->fsm.done : 0;
}

static void
end_session (Side       *side,
             const char *with)
{
  Xep174Session *session = xep174_session_manager_find_session (side->manager, with);

  xep174_session_close_async (session, NULL, NULL, NULL);
}

static void
break_off (Sides *sides,
           Broken broken)
{
  /* Both have written down what they would need. */
  wait_until (side_last (&sides->romeo)->lock >= 0 && side_last (&sides->juliet)->lock >= 0);
  if (broken & SENDER)
    side_kill (&sides->romeo);
  if (broken & RECEIVER)
    side_kill (&sides->juliet);
  if (broken & SENDER)
    side_start (sides, &sides->romeo);
  if (broken & RECEIVER)
    side_start (sides, &sides->juliet);
  if (broken == LINK)
    end_session (&sides->romeo, JULIET);
}

static gboolean
has_arrived (Sides *sides)
{
  g_autofree char *path = g_build_filename (sides->keep, "sonnet.txt", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What was there when it broke is not sent again. */
static void
test_in_band (Sides         *sides,
              gconstpointer  data,
              Broken         broken)
{
  g_autofree char *octets = sides_make_file (sides, SIZE);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = sides_send (sides);
  guint64 before;

  wait_until (done_of (&sides->juliet) > SIZE / 2);
  break_off (sides, broken);
  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_get_state (side_last (&sides->juliet)) == STATE (WAITING)
              && !side_last (&sides->juliet)->paused);
  before = done_of (&sides->juliet);
  g_assert_cmpuint (before, >, SIZE / 2);
  g_assert_cmpuint (before, <, SIZE);
  wait_until (xep174_transfer_get_state (side_last (&sides->juliet)) == STATE (MOVING));
  g_assert_cmpuint (done_of (&sides->juliet), >=, before);
  wait_until (has_arrived (sides) && side_last (&sides->romeo) != NULL
              && xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (DONE));
  sides_check (sides, octets, SIZE);
  g_assert_cmpuint (sides->n_offered, ==, 1);
}

#define IN_BAND_TEST(name, broken) \
  static void \
  test_in_band_##name (Sides         *sides, \
                       gconstpointer  data) \
  { \
    test_in_band (sides, data, broken); \
  }

IN_BAND_TEST (sender, SENDER)
IN_BAND_TEST (receiver, RECEIVER)
IN_BAND_TEST (both, BOTH)
IN_BAND_TEST (link, LINK)

/* As soon as octets are on their way, or when all are over: whatever it was, the file is there in the
 * end, once. */
static void
beside (Sides *sides,
        Broken broken)
{
  const gsize size = 64 * 1024 * 1024;
  g_autofree char *octets = g_malloc0 (size);
  g_autoptr(Xep174Transfer) sent = NULL;

  g_assert_true (g_file_set_contents (sides->path, octets, size, NULL));
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_get_state (side_last (&sides->juliet)) >= STATE (MOVING));
  break_off (sides, broken);
  wait_until (has_arrived (sides));
  if (!(broken & SENDER))
    {
      wait_until (xep174_transfer_has_ended (sent));
      g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
    }
  sides_check (sides, octets, size);
  g_assert_cmpuint (sides->n_offered, ==, 1);
}

static void
test_sender (Sides         *sides,
             gconstpointer  data)
{
  beside (sides, SENDER);
}

static void
test_receiver (Sides         *sides,
               gconstpointer  data)
{
  beside (sides, RECEIVER);
}

/* The connection of the file lives on. */
static void
test_link (Sides         *sides,
           gconstpointer  data)
{
  beside (sides, LINK);
}

/* An offer that nobody has answered is made again, and asks nobody twice. */
static void
test_offered (Sides         *sides,
              gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (sides, 7);
  g_autoptr(Xep174Transfer) sent = NULL;

  sent = sides_send (sides);
  side_kill (&sides->juliet);
  wait_until (xep174_transfer_get_state (sent) == STATE (WAITING));
  sides->n_offered = 0;
  side_start (sides, &sides->juliet);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  g_assert_cmpuint (sides->n_offered, ==, 1);
  sides_check (sides, octets, 7);
}

/* What was changed meanwhile is another file: both sides are told. */
static void
test_changed (Sides         *sides,
              gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (done_of (&sides->juliet) > SIZE / 2 && sent->lock >= 0);
  side_kill (&sides->romeo);
  g_assert_true (g_file_set_contents (sides->path, "something else", -1, NULL));
  side_start (sides, &sides->romeo);
  wait_until (side_last (&sides->romeo) != NULL);
  /* A program can tell it from a new one. */
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (WAITING));
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (FAILED));
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
  wait_until (sides_count (sides) == 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-resume/" name, Sides, data, sides_set_up, function, sides_tear_down)
  ADD ("in-band/sender", IN_BAND, test_in_band_sender);
  ADD ("in-band/receiver", IN_BAND, test_in_band_receiver);
  ADD ("in-band/both", IN_BAND, test_in_band_both);
  ADD ("in-band/link", IN_BAND, test_in_band_link);
  ADD ("sender", NULL, test_sender);
  ADD ("receiver", NULL, test_receiver);
  ADD ("link", NULL, test_link);
  ADD ("offered", NULL, test_offered);
  ADD ("changed", IN_BAND, test_changed);

  return g_test_run ();
}
