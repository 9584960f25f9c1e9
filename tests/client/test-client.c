/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "client-people.h"
#include "kept-port.h"

static gboolean
send_text (Person         *person,
           Xep174Contact  *contact,
           const char     *text,
           GError        **error)
{
  Call call = { NULL };
  gboolean is_sent;

  xep174_client_send_text_async (person->client, contact, text, NULL, call_done, &call);
  call_wait (&call);
  is_sent = xep174_client_send_text_finish (person->client, call.result, error);
  g_object_unref (call.result);

  return is_sent;
}

static const char *
last_heard (Person *person)
{
  return person->heard->len > 0 ? person->heard->pdata[person->heard->len - 1] : NULL;
}

/* Two people find each other by hand and talk, both ways and in order (S7). */
static void
test_chat (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(GError) error = NULL;
  Xep174Contact *her, *him;

  person_start (romeo);
  person_start (juliet);
  g_assert_cmpstr (xep174_client_get_local_name (romeo->client), ==, "romeo@montague");
  her = person_learn (romeo, juliet);
  him = person_learn (juliet, romeo);
  g_assert_true (xep174_client_find_contact (romeo->client, "JULIET@capulet") == her);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_client_get_contacts (romeo->client)), ==, 1);

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("<%d> & é", i);

      g_assert_true (send_text (romeo, her, text, &error));
      g_assert_no_error (error);
    }
  wait_until (juliet->heard->len == 20);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("<%d> & é", i);

      g_assert_cmpstr (juliet->heard->pdata[i], ==, text);
    }
  g_assert_true (juliet->speaker == him);
  g_assert_cmpint (juliet->kind, ==, XEP174_MESSAGE_KIND_CHAT);

  g_assert_true (send_text (juliet, him, "ay me", &error));
  wait_until (romeo->heard->len == 1);
  g_assert_cmpstr (last_heard (romeo), ==, "ay me");

  person_stop (romeo);
  person_stop (juliet);
}

/* S5, S7: both speak first at the same moment; each hears the other once. */
static void
test_both_at_once (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  Xep174Contact *her, *him;

  person_start (romeo);
  person_start (juliet);
  her = person_learn (romeo, juliet);
  him = person_learn (juliet, romeo);

  xep174_client_send_text_async (romeo->client, her, "hist!", NULL, NULL, NULL);
  xep174_client_send_text_async (juliet->client, him, "my ear!", NULL, NULL, NULL);
  wait_until (romeo->heard->len > 0 && juliet->heard->len > 0);

  /* Closing waits for what is under way, so anything doubled would have come by then. */
  person_stop (juliet);
  person_stop (romeo);
  g_assert_cmpuint (romeo->heard->len, ==, 1);
  g_assert_cmpuint (juliet->heard->len, ==, 1);
}

