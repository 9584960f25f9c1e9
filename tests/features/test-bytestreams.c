/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytestreams over the loopback (XEP-0065, XEP-0260), and who else comes to the port. */

#include "stream-ends.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "book.h"
#include "xep174-candidates-private.h"
#include "xep174-greeting-private.h"
#include "xep174-socks.h"

#define ENCRYPTED GINT_TO_POINTER (TRUE)

/* --- Both of ours -------------------------------------------------------------------------------- */

static void
dial (End *end,
      End *other)
{
  xep174_bytestream_dial (end->stream, xep174_bytestream_get_candidates (other->stream));
}

static void
check_joined (Xep174Pipe *one,
              Xep174Pipe *other)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (one->connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (other->connection, NULL);

  g_assert_cmpint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)), ==,
                   g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)));
}

/* XEP-0260 §2.2: each side offers, each side dials. */
static void
test_meet (Ends          *ends,
           gconstpointer  data)
{
  g_autoptr(Xep174Pipe) dialled = NULL;
  g_autoptr(Xep174Pipe) called = NULL;
  g_autoptr(Xep174Pipe) back = NULL;
  g_autoptr(GError) error = NULL;

  dial (&ends->romeo, &ends->juliet);
  dial (&ends->juliet, &ends->romeo);
  WAIT_FOR (strlen (ends->romeo.log->str) + strlen (ends->juliet.log->str) == 2 * strlen ("dialled called "));

  dialled = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, &error);
  g_assert_no_error (error);
  called = xep174_bytestream_take (ends->juliet.stream, FALSE, ends->romeo.cid, &error);
  g_assert_no_error (error);
  check_joined (dialled, called);
  g_assert_true (dialled->dials && !called->dials);
  g_assert_true ((dialled->tls != NULL) == (data != NULL) && (called->tls != NULL) == (data != NULL));

  /* What was not chosen is closed. */
  back = xep174_bytestream_take (ends->romeo.stream, FALSE, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_null (back);
}

/* --- Who else comes to the port ------------------------------------------------------------------ */

#define GREETING "\5\1\0"
#define CHOICE   "\5\0"

/* For the stream of @requester and @target. */
static GBytes *
make_request (const char *requester,
              const char *target)
{
  g_autofree char *address = xep174_socks_address (SID, requester, target);

  return ends_make_request (address);
}

static void
say_bytes (GSocket *socket,
           GBytes  *octets)
{
  ends_say (socket, g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
}

static void
check_ended (GSocket *socket)
{
  g_autoptr(GBytes) heard = ends_hear (socket, G_MAXINT16);

  g_assert_cmpuint (g_bytes_get_size (heard), <, 100);
}

/* The port goes on to be one of XMPP, too. */
static void
check_talks (Ends *ends)
{
  g_autoptr(GSocket) socket = ends_come_in (&ends->juliet);
  g_autoptr(GBytes) heard = NULL;
  const char header[] = "<stream:stream xmlns='jabber:client' from='nobody' to='" JULIET "' version='1.0' "
                        "xmlns:stream='http://etherx.jabber.org/streams'>";

  ends_say (socket, header, sizeof header - 1);
  heard = ends_hear (socket, 5);
  g_assert_cmpmem (g_bytes_get_data (heard, NULL), g_bytes_get_size (heard), "<?xml", 5);
}

/* Who does not know the address gets nothing, however early he comes. */
static void
test_stranger (Ends          *ends,
               gconstpointer  data)
{
  g_autoptr(GSocket) socket = ends_come_in (&ends->juliet);
  /* Requester and target the other way round: what romeo's port expects. */
  g_autoptr(GBytes) request = make_request (ROMEO, JULIET);

  say_bytes (socket, request);
  g_assert_cmpint (ends_hear_answer (socket), ==, 2);
  check_ended (socket);
  g_assert_cmpstr (ends->juliet.log->str, ==, "");
  check_talks (ends);
  test_meet (ends, data);
}

/* The right words, whole and one at a time. */
static void
test_cuts (Ends          *ends,
           gconstpointer  data)
{
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);
  gsize length = g_bytes_get_size (request);
  const char *octets = g_bytes_get_data (request, NULL);

  for (gsize cut = 1; cut <= length; cut += 7)
    {
      g_autoptr(GSocket) socket = ends_come_in (&ends->juliet);
      g_autoptr(Xep174Pipe) pipe = NULL;

      g_string_truncate (ends->juliet.log, 0);
      for (gsize at = 0; at < length; at += cut)
        {
          ends_say (socket, octets + at, MIN (cut, length - at));
          while (g_main_context_iteration (NULL, FALSE))
            ;
        }
      g_assert_cmpint (ends_hear_answer (socket), ==, 0);
      WAIT_FOR (ends->juliet.log->len > 0);
      g_assert_cmpstr (ends->juliet.log->str, ==, "called ");
      pipe = xep174_bytestream_take (ends->juliet.stream, FALSE, NULL, NULL);
      g_assert_nonnull (pipe);
    }
}

