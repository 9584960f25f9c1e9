/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The echo of a short message over the loopback, both ends on one core.
 *
 *   bench-talk               two processes: the table's row
 *   bench-talk KIND/COUNT…   both ends in this thread, KIND session, sealed, pinged, source or
 *                            async; for callgrind */

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "talk.h"

/* Short, so that some have the core for themselves. */
#define ROUND 20
#define TURNS 500

#define KINDS_MAX 5

/* The first one is the floor of the others. */
typedef struct
{
  const char *name;
  const TalkKind *kinds[KINDS_MAX];
  const TalkKind *ours;
  double target;
} Table;

static const Table tables[] = {
  { "echo of a 150-octet message, one core",
    { &talk_blocking, &talk_source, &talk_async, &talk_half, &talk_session }, &talk_session, 2.5 },
#ifdef HAVE_GNUTLS
  { "echo of a 150-octet message, encrypted, one core",
    { &talk_bare_tls, &talk_sealed }, &talk_sealed, 2.0 },
#endif
};

typedef struct
{
  const TalkKind *kind;
  gpointer end;
  guint count;
} Talk;

static void
ping_all (gpointer data)
{
  const Talk *talk = data;

  talk->kind->ping (talk->end, talk->count);
}

/* The other end in a process of its own, which ends with us. Returns our end. */
static int
fork_end (const TalkKind *kind)
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
      kind->serve (kind->start (fds[1], FALSE));
      exit (0);
    default:
      close (fds[1]);
      return fds[0];
    }
}

static void
run_table (const Table *table)
{
  const TalkKind *const *kinds = table->kinds;
  Talk talks[KINDS_MAX];
  double best[KINDS_MAX];
  int fds[KINDS_MAX];
  guint n = 0;

  bench_progress ("%s", table->name);
  /* No main loop is to be forked. */
  for (; n < KINDS_MAX && kinds[n] != NULL; n++)
    fds[n] = fork_end (kinds[n]);
  for (guint i = 0; i < n; i++)
    {
      talks[i] = (Talk) { kinds[i], kinds[i]->start (fds[i], TRUE), ROUND };
      best[i] = INFINITY;
      ping_all (&talks[i]);
    }

  for (guint turn = 0; turn < TURNS; turn++)
    for (guint i = 0; i < n; i++)
      {
        double before = bench_now ();

        ping_all (&talks[i]);
        best[i] = MIN (best[i], (bench_now () - before) / ROUND);
      }

  for (guint i = 1; i < n; i++)
    BENCH_ROW (.group = "sessions", .name = table->name, .who = kinds[i]->who, .unit = "µs",
               .value = 1e6 * best[i], .floor = 1e6 * best[0], .floor_name = kinds[0]->who,
               .target = kinds[i] == table->ours ? table->target : 0);
}

/* Each in a process of its own, whose loop has only what it is about. */
static void
run_tables (void)
{
  bench_use_one_core ();
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      pid_t child = fork ();
      int status = 0;

      if (child == 0)
        {
          run_table (&tables[i]);
          exit (0);
        }
      if (child < 0 || waitpid (child, &status, 0) != child || status != 0)
        g_error ("“%s” cannot be measured", tables[i].name);
    }
}

static const TalkKind *
find_kind (const char *name)
{
  if (g_str_equal (name, "session"))
    return &talk_session;
#ifdef HAVE_GNUTLS
  if (g_str_equal (name, "sealed"))
    return &talk_sealed;
  if (g_str_equal (name, "pinged"))
    return &talk_pinged;
#endif
  if (g_str_equal (name, "featured"))
    return &talk_featured;
  if (g_str_equal (name, "source"))
    return &talk_source;
  if (g_str_equal (name, "async"))
    return &talk_async;
  g_error ("No such kind: %s", name);
}

static void
run_job (const char *label)
{
  g_auto(GStrv) parts = g_strsplit (label, "/", 2);
  Talk talk = { find_kind (parts[0]), NULL, 10 };
  int fds[2];

  if (parts[1] == NULL)
    g_error ("%s is no KIND/COUNT", label);
  talk_connect (fds);
  talk.end = talk.kind->start (fds[0], TRUE);
  talk.kind->start (fds[1], FALSE);
  ping_all (&talk);
  talk.count = (guint) atoi (parts[1]);
  bench_job (label, ping_all, &talk);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 1)
    run_tables ();
  for (int i = 1; i < argc; i++)
    run_job (argv[i]);

  return 0;
}
