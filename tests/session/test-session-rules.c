/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The session rules S1–S11, with a contact that is played octet by octet. */

#include "raw-peer.h"

static char *
our_ping (Raw   *raw,
          guint  n)
{
  return g_strdup_printf ("<iq from='%s' to='%s' type='get' id='xep174-ping-%u'>"
                          "<ping xmlns='urn:xmpp:ping'/></iq>", raw->local, raw->peer, n);
}

static void
say_pong (Raw          *raw,
          MemoryStream *end,
          guint         n)
{
  g_autofree char *pong = g_strdup_printf ("<iq type='result' id='xep174-ping-%u' from='%s'/>", n,
                                           raw->peer);

  raw_say (raw, end, pong);
}

static void
hear_message (Raw          *raw,
              MemoryStream *end,
              const char   *body)
{
  g_autofree char *message = raw_message (raw, body);

  raw_hear (raw, end, message);
}

/* S1: after the features not a stanza until the first one has come. */
static void
test_wait (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);
  g_autofree char *both = NULL;

  raw_say_header (raw, end, FALSE);
  raw_hear_header (raw, end, TRUE, FEATURES);
  raw_log (raw, "opened romeo@montague recipient\n");

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  stage_advance (raw->stage, 1000);
  raw_hear (raw, end, "");

  /* Neither white space nor features are a stanza. */
  raw_say (raw, end, " <stream:features/> ");
  raw_hear (raw, end, "");
  raw_say_message (raw, end, "first");
  both = g_strconcat ("<message from='juliet@capulet' to='romeo@montague'><body>one</body></message>",
                      "<message from='juliet@capulet' to='romeo@montague'><body>two</body></message>",
                      NULL);
  raw_hear (raw, end, both);
  raw_log (raw, "got first\nsent one\nsent two\n");
}

/* S2: negotiation is answered and is no stanza. */
static void
test_negotiation (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  raw_hear_header (raw, end, TRUE, FEATURES);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_say (raw, end, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
  raw_hear (raw, end, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>");
  raw_say_message (raw, end, "first");
  hear_message (raw, end, "one");
}

#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define STARTTLS_FAILURE "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* T13: what was not offered is refused, and stream and TCP end; what waits goes out on the next (S7). */
static void
test_starttls (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_hear_header (raw, end, TRUE, FEATURES);
  raw_say (raw, end, STARTTLS);
  raw_hear (raw, end, STARTTLS_FAILURE FOOTER);
  g_assert_true (memory_stream_has_ended (end));
  g_assert_false (raw_is_dialled (raw));
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE, "<message from='juliet@capulet' to='romeo@montague'>"
                                    "<body>one</body></message>");
  raw_log (raw, "opened romeo@montague recipient\nclosing romeo@montague\n"
                "closed romeo@montague: The other side wants to encrypt, which is not possible here; "
                "turn that off over there\nopened romeo@montague initiator\nsent one\n");
}

/* T13: so too before we have answered, and while nobody knows who it is (X4). */
static void
test_starttls_early (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  g_assert_true (raw_is_dialled (raw));
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  raw_hear (raw, end, "");
  raw_say (raw, end, STARTTLS);
  raw_hear_header (raw, end, TRUE, STARTTLS_FAILURE FOOTER);
  g_assert_true (memory_stream_has_ended (end));
  g_assert_true (raw_is_dialled (raw));

  end = raw_come_in (raw);
  raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES ">");
  g_free (memory_stream_hear (end));
  raw_say (raw, end, STARTTLS);
  raw_hear (raw, end, STARTTLS_FAILURE FOOTER);
  g_assert_true (memory_stream_has_ended (end));
}

