/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The stream table, cell by cell. */

#include "xep174-stream-fsm-private.h"

static const Xep174StreamEvent timers[] = {
  XEP174_STREAM_EVENT_T_CONNECT, XEP174_STREAM_EVENT_T_OPEN, XEP174_STREAM_EVENT_T_FEATURES,
  XEP174_STREAM_EVENT_T_TLS, XEP174_STREAM_EVENT_T_HEADER, XEP174_STREAM_EVENT_T_CLOSE,
};

/* What a cell may put on the wire. */
#define WRITES                                                                                  \
  (XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_FEATURES | XEP174_STREAM_DO_SEND_OFFER  \
   | XEP174_STREAM_DO_NEGOTIATE | XEP174_STREAM_DO_SEND_STARTTLS | XEP174_STREAM_DO_SEND_PROCEED \
   | XEP174_STREAM_DO_RESUME | XEP174_STREAM_DO_SEND_ENABLE | XEP174_STREAM_DO_SEND_RESUME       \
   | XEP174_STREAM_DO_SEND_CONFLICT | XEP174_STREAM_DO_SEND_TIMEOUT                              \
   | XEP174_STREAM_DO_SEND_FAULT | XEP174_STREAM_DO_SEND_FOOTER)

/* Every cell is written out, and says what it is. */
static void
test_cells (void)
{
  for (guint state = 0; state < XEP174_STREAM_N_STATES; state++)
    for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
      {
        const Xep174StreamCell *cell = xep174_stream_cell (state, event);

        g_assert_cmpint (cell->kind, !=, XEP174_CELL_MISSING);
        g_assert_true ((cell->kind == XEP174_CELL_IMPOSSIBLE) == (cell->why != NULL));
        if (cell->kind == XEP174_CELL_MOVE)
          g_assert_cmpint (cell->next, !=, state);
        else
          g_assert_cmpint (cell->next, ==, 0);
        if (cell->kind == XEP174_CELL_IGNORE || cell->kind == XEP174_CELL_IMPOSSIBLE)
          g_assert_cmpint (cell->bits, ==, 0);
      }
}

static void
test_names (void)
{
  for (guint state = 0; state < XEP174_STREAM_N_STATES; state++)
    g_assert_nonnull (xep174_stream_state_name (state));
  for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
    g_assert_nonnull (xep174_stream_event_name (event));
  for (guint bit = 1; bit <= XEP174_STREAM_DO_DIAL_ASIDE; bit <<= 1)
    g_assert_nonnull (xep174_stream_do_name (bit));
}

/* Which states can be reached from one by the events of a range. */
static guint
reachable (guint from,
           guint first,
           guint last)
{
  guint seen = 1u << from;
  guint before;

  do
    {
      before = seen;
      for (guint state = 0; state < XEP174_STREAM_N_STATES; state++)
        for (guint event = first; event <= last && seen & 1u << state; event++)
          {
            const Xep174StreamCell *cell = xep174_stream_cell (state, event);

            if (cell->kind == XEP174_CELL_MOVE)
              seen |= 1u << cell->next;
          }
    }
  while (seen != before);

  return seen;
}

static void
test_reachable (void)
{
  guint seen = reachable (XEP174_STREAM_CLOSED, 0, XEP174_STREAM_N_EVENTS - 1);

  g_assert_cmphex (seen, ==, (1u << XEP174_STREAM_N_STATES) - 1);
}

/* Whatever the arbiter does, what the network says alone ends every stream. */
static void
test_closed_from_everywhere (void)
{
  for (guint state = 1; state < XEP174_STREAM_N_STATES; state++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (state, XEP174_STREAM_EVENT_EOF);

      g_assert_cmpint (cell->kind, ==, XEP174_CELL_MOVE);
      g_assert_cmpint (cell->next, ==, XEP174_STREAM_CLOSED);
      g_assert_true (cell->bits & XEP174_STREAM_DO_CLOSE_TCP);
    }
}

/* A state in which the peer must do something has a timer that ends it, or refuses it. HELD, AWAIT_FIRST and
 * probed streams have the arbiter's; an open stream may rest for ever. */
