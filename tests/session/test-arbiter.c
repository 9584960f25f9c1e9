/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The arbiter by itself: everything that any environment can do to it, and single stories. The
 * interplay of two of them is explored in test-explore.c. */

#include "xep174-arbiter-private.h"

#include <string.h>

/* A turn may need this many rules; the machine stops at twice as many. */
#define RULES_MAX 8

static guint criticals;
static gboolean acknowledges;

static void
on_log (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        data)
{
  g_test_message ("%s", message);
  criticals++;
}

/* --- Every state that any environment can bring about -------------------------------------- */

/* Ending streams only wait for their end: beyond so many they are not piled up further; where there are
 * acknowledgements, which make much more of the others, beyond none. */
#define ENDING_MAX 1

/* A contact has so many addresses. */
#define ADDRESSES_MAX 2

typedef struct
{
  GHashTable *seen;
  GPtrArray  *open;
  guint64     n_steps;
  guint       n_actions; /* the longest list */
} Closure;

static guint
state_hash (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 2166136261u;

  for (guint i = 0; i < sizeof (Xep174Arbiter); i++)
    hash = (hash ^ bytes[i]) * 16777619u;

  return hash;
}

static gboolean
state_equal (gconstpointer a,
             gconstpointer b)
{
  return memcmp (a, b, sizeof (Xep174Arbiter)) == 0;
}

static guint
is_heard (const Xep174Arbiter *self,
          guint                slot)
{
  return self->heard >> slot & 1;
}

static guint
is_resumable (const Xep174Arbiter *self,
              guint                slot)
{
  return self->resumable >> slot & 1;
}

static guint64
slot_key (const Xep174Arbiter *self,
          guint                slot)
{
  const Xep174Stream *stream = &self->slots[slot];

  return stream->state == XEP174_STREAM_CLOSED
           ? 0
           : 1 + (stream->flags | (guint64) self->stream_timers[slot] << 16
                  | (guint64) stream->state << 32 | (guint64) stream->blocked << 40
                  | (guint64) is_heard (self, slot) << 48
                  | (guint64) is_resumable (self, slot) << 49 | (guint64) stream->key << 56);
}

/* What nothing asks for any more in a state. */
static void
forget_flags (Xep174Stream *stream)
{
  if (stream->state != XEP174_STREAM_HELD)
    stream->flags &= ~XEP174_STREAM_SPOKEN;
  stream->flags &= ~XEP174_STREAM_HEADER;
  if (stream->state != XEP174_STREAM_GREETED && stream->state != XEP174_STREAM_OPEN_I0)
    stream->flags &= ~XEP174_STREAM_FEATURES;
  if (xep174_stream_is_session (stream) || xep174_stream_is_dial (stream))
    stream->flags &= ~XEP174_STREAM_ANSWERED;
}

/* Which slot a stream lies in makes no difference. */
static void
sort_slots (Xep174Arbiter *self)
{
  if (self->aside == ADDRESSES_MAX - 1)
    self->others = FALSE;
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    forget_flags (&self->slots[i]);

  for (guint i = 1; i < XEP174_ARBITER_N_SLOTS; i++)
    for (guint j = i; j > 0 && slot_key (self, j - 1) < slot_key (self, j); j--)
      {
        Xep174Stream stream = self->slots[j];
        guint16 timers = self->stream_timers[j];

        if (is_heard (self, j) != is_heard (self, j - 1))
          self->heard ^= 3u << (j - 1);
        if (is_resumable (self, j) != is_resumable (self, j - 1))
          self->resumable ^= 3u << (j - 1);
        self->slots[j] = self->slots[j - 1];
        self->stream_timers[j] = self->stream_timers[j - 1];
        self->slots[j - 1] = stream;
        self->stream_timers[j - 1] = timers;
      }
}

static guint
count (const Xep174Arbiter *self,
       guint                first,
       guint                last)
{
  guint n = 0;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->slots[i].state >= first && self->slots[i].state <= last)
      n++;

  return n;
}

static gboolean
runs (const Xep174Arbiter *self,
      guint                timer)
{
  if (!xep174_timer_info (timer)->per_stream)
    return (self->timers >> timer) & 1;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if ((self->stream_timers[i] >> timer) & 1)
      return TRUE;

  return FALSE;
}

