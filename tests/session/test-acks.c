/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Acknowledgements (A1-A3, XEP-0198): the table and the counters by themselves. How two of them agree
 * over breaking streams is in test-explore-acks.c. */

#include "xep174-acks.h"

static void
step (Xep174Acks      *acks,
      Xep174AcksEvent  event,
      guint32          h,
      guint            bits,
      guint            confirmed)
{
  guint found;

  g_assert_cmphex (xep174_acks_step (acks, event, h, &found), ==, bits);
  g_assert_cmpint (found, ==, confirmed);
}

static Xep174Acks
enabled (gboolean initiator)
{
  Xep174Acks acks = { 0 };

  if (initiator)
    {
      step (&acks, XEP174_ACKS_EVENT_ENABLE, 0, XEP174_ACKS_DO_SEND_ENABLE, 0);
      step (&acks, XEP174_ACKS_EVENT_ENABLED_CAME, 0, 0, 0);
    }
  else
    {
      step (&acks, XEP174_ACKS_EVENT_OFFER, 0, 0, 0);
      step (&acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, XEP174_ACKS_DO_SEND_ENABLED, 0);
    }
  acks.resumable = TRUE;

  return acks;
}

static void
send_some (Xep174Acks *acks,
           guint       n)
{
  for (guint i = 0; i < n; i++)
    xep174_acks_note_sent (acks, 100);
}

static void
hear_some (Xep174Acks *acks,
           guint       n)
{
  for (guint i = 0; i < n; i++)
    {
      xep174_acks_note_given (acks);
      xep174_acks_note_returned (acks);
    }
}

/* Every cell is written out; what the peer may say in any state is answered, taken or a fault. */
static void
test_cells (void)
{
  for (guint state = 0; state < XEP174_ACKS_N_STATES; state++)
    for (guint event = 0; event < XEP174_ACKS_N_EVENTS; event++)
      {
        const Xep174AcksCell *cell = xep174_acks_cell (state, event);

        if (cell->why != NULL)
          g_assert_true (event <= XEP174_ACKS_EVENT_RESUME || event == XEP174_ACKS_EVENT_RESUME_CAME);
        else if (cell->bits & XEP174_ACKS_DO_FAULT)
          g_assert_cmpint (cell->next, ==, state);
        else
          g_assert_true (cell->bits != 0 || cell->takes_h || cell->next != state
                         || event == XEP174_ACKS_EVENT_REQUEST_CAME);
        g_assert_nonnull (xep174_acks_event_name (event));
      }
  for (guint state = 0; state < XEP174_ACKS_N_STATES; state++)
    g_assert_nonnull (xep174_acks_state_name (state));
  for (guint bit = 1; bit <= XEP174_ACKS_DO_SEND_FAILED; bit <<= 1)
    g_assert_nonnull (xep174_acks_do_name (bit));
}

/* §3, §5: what was not asked for, or is said twice, ends the stream; nothing is counted by it. */
static void
test_unasked (void)
{
  static const struct { Xep174AcksState state; Xep174AcksEvent event; } faults[] = {
    { XEP174_ACKS_OFF, XEP174_ACKS_EVENT_ENABLED_CAME },
    { XEP174_ACKS_OFF, XEP174_ACKS_EVENT_ANSWER_CAME },
    { XEP174_ACKS_OFF, XEP174_ACKS_EVENT_REQUEST_CAME },
    { XEP174_ACKS_OFFERED, XEP174_ACKS_EVENT_ENABLED_CAME },
    { XEP174_ACKS_OFFERED, XEP174_ACKS_EVENT_RESUMED_CAME },
    { XEP174_ACKS_ENABLING, XEP174_ACKS_EVENT_RESUMED_CAME },
    { XEP174_ACKS_ENABLING, XEP174_ACKS_EVENT_ANSWER_CAME },
    { XEP174_ACKS_RESUMING, XEP174_ACKS_EVENT_ENABLED_CAME },
    { XEP174_ACKS_RESUMING, XEP174_ACKS_EVENT_ANSWER_CAME },
    { XEP174_ACKS_REFUSED, XEP174_ACKS_EVENT_ENABLED_CAME },
    { XEP174_ACKS_REFUSED, XEP174_ACKS_EVENT_FAILED_CAME },
    { XEP174_ACKS_ON, XEP174_ACKS_EVENT_ENABLE_CAME },
    { XEP174_ACKS_ON, XEP174_ACKS_EVENT_ENABLED_CAME },
    { XEP174_ACKS_ON, XEP174_ACKS_EVENT_UNKNOWN_CAME },
    { XEP174_ACKS_ON, XEP174_ACKS_EVENT_RESUMED_CAME },
    { XEP174_ACKS_ON, XEP174_ACKS_EVENT_FAILED_CAME },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      Xep174Acks acks = { .state = faults[i].state, .sent = 5, .confirmed = 2, .handled = 7 };

      step (&acks, faults[i].event, 5, XEP174_ACKS_DO_FAULT, 0);
      g_assert_cmpint (acks.state, ==, faults[i].state);
      g_assert_cmpint (acks.confirmed, ==, 2);
      g_assert_cmpint (acks.handled, ==, 7);
    }
}

