/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The session rules as short stories: what happens, and the exact list of actions it leads to. */

#include "story.h"

static void
open_as_initiator (Story *story)
{
  asked (story, XEP174_HEAD_OPEN, "dial 0");
  happens (story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  happens (story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (story, XEP174_STREAM_EVENT_FEATURES, 0, "opened 0, pop head 0");
}

static void
open_as_recipient (Story *story)
{
  comes_in (story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send features 0, opened 0");
}

static Xep174Phase
phase_of (const Xep174Arbiter *arbiter)
{
  return xep174_arbiter_phase (arbiter, xep174_arbiter_current (arbiter));
}

/* --- S1 … S7 ------------------------------------------------------------------------------- */

static void
test_s1_first_stanza (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0, "");
  happens (&story, XEP174_STREAM_EVENT_NEGOTIATION, 0, "negotiate 0");
  g_assert_cmpint (phase_of (&story.arbiter), ==, XEP174_PHASE_WAITING);
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0, write head 0");
  g_assert_cmpint (phase_of (&story.arbiter), ==, XEP174_PHASE_OPEN);
}

static void
test_s5_smaller (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, send header 1, send features 1, opened 1");
  g_assert_true (runs (&story, XEP174_TIMER_SETTLE, NONE));

  /* The larger one refuses ours; its first stanza lets the message go. */
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_CONFLICT, 0, "send footer 0");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 1, "deliver 1, write head 1");
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, closed 0");
  g_assert_cmpint (xep174_arbiter_current (&story.arbiter), ==, 1);
}

static void
test_s5_smaller_connecting (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, cancel dial 0, closed 0, send header 1, send features 1, opened 1");
}

static void
test_s5_larger (void)
{
  Story story;

  begin (&story, FALSE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1");
  g_assert_true (runs (&story, XEP174_TIMER_CROSS, NONE));
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0,
           "opened 0, send header 1, send conflict 1, send footer 1, write head 0");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 1, "close TCP 1, closed 1");
}

static void
test_s5_larger_unanswered (void)
{
  Story story;

  begin (&story, FALSE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1");
  happens (&story, XEP174_ARBITER_EVENT_T_CROSS, NONE,
           "send header 1, send conflict 1, send footer 1");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 2");
  happens (&story, XEP174_ARBITER_EVENT_T_CROSS, NONE,
           "send footer 0, send header 2, send features 2, opened 2");
}

static void
test_s6_closing (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_initiator (&story);
  asked (&story, XEP174_HEAD_CLOSE, "send footer 0, closing 0, pop head 0");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1");
  g_assert_true (xep174_arbiter_may_read (&story.arbiter, 0));
  g_assert_false (xep174_arbiter_may_read (&story.arbiter, 1));
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0,
           "close TCP 0, closed 0, send header 1, send features 1, opened 1");
  g_assert_true (xep174_arbiter_may_read (&story.arbiter, 1));
}

static void
test_s6_dial_after_close (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_initiator (&story);
  asked (&story, XEP174_HEAD_CLOSE, "send footer 0, closing 0, pop head 0");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_STREAM_EVENT_T_CLOSE, 0, "close TCP 0, closed 0, dial 0");
}

/* While octets are left over nothing more is written; what was begun is not written again. */
static void
test_s7_blocked (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_initiator (&story);
  asked (&story, XEP174_HEAD_MESSAGE, "write head 0");
  story.arbiter.slots[0].blocked = TRUE;
  asked (&story, XEP174_HEAD_MESSAGE, "");
  story.arbiter.slots[0].blocked = FALSE;
  happens (&story, XEP174_ARBITER_EVENT_UNBLOCKED, 0, "write head 0");
  story.arbiter.slots[0].blocked = TRUE;
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, closed 0, dial 0");
  g_assert_false (story.arbiter.slots[0].blocked);
}

static void
test_s7_retries (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  for (guint i = 0; i < 2; i++)
    {
      happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, closed 0");
      g_assert_true (runs (&story, XEP174_TIMER_RETRY, NONE));
      happens (&story, XEP174_ARBITER_EVENT_T_RETRY, NONE, "dial 0");
    }
  happens (&story, XEP174_STREAM_EVENT_T_CONNECT, 0, "cancel dial 0, closed 0, fail queue");
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
}

