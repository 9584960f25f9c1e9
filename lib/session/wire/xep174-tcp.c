/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-tcp-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#ifdef __linux__
#include <linux/sockios.h>
#include <sys/ioctl.h>
#endif

/* The user timeout is above 60 s, so that a lossy link is not taken for a dead one. */
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 15
#define USER_TIMEOUT_MS 75000

static GSocket *
get_tcp_socket (GIOStream *stream)
{
  return G_IS_TCP_CONNECTION (stream)
         ? g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)) : NULL;
}

void
xep174_tcp_prepare (GIOStream *stream)
{
  GSocket *socket = get_tcp_socket (stream);

  if (socket == NULL)
    return;

  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
#ifdef TCP_USER_TIMEOUT
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS, NULL);
#endif
}

void
xep174_tcp_reset_on_close (GIOStream *stream)
{
  const struct linger none = { .l_onoff = 1, .l_linger = 0 };
  GSocket *socket = get_tcp_socket (stream);

  if (socket != NULL)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

#ifdef __linux__
/* Nothing is better than the half of it that an emulated system call may tell (qemu-user). */
static int
get_tcp_info (GIOStream       *stream,
              struct tcp_info *info)
{
  GSocket *socket = get_tcp_socket (stream);
  socklen_t length = sizeof *info;
  int fd;

  if (socket == NULL)
    return -1;

  fd = g_socket_get_fd (socket);
  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, info, &length) != 0 ||
      length < G_STRUCT_OFFSET (struct tcp_info, tcpi_rttvar) + sizeof info->tcpi_rttvar)
    return -1;

  return fd;
}

guint
xep174_tcp_get_round_trip (GIOStream *stream)
{
  struct tcp_info info = { 0 };

  return get_tcp_info (stream, &info) != -1 ? (info.tcpi_rtt + 4 * info.tcpi_rttvar) / 1000 : 0;
}

int
xep174_tcp_get_repeats (GIOStream *stream)
{
  struct tcp_info info = { 0 };

  return get_tcp_info (stream, &info) != -1 ? info.tcpi_retransmits : -1;
}

/* The state is asked last, for a reset empties the queue, too. */
gboolean
xep174_tcp_get_unacknowledged (GIOStream *stream,
                               int       *octets,
                               guint     *state)
{
  struct tcp_info info = { 0 };
  int fd = get_tcp_info (stream, &info);

  if (fd == -1 || ioctl (fd, SIOCOUTQ, octets) != 0 || get_tcp_info (stream, &info) == -1)
    return FALSE;

  *state = info.tcpi_state;
  return TRUE;
}
#else
guint
xep174_tcp_get_round_trip (GIOStream *stream)
{
  return 0;
}

int
xep174_tcp_get_repeats (GIOStream *stream)
{
  return -1;
}

gboolean
xep174_tcp_get_unacknowledged (GIOStream *stream,
                               int       *octets,
                               guint     *state)
{
  return FALSE;
}
#endif
