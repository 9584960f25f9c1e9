/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a client hears from others than well-behaved friends: a peer made of a socket. */

#include <string.h>

#include "client-people.h"

#define HEADER_FROM(name) \
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
  "xmlns:stream='http://etherx.jabber.org/streams' from='" name "' to='romeo@montague'>"

/* A connection that @person takes for one that @name opened; ours is the other end. */
static GIOStream *
add_connection (Person     *person,
                const char *name)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) theirs = NULL;
  GSocketConnection *ours;

  ours = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  theirs = g_socket_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  xep174_session_manager_add_connection (xep174_client_get_session_manager (person->client),
                                         G_IO_STREAM (theirs), XEP174_SESSION_ROLE_RECIPIENT,
                                         name, &error);
  g_assert_no_error (error);

  return G_IO_STREAM (ours);
}

static void
say (GIOStream  *stream,
     const char *octets)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), octets, strlen (octets), NULL,
                             NULL, &error);
  g_assert_no_error (error);
}

/* Somebody who is not in discovery has a contact all the same, one as long as the session lives,
 * and can be answered. */
static void
test_stranger (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(Xep174Contact) stranger = NULL;
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  person_start (romeo);
  stream = add_connection (romeo, "stranger@nowhere");
  say (stream, HEADER_FROM ("stranger@nowhere")
       "<message type='chat'><body>one</body></message>");
  wait_until (romeo->heard->len == 1);
  stranger = g_object_ref (romeo->speaker);
  g_assert_cmpstr (xep174_contact_get_name (stranger), ==, "stranger@nowhere");
  g_assert_false (xep174_contact_get_online (stranger));

  say (stream, "<message type='chat'><body>two</body></message>");
  wait_until (romeo->heard->len == 2);
  g_assert_true (romeo->speaker == stranger);

  xep174_client_send_text_async (romeo->client, stranger, "who is there?", NULL, call_done, &call);
  call_wait (&call);
  g_assert_true (xep174_client_send_text_finish (romeo->client, call.result, &error));
  g_object_unref (call.result);

  say (stream, "</stream:stream>");
  g_io_stream_close (stream, NULL, NULL);
  person_stop (romeo);
}

/* D19: whose record goes while they talk stays the same contact. */
static void
test_departed (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Xep174ManualDiscovery *book = XEP174_MANUAL_DISCOVERY (romeo->discovery);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(Xep174Contact) juliet = NULL;

  person_start (romeo);
  juliet = g_object_ref (xep174_manual_discovery_add (book, "juliet@capulet", "127.0.0.1", 5298,
                                                      NULL));
  stream = add_connection (romeo, "juliet@capulet");
  say (stream, HEADER_FROM ("juliet@capulet") "<message type='chat'><body>one</body></message>");
  wait_until (romeo->heard->len == 1);
  g_assert_true (romeo->speaker == juliet);

  xep174_manual_discovery_remove (book, "juliet@capulet");
  say (stream, "<message type='chat'><body>two</body></message>");
  wait_until (romeo->heard->len == 2);
  g_assert_true (romeo->speaker == juliet);
  g_assert_false (xep174_contact_get_online (juliet));

  say (stream, "</stream:stream>");
  g_io_stream_close (stream, NULL, NULL);
  person_stop (romeo);
}

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           GPtrArray            *names)
{
  g_ptr_array_add (names, g_strdup (xep174_element_get_name (stanza)));

  return TRUE;
}

/* What is no message goes on to who else listens, and so does what was refused. */
static void
test_other_stanzas (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GIOStream) stream = NULL;
  Xep174SessionManager *manager = xep174_client_get_session_manager (romeo->client);

  person_start (romeo);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), names);
  stream = add_connection (romeo, "stranger@nowhere");
  say (stream, HEADER_FROM ("stranger@nowhere")
       "<message type='chat'><x xmlns='jabber:x:event'><composing/><id>1</id></x></message>"
       "<presence/>"
       "<message type='error' id='7'><body>good night</body><error type='cancel'>"
       "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
       "<message type='error'/>");
  wait_until (names->len == 4);
  g_assert_cmpuint (romeo->heard->len, ==, 0);
  g_assert_cmpuint (romeo->refused->len, ==, 2);
  g_assert_cmpstr (romeo->refused->pdata[0], ==, "7: They cannot be reached there any more");
  g_assert_cmpstr (romeo->refused->pdata[1], ==, "(null): Their program could not take it");
  g_assert_cmpstr (xep174_contact_get_name (romeo->speaker), ==, "stranger@nowhere");
  g_assert_cmpstr (names->pdata[0], ==, "message");
  g_assert_cmpstr (names->pdata[1], ==, "presence");

  g_signal_handlers_disconnect_by_data (manager, names);
  g_io_stream_close (stream, NULL, NULL);
  person_stop (romeo);
}

static void
answer (Xep174Client  *client,
        Xep174Contact *contact,
        Xep174Message *message)
{
  xep174_client_send_text_async (client, contact, "I hear you", NULL, NULL, NULL);
}

/* X14: a program that answers everything, and a peer that sends every message back as an error, with
 * its text in it: they would do so for ever. */
static void
test_never_answered (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Person) juliet = person_new ("juliet", "capulet", NULL);
  Xep174Contact *to_juliet;
  g_autoptr(Xep174Element) back = NULL;
  Call call = { NULL };

  person_start (romeo);
  person_start (juliet);
  to_juliet = person_learn (romeo, juliet);
  person_learn (juliet, romeo);
  g_signal_connect (romeo->client, "message-received", G_CALLBACK (answer), NULL);
  g_signal_connect (juliet->client, "message-received", G_CALLBACK (answer), NULL);

  back = xep174_element_parse ("<message type='error' id='1'><body>I hear you</body><error/></message>",
                               NULL);
  xep174_client_send_stanza_async (romeo->client, to_juliet, back, NULL, call_done, &call);
  call_wait (&call);
  g_assert_true (xep174_client_send_stanza_finish (romeo->client, call.result, NULL));
  g_object_unref (call.result);
  wait_until (juliet->refused->len == 1);

  person_stop (romeo);
  person_stop (juliet);
  g_assert_cmpuint (romeo->heard->len + juliet->heard->len, ==, 0);
}

/* A connection that breaks after the message was written: nobody knows, and that is said. */
static void
test_unconfirmed (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  Call call = { NULL };

  person_start (romeo);
  stream = add_connection (romeo, "stranger@nowhere");
  say (stream, HEADER_FROM ("stranger@nowhere") "<message><body>hello</body></message>");
  wait_until (romeo->heard->len == 1);
  xep174_client_send_text_async (romeo->client, romeo->speaker, "are you there?", NULL, call_done,
                                 &call);
  call_wait (&call);
  g_assert_true (xep174_client_send_text_finish (romeo->client, call.result, &error));
  g_object_unref (call.result);

  g_io_stream_close (stream, NULL, NULL);
  wait_until (romeo->unconfirmed->len == 1);
  g_assert_cmpstr (romeo->unconfirmed->pdata[0], ==, "are you there?");
  person_stop (romeo);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/correspondents/stranger", test_stranger);
  g_test_add_func ("/correspondents/D19-departed", test_departed);
  g_test_add_func ("/correspondents/other-stanzas", test_other_stanzas);
  g_test_add_func ("/correspondents/X14-never-answered", test_never_answered);
  g_test_add_func ("/correspondents/unconfirmed", test_unconfirmed);
  return g_test_run ();
}
