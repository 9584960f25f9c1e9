/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a program may do in a handler or in a callback that others would not expect: cancel, close, drop,
 * connect, ask again. test-handlers.c has what it may set meanwhile. */

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

static void
on_called (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  ++*(guint *) data;
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
  ADD ("/deeds/crowd", test_crowd);
  ADD ("/deeds/cancel-from-thread", test_cancel_from_thread);
  ADD ("/deeds/S7/cancel-nested", test_cancel_nested);
  ADD ("/deeds/X5/close-twice", test_close_twice);
  ADD ("/deeds/S3/connect-twice", test_connect_twice);
  ADD ("/deeds/S7/send-from-failed", test_send_from_failed);
  ADD ("/deeds/S7/cancel-from-failed", test_cancel_from_failed);
  ADD ("/deeds/steal-when-opened", test_steal_when_opened);
  ADD ("/deeds/opened-before-stanza", test_opened_before_stanza);
  ADD ("/deeds/probe-drop", test_probe_drop);
  ADD ("/deeds/closed-connection", test_closed_connection);
  ADD ("/deeds/drop-in-callback", test_drop_in_callback);
  ADD ("/deeds/stop-insist", test_stop_insist);
  return g_test_run ();
}
