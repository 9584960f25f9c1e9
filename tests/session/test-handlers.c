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

static void
send_cancellable (Raw          *raw,
                  const char   *body,
                  GCancellable *cancellable)
{
  g_autofree char *xml = g_strdup_printf ("<message xmlns='jabber:client'><body>%s</body></message>",
                                          body);

  stage_send_xml (raw->stage, raw->manager, raw->peer, xml, cancellable);
}

static void
advance_and_refuse (Raw   *raw,
                    guint  ms)
{
  for (; ms > 0; ms -= 1000)
    {
      stage_advance (raw->stage, 1000);
      if (stage_next_dial (raw->stage) != NULL)
        raw_refuse (raw);
    }
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

/* --- Cancelling -------------------------------------------------------------------------- */

#define CROWD 40000

static guint
next_source_id (void)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  guint id = g_source_attach (source, NULL);

  g_source_destroy (source);
  return id;
}

/* What waits to be cancelled costs the main loop no source each; all of it can be, at once. */
static void
test_crowd (Raw           *raw,
            gconstpointer  data)
{
  g_autoptr(GCancellable) common = g_cancellable_new ();
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(Xep174Session) session = NULL;
  guint called = 0;
  guint id;

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  id = next_source_id ();
  for (guint i = 0; i < CROWD; i++)
    {
      g_ptr_array_add (own, g_cancellable_new ());
      xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>",
                                     i % 2 == 0 ? common : own->pdata[i], on_called, &called);
    }
  g_assert_cmpuint (next_source_id () - id, <, 10);
  for (guint i = 0; i < CROWD; i++)
    g_cancellable_cancel (own->pdata[i]);
  stage_settle (raw->stage);
  g_assert_cmpuint (called, ==, CROWD / 2);
  g_cancellable_cancel (common);
  stage_settle (raw->stage);
  g_assert_cmpuint (called, ==, CROWD);
}

static gpointer
cancel_all (gpointer data)
{
  GPtrArray *cancellables = data;

  for (guint i = 0; i < cancellables->len; i++)
    g_cancellable_cancel (cancellables->pdata[i]);
  return NULL;
}

/* Another thread may cancel, at any moment. */
static void
test_cancel_from_thread (Raw           *raw,
                         gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = find (raw);

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr(GPtrArray) cancellables = g_ptr_array_new_with_free_func (g_object_unref);
      GThread *thread;
      guint called = 0;

      for (guint i = 0; i < 200; i++)
        g_ptr_array_add (cancellables, g_cancellable_new ());
      thread = g_thread_new ("cancel", cancel_all, cancellables);
      for (guint i = 0; i < 200; i++)
        xep174_session_send_xml_async (session, "<message xmlns='jabber:client'/>",
                                       cancellables->pdata[i], on_called, &called);
      g_thread_join (thread);
      stage_settle (raw->stage);
      raw_say (raw, end, "<iq type='result' id='xep174-ping-1'/>");
      g_assert_cmpuint (called, ==, 200);
    }
}

typedef struct
{
  Raw *raw;
  GCancellable *cancellable;
  guint sent;
} Canceller;

static void
send_all (Canceller *canceller)
{
  Raw *raw = canceller->raw;

  stage_send (raw->stage, raw->manager, raw->peer, "begun");
  send_cancellable (raw, "buffered", canceller->cancellable);
  for (guint i = 0; i < 3; i++)
    send_cancellable (raw, "queued", canceller->cancellable);
  stage_send (raw->stage, raw->manager, raw->peer, "last");
}

/* The first time they are sent, in one go. */
static gboolean
on_stanza_cancel (Canceller *canceller)
{
  if (canceller->sent++ == 0)
    {
      send_all (canceller);
      return TRUE;
    }

  g_cancellable_cancel (canceller->cancellable);
  stage_settle (canceller->raw->stage);
  return TRUE;
}

/* S7: in a main loop that a handler runs, too, what has not begun is cancelled: in the queue, and in
 * the buffer. */
