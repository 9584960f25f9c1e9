/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D24: the way to the contact goes while only we talk. Another address is looked for only where what we
 * said is not acknowledged. Everybody is dialled at 10.0.0.1. */

#include "book.h"
#include "raw-peer.h"

#define PING(n) \
  "<iq from='juliet@capulet' to='romeo@montague' type='get' id='xep174-ping-" n "'>" \
  "<ping xmlns='urn:xmpp:ping'/></iq>"

/* A session that we have opened with all acknowledged, and one message that is not. */
static MemoryStream *
talk (Raw      *raw,
      TestBook *book)
{
  g_autofree char *hello = raw_message (raw, "hello");
  MemoryStream *end;

  g_assert_finalize_object (raw->manager);
  raw->stage->directory = XEP174_DIRECTORY (book);
  raw->manager = stage_manager_new (raw->stage, raw->local);
  g_object_set (raw->manager, "receipt-delay", 1000, NULL);
  test_book_add (book, raw->peer, "10.0.0.1", 5298);
  end = raw_open_initiator (raw);
  stage_advance (raw->stage, 1000);
  raw_hear (raw, end, PING ("1"));
  raw_say (raw, end, "<iq type='result' id='xep174-ping-1'/>");
  stage_advance (raw->stage, 60000);
  raw_hear (raw, end, "");
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 0);

  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  raw_hear (raw, end, hello);
  raw_log (raw, "sent hello\n");
  return end;
}

/* The book knows @host instead, and the next look is due. */
static void
move (Raw        *raw,
      TestBook   *book,
      const char *host)
{
  test_book_move (book, host);
  stage_advance (raw->stage, 2000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 1);
}

static void
check_called (Raw        *raw,
              const char *at)
{
  StageDial *dial = stage_next_dial (raw->stage);

  g_assert_nonnull (dial);
  g_assert_cmpstr (dial->at, ==, at);
}

/* Who is called hears no word. */
static void
take_call (Raw *raw)
{
  MemoryStream *end = raw_answer (raw);

  raw_hear (raw, end, "");
}

/* The stream is probed, and what is said from the moment of doubt on goes out on another one. */
static void
move_to (Raw        *raw,
         const char *host,
         const char *called)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autofree char *again = raw_message (raw, "again");
  MemoryStream *end = talk (raw, book);

  move (raw, book, host);
  raw_hear (raw, end, PING ("2"));
  check_called (raw, called);
  take_call (raw);
  check_called (raw, "10.0.0.1:5298");
  stage_send (raw->stage, raw->manager, raw->peer, "again");
  stage_advance (raw->stage, 1499);
  raw_hear (raw, end, "");
  stage_advance (raw->stage, 1);
  raw_hear (raw, end, PING ("3"));
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "");

  stage_advance (raw->stage, 3000);
  raw_hear (raw, end, FOOTER);
  raw_log (raw, "unconfirmed hello\nclosed romeo@montague: no sign of life any more\n");
  check_called (raw, NULL);
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  raw_hear_header (raw, end, FALSE, again);
  raw_log (raw, "opened romeo@montague initiator\nsent again\n");
}

static void
test_moved (Raw           *raw,
            gconstpointer  data)
{
  move_to (raw, "10.0.0.7", "10.0.0.7:5298");
}

static void
test_other_kind (Raw           *raw,
                 gconstpointer  data)
{
  move_to (raw, "fd98::7", "[fd98::7]:5298");
}

/* Who answers the probe is there, and hears what waited. */
static void
test_answers (Raw           *raw,
              gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autofree char *again = raw_message (raw, "again");
  MemoryStream *end = talk (raw, book);

  move (raw, book, "10.0.0.7");
  raw_answer (raw);
  stage_send (raw->stage, raw->manager, raw->peer, "again");
  stage_advance (raw->stage, 1500);
  raw_hear (raw, end, PING ("2") PING ("3"));
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  raw_hear (raw, end, again);
  raw_log (raw, "sent again\n");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-3'/>");
  stage_advance (raw->stage, 1000);
  raw_hear (raw, end, PING ("4"));
  raw_say (raw, end, "<iq type='result' id='xep174-ping-4'/>");
  stage_advance (raw->stage, 60000);
  raw_hear (raw, end, "");
  raw_log (raw, "");
}

