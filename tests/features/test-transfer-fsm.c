/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables of file transfers: what each cell must hold, and every interleaving of two sides whose
 * link, connections and programs break at any step, or one that fetches a file and all that may happen to
 * it; known mistakes must be found. */

#include "explore-oob.h"
#include "explore-transfer.h"

/* --- Cells ----------------------------------------------------------------------------------- */

static gboolean
is_reachable (Xep174TransferRole  role,
              Xep174TransferPhase state)
{
  for (guint i = 0; i < XEP174_TRANSFER_N_STATES; i++)
    for (guint event = 0; event < XEP174_TRANSFER_N_EVENTS; event++)
      {
        const Xep174TransferCell *cell = xep174_transfer_cell (role, i, event);

        if (cell->goes && cell->next == state && i != state)
          return TRUE;
      }

  return FALSE;
}

/* Nothing waits for ever, and whatever is not at its end can be cancelled by both. */
static void
test_waits (void)
{
  for (guint role = 0; role < XEP174_TRANSFER_N_ROLES; role++)
    for (guint state = XEP174_TRANSFER_NEW + 1; state < XEP174_TRANSFER_N_STATES; state++)
      {
        Xep174TransferFsm fsm = { .role = role, .state = state };
        guint events[] = { XEP174_TRANSFER_EVENT_TIMEOUT, XEP174_TRANSFER_EVENT_CANCEL,
                           XEP174_TRANSFER_EVENT_CANCEL_CAME, XEP174_TRANSFER_EVENT_LOCAL_FAILED };

        if (xep174_transfer_fsm_has_ended (&fsm))
          {
            g_assert_cmpint (xep174_transfer_fsm_timer (&fsm), ==, XEP174_TRANSFER_TIMER_NONE);
            continue;
          }
        if (!is_reachable (role, state))
          continue;

        g_assert_cmpint (xep174_transfer_fsm_timer_ms (&fsm), >, 0);
        for (guint i = 0; i < G_N_ELEMENTS (events); i++)
          {
            const Xep174TransferCell *cell = xep174_transfer_cell (role, state, events[i]);

            g_assert_true (cell->goes);
            g_assert_cmpint (cell->next, !=, state);
          }
      }
}

/* An end is one: no event leads out of it. */
static void
test_ends (void)
{
  for (guint role = 0; role < XEP174_TRANSFER_N_ROLES; role++)
    for (guint state = XEP174_TRANSFER_DONE; state < XEP174_TRANSFER_N_STATES; state++)
      for (guint event = 0; event < XEP174_TRANSFER_N_EVENTS; event++)
        {
          const Xep174TransferCell *cell = xep174_transfer_cell (role, state, event);

          if (cell->goes)
            g_assert_cmpint (cell->next, ==, state);
        }
}

/* Only a hash that was compared, or who has compared it, makes DONE of a transfer. */
static void
test_done_cells (void)
{
  for (guint role = 0; role < XEP174_TRANSFER_N_ROLES; role++)
    for (guint state = 0; state < XEP174_TRANSFER_DONE; state++)
      for (guint event = 0; event < XEP174_TRANSFER_N_EVENTS; event++)
        {
          const Xep174TransferCell *cell = xep174_transfer_cell (role, state, event);

          if (!cell->goes || cell->next != XEP174_TRANSFER_DONE)
            continue;
          if (role == XEP174_TRANSFER_SENDER)
            {
              g_assert_true (event == XEP174_TRANSFER_EVENT_RECEIVED_CAME
                             || event == XEP174_TRANSFER_EVENT_RECEIVED_SOON);
              continue;
            }
          g_assert_cmpint (event, ==, XEP174_TRANSFER_EVENT_HASH_RIGHT);
          g_assert_cmpint (state, ==, XEP174_TRANSFER_VERIFYING);
        }
}