/* S4: the exact octets for a second stream, and the first goes on. */
static void
test_refuse_second (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *first = raw_open_recipient (raw);
  MemoryStream *second = raw_come_in (raw);
  g_autofree char *ping = our_ping (raw, 1);

  raw_say_header (raw, second, FALSE);
  raw_hear (raw, second, "");
  raw_hear (raw, first, ping);
  say_pong (raw, first, 1);
  raw_hear_header (raw, second, TRUE, STREAM_ERROR ("conflict") FOOTER);

  /* What still comes is delivered; the peer's closing tag ends it. */
  raw_say_message (raw, second, "late");
  g_assert_false (memory_stream_has_ended (second));
  raw_say (raw, second, FOOTER);
  g_io_stream_close (G_IO_STREAM (second), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_true (memory_stream_has_ended (second));

  raw_say_message (raw, first, "still here");
  stage_send (raw->stage, raw->manager, raw->peer, "me too");
  hear_message (raw, first, "me too");
  raw_log (raw, "got late\ngot still here\nsent me too\n");
}

/* S4: a peer that answers the conflict with silence does not keep the connection. */
static void
test_refuse_bounded (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *first = raw_open_recipient (raw);
  MemoryStream *second = raw_come_in (raw);

  raw_say_header (raw, second, FALSE);
  say_pong (raw, first, 1);
  g_assert_false (memory_stream_has_ended (second));
  stage_advance (raw->stage, 10000);
  g_free (memory_stream_hear (second));
  g_assert_true (memory_stream_has_ended (second));
}

/* S5, our name smaller: answered at once, the own stream kept until it is refused. */
static void
test_cross_smaller (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *out;
  MemoryStream *in;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  out = raw_answer (raw);
  raw_hear_header (raw, out, FALSE, "");
  in = raw_come_in (raw);
  raw_say_header (raw, in, FALSE);
  raw_hear_header (raw, in, TRUE, FEATURES);
  g_assert_false (memory_stream_is_closed (out));

  raw_say_header (raw, out, FALSE);
  raw_say (raw, out, STREAM_ERROR ("conflict") FOOTER);
  raw_hear (raw, out, FOOTER);
  raw_hear (raw, in, "");
  raw_say_message (raw, in, "first");
  hear_message (raw, in, "one");
  raw_log (raw, "opened romeo@montague recipient\ngot first\nsent one\n");
}

/* S5: the directory knows the contact in other letters, which would turn the comparison round; the
 * contact compares its own. */
static void
test_cross_spelling (Raw           *raw,
                     gconstpointer  data)
{
  g_autofree char *heard = NULL;
  MemoryStream *in;

  stage_send (raw->stage, raw->manager, "Romeo@montague", "one");
  g_free (memory_stream_hear (raw_answer (raw)));
  in = raw_come_in (raw);
  raw_say_header (raw, in, FALSE);
  heard = memory_stream_hear (in);
  g_assert_nonnull (strstr (heard, FEATURES));
}

/* S5, our name larger: held until the own one is answered, then refused. */
static void
test_cross_larger (Raw           *raw,
                   gconstpointer  data)
{
  MemoryStream *out;
  MemoryStream *in;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  out = raw_answer (raw);
  raw_hear_header (raw, out, FALSE, "");
  in = raw_come_in (raw);
  raw_say_header (raw, in, FALSE);
  raw_hear (raw, in, "");

  raw_say_header (raw, out, FALSE);
  raw_say (raw, out, "<stream:features/>");
  raw_hear_header (raw, in, TRUE, STREAM_ERROR ("conflict") FOOTER);
  hear_message (raw, out, "one");
  raw_log (raw, "opened juliet@capulet initiator\nsent one\n");
}

/* S5, S8: a dial that is not connected yet is held for a bounded time, then given up. */
static void
test_hold_while_connecting (Raw           *raw,
                            gconstpointer  data)
{
  MemoryStream *in;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  g_assert_true (raw_is_dialled (raw));
  in = raw_come_in (raw);
  raw_say_header (raw, in, FALSE);
  raw_hear (raw, in, "");
  stage_advance (raw->stage, 2500);
  raw_hear_header (raw, in, TRUE, FEATURES);
  g_assert_false (raw_is_dialled (raw));
  raw_say_message (raw, in, "first");
  hear_message (raw, in, "one");
}

/* S6: while the old stream closes a new one waits, and so does what is asked for. */
static void
test_close_before_next (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *old = raw_open_recipient (raw);
  MemoryStream *new;

  stage_send (raw->stage, raw->manager, raw->peer, "last words");
  stage_close (raw->stage, raw->manager, raw->peer);
  stage_send (raw->stage, raw->manager, raw->peer, "next");
  raw_hear (raw, old, "<message from='juliet@capulet' to='romeo@montague'><body>last words</body>"
                      "</message>" FOOTER);
  g_assert_false (raw_is_dialled (raw));
  new = raw_come_in (raw);
  raw_say_header (raw, new, FALSE);
  raw_say_message (raw, new, "from the new one");
  raw_hear (raw, new, "");
  raw_say_message (raw, old, "from the old one");
  raw_log (raw, "closing romeo@montague\nsent last words\ngot from the old one\n");

  raw_say (raw, old, FOOTER);
  g_io_stream_close (G_IO_STREAM (old), NULL, NULL);
  stage_settle (raw->stage);
  stage_advance (raw->stage, 600);
  raw_hear_header (raw, new, TRUE, FEATURES "<message from='juliet@capulet' to='romeo@montague'>"
                                   "<body>next</body></message>");
  raw_log (raw, "closed romeo@montague\nopened romeo@montague recipient\nclose\n"
                "got from the new one\nsent next\n");
}

/* S6, S7: and is dialled for when the old one has closed. */
static void
test_close_then_dial (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *old = raw_open_initiator (raw);
  MemoryStream *new;

  stage_close (raw->stage, raw->manager, raw->peer);
  stage_send (raw->stage, raw->manager, raw->peer, "next");
  g_assert_false (raw_is_dialled (raw));
  raw_say (raw, old, FOOTER);
  new = raw_answer (raw);
  raw_say_header (raw, new, FALSE);
  raw_say (raw, new, "<stream:features/>");
  g_free (memory_stream_hear (new));
  raw_log (raw, "closing romeo@montague\nclosed romeo@montague\nclose\n"
                "opened romeo@montague initiator\nsent next\n");
}

/* S7: the stream dies before its answer; what was queued goes out on the next. */
static void
test_requeue (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  end = raw_answer (raw);
  memory_stream_break (end);
  stage_advance (raw->stage, 1500);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE, "<message from='juliet@capulet' to='romeo@montague'>"
                                    "<body>one</body></message>");
  raw_log (raw, "opened romeo@montague initiator\nsent one\n");
}

