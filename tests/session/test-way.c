/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D24: the contact's host changes its address while only we talk. The directory knows, and is asked only
 * where what we said is not acknowledged. Everybody is dialled at 10.0.0.1. */

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

/* The stream is probed, and what waits goes out on another one. */
static void
test_moved (Raw           *raw,
            gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autofree char *again = raw_message (raw, "again");
  MemoryStream *end = talk (raw, book);

  test_book_move (book, "10.0.0.7");
  stage_advance (raw->stage, 2000);
  raw_hear (raw, end, PING ("2") PING ("3"));
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 1);
  raw_log (raw, "");
  stage_advance (raw->stage, 3000);
  raw_hear (raw, end, FOOTER);
  raw_log (raw, "unconfirmed hello\nclosed romeo@montague: no sign of life any more\n");

  stage_send (raw->stage, raw->manager, raw->peer, "again");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  raw_hear_header (raw, end, FALSE, again);
  raw_log (raw, "opened romeo@montague initiator\nsent again\n");
}

/* Who answers is there, whatever the directory says. */
static void
test_answers (Raw           *raw,
              gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end = talk (raw, book);

  test_book_move (book, "10.0.0.7");
  stage_advance (raw->stage, 2000);
  raw_hear (raw, end, PING ("2") PING ("3"));
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/><iq type='result' id='xep174-ping-3'/>");
  stage_advance (raw->stage, 100000);
  raw_hear (raw, end, "");
  raw_log (raw, "");
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 1);
}

/* The contact is slow, or the network is down for a while: it is asked ever more rarely, and ends with
 * the answer. */
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
  stage_advance (raw->stage, 110000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 5);
  raw_hear (raw, end, "");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  stage_advance (raw->stage, 100000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 5);
  raw_hear (raw, end, "");
  raw_log (raw, "");
}

/* What the directory does not know changes nothing; nor does it that there are only addresses of another
 * kind, for those of this one may not have been told in time. */
static void
test_unknown (Raw           *raw,
              gconstpointer  data)
{
  static const char *const hosts[] = { NULL, "fe80::7" };
  const char *host = hosts[GPOINTER_TO_UINT (data)];
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end;

  raw_set_up (raw, "juliet@capulet");
  end = talk (raw, book);
  test_book_move (book, host);
  stage_advance (raw->stage, 30000);
  g_assert_cmpuint (test_book_get_look_ups (book), ==, 4);
  raw_hear (raw, end, PING ("2"));
  raw_log (raw, "");
  raw_tear_down (raw, NULL);
}

/* The session ends while it is asked, or before. */
static void
test_closed (Raw           *raw,
             gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  MemoryStream *end = talk (raw, book);

  test_book_move (book, "10.0.0.7");
  xep174_clock_advance (raw->stage->clock, 2000);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  g_clear_object (&raw->manager);
  stage_settle (raw->stage);
  g_free (stage_take_log (raw->stage));
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
  ADD ("/way/D24/answers", test_answers);
  ADD ("/way/D24/still-there", test_still_there);
  ADD ("/way/D24/closed", test_closed);
  g_test_add ("/way/D24/unknown", Raw, GUINT_TO_POINTER (0), nothing, test_unknown, nothing);
  g_test_add ("/way/D24/other-kind", Raw, GUINT_TO_POINTER (1), nothing, test_unknown, nothing);
  return g_test_run ();
}