static void
test_names (void)
{
  for (guint i = 0; i < XEP174_TRANSFER_N_STATES; i++)
    g_assert_nonnull (xep174_transfer_phase_name (i));
  for (guint i = 0; i < XEP174_TRANSFER_N_EVENTS; i++)
    g_assert_nonnull (xep174_transfer_event_name (i));
}

/* XEP-0260 §2.4, each pair of outcomes as both sides see it. */
static void
test_nomination (void)
{
  for (guint ours = 0; ours < XEP174_TRANSFER_N_CANDIDATES; ours++)
    for (guint theirs = 0; theirs < XEP174_TRANSFER_N_CANDIDATES; theirs++)
      for (guint priorities = 0; priorities < 9; priorities++)
        {
          Xep174TransferFsm one = {
            .role = XEP174_TRANSFER_SENDER, .ours = ours, .theirs = theirs,
            .our_priority = priorities / 3, .their_priority = priorities % 3,
          };
          Xep174TransferFsm two = {
            .role = XEP174_TRANSFER_RECEIVER, .ours = theirs, .theirs = ours,
            .our_priority = priorities % 3, .their_priority = priorities / 3,
          };
          Xep174TransferPath path = xep174_transfer_fsm_path (&one);
          Xep174TransferPath mirrored = path == XEP174_TRANSFER_PATH_OURS ? XEP174_TRANSFER_PATH_THEIRS
            : path == XEP174_TRANSFER_PATH_THEIRS ? XEP174_TRANSFER_PATH_OURS : path;

          g_assert_cmpint (xep174_transfer_fsm_path (&two), ==, mirrored);
          g_assert_cmpint (path, !=, XEP174_TRANSFER_PATH_BETTER);
          if (path == XEP174_TRANSFER_PATH_OURS)
            g_assert_cmpint (ours, ==, XEP174_TRANSFER_CANDIDATE_USED);
        }
}

static void
test_offsets (void)
{
  static const struct { guint64 size, offset; guint state; } rows[] = {
    { 10, 0, XEP174_TRANSFER_CONNECTING },
    { 10, 4, XEP174_TRANSFER_CONNECTING },
    { 10, 10, XEP174_TRANSFER_CHECKING },
    { 10, 11, XEP174_TRANSFER_FAILED },
    { 10, G_MAXUINT64, XEP174_TRANSFER_FAILED },
    { 0, 0, XEP174_TRANSFER_CHECKING },
    { G_MAXUINT64, G_MAXUINT64 - 1, XEP174_TRANSFER_CONNECTING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174TransferFsm fsm;

      xep174_transfer_fsm_init (&fsm, XEP174_TRANSFER_SENDER, rows[i].size);
      xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_SEND);
      xep174_transfer_fsm_step_accepted (&fsm, rows[i].offset);
      g_assert_cmpint (fsm.state, ==, rows[i].state);
    }
}

static Xep174TransferFsm
begin_again (gboolean checksum_was_said,
             gboolean restarted)
{
  Xep174TransferFsm fsm;

  xep174_transfer_fsm_init (&fsm, XEP174_TRANSFER_SENDER, 10);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_SEND);
  xep174_transfer_fsm_step_accepted (&fsm, 0);
  xep174_transfer_fsm_step_candidate (&fsm, TRUE, XEP174_TRANSFER_CANDIDATE_USED, 1);
  xep174_transfer_fsm_step_candidate (&fsm, FALSE, XEP174_TRANSFER_CANDIDATE_NONE, 0);
  xep174_transfer_fsm_step_octets (&fsm, checksum_was_said ? 10 : 9);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_LOST);
  if (restarted)
    xep174_transfer_fsm_restore (&fsm, fsm.state, 0);
  if (fsm.state == XEP174_TRANSFER_MOVING)
    return fsm;
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_BACK);
  xep174_transfer_fsm_step_accepted (&fsm, 9);
  xep174_transfer_fsm_step_candidate (&fsm, TRUE, XEP174_TRANSFER_CANDIDATE_USED, 1);
  xep174_transfer_fsm_step_candidate (&fsm, FALSE, XEP174_TRANSFER_CANDIDATE_NONE, 0);
  g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_MOVING);

  return fsm;
}