static void
test_timers (void)
{
  static const guint8 waiting[] = {
    XEP174_STREAM_CONNECTING, XEP174_STREAM_OPENING, XEP174_STREAM_ANON,
    XEP174_STREAM_ANON_ANSWERED, XEP174_STREAM_ANON_TLS, XEP174_STREAM_OFFERED,
    XEP174_STREAM_TLS_R, XEP174_STREAM_AWAIT_RESUME, XEP174_STREAM_RESUMING, XEP174_STREAM_ENABLING,
    XEP174_STREAM_RESTART_R, XEP174_STREAM_ASKED, XEP174_STREAM_TLS_I, XEP174_STREAM_RESTART_I,
    XEP174_STREAM_CLOSE_SENT, XEP174_STREAM_DROPPED, XEP174_STREAM_CLOSE_RCVD,
  };

  for (guint i = 0; i < G_N_ELEMENTS (waiting); i++)
    {
      gboolean ends = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (timers); j++)
        {
          const Xep174StreamCell *cell = xep174_stream_cell (waiting[i], timers[j]);

          ends |= cell->kind == XEP174_CELL_MOVE
                  && (cell->next == XEP174_STREAM_CLOSED || cell->next == XEP174_STREAM_DROPPED);
        }
      g_assert_true (ends);
    }
}

/* T2: from <starttls/> on nothing is sent but an answer to the peer's last word, and from <proceed/> to
 * the end of the handshake nothing at all. */
static void
test_silence (void)
{
  static const guint8 states[] = {
    XEP174_STREAM_ASKED, XEP174_STREAM_TLS_I, XEP174_STREAM_TLS_R, XEP174_STREAM_ANON_TLS,
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
      {
        const Xep174StreamCell *cell = xep174_stream_cell (states[i], event);

        if (event == XEP174_STREAM_EVENT_TLS_DONE)
          continue;
        if (states[i] == XEP174_STREAM_ASKED && cell->next == XEP174_STREAM_CLOSE_RCVD)
          g_assert_cmphex (cell->bits & WRITES, ==, XEP174_STREAM_DO_SEND_FOOTER);
        else
          g_assert_cmphex (cell->bits & WRITES, ==, 0);
      }
}

static guint
step_all (Xep174Stream *stream,
          ...)
{
  va_list events;
  guint bits = 0;
  int event;

  va_start (events, stream);
  while ((event = va_arg (events, int)) >= 0)
    bits = xep174_stream_step (stream, event);
  va_end (events);

  return bits;
}

/* T3, T10: both say all anew inside, and the key counts when that has come. */
static void
test_restart (void)
{
  const guint answer = XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_FEATURES;
  Xep174Stream stream = { 0 };
  guint bits;

  bits = step_all (&stream, XEP174_STREAM_EVENT_ACCEPTED, XEP174_STREAM_EVENT_HEADER,
                   XEP174_STREAM_EVENT_ACCEPT_TLS, -1);
  g_assert_cmphex (bits, ==, XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_OFFER);
  bits = step_all (&stream, XEP174_STREAM_EVENT_STARTTLS, -1);
  g_assert_cmphex (bits, ==, XEP174_STREAM_DO_SEND_PROCEED | XEP174_STREAM_DO_BEGIN_TLS);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_TLS_DONE, -1), ==, 0);
  g_assert_false (stream.flags & XEP174_STREAM_SECURE);
  bits = step_all (&stream, XEP174_STREAM_EVENT_HEADER, -1);
  g_assert_cmphex (bits, ==, answer | XEP174_STREAM_DO_TRUST_KEY);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_AWAIT_FIRST);
  g_assert_true (xep174_stream_is_secure (&stream));

  stream = (Xep174Stream) { 0 };
  bits = step_all (&stream, XEP174_STREAM_EVENT_DIAL, XEP174_STREAM_EVENT_CONNECTED,
                   XEP174_STREAM_EVENT_HEADER, XEP174_STREAM_EVENT_FEATURES_TLS, -1);
  g_assert_cmphex (bits, ==, XEP174_STREAM_DO_SEND_STARTTLS | XEP174_STREAM_DO_PROVEN);
  bits = step_all (&stream, XEP174_STREAM_EVENT_PROCEED, XEP174_STREAM_EVENT_TLS_DONE, -1);
  g_assert_cmphex (bits, ==, XEP174_STREAM_DO_SEND_HEADER);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_HEADER, -1), ==, 0);
  g_assert_false (stream.flags & XEP174_STREAM_SECURE);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_FEATURES, -1), ==,
                   XEP174_STREAM_DO_TRUST_KEY);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_OPEN_I0);
  g_assert_true (xep174_stream_is_secure (&stream));
}

