/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program may do in a handler, in a callback, and with what it can set, while sessions live. */

#include "raw-peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include "xep174-session-private.h"

#define BIG 50000

static Xep174Session *
find (Raw *raw)
{
  return xep174_session_manager_find_session (raw->manager, raw->peer);
}

/* --- Octets ------------------------------------------------------------------------------ */

typedef struct
{
  Raw *raw;
  MemoryStream *near_end;
  GString *traced;
} Tracer;

static void
on_trace (Xep174SessionManager *manager,
          Xep174Session        *session,
          gboolean              outgoing,
          const char           *xml,
          Tracer               *tracer)
{
  if (outgoing)
    g_string_append (tracer->traced, xml);
}

static void
on_closing_loop (Tracer *tracer)
{
  memory_stream_set_room (tracer->near_end, G_MAXUINT);
  stage_settle (tracer->raw->stage);
}

/* A main loop in a handler takes octets out of the buffer, and none that was not traced yet. */
static void
test_trace (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (end);
  g_autoptr(GString) traced = g_string_new (NULL);
  g_autofree char *big = g_strnfill (BIG, 'x');
  Tracer tracer = { raw, near_end, traced };
  g_autofree char *heard = NULL;

  g_signal_handlers_disconnect_by_data (raw->manager, raw->stage);
  g_signal_connect (raw->manager, "trace", G_CALLBACK (on_trace), &tracer);
  g_signal_connect_swapped (raw->manager, "session-closing", G_CALLBACK (on_closing_loop), &tracer);
  memory_stream_set_room (near_end, 5);
  stage_send (raw->stage, raw->manager, raw->peer, big);
  stage_settle (raw->stage);
  stage_close (raw->stage, raw->manager, raw->peer);
  stage_settle (raw->stage);
  heard = memory_stream_hear (end);
  g_assert_cmpuint (strlen (heard), >, BIG);
  g_assert_cmpstr (traced->str, ==, heard);
}

typedef struct
{
  Raw *raw;
  int far_fd;
  guint heard;
  guint in_a_turn;
} Talker;

/* Two for each that is heard: the socket is never empty. */
static gboolean
on_stanza_talk (Talker *talker)
{
  g_autofree char *space = g_strnfill (1000, ' ');
  g_autofree char *words = g_strconcat ("<message/>", space, "<message/>", space, NULL);

  g_assert_cmpuint (++talker->in_a_turn, <, 1000);
  talker->heard++;
  send (talker->far_fd, words, strlen (words), MSG_DONTWAIT | MSG_NOSIGNAL);
  return TRUE;
}

static void
on_turn (gpointer data)
{
  ((Talker *) data)->in_a_turn = 0;
}

/* Who reads nothing and never stops talking is not listened to for ever, and others have their turn. */
static void
test_talker (Raw           *raw,
             gconstpointer  data)
{
  static const char hello[] = "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>"
                              "<message/>";
  g_autoptr(GSocketConnection) near_end = NULL;
  g_autoptr(GSocket) socket = NULL;
  Talker talker = { raw };
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  talker.far_fd = fds[1];
  socket = g_socket_new_from_fd (fds[0], NULL);
  near_end = g_socket_connection_factory_create_connection (socket);
  g_assert_true (xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (near_end),
                                                        XEP174_SESSION_ROLE_RECIPIENT, NULL, NULL));
  g_assert_cmpint (send (fds[1], hello, sizeof hello - 1, 0), ==, sizeof hello - 1);
  stage_settle (raw->stage);
  raw_log (raw, "opened romeo@montague recipient\ngot <message xmlns='jabber:client' "
                "from='romeo@montague' to='juliet@capulet'/>\n");

  g_signal_connect_swapped (find (raw), "stanza-received", G_CALLBACK (on_stanza_talk), &talker);
  raw->stage->on_step = on_turn;
  raw->stage->on_step_data = &talker;
  shutdown (fds[1], SHUT_RD);
  on_stanza_talk (&talker);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_advance (raw->stage, 1000);
  g_assert_true (raw_is_dialled (raw));
  g_assert_cmpuint (talker.heard, >, 1000);
  raw->stage->on_step = NULL;
  close (fds[1]);
}

/* --- Names ------------------------------------------------------------------------------- */

/* X1: nobody is dialled without a name; what waits goes out under the next one, or fails. */
static void
test_no_name (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_refuse (raw);
  xep174_session_manager_set_local_name (raw->manager, NULL);
  stage_advance (raw->stage, 2000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "");
  xep174_session_manager_set_local_name (raw->manager, raw->local);
  stage_advance (raw->stage, 20000);
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE,
                   "<message from='juliet@capulet' to='romeo@montague'><body>one</body></message>");
  memory_stream_break (end);
  stage_settle (raw->stage);
  g_free (stage_take_log (raw->stage));

  stage_send (raw->stage, raw->manager, raw->peer, "two");
  raw_refuse (raw);
  xep174_session_manager_set_local_name (raw->manager, NULL);
  stage_advance (raw->stage, 100000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "failed romeo@montague\nnot sent two: xep174-session-error-quark 6\n");
}

