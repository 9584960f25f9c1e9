/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file over the loopback, both ends in threads of this process: what our pump takes over a loop that
 * reads, hashes and writes, in the clear and with GnuTLS, in time and in work of the processor; the heap
 * meanwhile; and how a conversation fares beside it. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef HAVE_GNUTLS
#include "bare-tls.h"
#endif
#include "bench.h"
#include "book.h"
#include "talk.h"
#include "xep174-digest-private.h"
#include "xep174-file-reader-private.h"
#include "xep174-identity-private.h"
#include "xep174-pump-private.h"
#include "xep174-session-manager.h"

#define SIZE  (1024l * 1024 * 1024)
#define CHUNK (128 * 1024)
#define TURNS 3
#define PINGS 400

#define MESSAGE "<message><body>Art thou not Romeo, and a Montague?</body></message>"

static char *folder;
static char *source;

/* --- The floor --------------------------------------------------------------------------------- */

typedef struct
{
  int fd;      /* the connection */
  int file;
  gboolean encrypted;
  guint8 sha256[XEP174_DIGEST_LENGTH];
} Loop;

static void
write_fd (int         fd,
          const char *octets,
          gsize       length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, octets, length);

      if (n <= 0)
        g_error ("Cannot write");
      octets += n;
      length -= n;
    }
}

#ifdef HAVE_GNUTLS
static BareTls *
begin_tls (Loop     *loop,
           gboolean  initiator)
{
  BareTls *tls = loop->encrypted ? bare_tls_new (loop->fd, initiator) : NULL;

  while (tls != NULL && !bare_tls_shake (tls))
    ;
  return tls;
}
#endif

static gpointer
send_by_loop (gpointer data)
{
  Loop *loop = data;
  g_autoptr(Xep174Digest) digest = xep174_digest_new ();
  char *octets = g_malloc (CHUNK);
  ssize_t n;
#ifdef HAVE_GNUTLS
  BareTls *tls = begin_tls (loop, TRUE);
#endif

  while ((n = read (loop->file, octets, CHUNK)) > 0)
    {
      xep174_digest_update (digest, octets, n);
#ifdef HAVE_GNUTLS
      if (tls != NULL)
        bare_tls_say (tls, octets, n);
      else
#endif
        write_fd (loop->fd, octets, n);
    }
#ifdef HAVE_GNUTLS
  g_clear_pointer (&tls, bare_tls_free);
#endif
  g_free (octets);
  xep174_digest_finish (digest, loop->sha256);
  return NULL;
}

static gpointer
receive_by_loop (gpointer data)
{
  Loop *loop = data;
  g_autoptr(Xep174Digest) digest = xep174_digest_new ();
  char *octets = g_malloc (CHUNK);
  gssize n;
#ifdef HAVE_GNUTLS
  BareTls *tls = begin_tls (loop, FALSE);
#endif

  for (gint64 left = SIZE; left > 0; left -= n)
    {
#ifdef HAVE_GNUTLS
      if (tls != NULL)
        n = bare_tls_hear (tls, octets, MIN (left, CHUNK));
      else
#endif
        n = read (loop->fd, octets, MIN (left, CHUNK));
      if (n < 0)
        g_error ("Cannot read");
      xep174_digest_update (digest, octets, n);
      write_fd (loop->file, octets, n);
    }
#ifdef HAVE_GNUTLS
  g_clear_pointer (&tls, bare_tls_free);
#endif
  g_free (octets);
  xep174_digest_finish (digest, loop->sha256);
  return NULL;
}

static double
move_by_loop (gboolean encrypted)
{
  g_autofree char *target = g_build_filename (folder, "target", NULL);
  int files[2] = { open (source, O_RDONLY), open (target, O_WRONLY | O_CREAT | O_TRUNC, 0600) };
  Loop loops[2];
  GThread *thread;
  double before;
  int fds[2];

  talk_connect (fds);
  if (posix_fallocate (files[1], 0, SIZE) != 0)
    g_error ("There is no room in %s", folder);
  for (guint i = 0; i < 2; i++)
    loops[i] = (Loop) { .fd = fds[i], .file = files[i], .encrypted = encrypted };

  before = bench_now ();
  thread = g_thread_new ("sender", send_by_loop, &loops[0]);
  receive_by_loop (&loops[1]);
  g_thread_join (thread);
  before = bench_now () - before;
  if (memcmp (loops[0].sha256, loops[1].sha256, XEP174_DIGEST_LENGTH) != 0)
    g_error ("The hashes differ");

  for (guint i = 0; i < 2; i++)
    {
      close (fds[i]);
      close (files[i]);
    }
  unlink (target);
  return before;
}

