/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cancelling, dropping and stopping, at every point of a conversation. */

#include "raw-peer.h"

#define BIG 10000

/* S7: in the queue it is taken out; the others go. */
static void
test_cancel_queued (Raw           *raw,
                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  MemoryStream *end;

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client'><body>two</body></message>", cancellable);
  stage_send (raw->stage, raw->manager, raw->peer, "three");
  end = raw_answer (raw);
  g_cancellable_cancel (cancellable);
  raw_log (raw, "not sent two: g-io-error-quark 19\n");
  raw_say_header (raw, end, TRUE);
  raw_hear_header (raw, end, FALSE,
                   "<message from='juliet@capulet' to='romeo@montague'><body>one</body></message>"
                   "<message from='juliet@capulet' to='romeo@montague'><body>three</body></message>");
}

/* S7: the last thing wanted is cancelled, and no stream is opened for it. */
static void
test_cancel_all (Raw           *raw,
                 gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client'><body>one</body></message>", cancellable);
  raw_refuse (raw);
  g_cancellable_cancel (cancellable);
  stage_advance (raw->stage, 20000);
  g_assert_false (raw_is_dialled (raw));
  raw_log (raw, "not sent one: g-io-error-quark 19\n");
}

/* S7: before its first octet it is taken out of the buffer; after it, cancelling has no effect. */
static void
test_cancel_buffered (Raw           *raw,
                      gconstpointer  data)
{
  g_autoptr(GCancellable) begun = g_cancellable_new ();
  g_autoptr(GCancellable) waiting = g_cancellable_new ();
  MemoryStream *end = raw_open_recipient (raw);
  MemoryStream *near_end = memory_stream_dup_other (end);

  g_ptr_array_add (raw->ends, near_end);
  memory_stream_set_room (near_end, 5);
  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client'><body>one</body></message>", begun);
  stage_settle (raw->stage);
  stage_send_xml (raw->stage, raw->manager, raw->peer,
                  "<message xmlns='jabber:client'><body>two</body></message>", waiting);
  stage_send (raw->stage, raw->manager, raw->peer, "three");
  stage_settle (raw->stage);
  g_cancellable_cancel (begun);
  g_cancellable_cancel (waiting);
  raw_log (raw, "not sent two: g-io-error-quark 19\n");
  memory_stream_set_room (near_end, G_MAXUINT);
  raw_hear (raw, end,
            "<message from='juliet@capulet' to='romeo@montague'><body>one</body></message>"
            "<message from='juliet@capulet' to='romeo@montague'><body>three</body></message>");
  raw_log (raw, "sent one\nsent three\n");
}

/* What cannot be sent is refused before it is queued. */
static void
test_invalid (Raw           *raw,
              gconstpointer  data)
{
  stage_send_xml (raw->stage, raw->manager, raw->peer, "<message", NULL);
  stage_send_xml (raw->stage, raw->manager, raw->peer, "<x xmlns='y'/>", NULL);
  g_assert_false (raw_is_dialled (raw));
  g_assert_cmpuint (g_list_model_get_n_items (
    xep174_session_manager_get_sessions (raw->manager)), ==, 0);
}

/* The manager goes, at each point: what is pending fails, nothing is left behind. */
static void
test_drop_manager (Raw           *raw,
                   gconstpointer  data)
{
  guint when = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (raw->manager), "when"));

  for (when = 0; when < 9; when++)
    {
      MemoryStream *end = NULL;
      g_autoptr(Xep174Session) held = NULL;

      if (raw->manager == NULL)
        raw->manager = stage_manager_new (raw->stage, raw->local);
      held = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
      if (when >= 1)
        stage_send (raw->stage, raw->manager, raw->peer, "one");
      if (when >= 2)
        g_assert_true (raw_is_dialled (raw));
      if (when >= 3)
        end = raw_answer (raw);
      if (when >= 4)
        raw_say_header (raw, end, FALSE);
      if (when >= 5)
        raw_say (raw, end, "<stream:features/>");
      if (when >= 6)
        stage_close (raw->stage, raw->manager, raw->peer);
      if (when >= 7)
        raw_say_message (raw, end, "late");
      if (when >= 8)
        raw_say_header (raw, raw_come_in (raw), FALSE);
      g_assert_finalize_object (g_steal_pointer (&raw->manager));
      stage_settle (raw->stage);
      g_assert_cmpint (xep174_session_get_state (held), ==, XEP174_SESSION_STATE_CLOSED);
      g_assert_cmpint (xep174_session_get_role (held), ==, XEP174_SESSION_ROLE_NONE);
      xep174_session_close_async (held, NULL, NULL, NULL);
      stage_settle (raw->stage);
      g_free (stage_take_log (raw->stage));
    }
}