static gboolean
is_blocked (const Xep174Arbiter *self)
{
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (self->slots[i].blocked)
      return TRUE;

  return FALSE;
}

/* No wait without a timer: neither a stream's, nor a held one's, nor the queue's. */
static void
check_waits (const Xep174Arbiter *self,
             const Xep174View    *view)
{
  static const guint8 timer_of[XEP174_STREAM_N_STATES] = {
    [XEP174_STREAM_CONNECTING] = 1 + XEP174_TIMER_CONNECT,
    [XEP174_STREAM_OPENING] = 1 + XEP174_TIMER_OPEN,
    [XEP174_STREAM_GREETED] = 1 + XEP174_TIMER_OPEN,
    [XEP174_STREAM_OFFERED ... XEP174_STREAM_ENABLING] = 1 + XEP174_TIMER_TLS,
    [XEP174_STREAM_CLOSE_SENT] = 1 + XEP174_TIMER_CLOSE,
    [XEP174_STREAM_DROPPED] = 1 + XEP174_TIMER_CLOSE,
    [XEP174_STREAM_CLOSE_RCVD] = 1 + XEP174_TIMER_CLOSE,
  };

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      guint timer = timer_of[self->slots[i].state];

      if (timer != 0)
        g_assert_true (self->stream_timers[i] & 1u << (timer - 1));
      if (self->slots[i].state == XEP174_STREAM_CLOSED)
        g_assert_cmpint (self->stream_timers[i], ==, 0);
      if (self->slots[i].flags & XEP174_STREAM_PROBING)
        g_assert_true (runs (self, XEP174_TIMER_PROBE) || view->n_closing > 0);
    }

  if (view->n_est > 1)
    g_assert_true (runs (self, XEP174_TIMER_SETTLE));
  if (self->head != XEP174_HEAD_NONE && !self->stopping)
    {
      gboolean any = self->timers != 0 || is_blocked (self);

      for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
        any |= self->stream_timers[i] != 0;
      g_assert_true (any);
    }
}

static void
check_state (const Xep174Arbiter *self)
{
  Xep174View view;
  Xep174RuleId rule;

  xep174_view_of (self, &view);
  g_assert_cmpint (view.n_est, <=, 2);
  g_assert_cmpint (count (self, XEP174_STREAM_CONNECTING, XEP174_STREAM_GREETED), <=, 1);
  g_assert_cmpint (count (self, XEP174_STREAM_HELD, XEP174_STREAM_HELD), <=, 1);
  g_assert_cmpint (count (self, XEP174_STREAM_ANON, XEP174_STREAM_ANON_TLS), ==, 0);

  /* Total: a held stream has its rule. Applied until none does: that one holds. */
  rule = xep174_rule_that_applies (self, &view, XEP174_CHAPTER_STREAMS);
  if (view.held != XEP174_NO_SLOT)
    {
      g_assert_cmpint (rule, <, XEP174_N_RULES);
      g_assert_null (xep174_arbiter_rules[rule].act);
      g_assert_true (runs (self, xep174_arbiter_rules[rule].timer));
    }
  else
    g_assert_cmpint (rule, ==, XEP174_N_RULES);

  /* A5: nobody is held beside a session that may be resumed, but for one in its TLS phase. */
  if (view.held != XEP174_NO_SLOT && view.lasting != XEP174_NO_SLOT
      && !(self->slots[view.held].flags & (XEP174_STREAM_LEGACY | XEP174_STREAM_SPOKEN)))
    g_assert_true (view.n_securing > 0 || view.n_closing > 0);

  /* T5: no session in the clear is left where that is sealed. */
  g_assert_true (!view.sealed || view.bare == XEP174_NO_SLOT);
  g_assert_cmpint (xep174_rule_that_applies (self, &view, XEP174_CHAPTER_QUEUE), ==,
                   XEP174_N_RULES);
  check_waits (self, &view);
}

