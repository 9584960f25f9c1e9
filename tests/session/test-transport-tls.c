/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A transport that speaks TLS: what it counts, in which order it tells, and how it ends. */

#include "xep174-tls-private.h"
#include "xep174-transport-private.h"
#include "xep174-trust-error.h"

#include <string.h>
#include <sys/socket.h>

#define LARGE (1 << 20)

typedef struct
{
  Xep174Transport *transport;
  Xep174Certificate *certificate;
  GString *heard;
  GError *error;
  gboolean encrypted;
  gboolean ended;
  /* What to do when it is told of something. */
  gboolean leave_at_encrypted;
  gboolean leave_at_octets;
} End;

typedef struct
{
  GMainContext *context;
  Xep174Network *network;
  End caller;
  End callee;
} Line;

static void
on_octets (const guint8 *octets,
           gsize         length,
           gpointer      data)
{
  End *end = data;

  g_assert_false (end->ended);
  g_string_append_len (end->heard, (const char *) octets, length);
  if (end->leave_at_octets)
    g_clear_pointer (&end->transport, xep174_transport_free);
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  End *end = data;

  g_assert_false (end->ended);
  end->ended = TRUE;
  end->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
on_encrypted (gpointer data)
{
  End *end = data;

  g_assert_false (end->encrypted);
  g_assert_cmpuint (end->heard->len, ==, 0);
  end->encrypted = TRUE;
  if (end->leave_at_encrypted)
    g_clear_pointer (&end->transport, xep174_transport_free);
}

static const Xep174TransportEvents events = { on_octets, on_ended, NULL, on_encrypted };

static void
end_init (End           *end,
          Xep174Network *network,
          int            fd)
{
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  g_autoptr(GError) error = NULL;

  end->transport = xep174_transport_new (network, G_IO_STREAM (connection), &events, end, &error);
  g_assert_no_error (error);
  end->certificate = xep174_certificate_generate (&error);
  g_assert_no_error (error);
  end->heard = g_string_new (NULL);
  xep174_transport_set_reading (end->transport, TRUE);
}

static void
end_clear (End *end)
{
  g_clear_pointer (&end->transport, xep174_transport_free);
  xep174_certificate_unref (end->certificate);
  g_string_free (end->heard, TRUE);
  g_clear_error (&end->error);
}

static void
start_tls (End      *end,
           gboolean  initiator)
{
  g_autoptr(GError) error = NULL;
  Xep174Tls *tls = xep174_tls_new (end->certificate, initiator, NULL, NULL, &error);

  g_assert_no_error (error);
  xep174_transport_start_tls (end->transport, tls);
}

static void
line_init (Line *line)
{
  Xep174Clock *clock;
  Xep174Poller *poller;
  GRand *random;
  int fds[2];

  *line = (Line) { 0 };
  line->context = g_main_context_new ();
  g_main_context_push_thread_default (line->context);
  clock = xep174_clock_new_manual ();
  poller = xep174_poller_new (line->context);
  random = g_rand_new ();
  line->network = xep174_network_new (clock, poller, random, NULL, NULL, NULL);
  xep174_clock_unref (clock);
  xep174_poller_unref (poller);
  g_rand_free (random);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  end_init (&line->caller, line->network, fds[0]);
  end_init (&line->callee, line->network, fds[1]);
}

static void
line_clear (Line *line)
{
  end_clear (&line->caller);
  end_clear (&line->callee);
  xep174_transport_end_lingering (line->network);
  xep174_network_unref (line->network);
  g_main_context_pop_thread_default (line->context);
  g_main_context_unref (line->context);
}

/* Until nothing more happens: everything is on this host, so what is ready is ready at once. */
static void
settle (Line *line)
{
  while (g_main_context_iteration (line->context, FALSE))
    ;
}

static void
line_encrypt (Line *line)
{
  start_tls (&line->callee, FALSE);
  start_tls (&line->caller, TRUE);
  settle (line);
  g_assert_true (line->caller.encrypted && line->callee.encrypted);
}

static void
say (End        *end,
     const char *text,
     gsize       length)
{
  g_string_append_len (xep174_transport_get_buffer (end->transport), text, length);
  xep174_transport_flush (end->transport);
}

static void
test_both_ways (void)
{
  Line line;

  line_init (&line);
  g_assert_false (xep174_transport_is_encrypted (line.caller.transport));
  line_encrypt (&line);
  g_assert_true (xep174_transport_is_encrypted (line.caller.transport));

  say (&line.caller, "hello", 5);
  say (&line.callee, "well met", 8);
  settle (&line);
  g_assert_cmpstr (line.callee.heard->str, ==, "hello");
  g_assert_cmpstr (line.caller.heard->str, ==, "well met");
  g_assert_cmpuint (xep174_transport_get_written (line.caller.transport), ==, 5);
  g_assert_cmpuint (xep174_transport_get_appended (line.caller.transport), ==, 5);
  line_clear (&line);
}

/* T3: the last octets in the clear, such as <proceed/>, go first, and nothing of them is encrypted. */
static void
test_clear_first (void)
{
  Line line;

  line_init (&line);
  g_string_append (xep174_transport_get_buffer (line.callee.transport), "<proceed/>");
  start_tls (&line.callee, FALSE);
  settle (&line);
  g_assert_cmpstr (line.caller.heard->str, ==, "<proceed/>");
  g_assert_cmpuint (xep174_transport_get_written (line.callee.transport), ==, 10);

  g_string_truncate (line.caller.heard, 0);
  start_tls (&line.caller, TRUE);
  settle (&line);
  g_assert_true (line.caller.encrypted && line.callee.encrypted);
  line_clear (&line);
}

/* What is asked to go out before the handshake has ended waits for its end. */
static void
test_early (void)
{
  Line line;

  line_init (&line);
  start_tls (&line.caller, TRUE);
  say (&line.caller, "early", 5);
  g_assert_cmpuint (xep174_transport_get_begun (line.caller.transport), ==, 0);
  start_tls (&line.callee, FALSE);
  settle (&line);
  g_assert_cmpstr (line.callee.heard->str, ==, "early");
  line_clear (&line);
}

/* What is sealed can no longer be taken back, and is not out before all of its record is. */
static void
test_counts (void)
{
  g_autofree char *text = g_malloc (LARGE);
  Line line;
  guint64 begun;

  for (gsize i = 0; i < LARGE; i++)
    text[i] = g_test_rand_int ();
  line_init (&line);
  line_encrypt (&line);
  say (&line.caller, text, LARGE);
  begun = xep174_transport_get_begun (line.caller.transport);
  g_assert_cmpuint (xep174_transport_get_written (line.caller.transport), <, begun);
  g_assert_cmpuint (begun, <, LARGE);
  g_assert_cmpuint (xep174_transport_get_appended (line.caller.transport), ==, LARGE);

  xep174_transport_erase (line.caller.transport, LARGE - 100, LARGE - 50);
  settle (&line);
  g_assert_cmpmem (line.callee.heard->str, LARGE - 100, text, LARGE - 100);
  g_assert_cmpmem (line.callee.heard->str + LARGE - 100, line.callee.heard->len - LARGE + 100,
                   text + LARGE - 50, 50);
  g_assert_cmpuint (xep174_transport_get_written (line.caller.transport), ==, LARGE - 50);
  line_clear (&line);
}

/* T9: only close_notify is an end; behind all that was said. */
static void
test_shut (void)
{
  g_autofree char *text = g_strnfill (LARGE, 'x');
  Line line;

  line_init (&line);
  line_encrypt (&line);
  say (&line.caller, text, LARGE);
  xep174_transport_shut (line.caller.transport);
  settle (&line);
  g_assert_cmpuint (line.callee.heard->len, ==, LARGE);
  g_assert_true (line.callee.ended);
  g_assert_no_error (line.callee.error);

  /* The other direction still works. */
  say (&line.callee, "farewell", 8);
  settle (&line);
  g_assert_cmpstr (line.caller.heard->str, ==, "farewell");
  line_clear (&line);
}

static void
test_cut (void)
{
  for (guint i = 0; i < 2; i++)
    {
      Line line;

      line_init (&line);
      /* During the handshake, and behind it. */
      start_tls (&line.callee, FALSE);
      if (i == 1)
        {
          start_tls (&line.caller, TRUE);
          settle (&line);
          say (&line.caller, "hello", 5);
        }
      g_clear_pointer (&line.caller.transport, xep174_transport_free);
      settle (&line);
      g_assert_true (line.callee.ended);
      g_assert_error (line.callee.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
      g_assert_cmpstr (line.callee.heard->str, ==, i == 1 ? "hello" : "");
      line_clear (&line);
    }
}

/* T3: octets in the clear behind the beginning of TLS are never heard. */
static void
test_clear_inside (void)
{
  Line line;

  line_init (&line);
  start_tls (&line.callee, FALSE);
  say (&line.caller, "<message/>", 10);
  settle (&line);
  g_assert_true (line.callee.ended);
  g_assert_error (line.callee.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
  g_assert_cmpuint (line.callee.heard->len, ==, 0);
  /* It is told why, which is no word of XML. */
  g_assert_cmpuint (line.caller.heard->len, >, 0);
  g_assert_cmpint (line.caller.heard->str[0], ==, 0x15);
  line_clear (&line);
}

static void
test_leave (void)
{
  for (guint i = 0; i < 2; i++)
    {
      Line line;

      line_init (&line);
      line.callee.leave_at_encrypted = i == 0;
      line.callee.leave_at_octets = i == 1;
      start_tls (&line.callee, FALSE);
      start_tls (&line.caller, TRUE);
      settle (&line);
      if (i == 1)
        say (&line.caller, "hello", 5);
      settle (&line);
      g_assert_null (line.callee.transport);
      g_assert_true (line.caller.ended);
      line_clear (&line);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/transport-tls/both-ways", test_both_ways);
  g_test_add_func ("/transport-tls/T3/clear-first", test_clear_first);
  g_test_add_func ("/transport-tls/early", test_early);
  g_test_add_func ("/transport-tls/counts", test_counts);
  g_test_add_func ("/transport-tls/T9/shut", test_shut);
  g_test_add_func ("/transport-tls/T9/cut", test_cut);
  g_test_add_func ("/transport-tls/T3/clear-inside", test_clear_inside);
  g_test_add_func ("/transport-tls/leave", test_leave);

  return g_test_run ();
}