/* T1, T4: a stream without a name is offered TLS too, and begins anew inside. */
static void
test_nameless (void)
{
  Xep174Stream stream = { 0 };

  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_ACCEPTED, XEP174_STREAM_EVENT_ACCEPT_TLS,
                             -1), ==,
                   XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_OFFER);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_ACCEPT_TLS, -1), ==,
                   XEP174_STREAM_DO_SEND_PROCEED | XEP174_STREAM_DO_BEGIN_TLS);
  step_all (&stream, XEP174_STREAM_EVENT_TLS_DONE, -1);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_ANON);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_HEADER, -1), ==,
                   XEP174_STREAM_DO_TRUST_KEY);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_HELD);
  g_assert_true (stream.flags & XEP174_STREAM_SECURE);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_ACCEPT, -1), ==,
                   XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_FEATURES);
}

/* T6: what a key is refused for says so where it can be said, and is heard no more. */
static void
test_key_refused (void)
{
  Xep174Stream stream = { XEP174_STREAM_RESTART_R, 0, XEP174_STREAM_INCOMING | XEP174_STREAM_TLS, 0 };

  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_KEY_REFUSED, -1), ==,
                   XEP174_STREAM_DO_REPORT | XEP174_STREAM_DO_SEND_HEADER
                   | XEP174_STREAM_DO_SEND_FAULT | XEP174_STREAM_DO_SEND_FOOTER
                   | XEP174_STREAM_DO_SHUT);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_DROPPED);

  stream = (Xep174Stream) { XEP174_STREAM_OPEN_R, 0, XEP174_STREAM_TLS | XEP174_STREAM_SECURE, 0 };
  step_all (&stream, XEP174_STREAM_EVENT_KEY_REFUSED, -1);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_CLOSE_SENT);
  g_assert_false (stream.flags & XEP174_STREAM_SECURE);

  g_assert_cmphex (xep174_stream_cell (XEP174_STREAM_TLS_I,
                                       XEP174_STREAM_EVENT_KEY_REFUSED)->bits, ==,
                   XEP174_STREAM_DO_REPORT | XEP174_STREAM_DO_CLOSE_TCP
                   | XEP174_STREAM_DO_DIAL_HOPELESS);
}

/* A2, A3: the last step of an initiator into a session; nothing is written in it, and its key counts. */
static void
test_initiator_agrees (void)
{
  static const guint8 states[] = { XEP174_STREAM_RESUMING, XEP174_STREAM_ENABLING };
  Xep174Stream stream = { XEP174_STREAM_RESTART_I, 0, XEP174_STREAM_TLS, 1 };

  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_FEATURES_RESUME, -1), ==,
                   XEP174_STREAM_DO_TRUST_KEY | XEP174_STREAM_DO_SEND_RESUME);
  g_assert_true (xep174_stream_is_securing (&stream));
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_SM_FAILED, -1), ==,
                   XEP174_STREAM_DO_ACKNOWLEDGE | XEP174_STREAM_DO_SEND_ENABLE);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_SM_AGREED, -1), ==,
                   XEP174_STREAM_DO_ACKNOWLEDGE);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_OPEN_I0);
  g_assert_true (xep174_stream_is_secure (&stream));
  g_assert_true (stream.flags & XEP174_STREAM_FEATURES);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    g_assert_cmpint (xep174_stream_cell (states[i], XEP174_STREAM_EVENT_WRITE)->kind, ==,
                     XEP174_CELL_IMPOSSIBLE);
}

