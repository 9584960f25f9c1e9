/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Our streams on a connection of your own, and back: a session that is settled by XMPP and then
 * gives its socket to another protocol. Both ends are in this program. */

#include <gio/gio.h>
#include <sys/socket.h>
#include <xep174/xep174.h>

typedef struct
{
  GMainLoop     *loop;
  Xep174Session *hers;
  Xep174Session *his;
  GIOStream     *her_stream;
  GIOStream     *his_stream;
  char           octets[6];
} Story;

static gboolean
fail (Story      *story,
      const char *what,
      GError     *error)
{
  g_printerr ("%s: %s\n", what, error != NULL ? error->message : "no reason given");
  g_main_loop_quit (story->loop);
  return G_SOURCE_REMOVE;
}

/* --- After XMPP ------------------------------------------------------------------------------ */

static void
on_octets (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Story *story = user_data;
  g_autoptr(GError) error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    {
      fail (story, "Not read", error);
      return;
    }

  g_print ("the rest is not XMPP: %.*s\n", (int) length, story->octets);
  g_main_loop_quit (story->loop);
}

/* A stream can be stolen when it is at rest, and not from within a handler of its signals. */
static gboolean
steal (gpointer user_data)
{
  Story *story = user_data;
  g_autoptr(GError) error = NULL;

  story->her_stream = xep174_session_steal_stream (story->hers, &error);
  if (story->her_stream != NULL)
    story->his_stream = xep174_session_steal_stream (story->his, &error);
  if (story->his_stream == NULL)
    return fail (story, "Not stolen", error);

  g_input_stream_read_all_async (g_io_stream_get_input_stream (story->her_stream), story->octets,
                                 sizeof story->octets, G_PRIORITY_DEFAULT, NULL, on_octets, story);
  g_output_stream_write_all (g_io_stream_get_output_stream (story->his_stream), "octets", 6, NULL,
                             NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* --- XMPP ------------------------------------------------------------------------------------ */

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gpointer              user_data)
{
  Story *story = user_data;
  g_autofree char *xml = xep174_element_to_string (stanza);

  g_print ("%s sends %s\n", xep174_session_get_name (session), xml);
  g_set_object (&story->hers, session);
  g_idle_add (steal, story);
  return TRUE;
}

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Story *story = user_data;
  g_autoptr(GError) error = NULL;

  if (!xep174_session_send_xml_finish (story->his, result, &error))
    fail (story, "Not sent", error);
}

/* Any connection whose halves can be polled will do: a TLS connection, a SOCKS proxy's, a pair. */
static gboolean
connect_pair (GIOStream **one,
              GIOStream **other,
              GError    **error)
{
  g_autoptr(GSocket) first = NULL;
  g_autoptr(GSocket) second = NULL;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No pair of sockets");
      return FALSE;
    }

  first = g_socket_new_from_fd (fds[0], error);
  second = first != NULL ? g_socket_new_from_fd (fds[1], error) : NULL;
  if (second == NULL)
    return FALSE;

  *one = G_IO_STREAM (g_socket_connection_factory_create_connection (first));
  *other = G_IO_STREAM (g_socket_connection_factory_create_connection (second));
  return TRUE;
}

/* With no directory a manager neither listens nor dials: it has the connections it is given. Who
 * is at the other end is for the program to know. */
static gboolean
open_sessions (Story                *story,
               Xep174SessionManager *juliet,
               Xep174SessionManager *romeo,
               GError              **error)
{
  g_autoptr(GIOStream) her_end = NULL;
  g_autoptr(GIOStream) his_end = NULL;

  if (!connect_pair (&her_end, &his_end, error)
      || !xep174_session_manager_add_connection (juliet, her_end, XEP174_SESSION_ROLE_RECIPIENT,
                                                 "romeo@montague", error)
      || !xep174_session_manager_add_connection (romeo, his_end, XEP174_SESSION_ROLE_INITIATOR,
                                                 "juliet@capulet", error))
    return FALSE;

  story->his = xep174_session_manager_ensure_session (romeo, "juliet@capulet", error);
  return story->his != NULL;
}

int
main (void)
{
  g_autoptr(Xep174SessionManager) juliet = xep174_session_manager_new ("juliet@capulet", NULL);
  g_autoptr(Xep174SessionManager) romeo = xep174_session_manager_new ("romeo@montague", NULL);
  g_autoptr(GError) error = NULL;
  Story story = { g_main_loop_new (NULL, FALSE) };

  g_signal_connect (juliet, "stanza-received", G_CALLBACK (on_stanza), &story);
  if (open_sessions (&story, juliet, romeo, &error))
    {
      xep174_session_send_xml_async (story.his, "<message><switch xmlns='urn:example'/></message>",
                                     NULL, on_sent, &story);
      g_main_loop_run (story.loop);
    }
  else
    fail (&story, "No sessions", error);

  g_clear_object (&story.her_stream);
  g_clear_object (&story.his_stream);
  g_clear_object (&story.hers);
  g_clear_object (&story.his);
  g_main_loop_unref (story.loop);
  return 0;
}