/* --- Ours -------------------------------------------------------------------------------------- */

typedef struct
{
  Xep174Pump *sender;
  Xep174Pump *receiver;
  guint n_ended;
  gsize heap;
} Move;

static void
on_progress (guint64  done,
             gpointer data)
{
  Move *move = data;

  move->heap = MAX (move->heap, bench_get_heap ());
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  if (error != NULL)
    g_error ("%s", error->message);
  ((Move *) data)->n_ended++;
}

static const Xep174PumpEvents events = { on_progress, on_ended };

static Xep174Pipe *
make_pipe (int               fd,
           gboolean          dials,
           Xep174Identity   *identity)
{
  Xep174Certificate *certificate = identity != NULL ? xep174_identity_get_certificate (identity) : NULL;
  GBytes *key = certificate != NULL ? xep174_certificate_get_key (certificate) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  Xep174Pipe *pipe = xep174_pipe_new (connection, dials, certificate, key, NULL, &error);

  if (pipe == NULL)
    g_error ("%s", error->message);
  return pipe;
}

static void
move_begin (Move           *move,
            Xep174Identity *identity)
{
  g_autoptr(GError) error = NULL;
  Xep174FileInfo info = { .size = SIZE };
  Xep174FileSink *sink = xep174_file_sink_create (folder, "target", &info, &error);
  Xep174FileSource *read = xep174_file_source_new (xep174_file_reader_new (open (source, O_RDONLY)), SIZE);
  int fds[2];

  if (sink == NULL)
    g_error ("%s", error->message);
  talk_connect (fds);
  *move = (Move) { .heap = 0 };
  move->sender = xep174_pump_send (make_pipe (fds[0], TRUE, identity), read, 0, SIZE, &events, move);
  move->receiver = xep174_pump_receive (make_pipe (fds[1], FALSE, identity), sink, SIZE, &events, move);
}

static void
move_end (Move *move)
{
  Xep174FileSink *sink;

  while (move->n_ended < 2)
    g_main_context_iteration (NULL, TRUE);
  if (memcmp (xep174_pump_get_hash (move->sender), xep174_pump_get_hash (move->receiver),
              XEP174_SHA256_LENGTH) != 0)
    g_error ("The hashes differ");

  sink = xep174_pump_take_sink (move->receiver);
  xep174_file_sink_discard (sink);
  xep174_file_sink_free (sink);
  xep174_pump_free (move->sender);
  xep174_pump_free (move->receiver);
}

static double
move_by_pump (Xep174Identity *identity,
              gsize          *heap)
{
  gsize heap_before = bench_get_heap ();
  double before;
  Move move;

  move_begin (&move, identity);
  before = bench_now ();
  while (move.n_ended < 2)
    g_main_context_iteration (NULL, TRUE);
  before = bench_now () - before;
  *heap = MAX (*heap, move.heap - heap_before);
  move_end (&move);
  return before;
}

typedef struct
{
  double seconds;
  double work; /* of all threads, and of the kernel for them */
} Cost;