/* S7: failure is reported after the retries, with the reason. */
static void
test_unreachable (Raw           *raw,
                  gconstpointer  data)
{
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_open (raw->stage, raw->manager, raw->peer);
  for (guint i = 0; i < 6; i++)
    {
      raw_refuse (raw);
      raw_log (raw, i < 5 ? "" : "failed romeo@montague\nnot sent one: xep174-session-error-quark 1\n"
                                 "not open: xep174-session-error-quark 1\n");
      for (guint waits = 0; waits < 60 && !raw_is_dialled (raw); waits++)
        stage_advance (raw->stage, 500);
    }
  g_assert_false (raw_is_dialled (raw));
}

/* X6: an error that waiting does not mend fails at once, with its own code. */
static void
test_hopeless (Raw           *raw,
               gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, STREAM_ERROR ("host-unknown") FOOTER);
  stage_advance (raw->stage, 10000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "failed romeo@montague\nnot sent one: xep174-stream-error-quark 5\n");
}

/* S7: written, and the connection broke before a sign of receipt. */
static void
test_unconfirmed (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_open_initiator (raw);
  g_autofree char *ping = our_ping (raw, 1);

  stage_send (raw->stage, raw->manager, raw->peer, "two");
  hear_message (raw, end, "two");
  /* A receipt is asked for, and given. */
  stage_advance (raw->stage, 6000);
  raw_hear (raw, end, ping);
  say_pong (raw, end, 1);
  stage_send (raw->stage, raw->manager, raw->peer, "three");
  hear_message (raw, end, "three");
  raw_log (raw, "sent two\nsent three\n");
  memory_stream_break (end);
  raw_log (raw, "unconfirmed three\nclosed romeo@montague: Connection reset\n");
  stage_advance (raw->stage, 60000);
  g_assert_false (raw_is_dialled (raw));
}

static guint
count (const char *text,
       const char *word)
{
  guint n = 0;

  while ((text = strstr (text, word)) != NULL)
    {
      text += strlen (word);
      n++;
    }
  return n;
}

/* S7: no more is written than can be reported, however large the buffers beneath us are. */
static void
test_unconfirmed_bounded (Raw           *raw,
                          gconstpointer  data)
{
  MemoryStream *end = raw_open_initiator (raw);
  g_autofree char *log = NULL;
  g_autofree char *more = NULL;

  for (guint i = 0; i < 3000; i++)
    stage_send (raw->stage, raw->manager, raw->peer, "again");
  stage_settle (raw->stage);
  log = stage_take_log (raw->stage);
  g_assert_cmpuint (count (log, "sent again"), <, 1100);

  say_pong (raw, end, 1);
  stage_settle (raw->stage);
  more = stage_take_log (raw->stage);
  g_assert_cmpuint (count (more, "sent again"), >, 0);

  memory_stream_break (end);
  stage_settle (raw->stage);
  g_free (log);
  log = stage_take_log (raw->stage);
  g_assert_cmpuint (count (log, "unconfirmed again"), >=, count (more, "sent again"));
}

