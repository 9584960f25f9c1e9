/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file of more octets than 32 bits can count. */

#include "transfer-sides.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define BEYOND (G_GUINT64_CONSTANT (1) << 32)
#define MIB (1024 * 1024)

static gboolean
has_room (const char *folder,
          guint64     octets)
{
  struct statvfs status;

  return statvfs (folder, &status) == 0 && status.f_bavail > octets / status.f_frsize;
}

/* No number of 32 bits is on the way of an octet: the last ones of a file of more than 4 GiB, whose others
 * are holes that are there already. */
static void
test_beyond_32_bits (Sides         *sides,
                     gconstpointer  data)
{
  const guint64 size = BEYOND + MIB;
  g_autofree char *octets = NULL, *name = NULL, *part = NULL, *path = NULL, *come = g_malloc (MIB);
  g_autoptr(Xep174Transfer) sent = NULL;
  int fd;

  if (!has_room (sides->folder, 2 * BEYOND))
    {
      g_test_skip ("There is no room for a file of 4 GiB");
      return;
    }

  octets = sides_make_file (sides, MIB);
  fd = g_open (sides->path, O_WRONLY, 0);
  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  g_assert_cmpint (pwrite (fd, octets, MIB, size - MIB), ==, MIB);
  close (fd);
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL && side_last (&sides->juliet)->fsm.done >= MIB);
  name = g_strdup_printf (".%s.part", xep174_transfer_get_id (side_last (&sides->juliet)));
  part = g_build_filename (sides->keep, name, NULL);
  side_kill (&sides->juliet);
  g_assert_cmpint (truncate (part, size - MIB), ==, 0);
  side_start (sides, &sides->juliet);
  wait_until (side_last (&sides->juliet) != NULL && !side_last (&sides->juliet)->paused);
  g_assert_cmpuint (side_last (&sides->juliet)->fsm.done, ==, size - MIB);
  wait_until (sent->fsm.done >= size - MIB);
  /* Both find the hash of all that was there before: the time limit of the test holds. */
  while (!xep174_transfer_has_ended (sent))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  path = g_build_filename (sides->keep, "sonnet.txt", NULL);
  fd = g_open (path, O_RDONLY, 0);
  g_assert_cmpint (lseek (fd, 0, SEEK_END), ==, size);
  g_assert_cmpint (pread (fd, come, MIB, size - MIB), ==, MIB);
  close (fd);
  g_assert_cmpmem (come, MIB, octets, MIB);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/transfer-large/beyond-32-bits", Sides, NULL, sides_set_up, test_beyond_32_bits,
              sides_tear_down);

  return g_test_run ();
}