static void
reach (Closure             *closure,
       const Xep174Arbiter *self,
       guint                n_actions)
{
  Xep174Arbiter sorted = *self;

  closure->n_steps++;
  closure->n_actions = MAX (closure->n_actions, n_actions);
  g_assert_cmpint (criticals, ==, 0);

  sort_slots (&sorted);
  if (g_hash_table_contains (closure->seen, &sorted))
    return;

  check_state (&sorted);
  g_hash_table_add (closure->seen, g_memdup2 (&sorted, sizeof sorted));
  if (count (&sorted, XEP174_STREAM_CLOSE_SENT, XEP174_STREAM_CLOSE_RCVD)
      <= (acknowledges ? 0 : ENDING_MAX))
    g_ptr_array_add (closure->open, g_memdup2 (&sorted, sizeof sorted));
}

/* What is asked for only when a stream has moved is the same when none has. */
static void
check_unmoved (const Xep174Arbiter *before,
               const Xep174Arbiter *after)
{
  guint current = xep174_arbiter_current (after);

  g_assert_cmpint (xep174_arbiter_current (before), ==, current);
  g_assert_cmpint (xep174_arbiter_phase (before, current), ==,
                   xep174_arbiter_phase (after, current));
  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    {
      g_assert_cmpint (before->slots[i].state, ==, after->slots[i].state);
      g_assert_cmpint (xep174_arbiter_may_read (before, i), ==, xep174_arbiter_may_read (after, i));
    }
}

static void
try_step (Closure             *closure,
          const Xep174Arbiter *self,
          guint                event,
          guint                slot)
{
  Xep174Arbiter next = *self;
  Xep174ActionList list;

  xep174_arbiter_step (&next, event, slot, &list);
  if (!list.moved)
    check_unmoved (self, &next);
  reach (closure, &next, list.n);
}

static void
try_adopt (Closure             *closure,
           const Xep174Arbiter *self,
           Xep174StreamEvent    named,
           Xep174StreamEvent    nameless,
           guint                heard)
{
  Xep174Arbiter next = *self;
  Xep174Stream stream = { 0 };
  Xep174ActionList list;

  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  if (nameless != XEP174_STREAM_N_EVENTS)
    xep174_stream_step (&stream, nameless);
  next.heard = heard;
  xep174_arbiter_adopt (&next, &stream, named, &list);
  reach (closure, &next, list.n);
}

static gboolean
is_of_acks (guint event)
{
  return event == XEP174_STREAM_EVENT_FEATURES_SM
         || (event >= XEP174_STREAM_EVENT_SM_AGREED && event <= XEP174_STREAM_EVENT_ACKS);
}

/* Without encryption there are no keys, and nobody tells one kind of features from the other. What may
 * be resumed the arbiter finds out by itself. */
static gboolean
can_come (const Xep174Arbiter *self,
          guint                state,
          guint                event)
{
  if (event == XEP174_STREAM_EVENT_FEATURES_RESUME || (!acknowledges && is_of_acks (event)))
    return FALSE;
  if (event == XEP174_STREAM_EVENT_FEATURES_SM && state != XEP174_STREAM_RESTART_I)
    return FALSE;
  if (event == XEP174_STREAM_EVENT_RESUME
      && (state == XEP174_STREAM_AWAIT_FIRST || state == XEP174_STREAM_OPEN_R))
    return TRUE;
  if (!self->encrypts
      && (event == XEP174_STREAM_EVENT_FEATURES_TLS || event == XEP174_STREAM_EVENT_KEY_REFUSED))
    return FALSE;

  return xep174_stream_cell (state, event)->kind != XEP174_CELL_IMPOSSIBLE
         || (self->encrypts && event == XEP174_STREAM_EVENT_STANZA
             && state >= XEP174_STREAM_GREETED && state != XEP174_STREAM_TLS_I
             && state != XEP174_STREAM_TLS_R && state != XEP174_STREAM_RESTART_R);
}

/* Either the key that every session has, or another that is accepted too. */
static void
try_handshake (Closure             *closure,
               const Xep174Arbiter *self,
               guint                slot)
{
  for (guint key = 1; key <= 2; key++)
    {
      Xep174Arbiter next = *self;

      next.slots[slot].key = key;
      try_step (closure, &next, XEP174_STREAM_EVENT_TLS_DONE, slot);
    }
}

