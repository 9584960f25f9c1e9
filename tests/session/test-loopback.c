/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whole managers over real sockets. */

#include <sys/resource.h>

#include "../common/log-trap.h"
#include "book.h"
#include "xep174-session-manager.h"

typedef struct
{
  TestBook *book;
  Xep174SessionManager *juliet;
  Xep174SessionManager *romeo;
  GString *events;
  guint done;
} Fixture;

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Fixture              *fixture)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);

  if (body == NULL)
    return FALSE;

  g_string_append_printf (fixture->events, "%s<%s:%s;",
                          xep174_session_manager_get_local_name (manager),
                          xep174_session_get_name (session), body);
  return TRUE;
}

static void
on_opened (Xep174SessionManager *manager,
           Xep174Session        *session,
           Fixture              *fixture)
{
  g_string_append_printf (fixture->events, "%s+;", xep174_session_manager_get_local_name (manager));
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           Fixture              *fixture)
{
  g_string_append_printf (fixture->events, "%s-%s;",
                          xep174_session_manager_get_local_name (manager),
                          error != NULL ? error->message : "");
}

static Xep174SessionManager *
manager_new (Fixture    *fixture,
             const char *name)
{
  Xep174SessionManager *manager = xep174_session_manager_new (name,
                                                              XEP174_DIRECTORY (fixture->book));
  g_autoptr(GError) error = NULL;

  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), fixture);
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), fixture);
  g_assert_true (xep174_session_manager_listen (manager, 0, &error));
  g_assert_no_error (error);
  test_book_add (fixture->book, name, "127.0.0.1", xep174_session_manager_get_port (manager));
  return manager;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->book = test_book_new ();
  fixture->events = g_string_new (NULL);
  fixture->juliet = manager_new (fixture, "juliet@capulet");
  fixture->romeo = manager_new (fixture, "romeo@montague");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->juliet);
  g_clear_object (&fixture->romeo);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->book);
  g_string_free (fixture->events, TRUE);
}

static void
on_sent (GObject      *session,
         GAsyncResult *result,
         gpointer      data)
{
  Fixture *fixture = data;
  g_autoptr(GError) error = NULL;

  xep174_session_send_finish (XEP174_SESSION (session), result, &error);
  g_assert_no_error (error);
  fixture->done++;
}

static void
send (Fixture              *fixture,
      Xep174SessionManager *manager,
      const char           *to,
      const char           *text)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, to, NULL);
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body = xep174_element_append_new (message, "body", "jabber:client");

  xep174_element_append_text (body, text);
  xep174_session_send_async (session, message, NULL, on_sent, fixture);
}