static void
test_cancel_nested (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (end);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { raw, cancellable };

  g_object_set (raw->manager, "max-queue-octets", 100, NULL);
  memory_stream_set_room (near_end, 5);
  g_signal_connect_swapped (find (raw), "stanza-received", G_CALLBACK (on_stanza_cancel),
                            &canceller);
  raw_say_message (raw, end, "send");
  raw_say_message (raw, end, "cancel");
  memory_stream_set_room (near_end, G_MAXUINT);
  stage_settle (raw->stage);
  raw_hear (raw, end,
            "<message from='juliet@capulet' to='romeo@montague'><body>begun</body></message>"
            "<message from='juliet@capulet' to='romeo@montague'><body>last</body></message>");
  raw_log (raw, "not sent buffered: g-io-error-quark 19\nnot sent queued: g-io-error-quark 19\n"
                "not sent queued: g-io-error-quark 19\nnot sent queued: g-io-error-quark 19\n"
                "sent begun\nsent last\n");
}

/* --- Deeds ------------------------------------------------------------------------------- */

/* X5: every request to close ends with the stream, not with the closing tag. */
static void
test_close_twice (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);

  stage_close (raw->stage, raw->manager, raw->peer);
  raw_log (raw, "closing romeo@montague\n");
  stage_close (raw->stage, raw->manager, raw->peer);
  raw_log (raw, "");
  raw_say (raw, end, FOOTER);
  raw_log (raw, "closed romeo@montague\nclose\nclose\n");
  stage_close (raw->stage, raw->manager, raw->peer);
  raw_log (raw, "close\n");
}

typedef struct
{
  Raw *raw;
  GIOStream *near_ends[2];
  GIOStream *stolen;
  guint refused;
  guint called;
} Deeds;

static void
on_closed_connect (Deeds *deeds)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      if (!xep174_session_manager_add_connection (deeds->raw->manager, deeds->near_ends[i],
                                                  XEP174_SESSION_ROLE_INITIATOR, deeds->raw->peer,
                                                  &error))
        {
          g_assert_cmpuint (i, ==, 1);
          g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
          deeds->refused++;
        }
    }
}

/* S3: in a handler, too, there is one stream at most. */
static void
test_connect_twice (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  MemoryStream *near_ends[2], *ends[2];
  Deeds deeds = { raw };

  for (guint i = 0; i < 2; i++)
    {
      memory_stream_new_pair (&near_ends[i], &ends[i]);
      g_ptr_array_add (raw->ends, near_ends[i]);
      g_ptr_array_add (raw->ends, ends[i]);
      deeds.near_ends[i] = G_IO_STREAM (near_ends[i]);
    }
  g_signal_connect_swapped (raw->manager, "session-closed", G_CALLBACK (on_closed_connect), &deeds);
  raw_say (raw, end, FOOTER);
  memory_stream_break (end);
  stage_settle (raw->stage);
  g_assert_cmpuint (deeds.refused, ==, 1);
  raw_hear_header (raw, ends[0], FALSE, "");
  raw_hear (raw, ends[1], "");
}

static void
on_failed_send (Raw *raw)
{
  g_signal_handlers_disconnect_by_func (raw->manager, on_failed_send, raw);
  stage_send (raw->stage, raw->manager, raw->peer, "again");
}

/* S7: what is asked for when it is told that nobody can be reached is a new try. */
static void
test_send_from_failed (Raw           *raw,
                       gconstpointer  data)
{
  MemoryStream *end;

  g_signal_connect_swapped (raw->manager, "session-failed", G_CALLBACK (on_failed_send), raw);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  while (g_strcmp0 (raw->stage->log->str, "") == 0)
    {
      if (raw_is_dialled (raw))
        raw_refuse (raw);
      if (raw->stage->log->len == 0)
        stage_advance (raw->stage, 1000);
    }
  raw_log (raw, "failed romeo@montague\nnot sent one: xep174-session-error-quark 1\n");
  end = raw_answer (raw);
  raw_say_header (raw, end, TRUE);
  raw_log (raw, "opened romeo@montague initiator\nsent again\n");
}

static void
on_failed_cancel (Canceller *canceller)
{
  on_stanza_cancel (canceller);
}