static void
test_start_twice (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  person_stop (romeo);
  person_start (romeo);
  g_assert_true (xep174_client_get_running (romeo->client));
  xep174_client_start_async (romeo->client, NULL, call_done, &call);
  call_wait (&call);
  g_assert_false (xep174_client_start_finish (romeo->client, call.result, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  g_object_unref (call.result);

  person_stop (romeo);
  g_assert_false (xep174_client_get_running (romeo->client));
  person_start (romeo);
  person_stop (romeo);
}

/* D8: a port that was asked for is that port or an error. */
static void
test_port_in_use (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(GError) error = NULL;
  Call call = { NULL };
  guint16 port;

  person_start (romeo);
  port = xep174_client_get_port (romeo->client);
  g_assert_cmpuint (port, !=, 0);

  xep174_client_set_port (juliet->client, port);
  xep174_client_start_async (juliet->client, NULL, call_done, &call);
  call_wait (&call);
  g_assert_false (xep174_client_start_finish (juliet->client, call.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_false (xep174_client_get_running (juliet->client));
  g_object_unref (call.result);

  xep174_client_set_port (juliet->client, 0);
  person_start (juliet);
  g_assert_cmpuint (xep174_client_get_port (juliet->client), !=, port);

  person_stop (juliet);
  g_assert_cmpuint (xep174_client_get_port (juliet->client), ==, 0);
  person_stop (romeo);
}

static void
test_not_sendable (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GError) error = NULL;
  Xep174Contact *her =
    xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "juliet@capulet",
                                 "127.0.0.1", 1, NULL);

  g_assert_false (send_text (romeo, her, "too early", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  g_clear_error (&error);

  person_start (romeo);
  her = xep174_client_find_contact (romeo->client, "juliet@capulet");
  g_assert_false (send_text (romeo, her, "", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
  g_clear_error (&error);
  g_assert_false (send_text (romeo, her, "bell \a", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
  person_stop (romeo);
}

static void
add_names (GString       *names,
           Xep174Element *stanza)
{
  for (Xep174Element *child = xep174_element_get_first_child (stanza); child != NULL;
       child = xep174_element_get_next_sibling (child))
    g_string_append_printf (names, "%s ", xep174_element_get_name (child));
}

static void
on_message (Xep174Client  *client,
            Xep174Contact *contact,
            Xep174Message *message,
            GString       *names)
{
  add_names (names, xep174_message_get_element (message));
}

/* What is no message. */
static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           GString              *names)
{
  add_names (names, stanza);
  return FALSE;
}

static gboolean
send_stanza (Person         *person,
             Xep174Contact  *contact,
             const char     *xml,
             GError        **error)
{
  g_autoptr(Xep174Element) stanza = xep174_element_parse (xml, NULL);
  Call call = { NULL };
  gboolean is_sent;

  xep174_client_send_stanza_async (person->client, contact, stanza, NULL, call_done, &call);
  g_assert_true (xep174_element_is_sealed (stanza));
  call_wait (&call);
  is_sent = xep174_client_send_stanza_finish (person->client, call.result, error);
  g_object_unref (call.result);

  return is_sent;
}

/* What is more than a text, in order with texts and with what is promised of them (S7). */
static void
test_stanza (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(Xep174Contact) her = NULL;
  g_autoptr(GError) error = NULL;

  person_start (romeo);
  person_start (juliet);
  person_learn (juliet, romeo);
  her = g_object_ref (person_learn (romeo, juliet));
  g_signal_connect (xep174_client_get_session_manager (juliet->client), "stanza-received",
                    G_CALLBACK (on_stanza), names);
  g_signal_connect (juliet->client, "message-received", G_CALLBACK (on_message), names);
  g_assert_true (send_stanza (romeo, her, "<message xmlns='jabber:client' type='chat'>"
    "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>", &error));
  g_assert_true (send_stanza (romeo, her, "<message xmlns='jabber:client' type='chat'>"
    "<body>O, speak</body><html xmlns='http://jabber.org/protocol/xhtml-im'>"
    "<body xmlns='http://www.w3.org/1999/xhtml'>O, <em>speak</em></body></html></message>", &error));
  g_assert_true (send_text (romeo, her, "again", &error));
  wait_until (juliet->heard->len == 2);
  g_assert_cmpstr (names->str, ==, "composing body html body ");
  g_assert_cmpstr (juliet->heard->pdata[0], ==, "O, speak");

  g_assert_false (send_stanza (romeo, her, "<x xmlns='urn:example'/>", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STANZA);
  g_clear_error (&error);
  person_stop (juliet);
  xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (romeo->discovery), "juliet@capulet");
  wait_until (xep174_client_find_contact (romeo->client, "juliet@capulet") == NULL);
  g_assert_false (send_stanza (romeo, her, "<presence xmlns='jabber:client'/>", &error));
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  g_clear_error (&error);
  person_stop (romeo);
  g_assert_false (send_stanza (romeo, her, "<presence xmlns='jabber:client'/>", &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
}

static void
test_contact_gone (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Contact) her = NULL;

  person_start (romeo);
  her = g_object_ref (
    xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "juliet@capulet",
                                 "127.0.0.1", 1, NULL));
  xep174_manual_discovery_remove (XEP174_MANUAL_DISCOVERY (romeo->discovery), "juliet@capulet");
  g_assert_false (send_text (romeo, her, "farewell", &error));
  g_assert_error (error, XEP174_DIRECTORY_ERROR, XEP174_DIRECTORY_ERROR_UNKNOWN_NAME);
  person_stop (romeo);
}

/* S7: a session waits for who is not known yet, or not any more, for as long as its retries last. */
static void
test_not_known_yet (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  g_autoptr(Xep174Session) session = NULL;

  person_start (romeo);
  person_start (juliet);
  person_learn (juliet, romeo);
  session = xep174_session_manager_ensure_session (
    xep174_client_get_session_manager (romeo->client), "juliet@capulet", NULL);
  xep174_session_send_xml_async (
    session, "<message xmlns='jabber:client' type='chat'><body>where?</body></message>", NULL, NULL,
    NULL);
  /* It has been looked for in vain. */
  wait_until (xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED);
  person_learn (romeo, juliet);
  wait_until (juliet->heard->len == 1);
  person_stop (romeo);
  person_stop (juliet);
}

/* A contact that lets us connect, and says nothing. */
static Xep174Contact *
add_silent_contact (Person          *person,
                    GSocketListener *listener)
{
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  return xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (person->discovery),
                                      "juliet@capulet", "127.0.0.1", port, NULL);
}

static void
test_cancel (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  person_start (romeo);
  xep174_client_send_text_async (romeo->client, add_silent_contact (romeo, listener), "never mind",
                                 cancellable, call_done, &call);
  g_cancellable_cancel (cancellable);
  call_wait (&call);
  g_assert_false (xep174_client_send_text_finish (romeo->client, call.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (call.result);
  person_stop (romeo);
}

static void
test_stop_while_sending (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Call sending = { NULL };
  Call stopping = { NULL };

  person_start (romeo);
  xep174_client_send_text_async (romeo->client, add_silent_contact (romeo, listener), "stay!",
                                 NULL, call_done, &sending);
  xep174_client_stop_async (romeo->client, cancellable, call_done, &stopping);
  g_cancellable_cancel (cancellable);
  call_wait (&stopping);
  call_wait (&sending);

  g_assert_false (xep174_client_send_text_finish (romeo->client, sending.result, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_CLOSED);
  g_assert_false (xep174_client_get_running (romeo->client));
  g_object_unref (sending.result);
  g_object_unref (stopping.result);
}

/* D9, D22: a changed name is told, and the next streams have it. */
static void
test_name_changes (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Xep174SessionManager *manager = xep174_client_get_session_manager (romeo->client);
  int changes = 0;

  person_start (romeo);
  g_assert_cmpstr (xep174_session_manager_get_local_name (manager), ==, "romeo@montague");
  g_signal_connect_swapped (romeo->client, "notify::local-name", G_CALLBACK (g_atomic_int_inc),
                            &changes);
  xep174_discovery_set_local_name (romeo->discovery, "romeo-1@montague");
  g_assert_cmpint (changes, ==, 1);
  g_assert_cmpstr (xep174_client_get_local_name (romeo->client), ==, "romeo-1@montague");
  g_assert_cmpstr (xep174_session_manager_get_local_name (manager), ==, "romeo-1@montague");
  g_signal_handlers_disconnect_by_func (romeo->client, g_atomic_int_inc, &changes);
  person_stop (romeo);
}

/* A discovery of a program's own, which fails the first time. */
#define TEST_TYPE_DISCOVERY (test_discovery_get_type ())
G_DECLARE_FINAL_TYPE (TestDiscovery, test_discovery, TEST, DISCOVERY, Xep174Discovery)

struct _TestDiscovery
{
  Xep174Discovery parent_instance;
  int starts;
  int stops;
  guint16 port;
};

G_DEFINE_FINAL_TYPE (TestDiscovery, test_discovery, XEP174_TYPE_DISCOVERY)

static void
test_discovery_start_async (Xep174Discovery     *discovery,
                            Xep174Profile       *profile,
                            guint16              port,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  TestDiscovery *self = TEST_DISCOVERY (discovery);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->port = port;
  if (self->starts++ == 0)
    {
      g_task_return_new_error (task, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_NETWORK,
                               "no network today");
      return;
    }
  xep174_discovery_set_local_name (discovery, "romeo-2@montague");
  g_task_return_boolean (task, TRUE);
}

static gboolean
test_discovery_finish (Xep174Discovery *discovery,
                       GAsyncResult    *result,
                       GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_discovery_stop_async (Xep174Discovery     *discovery,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (discovery, cancellable, callback, user_data);

  TEST_DISCOVERY (discovery)->stops++;
  g_task_return_boolean (task, TRUE);
}

static void
test_discovery_class_init (TestDiscoveryClass *klass)
{
  Xep174DiscoveryClass *discovery_class = XEP174_DISCOVERY_CLASS (klass);

  discovery_class->start_async = test_discovery_start_async;
  discovery_class->start_finish = test_discovery_finish;
  discovery_class->stop_async = test_discovery_stop_async;
  discovery_class->stop_finish = test_discovery_finish;
}

static void
test_discovery_init (TestDiscovery *self)
{
}

/* A failed start leaves nothing behind, so that the next may succeed. */
static void
test_failed_start (void)
{
  g_autoptr(TestDiscovery) discovery = g_object_new (TEST_TYPE_DISCOVERY, NULL);
  g_autoptr(Person) romeo = person_new ("romeo", "montague", XEP174_DISCOVERY (discovery));
  g_autoptr(GError) error = NULL;
  Call call = { NULL };
  guint16 port;
  G_GNUC_UNUSED g_autoptr(GSocket) kept = keep_port (&port);

  xep174_client_set_port (romeo->client, port);
  xep174_client_start_async (romeo->client, NULL, call_done, &call);
  call_wait (&call);
  g_assert_false (xep174_client_start_finish (romeo->client, call.result, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, XEP174_DISCOVERY_ERROR_NO_NETWORK);
  g_object_unref (call.result);
  g_assert_cmpuint (discovery->port, ==, port);

  person_start (romeo);
  g_assert_cmpuint (xep174_client_get_port (romeo->client), ==, port);
  g_assert_cmpstr (xep174_client_get_local_name (romeo->client), ==, "romeo-2@montague");
  person_stop (romeo);
  g_assert_cmpint (discovery->stops, ==, 1);
}

static void
test_cancelled_start (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  g_cancellable_cancel (cancellable);
  xep174_client_start_async (romeo->client, cancellable, call_done, &call);
  call_wait (&call);
  g_assert_false (xep174_client_start_finish (romeo->client, call.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (xep174_session_manager_get_port (
                      xep174_client_get_session_manager (romeo->client)), ==, 0);
  g_object_unref (call.result);
  person_start (romeo);
  person_stop (romeo);
}

/* Language bindings may dispose of a client that something is still under way on. */
static void
test_dispose_under_way (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Call starting = { NULL };
  Call stopping = { NULL };

  xep174_client_start_async (romeo->client, NULL, call_done, &starting);
  g_object_run_dispose (G_OBJECT (romeo->client));
  call_wait (&starting);
  g_assert_true (xep174_client_start_finish (romeo->client, starting.result, NULL));
  g_object_unref (starting.result);

  xep174_client_stop_async (romeo->client, NULL, call_done, &stopping);
  g_object_run_dispose (G_OBJECT (romeo->client));
  call_wait (&stopping);
  g_assert_true (xep174_client_stop_finish (romeo->client, stopping.result, NULL));
  g_object_unref (stopping.result);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/chat", test_chat);
  g_test_add_func ("/client/both-at-once", test_both_at_once);
  g_test_add_func ("/client/start-twice", test_start_twice);
  g_test_add_func ("/client/port-in-use", test_port_in_use);
  g_test_add_func ("/client/not-sendable", test_not_sendable);
  g_test_add_func ("/client/S7/stanza", test_stanza);
  g_test_add_func ("/client/contact-gone", test_contact_gone);
  g_test_add_func ("/client/S7/not-known-yet", test_not_known_yet);
  g_test_add_func ("/client/cancel", test_cancel);
  g_test_add_func ("/client/stop-while-sending", test_stop_while_sending);
  g_test_add_func ("/client/name-changes", test_name_changes);
  g_test_add_func ("/client/failed-start", test_failed_start);
  g_test_add_func ("/client/cancelled-start", test_cancelled_start);
  g_test_add_func ("/client/dispose-under-way", test_dispose_under_way);
  return g_test_run ();
}