/* A name that has become ours is nobody to talk to. */
static void
test_own_name (Raw           *raw,
               gconstpointer  data)
{
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_refuse (raw);
  xep174_session_manager_set_local_name (raw->manager, raw->peer);
  stage_advance (raw->stage, 100000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "failed romeo@montague\nnot sent one: xep174-session-error-quark 6\n");
}

/* D22: an open stream keeps the name that it has. */
static void
test_open_without_name (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(Xep174Session) session = g_object_ref (find (raw));

  xep174_session_manager_set_local_name (raw->manager, NULL);
  g_assert_cmpstr (xep174_session_get_local_name (session), ==, raw->local);
  xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>", NULL, NULL, NULL);
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'/>");
  raw_say (raw, end, FOOTER);
  xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>", NULL, NULL, NULL);
  stage_advance (raw->stage, 100000);
  g_assert_false (raw_is_dialled (raw));
}

static void
count (guint *n)
{
  ++*n;
}

/* The name of a session changes with ours while there is no stream, and at the next one. */
static void
test_name_notified (Raw           *raw,
                    gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  MemoryStream *end;
  guint n = 0;

  end = raw_open_recipient (raw);
  session = g_object_ref (find (raw));
  g_signal_connect_swapped (session, "notify::local-name", G_CALLBACK (count), &n);
  xep174_session_manager_set_local_name (raw->manager, "juliet-1@capulet");
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpstr (xep174_session_get_local_name (session), ==, "juliet@capulet");
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (xep174_session_get_local_name (session), ==, "juliet-1@capulet");
  xep174_session_manager_set_local_name (raw->manager, "juliet-2@capulet");
  g_assert_cmpuint (n, ==, 2);
}

static void
drop_manager (Raw *raw)
{
  g_clear_object (&raw->manager);
}

static void
test_name_drop (Raw           *raw,
                gconstpointer  data)
{
  g_autoptr(Xep174Session) one = NULL;
  g_autoptr(Xep174Session) two = NULL;

  one = xep174_session_manager_ensure_session (raw->manager, "romeo@montague", NULL);
  two = xep174_session_manager_ensure_session (raw->manager, "tybalt@capulet", NULL);
  g_signal_connect_swapped (one, "notify::local-name", G_CALLBACK (drop_manager), raw);
  g_signal_connect_swapped (two, "notify::local-name", G_CALLBACK (drop_manager), raw);
  xep174_session_manager_set_local_name (raw->manager, "juliet-1@capulet");
  g_assert_null (raw->manager);
}

/* --- Settings ---------------------------------------------------------------------------- */

/* X9: what is set counts at once, and so does the silence there was already. */
static void
test_idle_interval (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end;

  g_object_set (raw->manager, "idle-interval", 0, NULL);
  end = raw_open_recipient (raw);
  stage_advance (raw->stage, 500000);
  raw_hear (raw, end, "");
  g_object_set (raw->manager, "idle-interval", 600000, NULL);
  stage_advance (raw->stage, 99000);
  raw_hear (raw, end, "");
  stage_advance (raw->stage, 1000);
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='get' "
                      "id='xep174-ping-1'><ping xmlns='urn:xmpp:ping'/></iq>");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-1'/>");
  stage_advance (raw->stage, 30000);
  g_object_set (raw->manager, "idle-interval", 10000, NULL);
  stage_advance (raw->stage, 0);
  raw_hear (raw, end, "<iq from='juliet@capulet' to='romeo@montague' type='get' "
                      "id='xep174-ping-2'><ping xmlns='urn:xmpp:ping'/></iq>");
  raw_say (raw, end, "<iq type='result' id='xep174-ping-2'/>");
  g_object_set (raw->manager, "idle-interval", 0, NULL);
  stage_advance (raw->stage, 1000000);
  raw_hear (raw, end, "");
}

static void
on_called (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  ++*(guint *) data;
}

/* A manager belongs to the context that was the default when it was made, whoever asks it. */
static void
test_context (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(Xep174SessionManager) manager = NULL;
  g_autoptr(Xep174Session) session = NULL;
  guint called = 0;

  g_main_context_push_thread_default (context);
  manager = xep174_session_manager_new ("juliet@capulet", NULL);
  g_main_context_pop_thread_default (context);

  session = xep174_session_manager_ensure_session (manager, "romeo@montague", NULL);
  xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>", NULL, on_called,
                                 &called);
  xep174_session_send_xml_async (session, "<message", NULL, on_called, &called);
  xep174_session_open_async (session, NULL, on_called, &called);
  xep174_session_close_async (session, NULL, on_called, &called);
  xep174_session_manager_stop_async (manager, NULL, on_called, &called);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (called, ==, 0);
  while (called < 5)
    g_main_context_iteration (context, TRUE);
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/handlers/trace", test_trace);
  ADD ("/handlers/X8/talker", test_talker);
  ADD ("/handlers/X1/no-name", test_no_name);
  ADD ("/handlers/X1/own-name", test_own_name);
  ADD ("/handlers/D22/open-without-name", test_open_without_name);
  ADD ("/handlers/D22/name-notified", test_name_notified);
  ADD ("/handlers/name-drop", test_name_drop);
  ADD ("/handlers/X9/idle-interval", test_idle_interval);
  g_test_add_func ("/handlers/context", test_context);
  return g_test_run ();
}
