/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* More than messages: one side asks with an IQ, the other answers what it knows, and the library
 * says of the rest that nobody serves it. Both ends are in this program. */

#include <xep174/xep174.h>

#define NS_VERSION "jabber:iq:version"
#define NS_DANCE "urn:example:dance"
#define NS_STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"

/* Juliet: a handler returns TRUE for what it has taken, and leaves the rest to others. */
static gboolean
on_request (Xep174SessionManager *manager,
            Xep174Session        *session,
            Xep174Element        *stanza,
            gpointer              user_data)
{
  g_autoptr(Xep174Element) result = NULL;
  Xep174Element *query;

  if (!xep174_element_matches (stanza, "iq", NULL)
      || g_strcmp0 (xep174_element_get_attribute (stanza, "type"), "get") != 0
      || xep174_element_find_child (stanza, "query", NS_VERSION) == NULL)
    return FALSE;

  result = xep174_element_new ("iq", "jabber:client");
  xep174_element_set_attribute (result, "type", "result");
  xep174_element_set_attribute (result, "id", xep174_element_get_attribute (stanza, "id"));
  query = xep174_element_append_new (result, "query", NS_VERSION);
  xep174_element_append_text (xep174_element_append_new (query, "name", NULL), "Balcony");
  xep174_session_send_async (session, result, NULL, NULL, NULL);
  return TRUE;
}

/* Romeo: an answer repeats the id of its question (RFC 6120 §8.1.3). */
static gboolean
on_answer (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gpointer              user_data)
{
  GMainLoop *loop = user_data;
  const char *id = xep174_element_get_attribute (stanza, "id");
  Xep174Element *query = xep174_element_find_child (stanza, "query", NS_VERSION);
  Xep174Element *error = xep174_element_find_child (stanza, "error", NULL);

  if (g_strcmp0 (id, "version") == 0 && query != NULL)
    {
      g_autofree char *name = xep174_element_dup_child_text (query, "name", NULL);

      g_print ("%s runs %s\n", xep174_session_get_name (session), name);
      return TRUE;
    }
  if (g_strcmp0 (id, "dance") == 0 && error != NULL
      && xep174_element_find_child (error, "service-unavailable", NS_STANZA_ERRORS) != NULL)
    {
      g_print ("%s does not dance\n", xep174_session_get_name (session));
      g_main_loop_quit (loop);
      return TRUE;
    }

  return FALSE;
}

static void
ask (Xep174Session *session,
     const char    *id,
     const char    *xmlns)
{
  g_autoptr(Xep174Element) request = xep174_element_new ("iq", "jabber:client");

  xep174_element_set_attribute (request, "type", "get");
  xep174_element_set_attribute (request, "id", id);
  xep174_element_append_new (request, "query", xmlns);
  xep174_session_send_async (session, request, NULL, NULL, NULL);
}

int
main (void)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(Xep174ManualDiscovery) book = xep174_manual_discovery_new ();
  g_autoptr(Xep174SessionManager) juliet =
    xep174_session_manager_new ("juliet@capulet", XEP174_DIRECTORY (book));
  g_autoptr(Xep174SessionManager) romeo =
    xep174_session_manager_new ("romeo@montague", XEP174_DIRECTORY (book));
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_manager_listen (juliet, 0, &error)
      || !xep174_session_manager_listen (romeo, 0, &error))
    {
      g_printerr ("Cannot listen: %s\n", error->message);
      return 1;
    }

  xep174_manual_discovery_add (book, "juliet@capulet", "127.0.0.1",
                               xep174_session_manager_get_port (juliet), NULL);
  xep174_manual_discovery_add (book, "romeo@montague", "127.0.0.1",
                               xep174_session_manager_get_port (romeo), NULL);
  g_signal_connect (juliet, "stanza-received", G_CALLBACK (on_request), NULL);
  g_signal_connect (romeo, "stanza-received", G_CALLBACK (on_answer), loop);

  session = xep174_session_manager_ensure_session (romeo, "juliet@capulet", &error);
  if (session == NULL)
    {
      g_printerr ("No session: %s\n", error->message);
      return 1;
    }

  ask (session, "version", NS_VERSION);
  ask (session, "dance", NS_DANCE);
  g_main_loop_run (loop);

  return 0;
}
