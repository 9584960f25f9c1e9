/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program drops all that it has of a client at any moment of its life: after each turn of the main
 * loop, in each handler and in each callback. */

#include "client-people.h"

typedef struct
{
  Person *juliet;
  Xep174Client *client;
  GSocketListener *silent; /* connects, and says nothing */
  GCancellable *cancellable;
  const char *folder; /* of its keys */
  /* It is dropped at the moment of that number. */
  guint at;
  guint n;
  guint n_pending; /* calls that have not called back */
  guint n_heard;
} Program;

static void
moment (Program *program)
{
  if (program->n++ == program->at)
    g_clear_object (&program->client);
}

static gboolean
is_dropped (Program *program)
{
  return program->client == NULL;
}

static Xep174ManualDiscovery *
get_discovery (Program *program)
{
  return XEP174_MANUAL_DISCOVERY (xep174_client_get_discovery (program->client));
}

/* --- What it is told --------------------------------------------------------------------- */

static void
on_notify (GObject    *object,
           GParamSpec *property,
           Program    *program)
{
  moment (program);
}

static void
on_contact (GObject       *source,
            Xep174Contact *contact,
            Program       *program)
{
  moment (program);
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            Program       *program)
{
  program->n_heard++;
  moment (program);
}

static void
on_session (Xep174SessionManager *manager,
            Xep174Session        *session,
            Program              *program)
{
  moment (program);
}

static void
on_closed (Xep174SessionManager *manager,
           Xep174Session        *session,
           GError               *error,
           Program              *program)
{
  moment (program);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Program              *program)
{
  moment (program);
  return FALSE;
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      data)
{
  Program *program = data;

  program->n_pending--;
  moment (program);
}

static void
listen (Program *program)
{
  GObject *discovery = G_OBJECT (xep174_client_get_discovery (program->client));
  GObject *manager = G_OBJECT (xep174_client_get_session_manager (program->client));

  g_signal_connect (program->client, "notify", G_CALLBACK (on_notify), program);
  g_signal_connect (program->client, "message-received", G_CALLBACK (on_message), program);
  g_signal_connect (program->client, "contact-added", G_CALLBACK (on_contact), program);
  g_signal_connect (program->client, "contact-removed", G_CALLBACK (on_contact), program);
  g_signal_connect (discovery, "notify", G_CALLBACK (on_notify), program);
  g_signal_connect (discovery, "contact-added", G_CALLBACK (on_contact), program);
  g_signal_connect (discovery, "contact-removed", G_CALLBACK (on_contact), program);
  g_signal_connect (manager, "notify", G_CALLBACK (on_notify), program);
  g_signal_connect (manager, "session-opened", G_CALLBACK (on_session), program);
  g_signal_connect (manager, "session-closing", G_CALLBACK (on_session), program);
  g_signal_connect (manager, "session-closed", G_CALLBACK (on_closed), program);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), program);
}

/* --- What it does ------------------------------------------------------------------------ */

/* Until it has happened, or it never will. */
#define live_until(program, condition)                              \
  G_STMT_START                                                      \
  {                                                                 \
    guint watchdog = wait_begin (#condition);                       \
    while (!(condition) && !is_dropped (program))                   \
      {                                                             \
        g_main_context_iteration (NULL, TRUE);                      \
        moment (program);                                           \
      }                                                             \
    g_source_remove (watchdog);                                     \
  }                                                                 \
  G_STMT_END

static void
begin (Program *program)
{
  moment (program);
  if (is_dropped (program))
    return;

  program->n_pending++;
  xep174_client_start_async (program->client, NULL, on_done, program);
  live_until (program, program->n_pending == 0);
}

static void
meet (Program *program)
{
  guint16 port = xep174_client_get_port (program->juliet->client);

  if (!is_dropped (program))
    xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (program->juliet->discovery),
                                 xep174_client_get_local_name (program->client), "127.0.0.1",
                                 xep174_client_get_port (program->client), NULL);
  if (!is_dropped (program))
    xep174_manual_discovery_add (get_discovery (program), "juliet@capulet", "127.0.0.1", port, NULL);
}

static void
say (Program    *program,
     const char *name)
{
  Xep174Contact *contact;

  moment (program);
  contact = is_dropped (program) ? NULL : xep174_client_find_contact (program->client, name);
  if (contact == NULL)
    return;

  program->n_pending++;
  xep174_client_send_text_async (program->client, contact, "hist!", program->cancellable, on_done,
                                 program);
}