/* S7: half written, and the connection broke. */
static void
test_half_written (Raw           *raw,
                   gconstpointer  data)
{
  MemoryStream *near_end;
  MemoryStream *end;
  g_autofree char *heard = NULL;

  memory_stream_new_pair (&near_end, &end);
  g_ptr_array_add (raw->ends, end);
  g_ptr_array_add (raw->ends, near_end);
  g_assert_true (xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (near_end),
                                                        XEP174_SESSION_ROLE_INITIATOR, raw->peer,
                                                        NULL));
  raw_say_header (raw, end, TRUE);
  g_free (memory_stream_hear (end));
  memory_stream_set_room (near_end, 10);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  g_assert_cmpstr (heard, ==, "<message f");
  memory_stream_break (end);
  raw_log (raw, "opened romeo@montague initiator\nnot sent one: xep174-session-error-quark 2\n"
                "closed romeo@montague: Connection reset\n");

  /* The one that had not begun is not lost. */
  stage_advance (raw->stage, 3000);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE, "<message from='juliet@capulet' to='romeo@montague'>"
                                    "<body>two</body></message>");
}

/* S9: the old one does not answer and is replaced. */
static void
test_replace_dead (Raw           *raw,
                   gconstpointer  data)
{
  MemoryStream *old = raw_open_recipient (raw);
  MemoryStream *new = raw_come_in (raw);
  g_autofree char *ping = our_ping (raw, 1);

  raw_say_header (raw, new, FALSE);
  raw_hear (raw, new, "");
  raw_hear (raw, old, ping);
  stage_advance (raw->stage, 3500);
  raw_hear (raw, old, FOOTER);
  raw_hear_header (raw, new, TRUE, FEATURES);
  raw_log (raw, "closed romeo@montague: no sign of life any more\n"
                "opened romeo@montague recipient\n");
}

/* S9: what is heard after the TCP connection of another one was accepted is a sign of life, asked for or
 * not; a peer that answers no ping (Swiften) has no other. What was heard before it is none. */
static void
test_heard (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *old = raw_open_recipient (raw);
  MemoryStream *new = raw_come_in (raw);
  g_autofree char *ping = our_ping (raw, 1);

  raw_say_message (raw, old, "as I was saying");
  raw_say_header (raw, new, FALSE);
  raw_hear_header (raw, new, TRUE, STREAM_ERROR ("conflict") FOOTER);
  raw_hear (raw, old, "");
  g_io_stream_close (G_IO_STREAM (new), NULL, NULL);
  stage_settle (raw->stage);

  raw_say_message (raw, old, "and");
  new = raw_come_in (raw);
  raw_say_header (raw, new, FALSE);
  raw_hear (raw, new, "");
  raw_hear (raw, old, ping);
  raw_log (raw, "got as I was saying\ngot and\n");
}

/* S9: an answer that we have not got round to reading is one all the same. */
static void
test_unread_answer (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *old = raw_open_recipient (raw);
  MemoryStream *new = raw_come_in (raw);
  g_autofree char *ping = our_ping (raw, 1);

  raw_say_header (raw, new, FALSE);
  raw_hear (raw, old, ping);
  stage_advance (raw->stage, 2900);
  memory_stream_say (old, "<iq type='result' id='xep174-ping-1'/>");
  xep174_clock_advance (raw->stage->clock, 200);
  stage_advance (raw->stage, 100);
  raw_hear_header (raw, new, TRUE, STREAM_ERROR ("conflict") FOOTER);
  raw_say_message (raw, old, "still here");
  raw_log (raw, "got still here\n");
}