typedef struct
{
  const char *name;
  const char *octets;
  gsize       length;
} Nonsense;

#define O(text) text, sizeof text - 1

static const Nonsense nonsense[] = {
  { "password", O ("\5\1\2") },
  { "no-method", O ("\5\0") },
  { "bind", O (GREETING "\5\2\0\3\50aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0") },
  { "proxy", O (GREETING "\5\1\0\1\12\0\0\1\0\120") },
  { "version", O (GREETING "\4\1\0\3\50") },
  { "http", O (GREETING "GET / HTTP/1.1\r\n\r\n") },
};

/* Each is told no, and the connection ends; nobody waits for it. */
static void
test_nonsense (Ends          *ends,
               gconstpointer  data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr(GSocket) socket = ends_come_in (&ends->juliet);

      g_test_message ("%s", nonsense[i].name);
      ends_say (socket, nonsense[i].octets, nonsense[i].length);
      check_ended (socket);
    }
  g_assert_cmpstr (ends->juliet.log->str, ==, "");
}

/* Who goes on before it is granted; and very much of it. */
static void
test_too_early (Ends          *ends,
                gconstpointer  data)
{
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);

  for (gsize more = 1; more <= 32768; more *= 32768)
    {
      g_autoptr(GSocket) socket = ends_come_in (&ends->juliet);
      g_autofree char *octets = g_malloc0 (g_bytes_get_size (request) + more);

      memcpy (octets, g_bytes_get_data (request, NULL), g_bytes_get_size (request));
      ends_say (socket, octets, g_bytes_get_size (request) + more);
      check_ended (socket);
    }
  g_assert_cmpstr (ends->juliet.log->str, ==, "");
}

/* X8: who says nothing more, and how many may. */
static void
test_silence (Ends          *ends,
              gconstpointer  data)
{
  GSocket *sockets[3];
  g_autoptr(GSocket) fourth = NULL;
  g_autoptr(GSocket) fifth = NULL;
  g_autoptr(GBytes) heard = NULL;
  g_autoptr(GBytes) answer = NULL;

  g_object_set (ends->juliet.manager, "max-unidentified-per-address", 3, "header-timeout", 300, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sockets); i++)
    {
      sockets[i] = ends_come_in (&ends->juliet);
      ends_say (sockets[i], GREETING, i + 1);
    }
  WAIT_FOR (ends->juliet.manager->guests.length == 3);
  g_assert_cmpuint (ends->juliet.manager->incoming.length, ==, 0);

  fourth = ends_come_in (&ends->juliet);
  heard = ends_hear (fourth, G_MAXINT16);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (heard, NULL), g_bytes_get_size (heard),
                                  "resource-constraint"));

  for (guint i = 0; i < G_N_ELEMENTS (sockets); i++)
    {
      check_ended (sockets[i]);
      g_object_unref (sockets[i]);
    }
  g_assert_cmpuint (ends->juliet.manager->guests.length, ==, 0);
  fifth = ends_come_in (&ends->juliet);
  ends_say (fifth, GREETING, 3);
  answer = ends_hear (fifth, 2);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), CHOICE, 2);
}

static gboolean
asks_in_vain (const char *address,
              gpointer    data)
{
  return FALSE;
}

static void
note_over (GSocketConnection *connection,
           gpointer           data)
{
  g_assert_null (connection);
  *(gboolean *) data = TRUE;
}