/* §4: the initiator's stanzas count from <enable/>, the recipient's from <enabled/>. */
static void
test_begin (void)
{
  Xep174Acks acks = { 0 };

  send_some (&acks, 1);
  hear_some (&acks, 1);
  g_assert_cmpint (acks.sent + acks.handled, ==, 0);

  step (&acks, XEP174_ACKS_EVENT_ENABLE, 0, XEP174_ACKS_DO_SEND_ENABLE, 0);
  send_some (&acks, 3);
  hear_some (&acks, 2);
  g_assert_false (xep174_acks_may_ask (&acks));
  step (&acks, XEP174_ACKS_EVENT_ENABLED_CAME, 0, 0, 0);
  hear_some (&acks, 1);
  g_assert_cmpint (acks.sent, ==, 3);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 1);
  g_assert_true (xep174_acks_may_ask (&acks));

  acks = enabled (FALSE);
  send_some (&acks, 2);
  step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, 2, XEP174_ACKS_DO_CONFIRM, 2);
  g_assert_cmpint (xep174_acks_unconfirmed (&acks), ==, 0);
}

/* A1: refused behind stanzas that were written already: they await pings, and <enable/> is said once. */
static void
test_refused (void)
{
  Xep174Acks acks = { 0 };

  step (&acks, XEP174_ACKS_EVENT_ENABLE, 0, XEP174_ACKS_DO_SEND_ENABLE, 0);
  send_some (&acks, XEP174_ACKS_MAX_STANZAS);
  g_assert_true (xep174_acks_is_full (&acks, 0));
  step (&acks, XEP174_ACKS_EVENT_FAILED_CAME, 0, 0, 0);
  g_assert_cmpint (acks.state, ==, XEP174_ACKS_REFUSED);
  g_assert_false (xep174_acks_is_full (&acks, 0));
  g_assert_false (xep174_acks_must_ask (&acks));
  g_assert_false (xep174_acks_may_keep (&acks, FALSE));
}

/* A1: `h` lies between what was confirmed and what was sent, also where the counters begin again. */
static void
test_h (void)
{
  static const guint32 begins[] = { 0, 1, G_MAXINT32, G_MAXUINT32 - 5, G_MAXUINT32 - 1, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      guint32 begin = begins[i];
      Xep174Acks acks = enabled (TRUE);

      acks.sent = acks.confirmed = acks.asked_sent = begin;
      send_some (&acks, 8);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin, 0, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 9, XEP174_ACKS_DO_TOO_HIGH, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 3, XEP174_ACKS_DO_CONFIRM, 3);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 3, 0, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 2, XEP174_ACKS_DO_TOO_HIGH, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin - 1, XEP174_ACKS_DO_TOO_HIGH, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 3 + (1u << 31), XEP174_ACKS_DO_TOO_HIGH, 0);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 8, XEP174_ACKS_DO_CONFIRM, 5);
      step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, begin + 9, XEP174_ACKS_DO_TOO_HIGH, 0);
      g_assert_cmpint (xep174_acks_unconfirmed (&acks), ==, 0);
    }
}