/* The network, the timers and the program, on one stream. */
static void
try_slot (Closure             *closure,
          const Xep174Arbiter *self,
          guint                slot)
{
  const Xep174Stream *stream = &self->slots[slot];
  gboolean dialling = stream->state == XEP174_STREAM_CONNECTING;

  for (guint event = XEP174_STREAM_EVENT_CONNECTED; event <= XEP174_STREAM_EVENT_EOF; event++)
    if (!dialling && !xep174_arbiter_may_read (self, slot))
      break;
    else if (event == XEP174_STREAM_EVENT_TLS_DONE
             && xep174_stream_cell (stream->state, event)->kind == XEP174_CELL_MOVE)
      try_handshake (closure, self, slot);
    else if (can_come (self, stream->state, event) && xep174_arbiter_may_take (self, slot, event))
      try_step (closure, self, event, slot);

  for (guint timer = 0; timer < XEP174_TIMER_HOLD; timer++)
    if ((self->stream_timers[slot] >> timer) & 1)
      try_step (closure, self, xep174_timer_event (timer), slot);

  if (acknowledges && xep174_stream_is_secure (stream) && !is_resumable (self, slot))
    {
      Xep174Arbiter next = *self;

      next.resumable |= 1u << slot;
      try_step (closure, &next, XEP174_ARBITER_EVENT_KEPT, XEP174_NO_SLOT);
    }
  if (xep174_arbiter_may_steal (self, slot))
    try_step (closure, self, XEP174_STREAM_EVENT_STEAL, slot);

  for (guint blocked = XEP174_STREAM_FREE;
       blocked <= XEP174_STREAM_UNCONFIRMED && xep174_stream_is_session (stream)
       && !self->encrypts; blocked++)
    {
      Xep174Arbiter next = *self;

      next.slots[slot].blocked = blocked;
      if (blocked != stream->blocked)
        try_step (closure, &next, XEP174_ARBITER_EVENT_UNBLOCKED, slot);
    }
}

static void
try_contact (Closure             *closure,
             const Xep174Arbiter *self)
{
  Xep174Arbiter next = *self;

  for (guint timer = XEP174_TIMER_HOLD; timer < XEP174_N_TIMERS; timer++)
    if ((self->timers >> timer) & 1)
      try_step (closure, self, xep174_timer_event (timer), XEP174_NO_SLOT);

  for (guint head = XEP174_HEAD_NONE; head <= XEP174_HEAD_ANSWER; head++)
    if (head != self->head && !self->stopping
        && (!self->encrypts || head == XEP174_HEAD_NONE || head == XEP174_HEAD_MESSAGE)
        && (head == XEP174_HEAD_NONE || self->head == XEP174_HEAD_NONE
            || head == XEP174_HEAD_ANSWER))
      {
        next.head = head;
        try_step (closure, &next, XEP174_ARBITER_EVENT_HEAD, XEP174_NO_SLOT);
      }
  next.head = self->head;

  if (!self->encrypts)
    {
      next.anon = !self->anon;
      try_step (closure, &next, XEP174_ARBITER_EVENT_ANON, XEP174_NO_SLOT);

      next.anon = self->anon;
      next.others = !self->others && self->aside < ADDRESSES_MAX - 1;
      if (next.others != self->others)
        try_step (closure, &next, XEP174_ARBITER_EVENT_WAYS, XEP174_NO_SLOT);
    }

  if (self->kept != 0)
    {
      next.kept = 0;
      try_step (closure, &next, XEP174_ARBITER_EVENT_KEPT, XEP174_NO_SLOT);
    }

  try_step (closure, self, XEP174_ARBITER_EVENT_PROBE, XEP174_NO_SLOT);
  if (self->head == XEP174_HEAD_NONE)
    try_step (closure, self, XEP174_ARBITER_EVENT_STOP, XEP174_NO_SLOT);

  for (guint heard = 0; heard <= G_MAXUINT8; heard += G_MAXUINT8)
    {
      try_adopt (closure, self, XEP174_STREAM_EVENT_HEADER, XEP174_STREAM_N_EVENTS, heard);
      if (!self->encrypts)
        try_adopt (closure, self, XEP174_STREAM_EVENT_HEADER_LEGACY, XEP174_STREAM_N_EVENTS, heard);
    }
}