/* An octet a second keeps nobody here: the time is that of the whole greeting. */
static void
test_slow (Ends          *ends,
           gconstpointer  data)
{
  static const Xep174GreetingEvents over_events = { asks_in_vain, note_over };
  g_autoptr(Xep174Clock) clock = xep174_clock_new_manual ();
  g_autoptr(GRand) random = g_rand_new ();
  g_autoptr(Xep174Network) network
    = xep174_network_new (clock, ends->juliet.manager->around.network->poller, random, NULL, NULL, NULL);
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);
  const char *octets = g_bytes_get_data (request, NULL);
  g_autoptr(GSocket) ours = NULL;
  g_autoptr(GSocket) his = NULL;
  g_autoptr(GSocketConnection) connection = NULL;
  Xep174Greeting *greeting;
  gboolean over = FALSE;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  ours = g_socket_new_from_fd (fds[0], NULL);
  his = g_socket_new_from_fd (fds[1], NULL);
  connection = g_socket_connection_factory_create_connection (ours);
  greeting = xep174_greeting_new (connection, g_main_context_default (), network, 5000, &over_events, &over);
  xep174_greeting_accept (greeting, (const guint8 *) octets, 1);
  for (guint second = 1; second <= 5; second++)
    {
      g_assert_false (over);
      ends_say (his, octets + second, 1);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      xep174_clock_advance (clock, 1000);
    }
  g_assert_true (over);
  xep174_greeting_free (greeting);
}

/* Those that know the address are not held without bound either. */
static void
test_many_callers (Ends          *ends,
                   gconstpointer  data)
{
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);
  g_autoptr(GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 5; i++)
    {
      GSocket *socket = ends_come_in (&ends->juliet);

      g_ptr_array_add (sockets, socket);
      say_bytes (socket, request);
      g_assert_cmpint (ends_hear_answer (socket), ==, i < 4 ? 0 : 2);
    }
}

/* Of the contact's connections those that it has closed are none. */
static void
test_closed_callers (Ends          *ends,
                     gconstpointer  data)
{
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);
  g_autoptr(GSocket) used = ends_come_in (&ends->juliet);
  g_autoptr(GSocket) given_up = ends_come_in (&ends->juliet);
  g_autoptr(GSocketAddress) own = g_socket_get_local_address (used, NULL);
  g_autoptr(GSocketAddress) remote = NULL;
  g_autoptr(Xep174Pipe) pipe = NULL;

  say_bytes (used, request);
  g_assert_cmpint (ends_hear_answer (used), ==, 0);
  say_bytes (given_up, request);
  g_assert_cmpint (ends_hear_answer (given_up), ==, 0);
  WAIT_FOR (strcmp (ends->juliet.log->str, "called called ") == 0);
  g_socket_close (given_up, NULL);

  pipe = xep174_bytestream_take (ends->juliet.stream, FALSE, NULL, NULL);
  g_assert_nonnull (pipe);
  remote = g_socket_connection_get_remote_address (pipe->connection, NULL);
  g_assert_cmpint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)), ==,
                   g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own)));
}

/* Without files it is as before. */
static void
test_nobody_waits (Ends          *ends,
                   gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GBytes) heard = NULL;

  g_clear_pointer (&ends->juliet.stream, xep174_bytestream_free);
  g_clear_pointer (&ends->juliet.all, xep174_bytestreams_free);
  socket = ends_come_in (&ends->juliet);
  ends_say (socket, GREETING, 3);
  heard = ends_hear (socket, 5);
  g_assert_cmpmem (g_bytes_get_data (heard, NULL), g_bytes_get_size (heard), "<?xml", 5);
}

/* All of it goes while somebody is in the middle of a word. */
static void
test_going (Ends          *ends,
            gconstpointer  data)
{
  g_autoptr(GSocket) one = ends_come_in (&ends->juliet);
  g_autoptr(GSocket) other = ends_come_in (&ends->juliet);
  g_autoptr(GBytes) request = make_request (JULIET, ROMEO);

  ends_say (one, GREETING "\5\1", 5);
  say_bytes (other, request);
  WAIT_FOR (ends->juliet.manager->guests.length == 1 && ends->juliet.log->len > 0);
  dial (&ends->juliet, &ends->romeo);
  g_clear_pointer (&ends->juliet.stream, xep174_bytestream_free);
  g_clear_pointer (&ends->juliet.all, xep174_bytestreams_free);
  check_ended (one);
  check_ended (other);
}