static gboolean
on_stanza_drop (Xep174SessionManager *manager,
                Xep174Session        *session,
                Xep174Element        *stanza,
                Raw                  *raw)
{
  g_clear_object (&raw->manager);
  return FALSE;
}

static void
on_session_drop (Xep174SessionManager *manager,
                 Xep174Session        *session,
                 Raw                  *raw)
{
  g_clear_object (&raw->manager);
}

static void
on_closed_drop (Xep174SessionManager *manager,
                Xep174Session        *session,
                GError               *error,
                Raw                  *raw)
{
  g_clear_object (&raw->manager);
}

static void
on_trace_drop (Xep174SessionManager *manager,
               Xep174Session        *session,
               gboolean              outgoing,
               const char           *xml,
               Raw                  *raw)
{
  g_clear_object (&raw->manager);
}

/* The manager goes inside of each of its signals. */
static void
test_drop_in_signal (Raw           *raw,
                     gconstpointer  data)
{
  static const struct
  {
    const char *signal;
    GCallback handler;
  } cases[] = {
    { "session-opened", G_CALLBACK (on_session_drop) },
    { "session-closing", G_CALLBACK (on_session_drop) },
    { "session-closed", G_CALLBACK (on_closed_drop) },
    { "stanza-received", G_CALLBACK (on_stanza_drop) },
    { "trace", G_CALLBACK (on_trace_drop) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MemoryStream *end;

      if (raw->manager == NULL)
        raw->manager = stage_manager_new (raw->stage, raw->local);
      g_signal_connect (raw->manager, cases[i].signal, cases[i].handler, raw);
      end = raw_come_in (raw);
      raw_say (raw, end, "<stream:stream " NS_ATTRIBUTES " from='romeo@montague' version='1.0'>"
                         "<iq type='get' id='1'><x xmlns='y'/></iq>"
                         "<message><body>one</body></message>" FOOTER);
      memory_stream_break (end);
      stage_advance (raw->stage, 10000);
      g_assert_null (raw->manager);
      g_free (stage_take_log (raw->stage));
    }
}

static gboolean
on_stanza_close (Xep174SessionManager *manager,
                 Xep174Session        *session,
                 Xep174Element        *stanza,
                 Raw                  *raw)
{
  stage_send (raw->stage, manager, raw->peer, "thanks");
  stage_close (raw->stage, manager, raw->peer);
  stage_send (raw->stage, manager, raw->peer, "again");
  return TRUE;
}

/* A handler that sends and closes is served in order, after what it was called for. */
static void
test_close_in_signal (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  g_signal_connect (raw->manager, "stanza-received", G_CALLBACK (on_stanza_close), raw);
  g_signal_handlers_disconnect_by_data (raw->manager, raw->stage);
  raw_say_header (raw, end, FALSE);
  raw_hear_header (raw, end, TRUE, FEATURES);
  raw_say_message (raw, end, "one");
  raw_hear (raw, end, "<message from='juliet@capulet' to='romeo@montague'><body>thanks</body></message>"
                      FOOTER);
  raw_say (raw, end, FOOTER);
  g_assert_true (raw_is_dialled (raw));
}

static gboolean
on_stanza_loop (Xep174Session *session,
                Xep174Element *stanza,
                Raw           *raw)
{
  /* What a dialogue does: the stream rests, time and everything else go on. */
  stage_advance (raw->stage, 1000);
  return FALSE;
}

/* A main loop inside of a handler: nothing overtakes, nothing is lost. */
static void
test_nested_loop (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);

  g_signal_connect (session, "stanza-received",
                    G_CALLBACK (on_stanza_loop), raw);
  memory_stream_say (end, "<message><body>one</body></message><message><body>two</body></message>");
  stage_settle (raw->stage);
  g_signal_handlers_disconnect_by_data (session, raw);
  raw_say_message (raw, end, "three");
  raw_log (raw, "got one\ngot two\ngot three\n");
}