static void
talk (Program *program)
{
  Xep174Contact *romeo;
  guint n_heard = program->juliet->heard->len;

  say (program, "juliet@capulet");
  live_until (program, program->n_pending == 0 && program->juliet->heard->len > n_heard);
  if (is_dropped (program))
    return;

  romeo = xep174_client_find_contact (program->juliet->client, "romeo@montague");
  xep174_client_send_text_async (program->juliet->client, romeo, "my ear!", NULL, NULL, NULL);
  live_until (program, program->n_heard > 0);
}

/* With somebody who accepts the connection and does not answer. */
static void
talk_to_the_wall (Program *program)
{
  guint16 port = g_socket_listener_add_any_inet_port (program->silent, NULL, NULL);

  if (!is_dropped (program))
    xep174_manual_discovery_add (get_discovery (program), "wall@capulet", "127.0.0.1", port, NULL);
  say (program, "wall@capulet");
  for (guint i = 0; i < 4; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      moment (program);
    }
  /* So that it is not waited for when all is closed. */
  g_socket_listener_close (program->silent);
}

static void
end (Program *program)
{
  moment (program);
  if (is_dropped (program))
    return;

  program->n_pending++;
  xep174_client_stop_async (program->client, NULL, on_done, program);
  live_until (program, program->n_pending == 0);
}

/* FALSE if the life was over before. */
static gboolean
drop_at (Person     *juliet,
         const char *folder,
         guint       at)
{
  Program program = { .juliet = juliet, .folder = folder, .at = at };
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("romeo", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  gpointer alive;
  gboolean dropped;

  g_assert_true (xep174_profile_set_machine (profile, "montague", NULL));
  program.silent = g_socket_listener_new ();
  program.cancellable = g_cancellable_new ();
  program.client = alive = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", discovery,
                                         "data-dir", program.folder, NULL);
  g_clear_object (&discovery);
  g_object_add_weak_pointer (alive, &alive);
  listen (&program);

  begin (&program);
  meet (&program);
  talk (&program);
  talk_to_the_wall (&program);
  end (&program);

  /* A call that is under way holds its client, and no longer. */
  dropped = is_dropped (&program);
  g_clear_object (&program.client);
  g_cancellable_cancel (program.cancellable);
  wait_until (program.n_pending == 0 && alive == NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (program.n_pending, ==, 0);
  g_object_unref (program.silent);
  g_object_unref (program.cancellable);
  return dropped;
}

static void
test_drop (void)
{
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  char *folder = key_folder_new ();
  guint at = 0;

  person_start (juliet);
  while (drop_at (juliet, folder, at))
    at++;
  g_test_message ("dropped at %u moments", at);
  g_assert_cmpuint (at, >, 30);
  person_stop (juliet);
  key_folder_free (folder);
}

static void
send_one (Person        *person,
          Xep174Contact *contact,
          guint          which,
          GCancellable  *cancellable,
          Call          *call)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "once");
  g_autoptr(Xep174Element) stanza =
    xep174_element_parse ("<message xmlns='jabber:client'><body>once</body></message>", NULL);

  if (which == 0)
    xep174_client_send_text_async (person->client, contact, "once", cancellable, call_done, call);
  else if (which == 1)
    xep174_client_send_message_async (person->client, contact, message, cancellable, call_done,
                                      call);
  else
    xep174_client_send_stanza_async (person->client, contact, stanza, cancellable, call_done, call);
}

static gboolean
finish_one (Person  *person,
            guint    which,
            Call    *call,
            GError **error)
{
  gboolean sent;

  if (which == 0)
    sent = xep174_client_send_text_finish (person->client, call->result, error);
  else if (which == 1)
    sent = xep174_client_send_message_finish (person->client, call->result, error);
  else
    sent = xep174_client_send_stanza_finish (person->client, call->result, error);
  g_object_unref (call->result);
  return sent;
}

/* S7: what was written is sent, however late it is cancelled; or a program would send it twice. What
 * was cancelled before is not. */