/* The contact names a stream twice; without a conversation there is none. */
static void
test_refused (Ends          *ends,
              gconstpointer  data)
{
  static const Xep174BytestreamEvents none = { 0 };
  g_autoptr(GError) twice = NULL;
  g_autoptr(GError) nobody = NULL;
  g_autoptr(Xep174Bytestream) second
    = xep174_bytestream_new (ends->juliet.all, ROMEO, SID, &none, NULL, NULL);

  g_assert_nonnull (second);
  g_assert_false (xep174_bytestream_expect (second, &twice));
  g_assert_error (twice, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  g_assert_null (xep174_bytestream_new (ends->juliet.all, "benvolio", SID, &none, NULL, &nobody));
  g_assert_error (nobody, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED);
}

/* --- Whom we dial -------------------------------------------------------------------------------- */

static void
serve_nothing (GSocket  *socket,
               gpointer  data)
{
  server_read (socket, G_MAXINT16);
}

static void
serve_a_refusal (GSocket  *socket,
                 gpointer  data)
{
  server_read (socket, 3);
  g_socket_send (socket, CHOICE, 2, NULL, NULL);
  server_read (socket, 47);
  g_socket_send (socket, "\5\2\0\3\0\0\0", 7, NULL, NULL);
  server_read (socket, G_MAXINT16);
}

static void
serve_nonsense (GSocket  *socket,
                gpointer  data)
{
  g_socket_send (socket, "220 mail.example ESMTP\r\n", 24, NULL, NULL);
  server_read (socket, G_MAXINT16);
}

static GPtrArray *
candidates_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) xep174_jingle_candidate_free);
}

/* Those that do not answer, or not as they should, do not keep us from one that does. */
static void
test_second_best (Ends          *ends,
                  gconstpointer  data)
{
  g_autoptr(Server) refusing = server_new (serve_a_refusal, NULL);
  g_autoptr(Server) silent = server_new (serve_nothing, NULL);
  g_autoptr(Server) talking = server_new (serve_nonsense, NULL);
  g_autoptr(Server) good = server_new (server_grant, NULL);
  g_autoptr(GPtrArray) candidates = candidates_new ();
  g_autoptr(Xep174Pipe) pipe = NULL;

  g_ptr_array_add (candidates, server_to_candidate (good, "good", 1));
  g_ptr_array_add (candidates, server_to_candidate (silent, "silent", 4));
  g_ptr_array_add (candidates, server_to_candidate (talking, "talking", 2));
  g_ptr_array_add (candidates, server_to_candidate (refusing, "refusing", 3));
  g_ptr_array_add (candidates, xep174_jingle_candidate_new ("name", "x", "localhost", good->port, 9));
  xep174_bytestream_dial (ends->romeo.stream, candidates);
  WAIT_FOR (ends->romeo.log->len > 0);
  g_assert_cmpstr (ends->romeo.cid, ==, "good");
  pipe = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, NULL);
  g_assert_nonnull (pipe);
}

static void
test_best (Ends          *ends,
           gconstpointer  data)
{
  g_autoptr(Server) better = server_new (server_grant, NULL);
  g_autoptr(Server) good = server_new (server_grant, NULL);
  g_autoptr(GPtrArray) candidates = candidates_new ();

  g_ptr_array_add (candidates, server_to_candidate (good, "good", 1));
  g_ptr_array_add (candidates, server_to_candidate (better, "better", 2));
  xep174_bytestream_dial (ends->romeo.stream, candidates);
  WAIT_FOR (ends->romeo.log->len > 0);
  g_assert_cmpstr (ends->romeo.cid, ==, "better");
  g_clear_pointer (&ends->romeo.stream, xep174_bytestream_free);
}

