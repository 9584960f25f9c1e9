/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an echo costs without XML: with sockets that block, with the least of a GSource, and the way
 * that GIO offers first. */

#include "talk.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

void
talk_connect (int fds[2])
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM, 0);
  int one = 1;

  fds[0] = socket (AF_INET, SOCK_STREAM, 0);
  if (bind (listener, (struct sockaddr *) &address, sizeof address) != 0
      || listen (listener, 1) != 0
      || getsockname (listener, (struct sockaddr *) &address, &length) != 0
      || connect (fds[0], (struct sockaddr *) &address, sizeof address) != 0
      || (fds[1] = accept (listener, NULL, NULL)) < 0)
    g_error ("No loopback: %s", g_strerror (errno));

  for (guint i = 0; i < 2; i++)
    setsockopt (fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  close (listener);
}

typedef struct
{
  int fd;
  gboolean is_first;
  guint left;
  GIOStream *stream;
  char octets[TALK_OCTETS];
} End;

static gpointer
end_new (int      fd,
         gboolean is_first)
{
  End *end = g_new0 (End, 1);

  end->fd = fd;
  end->is_first = is_first;
  return end;
}

/* --- Blocking ---------------------------------------------------------------------------- */

static void
say (End *end)
{
  if (send (end->fd, end->octets, sizeof end->octets, 0) != sizeof end->octets)
    g_error ("send: %s", g_strerror (errno));
}

static gboolean
hear (End *end)
{
  return recv (end->fd, end->octets, sizeof end->octets, MSG_WAITALL) == sizeof end->octets;
}

static void
blocking_ping (gpointer data,
               guint    count)
{
  for (; count > 0; count--)
    {
      say (data);
      if (!hear (data))
        g_error ("The other end is gone");
    }
}

static void
blocking_serve (gpointer data)
{
  while (hear (data))
    say (data);
}

const TalkKind talk_blocking = {
  "blocking C sockets", FALSE, end_new, blocking_ping, blocking_serve
};

/* --- A GSource --------------------------------------------------------------------------- */

static gboolean
on_readable (int          fd,
             GIOCondition condition,
             gpointer     data)
{
  End *end = data;
  char octets[4096];
  gssize length = recv (fd, octets, sizeof octets, 0);

  if (length != TALK_OCTETS)
    return length < 0 && errno == EAGAIN;
  if (!end->is_first || --end->left > 0)
    say (end);
  return G_SOURCE_CONTINUE;
}

static gpointer
source_start (int      fd,
              gboolean is_first)
{
  End *end = end_new (fd, is_first);

  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  g_unix_fd_add (fd, G_IO_IN, on_readable, end);
  return end;
}

static void
loop_ping (End  *end,
           guint count)
{
  end->left = count;
  while (end->left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
source_ping (gpointer data,
             guint    count)
{
  say (data);
  loop_ping (data, count);
}

static void
loop_serve (gpointer data)
{
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

const TalkKind talk_source = { "a GSource", TRUE, source_start, source_ping, loop_serve };

/* --- read_async and write_all_async -------------------------------------------------------- */

static void async_say (End *end);

static void
on_read (GObject      *stream,
         GAsyncResult *result,
         gpointer      data)
{
  End *end = data;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &length, NULL)
      || length < sizeof end->octets)
    return;
  if (!end->is_first || --end->left > 0)
    async_say (end);
}

static void
on_written (GObject      *stream,
            GAsyncResult *result,
            gpointer      data)
{
  End *end = data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL, NULL);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (end->stream), end->octets,
                                 sizeof end->octets, G_PRIORITY_DEFAULT, NULL, on_read, end);
}

static void
async_say (End *end)
{
  g_output_stream_write_all_async (g_io_stream_get_output_stream (end->stream), end->octets,
                                   sizeof end->octets, G_PRIORITY_DEFAULT, NULL, on_written, end);
}

static gpointer
async_start (int      fd,
             gboolean is_first)
{
  End *end = end_new (fd, is_first);
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, NULL);

  end->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  if (!is_first)
    g_input_stream_read_all_async (g_io_stream_get_input_stream (end->stream), end->octets,
                                   sizeof end->octets, G_PRIORITY_DEFAULT, NULL, on_read, end);
  return end;
}

static void
async_ping (gpointer data,
            guint    count)
{
  async_say (data);
  loop_ping (data, count);
}

const TalkKind talk_async = {
  "read_async and write_all_async", TRUE, async_start, async_ping, loop_serve
};
