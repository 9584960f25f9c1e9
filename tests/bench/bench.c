/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include "../common/allocations.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void
print_number (const char *member,
              double      number)
{
  if (number != 0)
    printf (", \"%s\": %.6g", member, number);
}

void
bench_row (const BenchRow *row)
{
  printf ("{\"group\": \"%s\", \"name\": \"%s\", \"who\": \"%s\", \"unit\": \"%s\", "
          "\"value\": %.6g", row->group,
          row->name, row->who != NULL ? row->who : "libxep174", row->unit, row->value);
  if (row->floor_name != NULL)
    printf (", \"floor_name\": \"%s\"", row->floor_name);
  print_number ("floor", row->floor);
  print_number ("ratio", row->ratio);
  print_number ("target", row->target);
  printf ("}\n");
  fflush (stdout);
}

void
bench_progress (const char *format,
                ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
}

double
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

void
bench_use_one_core (void)
{
  cpu_set_t all, one;
  int core = CPU_SETSIZE - 1;

  CPU_ZERO (&all);
  CPU_ZERO (&one);
  if (sched_getaffinity (0, sizeof all, &all) != 0)
    g_error ("Cannot tell which cores there are");
  /* The last one: what else there is to do tends to be on the first. */
  while (core > 0 && !CPU_ISSET (core, &all))
    core--;
  CPU_SET (core, &one);
  if (sched_setaffinity (0, sizeof one, &one) != 0)
    g_error ("Cannot stay on one core");
}

void
bench_raise_descriptors (guint wanted)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_error ("Cannot tell how many descriptors there may be");
  if (limit.rlim_cur >= wanted)
    return;

  limit.rlim_cur = wanted;
  limit.rlim_max = MAX (limit.rlim_max, wanted);
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_error ("%u descriptors are needed: ulimit -n %u", wanted, wanted);
}

void
bench_without_cache (char *argv[])
{
  if (g_getenv ("GLIBC_TUNABLES") != NULL)
    return;

  g_setenv ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", TRUE);
  execv ("/proc/self/exe", argv);
  g_error ("Cannot begin again: %s", g_strerror (errno));
}

gsize
bench_get_heap (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

/* glibc's allocator, and we in front of it. */

/* callgrind finds it by its name. */
__attribute__ ((noinline)) void bench_measured (BenchWork func,
                                                gpointer  data);

void
bench_measured (BenchWork func,
                gpointer  data)
{
  func (data);
  /* No tail call: callgrind must see us return. */
  __asm__ volatile ("" : : : "memory");
}

void
bench_job (const char *label,
           BenchWork   func,
           gpointer    data)
{
  gsize allocations_before = allocations;
  double before = bench_now ();
  double seconds;

  bench_measured (func, data);
  seconds = bench_now () - before;
  printf ("{\"job\": \"%s\", \"seconds\": %.9f, \"allocations\": %" G_GSIZE_FORMAT "}\n", label,
          seconds, allocations - allocations_before);
  fflush (stdout);
}
