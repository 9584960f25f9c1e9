/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From wanting to say something to somebody there is no session with, to its arrival: how many times
 * something has to cross the network, and how long it takes where that costs next to nothing. */

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "dial.h"
#include "inputs.h"
#include "stage.h"

#define TIMES 300

static const char *const juliet = "juliet@pronto";
static const char *const romeo = "romeo@forza";

/* --- Round trips ------------------------------------------------------------------------- */

/* Lets everything cross that is on its way; TRUE if that was anything. */
static gboolean
cross (Stage        *stage,
       MemoryStream *stream)
{
  gsize octets = memory_stream_get_in_flight (stream);

  memory_stream_deliver (stream, octets);
  stage_settle (stage);
  return octets > 0;
}

/* Ways from one side to the other after TCP is there, until the first message has arrived. */
static guint
count_ways (void)
{
  Stage *stage = stage_new ();
  Xep174SessionManager *dialler = stage_manager_new (stage, juliet);
  Xep174SessionManager *listener = stage_manager_new (stage, romeo);
  MemoryStream *far_end;
  g_autoptr(MemoryStream) near_end = NULL;
  guint ways = 0;

  stage_send (stage, dialler, romeo, "wherefore");
  stage_settle (stage);
  far_end = stage_accept (stage, stage_next_dial (stage));
  near_end = memory_stream_dup_other (far_end);
  memory_stream_set_flowing (near_end, FALSE);
  memory_stream_set_flowing (far_end, FALSE);
  xep174_session_manager_add_connection (listener, G_IO_STREAM (far_end),
                                         XEP174_SESSION_ROLE_RECIPIENT, NULL, NULL);
  stage_settle (stage);

  while (strstr (stage->log->str, "got wherefore") == NULL)
    {
      ways++;
      if (!cross (stage, ways % 2 == 1 ? near_end : far_end))
        g_error ("Nothing is said any more");
    }

  memory_stream_set_flowing (near_end, TRUE);
  memory_stream_set_flowing (far_end, TRUE);
  g_object_unref (dialler);
  g_object_unref (listener);
  g_object_unref (far_end);
  stage_free (stage);
  return ways;
}

/* --- Microseconds ------------------------------------------------------------------------ */

static double
time_session (Dial *dial)
{
  double before = bench_now ();
  Xep174Session *session = dial_say (dial);
  double seconds = bench_now () - before;

  dial_end (dial, session);
  return seconds;
}

static double
time_tcp (int                       listener,
          const struct sockaddr_in *address)
{
  int fds[2] = { socket (AF_INET, SOCK_STREAM, 0), -1 };
  char octets[sizeof INPUT_SHORT];
  double before = bench_now ();
  double seconds;

  if (connect (fds[0], (const struct sockaddr *) address, sizeof *address) != 0
      || send (fds[0], INPUT_SHORT, strlen (INPUT_SHORT), 0) < 0
      || (fds[1] = accept (listener, NULL, NULL)) < 0
      || recv (fds[1], octets, sizeof octets, 0) != (gssize) strlen (INPUT_SHORT))
    g_error ("No loopback: %s", g_strerror (errno));
  seconds = bench_now () - before;
  close (fds[0]);
  close (fds[1]);
  return seconds;
}

static int
listen_bare (struct sockaddr_in *address)
{
  socklen_t length = sizeof *address;
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  *address = (struct sockaddr_in) { .sin_family = AF_INET,
                                    .sin_addr = { htonl (INADDR_LOOPBACK) } };
  if (bind (fd, (struct sockaddr *) address, length) != 0 || listen (fd, 1) != 0
      || getsockname (fd, (struct sockaddr *) address, &length) != 0)
    g_error ("No loopback: %s", g_strerror (errno));
  return fd;
}

static void
measure (double *best,
         double *best_tcp)
{
  g_autoptr(TestBook) book = test_book_new ();
  struct sockaddr_in address;
  int listener = listen_bare (&address);
  Dial dial = { NULL };

  dial_init (&dial, book, NULL);
  *best = *best_tcp = INFINITY;
  for (guint i = 0; i < TIMES; i++)
    {
      *best = MIN (*best, time_session (&dial));
      *best_tcp = MIN (*best_tcp, time_tcp (listener, &address));
    }
  close (listener);
  dial_clear (&dial);
}

int
main (void)
{
  double best, best_tcp;

  bench_progress ("setting up a session");
  bench_use_one_core ();
  /* TCP itself takes one round trip before anything can be said. */
  BENCH_ROW (.group = "sessions", .name = "set-up to first message delivered: round trips",
             .unit = "round trips", .value = 1 + count_ways () / 2.0, .floor = 1.5,
             .floor_name = "a bare TCP connection");
  measure (&best, &best_tcp);
  BENCH_ROW (.group = "sessions", .name = "set-up to first message delivered: time", .unit = "µs",
             .value = 1e6 * best, .floor = 1e6 * best_tcp, .floor_name = "a bare TCP connection");
  return 0;
}