/* Who has the hash can have compared it before we hear that the last octet has gone; nobody else can. */
static void
test_received_soon (void)
{
  for (guint i = 0; i < 4; i++)
    {
      const gboolean may_have_all = i > 0;
      Xep174TransferFsm fsm = begin_again (i & 1, i & 2);

      xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_RECEIVED_CAME);
      g_assert_cmpint (fsm.state, ==, may_have_all ? XEP174_TRANSFER_DONE : XEP174_TRANSFER_FAILED);
      g_assert_true (!may_have_all || fsm.done == fsm.size);
    }
}

/* Nobody has what was only offered before the program was started again. */
static void
test_received_unsent (void)
{
  Xep174TransferFsm fsm;

  xep174_transfer_fsm_init (&fsm, XEP174_TRANSFER_SENDER, 5);
  xep174_transfer_fsm_restore (&fsm, XEP174_TRANSFER_OFFERED, 0);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_BACK);
  xep174_transfer_fsm_step_accepted (&fsm, 0);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_PATH_FOUND);
  g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_MOVING);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_RECEIVED_CAME);
  g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_FAILED);
}

/* The record takes its time, and the link is lost meanwhile: what was waited for before is over too late. */
static void
test_old_timer (void)
{
  Xep174TransferFsm fsm;
  Xep174TransferTimer before;

  xep174_transfer_fsm_init (&fsm, XEP174_TRANSFER_SENDER, 10);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_SEND);
  xep174_transfer_fsm_step_accepted (&fsm, 0);
  before = xep174_transfer_fsm_timer (&fsm);
  xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_LOST);
  xep174_transfer_fsm_step_timeout (&fsm, before);
  g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_AWAY);
  xep174_transfer_fsm_step_timeout (&fsm, xep174_transfer_fsm_timer (&fsm));
  g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_FAILED);
}

/* "received" was lost with a link, before the sender knew that all was sent: now it waits for that. */
static void
test_late_checksum (void)
{
  static const struct { guint state, word; } rows[] = {
    { XEP174_TRANSFER_DONE, XEP174_TRANSFER_DO_SEND_RECEIVED },
    { XEP174_TRANSFER_DECLINED, XEP174_TRANSFER_DO_SEND_DECLINE },
    { XEP174_TRANSFER_CANCELLED, XEP174_TRANSFER_DO_SEND_CANCEL },
    { XEP174_TRANSFER_ENDED, XEP174_TRANSFER_DO_SEND_CANCEL },
    { XEP174_TRANSFER_FAILED, XEP174_TRANSFER_DO_SEND_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174TransferFsm fsm = { .role = XEP174_TRANSFER_RECEIVER, .state = rows[i].state };
      guint bits = xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_CHECKSUM_CAME);

      g_assert_cmpuint (bits, ==, rows[i].word);
    }
}

/* Who sends tells once more how it ended, if that may not have been heard; who receives is asked. */
static void
test_unheard (void)
{
  static const struct { guint role, state, word; } rows[] = {
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_CANCELLED, XEP174_TRANSFER_DO_SEND_CANCEL },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_FAILED, XEP174_TRANSFER_DO_SEND_FAILED },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_DONE, 0 },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_MOVING, 0 },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_DONE, 0 },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_CANCELLED, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174TransferFsm fsm = { .role = rows[i].role, .state = rows[i].state, .size = 1 };

      g_assert_cmpuint (xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_BACK), ==, 0);
      g_assert_cmpuint (xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_UNHEARD), ==, 0);
      g_assert_cmpuint (xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_BACK), ==, rows[i].word);
      g_assert_cmpuint (xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_LINK_BACK), ==, 0);
    }
}