/* A1: what we have had is counted behind 2^32 - 1 as anywhere else. */
static void
test_handled_wraps (void)
{
  Xep174Acks acks = enabled (FALSE);

  acks.handled = acks.told = G_MAXUINT32;
  hear_some (&acks, 2);
  g_assert_true (xep174_acks_owes_farewell (&acks));
  g_assert_cmpuint (xep174_acks_tell (&acks), ==, 1);
  g_assert_false (xep174_acks_owes_farewell (&acks));
}

/* A1: not before the handlers have returned, and one that runs the main loop holds up those behind it. */
static void
test_handlers (void)
{
  Xep174Acks acks = enabled (FALSE);

  xep174_acks_note_given (&acks);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 0);
  hear_some (&acks, 2);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 0);
  xep174_acks_note_returned (&acks);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 3);

  /* What a handler is at work on while the stream is resumed must not come twice. */
  xep174_acks_note_given (&acks);
  xep174_acks_note_given (&acks);
  xep174_acks_note_returned (&acks);
  g_assert_cmpint (xep174_acks_tell_all (&acks), ==, 5);
  hear_some (&acks, 1);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 6);
  xep174_acks_note_returned (&acks);
  g_assert_cmpint (xep174_acks_tell (&acks), ==, 6);
}

/* A1: however many <r/> come, one <a/> is owed; however many <a/>, nothing is. */
static void
test_floods (void)
{
  Xep174Acks acks = enabled (FALSE), before;

  for (guint i = 0; i < 100000; i++)
    step (&acks, XEP174_ACKS_EVENT_REQUEST_CAME, 0, 0, 0);
  g_assert_true (xep174_acks_owes_answer (&acks));
  xep174_acks_tell (&acks);
  g_assert_false (xep174_acks_owes_answer (&acks));

  send_some (&acks, 3);
  step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, 2, XEP174_ACKS_DO_CONFIRM, 2);
  before = acks;
  for (guint i = 0; i < 100000; i++)
    step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, 2, 0, 0);
  g_assert_cmpmem (&acks, sizeof acks, &before, sizeof before);
}

/* X8: <failed/> is said once on a stream, also on one that goes on with another. */
static void
test_failed_once (void)
{
  Xep174Acks acks = { 0 }, kept = enabled (FALSE);

  step (&acks, XEP174_ACKS_EVENT_OFFER, 0, 0, 0);
  step (&acks, XEP174_ACKS_EVENT_UNKNOWN_CAME, 0, XEP174_ACKS_DO_SEND_FAILED, 0);
  step (&acks, XEP174_ACKS_EVENT_UNKNOWN_CAME, 0, XEP174_ACKS_DO_FAULT, 0);
  step (&acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, XEP174_ACKS_DO_SEND_ENABLED, 0);

  kept.failed = TRUE;
  acks = (Xep174Acks) { 0 };
  xep174_acks_carry (&acks, &kept);
  step (&acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, XEP174_ACKS_DO_SEND_FAILED, 0);
  step (&acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, XEP174_ACKS_DO_FAULT, 0);
}