static gboolean
on_stanza_hear_other (Xep174Session *session,
                      Xep174Element *stanza,
                      MemoryStream  *other)
{
  g_autofree char *words = g_strnfill (3 * BIG, 'y');

  memory_stream_say (other, "<message><body>");
  memory_stream_say (other, words);
  memory_stream_say (other, "</body></message>");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return FALSE;
}

/* What another stream brings meanwhile is not put where the rest of this one still lies. */
static void
test_nested_stream (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
  g_autofree char *first = g_strnfill (BIG, 'a');
  g_autofree char *second = g_strnfill (BIG, 'b');
  g_autofree char *theirs = g_strnfill (3 * BIG, 'y');
  g_autofree char *words = g_strconcat ("<message><body>", first, "</body></message><message><body>", second,
                                        "</body></message>", NULL);
  g_autofree char *log = g_strconcat ("got ", theirs, "\ngot ", first, "\ngot ", theirs, "\ngot ", second,
                                      "\n", NULL);

  raw->peer = "tybalt@capulet";
  g_signal_connect (session, "stanza-received", G_CALLBACK (on_stanza_hear_other), raw_open_recipient (raw));
  raw_say (raw, end, words);
  raw_log (raw, log);
}

static void
on_stopped (GObject      *manager,
            GAsyncResult *result,
            gpointer      data)
{
  Stage *stage = data;

  g_assert_true (xep174_session_manager_stop_finish (XEP174_SESSION_MANAGER (manager), result,
                                                     NULL));
  g_string_append (stage->log, "stopped\n");
}

/* Every session is closed in good order, what waits fails, and it can begin anew. */
static void
test_stop (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, FALSE);
  raw_hear_header (raw, end, TRUE, FEATURES);
  stage_send (raw->stage, raw->manager, raw->peer, "waits");
  xep174_session_manager_stop_async (raw->manager, NULL, on_stopped, raw->stage);
  raw_hear (raw, end, FOOTER);
  stage_send (raw->stage, raw->manager, raw->peer, "too late");
  raw_log (raw, "opened romeo@montague recipient\nclosing romeo@montague\n"
                "not sent waits: xep174-session-error-quark 3\n"
                "not sent too late: xep174-session-error-quark 3\n");
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  raw_log (raw, "closed romeo@montague\nstopped\n");

  stage_send (raw->stage, raw->manager, raw->peer, "anew");
  g_assert_true (raw_is_dialled (raw));
}

/* It does not wait for ever for who does not answer. */
static void
test_stop_bounded (Raw           *raw,
                   gconstpointer  data)
{
  raw_open_recipient (raw);
  raw_come_in (raw);
  xep174_session_manager_stop_async (raw->manager, NULL, on_stopped, raw->stage);
  stage_advance (raw->stage, 10000);
  raw_log (raw, "closing romeo@montague\nclosed romeo@montague\nstopped\n");
}