/* A3, S2: <resume/> and the other words are no stanza, so that the wait of S1 goes on. */
static void
test_recipient_resumes (void)
{
  Xep174Stream stream = { XEP174_STREAM_RESTART_R, 0, XEP174_STREAM_INCOMING | XEP174_STREAM_TLS, 1 };

  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_HEADER, XEP174_STREAM_EVENT_ACKS, -1), ==,
                   XEP174_STREAM_DO_ACKNOWLEDGE);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_RESUME, -1), ==, XEP174_STREAM_DO_RESUME);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_AWAIT_FIRST);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_STANZA, -1), ==, XEP174_STREAM_DO_DELIVER);
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_ACKS, -1), ==, XEP174_STREAM_DO_ACKNOWLEDGE);
}

/* A5: beside a session a stream of its key takes its place by <resume/> alone. */
static void
test_beside (void)
{
  static const guint8 words[] = { XEP174_STREAM_EVENT_ACKS, XEP174_STREAM_EVENT_STANZA };
  Xep174Stream stream;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      stream = (Xep174Stream) { XEP174_STREAM_RESTART_R, 0,
                                XEP174_STREAM_INCOMING | XEP174_STREAM_TLS, 1 };
      g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_ACCEPT_BESIDE, -1), ==,
                       XEP174_STREAM_DO_TRUST_KEY | XEP174_STREAM_DO_SEND_HEADER
                       | XEP174_STREAM_DO_SEND_FEATURES);
      g_assert_false (xep174_stream_is_session (&stream));
      g_assert_true (step_all (&stream, words[i], -1) & XEP174_STREAM_DO_SEND_CONFLICT);
      g_assert_cmpint (stream.state, ==, XEP174_STREAM_DROPPED);
    }

  stream = (Xep174Stream) { XEP174_STREAM_AWAIT_RESUME, 0, XEP174_STREAM_INCOMING, 1 };
  g_assert_cmphex (step_all (&stream, XEP174_STREAM_EVENT_RESUME, -1), ==, XEP174_STREAM_DO_RESUME);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_AWAIT_FIRST);
}

/* A2: the state of a stream lives on only where it ends without a closing tag. */
static void
test_cut (void)
{
  for (guint state = XEP174_STREAM_AWAIT_FIRST; state <= XEP174_STREAM_OPEN_R; state++)
    g_assert_cmphex (xep174_stream_cell (state, XEP174_STREAM_EVENT_CUT)->bits, ==,
                     XEP174_STREAM_DO_CLOSE_TCP);

  g_assert_cmphex (xep174_stream_cell (XEP174_STREAM_RESUMING, XEP174_STREAM_EVENT_ABORT)->bits, ==,
                   XEP174_STREAM_DO_CLOSE_TCP);
  g_assert_cmphex (xep174_stream_cell (XEP174_STREAM_RESUMING, XEP174_STREAM_EVENT_T_TLS)->bits, ==,
                   XEP174_STREAM_DO_CLOSE_TCP | XEP174_STREAM_DO_DIAL_FAILED);
}

/* T13: a <starttls/> where none is on offer is answered, and stream and TCP end, inside TLS too. */
static void
test_starttls_refused (void)
{
  for (guint state = XEP174_STREAM_AWAIT_FIRST; state <= XEP174_STREAM_OPEN_R; state++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (state, XEP174_STREAM_EVENT_STARTTLS);

      g_assert_cmphex (cell->bits, ==, XEP174_STREAM_DO_NEGOTIATE | XEP174_STREAM_DO_SEND_FOOTER
                                       | XEP174_STREAM_DO_SHUT);
      g_assert_cmpint (cell->next, ==, XEP174_STREAM_CLOSE_SENT);
    }
}

/* S1, S2: nothing is written before the first stanza, and negotiation does not end the wait. */
static void
test_first_stanza (void)
{
  g_assert_cmpint (xep174_stream_cell (XEP174_STREAM_AWAIT_FIRST, XEP174_STREAM_EVENT_WRITE)->kind,
                   ==, XEP174_CELL_IMPOSSIBLE);
  g_assert_cmpint (xep174_stream_cell (XEP174_STREAM_AWAIT_FIRST,
                                       XEP174_STREAM_EVENT_NEGOTIATION)->kind,
                   ==, XEP174_CELL_STAY);
  g_assert_cmpint (xep174_stream_cell (XEP174_STREAM_AWAIT_FIRST,
                                       XEP174_STREAM_EVENT_FEATURES)->kind,
                   ==, XEP174_CELL_STAY);
  g_assert_cmpint (xep174_stream_cell (XEP174_STREAM_AWAIT_FIRST, XEP174_STREAM_EVENT_STANZA)->next,
                   ==, XEP174_STREAM_OPEN_R);
}