/* S7: when we ask, and what is not written any more. */
static void
test_asking (void)
{
  Xep174Acks acks = enabled (TRUE);

  g_assert_false (xep174_acks_may_ask (&acks));
  send_some (&acks, XEP174_ACKS_ASK_STANZAS - 1);
  g_assert_true (xep174_acks_may_ask (&acks));
  g_assert_false (xep174_acks_must_ask (&acks));
  send_some (&acks, 1);
  g_assert_true (xep174_acks_must_ask (&acks));
  xep174_acks_note_asked (&acks);
  g_assert_false (xep174_acks_may_ask (&acks));

  /* Its handlers are at work: it is not asked in a circle, but after a moment. */
  step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, 0, 0, 0);
  g_assert_false (xep174_acks_must_ask (&acks));
  g_assert_true (xep174_acks_may_ask (&acks));

  xep174_acks_note_sent (&acks, XEP174_ACKS_ASK_OCTETS - 1);
  g_assert_false (xep174_acks_must_ask (&acks));
  xep174_acks_note_sent (&acks, 1);
  g_assert_true (xep174_acks_must_ask (&acks));
  xep174_acks_note_sent (&acks, G_MAXSIZE / 2);
  xep174_acks_note_sent (&acks, G_MAXSIZE / 2);
  g_assert_true (xep174_acks_must_ask (&acks));

  g_assert_false (xep174_acks_is_full (&acks, XEP174_ACKS_MAX_OCTETS - 1));
  g_assert_true (xep174_acks_is_full (&acks, XEP174_ACKS_MAX_OCTETS));
  send_some (&acks, XEP174_ACKS_MAX_STANZAS - xep174_acks_unconfirmed (&acks) - 1);
  g_assert_false (xep174_acks_is_full (&acks, 0));
  send_some (&acks, 1);
  g_assert_true (xep174_acks_is_full (&acks, 0));
}

/* A3: both go on where the other says, and what is written again is counted anew. */
static void
test_resumed (void)
{
  Xep174Acks initiator = enabled (TRUE), recipient = enabled (FALSE);
  Xep174Acks a = { 0 }, b = { 0 };

  send_some (&initiator, 5);
  hear_some (&recipient, 3);
  send_some (&recipient, 2);
  hear_some (&initiator, 2);
  g_assert_true (xep174_acks_may_keep (&initiator, FALSE));

  xep174_acks_carry (&a, &initiator);
  step (&a, XEP174_ACKS_EVENT_RESUME, 0, XEP174_ACKS_DO_SEND_RESUME, 0);
  send_some (&a, 1); /* what is written now is not of the stream that is resumed */
  g_assert_cmpint (xep174_acks_unconfirmed (&a), ==, 5);

  step (&b, XEP174_ACKS_EVENT_OFFER, 0, 0, 0);
  xep174_acks_carry (&b, &recipient);
  step (&b, XEP174_ACKS_EVENT_RESUME_CAME, xep174_acks_tell_all (&a),
        XEP174_ACKS_DO_SEND_RESUMED | XEP174_ACKS_DO_AGAIN | XEP174_ACKS_DO_CONFIRM, 2);
  step (&a, XEP174_ACKS_EVENT_RESUMED_CAME, xep174_acks_tell_all (&b),
        XEP174_ACKS_DO_AGAIN | XEP174_ACKS_DO_CONFIRM, 3);
  g_assert_cmpint (a.sent, ==, b.handled);
  g_assert_cmpint (b.sent, ==, a.handled);

  send_some (&a, 2);
  step (&a, XEP174_ACKS_EVENT_ANSWER_CAME, 5, XEP174_ACKS_DO_CONFIRM, 2);
  step (&a, XEP174_ACKS_EVENT_ANSWER_CAME, 6, XEP174_ACKS_DO_TOO_HIGH, 0);
  g_assert_true (xep174_acks_may_keep (&a, FALSE));
}

