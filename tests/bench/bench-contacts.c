/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "contacts-floor.h"
#include "crowd.h"
#include "xep174-avahi-discovery.h"
#include "xep174-embedded-discovery.h"

/* How long until everybody on the network is known with what they say, and how long the main loop
 * did nothing else meanwhile. One program a way of looking, so that they start alike:
 *
 *     bench-contacts crowd N       publishes N people; says "ready", and goes with its input
 *     bench-contacts WAY N MORE DAEMON
 *                                  looks until N are known, and for MORE seconds after that; DAEMON
 *                                  is the process whose work it tells, too */

typedef struct
{
  guint known;
  guint wanted;
  gint64 began;
  gint64 done;
  gint64 woke;
  gint64 longest;
  int schedstat;
  int daemon_schedstat;
  double cpu_ms;
  double daemon_ms;
} Watch;

static Watch watch;

static int
open_schedstat (const char *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/schedstat", process);

  return open (path, O_RDONLY | O_CLOEXEC);
}

/* How long it has run, and how long it could run and others did, in nanoseconds. Ticks of 10 ms
 * would be too few for fifty contacts. */
static void
read_schedstat (int      fd,
                guint64 *ran,
                guint64 *waited)
{
  char line[96] = { 0 };

  if (pread (fd, line, sizeof line - 1, 0) <= 0 ||
      sscanf (line, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, ran, waited) != 2)
    g_error ("No scheduler statistics here");
}

static double
daemon_ms (void)
{
  guint64 ran, waited;

  read_schedstat (watch.daemon_schedstat, &ran, &waited);

  return ran / 1e6;
}

static double
cpu_ms (void)
{
  return clock () * 1e3 / CLOCKS_PER_SEC;
}

/* Now, in microseconds, on a clock that stands still while this thread could run and another one
 * had the processor. What that takes is the scheduler's and no program's; a thread that waits for
 * an answer could not run, so its waiting counts. */
static gint64
undisturbed_time (void)
{
  guint64 ran, waited;

  read_schedstat (watch.schedstat, &ran, &waited);

  return g_get_monotonic_time () - (gint64) (waited / 1000);
}

/* A block is the time between two visits to poll(): what everything else in the program waits. What
 * is done before the first one, the types and the connection to the bus, is no block of the loop. */
static gint
poll_and_measure (GPollFD *fds,
                  guint    n_fds,
                  gint     timeout)
{
  gint ready;

  if (watch.woke != 0)
    watch.longest = MAX (watch.longest, undisturbed_time () - watch.woke);
  ready = g_poll (fds, n_fds, timeout);
  watch.woke = undisturbed_time ();

  return ready;
}

static void
count_one (void)
{
  if (++watch.known != watch.wanted)
    return;

  watch.done = g_get_monotonic_time ();
  watch.cpu_ms = cpu_ms ();
  watch.daemon_ms = daemon_ms ();
}

static void
on_started (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!xep174_discovery_start_finish (XEP174_DISCOVERY (object), result, &error))
    g_error ("%s", error->message);
}

static Xep174Discovery *
look_with (Xep174Discovery *discovery)
{
  g_signal_connect (discovery, "contact-added", G_CALLBACK (count_one), NULL);
  xep174_discovery_start_async (discovery, NULL, 0, NULL, on_started, NULL);

  return discovery;
}

static void
run_until (gint64 deadline)
{
  while (g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static int
look (const char *way,
      guint       n_people,
      guint       seconds_more,
      const char *daemon)
{
  g_autoptr(Xep174Discovery) discovery = NULL;
  double before;

  watch.wanted = n_people;
  g_main_context_set_poll_func (NULL, poll_and_measure);
  g_timeout_add (50, on_tick, NULL);
  watch.schedstat = open_schedstat ("thread-self");
  watch.daemon_schedstat = open_schedstat (daemon);
  before = daemon_ms ();
  watch.began = g_get_monotonic_time ();
  if (strcmp (way, "floor") == 0)
    floor_start (count_one);
  else if (strcmp (way, "avahi") == 0)
    discovery = look_with (XEP174_DISCOVERY (xep174_avahi_discovery_new (NULL)));
  else
    discovery = look_with (XEP174_DISCOVERY (xep174_embedded_discovery_new ()));

  while (watch.done == 0 && g_get_monotonic_time () < watch.began + 120 * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);
  if (watch.done == 0)
    return 1;

  run_until (watch.done + seconds_more * G_USEC_PER_SEC);
  printf ("{\"ms\": %.1f, \"block_ms\": %.1f, \"cpu_ms\": %.1f, \"daemon_ms\": %.1f, "
          "\"daemon_after_ms\": %.1f}\n",
          (watch.done - watch.began) / 1e3, watch.longest / 1e3, watch.cpu_ms, watch.daemon_ms - before,
          daemon_ms () - watch.daemon_ms);

  return 0;
}

static gboolean
on_input (gint         fd,
          GIOCondition condition,
          gpointer     user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static int
publish (guint n_people)
{
  Crowd *crowd = crowd_new (n_people);
  gboolean leave = FALSE;

  while (!crowd_is_there (crowd))
    g_main_context_iteration (NULL, TRUE);
  puts ("ready");
  fflush (stdout);
  g_unix_fd_add (0, G_IO_IN | G_IO_HUP, on_input, &leave);
  while (!leave)
    g_main_context_iteration (NULL, TRUE);
  crowd_free (crowd);

  return 0;
}

int
main (int   argc,
      char *argv[])
{
  guint n_people;

  if (argc != 3 && argc != 5)
    {
      fprintf (stderr, "usage: %s crowd N, or floor|avahi|embedded N SECONDS-MORE DAEMON-PID\n", argv[0]);
      return 2;
    }

  n_people = atoi (argv[2]);
  if (argc == 3)
    return publish (n_people);

  return look (argv[1], n_people, atoi (argv[3]), argv[4]);
}