/* S4: our header, the conflict in the place of the features, the footer; TCP stays. */
static void
test_refusal (void)
{
  Xep174Stream stream = { XEP174_STREAM_HELD, 0, XEP174_STREAM_INCOMING, 0 };

  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_REFUSE), ==,
                   XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_CONFLICT
                   | XEP174_STREAM_DO_SEND_FOOTER);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_DROPPED);

  /* What still comes is delivered; the peer's footer ends it. */
  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_STANZA), ==,
                   XEP174_STREAM_DO_DELIVER);
  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_FOOTER), ==,
                   XEP174_STREAM_DO_CLOSE_TCP);
}

/* X2: no features for a peer without version; X4: no second header for one that was answered. */
static void
test_answers (void)
{
  Xep174Stream stream = { 0 };

  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_HEADER_LEGACY);
  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPT), ==,
                   XEP174_STREAM_DO_SEND_HEADER);

  stream = (Xep174Stream) { 0 };
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPTED);
  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_NAMELESS), ==,
                   XEP174_STREAM_DO_SEND_HEADER | XEP174_STREAM_DO_SEND_FEATURES);
  xep174_stream_step (&stream, XEP174_STREAM_EVENT_HEADER);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_HELD);
  g_assert_cmphex (xep174_stream_step (&stream, XEP174_STREAM_EVENT_ACCEPT), ==, 0);
  g_assert_cmpint (stream.state, ==, XEP174_STREAM_AWAIT_FIRST);
}

/* --- Every way through the table ----------------------------------------------------------- */

typedef struct
{
  Xep174Stream stream;
  guint8       header; /* sent */
  guint8       footer; /* sent */
} Walk;

/* The octets that a cell writes are a whole stream in every way through the table: one header
 * before all else, features at most once, one footer, nothing after it (X1, X5). */
static void
check_octets (Walk  *walk,
              guint  bits)
{
  const guint writes = WRITES & ~XEP174_STREAM_DO_SEND_HEADER;

  g_assert_false (bits & XEP174_STREAM_DO_SEND_HEADER && walk->header);
  g_assert_false (bits & (writes | XEP174_STREAM_DO_SEND_HEADER) && walk->footer);
  walk->header |= (bits & XEP174_STREAM_DO_SEND_HEADER) != 0;
  g_assert_false (bits & writes && !walk->header);
  g_assert_true (!(bits & XEP174_STREAM_DO_SHUT) || bits & XEP174_STREAM_DO_SEND_FOOTER);
  walk->footer |= (bits & XEP174_STREAM_DO_SEND_FOOTER) != 0;
  if (bits & XEP174_STREAM_DO_BEGIN_TLS)
    walk->header = FALSE; /* T3: all is said anew */
  if (bits & (XEP174_STREAM_DO_SEND_FEATURES | XEP174_STREAM_DO_SEND_OFFER))
    g_assert_cmpint (bits & (XEP174_STREAM_DO_SEND_CONFLICT | XEP174_STREAM_DO_SEND_FAULT), ==, 0);
}

/* From each kind of birth through every cell that is not said to be impossible. */
static void
walk_on (GHashTable *seen,
         GArray     *open,
         Walk        walk)
{
  for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (walk.stream.state, event);
      Walk next = walk;
      gint64 key;

      if (cell->kind == XEP174_CELL_IMPOSSIBLE)
        continue;

      check_octets (&next, xep174_stream_step (&next.stream, event));
      if (next.stream.state == XEP174_STREAM_CLOSED)
        next = (Walk) { 0 };

      key = next.stream.state | next.stream.flags << 8 | next.header << 24 | next.footer << 25;
      if (!g_hash_table_contains (seen, &key))
        {
          g_hash_table_add (seen, g_memdup2 (&key, sizeof key));
          g_array_append_val (open, next);
        }
    }
}

