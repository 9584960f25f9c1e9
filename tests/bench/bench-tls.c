/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What encryption costs beyond GnuTLS: from a dial to the first message, and 64 KiB stanzas one way.
 * The floor does the same with GnuTLS alone, with our ciphers and a key of our kind. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare-tls.h"
#include "bench.h"
#include "dial.h"
#include "inputs.h"
#include "talk.h"
#include "xep174-session-manager.h"

#define BULK_OCTETS (64 * 1024)
#define BULK_COUNT 100
#define BULK_TURNS 20
/* How fast two processes are depends on where their memory lies, for as long as they live. */
#define BULK_PAIRS 6

static const char *const juliet = "juliet@pronto";
static const char *const romeo = "romeo@forza";

static void
give_identity (Xep174SessionManager *manager)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);

  if (identity == NULL)
    g_error ("%s", error->message);
  xep174_session_manager_set_identity (manager, identity);
}

/* --- From a dial to the first message ------------------------------------------------------ */

static void
dial_once (gpointer data)
{
  Xep174Session *session = dial_say (data);

  if (!xep174_session_get_encrypted (session))
    g_error ("Nothing was encrypted");
  dial_end (data, session);
}

static void
bare_once (gpointer data)
{
  BareTls *ends[2];
  char octets[sizeof INPUT_SHORT];
  gsize heard = 0;
  guint done = 0;
  int fds[2];

  talk_connect (fds);
  for (guint i = 0; i < 2; i++)
    {
      fcntl (fds[i], F_SETFL, O_NONBLOCK);
      ends[i] = bare_tls_new (fds[i], i == 0);
    }
  while (done != 3)
    for (guint i = 0; i < 2; i++)
      if ((done >> i & 1) == 0 && bare_tls_shake (ends[i]))
        done |= 1u << i;
  bare_tls_say (ends[0], INPUT_SHORT, strlen (INPUT_SHORT));
  while (heard < strlen (INPUT_SHORT))
    heard += bare_tls_hear (ends[1], octets + heard, sizeof octets - heard);
  for (guint i = 0; i < 2; i++)
    {
      bare_tls_free (ends[i]);
      close (fds[i]);
    }
}

/* --- In bulk ------------------------------------------------------------------------------- */

typedef struct
{
  const char *who;
  /* One in the process that writes, the other in the one that reads, for ever. */
  gpointer  (*start) (int      fd,
                      gboolean writes);
  void      (*write) (gpointer end);
  void      (*read)  (gpointer end);
} BulkKind;

typedef struct
{
  BareTls *tls;
  char *octets;
  char *kept;
} BareEnd;

static gpointer
bare_start (int      fd,
            gboolean writes)
{
  BareEnd *end = g_new0 (BareEnd, 1);

  end->octets = g_malloc0 (BULK_OCTETS);
  end->tls = bare_tls_new (fd, writes);
  while (!bare_tls_shake (end->tls))
    ;
  return end;
}

static void
bare_write (gpointer data)
{
  BareEnd *end = data;

  for (guint i = 0; i < BULK_COUNT; i++)
    bare_tls_say (end->tls, end->octets, BULK_OCTETS);
  bare_tls_hear (end->tls, end->octets, BULK_OCTETS);
}

/* Who may say a hundred at once keeps them until their turn comes, and that is more than a cache. */
static void
keeping_write (gpointer data)
{
  BareEnd *end = data;

  if (end->kept == NULL)
    end->kept = g_malloc (BULK_COUNT * BULK_OCTETS);
  for (guint i = 0; i < BULK_COUNT; i++)
    memcpy (end->kept + i * BULK_OCTETS, end->octets, BULK_OCTETS);
  for (guint i = 0; i < BULK_COUNT; i++)
    bare_tls_say (end->tls, end->kept + i * BULK_OCTETS, BULK_OCTETS);
  bare_tls_hear (end->tls, end->octets, BULK_OCTETS);
}

static void
bare_read (gpointer data)
{
  BareEnd *end = data;

  for (;;)
    {
      for (gsize left = BULK_COUNT * BULK_OCTETS; left > 0;)
        left -= bare_tls_hear (end->tls, end->octets, MIN (left, BULK_OCTETS));
      bare_tls_say (end->tls, "x", 1);
    }
}

typedef struct
{
  Xep174SessionManager *manager;
  Xep174Session *session;
  char *text;
  gboolean writes;
  guint left;
} End;

static void
say (End        *end,
     const char *text)
{
  g_autoptr(Xep174Element) message = xep174_element_new ("message", "jabber:client");
  Xep174Element *body = xep174_element_append_new (message, "body", "jabber:client");

  xep174_element_append_text (body, text);
  xep174_session_send_async (end->session, message, NULL, NULL, NULL);
}

static gboolean
on_bulk (Xep174SessionManager *manager,
         Xep174Session        *session,
         Xep174Element        *stanza,
         End                  *end)
{
  if (!xep174_element_matches (stanza, "message", "jabber:client"))
    return FALSE;

  if (end->left > 0 && --end->left == 0 && !end->writes)
    {
      end->left = BULK_COUNT;
      say (end, "x");
    }
  return TRUE;
}