/* What has come while the record was written: where nobody waits any more nothing is begun. The time that it
 * took counts for nobody: the contact hears the answer, and both begin anew. */
static void
test_overtakes (void)
{
  static const struct { guint role, state, event; gboolean overtakes; } rows[] = {
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_CONNECTING, XEP174_TRANSFER_EVENT_LINK_LOST, TRUE },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_CONNECTING, XEP174_TRANSFER_EVENT_CANCEL_CAME, TRUE },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_CONNECTING, XEP174_TRANSFER_EVENT_TIMEOUT, FALSE },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_CHECKING, XEP174_TRANSFER_EVENT_CHECKSUM_CAME, FALSE },
    { XEP174_TRANSFER_RECEIVER, XEP174_TRANSFER_DONE, XEP174_TRANSFER_EVENT_LINK_LOST, FALSE },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_OFFERED, XEP174_TRANSFER_EVENT_LINK_LOST, TRUE },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_OFFERED, XEP174_TRANSFER_EVENT_LINK_BACK, FALSE },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_OFFERED, XEP174_TRANSFER_EVENT_TIMEOUT, FALSE },
    { XEP174_TRANSFER_SENDER, XEP174_TRANSFER_REOFFERED, XEP174_TRANSFER_EVENT_RECEIVED_CAME, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174TransferFsm fsm = { .role = rows[i].role, .state = rows[i].state, .size = 1 };

      g_assert_cmpint (xep174_transfer_fsm_overtakes (&fsm, rows[i].event), ==, rows[i].overtakes);
    }
}

/* What was written is no progress, the kernel may have it: only what the contact says to have. */
static void
test_tries (void)
{
  static const struct { guint64 first, step; guint state; } rows[] = {
    { 0, 0, XEP174_TRANSFER_FAILED },
    { 7, 0, XEP174_TRANSFER_FAILED },
    { 0, 1, XEP174_TRANSFER_REOFFERED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174TransferFsm fsm;
      guint64 offset = rows[i].first;

      xep174_transfer_fsm_init (&fsm, XEP174_TRANSFER_SENDER, 100);
      xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_SEND);
      for (guint n = 0; n <= 2 * XEP174_TRANSFER_MAX_TRIES; n++, offset += rows[i].step)
        {
          xep174_transfer_fsm_step_accepted (&fsm, offset);
          xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_PATH_FOUND);
          xep174_transfer_fsm_step_octets (&fsm, 50);
          xep174_transfer_fsm_step (&fsm, XEP174_TRANSFER_EVENT_PATH_LOST);
          xep174_transfer_fsm_step_timeout (&fsm, XEP174_TRANSFER_TIMER_RETRY);
        }
      g_assert_cmpint (fsm.state, ==, rows[i].state);
    }
}

/* Never an octet beyond the declared size, whatever the numbers are. */
static void
test_too_much (void)
{
  static const guint64 sizes[] = { 0, 1, 5, G_MAXUINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Xep174TransferFsm fsm = {
        .role = XEP174_TRANSFER_RECEIVER, .state = XEP174_TRANSFER_MOVING, .size = sizes[i],
        .done = sizes[i] / 2,
      };

      xep174_transfer_fsm_step_octets (&fsm, sizes[i] - sizes[i] / 2);
      xep174_transfer_fsm_step_octets (&fsm, 1);
      g_assert_cmpuint (fsm.done, <=, sizes[i]);
      g_assert_cmpint (fsm.state, ==, XEP174_TRANSFER_FAILED);
    }
}

/* --- Worlds ---------------------------------------------------------------------------------- */