static void
on_stop_cancelled (GObject      *manager,
                   GAsyncResult *result,
                   gpointer      data)
{
  Stage *stage = data;
  g_autoptr(GError) error = NULL;

  xep174_session_manager_stop_finish (XEP174_SESSION_MANAGER (manager), result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_string_append (stage->log, "stop cancelled\n");
}

/* S7: who does not wait for the end hears of all that has no sign of receipt, and it can begin
 * anew. */
static void
test_stop_cancelled (Raw           *raw,
                     gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  raw_open_recipient (raw);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  raw_log (raw, "sent one\nsent two\n");
  xep174_session_manager_stop_async (raw->manager, cancellable, on_stop_cancelled, raw->stage);
  raw_log (raw, "closing romeo@montague\n");
  g_cancellable_cancel (cancellable);
  raw_log (raw, "unconfirmed one\nunconfirmed two\nstop cancelled\n");

  stage_send (raw->stage, raw->manager, raw->peer, "anew");
  g_assert_true (raw_is_dialled (raw));
}

/* S7: so does who drops the manager. */
static void
test_drop_unconfirmed (Raw           *raw,
                       gconstpointer  data)
{
  raw_open_recipient (raw);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  raw_log (raw, "sent one\n");
  g_clear_object (&raw->manager);
  raw_log (raw, "unconfirmed one\n");
}

/* The connection of an open stream is the program's, and the session is over without a word. */
static void
test_steal (Raw           *raw,
            gconstpointer  data)
{
  MemoryStream *end = raw_open_initiator (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);
  g_autoptr(GIOStream) stolen = NULL;
  g_autoptr(GError) error = NULL;

  stolen = xep174_session_steal_stream (session, &error);
  g_assert_no_error (error);
  g_assert_true (MEMORY_IS_STREAM (stolen));
  memory_stream_say (MEMORY_STREAM (stolen), "mine");
  raw_hear (raw, end, "mine");
  raw_log (raw, "closed romeo@montague\n");
  g_assert_null (xep174_session_manager_find_session (raw->manager, raw->peer));
}

static void
test_steal_nothing (Raw           *raw,
                    gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  g_assert_null (xep174_session_steal_stream (session, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
}

/* A stream that cannot be polled is refused; so is a second one of ours, and our own name. */
static void
test_add_connection (Raw           *raw,
                     gconstpointer  data)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new ();
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GInputStream) buffered = g_buffered_input_stream_new (input);
  g_autoptr(GIOStream) unpollable = g_simple_io_stream_new (buffered, output);
  g_autoptr(GError) error = NULL;
  MemoryStream *one;
  MemoryStream *other;

  g_assert_false (xep174_session_manager_add_connection (raw->manager, unpollable,
                                                         XEP174_SESSION_ROLE_RECIPIENT, NULL,
                                                         &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);

  memory_stream_new_pair (&one, &other);
  g_ptr_array_add (raw->ends, one);
  g_ptr_array_add (raw->ends, other);
  raw_open_initiator (raw);
  g_assert_false (xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (one),
                                                         XEP174_SESSION_ROLE_INITIATOR, raw->peer,
                                                         &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  g_clear_error (&error);
  g_assert_null (xep174_session_manager_ensure_session (raw->manager, "JULIET@capulet", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
}

/* A connection whose owner is known needs no directory; another name on it is refused. */
static void
test_add_named (Raw           *raw,
                gconstpointer  data)
{
  MemoryStream *near_end;
  MemoryStream *end;

  g_object_set (raw->manager, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  for (guint i = 0; i < 2; i++)
    {
      memory_stream_new_pair (&near_end, &end);
      g_ptr_array_add (raw->ends, end);
      g_assert_true (xep174_session_manager_add_connection (
        raw->manager, G_IO_STREAM (near_end), XEP174_SESSION_ROLE_RECIPIENT,
        i == 0 ? "tybalt@capulet" : raw->peer, NULL));
      g_object_unref (near_end);
      raw_say_header (raw, end, FALSE);
    }
  raw_hear_header (raw, end, TRUE, FEATURES);
  raw_log (raw, "opened romeo@montague recipient\n");
}

/* A session lives while it has something to do or a holder, and no longer. */
static void
test_kept (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  Xep174Session *session = xep174_session_manager_find_session (raw->manager, raw->peer);

  g_assert_nonnull (session);
  g_object_ref (session);
  raw_say (raw, end, FOOTER);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  stage_settle (raw->stage);
  g_assert_true (xep174_session_manager_find_session (raw->manager, raw->peer) == session);
  g_assert_cmpuint (g_list_model_get_n_items (
    xep174_session_manager_get_sessions (raw->manager)), ==, 0);
  g_assert_finalize_object (session);
  g_assert_null (xep174_session_manager_find_session (raw->manager, raw->peer));
}

#define ADD(path, test) g_test_add (path, Raw, "juliet@capulet", raw_set_up, test, raw_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/life/S7/cancel-queued", test_cancel_queued);
  ADD ("/life/S7/cancel-all", test_cancel_all);
  ADD ("/life/S7/cancel-buffered", test_cancel_buffered);
  ADD ("/life/invalid", test_invalid);
  ADD ("/life/drop-manager", test_drop_manager);
  ADD ("/life/drop-in-signal", test_drop_in_signal);
  ADD ("/life/close-in-signal", test_close_in_signal);
  ADD ("/life/nested-loop", test_nested_loop);
  ADD ("/life/nested-stream", test_nested_stream);
  ADD ("/life/stop", test_stop);
  ADD ("/life/stop-bounded", test_stop_bounded);
  ADD ("/life/S7/stop-cancelled", test_stop_cancelled);
  ADD ("/life/S7/drop-unconfirmed", test_drop_unconfirmed);
  ADD ("/life/steal", test_steal);
  ADD ("/life/steal-nothing", test_steal_nothing);
  ADD ("/life/add-connection", test_add_connection);
  ADD ("/life/add-named", test_add_named);
  ADD ("/life/kept", test_kept);
  return g_test_run ();
}
