/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stream-ends.h"

#include "book.h"
#include "xep174-memory-trust-store.h"
#include "xep174-session-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

gboolean
ends_lose_patience (gpointer condition)
{
  g_error ("It does not happen: %s", (const char *) condition);
  return G_SOURCE_REMOVE;
}

static void
on_dialled (const char *cid,
            guint32     priority,
            gpointer    data)
{
  End *end = data;

  g_free (end->cid);
  end->cid = g_strdup (cid);
  g_string_append (end->log, cid != NULL ? "dialled " : "none ");
}

static void
on_called (gpointer data)
{
  g_string_append (((End *) data)->log, "called ");
}

static const Xep174BytestreamEvents events = { on_dialled, on_called };

static void
end_set_up (Ends       *self,
            End        *end,
            const char *name,
            gboolean    encrypted)
{
  g_autoptr(GError) error = NULL;

  end->log = g_string_new (NULL);
  end->manager = xep174_session_manager_new (name, XEP174_DIRECTORY (self->book));
  g_object_set (end->manager, "release-delay", 1, NULL);
  xep174_session_manager_listen (end->manager, 0, &error);
  g_assert_no_error (error);
  test_book_add (TEST_BOOK (self->book), name, "127.0.0.1", xep174_session_manager_get_port (end->manager));
  if (encrypted)
    {
      g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);
      g_autoptr(Xep174TrustStore) store = XEP174_TRUST_STORE (xep174_memory_trust_store_new ());

      g_assert_no_error (error);
      xep174_session_manager_set_identity (end->manager, identity);
      xep174_session_manager_set_trust_store (end->manager, store);
    }
  end->all = xep174_bytestreams_new (XEP174_FEATURE_HOST (end->manager));
}

static gboolean
talks (End        *end,
       const char *contact)
{
  Xep174Session *session = xep174_session_manager_find_session (end->manager, contact);

  return session != NULL && xep174_session_get_state (session) == XEP174_SESSION_STATE_OPEN;
}

static void
end_begin (End        *end,
           const char *contact)
{
  g_autoptr(GError) error = NULL;

  end->stream = xep174_bytestream_new (end->all, contact, SID, &events, end, &error);
  g_assert_no_error (error);
  xep174_bytestream_expect (end->stream, &error);
  g_assert_no_error (error);
}

void
ends_set_up (Ends          *self,
             gconstpointer  encrypted)
{
  g_autoptr(Xep174Session) session = NULL;

  self->book = G_OBJECT (test_book_new ());
  end_set_up (self, &self->romeo, ROMEO, encrypted != NULL);
  end_set_up (self, &self->juliet, JULIET, encrypted != NULL);
  session = xep174_session_manager_ensure_session (self->romeo.manager, JULIET, NULL);
  xep174_session_open_async (session, NULL, NULL, NULL);
  WAIT_FOR (talks (&self->romeo, JULIET) && talks (&self->juliet, ROMEO));
  g_assert_true (xep174_session_is_encrypted (session) == (encrypted != NULL));
  end_begin (&self->romeo, JULIET);
  end_begin (&self->juliet, ROMEO);
}

static void
end_tear_down (End *end)
{
  g_clear_pointer (&end->stream, xep174_bytestream_free);
  g_clear_pointer (&end->all, xep174_bytestreams_free);
  g_clear_object (&end->manager);
  g_string_free (end->log, TRUE);
  g_free (end->cid);
}

void
ends_tear_down (Ends          *self,
                gconstpointer  encrypted)
{
  end_tear_down (&self->romeo);
  end_tear_down (&self->juliet);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->book);
}

/* --- Somebody else ------------------------------------------------------------------------------ */

GSocket *
ends_come_to (guint16 port)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_connect (socket, address, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  return socket;
}

GSocket *
ends_come_in (End *end)
{
  return ends_come_to (xep174_session_manager_get_port (end->manager));
}