/* The one port serves both families. */
static void
test_ipv6 (Ends          *ends,
           gconstpointer  data)
{
  guint16 port = xep174_session_manager_get_port (ends->juliet.manager);
  g_autoptr(GPtrArray) candidates = candidates_new ();
  g_autoptr(Xep174Pipe) dialled = NULL;
  g_autoptr(Xep174Pipe) called = NULL;

  test_book_add (TEST_BOOK (ends->book), JULIET, "::1", port);
  g_ptr_array_add (candidates, xep174_jingle_candidate_new ("six", "x", "::1", port, 1));
  xep174_bytestream_dial (ends->romeo.stream, candidates);
  WAIT_FOR (ends->romeo.log->len > 0);
  if (ends->romeo.cid == NULL)
    {
      g_test_skip ("this host has no IPv6");
      return;
    }

  dialled = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, NULL);
  called = xep174_bytestream_take (ends->juliet.stream, FALSE, NULL, NULL);
  check_joined (dialled, called);
  g_assert_cmpint (g_socket_get_family (g_socket_connection_get_socket (dialled->connection)), ==,
                   G_SOCKET_FAMILY_IPV6);
}

/* It is told, once, and later. */
static void
test_nobody (Ends          *ends,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) candidates = candidates_new ();

  xep174_bytestream_dial (ends->romeo.stream, candidates);
  g_assert_cmpstr (ends->romeo.log->str, ==, "");
  WAIT_FOR (ends->romeo.log->len > 0);
  g_ptr_array_add (candidates, xep174_jingle_candidate_new ("name", "x", "localhost", 80, 9));
  /* Our own port. */
  g_ptr_array_add (candidates, xep174_jingle_candidate_new ("own", "x", "127.0.0.1",
                     xep174_session_manager_get_port (ends->romeo.manager), 8));
  xep174_bytestream_dial (ends->romeo.stream, candidates);
  WAIT_FOR (ends->romeo.log->len > strlen ("none "));
  g_assert_cmpstr (ends->romeo.log->str, ==, "none none ");
  g_assert_null (xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, NULL));
}

/* The server of libpurple 2: it reads 20 octets of the request, and the file is right behind its answer. It
 * reads on when all is written, until we have closed: so what it has not read makes no reset that would
 * destroy the end of the file. */
static void
serve_as_libpurple (GSocket  *socket,
                    gpointer  data)
{
  guint *n_unread = data;

  g_assert_true (server_read (socket, 3));
  g_socket_send (socket, CHOICE, 2, NULL, NULL);
  g_assert_true (server_read (socket, 20));
  g_socket_send (socket, "\5\0\0\3\11" "127.0.0.1\0\0the file", 24, NULL, NULL);
  while (server_read (socket, 1))
    (*n_unread)++;
}

static void
test_libpurple (Ends          *ends,
                gconstpointer  data)
{
  guint n_unread = 0;
  Server *server = server_new (serve_as_libpurple, &n_unread);
  g_autoptr(GPtrArray) candidates = candidates_new ();
  g_autoptr(Xep174Pipe) pipe = NULL;
  g_autoptr(GBytes) heard = NULL;

  g_ptr_array_add (candidates, server_to_candidate (server, "purple", 1));
  xep174_bytestream_dial (ends->romeo.stream, candidates);
  WAIT_FOR (ends->romeo.log->len > 0);
  pipe = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, NULL);
  g_assert_nonnull (pipe);
  heard = ends_hear (g_socket_connection_get_socket (pipe->connection), 8);
  g_assert_cmpmem (g_bytes_get_data (heard, NULL), g_bytes_get_size (heard), "the file", 8);

  /* Our end alone ends it, and what was said to it is not mistaken for more of the file. */
  g_clear_pointer (&pipe, xep174_pipe_free);
  server_free (server);
  g_assert_cmpuint (n_unread, ==, 47 - 20);
}

/* --- Addresses ----------------------------------------------------------------------------------- */

