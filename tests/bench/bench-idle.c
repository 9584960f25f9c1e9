/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a connection costs that nobody uses: its heap, and what it adds to a round trip on another
 * one beside it. A child process is all the peers, with plain sockets, on the same core; where they
 * encrypt, with GnuTLS alone. */

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bare-tls.h"
#include "bench.h"
#include "idle-server.h"
#include "inputs.h"

static const guint sizes[] = { 10, 100, 1000, 5000 };
#define N_SIZES G_N_ELEMENTS (sizes)
#define MOST 5000

/* Short, so that some have the core for themselves. */
#define ROUND 10
/* Of one measurement. */
#define SECONDS 0.3

/* How many send a large stanza, of how many octets of text. */
#define LARGE 20
#define LARGE_TEXT (255 * 1024)

/* --- The peers --------------------------------------------------------------------------- */

typedef struct
{
  int fd;
  BareTls *tls;
} Wire;

typedef struct
{
  const IdleServer *server;
  guint16 port;
  int orders;   /* from the server's process, one octet each */
  int reports;  /* to it */
  Wire wires[MOST + 1];
  guint n;
} Peers;

static void
say (Wire       *wire,
     const char *text)
{
  gsize length = strlen (text);

#ifdef HAVE_GNUTLS
  if (wire->tls != NULL)
    {
      bare_tls_say (wire->tls, text, length);
      return;
    }
#endif
  if (send (wire->fd, text, length, 0) != (gssize) length)
    g_error ("send: %s", g_strerror (errno));
}

static gssize
hear_some (Wire *wire,
           char *octets,
           gsize room)
{
#ifdef HAVE_GNUTLS
  if (wire->tls != NULL)
    return bare_tls_hear (wire->tls, octets, room);
#endif
  return recv (wire->fd, octets, room, 0);
}

static void
hear (Wire       *wire,
      const char *end)
{
  g_autoptr(GString) heard = g_string_new (NULL);
  char octets[4096];
  gssize length;

  while (strstr (heard->str, end) == NULL)
    {
      length = hear_some (wire, octets, sizeof octets);
      if (length < 0 || (length == 0 && wire->tls == NULL))
        g_error ("“%s” and no more", heard->str);
      g_string_append_len (heard, octets, length);
    }
}