static gpointer
session_start (int      fd,
               gboolean writes)
{
  End *end = g_new0 (End, 1);
  g_autoptr(GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  end->writes = writes;
  end->left = writes ? 0 : BULK_COUNT;
  end->text = g_strnfill (BULK_OCTETS - 100, 'x');
  end->manager = xep174_session_manager_new (writes ? juliet : romeo, NULL);
  give_identity (end->manager);
  g_object_set (end->manager, "address-policy", XEP174_ADDRESS_POLICY_TRUST, NULL);
  g_signal_connect (end->manager, "stanza-received", G_CALLBACK (on_bulk), end);
  stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  if (!xep174_session_manager_add_connection (end->manager, stream,
                                              writes ? XEP174_SESSION_ROLE_INITIATOR
                                                     : XEP174_SESSION_ROLE_RECIPIENT,
                                              writes ? romeo : juliet, &error))
    g_error ("%s", error->message);
  end->session = xep174_session_manager_ensure_session (end->manager, writes ? romeo : juliet, &error);
  return end;
}

static void
session_write (gpointer data)
{
  End *end = data;

  end->left = 1;
  for (guint i = 0; i < BULK_COUNT; i++)
    say (end, end->text);
  while (end->left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
session_read (gpointer data)
{
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static const BulkKind kinds[] = {
  { "a bare GnuTLS write loop", bare_start, bare_write, bare_read },
  { "libxep174", session_start, session_write, session_read },
  { "a loop that keeps them", bare_start, keeping_write, bare_read },
};

/* The reader in a process of its own, which ends with us. */
static int
fork_reader (const BulkKind *kind)
{
  int fds[2];

  talk_connect (fds);
  switch (fork ())
    {
    case -1:
      g_error ("Cannot fork");
    case 0:
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      close (fds[0]);
      kind->read (kind->start (fds[1], FALSE));
      exit (0);
    default:
      close (fds[1]);
      return fds[0];
    }
}

static void
measure_pairs (double *best)
{
  gpointer ends[G_N_ELEMENTS (kinds)];
  int fds[G_N_ELEMENTS (kinds)];

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    fds[i] = fork_reader (&kinds[i]);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    ends[i] = kinds[i].start (fds[i], TRUE);
  for (guint turn = 0; turn < BULK_TURNS; turn++)
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      {
        double before = bench_now ();

        kinds[i].write (ends[i]);
        best[i] = MIN (best[i], (bench_now () - before) / BULK_COUNT);
      }
}

/* In a process of their own: what was forked with a main loop would share its epoll descriptor. */
static void
fork_pairs (double *best)
{
  const gsize size = G_N_ELEMENTS (kinds) * sizeof *best;
  int fds[2];
  pid_t child;

  if (pipe (fds) != 0 || (child = fork ()) < 0)
    g_error ("Cannot fork");
  if (child == 0)
    {
      measure_pairs (best);
      exit (write (fds[1], best, size) != (gssize) size);
    }
  if (read (fds[0], best, size) != (gssize) size || waitpid (child, NULL, 0) != child)
    g_error ("Nothing was measured");
  close (fds[0]);
  close (fds[1]);
}

static void
measure_bulk (void)
{
  double best[G_N_ELEMENTS (kinds)] = { INFINITY, INFINITY, INFINITY };

  bench_progress ("64 KiB stanzas, encrypted");
  for (guint pair = 0; pair < BULK_PAIRS; pair++)
    fork_pairs (best);
  BENCH_ROW (.group = "sessions", .name = "64 KiB stanzas one way, encrypted, one core", .unit = "µs",
             .value = 1e6 * best[1], .floor = 1e6 * best[0], .floor_name = kinds[0].who,
             .target = 1.25);
  BENCH_ROW (.group = "sessions", .name = "64 KiB stanzas one way, encrypted, one core", .who = kinds[2].who,
             .unit = "µs", .value = 1e6 * best[2], .floor = 1e6 * best[0], .floor_name = kinds[0].who);
}

/* Both ends in this thread. */
static void
run_bulk (void)
{
  int fds[2];
  gpointer end;

  talk_connect (fds);
  end = session_start (fds[0], TRUE);
  session_start (fds[1], FALSE);
  session_write (end);
  bench_job ("bulk", session_write, end);
}

/* For callgrind: dial, bare or bulk. */
static void
run_job (const char *label)
{
  g_autoptr(TestBook) book = test_book_new ();
  Dial dial = { NULL };

  if (g_str_equal (label, "bulk"))
    {
      run_bulk ();
      return;
    }

  dial_init (&dial, book, give_identity);
  dial_once (&dial);
  bare_once (&dial);
  bench_job (label, g_str_equal (label, "dial") ? dial_once : bare_once, &dial);
}

int
main (int   argc,
      char *argv[])
{
  bench_use_one_core ();
  for (int i = 1; i < argc; i++)
    run_job (argv[i]);
  if (argc == 1)
    measure_bulk ();
  return 0;
}