static void
test_cancel_late (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  Xep174Contact *her;

  person_start (romeo);
  person_start (juliet);
  her = person_learn (romeo, juliet);
  person_learn (juliet, romeo);
  for (guint which = 0; which < 3; which++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      Call call = { NULL };

      send_one (romeo, her, which, cancellable, &call);
      wait_until (juliet->heard->len == which + 1);
      g_cancellable_cancel (cancellable);
      call_wait (&call);
      g_assert_true (finish_one (romeo, which, &call, &error));
      g_assert_no_error (error);

      call.result = NULL;
      send_one (romeo, her, which, cancellable, &call);
      call_wait (&call);
      g_assert_false (finish_one (romeo, which, &call, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  person_stop (romeo);
  person_stop (juliet);
  g_assert_cmpuint (juliet->heard->len, ==, 3);
}

/* --- Starting and stopping --------------------------------------------------------------- */

static void
assert_says_what_is (Person   *person,
                     gboolean  started,
                     GError   *error)
{
  g_assert_cmpint (xep174_client_get_running (person->client), ==, started);
  g_assert_cmpint (xep174_discovery_get_running (person->discovery), ==, started);
  g_assert_cmpint (xep174_session_manager_get_port (
                     xep174_client_get_session_manager (person->client)) != 0, ==, started);
  if (!started)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
on_running_cancel (Xep174Client *client,
                   GParamSpec   *pspec,
                   GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Whenever a start is cancelled, in a turn of the main loop, in a handler, or when it has ended and
 * nobody has asked how: it has started or it has not, says which, and can start again. */
static void
test_cancel_start (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  guint n_started = 0;

  for (guint turns = 0; turns < 8; turns++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(GError) error = NULL;
      Call call = { NULL };
      gulong handler = 0;
      gboolean started;

      if (turns == 7)
        handler = g_signal_connect (romeo->client, "notify::running",
                                    G_CALLBACK (on_running_cancel), cancellable);
      xep174_client_start_async (romeo->client, cancellable, call_done, &call);
      for (guint i = 0; i < turns && turns < 6; i++)
        g_main_context_iteration (NULL, FALSE);
      if (turns == 6)
        call_wait (&call);
      if (turns < 7)
        g_cancellable_cancel (cancellable);
      call_wait (&call);
      started = xep174_client_start_finish (romeo->client, call.result, &error);
      g_object_unref (call.result);
      if (handler != 0)
        g_signal_handler_disconnect (romeo->client, handler);
      g_assert_true (turns < 6 || started);
      assert_says_what_is (romeo, started, error);
      n_started += started;
      if (!started)
        person_start (romeo);
      person_stop (romeo);
    }
  g_assert_cmpuint (n_started, <, 8);
}

typedef struct
{
  Person *romeo;
  guint n_started;
  guint n_stopped;
} Restless;

static void
on_restless_stopped (GObject      *object,
                     GAsyncResult *result,
                     gpointer      data)
{
  Restless *restless = data;
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_client_stop_finish (restless->romeo->client, result, &error));
  g_assert_no_error (error);
  restless->n_stopped++;
}

static void
on_restless_started (GObject      *object,
                     GAsyncResult *result,
                     gpointer      data)
{
  Restless *restless = data;
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_client_start_finish (restless->romeo->client, result, &error));
  g_assert_no_error (error);
  restless->n_started++;
}

/* Stops whenever it runs and waits for that, starts when it has stopped. */
static void
on_running_toggle (Xep174Client *client,
                   GParamSpec   *pspec,
                   Restless     *restless)
{
  guint n_stopped = restless->n_stopped;

  if (!xep174_client_get_running (client))
    return;

  xep174_client_stop_async (client, NULL, on_restless_stopped, restless);
  wait_until (restless->n_stopped > n_stopped);
  g_assert_false (xep174_discovery_get_running (restless->romeo->discovery));
  g_assert_null (xep174_client_get_local_name (client));
  if (n_stopped < 3)
    xep174_client_start_async (client, NULL, on_restless_started, restless);
}

static void
test_stopped_by_handler (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Restless restless = { romeo };

  g_signal_connect (romeo->client, "notify::running", G_CALLBACK (on_running_toggle), &restless);
  xep174_client_start_async (romeo->client, NULL, on_restless_started, &restless);
  wait_until (restless.n_started == 4);
  g_assert_cmpuint (restless.n_stopped, ==, 4);
  g_assert_false (xep174_client_get_running (romeo->client));
  g_signal_handlers_disconnect_by_data (romeo->client, &restless);
  person_start (romeo);
  person_stop (romeo);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client-life/drop", test_drop);
  g_test_add_func ("/client-life/S7/cancel-late", test_cancel_late);
  g_test_add_func ("/client-life/cancel-start", test_cancel_start);
  g_test_add_func ("/client-life/stopped-by-handler", test_stopped_by_handler);
  return g_test_run ();
}
