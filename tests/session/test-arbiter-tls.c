/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rules of encryption (T1–T13) as short stories. */

#include "story.h"

static void
dial_until_features (Story *story)
{
  asked (story, XEP174_HEAD_OPEN, "dial 0");
  happens (story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  happens (story, XEP174_STREAM_EVENT_HEADER, 0, "");
}

static void
open_authenticated (Story *story)
{
  comes_in (story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  secures (story, 0, 1);
  happens (story, XEP174_STREAM_EVENT_HEADER, 0,
           "trust the key 0, send header 0, send features 0, opened 0");
  story->arbiter.sealed = TRUE;
  happens (story, XEP174_ARBITER_EVENT_POLICY, NONE, "");
  happens (story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
}

/* T2, T3, T10: the open is done, and the key accepted, when the features have come inside. */
static void
test_initiator (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  dial_until_features (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_TLS, 0, "send starttls 0");
  g_assert_true (runs (&story, XEP174_TIMER_TLS, 0));
  happens (&story, XEP174_STREAM_EVENT_PROCEED, 0, "begin TLS 0");
  happens (&story, XEP174_STREAM_EVENT_TLS_DONE, 0, "send header 0");
  happens (&story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0, "trust the key 0, opened 0, pop head 0");
  g_assert_false (runs (&story, XEP174_TIMER_TLS, 0));
}

/* T2, T5: with no identity an offer is passed over, if it may be. */
static void
test_plain_initiator (void)
{
  Story story;

  begin (&story, TRUE);
  dial_until_features (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_TLS, 0, "opened 0, pop head 0");

  begin (&story, TRUE);
  story.arbiter.sealed = TRUE;
  dial_until_features (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_TLS, 0,
           "tell: not encrypted 0, send fault 0, send footer 0, shut 0, fail queue");
}

/* T5: features without an offer end the dial for good; silence does not. */
static void
test_stripped (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  dial_until_features (&story);
  g_assert_false (runs (&story, XEP174_TIMER_FEATURES, 0));
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0,
           "tell: not encrypted 0, send fault 0, send footer 0, shut 0, fail queue");

  begin_encrypted (&story, TRUE, TRUE);
  dial_until_features (&story);
  happens (&story, XEP174_STREAM_EVENT_T_OPEN, 0, "send footer 0, close TCP 0, closed 0");
  g_assert_true (runs (&story, XEP174_TIMER_RETRY, NONE));
}

/* T5: what comes in the clear is heard if it may be; an offer that nobody takes ends. */
static void
test_clear_recipient (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0, opened 0");

  begin_encrypted (&story, TRUE, FALSE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  happens (&story, XEP174_STREAM_EVENT_T_TLS, 0, "opened 0");

  begin_encrypted (&story, TRUE, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0,
           "tell: not encrypted 0, send fault 0, send footer 0, shut 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "");

  begin_encrypted (&story, TRUE, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  happens (&story, XEP174_STREAM_EVENT_T_TLS, 0,
           "send timeout 0, send footer 0, close TCP 0, closed 0");

  begin_encrypted (&story, TRUE, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER_LEGACY,
            "adopt 0, tell: not encrypted 0, send header 0, send fault 0, send footer 0, shut 0");
}

/* T5: a session in the clear ends as soon as the clear is not permitted any more. */
static void
test_sealed_later (void)
{
  Story story;

  begin (&story, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send features 0, opened 0");
  story.arbiter.sealed = TRUE;
  happens (&story, XEP174_ARBITER_EVENT_POLICY, NONE,
           "tell: not encrypted 0, send fault 0, send footer 0, shut 0, closing 0");
}

/* T6: in both roles another key ends it, with nothing sent or delivered. */
static void
test_key_refused (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  dial_until_features (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_TLS, 0, "send starttls 0");
  happens (&story, XEP174_STREAM_EVENT_PROCEED, 0, "begin TLS 0");
  happens (&story, XEP174_STREAM_EVENT_KEY_REFUSED, 0,
           "report 0, close TCP 0, closed 0, fail queue");

  begin_encrypted (&story, TRUE, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  secures (&story, 0, 0);
  happens (&story, XEP174_STREAM_EVENT_KEY_REFUSED, 0,
           "report 0, send header 0, send fault 0, send footer 0, shut 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "");
}

static void
let_probe_pass (Story *story)
{
  open_authenticated (story);
  comes_in (story, XEP174_STREAM_EVENT_HEADER, "adopt 1, probe: ping 0");
  happens (story, XEP174_ARBITER_EVENT_T_PROBE, 0, "send header 1, send offer 1");
  g_assert_false (runs (story, XEP174_TIMER_SETTLE, NONE));
}

/* T8: who calls is answered after T_probe, and held; the same key alone ends the session. */
static void
test_same_key (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  let_probe_pass (&story);
  secures (&story, 1, 1);
  happens (&story, XEP174_STREAM_EVENT_HEADER, 1,
           "trust the key 1, send header 1, send features 1, "
           "send footer 0, close TCP 0, closed 0, opened 1");
}

/* Another key that is accepted too, and none, do not. */
static void
test_other_key (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  let_probe_pass (&story);
  secures (&story, 1, 2);
  happens (&story, XEP174_STREAM_EVENT_HEADER, 1, "send header 1, send conflict 1, send footer 1");
  g_assert_true (xep174_stream_is_secure (&story.arbiter.slots[0]));

  begin_encrypted (&story, TRUE, FALSE);
  let_probe_pass (&story);
  happens (&story, XEP174_STREAM_EVENT_STANZA, 1,
           "tell: not encrypted 1, send fault 1, send footer 1, shut 1");
  g_assert_true (xep174_stream_is_secure (&story.arbiter.slots[0]));
}

/* The next caller need not wait again; what is heard meanwhile ends the silence. */
static void
test_silence_lasts (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  let_probe_pass (&story);
  happens (&story, XEP174_STREAM_EVENT_EOF, 1, "close TCP 1, closed 1");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
  secures (&story, 1, 1);
  happens (&story, XEP174_STREAM_EVENT_HEADER, 1, "send header 1, send conflict 1, send footer 1");
}

/* Our own probe is no caller's. */
static void
test_own_probe (void)
{
  Story story;

  begin_encrypted (&story, TRUE, FALSE);
  open_authenticated (&story);
  happens (&story, XEP174_ARBITER_EVENT_PROBE, NONE, "probe: ping 0");
  happens (&story, XEP174_ARBITER_EVENT_T_PROBE, 0, "send footer 0, close TCP 0, closed 0");
}

/* S7: what failed for good beside a stream of the peer's fails the queue when that has gone. */
static void
test_hopeless_beside (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  dial_until_features (&story);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1");
  happens (&story, XEP174_STREAM_EVENT_FEATURES, 0,
           "tell: not encrypted 0, send fault 0, send footer 0, shut 0");
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, closed 0");
  secures (&story, 1, 0);
  happens (&story, XEP174_STREAM_EVENT_EOF, 1,
           "close TCP 1, closed 1, fail queue");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arbiter/T2-T3-T10-initiator", test_initiator);
  g_test_add_func ("/arbiter/T2-T5-plain-initiator", test_plain_initiator);
  g_test_add_func ("/arbiter/T5-stripped", test_stripped);
  g_test_add_func ("/arbiter/T1-T5-recipient-in-the-clear", test_clear_recipient);
  g_test_add_func ("/arbiter/T5-sealed-later", test_sealed_later);
  g_test_add_func ("/arbiter/T6-key-refused", test_key_refused);
  g_test_add_func ("/arbiter/T8-same-key", test_same_key);
  g_test_add_func ("/arbiter/T8-other-key", test_other_key);
  g_test_add_func ("/arbiter/T8-silence-lasts", test_silence_lasts);
  g_test_add_func ("/arbiter/T8-own-probe", test_own_probe);
  g_test_add_func ("/arbiter/S7-T5-hopeless-beside", test_hopeless_beside);

  return g_test_run ();
}