static double
get_work (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
         + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
keep_best (Cost   *best,
           double  seconds,
           double  work)
{
  best->seconds = MIN (best->seconds, seconds);
  best->work = MIN (best->work, work);
}

static void
measure_move (const char     *name,
              const char     *work_name,
              const char     *floor_name,
              Xep174Identity *identity)
{
  Cost floor = { INFINITY, INFINITY }, ours = { INFINITY, INFINITY };
  gsize heap = 0;

  bench_progress ("%s", name);
  for (guint turn = 0; turn < TURNS; turn++)
    {
      double before = get_work ();
      double seconds = move_by_loop (identity != NULL);
      double between = get_work ();

      keep_best (&floor, seconds, between - before);
      seconds = move_by_pump (identity, &heap);
      keep_best (&ours, seconds, get_work () - between);
    }
  BENCH_ROW (.group = "files", .name = name, .unit = "s", .value = ours.seconds, .floor = floor.seconds,
             .floor_name = floor_name, .target = 1.15);
  BENCH_ROW (.group = "files", .name = work_name, .unit = "s", .value = ours.work, .floor = floor.work,
             .floor_name = floor_name, .target = 1.15);
  /* Both ends are here. */
  BENCH_ROW (.group = "files", .unit = "KiB", .value = heap / 2 / 1024.0, .target = 1024,
             .name = identity != NULL ? "heap of a transfer, encrypted" : "heap of a transfer");
}

/* --- A conversation beside it ------------------------------------------------------------------ */

static const char *const juliet = "juliet@pronto";
static const char *const romeo = "romeo@forza";

typedef struct
{
  TestBook *book;
  Xep174SessionManager *managers[2];
  Xep174Session *session;
  guint n_back;
} Chat;

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Chat                 *chat)
{
  if (!xep174_element_matches (stanza, "message", "jabber:client"))
    return FALSE;

  if (manager == chat->managers[0])
    chat->n_back++;
  else
    xep174_session_send_xml_async (session, MESSAGE, NULL, NULL, NULL);
  return TRUE;
}

static double
ping (Chat *chat)
{
  double before = bench_now ();
  guint n_back = chat->n_back;

  xep174_session_send_xml_async (chat->session, MESSAGE, NULL, NULL, NULL);
  while (chat->n_back == n_back)
    g_main_context_iteration (NULL, TRUE);
  return bench_now () - before;
}

static void
chat_init (Chat *chat)
{
  const char *const names[] = { juliet, romeo };

  chat->book = test_book_new ();
  for (guint i = 0; i < 2; i++)
    {
      Xep174SessionManager *manager = xep174_session_manager_new (names[i], XEP174_DIRECTORY (chat->book));
      g_autoptr(GError) error = NULL;

      if (!xep174_session_manager_listen (manager, 0, &error))
        g_error ("%s", error->message);
      test_book_add (chat->book, names[i], "127.0.0.1", xep174_session_manager_get_port (manager));
      g_signal_connect (manager, "stanza-received", G_CALLBACK (on_stanza), chat);
      chat->managers[i] = manager;
    }
  chat->session = xep174_session_manager_ensure_session (chat->managers[0], romeo, NULL);
  ping (chat);
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  double a = *(const double *) one, b = *(const double *) other;

  return a < b ? -1 : a > b;
}

/* The one in the middle, which neither the best nor the worst moment of the others tells. */
static double
median_ping (Chat *chat,
             Move *beside)
{
  double pings[PINGS];
  guint n = 0;

  while (n < PINGS && (beside == NULL || beside->n_ended == 0))
    pings[n++] = ping (chat);
  if (n < 20)
    g_error ("The transfer was too fast for %u messages", n);
  qsort (pings, n, sizeof *pings, compare);
  return pings[n / 2];
}

static void
measure_chat (void)
{
  double alone = INFINITY, beside = INFINITY;
  Chat chat = { 0 };

  bench_progress ("a conversation beside a transfer");
  chat_init (&chat);
  for (guint turn = 0; turn < TURNS; turn++)
    {
      Move move;

      alone = MIN (alone, median_ping (&chat, NULL));
      move_begin (&move, NULL);
      beside = MIN (beside, median_ping (&chat, &move));
      move_end (&move);
    }
  BENCH_ROW (.group = "files", .name = "round trip of a message beside a transfer", .unit = "µs",
             .value = beside * 1e6, .floor = alone * 1e6, .floor_name = "without", .target = 2);
}

int
main (int    argc,
      char **argv)
{
  const char *memory = access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir ();
  int fd;

  bench_without_cache (argv);
  folder = g_build_filename (memory, "xep174-bench-files", NULL);
  source = g_build_filename (folder, "source", NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0
      || (fd = open (source, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0
      || ftruncate (fd, SIZE) != 0)
    g_error ("Cannot make a file in %s", folder);
  close (fd);

  measure_move ("1 GiB over the loopback, hashed", "the same, processor time of both ends",
                "a loop that reads, hashes and writes", NULL);
#ifdef HAVE_GNUTLS
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);

  measure_move ("1 GiB over the loopback, hashed, encrypted",
                "the same encrypted, processor time of both ends", "the same loop with GnuTLS", identity);
#endif
  measure_chat ();

  unlink (source);
  rmdir (folder);
  return 0;
}