static const Config configs[] = {
  { "quiet", .size = 2, .reach = { YES, YES }, .priority = { 2, 1 }, .no_timers = TRUE, .whole = TRUE },
  { "equal-priorities", .size = 1, .reach = { YES, YES }, .priority = { 1, 1 }, .no_timers = TRUE,
    .whole = TRUE },
  { "one-way-only", .size = 2, .reach = { YES, NO }, .no_timers = TRUE, .whole = TRUE },
  { "other-way-only", .size = 2, .reach = { NO, YES }, .no_timers = TRUE, .whole = TRUE },
  { "in-band", .size = 2, .reach = { NO, NO }, .no_timers = TRUE, .whole = TRUE },
  { "either", .size = 1, .reach = { MAYBE, MAYBE }, .no_timers = TRUE, .whole = TRUE },
  { "empty", .size = 0, .reach = { YES, YES }, .kinds = FAULT_LINK, .faults = 3, .whole = TRUE },
  { "links", .size = 2, .reach = { YES, YES }, .kinds = FAULT_LINK, .faults = 3, .whole = TRUE },
  { "links-in-band", .size = 2, .reach = { NO, NO }, .kinds = FAULT_LINK, .faults = 3, .whole = TRUE },
  { "paths", .size = 2, .reach = { YES, MAYBE }, .kinds = FAULT_PATH, .faults = 3, .whole = TRUE },
  { "paths-and-links", .size = 1, .reach = { YES, NO }, .kinds = FAULT_PATH | FAULT_LINK, .faults = 3,
    .whole = TRUE },
  { "restarts", .size = 2, .reach = { YES, NO }, .kinds = FAULT_CRASH, .faults = 3, .whole = TRUE },
  { "declined", .size = 1, .reach = { YES, YES }, .kinds = FAULT_LINK, .faults = 1, .declines = TRUE },
  { "cancelled", .size = 2, .reach = { YES, YES }, .kinds = FAULT_CANCEL | FAULT_LINK, .faults = 3 },
  { "cancelled-in-band", .size = 1, .reach = { NO, NO }, .kinds = FAULT_CANCEL | FAULT_CRASH,
    .faults = 3 },
  { "corrupted", .size = 2, .reach = { YES, NO }, .kinds = FAULT_CORRUPT | FAULT_LINK, .faults = 3 },
  { "too-much", .size = 1, .reach = { NO, YES }, .kinds = FAULT_EXTRA | FAULT_PATH, .faults = 3 },
  { "full-disk", .size = 2, .reach = { YES, YES }, .kinds = FAULT_LOCAL | FAULT_LINK, .faults = 3 },
  { "deaf", .size = 3, .reach = { YES, NO }, .deaf = TRUE },
  { "deaf-to-all", .size = 2, .reach = { YES, NO }, .deaf = TRUE, .kinds = FAULT_PATH, .faults = 1 },
  { "impatient", .size = 1, .reach = { YES, MAYBE }, .kinds = FAULT_EARLY, .faults = 3 },
  { "hasty", .size = 2, .reach = { YES, NO }, .kinds = FAULT_HASTY | FAULT_PATH | FAULT_LINK, .faults = 3,
    .whole = TRUE },
  { "hasty-in-band", .size = 2, .reach = { NO, NO }, .kinds = FAULT_HASTY | FAULT_LINK, .faults = 3,
    .whole = TRUE },
  { "hasty-restarts", .size = 1, .reach = { YES, NO }, .kinds = FAULT_HASTY | FAULT_CRASH | FAULT_LINK,
    .faults = 2, .whole = TRUE },
  { "forgotten", .size = 1, .reach = { YES, MAYBE }, .kinds = FAULT_FORGET | FAULT_LINK | FAULT_PATH,
    .faults = 3 },
  { "forgotten-in-band", .size = 1, .reach = { NO, NO }, .kinds = FAULT_FORGET | FAULT_LINK | FAULT_CRASH,
    .faults = 3 },
  { "si", .si = TRUE, .size = 2, .reach = { NO, YES }, .no_timers = TRUE, .whole = TRUE },
  { "si-no-way", .si = TRUE, .size = 1, .reach = { NO, NO } },
  { "si-broken", .si = TRUE, .size = 2, .reach = { NO, MAYBE }, .declines = TRUE,
    .kinds = FAULT_LINK | FAULT_PATH | FAULT_CANCEL | FAULT_CRASH | FAULT_EXTRA | FAULT_LOCAL,
    .faults = 1 },
};