void
ends_say (GSocket       *socket,
          gconstpointer  octets,
          gsize          length)
{
  g_assert_cmpint (g_socket_send (socket, octets, length, NULL, NULL), ==, length);
}

GBytes *
ends_hear (GSocket *socket,
           gsize    length)
{
  GByteArray *heard = g_byte_array_new ();
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (heard->len < length && g_get_monotonic_time () < end)
    {
      char buffer[4096];
      gssize n = g_socket_receive (socket, buffer, MIN (sizeof buffer, length - heard->len), NULL, NULL);

      if (n > 0)
        g_byte_array_append (heard, (const guint8 *) buffer, n);
      else if (n == 0 || g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR) != 0)
        break;
      else if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (100);
    }

  g_assert_cmpint (g_get_monotonic_time (), <, end);

  return g_byte_array_free_to_bytes (heard);
}

GBytes *
ends_make_request (const char *address)
{
  GByteArray *octets = g_byte_array_new ();

  g_byte_array_append (octets, (const guint8 *) "\5\1\0\5\1\0\3\50", 8);
  g_byte_array_append (octets, (const guint8 *) address, strlen (address));
  g_byte_array_append (octets, (const guint8 *) "\0\0", 2);
  return g_byte_array_free_to_bytes (octets);
}

int
ends_hear_answer (GSocket *socket)
{
  g_autoptr(GBytes) heard = ends_hear (socket, 4);
  const guint8 *octets = g_bytes_get_data (heard, NULL);

  return g_bytes_get_size (heard) == 4 ? octets[3] : -1;
}

/* --- A server ---------------------------------------------------------------------------------- */

static gpointer
run_server (gpointer data)
{
  Server *self = data;
  g_autoptr(GSocket) socket = g_socket_accept (self->socket, NULL, NULL);

  if (socket != NULL)
    self->serve (socket, self->data);
  return NULL;
}

GSocket *
ends_listen (const char *host,
             guint16    *port)
{
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string (host, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  GSocket *socket
    = g_socket_new (g_socket_address_get_family (any), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_bind (socket, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return socket;
}

gboolean
ends_was_called (GSocket *socket)
{
  return g_socket_condition_check (socket, G_IO_IN) != 0;
}

Server *
server_new_at (const char *host,
               void      (*serve) (GSocket  *socket,
                                   gpointer  data),
               gpointer    data)
{
  Server *self = g_new0 (Server, 1);

  self->host = host;
  self->serve = serve;
  self->data = data;
  self->socket = ends_listen (host, &self->port);
  self->thread = g_thread_new ("server", run_server, self);
  return self;
}

Server *
server_new (void   (*serve) (GSocket  *socket,
                             gpointer  data),
            gpointer data)
{
  return server_new_at ("127.0.0.1", serve, data);
}

void
server_free (Server *self)
{
  /* Whom nobody has called waits for nobody. */
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_thread_join (self->thread);
  g_object_unref (self->socket);
  g_free (self);
}

gboolean
server_read (GSocket *socket,
             gsize    length)
{
  char octet;

  for (; length > 0; length--)
    if (g_socket_receive (socket, &octet, 1, NULL, NULL) != 1)
      return FALSE;

  return TRUE;
}

Xep174JingleCandidate *
server_to_candidate (Server     *self,
                     const char *cid,
                     guint32     priority)
{
  return xep174_jingle_candidate_new (cid, "somebody", self->host, self->port, priority);
}

#define GRANTS "\5\0\5\0\0\3\0\0\0"

void
server_grant (GSocket  *socket,
              gpointer  data)
{
  if (!server_read (socket, 3))
    return;
  g_socket_send (socket, GRANTS, 2, NULL, NULL);
  if (!server_read (socket, 47))
    return;
  g_socket_send (socket, &GRANTS[2], 7, NULL, NULL);
  if (data != NULL)
    g_socket_send (socket, data, strlen (data), NULL, NULL);
  server_read (socket, G_MAXINT16);
}