/* S10: who has opened a stream and is silent releases the recipient. */
static void
test_release (Raw           *raw,
              gconstpointer  data)
{
  g_autofree char *ping = our_ping (raw, 1);
  MemoryStream *end;

  stage_open (raw->stage, raw->manager, raw->peer);
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  raw_hear_header (raw, end, FALSE, "");
  raw_log (raw, "opened romeo@montague initiator\nopen\n");
  stage_advance (raw->stage, 400);
  raw_hear (raw, end, "");
  stage_advance (raw->stage, 200);
  raw_hear (raw, end, ping);
  /* The answer is ours, no program sees it. */
  say_pong (raw, end, 1);
  raw_log (raw, "");
}

/* S10: a peer that sends no features does not wait, and is not asked. */
static void
test_no_release (Raw           *raw,
                 gconstpointer  data)
{
  MemoryStream *end;

  stage_open (raw->stage, raw->manager, raw->peer);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE, "");
  stage_advance (raw->stage, 20000);
  raw_hear (raw, end, "");
  raw_log (raw, "opened romeo@montague initiator\nopen\n");
}

/* S11: a silent initiator does not keep a message waiting for ever. */
static void
test_silent_initiator (Raw           *raw,
                       gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);
  MemoryStream *own;

  raw_say_header (raw, end, FALSE);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_hear_header (raw, end, TRUE, FEATURES);
  stage_advance (raw->stage, 5500);
  raw_hear (raw, end, FOOTER);
  g_assert_false (raw_is_dialled (raw));
  raw_say (raw, end, FOOTER);
  own = raw_answer (raw);
  raw_say_header (raw, own, FALSE);
  raw_say (raw, own, "<stream:features/>");
  raw_hear_header (raw, own, FALSE, "<message from='juliet@capulet' to='romeo@montague'>"
                                    "<body>one</body></message>");
}

/* S9: a conflict without a stream of our own means to wait and try again. */
static void
test_conflict_without_stream (Raw           *raw,
                              gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, STREAM_ERROR ("conflict") FOOTER);
  raw_hear_header (raw, end, FALSE, FOOTER);
  g_assert_false (raw_is_dialled (raw));
  stage_advance (raw->stage, 1500);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_log (raw, "opened romeo@montague initiator\nsent one\n");
}

#define ADD(path, name, test) g_test_add (path, Raw, name, raw_set_up, test, raw_tear_down)
#define SMALLER "juliet@capulet"
#define LARGER "romeo@montague"

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/rules/S1/wait-for-first-stanza", SMALLER, test_wait);
  ADD ("/rules/S2/negotiation-is-no-stanza", SMALLER, test_negotiation);
  ADD ("/rules/T13/starttls-not-offered", SMALLER, test_starttls);
  ADD ("/rules/T13/starttls-early", LARGER, test_starttls_early);
  ADD ("/rules/S4/refuse-second", SMALLER, test_refuse_second);
  ADD ("/rules/S4/refuse-bounded", SMALLER, test_refuse_bounded);
  ADD ("/rules/S5/smaller", SMALLER, test_cross_smaller);
  ADD ("/rules/S5/spelling", SMALLER, test_cross_spelling);
  ADD ("/rules/S5/larger", LARGER, test_cross_larger);
  ADD ("/rules/S8/hold-while-connecting", LARGER, test_hold_while_connecting);
  ADD ("/rules/S6/close-before-next", SMALLER, test_close_before_next);
  ADD ("/rules/S6/close-then-dial", SMALLER, test_close_then_dial);
  ADD ("/rules/S7/requeue", SMALLER, test_requeue);
  ADD ("/rules/S7/unreachable", SMALLER, test_unreachable);
  ADD ("/rules/S7/unconfirmed", SMALLER, test_unconfirmed);
  ADD ("/rules/S7/unconfirmed-bounded", SMALLER, test_unconfirmed_bounded);
  ADD ("/rules/S7/half-written", SMALLER, test_half_written);
  ADD ("/rules/X6/hopeless", SMALLER, test_hopeless);
  ADD ("/rules/S9/replace-dead", SMALLER, test_replace_dead);
  ADD ("/rules/S9/heard", SMALLER, test_heard);
  ADD ("/rules/S9/unread-answer", SMALLER, test_unread_answer);
  ADD ("/rules/S9/conflict-without-stream", SMALLER, test_conflict_without_stream);
  ADD ("/rules/S10/release", SMALLER, test_release);
  ADD ("/rules/S10/no-release-without-features", SMALLER, test_no_release);
  ADD ("/rules/S11/silent-initiator", SMALLER, test_silent_initiator);
  return g_test_run ();
}