static void
test_world (gconstpointer data)
{
  const Config *config = data;
  guint n;
  const char *found = explore_transfer (config, &n);

  g_test_message ("%s: %u worlds", config->name, n);
  g_assert_cmpstr (found, ==, NULL);
}

typedef struct
{
  const char *name, *config, *found;
  guint8 role, state, event;
  Xep174TransferCell cell;
} Mistake;

#define SENDER   XEP174_TRANSFER_SENDER
#define RECEIVER XEP174_TRANSFER_RECEIVER
#define CELL(role, state, event) role, XEP174_TRANSFER_##state, XEP174_TRANSFER_EVENT_##event
#define GO(state, bits) { TRUE, XEP174_TRANSFER_##state, bits }

static const Mistake mistakes[] = {
  { "done-unverified", "corrupted", HASH_FIRST, CELL (RECEIVER, CHECKING, CHECKSUM_CAME),
    GO (DONE, XEP174_TRANSFER_DO_SEND_RECEIVED) },
  { "done-when-all-is-sent", "quiet", BOTH_KNOW, CELL (SENDER, MOVING, ALL), GO (DONE, 0) },
  { "asked-twice", "links", ASKED_ONCE, CELL (RECEIVER, RESTING, OFFER_CAME),
    GO (ASKED, XEP174_TRANSFER_DO_ASK) },
  { "silent-cancel", "cancelled", CANCEL_TOLD, CELL (RECEIVER, CONNECTING, CANCEL),
    GO (CANCELLED, XEP174_TRANSFER_DO_DROP) },
  { "deaf-to-cancel", "cancelled", CANCEL_TOLD, CELL (SENDER, CHECKING, CANCEL_CAME), { 0 } },
  { "deaf-to-a-lost-link", "links", ALL_COMES, CELL (SENDER, AWAY, LINK_BACK), { 0 } },
  { "gives-up-with-a-path", "paths", ALL_COMES, CELL (RECEIVER, MOVING, PATH_LOST),
    GO (FAILED, XEP174_TRANSFER_DO_SEND_FAILED) },
  { "accepts-and-does-not-dial", "one-way-only", ALL_COMES, CELL (SENDER, OFFERED, ACCEPT_CAME),
    GO (CONNECTING, 0) },
  { "no-answer-to-a-late-question", "links", NOT_ALONE, CELL (RECEIVER, DONE, RESUME_WHOLE), { 0 } },
  { "no-way-in-band", "in-band", ALL_COMES, CELL (SENDER, CONNECTING, NO_PATH),
    GO (REPLACING, XEP174_TRANSFER_DO_DROP) },
  { "no-answer-to-a-late-checksum", "links", NOT_ALONE, CELL (RECEIVER, DONE, CHECKSUM_CAME), { 0 } },
  { "received-before-we-know", "paths", ALL_COMES, CELL (SENDER, MOVING, RECEIVED_SOON),
    GO (FAILED, XEP174_TRANSFER_DO_DROP | XEP174_TRANSFER_DO_SEND_FAILED) },
  { "cancels-and-forgets", "cancelled", NOT_ALONE, CELL (SENDER, CANCELLED, TELL_AGAIN), { 0 } },
  { "fails-and-forgets", "full-disk", NOT_ALONE, CELL (SENDER, FAILED, TELL_AGAIN), { 0 } },
  { "forgets-in-a-restart", "cancelled-in-band", NOT_ALONE, CELL (SENDER, OFFERED, CANCEL),
    GO (CANCELLED, XEP174_TRANSFER_DO_SEND_CANCEL | XEP174_TRANSFER_DO_DISCARD) },
  { "waits-and-does-not-ask", "forgotten", NOT_ALONE, CELL (RECEIVER, RESTING, LINK_BACK), { 0 } },
  { "asks-only-once", "forgotten", NOT_ALONE, CELL (RECEIVER, MOVING, PATH_LOST),
    GO (RESTING, XEP174_TRANSFER_DO_DROP) },
  { "does-not-hear-that-it-is-unknown", "forgotten-in-band", NOT_ALONE,
    CELL (RECEIVER, RESTING, UNKNOWN_CAME), { 0 } },
  { "waits-for-ever", "impatient", AN_END, CELL (SENDER, CONNECTING, TIMEOUT), GO (CONNECTING, 0) },
};

