/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is kept, resumed and replaced (A2, A3, A5) as short stories. */

#include "story.h"

#define ANSWERS "trust the key %u, send header %u, send features %u"

/* As the interpreter does when <enabled/> or <resumed/> was read or written. */
static void
becomes_resumable (Story *story,
                   guint  slot)
{
  story->arbiter.resumable |= 1u << slot;
  happens (story, XEP174_ARBITER_EVENT_KEPT, NONE, "");
}

static void
dial_until_inside (Story *story)
{
  happens (story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  happens (story, XEP174_STREAM_EVENT_HEADER, 0, "");
  happens (story, XEP174_STREAM_EVENT_FEATURES_TLS, 0, "send starttls 0");
  happens (story, XEP174_STREAM_EVENT_PROCEED, 0, "begin TLS 0");
  story->arbiter.slots[0].key = 1;
  happens (story, XEP174_STREAM_EVENT_TLS_DONE, 0, "send header 0");
  happens (story, XEP174_STREAM_EVENT_HEADER, 0, "");
}

static void
answers (Story      *story,
         guint       slot,
         const char *then)
{
  g_autofree char *text = g_strdup_printf (ANSWERS "%s", slot, slot, slot, then);

  happens (story, XEP174_STREAM_EVENT_HEADER, slot, text);
}

/* A session that the peer has opened and enabled. */
static void
open_lasting (Story *story)
{
  begin_encrypted (story, TRUE, TRUE);
  comes_in (story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  secures (story, 0, 1);
  answers (story, 0, ", opened 0");
  happens (story, XEP174_STREAM_EVENT_ACKS, 0, "acknowledge 0");
  becomes_resumable (story, 0);
  happens (story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0");
}

/* Of the same key, beside the session of open_lasting(). */
static void
comes_beside (Story *story)
{
  open_lasting (story);
  comes_in (story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1, probe: ping 0");
  secures (story, 1, 1);
  answers (story, 1, "");
}

static void
test_enabled_first (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  dial_until_inside (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_SM, 0, "trust the key 0, send enable 0");
  g_assert_true (runs (&story, XEP174_TIMER_TLS, 0));
  happens (&story, XEP174_STREAM_EVENT_SM_AGREED, 0, "acknowledge 0, opened 0, write head 0");
  g_assert_false (runs (&story, XEP174_TIMER_TLS, 0));
}

/* What is kept is offered again, and the queue waits for the answer. */
static void
test_resumes (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  story.arbiter.kept = 1;
  dial_until_inside (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_SM, 0, "trust the key 0, send resume 0");
  g_assert_cmpint (story.arbiter.kept, ==, 0);
  happens (&story, XEP174_STREAM_EVENT_SM_AGREED, 0, "acknowledge 0, opened 0, write head 0");

  /* Not answered: it is kept again, and our closing tag does not end it for the peer. */
  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  story.arbiter.kept = 1;
  dial_until_inside (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_SM, 0, "trust the key 0, send resume 0");
  happens (&story, XEP174_STREAM_EVENT_T_TLS, 0, "close TCP 0, keep 0, closed 0");
  g_assert_cmpint (story.arbiter.kept, ==, 1);

  /* <failed/>: what is left is reported before anything is written. */
  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  story.arbiter.kept = 1;
  dial_until_inside (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_SM, 0, "trust the key 0, send resume 0");
  happens (&story, XEP174_STREAM_EVENT_SM_FAILED, 0, "acknowledge 0, send enable 0");
  happens (&story, XEP174_STREAM_EVENT_SM_FAILED, 0, "acknowledge 0, opened 0, write head 0");
}

/* A stream that opens without resuming: what was kept is unconfirmed before the queue is written. */
static void
test_forgets (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  story.arbiter.kept = 2;
  dial_until_inside (&story);
  happens (&story, XEP174_STREAM_EVENT_FEATURES_SM, 0, "trust the key 0, send enable 0");
  happens (&story, XEP174_STREAM_EVENT_SM_AGREED, 0, "acknowledge 0, forget, opened 0, write head 0");

  begin_encrypted (&story, TRUE, TRUE);
  story.arbiter.kept = 1;
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  secures (&story, 0, 1);
  answers (&story, 0, ", opened 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0, forget");
}

/* As recipient, and never across keys. */
static void
test_is_resumed (void)
{
  Story story;

  for (guint key = 1; key <= 2; key++)
    {
      begin_encrypted (&story, TRUE, TRUE);
      story.arbiter.kept = 1;
      comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
      secures (&story, 0, key);
      answers (&story, 0, ", opened 0");
      happens (&story, XEP174_STREAM_EVENT_RESUME, 0, key == 1 ? "resume 0" : "acknowledge 0");
      g_assert_cmpint (story.arbiter.kept, ==, key == 1 ? 0 : 1);
      asked (&story, XEP174_HEAD_MESSAGE, ""); /* S1 */
      happens (&story, XEP174_STREAM_EVENT_STANZA, 0,
               key == 1 ? "deliver 0, write head 0" : "deliver 0, forget, write head 0");
    }
}

/* A session lives on if no closing tag was said; it is not cut off with one. */
static void
test_keeps (void)
{
  Story story;

  open_lasting (&story);
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, keep 0, closed 0");
  g_assert_cmpint (story.arbiter.kept, ==, 1);

  open_lasting (&story);
  happens (&story, XEP174_ARBITER_EVENT_PROBE, NONE, "probe: ping 0");
  happens (&story, XEP174_ARBITER_EVENT_T_PROBE, 0, "close TCP 0, keep 0, closed 0");

  open_lasting (&story);
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0, "send footer 0, closing 0");
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, closed 0");
  g_assert_cmpint (story.arbiter.kept, ==, 0);
}

/* Who waits for a first stanza in vain may wait on a broken stream. */
static void
test_first_cut (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 0, send header 0, send offer 0");
  secures (&story, 0, 1);
  answers (&story, 0, ", opened 0");
  happens (&story, XEP174_STREAM_EVENT_ACKS, 0, "acknowledge 0");
  becomes_resumable (&story, 0);
  asked (&story, XEP174_HEAD_MESSAGE, "");
  happens (&story, XEP174_ARBITER_EVENT_T_FIRST, 0, "close TCP 0, keep 0, closed 0, dial 0");
}

/* The own dial of a crossing, which would be answered as if it resumed the peer's. */
static void
test_needless_dial (void)
{
  Story story;

  begin_encrypted (&story, TRUE, TRUE);
  asked (&story, XEP174_HEAD_MESSAGE, "dial 0");
  happens (&story, XEP174_STREAM_EVENT_CONNECTED, 0, "send header 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1");
  secures (&story, 1, 1);
  answers (&story, 1, ", opened 1");
  happens (&story, XEP174_STREAM_EVENT_ACKS, 1, "acknowledge 1");
  story.arbiter.resumable = 1 << 1;
  happens (&story, XEP174_ARBITER_EVENT_KEPT, NONE, "send footer 0");
  happens (&story, XEP174_STREAM_EVENT_STANZA, 1, "deliver 1, write head 1");
}

/* No T_probe; and what is written meanwhile goes on the session. */
static void
test_replaced_at_once (void)
{
  Story story;

  comes_beside (&story);
  g_assert_false (runs (&story, XEP174_TIMER_SETTLE, NONE));
  asked (&story, XEP174_HEAD_MESSAGE, "write head 0");
  happens (&story, XEP174_STREAM_EVENT_RESUME, 1,
           "close TCP 0, keep 0, closed 0, resume 1, opened 1");
  g_assert_cmpint (story.arbiter.kept, ==, 0);
  becomes_resumable (&story, 1);
}

/* Whatever else it says waits until it is known whether the session lives. */
static void
test_says_something_else (void)
{
  Story story;

  comes_beside (&story);
  g_assert_false (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_ACKS));
  g_assert_false (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_STANZA));
  g_assert_true (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_RESUME));
  g_assert_true (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_EOF));
  happens (&story, XEP174_STREAM_EVENT_STANZA, 0, "deliver 0, probe done 0");
  g_assert_true (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_ACKS));
  happens (&story, XEP174_STREAM_EVENT_ACKS, 1, "send conflict 1, send footer 1");

  comes_beside (&story);
  happens (&story, XEP174_ARBITER_EVENT_T_PROBE, 0, "close TCP 0, keep 0, closed 0, opened 1");
  g_assert_true (xep174_arbiter_may_take (&story.arbiter, 1, XEP174_STREAM_EVENT_ACKS));
  happens (&story, XEP174_STREAM_EVENT_RESUME, 1, "resume 1");

  comes_beside (&story);
  happens (&story, XEP174_STREAM_EVENT_EOF, 0, "close TCP 0, keep 0, closed 0, opened 1");

  comes_beside (&story);
  happens (&story, XEP174_STREAM_EVENT_T_TLS, 1, "send conflict 1, send footer 1");
}

