/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <gio/gio.h>

/* What tests put on a disk, and look for there. */

static inline guint
count (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static inline void
assert_contents (const char *folder,
                 const char *name,
                 const char *expected)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}

/* From now on this process writes no file of more than @octets. */
static inline void
limit_files (gsize          octets,
             struct rlimit *before)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, before), ==, 0);
  limit = *before;
  limit.rlim_cur = octets;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

/* The signal of that limit ends the process still, and waits nowhere. */
static inline void
assert_signal_as_before (void)
{
  struct sigaction action;
  sigset_t set;

  g_assert_cmpint (sigaction (SIGXFSZ, NULL, &action), ==, 0);
  g_assert_true (action.sa_handler == SIG_DFL);
  g_assert_cmpint (pthread_sigmask (SIG_BLOCK, NULL, &set), ==, 0);
  g_assert_false (sigismember (&set, SIGXFSZ));
  g_assert_cmpint (sigpending (&set), ==, 0);
  g_assert_false (sigismember (&set, SIGXFSZ));
}

/* Of octets that do not repeat, which it returns. */
static inline char *
make_random_file (const char *path,
                  gsize       size)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (174);
  g_autoptr(GError) error = NULL;
  char *octets = g_malloc (size + 4);

  for (gsize i = 0; i < size; i += 4)
    {
      guint32 four = g_rand_int (random);

      memcpy (octets + i, &four, 4);
    }
  g_file_set_contents (path, octets, size, &error);
  g_assert_no_error (error);

  return octets;
}