static void
test_s7_hopeless (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_ERROR_FATAL, 0, "report 0, send footer 0, fail queue");
}

/* --- S8 … S11 ------------------------------------------------------------------------------ */

static void
test_s8_hold (void)
{
  Story story;

  begin (&story, FALSE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1");
  g_assert_true (runs (&story, XEP174_TIMER_HOLD, NONE));
  happens (&story, XEP174_ARBITER_EVENT_T_HOLD, NONE,
           "cancel dial 0, closed 0, send header 1, send features 1, opened 1");
}

static void
test_s9_answered (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, probe: ping 0");
  g_assert_true (runs (&story, XEP174_TIMER_PROBE, 0));
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0,
           "deliver 0, probe done 0, send header 1, send conflict 1, send footer 1");
  g_assert_false (runs (&story, XEP174_TIMER_PROBE, 0));
}

/* What was heard after the TCP connection of the other one was accepted needs no probe. */
static void
test_s9_heard (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  story.arbiter.heard = 1 << 0;
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, send header 1, send conflict 1, send footer 1");
  g_assert_cmpint (story.arbiter.heard, ==, 0);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 2, probe: ping 0");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0,
           "probe done 0, send header 2, send conflict 2, send footer 2");
}

static void
test_s9_dead (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, probe: space 0");
  happens (&story, XEP174_ARBITER_EVENT_T_PROBE, 0,
           "send footer 0, close TCP 0, closed 0, send header 1, send features 1, opened 1");
}

/* S1 forbids a ping; the first stanza is the answer. Asked for by the program alone, a stream that
 * cannot be pinged is not given up for its silence. */
static void
test_s9_first_stanza_answers (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  happens (&story, XEP174_ARBITER_EVENT_PROBE, NONE, "probe: space 0");
  g_assert_false (runs (&story, XEP174_TIMER_PROBE, 0));
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, probe: space 0");
  g_assert_true (runs (&story, XEP174_TIMER_PROBE, 0));
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0,
           "deliver 0, probe done 0, send header 1, send conflict 1, send footer 1");
}

/* While another one closes it is not read, and no time runs for its silence; then it is read for a
 * moment before it is written (S6, S7). */
static void
test_s6_unread (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, send header 1, send features 1, opened 1");
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  g_assert_true (runs (&story, XEP174_TIMER_FEATURES, 0));
  happens (&story, XEP174_STREAM_EVENT_FAULT, 1,
           "report 1, send fault 1, send footer 1, shut 1, closing 1");
  g_assert_false (xep174_arbiter_may_read (&story.arbiter, 0));
  g_assert_false (runs (&story, XEP174_TIMER_FEATURES, 0));
  happens (&story, XEP174_STREAM_EVENT_T_CLOSE, 1, "close TCP 1, closed 1");
  g_assert_true (runs (&story, XEP174_TIMER_FEATURES, 0));
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0, "opened 0, write head 0");
}

/* Of two sessions one goes (S3); what was held beside them and could not be read is paused. */
static void
test_s3_settle (void)
{
  Story story;

  begin (&story, TRUE);
  asked (&story, XEP174_HEAD_OPEN, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, send header 1, send features 1, opened 1, pop head 1");
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0, "opened 0");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_ARBITER_EVENT_T_SETTLE, NONE,
           "send footer 1, closing 1, write head 0");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 1, "close TCP 1, closed 1");
  happens (&story, XEP174_ARBITER_EVENT_T_RELEASE, 0, "write head 0");
}

/* A newer stream of the same contact takes the place of the held one. */
static void
test_s9_replaced (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, probe: space 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "send header 1, send conflict 1, send footer 1, adopt 2");
  happens (&story, XEP174_STREAM_EVENT_EOF, 2, "close TCP 2, closed 2");
  g_assert_true (runs (&story, XEP174_TIMER_PROBE, 0));
}