static gboolean
on_patience_over (gpointer data)
{
  g_error ("Nothing happens any more; so far: %s", ((Fixture *) data)->events->str);
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(fixture, condition)                                       \
  G_STMT_START {                                                           \
    guint patience = g_timeout_add_seconds (30, on_patience_over, fixture); \
    while (!(condition))                                                   \
      g_main_context_iteration (NULL, TRUE);                               \
    g_source_remove (patience);                                            \
  } G_STMT_END

static void
on_stopped (GObject      *manager,
            GAsyncResult *result,
            gpointer      data)
{
  Fixture *fixture = data;

  g_assert_true (xep174_session_manager_stop_finish (XEP174_SESSION_MANAGER (manager), result,
                                                     NULL));
  fixture->done++;
}

static guint
n_sessions (Xep174SessionManager *manager)
{
  return g_list_model_get_n_items (xep174_session_manager_get_sessions (manager));
}

static void
close_session (Fixture              *fixture,
               Xep174SessionManager *manager,
               const char           *name)
{
  g_autoptr(Xep174Session) session = xep174_session_manager_ensure_session (manager, name, NULL);

  xep174_session_close_async (session, NULL, NULL, NULL);
}

/* Both ways, and a stop that closes both sides in good order. */
static void
test_talk (Fixture       *fixture,
           gconstpointer  data)
{
  send (fixture, fixture->juliet, "romeo@montague", "wherefore");
  WAIT_FOR (fixture, strstr (fixture->events->str, "wherefore") != NULL);
  send (fixture, fixture->romeo, "juliet@capulet", "I take thee");
  WAIT_FOR (fixture, strstr (fixture->events->str, "thee") != NULL && fixture->done == 2);

  xep174_session_manager_stop_async (fixture->juliet, NULL, on_stopped, fixture);
  WAIT_FOR (fixture, fixture->done == 3);
  WAIT_FOR (fixture, strstr (fixture->events->str, "montague-") != NULL);
  g_assert_cmpstr (strstr (fixture->events->str, "juliet@capulet-"), !=, NULL);
  g_assert_nonnull (strstr (fixture->events->str, "juliet@capulet-;"));
  g_assert_nonnull (strstr (fixture->events->str, "romeo@montague-;"));
  g_assert_cmpuint (n_sessions (fixture->juliet), ==, 0);
}

/* S5, S7: both at the same instant, many times; nothing lost, doubled or out of order. */
static void
test_crossing (Fixture       *fixture,
               gconstpointer  data)
{
  for (guint round = 0; round < 20; round++)
    {
      g_string_truncate (fixture->events, 0);
      fixture->done = 0;
      send (fixture, fixture->juliet, "romeo@montague", "a");
      send (fixture, fixture->romeo, "juliet@capulet", "c");
      send (fixture, fixture->juliet, "romeo@montague", "b");
      send (fixture, fixture->romeo, "juliet@capulet", "d");
      WAIT_FOR (fixture, fixture->done == 4 && strstr (fixture->events->str, ":b;") != NULL
                         && strstr (fixture->events->str, ":d;") != NULL);
      g_assert_true (strstr (fixture->events->str, ":a;") < strstr (fixture->events->str, ":b;"));
      g_assert_true (strstr (fixture->events->str, ":c;") < strstr (fixture->events->str, ":d;"));

      close_session (fixture, fixture->juliet, "romeo@montague");
      WAIT_FOR (fixture, n_sessions (fixture->juliet) == 0 && n_sessions (fixture->romeo) == 0);
    }
}

/* D8, X13: who asks for a port that is taken is told so. */
static void
test_port_in_use (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(Xep174SessionManager) third = xep174_session_manager_new ("tybalt@capulet", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (xep174_session_manager_listen (
    third, xep174_session_manager_get_port (fixture->juliet), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_cmpuint (xep174_session_manager_get_port (third), ==, 0);
}

/* A contact that is played by the test, over TCP. */
static GSocketConnection *
dial (Fixture              *fixture,
      Xep174SessionManager *manager)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                xep174_session_manager_get_port (manager), NULL,
                                                &error);
  g_assert_no_error (error);
  return connection;
}

static void
say (GSocketConnection *connection,
     const char        *text)
{
  g_socket_send (g_socket_connection_get_socket (connection), text, strlen (text), NULL, NULL);
}

/* Until there is @text in what has come, or the end of it all. */
static char *
hear (Fixture           *fixture,
      GSocketConnection *connection,
      const char        *text)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr(GString) heard = g_string_new (NULL);
  gboolean over = FALSE;
  char buffer[4096];

  while (!over && (text == NULL || strstr (heard->str, text) == NULL))
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL,
                                                 &error);

      if (n > 0)
        g_string_append_len (heard, buffer, n);
      else
        over = n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      if (n <= 0 && !over)
        g_main_context_iteration (NULL, FALSE);
    }
  return g_string_free (g_steal_pointer (&heard), FALSE);
}

#define HEADER_FROM(name) \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
  "from='" name "' version='1.0'>"

/* X13: a name counts from its own addresses only. */
static void
test_addresses (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const cases[][2] = {
    { HEADER_FROM ("benvolio@montague"), "<invalid-from " },
    { HEADER_FROM ("nobody@nowhere"), "<host-unknown " },
    { HEADER_FROM ("romeo@montague"), "</stream:features>" },
  };

  test_book_add (fixture->book, "benvolio@montague", "127.0.0.2", 5298);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GSocketConnection) peer = dial (fixture, fixture->juliet);
      g_autofree char *heard = NULL;

      say (peer, cases[i][0]);
      heard = hear (fixture, peer, cases[i][1]);
      g_assert_nonnull (strstr (heard, cases[i][1]));
    }
}

/* X4: no name, and one contact has that address; or two, and the first stanza tells. */
static void
test_nameless (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autoptr(Xep174SessionManager) manager = NULL;

  manager = xep174_session_manager_new ("nurse@capulet", XEP174_DIRECTORY (book));
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), fixture);
  g_assert_true (xep174_session_manager_listen (manager, 0, NULL));
  test_book_add (book, "romeo@montague", "127.0.0.1", 1);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GSocketConnection) peer = dial (fixture, manager);
      g_autofree char *heard = NULL;

      say (peer, "<stream:stream xmlns='jabber:client' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>");
      heard = hear (fixture, peer, "<stream:stream");
      g_assert_cmpint (strstr (heard, " to='romeo@montague'") != NULL, ==, i == 0);
      say (peer, "<message from='romeo@montague'><body>x</body></message></stream:stream>");
      g_string_truncate (fixture->events, 0);
      WAIT_FOR (fixture, strstr (fixture->events->str, "nurse@capulet<romeo@montague:x;") != NULL);
      g_free (hear (fixture, peer, "</stream:stream>"));
      test_book_add (book, "tybalt@capulet", "127.0.0.1", 1);
    }
}