/* What was down is back for both addresses, or the program is slow: the stream goes on. */
static void
test_both_answer (Raw           *raw,
                  gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autofree char *again = raw_message (raw, "again");
  MemoryStream *end = talk (raw, book);

  move (raw, book, "10.0.0.7");
  raw_answer (raw);
  stage_send (raw->stage, raw->manager, raw->peer, "again");
  raw_hear (raw, end, PING ("2"));
  check_called (raw, "10.0.0.1:5298");
  if (GPOINTER_TO_UINT (data))
    raw_refuse (raw);
  else
    take_call (raw);
  raw_hear (raw, end, again);
  raw_log (raw, "sent again\n");
  stage_advance (raw->stage, 3999);
  raw_hear (raw, end, "");
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 1);
  check_called (raw, "10.0.0.7:5298");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  raw_log (raw, "");
}

static void
test_both_answer_set_up (Raw           *raw,
                         gconstpointer  data)
{
  raw_set_up (raw, "juliet@capulet");
}

/* Nobody is at the other address: the stream goes on, and is looked after ever more rarely. */
static void
test_nobody_there (Raw           *raw,
                   gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end = talk (raw, book);

  move (raw, book, "10.0.0.7");
  raw_refuse (raw);
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 4000);
  check_called (raw, "10.0.0.7:5298");
  stage_advance (raw->stage, 8000);
  check_called (raw, "10.0.0.7:5298");
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 3);
  raw_hear (raw, end, PING ("2"));
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  stage_advance (raw->stage, 16000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "");
}

/* There is one address only. It is asked ever more rarely whether there is another, and ends with the
 * answer. */
static void
test_still_there (Raw           *raw,
                  gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end = talk (raw, book);

  stage_advance (raw->stage, 2000);
  raw_hear (raw, end, PING ("2"));
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 1);
  stage_advance (raw->stage, 3900);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 1);
  stage_advance (raw->stage, 100);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 2);
  stage_advance (raw->stage, 56000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 6);
  g_assert_false (raw_is_dialled (raw));
  raw_hear (raw, end, "");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  stage_advance (raw->stage, 100000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 6);
  raw_hear (raw, end, "");
  raw_log (raw, "");
}

/* What the directory does not know changes nothing. */
static void
test_unknown (Raw           *raw,
              gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end = talk (raw, book);

  test_book_move (book, NULL);
  stage_advance (raw->stage, 30000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 4);
  raw_hear (raw, end, PING ("2"));
  raw_log (raw, "");
}

/* The session ends before, while one address is called, or the other. */
static void
test_closed (Raw           *raw,
             gconstpointer  data)
{
  for (guint calls = 0; calls < 3; calls++)
    {
      g_autoptr(TestBook) book = test_book_new ();
      MemoryStream *end;

      raw_set_up (raw, "juliet@capulet");
      end = talk (raw, book);
      test_book_move (book, "10.0.0.7");
      xep174_clock_advance (raw->stage->clock, 2000);
      if (calls > 0)
        stage_settle (raw->stage);
      if (calls > 1)
        raw_answer (raw);
      g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
      g_clear_object (&raw->manager);
      stage_settle (raw->stage);
      g_free (stage_take_log (raw->stage));
      raw_tear_down (raw, NULL);
    }
}

static void
nothing (Raw           *raw,
         gconstpointer  data)
{
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/way/D24/moved", test_moved);
  ADD ("/way/D24/other-kind", test_other_kind);
  ADD ("/way/D24/answers", test_answers);
  g_test_add ("/way/D24/both-answer", Raw, GUINT_TO_POINTER (0), test_both_answer_set_up,
              test_both_answer, raw_tear_down);
  g_test_add ("/way/D24/both-are-there", Raw, GUINT_TO_POINTER (1), test_both_answer_set_up,
              test_both_answer, raw_tear_down);
  ADD ("/way/D24/nobody-there", test_nobody_there);
  ADD ("/way/D24/still-there", test_still_there);
  ADD ("/way/D24/unknown", test_unknown);
  g_test_add ("/way/D24/closed", Raw, NULL, nothing, test_closed, nothing);
  return g_test_run ();
}