static void
test_s10_release (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_initiator (&story);
  g_assert_true (runs (&story, XEP174_TIMER_RELEASE, 0));
  happens (&story, XEP174_ARBITER_EVENT_T_RELEASE, 0, "release 0");
  g_assert_false (runs (&story, XEP174_TIMER_RELEASE, 0));
}

static void
test_s11_silent_initiator (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  g_assert_false (runs (&story, XEP174_TIMER_FIRST, 0));
  asked (&story, XEP174_HEAD_MESSAGE, "");
  g_assert_true (runs (&story, XEP174_TIMER_FIRST, 0));
  happens (&story, XEP174_ARBITER_EVENT_T_FIRST, 0, "send footer 0, closing 0");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0, "close TCP 0, closed 0, dial 0");
}

/* --- Anonymous, stolen, stopped ------------------------------------------------------------- */

static void
test_x4_answered (void)
{
  Story story;
  Xep174Stream stream = { 0 };

  begin (&story, TRUE);
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_NAMELESS_LEGACY);
  xep174_arbiter_adopt (&story.arbiter, &stream, XEP174_STREAM_EVENT_HEADER_LEGACY, &story.list);
  expect (&story, "adopt 0, opened 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_ARBITER_EVENT_T_RELEASE, 0, "write head 0");
}

static void
test_courtesy (void)
{
  Story story;

  begin (&story, TRUE);
  story.arbiter.anon = 1;
  happens (&story, XEP174_ARBITER_EVENT_ANON, NONE, "");
  asked (&story, XEP174_HEAD_MESSAGE, "");
  g_assert_true (runs (&story, XEP174_TIMER_COURTESY, NONE));
  happens (&story, XEP174_ARBITER_EVENT_T_COURTESY, NONE, "dial 0");
}

static void
test_steal (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_recipient (&story);
  g_assert_false (xep174_arbiter_may_steal (&story.arbiter, 0));
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  g_assert_true (xep174_arbiter_may_steal (&story.arbiter, 0));
  happens (&story, XEP174_STREAM_EVENT_STEAL, 0, "stolen 0, closed 0");
  g_assert_true (xep174_arbiter_is_idle (&story.arbiter));
}

static void
test_stop (void)
{
  Story story;

  begin (&story, TRUE);
  open_as_initiator (&story);
  happens (&story, XEP174_ARBITER_EVENT_STOP, NONE, "send footer 0, closing 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER,
            "adopt 1, report 1, send header 1, send fault 1, send footer 1, shut 1");
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0, "close TCP 0, closed 0");
  happens (&story, XEP174_STREAM_EVENT_EOF, 1, "close TCP 1, closed 1");
  g_assert_true (xep174_arbiter_is_idle (&story.arbiter));
}

/* X8: however many streams a contact opens and leaves, there is a slot for the next one, and the
 * session is not the one that pays. */
static void
test_slots (void)
{
  Story story;
  Xep174Stream stream = { 0 };

  begin (&story, TRUE);
  open_as_recipient (&story);
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  for (guint i = 0; i < 5 * XEP174_ARBITER_N_SLOTS; i++)
    {
      guint slot = xep174_arbiter_adopt (&story.arbiter, &stream, XEP174_STREAM_EVENT_HEADER,
                                         &story.list);

      g_assert_cmpint (slot, >, 0);
      g_assert_cmpint (slot, <, XEP174_ARBITER_N_SLOTS);
      g_assert_cmpint (story.arbiter.slots[slot].state, ==, XEP174_STREAM_HELD);
      g_assert_cmpint (story.arbiter.slots[0].state, ==, XEP174_STREAM_OPEN_R);
    }
}

/* --- Timers -------------------------------------------------------------------------------- */

static guint
delay (Xep174Timer timer)
{
  return xep174_timer_info (timer)->milliseconds;
}

