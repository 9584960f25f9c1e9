/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The echo of a short message over the loopback, both ends on one core.
 *
 *   bench-talk               two processes: the table's row
 *   bench-talk KIND/COUNT…   both ends in this thread, KIND session, source or async; for callgrind */

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench.h"
#include "talk.h"

/* Short, so that some have the core for themselves. */
#define ROUND 20
#define TURNS 500

static const TalkKind *const kinds[] = {
  &talk_blocking, &talk_source, &talk_async, &talk_half, &talk_session,
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
run_table (void)
{
  Talk talks[G_N_ELEMENTS (kinds)];
  double best[G_N_ELEMENTS (kinds)];
  int fds[G_N_ELEMENTS (kinds)];

  bench_progress ("echo of a %d-octet message, both ends on one core", TALK_OCTETS);
  bench_use_one_core ();
  /* No main loop is to be forked. */
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    fds[i] = fork_end (kinds[i]);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      talks[i] = (Talk) { kinds[i], kinds[i]->start (fds[i], TRUE), ROUND };
      best[i] = INFINITY;
      ping_all (&talks[i]);
    }

  for (guint turn = 0; turn < TURNS; turn++)
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      {
        double before = bench_now ();

        ping_all (&talks[i]);
        best[i] = MIN (best[i], (bench_now () - before) / ROUND);
      }

  for (guint i = 1; i < G_N_ELEMENTS (kinds); i++)
    BENCH_ROW (.group = "sessions", .name = "echo of a 150-octet message, one core",
               .who = kinds[i]->who, .unit = "µs", .value = 1e6 * best[i], .floor = 1e6 * best[0],
               .floor_name = kinds[0]->who,
               .target = kinds[i] == &talk_session ? 2.5 : 0);
}

static const TalkKind *
find_kind (const char *name)
{
  if (g_str_equal (name, "session"))
    return &talk_session;
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
    run_table ();
  for (int i = 1; i < argc; i++)
    run_job (argv[i]);

  return 0;
}
