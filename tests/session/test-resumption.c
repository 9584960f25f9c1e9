/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A1-A3, A5: whole managers whose connection breaks, with real TLS over memory. */

#include "pair.h"

#define MAX_CUTS 3

/* Both ends see it. */
static void
break_wire (Pair *pair)
{
  memory_stream_break (pair->wire);
  stage_settle (pair->stage);
}

static void
check_in (Pair       *pair,
          const char *wanted,
          const char *unwanted)
{
  g_autofree char *log = stage_take_log (pair->stage);

  g_test_message ("%s", log);
  if (wanted != NULL)
    g_assert_nonnull (strstr (log, wanted));
  g_assert_null (strstr (log, unwanted));
}

static void
on_confirmed (Xep174SessionManager *manager,
              Xep174Session        *session,
              Xep174Element        *stanza,
              Stage                *stage)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  g_string_append_printf (stage->log, "confirmed %s\n", body);
}

/* What was written and has not arrived goes again, once, though nobody asks for anything. */
static void
test_lost (Pair          *pair,
           gconstpointer  data)
{
  pair_meet (pair);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  memory_stream_set_flowing (pair->wire, FALSE);
  pair_say (pair, pair->romeo, "one");
  pair_say (pair, pair->romeo, "two");
  check_in (pair, "sent one\nsent two\n", "got");
  break_wire (pair);
  pair_connect_all (pair);
  check_in (pair, "got one\ngot two\n", "unconfirmed");
  stage_advance (pair->stage, 400000);
  check_in (pair, NULL, "unconfirmed");
}

/* What has arrived, and whose acknowledgement has not, does not go again. */
static void
test_arrived (Pair          *pair,
              gconstpointer  data)
{
  pair_meet (pair);
  memory_stream_set_flowing (pair->wire, FALSE);
  pair_say (pair, pair->romeo, "one");
  check_in (pair, "got one\n", "unconfirmed");
  break_wire (pair);
  pair_connect_all (pair);
  stage_advance (pair->stage, 400000);
  check_in (pair, NULL, "one");
}

/* Who had only listened resumes, too, and what it says goes behind what was lost. */
static void
test_other_side (Pair          *pair,
                 gconstpointer  data)
{
  pair_meet (pair);
  memory_stream_set_flowing (pair->wire, FALSE);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_say (pair, pair->juliet, "one");
  break_wire (pair);
  stage_send (pair->stage, pair->juliet, ROMEO, "two");
  pair_connect_all (pair);
  stage_advance (pair->stage, 60000);
  check_in (pair, "got one\ngot two\n", "unconfirmed");
}

/* After 300 s it is said, and never written again. */
static void
test_too_late (Pair          *pair,
               gconstpointer  data)
{
  StageDial *dial;

  pair_meet (pair);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_say (pair, pair->romeo, "lost");
  break_wire (pair);
  for (guint i = 0; i < 290; i++)
    {
      stage_advance (pair->stage, 1000);
      while ((dial = stage_next_dial (pair->stage)) != NULL)
        stage_refuse (pair->stage, dial);
    }
  check_in (pair, NULL, "unconfirmed");
  stage_advance (pair->stage, 11000);
  check_in (pair, "unconfirmed lost\n", "got");
  pair_say (pair, pair->romeo, "again");
  check_in (pair, "got again\n", "lost");
}

/* A2: never across keys. */
static void
test_other_key (Pair          *pair,
                gconstpointer  data)
{
  g_autofree char *key = NULL;

  pair_meet (pair);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_say (pair, pair->romeo, "lost");
  pair_give_identity (pair->juliet);
  key = pair_dup_key (pair->juliet);
  xep174_session_manager_accept_key (pair->romeo, JULIET, key, NULL);
  break_wire (pair);
  pair_connect_all (pair);
  stage_advance (pair->stage, 10000);
  check_in (pair, "unconfirmed lost\n", "got lost");
}

/* Going offline says what is open. */
static void
test_stopped (Pair          *pair,
              gconstpointer  data)
{
  pair_meet (pair);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_say (pair, pair->romeo, "lost");
  break_wire (pair);
  xep174_session_manager_stop_async (pair->romeo, NULL, NULL, NULL);
  stage_advance (pair->stage, 1000);
  check_in (pair, "unconfirmed lost\n", "got");
}

/* A4: each is confirmed once, after it was sent, also if another stream brings the word of it. */
static void
test_confirmed (Pair          *pair,
                gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;

  pair_meet (pair);
  session = pair_session_of (pair, pair->romeo);
  g_assert_true (xep174_session_get_acknowledged (session));
  stage_advance (pair->stage, 10000);
  g_free (stage_take_log (pair->stage));
  g_signal_connect (pair->romeo, "stanza-confirmed", G_CALLBACK (on_confirmed), pair->stage);
  pair_say (pair, pair->romeo, "one");
  pair_check_log (pair, "got one\nsent one\n");
  stage_advance (pair->stage, 10000);
  pair_check_log (pair, "confirmed one\n");

  memory_stream_set_flowing (pair->wire, FALSE);
  pair_say (pair, pair->romeo, "two");
  pair_check_log (pair, "got two\nsent two\n");
  break_wire (pair);
  g_assert_false (xep174_session_get_acknowledged (session));
  pair_connect_all (pair);
  check_in (pair, "confirmed two\n", "unconfirmed");
}

