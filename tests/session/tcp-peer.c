/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tcp-peer.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

GSocketConnection *
tcp_peer_come_in (Raw                *raw,
                  GSocketConnection **near_end)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  GSocketConnection *far_end;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);
  far_end = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  *near_end = g_socket_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  xep174_session_manager_add_connection (raw->manager, G_IO_STREAM (*near_end),
                                         XEP174_SESSION_ROLE_RECIPIENT, NULL, &error);
  g_assert_no_error (error);
  return far_end;
}

gboolean
tcp_peer_is_told_about (GSocketConnection *end)
{
  struct tcp_info info;
  socklen_t length = sizeof info;
  int fd = g_socket_get_fd (g_socket_connection_get_socket (end));

  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
      length > G_STRUCT_OFFSET (struct tcp_info, tcpi_rttvar))
    return TRUE;

  g_test_skip ("this system does not tell what a host has acknowledged");
  return FALSE;
}

void
tcp_peer_hear (Raw               *raw,
               GSocketConnection *end,
               const char        *text)
{
  GSocket *socket = g_socket_connection_get_socket (end);
  g_autoptr(GString) heard = g_string_new (NULL);
  char buffer[4096];

  while (strstr (heard->str, text) == NULL)
    {
      gssize n;

      stage_settle (raw->stage);
      n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, NULL);
      g_assert_cmpint (n, !=, 0);
      if (n > 0)
        g_string_append_len (heard, buffer, n);
    }
}

void
tcp_peer_await_acknowledgement (GSocketConnection *end)
{
  int unacknowledged = 1;

  while (unacknowledged > 0)
    g_assert_cmpint (ioctl (g_socket_get_fd (g_socket_connection_get_socket (end)), SIOCOUTQ,
                            &unacknowledged), ==, 0);
}

void
tcp_peer_say (GSocketConnection *end,
              const char        *text)
{
  g_assert_cmpint (g_socket_send (g_socket_connection_get_socket (end), text, strlen (text), NULL,
                                  NULL), ==, strlen (text));
  tcp_peer_await_acknowledgement (end);
}

char *
tcp_peer_take (Raw               *raw,
               GSocketConnection *end)
{
  GSocket *socket = g_socket_connection_get_socket (end);
  GString *heard = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  stage_settle (raw->stage);
  while ((n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, NULL)) > 0)
    {
      g_string_append_len (heard, buffer, n);
      stage_settle (raw->stage);
    }
  return g_string_free (heard, FALSE);
}

gboolean
tcp_peer_has_ended (GSocketConnection *end)
{
  GSocket *socket = g_socket_connection_get_socket (end);
  char buffer[4096];
  gssize n;

  while ((n = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, NULL)) > 0)
    ;
  return n == 0;
}

void
tcp_peer_reset (GSocketConnection *end)
{
  const struct linger none = { .l_onoff = 1, .l_linger = 0 };
  int fd = g_socket_get_fd (g_socket_connection_get_socket (end));

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
}
