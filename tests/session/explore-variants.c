/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The naive rules that one would write first. Each swaps cells, rules or guards of the real
 * tables, in this test build alone, where they can be written. */

#include "explore-private.h"

#include <string.h>

/* --- 1, 3, 8: refuse where one should hold, accept or probe ------------------------------- */

static void
refuse (Xep174Turn *turn)
{
  xep174_turn_refuse_held (turn);
}

static void
refuse_while_connecting (void)
{
  xep174_arbiter_rules[XEP174_RULE_LARGER_CONNECTING].act = refuse;
}

static void
refuse_both (void)
{
  xep174_arbiter_rules[XEP174_RULE_SMALLER_OPENING].act = refuse;
  xep174_arbiter_rules[XEP174_RULE_LARGER_OPENING].act = refuse;
}

static void
never_probe (void)
{
  xep174_arbiter_rules[XEP174_RULE_PROBE].act = refuse;
}

/* --- 2: both hold until answered ---------------------------------------------------------- */

static gboolean
never (const Xep174Arbiter *self,
       const Xep174View    *view,
       guint                slot)
{
  return FALSE;
}

static void
hold_both (void)
{
  xep174_arbiter_rules[XEP174_RULE_SMALLER_OPENING].act = NULL;
  xep174_arbiter_rules[XEP174_RULE_SMALLER_OPENING].timer = XEP174_TIMER_OPEN;
  xep174_arbiter_waits[XEP174_TIMER_CROSS].wanted = never;
}

/* --- 4: a conflict fails the queue --------------------------------------------------------- */

static void
conflict_fails (Xep174Turn *turn,
                guint       slot)
{
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_CONFLICT);
  if (turn->self->head != XEP174_HEAD_NONE)
    xep174_turn_fail_queue (turn);
}

static void
fatal_conflict (void)
{
  xep174_arbiter_rows[XEP174_STREAM_EVENT_CONFLICT].act = conflict_fails;
}

/* --- 5: a new stream is accepted and read while the old one closes ------------------------- */

static gboolean
never_matches (const Xep174Arbiter *self,
               const Xep174View    *view)
{
  return FALSE;
}

static gboolean
always (const Xep174Arbiter *self,
        const Xep174View    *view,
        guint                slot)
{
  return TRUE;
}

static void
accept_while_closing (void)
{
  xep174_arbiter_rules[XEP174_RULE_CLOSING].matches = never_matches;
  xep174_arbiter_guards[XEP174_GUARD_MAY_READ].holds = always;
}

/* --- 6: footer and TCP close at once -------------------------------------------------------- */

static void
close_at_once (void)
{
  for (guint state = XEP174_STREAM_AWAIT_FIRST; state <= XEP174_STREAM_OPEN_R; state++)
    xep174_stream_table[state][XEP174_STREAM_EVENT_CLOSE] =
      xep174_stream_table[state][XEP174_STREAM_EVENT_REPLACE];
}

/* --- 7: what is asked for while closing fails ----------------------------------------------- */

static gboolean
asked_while_closing (const Xep174Arbiter *self,
                     const Xep174View    *view)
{
  return self->head != XEP174_HEAD_NONE && view->n_est == 0 && view->n_closing > 0;
}

static void
fail_while_closing (void)
{
  xep174_arbiter_rules[XEP174_RULE_QUEUE_OPEN].matches = asked_while_closing;
  xep174_arbiter_rules[XEP174_RULE_QUEUE_OPEN].act = xep174_turn_fail_queue;
}

/* --- 9: the probe is forgotten with the held stream ----------------------------------------- */

static gboolean
probed_for_nobody (const Xep174Arbiter *self,
                   const Xep174View    *view)
{
  return view->held == XEP174_NO_SLOT && view->n_est > 0
         && (self->slots[view->est].flags & XEP174_STREAM_PROBING) != 0;
}

static void
forget_probe (void)
{
  xep174_arbiter_rules[XEP174_RULE_FORGET_PROBE].matches = probed_for_nobody;
}

/* --- 10: neither S10 nor S11 ---------------------------------------------------------------- */

static void
stay_silent (void)
{
  xep174_arbiter_waits[XEP174_TIMER_RELEASE].wanted = never;
  xep174_arbiter_waits[XEP174_TIMER_FIRST].wanted = never;
}