static const Config *
config_named (const char *name)
{
  guint i = 0;

  while (!g_str_equal (configs[i].name, name))
    i++;

  return &configs[i];
}

static void
test_mistake (gconstpointer data)
{
  const Mistake *mistake = data;
  Xep174TransferCell *cell
    = &xep174_transfer_tables[mistake->role][mistake->state][mistake->event];
  Xep174TransferCell right = *cell;
  const char *found;
  guint n;

  *cell = mistake->cell;
  found = explore_transfer (config_named (mistake->config), &n);
  *cell = right;

  g_assert_cmpstr (found, ==, mistake->found);
}

/* Each side for its own connection: what the rule for equal priorities is for. */
static void
test_mistaken_nomination (void)
{
  guint n;
  guint8 *cell = &xep174_transfer_paths[XEP174_TRANSFER_CANDIDATE_USED][XEP174_TRANSFER_CANDIDATE_USED];

  *cell = XEP174_TRANSFER_PATH_OURS;
  g_assert_cmpstr (explore_transfer (config_named ("equal-priorities"), &n), ==, ALL_COMES);
  *cell = XEP174_TRANSFER_PATH_BETTER;
}

/* What the tables cannot mend: that is the program's. */
static const Config wrong[] = {
  { "says-before-it-is-written", .size = 2, .reach = { YES, NO }, .kinds = FAULT_CRASH, .faults = 1,
    .whole = TRUE, .mistakes = MISTAKE_SAYS_FIRST },
  { "does-not-know-the-name", .size = 1, .reach = { YES, NO }, .kinds = FAULT_CRASH, .faults = 1,
    .whole = TRUE, .mistakes = MISTAKE_NAMES_LATE },
  { "heeds-an-old-timer", .size = 1, .reach = { YES, NO }, .kinds = FAULT_HASTY | FAULT_LINK, .faults = 2,
    .whole = TRUE, .mistakes = MISTAKE_OLD_TIMER },
  { "heeds-nothing", .size = 1, .reach = { YES, NO }, .kinds = FAULT_LINK, .faults = 1,
    .whole = TRUE, .mistakes = MISTAKE_HEEDS_NOTHING },
  { "goes-on-reading", .size = 2, .reach = { YES, YES }, .kinds = FAULT_LINK, .faults = 1,
    .whole = TRUE, .mistakes = MISTAKE_GOES_ON_READING },
};

static void
test_wrong (gconstpointer data)
{
  const Config *config = data;
  guint n;

  g_assert_nonnull (explore_transfer (config, &n));
}

/* --- Who fetches (XEP-0066) ------------------------------------------------------------------ */

static void
test_fetch (void)
{
  for (guint size = 0; size < 4; size++)
    {
      guint n;

      g_assert_cmpstr (explore_oob (size, &n), ==, NULL);
      g_test_message ("%u octets: %u worlds", size, n);
      g_assert_cmpuint (n, >, 10);
    }
}

