/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X4, S6: while a connection that came in may be the contact's, we do not dial that contact, for a
 * second at most (the courtesy of rule 10). Over TCP, because an address is what it may be known by. */

#include "book.h"
#include "tcp-peer.h"

typedef struct
{
  TestBook *book;
  GSocketConnection *near_end;
  GSocketConnection *far_end;
} Caller;

static void
call (Raw    *raw,
      Caller *caller)
{
  g_clear_object (&caller->far_end);
  g_clear_object (&caller->near_end);
  caller->far_end = tcp_peer_come_in (raw, &caller->near_end);
  stage_settle (raw->stage);
}

/* The contact calls from where the directory knows it. */
static void
set_up_call (Raw    *raw,
             Caller *caller,
             gboolean is_slow)
{
  caller->book = test_book_new ();
  g_assert_finalize_object (raw->manager);
  raw->stage->directory = XEP174_DIRECTORY (caller->book);
  raw->manager = stage_manager_new (raw->stage, raw->local);
  g_object_set (raw->manager, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  test_book_add (caller->book, raw->peer, "127.0.0.1", 5298);
  test_book_set_slow (caller->book, is_slow);
  call (raw, caller);
}

static void
tear_down_call (Raw    *raw,
                Caller *caller)
{
  g_clear_object (&raw->manager);
  /* What is asked holds the book. */
  test_book_answer (caller->book);
  stage_settle (raw->stage);
  g_clear_object (&caller->far_end);
  g_clear_object (&caller->near_end);
  g_clear_object (&caller->book);
}

/* It has said who it is, and the directory is still asked whether that is so. */
static void
test_claimed (Raw           *raw,
              gconstpointer  data)
{
  Caller caller = { 0 };

  set_up_call (raw, &caller, TRUE);
  tcp_peer_say (caller.far_end, "<stream:stream " NS_ATTRIBUTES " from='romeo@montague'"
                                " to='juliet@capulet' version='1.0'>");
  while (test_book_count_questions (caller.book) < 2)
    g_main_context_iteration (NULL, TRUE);
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  stage_advance (raw->stage, 900);
  g_assert_false (raw_is_dialled (raw));
  test_book_answer (caller.book);
  tcp_peer_hear (raw, caller.far_end, "</stream:features>");
  tcp_peer_say (caller.far_end, "<presence/>");
  tcp_peer_hear (raw, caller.far_end, "<body>hello</body></message>");
  g_assert_false (raw_is_dialled (raw));
  tear_down_call (raw, &caller);
}

/* It has not said anything, and may never do so. */
static void
test_silent (Raw           *raw,
             gconstpointer  data)
{
  Caller caller = { 0 };

  set_up_call (raw, &caller, FALSE);
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  stage_advance (raw->stage, 900);
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 200);
  g_assert_true (raw_is_dialled (raw));
  tear_down_call (raw, &caller);
}

/* What was refused or ended does not count any more: the next one has the courtesy again. */
static void
test_again (Raw           *raw,
            gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  Caller caller = { 0 };

  set_up_call (raw, &caller, FALSE);
  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  stage_advance (raw->stage, 20000);
  call (raw, &caller);
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  stage_advance (raw->stage, 900);
  g_assert_false (raw_is_dialled (raw));
  g_io_stream_close (G_IO_STREAM (caller.far_end), NULL, NULL);
  while (!raw_is_dialled (raw))
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&session);
  tear_down_call (raw, &caller);
}

/* Who it may be is being looked up: until that is known it may be anybody. */
static void
set_up_stranger (Raw    *raw,
                 Caller *caller)
{
  set_up_call (raw, caller, TRUE);
  test_book_move (caller->book, "10.0.0.1");
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  stage_advance (raw->stage, 900);
  g_assert_false (raw_is_dialled (raw));
}

static void
test_looked_up (Raw           *raw,
                gconstpointer  data)
{
  Caller caller = { 0 };

  set_up_stranger (raw, &caller);
  test_book_answer (caller.book);
  stage_settle (raw->stage);
  g_assert_true (raw_is_dialled (raw));
  tear_down_call (raw, &caller);
}

static void
test_looked_up_in_vain (Raw           *raw,
                        gconstpointer  data)
{
  Caller caller = { 0 };

  set_up_stranger (raw, &caller);
  stage_advance (raw->stage, 200);
  g_assert_true (raw_is_dialled (raw));
  tear_down_call (raw, &caller);
}

/* It goes while it is looked up. */
static void
test_looked_up_and_gone (Raw           *raw,
                         gconstpointer  data)
{
  Caller caller = { 0 };

  set_up_stranger (raw, &caller);
  g_io_stream_close (G_IO_STREAM (caller.far_end), NULL, NULL);
  while (!raw_is_dialled (raw))
    g_main_context_iteration (NULL, TRUE);
  tear_down_call (raw, &caller);
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/courtesy/X4/claimed", test_claimed);
  ADD ("/courtesy/X4/silent", test_silent);
  ADD ("/courtesy/X4/again", test_again);
  ADD ("/courtesy/X4/looked-up", test_looked_up);
  ADD ("/courtesy/X4/looked-up-in-vain", test_looked_up_in_vain);
  ADD ("/courtesy/X4/looked-up-and-gone", test_looked_up_and_gone);
  return g_test_run ();
}
