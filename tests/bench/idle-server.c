/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "idle-server.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xep174-session-manager.h"

/* --- Sessions ---------------------------------------------------------------------------- */

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           gpointer              data)
{
  g_autofree char *body = xep174_element_dup_child_text (stanza, "body", NULL);
  g_autoptr(Xep174Element) answer = NULL;
  Xep174Element *answer_body;

  if (body == NULL || strlen (body) > 100)
    return TRUE;

  answer = xep174_element_new ("message", "jabber:client");
  answer_body = xep174_element_append_new (answer, "body", "jabber:client");
  xep174_element_append_text (answer_body, body);
  xep174_session_send_async (session, answer, NULL, NULL, NULL);
  return TRUE;
}

static gpointer
sessions_begin (guint16        *port,
                Xep174Identity *identity)
{
  Xep174SessionManager *manager = xep174_session_manager_new ("juliet@pronto", NULL);
  g_autoptr(GError) error = NULL;

  xep174_session_manager_set_identity (manager, identity);
  g_object_set (manager, "address-policy", XEP174_ADDRESS_POLICY_TRUST, NULL);
  g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), NULL);
  if (!xep174_session_manager_listen (manager, 0, &error))
    g_error ("%s", error->message);
  *port = xep174_session_manager_get_port (manager);
  return manager;
}

static gpointer
sessions_start (guint16 *port)
{
  return sessions_begin (port, NULL);
}

static gpointer
encrypted_start (guint16 *port)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);

  if (identity == NULL)
    g_error ("%s", error->message);
  return sessions_begin (port, identity);
}

static guint
sessions_count (gpointer manager)
{
  return g_list_model_get_n_items (xep174_session_manager_get_sessions (manager));
}

const IdleServer idle_sessions = { "libxep174", TRUE, FALSE, sessions_start, sessions_count };
const IdleServer idle_encrypted = { "libxep174", TRUE, TRUE, encrypted_start, sessions_count };

/* --- A GSource each ---------------------------------------------------------------------- */

static guint n_sources;

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     data)
{
  char octets[4096];
  gssize length = recv (fd, octets, sizeof octets, 0);

  if (length > 0 && send (fd, octets, length, 0) == length)
    return G_SOURCE_CONTINUE;

  n_sources--;
  close (fd);
  return G_SOURCE_REMOVE;
}

static gboolean
on_connection (int          fd,
               GIOCondition condition,
               gpointer     data)
{
  n_sources++;
  g_unix_fd_add (accept (fd, NULL, NULL), G_IO_IN, on_readable, NULL);
  return G_SOURCE_CONTINUE;
}

static gpointer
sources_start (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 128) != 0
      || getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    g_error ("No loopback: %s", g_strerror (errno));
  g_unix_fd_add (fd, G_IO_IN, on_connection, NULL);
  *port = ntohs (address.sin_port);
  return &n_sources;
}

static guint
sources_count (gpointer server)
{
  return n_sources;
}

const IdleServer idle_sources = { "a GSource each", FALSE, FALSE, sources_start, sources_count };