/* A close is the session's, not that of who calls beside it. */
static void
test_closed_beside (void)
{
  Story story;

  comes_beside (&story);
  asked (&story, XEP174_HEAD_CLOSE, "send footer 0, closing 0, pop head 0");
  g_assert_false (xep174_arbiter_may_read (&story.arbiter, 1));
  happens (&story, XEP174_STREAM_EVENT_FOOTER, 0, "close TCP 0, closed 0, opened 1");
}

/* Another key, and none, are turned away, and the session goes on (T8). */
static void
test_other_key (void)
{
  Story story;

  open_lasting (&story);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1, probe: ping 0");
  secures (&story, 1, 2);
  happens (&story, XEP174_STREAM_EVENT_HEADER, 1, "send header 1, send conflict 1, send footer 1");
  g_assert_true (xep174_stream_is_secure (&story.arbiter.slots[0]));

  /* A second caller is held while the first is in its TLS phase, which is bounded (T11). */
  open_lasting (&story);
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 1, send header 1, send offer 1, probe: ping 0");
  comes_in (&story, XEP174_STREAM_EVENT_HEADER, "adopt 2");
  happens (&story, XEP174_STREAM_EVENT_T_TLS, 1,
           "send timeout 1, send footer 1, close TCP 1, closed 1, send header 2, send offer 2");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arbiter/A2-enabled-before-the-first-stanza", test_enabled_first);
  g_test_add_func ("/arbiter/A2-A3-resumes-what-is-kept", test_resumes);
  g_test_add_func ("/arbiter/A3-forgets-before-the-queue", test_forgets);
  g_test_add_func ("/arbiter/A2-S1-is-resumed-never-across-keys", test_is_resumed);
  g_test_add_func ("/arbiter/A2-keeps-what-broke", test_keeps);
  g_test_add_func ("/arbiter/A2-S11-first-stanza-in-vain", test_first_cut);
  g_test_add_func ("/arbiter/A5-S3-needless-dial", test_needless_dial);
  g_test_add_func ("/arbiter/A5-replaced-at-once", test_replaced_at_once);
  g_test_add_func ("/arbiter/A5-T8-says-something-else", test_says_something_else);
  g_test_add_func ("/arbiter/A5-S6-closed-beside", test_closed_beside);
  g_test_add_func ("/arbiter/A5-T8-other-key", test_other_key);

  return g_test_run ();
}