static void
test_cancel_from_failed (Raw           *raw,
                         gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { raw, cancellable, 1 };

  g_signal_connect_swapped (raw->manager, "session-failed", G_CALLBACK (on_failed_cancel),
                            &canceller);
  send_cancellable (raw, "one", cancellable);
  advance_and_refuse (raw, 100000);
  raw_log (raw, "failed romeo@montague\nnot sent one: g-io-error-quark 19\n");
}

static void
on_open_steal (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  Deeds *deeds = data;
  g_autoptr(GError) error = NULL;

  deeds->called++;
  g_assert_true (xep174_session_open_finish (XEP174_SESSION (source), result, NULL));
  deeds->stolen = xep174_session_steal_stream (XEP174_SESSION (source), &error);
  g_assert_no_error (error);
}

/* Who opens a stream to have its connection gets it as soon as it is there. */
static void
test_steal_when_opened (Raw           *raw,
                        gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  Deeds deeds = { raw };
  MemoryStream *end;

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  xep174_session_open_async (session, NULL, on_open_steal, &deeds);
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/>");
  g_assert_cmpuint (deeds.called, ==, 1);
  g_assert_nonnull (deeds.stolen);
  raw_log (raw, "opened romeo@montague initiator\nclosed romeo@montague\n");
  raw_hear_header (raw, end, FALSE, "");
  memory_stream_say (MEMORY_STREAM (deeds.stolen), "mine");
  raw_hear (raw, end, "mine");
  g_object_unref (deeds.stolen);
}

static void
on_opened_listen (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  Raw *raw = data;

  stage_send (raw->stage, raw->manager, raw->peer, "opened");
  g_string_append (raw->stage->log, "told\n");
}

/* What comes with the features is heard after the callback has been called. */
static void
test_opened_before_stanza (Raw           *raw,
                           gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  MemoryStream *end;

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  xep174_session_open_async (session, NULL, on_opened_listen, raw);
  end = raw_answer (raw);
  raw_say_header (raw, end, FALSE);
  raw_say (raw, end, "<stream:features/><message><body>one</body></message>");
  raw_log (raw, "opened romeo@montague initiator\ntold\ngot one\nsent opened\n");
}

static void
on_trace_drop (Raw *raw)
{
  g_clear_object (&raw->manager);
}

/* The manager goes while all are probed: nothing is left of the others. */
static void
test_probe_drop (Raw           *raw,
                 gconstpointer  data)
{
  static const char *const names[] = { "romeo@montague", "tybalt@capulet" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *hello = g_strdup_printf ("<stream:stream " NS_ATTRIBUTES
                                                " from='%s' version='1.0'><message/>", names[i]);

      raw_say (raw, raw_come_in (raw), hello);
    }
  g_signal_connect_swapped (raw->manager, "trace", G_CALLBACK (on_trace_drop), raw);
  xep174_session_manager_probe (raw->manager);
  g_assert_null (raw->manager);
}