/* What an environment is like, in bits. */
enum
{
  SMALLER      = 1 << 0,
  ENCRYPTED    = 1 << 1,
  ACKNOWLEDGED = 1 << 2,
};

static void
test_any_environment (gconstpointer data)
{
  guint kind = GPOINTER_TO_UINT (data);
  Closure closure = {
    .seen = g_hash_table_new_full (state_hash, state_equal, g_free, NULL),
    .open = g_ptr_array_new_with_free_func (g_free),
  };
  Xep174Arbiter start;

  criticals = 0;
  xep174_arbiter_init (&start, kind & SMALLER, 1);
  start.encrypts = start.sealed = (kind & ENCRYPTED) != 0;
  acknowledges = (kind & ACKNOWLEDGED) != 0;
  reach (&closure, &start, 0);

  while (closure.open->len > 0)
    {
      g_autofree Xep174Arbiter *self = g_ptr_array_steal_index_fast (closure.open,
                                                                     closure.open->len - 1);

      try_contact (&closure, self);
      for (guint slot = 0; slot < XEP174_ARBITER_N_SLOTS; slot++)
        if (self->slots[slot].state != XEP174_STREAM_CLOSED)
          try_slot (&closure, self, slot);
    }

  g_test_message ("%u states, %" G_GUINT64_FORMAT " steps, at most %u actions in one",
                  g_hash_table_size (closure.seen), closure.n_steps, closure.n_actions);
  g_assert_cmpint (closure.n_actions, <=, XEP174_ACTION_LIST_MAX / 2);
  g_ptr_array_unref (closure.open);
  g_hash_table_unref (closure.seen);
}

/* --- Total and terminating, also where no environment leads -------------------------------- */

/* The nth combination: takes digits of different bases off a number. */
static guint
digit (guint *number,
       guint  base)
{
  guint value = *number % base;

  *number /= base;

  return value;
}

static Xep174Stream
combined_session (guint kind)
{
  Xep174Stream stream = { 0 };

  if (kind == 0)
    return stream;

  stream.state = XEP174_STREAM_AWAIT_FIRST + (kind - 1) % 4;
  stream.flags = XEP174_STREAM_SESSION;
  if ((kind - 1) / 4 & 1)
    stream.flags |= XEP174_STREAM_PROBING;
  if ((kind - 1) / 4 & 2)
    stream.flags |= XEP174_STREAM_LEGACY;

  return stream;
}

static gboolean
combine (Xep174Arbiter *self,
         guint          number)
{
  static const Xep174Stream dials[] = {
    { XEP174_STREAM_CLOSED, 0, 0, 0 },
    { XEP174_STREAM_CONNECTING, 0, 0, 0 },
    { XEP174_STREAM_OPENING, 0, XEP174_STREAM_ANSWERED, 0 },
    { XEP174_STREAM_GREETED, 0, XEP174_STREAM_ANSWERED, 0 },
  };
  static const Xep174Stream helds[] = {
    { XEP174_STREAM_CLOSED, 0, 0, 0 },
    { XEP174_STREAM_HELD, 0, XEP174_STREAM_INCOMING, 0 },
    { XEP174_STREAM_HELD, 0, XEP174_STREAM_INCOMING | XEP174_STREAM_LEGACY | XEP174_STREAM_SPOKEN, 0 },
  };
  static const Xep174Stream endings[] = {
    { XEP174_STREAM_CLOSED, 0, 0, 0 },
    { XEP174_STREAM_CLOSE_SENT, 0, XEP174_STREAM_SESSION, 0 },
    { XEP174_STREAM_DROPPED, 0, 0, 0 },
    { XEP174_STREAM_DROPPED, 0, XEP174_STREAM_ABORTED, 0 },
    { XEP174_STREAM_CLOSE_RCVD, 0, XEP174_STREAM_SESSION, 0 },
  };

  xep174_arbiter_init (self, digit (&number, 2), 1);
  self->head = digit (&number, XEP174_HEAD_ANSWER + 1);
  self->backoff = digit (&number, 2);
  self->anon = digit (&number, 2);
  self->stopping = digit (&number, 2);
  self->slots[0] = combined_session (digit (&number, 17));
  self->slots[1] = combined_session (digit (&number, 5));
  self->slots[2] = dials[digit (&number, G_N_ELEMENTS (dials))];
  self->slots[3] = helds[digit (&number, G_N_ELEMENTS (helds))];
  self->slots[4] = endings[digit (&number, G_N_ELEMENTS (endings))];

  return number == 0;
}