/* A4: the call is done when the contact has it, or fails if nobody can know. */
static void
test_received (Pair          *pair,
               gconstpointer  data)
{
  pair_meet (pair);
  stage_advance (pair->stage, 10000);
  g_free (stage_take_log (pair->stage));
  xep174_session_manager_set_completion (pair->romeo, XEP174_COMPLETION_RECEIVED);
  pair_say (pair, pair->romeo, "one");
  pair_check_log (pair, "got one\n");
  stage_advance (pair->stage, 10000);
  pair_check_log (pair, "sent one\n");

  memory_stream_set_flowing (pair->wire, FALSE);
  pair_say (pair, pair->romeo, "two");
  pair_check_log (pair, "got two\n");
  break_wire (pair);
  xep174_session_manager_stop_async (pair->romeo, NULL, NULL, NULL);
  stage_advance (pair->stage, 1000);
  check_in (pair, "not sent two: xep174-session-error-quark 2\n", "unconfirmed");
}

/* Any number of cuts at any octet: nothing is lost, doubled, out of order or unconfirmed. */
static void
deliver_some (Pair     *pair,
              gboolean  all)
{
  MemoryStream *ends[] = { pair->wire, pair->wire_back };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      gsize n = memory_stream_get_in_flight (ends[i]);

      if (n > 0)
        memory_stream_deliver (ends[i], all ? n : (gsize) g_test_rand_int_range (0, n + 1));
    }
  stage_settle (pair->stage);
}

static gboolean
is_open (Pair                 *pair,
         Xep174SessionManager *manager)
{
  g_autoptr(Xep174Session) session = pair_session_of (pair, manager);

  return xep174_session_get_state (session) == XEP174_SESSION_STATE_OPEN;
}

/* With more cuts in a row the dials end for good, and with them what waits (S7). */
static void
deliver_or_cut (Pair  *pair,
                guint *n_cuts)
{
  if (is_open (pair, pair->romeo) && is_open (pair, pair->juliet))
    *n_cuts = 0;
  deliver_some (pair, *n_cuts == MAX_CUTS);
  if (*n_cuts == MAX_CUTS || g_test_rand_int_range (0, 3) > 0)
    {
      stage_advance (pair->stage, g_test_rand_int_range (0, 2000));
      return;
    }

  (*n_cuts)++;
  break_wire (pair);
  if (g_test_rand_bit ())
    stage_advance (pair->stage, g_test_rand_int_range (0, 30000));
}

static void
expect_all (GString    *log,
            const char *word,
            const char *prefix,
            guint       n)
{
  guint seen = 0;

  for (const char *p = log->str; (p = strstr (p, word)) != NULL; p++)
    {
      g_autofree char *next = g_strdup_printf ("%s%s%u\n", word, prefix, seen);

      if (p[strlen (word)] != *prefix)
        continue;
      if (!g_str_has_prefix (p, next))
        g_error ("%.20s in the place of %s", p, next);
      seen++;
    }
  g_assert_cmpuint (seen, ==, n);
}

static void
test_many (Pair          *pair,
           gconstpointer  data)
{
  g_autoptr(GString) log = g_string_new (NULL);
  const guint n = 400;
  guint n_cuts = 0; /* since both were open */

  pair_meet (pair);
  g_signal_connect (pair->romeo, "stanza-confirmed", G_CALLBACK (on_confirmed), pair->stage);
  g_signal_connect (pair->juliet, "stanza-confirmed", G_CALLBACK (on_confirmed), pair->stage);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *his = g_strdup_printf ("r%u", i);
      g_autofree char *her = g_strdup_printf ("j%u", i);
      g_autofree char *part = NULL;

      stage_send (pair->stage, pair->romeo, JULIET, his);
      stage_send (pair->stage, pair->juliet, ROMEO, her);
      pair_connect_all (pair);
      memory_stream_set_flowing (pair->wire, FALSE);
      memory_stream_set_flowing (pair->wire_back, FALSE);
      deliver_or_cut (pair, &n_cuts);
      part = stage_take_log (pair->stage);
      g_string_append (log, part);
    }
  for (guint i = 0; i < 60; i++)
    {
      pair_connect_all (pair);
      memory_stream_set_flowing (pair->wire, TRUE);
      memory_stream_set_flowing (pair->wire_back, TRUE);
      memory_stream_deliver (pair->wire, memory_stream_get_in_flight (pair->wire));
      memory_stream_deliver (pair->wire_back, memory_stream_get_in_flight (pair->wire_back));
      stage_advance (pair->stage, 2000);
    }
  {
    g_autofree char *part = stage_take_log (pair->stage);

    g_string_append (log, part);
  }
  if (g_test_verbose ())
    g_test_message ("%s", log->str);
  expect_all (log, "got ", "r", n);
  expect_all (log, "got ", "j", n);
  expect_all (log, "confirmed ", "r", n);
  expect_all (log, "confirmed ", "j", n);
  g_assert_null (strstr (log->str, "unconfirmed"));
  g_assert_null (strstr (log->str, "not sent"));
}

#define ADD(path, name) \
  g_test_add ("/resumption/" path, Pair, NULL, pair_set_up, test_##name, pair_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("A3/lost", lost);
  ADD ("A3/arrived", arrived);
  ADD ("A3/other-side", other_side);
  ADD ("A2/too-late", too_late);
  ADD ("A2/other-key", other_key);
  ADD ("A2/stopped", stopped);
  ADD ("A3/many", many);
  ADD ("A4/confirmed", confirmed);
  ADD ("A4/received", received);
  return g_test_run ();
}