/* A peer that holds us, probes or closes must not be abandoned meanwhile. */
static void
test_timer_order (void)
{
  static const guint8 bounded[] = {
    XEP174_TIMER_CROSS, XEP174_TIMER_HOLD, XEP174_TIMER_SETTLE, XEP174_TIMER_PROBE,
    XEP174_TIMER_CLOSE,
  };
  guint outlasts = 0;

  g_assert_cmpint (delay (XEP174_TIMER_RELEASE), <, delay (XEP174_TIMER_FIRST));
  for (guint i = 0; i < G_N_ELEMENTS (bounded); i++)
    g_assert_cmpint (delay (bounded[i]), <, delay (XEP174_TIMER_OPEN));

  /* T11: whoever holds us may first have another one in its TLS phase. */
  g_assert_cmpint (delay (XEP174_TIMER_HOLD) + delay (XEP174_TIMER_PROBE) + delay (XEP174_TIMER_TLS),
                   <, delay (XEP174_TIMER_OPEN));

  for (guint retry = 1; retry <= 5; retry++)
    outlasts += xep174_timer_delay (XEP174_TIMER_RETRY, retry, 0);
  g_assert_cmpint (outlasts * 7 / 10, >, delay (XEP174_TIMER_PROBE) + delay (XEP174_TIMER_CLOSE));

  for (guint timer = 0; timer < XEP174_N_TIMERS; timer++)
    {
      g_assert_cmpint (delay (timer), >, 0);
      g_assert_nonnull (xep174_timer_info (timer)->name);
      g_assert_true (xep174_timer_info (timer)->per_stream == (timer < XEP174_TIMER_HOLD));
    }
}

static void
test_timer_growth (void)
{
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_PROBE, 0, 100), ==, 3000);
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_PROBE, 0, 1000), ==, 4000);
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_CLOSE, 0, 1000), ==, 4000);
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_OPEN, 0, 1000), ==, 15000);
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_RETRY, 1, 0), ==, 1000);
  g_assert_cmpint (xep174_timer_delay (XEP174_TIMER_RETRY, 3, 0), ==, 4000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arbiter/S1-S2-first-stanza", test_s1_first_stanza);
  g_test_add_func ("/arbiter/S5-smaller", test_s5_smaller);
  g_test_add_func ("/arbiter/S5-smaller-connecting", test_s5_smaller_connecting);
  g_test_add_func ("/arbiter/S4-S5-larger", test_s5_larger);
  g_test_add_func ("/arbiter/S5-larger-unanswered", test_s5_larger_unanswered);
  g_test_add_func ("/arbiter/S6-held-while-closing", test_s6_closing);
  g_test_add_func ("/arbiter/S3-settle", test_s3_settle);
  g_test_add_func ("/arbiter/S6-unread", test_s6_unread);
  g_test_add_func ("/arbiter/S6-dial-after-close", test_s6_dial_after_close);
  g_test_add_func ("/arbiter/S7-blocked", test_s7_blocked);
  g_test_add_func ("/arbiter/S7-retries", test_s7_retries);
  g_test_add_func ("/arbiter/S7-hopeless", test_s7_hopeless);
  g_test_add_func ("/arbiter/S8-hold", test_s8_hold);
  g_test_add_func ("/arbiter/S9-answered", test_s9_answered);
  g_test_add_func ("/arbiter/S9-heard", test_s9_heard);
  g_test_add_func ("/arbiter/S9-dead", test_s9_dead);
  g_test_add_func ("/arbiter/S9-first-stanza-answers", test_s9_first_stanza_answers);
  g_test_add_func ("/arbiter/S9-replaced", test_s9_replaced);
  g_test_add_func ("/arbiter/S10-release", test_s10_release);
  g_test_add_func ("/arbiter/S11-silent-initiator", test_s11_silent_initiator);
  g_test_add_func ("/arbiter/X4-answered", test_x4_answered);
  g_test_add_func ("/arbiter/courtesy", test_courtesy);
  g_test_add_func ("/arbiter/steal", test_steal);
  g_test_add_func ("/arbiter/stop", test_stop);
  g_test_add_func ("/arbiter/X8-slots", test_slots);
  g_test_add_func ("/arbiter/timers/order", test_timer_order);
  g_test_add_func ("/arbiter/timers/growth", test_timer_growth);

  return g_test_run ();
}
