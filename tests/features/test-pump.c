/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The octets of a file over a bytestream, in the clear and encrypted. */

#include "stream-ends.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xep174-pump-private.h"

#define ENCRYPTED GINT_TO_POINTER (TRUE)

/* --- A file that goes from romeo to juliet ------------------------------------------------------- */

typedef struct
{
  Xep174Pump *pump;
  guint64 done;
  guint n_told;
  gboolean ended;
  GError *error;
  gboolean free_when_told;
} Side;

typedef struct
{
  Ends ends;
  char *folder;
  char *source;
  char *octets;
  gsize size;
  Side sender;
  Side receiver;
  Xep174FileWriter *writer;
} Files;

static void
on_progress (guint64  done,
             gpointer data)
{
  Side *side = data;

  g_assert_cmpuint (done, >=, side->done);
  g_assert_false (side->ended);
  side->done = done;
  side->n_told++;
  if (side->free_when_told)
    g_clear_pointer (&side->pump, xep174_pump_free);
}

static void
on_ended (const GError *error,
          gpointer      data)
{
  Side *side = data;

  g_assert_false (side->ended);
  side->ended = TRUE;
  side->error = error != NULL ? g_error_copy (error) : NULL;
}

static const Xep174PumpEvents events = { on_progress, on_ended };

static void
set_up (Files         *files,
        gconstpointer  data)
{
  ends_set_up (&files->ends, data);
  files->folder = g_dir_make_tmp (NULL, NULL);
  files->source = g_build_filename (files->folder, "source", NULL);
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->pump, xep174_pump_free);
  g_clear_error (&side->error);
}

static void
tear_down (Files         *files,
           gconstpointer  data)
{
  g_autoptr(GDir) folder = g_dir_open (files->folder, 0, NULL);
  const char *name;

  side_clear (&files->sender);
  side_clear (&files->receiver);
  g_clear_pointer (&files->writer, xep174_file_writer_free);
  ends_tear_down (&files->ends, data);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (files->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (files->folder);
  g_free (files->folder);
  g_free (files->source);
  g_free (files->octets);
}

static void
make_file (Files *files,
           gsize  size)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (174);
  g_autoptr(GError) error = NULL;

  files->size = size;
  files->octets = g_malloc (size + 4);
  for (gsize i = 0; i < size; i += 4)
    {
      guint32 four = g_rand_int (random);

      memcpy (files->octets + i, &four, 4);
    }
  g_file_set_contents (files->source, files->octets, size, &error);
  g_assert_no_error (error);
}

static int
open_source (Files *files)
{
  int fd = open (files->source, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* Romeo dials, and has both ends then. */
static void
join (Files       *files,
      Xep174Pipe **dialled,
      Xep174Pipe **called)
{
  Ends *ends = &files->ends;
  g_autoptr(GError) error = NULL;

  xep174_bytestream_dial (ends->romeo.stream, xep174_bytestream_get_candidates (ends->juliet.stream));
  WAIT_FOR (ends->romeo.log->len > 0 && ends->juliet.log->len > 0);
  *dialled = xep174_bytestream_take (ends->romeo.stream, TRUE, NULL, &error);
  g_assert_no_error (error);
  *called = xep174_bytestream_take (ends->juliet.stream, FALSE, ends->romeo.cid, &error);
  g_assert_no_error (error);
}

static Xep174FileWriter *
make_writer (Files *files)
{
  g_autoptr(GError) error = NULL;
  Xep174FileWriter *writer = xep174_file_writer_create (files->folder, "t", files->size, &error);

  g_assert_no_error (error);
  return writer;
}

static void
check_whole (Files *files)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) files->octets,
                                                       files->size);
  g_autofree char *part = g_build_filename (files->folder, ".t.part", NULL);
  g_autofree char *octets = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_assert_no_error (files->sender.error);
  g_assert_no_error (files->receiver.error);
  g_assert_cmpuint (files->sender.done, ==, files->size);
  g_assert_cmpuint (files->receiver.done, ==, files->size);
  g_assert_cmpstr (xep174_pump_get_hash (files->sender.pump), ==, hash);
  g_assert_cmpstr (xep174_pump_get_hash (files->receiver.pump), ==, hash);
  g_file_get_contents (part, &octets, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (octets, size, files->octets, files->size);
}

/* Whoever has dialled, and with whatever size. */
static void
move (Files    *files,
      gsize     size,
      gboolean  receiver_dials)
{
  Xep174Pipe *dialled, *called;

  make_file (files, size);
  join (files, &dialled, &called);
  files->sender.pump = xep174_pump_send (receiver_dials ? called : dialled, open_source (files), 0, size,
                                         &events, &files->sender);
  files->receiver.pump = xep174_pump_receive (receiver_dials ? dialled : called, make_writer (files), size,
                                              &events, &files->receiver);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  check_whole (files);
  files->writer = xep174_pump_take_writer (files->receiver.pump);
  g_assert_cmpuint (xep174_file_writer_get_done (files->writer), ==, size);
}

static void
test_empty (Files         *files,
            gconstpointer  data)
{
  move (files, 0, FALSE);
}

static void
test_small (Files         *files,
            gconstpointer  data)
{
  move (files, 1, TRUE);
}

static void
test_large (Files         *files,
            gconstpointer  data)
{
  move (files, 9 * 1024 * 1024 + 174, FALSE);
}

static void
test_receiver_dials (Files         *files,
                     gconstpointer  data)
{
  move (files, 3 * 128 * 1024, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_ONE(path, data, func) g_test_add ("/pump/" path, Files, data, set_up, func, tear_down)
#ifdef HAVE_GNUTLS
#define ADD(path, func) \
  ADD_ONE (path "/clear", NULL, func); \
  ADD_ONE (path "/encrypted", ENCRYPTED, func)
#else
#define ADD(path, func) ADD_ONE (path "/clear", NULL, func)
#endif

  ADD ("empty", test_empty);
  ADD ("small", test_small);
  ADD ("large", test_large);
  ADD ("receiver-dials", test_receiver_dials);

  return g_test_run ();
}