static const struct
{
  const char *local;
  guint       scope;
  const char *host;
  guint16     port;
  const char *expected; /* %NULL: is not dialled */
} addresses[] = {
  { "192.0.2.1", 0, "192.0.2.7", 5299, "192.0.2.7:5299" },
  { "192.0.2.1", 0, "::ffff:192.0.2.7", 5299, "192.0.2.7:5299" },
  { "192.0.2.1", 0, "2001:db8::7", 5299, "[2001:db8::7]:5299" },
  { "fe80::1", 7, "fe80::2", 5299, "[fe80::2%7]:5299" },
  { "fe80::1", 7, "2001:db8::7", 5299, "[2001:db8::7]:5299" },
  { "127.0.0.1", 0, "127.0.0.2", 5299, "127.0.0.2:5299" },
  { "127.0.0.1", 0, "127.0.0.1", 5298, NULL },
  { "127.0.0.1", 0, "::ffff:127.0.0.1", 5298, NULL },
  { "192.0.2.1", 0, "127.0.0.1", 80, NULL },
  { "192.0.2.1", 0, "::ffff:127.0.0.1", 80, NULL },
  { "192.0.2.1", 0, "::1", 80, NULL },
  { "192.0.2.1", 0, "0.0.0.0", 80, NULL },
  { "192.0.2.1", 0, "::", 80, NULL },
  { "192.0.2.1", 0, "255.255.255.255", 80, NULL },
  { "192.0.2.1", 0, "224.0.0.251", 80, NULL },
  { "192.0.2.1", 0, "ff02::fb", 80, NULL },
  { "192.0.2.1", 0, "192.0.2.7", 0, NULL },
  { "192.0.2.1", 0, "example.org", 80, NULL },
  { "192.0.2.1", 0, "", 80, NULL },
};

static GSocketAddress *
make_address (const char *host,
              guint       scope)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", 1, "scope-id", scope, NULL);
}

static char *
describe (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  guint port = g_inet_socket_address_get_port (inet);

  if (g_socket_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_strdup_printf ("%s:%u", host, port);
  if (g_inet_socket_address_get_scope_id (inet) == 0)
    return g_strdup_printf ("[%s]:%u", host, port);

  return g_strdup_printf ("[%s%%%u]:%u", host, g_inet_socket_address_get_scope_id (inet), port);
}

/* What a contact may make us dial. */
static void
test_addresses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(GSocketAddress) local = make_address (addresses[i].local, addresses[i].scope);
      g_autoptr(GSocketAddress) address
        = xep174_candidates_resolve (addresses[i].host, addresses[i].port, local, local, 5298);
      g_autofree char *text = address != NULL ? describe (address) : NULL;

      g_test_message ("%s", addresses[i].host);
      g_assert_cmpstr (text, ==, addresses[i].expected);
    }
}

/* The address that the contact knows is the first. */
static void
test_ours (void)
{
  g_autoptr(GRand) random = g_rand_new ();
  g_autoptr(GSocketAddress) local = make_address ("192.0.2.1", 0);
  g_autoptr(GSocketAddress) loopback = make_address ("127.0.0.1", 0);
  g_autoptr(GPtrArray) none = xep174_candidates_list (local, ROMEO, 0, random);
  g_autoptr(GPtrArray) inside = xep174_candidates_list (loopback, ROMEO, 5298, random);
  g_autoptr(GPtrArray) outside = xep174_candidates_list (local, ROMEO, 5298, random);
  const Xep174JingleCandidate *first = outside->pdata[0];

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpstr (((Xep174JingleCandidate *) inside->pdata[0])->host, ==, "127.0.0.1");
  g_assert_cmpstr (first->host, ==, "192.0.2.1");
  g_assert_cmpstr (first->jid, ==, ROMEO);
  g_assert_cmpuint (first->port, ==, 5298);
  g_assert_cmpuint (first->priority, ==, (126 << 16) + 65535);
  g_assert_cmpuint (outside->len, ==, 1);
}

/* A laptop on two networks, one of them with a second address of IPv4, and in a tunnel. */
static const struct
{
  const char *interface;
  const char *host;
  gboolean    is_down;
} interfaces[] = {
  { "lo", "127.0.0.1" }, { "lo", "::1" },
  { "wlan0", "192.0.2.1" }, { "wlan0", "fe80::1" }, { "wlan0", "2001:db8::1" }, { "wlan0:1", "192.0.2.2" },
  { "wlan01", "192.0.2.77" },
  { "eth0", "198.51.100.1" }, { "eth0", "fe80::2" },
  { "tun0", "203.0.113.1" }, { "tun0", "2001:db8:7::1" },
  { "eth1", "198.51.100.9" }, { "eth1", "fe80::9", TRUE },
};