/* --- 11: writing while two candidates live -------------------------------------------------- */

static gboolean
is_open (const Xep174Arbiter *self,
         const Xep174View    *view,
         guint                slot)
{
  return xep174_stream_is_open (&self->slots[slot]);
}

static void
write_early (void)
{
  xep174_arbiter_guards[XEP174_GUARD_MAY_WRITE].holds = is_open;
}

/* --- 12: the smaller aborts what it has opened when it accepts ------------------------------- */

static void
abort_dial (Xep174Turn *turn)
{
  xep174_turn_stream (turn, turn->view.out, XEP174_STREAM_EVENT_ABORT);
}

static void
abort_opening (void)
{
  xep174_arbiter_rules[XEP174_RULE_SMALLER_OPENING].act = abort_dial;
}

/* --- 13: only the answer to a probe is a sign of life ---------------------------------------- */

static void
answer_came (Xep174Turn *turn,
             guint       slot)
{
  gboolean answers = (turn->self->slots[slot].flags & XEP174_STREAM_PROBING) != 0;

  turn->self->slots[slot].flags &= ~(XEP174_STREAM_PROBING | XEP174_STREAM_PINGED);
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_STANZA);
  if (answers)
    xep174_turn_refuse_held (turn);
}

static void
hear_answers_only (void)
{
  xep174_arbiter_rules[XEP174_RULE_HEARD].matches = never_matches;
  xep174_arbiter_rows[XEP174_STREAM_EVENT_STANZA].act = answer_came;
}

/* --- 14, 17: what the end of the handshake means to its client ------------------------------- */

#define TLS_I (XEP174_STREAM_TLS_I - XEP174_STREAM_OFFERED)

static void
trust_early (void)
{
  xep174_stream_table_tls[TLS_I][XEP174_STREAM_EVENT_TLS_DONE].bits |= XEP174_STREAM_DO_TRUST_KEY;
}

static void
open_early (void)
{
  xep174_stream_table_tls[TLS_I][XEP174_STREAM_EVENT_TLS_DONE].next = XEP174_STREAM_OPEN_I0;
  xep174_arbiter_guards[XEP174_GUARD_UNHEARD].holds = never;
}

/* --- 15: the first features make the session -------------------------------------------------- */

static gboolean
open_and_answered (const Xep174Arbiter *self,
                   const Xep174View    *view)
{
  return self->head == XEP174_HEAD_OPEN && view->n_est + view->n_securing > 0;
}

static void
pop_open (Xep174Turn *turn)
{
  guint slot = 0;

  while (!xep174_stream_is_session (&turn->self->slots[slot])
         && !xep174_stream_is_securing (&turn->self->slots[slot]))
    slot++;
  xep174_turn_pop (turn, slot);
}

static void
open_at_features (void)
{
  xep174_arbiter_rules[XEP174_RULE_QUEUE_OPEN].matches = open_and_answered;
  xep174_arbiter_rules[XEP174_RULE_QUEUE_OPEN].act = pop_open;
}

/* --- 16: another key makes the one that is known forgotten ------------------------------------ */

gboolean variant_forgets_keys;

static void
forget_keys (void)
{
  variant_forgets_keys = TRUE;
}

/* --- 18: T_probe ends an authenticated session for whoever calls ------------------------------- */

static void
replace (Xep174Turn *turn,
         guint       slot)
{
  xep174_turn_stream (turn, slot, XEP174_STREAM_EVENT_REPLACE);
}

static void
replace_authenticated (void)
{
  xep174_arbiter_rows[XEP174_ARBITER_EVENT_T_PROBE].act = replace;
}

/* --- 19: nobody notices that there was no offer ------------------------------------------------ */

static void
go_on_in_the_clear (void)
{
  xep174_arbiter_guards[XEP174_GUARD_SEALED].holds = never;
  xep174_arbiter_guards[XEP174_GUARD_UNHEARD].holds = never;
  xep174_arbiter_rules[XEP174_RULE_BARE].matches = never_matches;
}

/* --- 20-23: of what is kept and resumed --------------------------------------------------------- */

static gboolean
keeps_anything (const Xep174Arbiter *self,
                const Xep174View    *view,
                guint                slot)
{
  return self->kept != 0;
}

