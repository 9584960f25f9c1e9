/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* D12: a dial is a sequence of addresses, and the first that answers as the contact wins. Others
 * answer at addresses that were the contact's, or that it announces by mistake. */

#include "raw-peer.h"

typedef struct
{
  guint n;
  char *message;
} Failure;

static void
on_failed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           gpointer              data)
{
  Failure *failure = data;

  failure->n++;
  g_free (failure->message);
  failure->message = g_strdup (error->message);
}

static MemoryStream *
dial (Raw   *raw,
      guint  n_addresses)
{
  raw->stage->n_addresses = n_addresses;
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  return raw_answer (raw);
}

/* The contact takes it, and gets what was to be said. */
static void
expect_arrival (Raw *raw)
{
  MemoryStream *end = raw_answer (raw);
  g_autofree char *hello = raw_message (raw, "hello");

  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  raw_hear_header (raw, end, FALSE, hello);
  raw_log (raw, "opened romeo@montague initiator\nsent hello\n");
}

/* The next address is tried without a moment of waiting. */
static void
test_closes (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *wrong = dial (raw, 2);

  g_io_stream_close (G_IO_STREAM (wrong), NULL, NULL);
  expect_arrival (raw);
}

/* It need not have closed by then: S6 is about the streams of the contact. */
static void
test_says_something_else (Raw           *raw,
                          gconstpointer  data)
{
  MemoryStream *wrong = dial (raw, 2);

  raw_hear_header (raw, wrong, FALSE, "");
  raw_say (raw, wrong, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  raw_hear (raw, wrong, STREAM_ERROR ("not-well-formed") FOOTER);
  expect_arrival (raw);
}

static void
test_somebody_else (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *wrong = dial (raw, 2);

  raw_hear_header (raw, wrong, FALSE, "");
  raw_say (raw, wrong, "<stream:stream " NS_ATTRIBUTES " from='tybalt@capulet' version='1.0'>"
                       "<stream:features/>");
  raw_hear (raw, wrong, STREAM_ERROR ("invalid-from") FOOTER);
  expect_arrival (raw);
}

/* T_answer; above what a contact may need that holds us (T_hold, T_probe, T_close). */
static void
test_silent (Raw           *raw,
             gconstpointer  data)
{
  dial (raw, 2);
  stage_advance (raw->stage, 4000);
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 1500);
  expect_arrival (raw);
}

/* The last one has all the time there is: T_open. */
static void
test_silent_and_last (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *slow = dial (raw, 1);
  g_autofree char *hello = raw_message (raw, "hello");

  stage_advance (raw->stage, 14000);
  raw_hear_header (raw, slow, FALSE, "");
  raw_say_header (raw, slow, FALSE);
  raw_say (raw, slow, "<stream:features/>");
  raw_hear (raw, slow, hello);
  raw_log (raw, "opened romeo@montague initiator\nsent hello\n");
}

/* Who has said who it is may take its time for the rest, and is not left for another address. */
static void
test_greeted (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = dial (raw, 2);
  g_autofree char *hello = raw_message (raw, "hello");

  raw_say_header (raw, end, FALSE);
  stage_advance (raw->stage, 3000);
  raw_hear_header (raw, end, FALSE, hello);
}

/* A refusal of the contact's own is an answer: back off, and begin anew with the first address. */
static void
test_refused (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = dial (raw, 2);

  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, STREAM_ERROR ("conflict") FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 1500);
  end = raw_answer (raw);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  expect_arrival (raw);
}

/* To put an address aside is no retry; when none is left, the dial has failed, and in the end what
 * was found is told. */
static void
test_none_is_left (Raw           *raw,
                   gconstpointer  data)
{
  Failure failure = { 0 };
  guint n_dials = 0;

  g_signal_connect (raw->manager, "session-failed", G_CALLBACK (on_failed), &failure);
  raw->stage->n_addresses = 2;
  stage_send (raw->stage, raw->manager, raw->peer, "hello");
  for (guint retry = 0; retry <= 5; retry++)
    {
      MemoryStream *wrong = raw_answer (raw);

      g_io_stream_close (G_IO_STREAM (wrong), NULL, NULL);
      wrong = raw_answer (raw);
      raw_say (raw, wrong, "<stream:stream " NS_ATTRIBUTES " from='tybalt@capulet'>");
      n_dials += 2;
      g_assert_false (raw_is_dialled (raw));
      for (guint s = 0; s < 25 && !raw_is_dialled (raw); s++)
        stage_advance (raw->stage, 1000);
    }
  g_assert_cmpuint (n_dials, ==, 12);
  g_assert_false (raw_is_dialled (raw));
  g_assert_cmpuint (failure.n, ==, 1);
  g_assert_nonnull (strstr (failure.message, "at 10.0.0.1:5298 the connection was closed at once"));
  g_assert_nonnull (strstr (failure.message, "at 10.0.0.2:5298 somebody else answered"));
  raw_log (raw, "failed romeo@montague\nnot sent hello: xep174-session-error-quark 1\n");
  g_free (failure.message);
}

/* The contact calls while a wrong address has us: its stream carries what waits. */
static void
test_called_meanwhile (Raw           *raw,
                       gconstpointer  data)
{
  MemoryStream *wrong = dial (raw, 2);
  MemoryStream *end = raw_come_in (raw);
  g_autofree char *hello = raw_message (raw, "hello");

  raw_say_header (raw, end, FALSE);
  g_io_stream_close (G_IO_STREAM (wrong), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_false (raw_is_dialled (raw));
  raw_hear_header (raw, end, TRUE, FEATURES);
  raw_say_message (raw, end, "hail");
  raw_hear (raw, end, hello);
}

/* What was put aside is only so for one dial: it may be the contact's again. */
static void
test_forgotten (Raw           *raw,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  MemoryStream *wrong;

  raw->stage->n_addresses = 2;
  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client'><body>never mind</body></message>", cancellable);
  wrong = raw_answer (raw);
  g_io_stream_close (G_IO_STREAM (wrong), NULL, NULL);
  g_assert_true (raw_is_dialled (raw));
  g_cancellable_cancel (cancellable);
  raw_refuse (raw);
  raw_log (raw, "not sent never mind: g-io-error-quark 19\n");
  stage_advance (raw->stage, 20000);
  wrong = dial (raw, 2);
  g_io_stream_close (G_IO_STREAM (wrong), NULL, NULL);
  expect_arrival (raw);
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/dial/D12/closes-at-once", test_closes);
  ADD ("/dial/D12/says-something-else", test_says_something_else);
  ADD ("/dial/D12/somebody-else", test_somebody_else);
  ADD ("/dial/D12/silent", test_silent);
  ADD ("/dial/D12/silent-and-last", test_silent_and_last);
  ADD ("/dial/D12/greeted", test_greeted);
  ADD ("/dial/D12/refused", test_refused);
  ADD ("/dial/D12/none-is-left", test_none_is_left);
  ADD ("/dial/D12/called-meanwhile", test_called_meanwhile);
  ADD ("/dial/D12/forgotten", test_forgotten);
  return g_test_run ();
}