static const struct
{
  const char *local;
  const char *expected;
} chosen[] = {
  { "192.0.2.1", "192.0.2.1 2001:db8::1 fe80::1 192.0.2.2" },
  { "192.0.2.2", "192.0.2.2 2001:db8::1 fe80::1 192.0.2.1" },
  { "fe80::1", "fe80::1 192.0.2.1 192.0.2.2 2001:db8::1" },
  { "2001:db8::1", "2001:db8::1 192.0.2.1 192.0.2.2 fe80::1" },
  { "fe80::2", "fe80::2 198.51.100.1" },
  { "198.51.100.9", "198.51.100.9" },
  { "127.0.0.1", "127.0.0.1" },
  { "192.0.2.200", "192.0.2.200" },
};

/* Both families of the link that the conversation has, and nothing of other networks. */
static void
test_families (void)
{
  struct ifaddrs all[G_N_ELEMENTS (interfaces)] = { { NULL } };
  GSocketAddress *held[G_N_ELEMENTS (interfaces)];
  struct sockaddr_storage natives[G_N_ELEMENTS (interfaces)];
  g_autoptr(GRand) random = g_rand_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    {
      held[i] = make_address (interfaces[i].host, 0);
      g_socket_address_to_native (held[i], &natives[i], sizeof natives[i], NULL);
      all[i] = (struct ifaddrs) {
        .ifa_next = i + 1 < G_N_ELEMENTS (interfaces) ? &all[i + 1] : NULL,
        .ifa_name = (char *) interfaces[i].interface,
        .ifa_flags = interfaces[i].is_down ? 0 : IFF_UP,
        .ifa_addr = (struct sockaddr *) &natives[i],
      };
    }

  for (gsize i = 0; i < G_N_ELEMENTS (chosen); i++)
    {
      g_autoptr(GSocketAddress) local = make_address (chosen[i].local, 0);
      g_autoptr(GPtrArray) candidates = xep174_candidates_choose (all, local, ROMEO, 5298, random);
      g_autoptr(GString) hosts = g_string_new (NULL);

      for (guint j = 0; j < candidates->len; j++)
        {
          const Xep174JingleCandidate *one = candidates->pdata[j];

          /* Each next one is worth less. */
          g_assert_cmpuint (one->priority, ==, (126 << 16) + 65535 - j);
          g_string_append_printf (hosts, "%s%s", j > 0 ? " " : "", one->host);
        }
      g_assert_cmpstr (hosts->str, ==, chosen[i].expected);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    g_object_unref (held[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) g_test_add (path, Ends, data, ends_set_up, func, ends_tear_down)
  ADD ("/bytestreams/meet", NULL, test_meet);
#ifdef HAVE_GNUTLS
  ADD ("/bytestreams/meet/encrypted", ENCRYPTED, test_meet);
#endif
  ADD ("/bytestreams/second-best", NULL, test_second_best);
  ADD ("/bytestreams/best", NULL, test_best);
  ADD ("/bytestreams/ipv6", NULL, test_ipv6);
  ADD ("/bytestreams/nobody", NULL, test_nobody);
  ADD ("/bytestreams/libpurple", NULL, test_libpurple);
  g_test_add_func ("/bytestreams/addresses", test_addresses);
  g_test_add_func ("/bytestreams/ours", test_ours);
  g_test_add_func ("/bytestreams/families", test_families);
  ADD ("/bytestreams/stranger", NULL, test_stranger);
  ADD ("/bytestreams/cuts", NULL, test_cuts);
  ADD ("/bytestreams/nonsense", NULL, test_nonsense);
  ADD ("/bytestreams/too-early", NULL, test_too_early);
  ADD ("/bytestreams/X8-silence", NULL, test_silence);
  ADD ("/bytestreams/X8-slow", NULL, test_slow);
  ADD ("/bytestreams/many-callers", NULL, test_many_callers);
  ADD ("/bytestreams/closed-callers", NULL, test_closed_callers);
  ADD ("/bytestreams/nobody-waits", NULL, test_nobody_waits);
  ADD ("/bytestreams/going", NULL, test_going);
  ADD ("/bytestreams/refused", NULL, test_refused);

  return g_test_run ();
}