static const Mistake fetch_mistakes[] = {
  { "answered-at-once", .found = OOB_ANSWERED, CELL (0, ASKED, ACCEPT),
    GO (CONNECTING, XEP174_TRANSFER_DO_DIAL | XEP174_TRANSFER_DO_SEND_RECEIVED) },
  { "silent-end", .found = OOB_ANSWERED, CELL (0, VERIFYING, HASH_NONE),
    GO (TAKEN, XEP174_TRANSFER_DO_DROP) },
  { "answered-when-lost", .found = OOB_ANSWERED, CELL (0, ASKED, LINK_LOST), GO (FAILED, 0) },
  { "fetches-before-it-asks", .found = OOB_ASKED, CELL (0, NEW, OFFER_CAME),
    GO (CONNECTING, XEP174_TRANSFER_DO_ASK | XEP174_TRANSFER_DO_DIAL) },
  { "asks-twice", .found = OOB_ASKED, CELL (0, ASKED, LINK_BACK), GO (ASKED, XEP174_TRANSFER_DO_ASK) },
  { "leaves-a-part", .found = OOB_CLOSED, CELL (0, MOVING, PATH_LOST),
    GO (FAILED, XEP174_TRANSFER_DO_DROP | XEP174_TRANSFER_DO_SEND_FAILED) },
  { "leaves-a-connection", .found = OOB_CLOSED, CELL (0, CONNECTING, CANCEL),
    GO (CANCELLED, XEP174_TRANSFER_DO_SEND_CANCEL | XEP174_TRANSFER_DO_DISCARD) },
  { "half-a-file", .found = OOB_SIZE, CELL (0, MOVING, PATH_LOST),
    GO (TAKEN, XEP174_TRANSFER_DO_DROP | XEP174_TRANSFER_DO_SEND_RECEIVED) },
  { "waits-for-ever", .found = OOB_ENDS, CELL (0, MOVING, TIMEOUT), GO (MOVING, 0) },
};

static void
test_fetch_mistake (gconstpointer data)
{
  const Mistake *mistake = data;
  Xep174TransferCell *cell = &xep174_transfer_table_oob[mistake->state][mistake->event];
  Xep174TransferCell right = *cell;
  const char *found;
  guint n;

  *cell = mistake->cell;
  found = explore_oob (2, &n);
  *cell = right;

  g_assert_cmpstr (found, ==, mistake->found);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transfer/waits", test_waits);
  g_test_add_func ("/transfer/ends", test_ends);
  g_test_add_func ("/transfer/done-cells", test_done_cells);
  g_test_add_func ("/transfer/names", test_names);
  g_test_add_func ("/transfer/nomination", test_nomination);
  g_test_add_func ("/transfer/offsets", test_offsets);
  g_test_add_func ("/transfer/received-soon", test_received_soon);
  g_test_add_func ("/transfer/received-unsent", test_received_unsent);
  g_test_add_func ("/transfer/old-timer", test_old_timer);
  g_test_add_func ("/transfer/late-checksum", test_late_checksum);
  g_test_add_func ("/transfer/unheard", test_unheard);
  g_test_add_func ("/transfer/overtakes", test_overtakes);
  g_test_add_func ("/transfer/tries", test_tries);
  g_test_add_func ("/transfer/too-much", test_too_much);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/transfer/programs/", wrong[i].name, NULL);

      g_test_add_data_func (path, &wrong[i], test_wrong);
    }
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      g_autofree char *path = g_strconcat ("/transfer/explore/", configs[i].name, NULL);

      g_test_add_data_func (path, &configs[i], test_world);
    }
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strconcat ("/transfer/mistake/", mistakes[i].name, NULL);

      g_test_add_data_func (path, &mistakes[i], test_mistake);
    }
  g_test_add_func ("/transfer/fetch", test_fetch);
  for (guint i = 0; i < G_N_ELEMENTS (fetch_mistakes); i++)
    {
      g_autofree char *path = g_strconcat ("/transfer/fetch-mistake/", fetch_mistakes[i].name, NULL);

      g_test_add_data_func (path, &fetch_mistakes[i], test_fetch_mistake);
    }
  g_test_add_func ("/transfer/mistake/each-its-own-connection", test_mistaken_nomination);

  return g_test_run ();
}