static void
test_octets (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (Walk));
  Walk start = { 0 };

  g_array_append_val (open, start);
  for (guint i = 0; i < open->len; i++)
    walk_on (seen, open, g_array_index (open, Walk, i));

  g_test_message ("%u states with flags", open->len);
  g_assert_cmpint (open->len, >, 100);
}

/* X5: who has not sent a footer answers one; who has sent one closes TCP. */
static void
test_footers (void)
{
  for (guint state = XEP174_STREAM_ANON; state <= XEP174_STREAM_OPEN_R; state++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (state, XEP174_STREAM_EVENT_FOOTER);

      if (cell->kind == XEP174_CELL_IMPOSSIBLE)
        continue;
      g_assert_cmpint (cell->next, ==, XEP174_STREAM_CLOSE_RCVD);
      g_assert_true (cell->bits & XEP174_STREAM_DO_SEND_FOOTER);
      g_assert_false (cell->bits & XEP174_STREAM_DO_CLOSE_TCP);
    }
  for (guint state = XEP174_STREAM_CLOSE_SENT; state <= XEP174_STREAM_DROPPED; state++)
    {
      const Xep174StreamCell *cell = xep174_stream_cell (state, XEP174_STREAM_EVENT_FOOTER);

      g_assert_cmpint (cell->next, ==, XEP174_STREAM_CLOSED);
      g_assert_cmphex (cell->bits, ==, XEP174_STREAM_DO_CLOSE_TCP);
    }
}

/* T13, X6: only behind what makes every further word of the peer's useless is our half of TCP closed; a
 * refusal (S4) and a closing tag (X5) wait for the peer's. */
static void
test_shut (void)
{
  for (guint state = 0; state < XEP174_STREAM_N_STATES; state++)
    for (guint event = 0; event < XEP174_STREAM_N_EVENTS; event++)
      {
        const Xep174StreamCell *cell = xep174_stream_cell (state, event);
        gboolean useless = event == XEP174_STREAM_EVENT_FAULT
                           || event == XEP174_STREAM_EVENT_STARTTLS
                           || event == XEP174_STREAM_EVENT_UNENCRYPTED
                           || event == XEP174_STREAM_EVENT_KEY_REFUSED;

        if (cell->kind == XEP174_CELL_MOVE && cell->next != XEP174_STREAM_CLOSED
            && !(cell->bits & XEP174_STREAM_DO_BEGIN_TLS))
          g_assert_cmpint ((cell->bits & XEP174_STREAM_DO_SHUT) != 0, ==, useless);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stream-fsm/every-cell-is-defined", test_cells);
  g_test_add_func ("/stream-fsm/names", test_names);
  g_test_add_func ("/stream-fsm/every-state-is-reachable", test_reachable);
  g_test_add_func ("/stream-fsm/closed-from-every-state", test_closed_from_everywhere);
  g_test_add_func ("/stream-fsm/every-wait-has-a-timer", test_timers);
  g_test_add_func ("/stream-fsm/T2-silence-until-the-handshake-is-over", test_silence);
  g_test_add_func ("/stream-fsm/T3-T10-restart", test_restart);
  g_test_add_func ("/stream-fsm/T1-T4-nameless", test_nameless);
  g_test_add_func ("/stream-fsm/T6-key-refused", test_key_refused);
  g_test_add_func ("/stream-fsm/A2-A3-initiator-agrees", test_initiator_agrees);
  g_test_add_func ("/stream-fsm/A3-S2-recipient-resumes", test_recipient_resumes);
  g_test_add_func ("/stream-fsm/A5-beside-a-session", test_beside);
  g_test_add_func ("/stream-fsm/A2-cut", test_cut);
  g_test_add_func ("/stream-fsm/T13-starttls-refused", test_starttls_refused);
  g_test_add_func ("/stream-fsm/S1-S2-first-stanza", test_first_stanza);
  g_test_add_func ("/stream-fsm/S4-refusal", test_refusal);
  g_test_add_func ("/stream-fsm/X2-X4-answers", test_answers);
  g_test_add_func ("/stream-fsm/X1-X5-octets-of-every-way", test_octets);
  g_test_add_func ("/stream-fsm/X5-footers", test_footers);
  g_test_add_func ("/stream-fsm/T13-X6-shut", test_shut);

  return g_test_run ();
}