#ifdef HAVE_GNUTLS
static void
encrypt (Wire *wire)
{
  say (wire, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  hear (wire, "<proceed");
  wire->tls = bare_tls_new (wire->fd, TRUE);
  while (!bare_tls_shake (wire->tls))
    ;
}
#endif

static void
hang_up (Wire *wire)
{
#ifdef HAVE_GNUTLS
  g_clear_pointer (&wire->tls, bare_tls_free);
#endif
  close (wire->fd);
}

#define PING "<message><body>Wherefore art thou, Romeo?</body></message>"

#define HEADER(number, version) \
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
  "from='romeo" number "@forza'" version ">"

static void
ping (Wire *wire)
{
  say (wire, PING);
  hear (wire, "</message>");
}

static int
dial (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  int one = 1;

  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("connect: %s", g_strerror (errno));
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

static void
connect_one (Peers *self,
             guint  number)
{
  Wire *wire = &self->wires[number];
  g_autofree char *header = NULL;

  *wire = (Wire) { .fd = dial (self->port) };
  if (!self->server->has_sessions || number == 0)
    {
      if (self->server->has_sessions)
        {
          /* Without a version it is not asked for receipts. */
          say (wire, HEADER ("0", ""));
          hear (wire, "<stream:stream");
        }
      ping (wire);
      return;
    }

  header = g_strdup_printf (HEADER ("%u", " version='1.0'"), number);
  say (wire, header);
  hear (wire, "</stream:features>");
#ifdef HAVE_GNUTLS
  if (self->server->encrypts)
    {
      encrypt (wire);
      say (wire, header);
      hear (wire, "</stream:features>");
    }
#endif
  /* Rule S1; nothing to answer, nothing to remember. */
  say (wire, "<message><composing/></message>");
}

static void
connect_so_many (Peers *self,
                 guint  wanted)
{
  for (; self->n < wanted; self->n++)
    connect_one (self, self->n + 1);
  for (; self->n > wanted; self->n--)
    hang_up (&self->wires[self->n]);
}

static double
measure (Peers *self)
{
  double best = INFINITY;
  double end = bench_now () + SECONDS;

  for (guint turn = 0; turn < 20 || bench_now () < end; turn++)
    {
      double before = bench_now ();

      for (guint i = 0; i < ROUND; i++)
        ping (&self->wires[0]);
      best = MIN (best, (bench_now () - before) / ROUND);
    }
  return best;
}

static void
send_large (Peers *self)
{
  /* What is too long for an answer. */
  g_autofree char *text = input_repeat ("<message><body>", "x", LARGE_TEXT, "</body></message>");

  for (guint i = 0; i < LARGE; i++)
    {
      say (&self->wires[i + 1], text);
    }
}

static void
run_peers (Peers *self)
{
  char order;
  double report;

  connect_one (self, 0);
  while (read (self->orders, &order, 1) == 1)
    {
      report = 0;
      if (order == 'm')
        report = measure (self);
      else if (order == 'l')
        send_large (self);
      else
        connect_so_many (self, sizes[order - '0']);
      if (write (self->reports, &report, sizeof report) != sizeof report)
        break;
    }
  exit (0);
}

/* --- The server -------------------------------------------------------------------------- */

typedef struct
{
  const IdleServer *server;
  gpointer state;
  int orders;
  int reports;
  double report;
  gboolean has_report;
} Server;

static gboolean
on_report (int          fd,
           GIOCondition condition,
           gpointer     data)
{
  Server *self = data;

  if (read (fd, &self->report, sizeof self->report) != sizeof self->report)
    g_error ("The peers are gone");
  self->has_report = TRUE;
  return G_SOURCE_CONTINUE;
}

static double
give_order (Server *self,
            char    order)
{
  self->has_report = FALSE;
  if (write (self->orders, &order, 1) != 1)
    g_error ("The peers are gone");
  while (!self->has_report)
    g_main_context_iteration (NULL, TRUE);
  return self->report;
}

/* Until nothing happens any more: all that has closed is closed here too. */
static void
settle (Server *self,
        guint   wanted)
{
  while (self->server->count (self->state) != wanted || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
have_idle (Server *self,
           guint   size)
{
  give_order (self, '0' + size);
  settle (self, sizes[size] + 1);
}

static void
start (Server           *self,
       const IdleServer *server)
{
  int orders[2];
  int reports[2];
  Peers peers = { .server = server };

  self->server = server;
  if (pipe (orders) != 0 || pipe (reports) != 0)
    g_error ("No pipe: %s", g_strerror (errno));
  self->state = server->start (&peers.port);
  peers.orders = orders[0];
  peers.reports = reports[1];
  switch (fork ())
    {
    case -1:
      g_error ("Cannot fork");
    case 0:
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      close (orders[1]);
      run_peers (&peers);
      break;
    default:
      close (orders[0]);
      self->orders = orders[1];
      self->reports = reports[0];
      g_unix_fd_add (self->reports, G_IO_IN, on_report, self);
    }
}

static void
measure_heap (Server *self)
{
  const char *kind = self->server->encrypts ? " encrypted" : "";
  gsize heaps[N_SIZES];
  gsize after;

  for (guint size = 0; size < N_SIZES; size++)
    {
      bench_progress ("heap of %u idle%s sessions", sizes[size], kind);
      have_idle (self, size);
      heaps[size] = bench_get_heap ();
    }
  for (guint size = 1; size < N_SIZES; size++)
    {
      g_autofree char *name = g_strdup_printf ("heap of an idle%s session, of %u", kind, sizes[size]);

      BENCH_ROW (.group = "memory", .name = name, .unit = "KB",
                 .target = self->server->encrypts ? 28 : 20,
                 .value = (heaps[size] - heaps[0]) / (sizes[size] - sizes[0]) / 1000.0);
    }

  if (self->server->encrypts)
    return;

  give_order (self, 'l');
  settle (self, sizes[N_SIZES - 1] + 1);
  after = bench_get_heap ();
  BENCH_ROW (.group = "memory", .name = "heap more after a 256 KiB stanza", .unit = "KB",
             .value = ((double) after - heaps[N_SIZES - 1]) / LARGE / 1000, .target = 16);
}

static void
measure_round_trips (Server *self)
{
  const char *kind = self->server->encrypts ? " encrypted" : "";
  double best[N_SIZES];

  for (guint i = 0; i < 2 * N_SIZES; i++)
    {
      /* Up and down, so that none has had but one moment. */
      guint size = i < N_SIZES ? i : 2 * N_SIZES - 1 - i;
      double now;

      bench_progress ("round trips beside %u idle%s ones, %s", sizes[size], kind, self->server->who);
      have_idle (self, size);
      now = give_order (self, 'm');
      best[size] = i < N_SIZES ? now : MIN (best[size], now);
    }

  for (guint size = 1; size < N_SIZES; size++)
    {
      g_autofree char *name = g_strdup_printf ("round trip beside %u idle%s ones", sizes[size], kind);

      BENCH_ROW (.group = "sessions", .name = name, .who = self->server->who, .unit = "µs",
                 .value = 1e6 * best[size], .floor = 1e6 * best[0],
                 .floor_name = "the same beside 10",
                 .target = self->server->has_sessions && size == N_SIZES - 1 ? 1.5 : 0);
    }
}

static void
run (const IdleServer *server)
{
  Server self = { NULL };

  start (&self, server);
  if (server->has_sessions)
    measure_heap (&self);
  measure_round_trips (&self);
}

int
main (int   argc,
      char *argv[])
{
  bench_without_cache (argv);
  bench_raise_descriptors (2 * MOST);
  bench_use_one_core ();
  run (argc == 1 ? &idle_sessions
       : strcmp (argv[1], "encrypted") == 0 ? &idle_encrypted : &idle_sources);
  return 0;
}