/* What a chapter asks first leaves out no rule of it. */
static void
check_chapters (const Xep174Arbiter *self,
                const Xep174View    *view)
{
  for (guint id = 0; id < XEP174_N_RULES; id++)
    if (xep174_arbiter_rules[id].matches (self, view))
      g_assert_cmpint (xep174_rule_that_applies (self, view, xep174_arbiter_rules[id].chapter), <=,
                       id);
}

static void
test_rules_terminate (void)
{
  Xep174ActionList list;
  Xep174Turn turn = { .out = &list };
  Xep174Arbiter self;
  guint most = 0, n;

  criticals = 0;
  for (n = 0; combine (&self, n); n++)
    {
      guint n_rules;

      turn.self = &self;
      list.n = 0;
      xep174_view_of (&self, &turn.view);
      check_chapters (&self, &turn.view);
      n_rules = xep174_turn_apply_rules (&turn);
      most = MAX (most, n_rules);
      g_assert_cmpint (criticals, ==, 0);
      for (guint chapter = 0; chapter < XEP174_N_CHAPTERS; chapter++)
        {
          Xep174RuleId rule = xep174_rule_that_applies (&self, &turn.view, chapter);

          g_assert_true (rule == XEP174_N_RULES || xep174_arbiter_rules[rule].act == NULL);
        }
    }

  g_test_message ("%u combinations, at most %u rules in one turn", n, most);
  g_assert_cmpint (most, <=, RULES_MAX);
}

/* Each rule says what it is; only one that holds has a timer, and it is in the held half. */
static void
test_rules_are_whole (void)
{
  for (guint id = 0; id < XEP174_N_RULES; id++)
    {
      const Xep174Rule *rule = &xep174_arbiter_rules[id];

      g_assert_nonnull (rule->name);
      g_assert_nonnull (rule->situation);
      g_assert_nonnull (rule->action);
      g_assert_nonnull (rule->matches);
      if (rule->act == NULL)
        g_assert_cmpint (rule->chapter, ==, XEP174_CHAPTER_STREAMS);
    }
  for (guint timer = 0; timer < XEP174_N_TIMERS; timer++)
    g_assert_nonnull (xep174_arbiter_waits[timer].wanted);
  for (guint event = XEP174_STREAM_N_EVENTS; event < XEP174_ARBITER_N_EVENTS; event++)
    g_assert_nonnull (xep174_arbiter_rows[event].act);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_log_set_default_handler (on_log, NULL);

  g_test_add_func ("/arbiter/rules-are-whole", test_rules_are_whole);
  g_test_add_func ("/arbiter/rules-are-total-and-terminate", test_rules_terminate);
  g_test_add_data_func ("/arbiter/any-environment/smaller", GUINT_TO_POINTER (SMALLER),
                        test_any_environment);
  g_test_add_data_func ("/arbiter/any-environment/larger", GUINT_TO_POINTER (0),
                        test_any_environment);
  g_test_add_data_func ("/arbiter/any-environment/encrypted/smaller",
                        GUINT_TO_POINTER (SMALLER | ENCRYPTED), test_any_environment);
  g_test_add_data_func ("/arbiter/any-environment/encrypted/larger", GUINT_TO_POINTER (ENCRYPTED),
                        test_any_environment);
  g_test_add_data_func ("/arbiter/any-environment/A2-A5-acknowledged/smaller",
                        GUINT_TO_POINTER (SMALLER | ENCRYPTED | ACKNOWLEDGED),
                        test_any_environment);
  g_test_add_data_func ("/arbiter/any-environment/A2-A5-acknowledged/larger",
                        GUINT_TO_POINTER (ENCRYPTED | ACKNOWLEDGED), test_any_environment);

  return g_test_run ();
}