static void
resume_across_keys (void)
{
  xep174_arbiter_guards[XEP174_GUARD_KEEPS].holds = keeps_anything;
}

static void
replace_with_footer (void)
{
  for (guint state = XEP174_STREAM_AWAIT_FIRST; state <= XEP174_STREAM_OPEN_R; state++)
    xep174_stream_table[state][XEP174_STREAM_EVENT_CUT] =
      xep174_stream_table[state][XEP174_STREAM_EVENT_REPLACE];
}

static void
hold_for_probe (void)
{
  xep174_arbiter_rules[XEP174_RULE_LASTING].matches = never_matches;
}

static void
resume_beside (void)
{
  xep174_arbiter_rows[XEP174_STREAM_EVENT_RESUME].act = NULL;
}

/* --- Switching ------------------------------------------------------------------------------ */

static const struct
{
  const char *name;
  void      (*apply) (void);
} variants[N_VARIANTS] = {
  { "the larger refuses while still CONNECTING", refuse_while_connecting },
  { "both hold until answered", hold_both },
  { "both refuse", refuse_both },
  { "a conflict is fatal to the queue", fatal_conflict },
  { "a new stream is accepted and read while CLOSE_SENT", accept_while_closing },
  { "footer and TCP close at once", close_at_once },
  { "what is asked for while closing fails", fail_while_closing },
  { "no probe", never_probe },
  { "the probe is forgotten when the held stream leaves", forget_probe },
  { "neither S10 nor S11", stay_silent },
  { "writing while two candidates live", write_early },
  { "the smaller aborts its OPENING dial when it accepts", abort_opening },
  { "what was heard before the probe does not count", hear_answers_only },
  { "a key is trusted before the restart", trust_early },
  { "an open is done at the first features", open_at_features },
  { "another key makes the known one forgotten", forget_keys },
  { "the initiator writes at its own end of the handshake", open_early },
  { "who has shown no key replaces an authenticated session after T_probe", replace_authenticated },
  { "starttls was stripped, and nobody notices", go_on_in_the_clear },
  { "what is kept is resumed across keys", resume_across_keys },
  { "a session that may be resumed is replaced with a footer", replace_with_footer },
  { "who resumes is held for T_probe", hold_for_probe },
  { "a session goes on beside the stream that resumes it", resume_beside },
};

typedef struct
{
  Xep174StreamCell cells[XEP174_STREAM_N_STATES][XEP174_STREAM_N_EVENTS];
  Xep174StreamCell cells_tls[XEP174_STREAM_N_SECURING][XEP174_STREAM_N_EVENTS];
  Xep174Rule       rules[XEP174_N_RULES];
  Xep174GuardRow   guards[XEP174_N_GUARDS];
  Xep174ArbiterRow rows[XEP174_ARBITER_N_EVENTS];
  Xep174PolicyRow  policy[XEP174_N_POLICIES];
  Xep174Wait       waits[XEP174_N_TIMERS];
} Tables;

static void
copy (Tables  *tables,
      gboolean save)
{
  struct { void *real, *kept; gsize size; } pairs[] = {
    { xep174_stream_table, tables->cells, sizeof tables->cells },
    { xep174_stream_table_tls, tables->cells_tls, sizeof tables->cells_tls },
    { xep174_arbiter_rules, tables->rules, sizeof tables->rules },
    { xep174_arbiter_guards, tables->guards, sizeof tables->guards },
    { xep174_arbiter_rows, tables->rows, sizeof tables->rows },
    { xep174_arbiter_policy, tables->policy, sizeof tables->policy },
    { xep174_arbiter_waits, tables->waits, sizeof tables->waits },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (save)
      memcpy (pairs[i].kept, pairs[i].real, pairs[i].size);
    else
      memcpy (pairs[i].real, pairs[i].kept, pairs[i].size);
}

void
variant_apply (guint variant)
{
  static Tables real;
  static gboolean saved;

  variant_forgets_keys = FALSE;
  copy (&real, !saved);
  saved = TRUE;
  if (variant > 0)
    variants[variant - 1].apply ();
}

const char *
variant_name (guint variant)
{
  return variants[variant - 1].name;
}