/* What is closed already is refused. */
static void
test_closed_connection (Raw           *raw,
                        gconstpointer  data)
{
  for (guint i = 0; i < 4; i++)
    {
      Xep174SessionRole role = i % 2 == 0 ? XEP174_SESSION_ROLE_RECIPIENT
                                          : XEP174_SESSION_ROLE_INITIATOR;
      g_autoptr(GSocketConnection) connection = NULL;
      g_autoptr(GSocket) socket = NULL;
      g_autoptr(GError) error = NULL;
      int fds[2];

      g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
      socket = g_socket_new_from_fd (fds[0], NULL);
      connection = g_socket_connection_factory_create_connection (socket);
      if (i < 2)
        g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      else
        g_output_stream_close (g_io_stream_get_output_stream (G_IO_STREAM (connection)), NULL, NULL);
      g_assert_false (xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (connection),
                                                             role, raw->peer, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      close (fds[1]);
    }
  stage_settle (raw->stage);
  raw_log (raw, "");
}

/* --- The end ----------------------------------------------------------------------------- */

typedef struct
{
  Raw *raw;
  guint called;
  Xep174Session *sessions[2];
} Waiting;

static void
on_failed_ask_again (GObject      *source,
                     GAsyncResult *result,
                     gpointer      data)
{
  Waiting *waiting = data;

  g_clear_object (&waiting->raw->manager);
  if (waiting->called++ < 4)
    for (guint i = 0; i < 2; i++)
      xep174_session_send_xml_async (waiting->sessions[i], "<message xmlns='jabber:client'/>", NULL,
                                     on_failed_ask_again, waiting);
}

/* The last reference goes in the callback of one of those that wait, which asks again, of others,
 * too: all fail, and nobody is dialled. */
static void
test_drop_in_callback (Raw           *raw,
                       gconstpointer  data)
{
  static const char *const names[] = { "romeo@montague", "tybalt@capulet" };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Waiting waiting = { raw };

  for (guint i = 0; i < 2; i++)
    {
      waiting.sessions[i] = xep174_session_manager_ensure_session (raw->manager, names[i], NULL);
      for (guint j = 0; j < 2; j++)
        xep174_session_send_xml_async (waiting.sessions[i], "<message xmlns='jabber:client'/>",
                                       i + j == 0 ? cancellable : NULL, on_failed_ask_again,
                                       &waiting);
    }
  stage_settle (raw->stage);
  g_cancellable_cancel (cancellable);
  stage_settle (raw->stage);
  g_assert_null (raw->manager);
  g_assert_cmpuint (waiting.called, ==, 4 + 2 * 4);
  g_assert_null (stage_next_dial (raw->stage));
  stage_settle (raw->stage);
  for (guint i = 0; i < 2; i++)
    g_assert_finalize_object (waiting.sessions[i]);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Raw *raw = data;

  g_string_append (raw->stage->log, "stopped\n");
}

static void
on_failed_insist (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  Waiting *waiting = data;
  g_autoptr(GError) error = NULL;

  g_assert_false (xep174_session_send_finish (XEP174_SESSION (source), result, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED);
  if (waiting->called++ < 4)
    xep174_session_send_xml_async (XEP174_SESSION (source), "<message xmlns='jabber:client'/>", NULL,
                                   on_failed_insist, waiting);
}

/* Who asks again in the callback of what fails because we go offline fails as well, at once. */
static void
test_stop_insist (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) near_end = memory_stream_dup_other (end);
  g_autofree char *big = g_strnfill (BIG, 'x');
  Waiting waiting = { raw };

  memory_stream_set_room (near_end, 5);
  stage_send (raw->stage, raw->manager, raw->peer, big);
  xep174_session_send_xml_async (find (raw), "<message xmlns='jabber:client'/>", NULL,
                                 on_failed_insist, &waiting);
  stage_settle (raw->stage);
  xep174_session_manager_stop_async (raw->manager, NULL, on_stopped, raw);
  memory_stream_set_room (near_end, G_MAXUINT);
  stage_settle (raw->stage);
  g_assert_cmpuint (waiting.called, ==, 5);
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_true (g_str_has_suffix (raw->stage->log->str, "closed romeo@montague\nstopped\n"));
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
  ADD ("/handlers/crowd", test_crowd);
  ADD ("/handlers/cancel-from-thread", test_cancel_from_thread);
  ADD ("/handlers/S7/cancel-nested", test_cancel_nested);
  ADD ("/handlers/X5/close-twice", test_close_twice);
  ADD ("/handlers/S3/connect-twice", test_connect_twice);
  ADD ("/handlers/S7/send-from-failed", test_send_from_failed);
  ADD ("/handlers/S7/cancel-from-failed", test_cancel_from_failed);
  ADD ("/handlers/steal-when-opened", test_steal_when_opened);
  ADD ("/handlers/opened-before-stanza", test_opened_before_stanza);
  ADD ("/handlers/probe-drop", test_probe_drop);
  ADD ("/handlers/closed-connection", test_closed_connection);
  ADD ("/handlers/drop-in-callback", test_drop_in_callback);
  ADD ("/handlers/stop-insist", test_stop_insist);
  return g_test_run ();
}