/* A3: the `h` of <failed/> confirms its part, the rest is reported, and <enable/> may follow. */
static void
test_resume_fails (void)
{
  Xep174Acks kept = enabled (TRUE), acks = { 0 };

  send_some (&kept, 4);
  step (&kept, XEP174_ACKS_EVENT_ANSWER_CAME, 1, XEP174_ACKS_DO_CONFIRM, 1);
  xep174_acks_carry (&acks, &kept);
  step (&acks, XEP174_ACKS_EVENT_RESUME, 0, XEP174_ACKS_DO_SEND_RESUME, 0);
  g_assert_true (xep174_acks_may_keep (&acks, FALSE));
  step (&acks, XEP174_ACKS_EVENT_FAILED_CAME, 9, XEP174_ACKS_DO_TOO_HIGH, 0);
  step (&acks, XEP174_ACKS_EVENT_FAILED_CAME, 3,
        XEP174_ACKS_DO_REPORT | XEP174_ACKS_DO_CONFIRM, 2);
  g_assert_false (xep174_acks_may_keep (&acks, FALSE));
  step (&acks, XEP174_ACKS_EVENT_ENABLE, 0, XEP174_ACKS_DO_SEND_ENABLE, 0);
  step (&acks, XEP174_ACKS_EVENT_ENABLED_CAME, 0, 0, 0);
  send_some (&acks, 1);
  step (&acks, XEP174_ACKS_EVENT_ANSWER_CAME, 1, XEP174_ACKS_DO_CONFIRM, 1);

  /* As recipient of a <resume/> that may not be: the stream may still be enabled. */
  acks = (Xep174Acks) { 0 };
  step (&acks, XEP174_ACKS_EVENT_OFFER, 0, 0, 0);
  step (&acks, XEP174_ACKS_EVENT_UNKNOWN_CAME, 4, XEP174_ACKS_DO_SEND_FAILED, 0);
  step (&acks, XEP174_ACKS_EVENT_ENABLE_CAME, 0, XEP174_ACKS_DO_SEND_ENABLED, 0);
}

/* A3: one that lies when it resumes gets nothing; what is kept is as it was. */
static void
test_resume_lies (void)
{
  Xep174Acks kept = enabled (FALSE), acks = { 0 };

  send_some (&kept, 3);
  step (&acks, XEP174_ACKS_EVENT_OFFER, 0, 0, 0);
  xep174_acks_carry (&acks, &kept);
  step (&acks, XEP174_ACKS_EVENT_RESUME_CAME, 4, XEP174_ACKS_DO_TOO_HIGH, 0);
  g_assert_false (xep174_acks_may_keep (&acks, FALSE));
  g_assert_cmpint (xep174_acks_unconfirmed (&kept), ==, 3);
}

/* A2: what is kept, for whom, and for how long. */
static void
test_kept (void)
{
  Xep174Acks acks = enabled (FALSE), other = { 0 };

  g_assert_true (xep174_acks_may_keep (&acks, FALSE));
  g_assert_false (xep174_acks_may_keep (&acks, TRUE));
  g_assert_true (xep174_acks_may_resume (&acks, 1, 1, TRUE, XEP174_ACKS_KEPT_MS - 1));
  g_assert_false (xep174_acks_may_resume (&acks, 1, 1, TRUE, XEP174_ACKS_KEPT_MS));
  g_assert_false (xep174_acks_may_resume (&acks, 1, 2, TRUE, 0));
  g_assert_false (xep174_acks_may_resume (&acks, 0, 0, TRUE, 0));
  g_assert_false (xep174_acks_may_resume (&acks, 1, 1, FALSE, 0));
  acks.resumable = FALSE;
  g_assert_false (xep174_acks_may_resume (&acks, 1, 1, TRUE, 0));
  g_assert_false (xep174_acks_may_resume (&other, 1, 1, TRUE, 0));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acks/every-cell-is-defined", test_cells);
  g_test_add_func ("/acks/A1/unasked", test_unasked);
  g_test_add_func ("/acks/A1/begin", test_begin);
  g_test_add_func ("/acks/A1/refused", test_refused);
  g_test_add_func ("/acks/A1/h", test_h);
  g_test_add_func ("/acks/A1/handled-wraps", test_handled_wraps);
  g_test_add_func ("/acks/A1/handlers", test_handlers);
  g_test_add_func ("/acks/A1/floods", test_floods);
  g_test_add_func ("/acks/A1-X8/failed-once", test_failed_once);
  g_test_add_func ("/acks/A1/asking", test_asking);
  g_test_add_func ("/acks/A3/resumed", test_resumed);
  g_test_add_func ("/acks/A3/failed", test_resume_fails);
  g_test_add_func ("/acks/A3/lies", test_resume_lies);
  g_test_add_func ("/acks/A2/kept", test_kept);

  return g_test_run ();
}