static void
on_traced (Xep174SessionManager *manager,
           Xep174Session        *session,
           gboolean              outgoing,
           const char           *xml,
           gboolean             *spoken)
{
  *spoken |= !outgoing;
}

/* X4: a header without a name waits for what was asked when the connection came, and does not ask
 * anew. */
static void
test_nameless_joins (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TestBook) book = test_book_new ();
  g_autoptr(Xep174SessionManager) manager = NULL;
  g_autoptr(GSocketConnection) peer = NULL;
  g_autofree char *heard = NULL;
  gboolean spoken = FALSE;

  manager = xep174_session_manager_new ("nurse@capulet", XEP174_DIRECTORY (book));
  g_signal_connect (manager, "trace", G_CALLBACK (on_traced), &spoken);
  g_assert_true (xep174_session_manager_listen (manager, 0, NULL));
  test_book_add (book, "romeo@montague", "127.0.0.1", 1);
  test_book_set_slow (book, TRUE);
  peer = dial (fixture, manager);
  say (peer, "<stream:stream xmlns='jabber:client' "
             "xmlns:stream='http://etherx.jabber.org/streams'>");
  WAIT_FOR (fixture, spoken);
  g_assert_cmpuint (test_book_count_questions (book), ==, 1);

  test_book_answer (book);
  heard = hear (fixture, peer, "<stream:stream");
  g_assert_nonnull (strstr (heard, " to='romeo@montague'"));
}

/* X8: many connections from one address; whoever is known is served beside them. */
static void
test_flood (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) flood = g_ptr_array_new_with_free_func (g_object_unref);

  send (fixture, fixture->romeo, "juliet@capulet", "before");
  WAIT_FOR (fixture, fixture->done == 1);
  for (guint i = 0; i < 10000; i++)
    {
      if (flood->len == 400)
        g_ptr_array_set_size (flood, 0);
      g_ptr_array_add (flood, dial (fixture, fixture->juliet));
      g_main_context_iteration (NULL, FALSE);
    }
  send (fixture, fixture->romeo, "juliet@capulet", "amid");
  WAIT_FOR (fixture, strstr (fixture->events->str, ":amid;") != NULL);
  g_ptr_array_set_size (flood, 0);
  close_session (fixture, fixture->romeo, "juliet@capulet");
  WAIT_FOR (fixture, n_sessions (fixture->juliet) == 0 && n_sessions (fixture->romeo) == 0);
  send (fixture, fixture->romeo, "juliet@capulet", "after");
  WAIT_FOR (fixture, strstr (fixture->events->str, ":after;") != NULL);
}

/* X8: no descriptors left is no reason to give up. */
static void
test_no_descriptors (Fixture       *fixture,
                     gconstpointer  data)
{
  struct rlimit limit;
  struct rlimit small;
  g_autoptr(GSocketConnection) peer = dial (fixture, fixture->juliet);
  g_autofree char *heard = NULL;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = g_socket_get_fd (g_socket_connection_get_socket (peer)) + 1;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &small), ==, 0);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  log_trap_expect ("Cannot accept a connection");

  say (peer, HEADER_FROM ("romeo@montague"));
  heard = hear (fixture, peer, "</stream:features>");
  g_assert_nonnull (strstr (heard, "</stream:features>"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  log_trap_init ();
  g_test_add ("/loopback/talk", Fixture, NULL, set_up, test_talk, tear_down);
  g_test_add ("/loopback/port-in-use", Fixture, NULL, set_up, test_port_in_use, tear_down);
  g_test_add ("/loopback/X13-addresses", Fixture, NULL, set_up, test_addresses, tear_down);
  g_test_add ("/loopback/X4-nameless", Fixture, NULL, set_up, test_nameless, tear_down);
  g_test_add ("/loopback/X4-nameless-joins", Fixture, NULL, set_up, test_nameless_joins,
              tear_down);
  g_test_add ("/loopback-limits/X8-flood", Fixture, NULL, set_up, test_flood, tear_down);
  g_test_add ("/loopback-limits/X8-no-descriptors", Fixture, NULL, set_up, test_no_descriptors,
              tear_down);
  g_test_add ("/loopback/S5-S7-crossing", Fixture, NULL, set_up, test_crossing, tear_down);
  return g_test_run ();
}
