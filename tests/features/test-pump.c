/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The octets of a file over a bytestream, in the clear and encrypted. */

#include "stream-ends.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "on-disk.h"
#include "xep174-arbiter.h"
#include "xep174-file-reader-private.h"
#include "xep174-identity-private.h"
#include "xep174-output-writer-private.h"
#include "xep174-pump-private.h"
#include "xep174-trust-error.h"

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
  Xep174FileSink *sink;
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
  g_clear_pointer (&files->sink, xep174_file_sink_free);
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
  files->size = size;
  files->octets = make_random_file (files->source, size);
}

static Xep174FileSource *
open_source (Files *files)
{
  int fd = open (files->source, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return xep174_file_source_new (xep174_file_reader_new (fd), files->size);
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

static Xep174FileSink *
make_sink (Files *files)
{
  Xep174FileInfo info = { .size = files->size };
  g_autoptr(GError) error = NULL;
  Xep174FileSink *sink = xep174_file_sink_create (files->folder, "t", &info, &error);

  g_assert_no_error (error);
  return sink;
}

static void
check_hash (Files      *files,
            Xep174Pump *pump)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 hash[XEP174_SHA256_LENGTH];
  gsize length = sizeof hash;

  g_checksum_update (checksum, (const guint8 *) files->octets, files->size);
  g_checksum_get_digest (checksum, hash, &length);
  g_assert_nonnull (xep174_pump_get_hash (pump));
  g_assert_cmpmem (xep174_pump_get_hash (pump), length, hash, length);
}

static void
check_whole (Files *files)
{
  g_autofree char *part = g_build_filename (files->folder, ".t.part", NULL);
  g_autofree char *octets = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_assert_no_error (files->sender.error);
  g_assert_no_error (files->receiver.error);
  g_assert_cmpuint (files->sender.done, ==, files->size);
  g_assert_cmpuint (files->receiver.done, ==, files->size);
  check_hash (files, files->sender.pump);
  check_hash (files, files->receiver.pump);
  g_file_get_contents (part, &octets, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (octets, size, files->octets, files->size);
}

static void
start (Files      *files,
       Xep174Pipe *sending,
       Xep174Pipe *receiving)
{
  files->sender.pump = xep174_pump_send (sending, open_source (files), 0, files->size, &events,
                                         &files->sender);
  files->receiver.pump = xep174_pump_receive (receiving, make_sink (files), files->size, &events,
                                              &files->receiver);
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
  start (files, receiver_dials ? called : dialled, receiver_dials ? dialled : called);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  check_whole (files);
  files->sink = xep174_pump_take_sink (files->receiver.pump);
  g_assert_cmpuint (xep174_file_sink_get_done (files->sink), ==, size);
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

/* --- What was there before ----------------------------------------------------------------------- */

/* The hash is of the whole file, and nothing comes twice. */
static void
test_resume (Files         *files,
             gconstpointer  data)
{
  Xep174FileInfo info = { 0 };
  g_autoptr(Xep174FileSink) before = NULL;
  g_autoptr(GError) error = NULL;
  Xep174Pipe *dialled, *called;

  make_file (files, 1024 * 1024);
  before = make_sink (files);
  xep174_file_sink_write (before, files->octets, 300001, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&before, xep174_file_sink_free);

  join (files, &dialled, &called);
  files->sender.pump = xep174_pump_send (dialled, open_source (files), 300001, files->size, &events,
                                         &files->sender);
  info.size = files->size;
  before = xep174_file_sink_resume (files->folder, "t", &info, &error);
  g_assert_no_error (error);
  files->receiver.pump = xep174_pump_receive (called, g_steal_pointer (&before), files->size, &events,
                                              &files->receiver);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  check_whole (files);
}

/* --- What is not as it was said ------------------------------------------------------------------ */

/* The file has become shorter: the other side is told by the end alone. */
static void
test_shorter (Files         *files,
              gconstpointer  data)
{
  Xep174Pipe *dialled, *called;

  make_file (files, 400000);
  join (files, &dialled, &called);
  g_assert_cmpint (truncate (files->source, 300000), ==, 0);
  start (files, dialled, called);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  g_assert_error (files->sender.error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_nonnull (files->receiver.error);
  g_assert_cmpuint (files->sender.done, ==, 300000);
  g_assert_cmpuint (files->receiver.done, <=, 300000);
  g_assert_null (xep174_pump_get_hash (files->receiver.pump));
}

/* The file has become longer: what was promised is sent. */
static void
test_longer (Files         *files,
             gconstpointer  data)
{
  Xep174Pipe *dialled, *called;

  make_file (files, 400000);
  files->size = 300000;
  join (files, &dialled, &called);
  start (files, dialled, called);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  check_whole (files);
}

/* More comes than was declared: not an octet of it is written. */
static void
test_too_much (Files         *files,
               gconstpointer  data)
{
  Xep174Pipe *dialled, *called;
  gsize declared[] = { 400000 - 1, 1, 0 };

  make_file (files, 400000);
  for (guint i = 0; i < G_N_ELEMENTS (declared); i++)
    {
      Xep174FileInfo info = { .size = declared[i] };
      g_autoptr(Xep174FileSink) sink = NULL;
      g_autoptr(GError) error = NULL;

      join (files, &dialled, &called);
      sink = xep174_file_sink_create (files->folder, "u", &info, &error);
      g_assert_no_error (error);
      files->sender.pump = xep174_pump_send (dialled, open_source (files), 0, files->size, &events,
                                             &files->sender);
      files->receiver.pump = xep174_pump_receive (called, g_steal_pointer (&sink), declared[i], &events,
                                                  &files->receiver);
      WAIT_FOR (files->sender.ended && files->receiver.ended);
      g_assert_error (files->receiver.error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
      g_assert_cmpuint (files->receiver.done, <=, declared[i]);
      g_assert_false (xep174_pump_is_local (files->receiver.pump));
      sink = xep174_pump_take_sink (files->receiver.pump);
      xep174_file_sink_discard (sink);
      side_clear (&files->sender);
      side_clear (&files->receiver);
      memset (&files->sender, 0, sizeof files->sender);
      memset (&files->receiver, 0, sizeof files->receiver);
      g_string_truncate (files->ends.romeo.log, 0);
      g_string_truncate (files->ends.juliet.log, 0);
    }
}

/* --- An end in the middle ------------------------------------------------------------------------ */

/* Each side counts what it has, and no more. */
static void
check_broken (Files *files)
{
  g_autoptr(Xep174FileSink) sink = NULL;

  WAIT_FOR (files->sender.ended && files->receiver.ended);
  g_assert_nonnull (files->sender.error);
  g_assert_nonnull (files->receiver.error);
  sink = xep174_pump_take_sink (files->receiver.pump);
  g_assert_cmpuint (xep174_file_sink_get_done (sink), ==, files->receiver.done);
  g_assert_cmpuint (files->receiver.done, <, files->size);
  g_assert_null (xep174_pump_get_hash (files->receiver.pump));
}

static void
begin_large (Files *files)
{
  Xep174Pipe *dialled, *called;

  make_file (files, 64 * 1024 * 1024);
  join (files, &dialled, &called);
  start (files, dialled, called);
}

static void
test_sender_stops (Files         *files,
                   gconstpointer  data)
{
  begin_large (files);
  xep174_pump_stop (files->sender.pump);
  check_broken (files);
  g_assert_error (files->sender.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_receiver_stops (Files         *files,
                     gconstpointer  data)
{
  begin_large (files);
  xep174_pump_stop (files->receiver.pump);
  xep174_pump_stop (files->receiver.pump);
  check_broken (files);
  g_assert_error (files->receiver.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Nobody listens any more: in its own callback, and while the thread waits for octets. */
static void
test_freed (Files         *files,
            gconstpointer  data)
{
  files->receiver.free_when_told = TRUE;
  begin_large (files);
  WAIT_FOR (files->sender.ended && files->receiver.pump == NULL);
  g_assert_false (files->receiver.ended);
  g_assert_nonnull (files->sender.error);
}

static void
test_freed_at_once (Files         *files,
                    gconstpointer  data)
{
  begin_large (files);
  g_clear_pointer (&files->sender.pump, xep174_pump_free);
  WAIT_FOR (files->receiver.ended);
  g_assert_nonnull (files->receiver.error);
  g_assert_false (files->sender.ended);
}

/* --- To a stream of the program's ---------------------------------------------------------------- */

/* The stream lasts over a connection that broke, and so does the hash: nothing can be read back. */
static void
test_stream (Files         *files,
             gconstpointer  data)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;
  Xep174Pipe *dialled, *called;
  Xep174FileSink *sink;

  make_file (files, 1024 * 1024);
  sink = xep174_file_sink_new (xep174_output_writer_new (stream, files->size));
  xep174_file_sink_write (sink, files->octets, 300001, NULL, &error);
  g_assert_no_error (error);
  join (files, &dialled, &called);
  files->sender.pump = xep174_pump_send (dialled, open_source (files), 300001, files->size, &events,
                                         &files->sender);
  files->receiver.pump = xep174_pump_receive (called, sink, files->size, &events, &files->receiver);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  g_assert_no_error (files->receiver.error);
  check_hash (files, files->receiver.pump);
  g_assert_cmpmem (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                   g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)), files->octets,
                   files->size);
}

static gboolean
on_written (int          fd,
            GIOCondition condition,
            gpointer     data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* A program that does not read what it asked for holds up its own thread alone, and not for ever. */
static void
test_stuck (Files         *files,
            gconstpointer  data)
{
  g_autoptr(GOutputStream) stream = NULL;
  Xep174Pipe *dialled, *called;
  gboolean written = FALSE;
  int fds[2];

  make_file (files, 64 * 1024 * 1024);
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC | O_NONBLOCK), ==, 0);
  stream = g_unix_output_stream_new (fds[1], TRUE);
  join (files, &dialled, &called);
  files->sender.pump = xep174_pump_send (dialled, open_source (files), 0, files->size, &events,
                                         &files->sender);
  files->receiver.pump = xep174_pump_receive (called,
                                              xep174_file_sink_new (xep174_output_writer_new (stream,
                                                                                              files->size)),
                                              files->size, &events, &files->receiver);
  g_unix_fd_add (fds[0], G_IO_IN, on_written, &written);
  WAIT_FOR (written);
  xep174_pump_stop (files->receiver.pump);
  check_broken (files);
  close (fds[0]);
}

/* --- The wrong ones ------------------------------------------------------------------------------ */

#ifdef HAVE_GNUTLS
/* Somebody listens at the address of the contact, and another one calls from there: not an octet of the
 * file is said to the one or taken from the other. */
static void
expect_another (Files      *files,
                Xep174Pipe *pipe)
{
  g_autoptr(GBytes) other = g_bytes_new_static ("another key", 11);

  /* The engine asks about the same one. */
  g_bytes_unref (pipe->key);
  pipe->key = g_bytes_ref (other);
}

static void
test_wrong_caller (Files         *files,
                   gconstpointer  data)
{
  Xep174Pipe *dialled, *called;

  make_file (files, 400000);
  join (files, &dialled, &called);
  expect_another (files, called);
  start (files, called, dialled);
  check_broken (files);
  g_assert_cmpuint (files->sender.done, ==, 0);
  g_assert_cmpuint (files->receiver.done, ==, 0);
  g_assert_nonnull (strstr (files->sender.error->message, "Somebody else"));
}

/* Whose key is not the contact's. */
static void
test_wrong_listener (Files         *files,
                     gconstpointer  data)
{
  g_autoptr(GBytes) other = g_bytes_new_static ("another key", 11);
  g_autoptr(GError) error = NULL;
  Xep174Identity *identity = xep174_session_manager_get_identity (files->ends.romeo.manager);
  Xep174Pipe *dialled, *called, *wrong;

  make_file (files, 400000);
  join (files, &dialled, &called);
  wrong = xep174_pipe_new (dialled->connection, TRUE, xep174_identity_get_certificate (identity), other,
                           dialled->clock, &error);
  g_assert_no_error (error);
  xep174_pipe_free (dialled);
  start (files, wrong, called);
  check_broken (files);
  g_assert_cmpuint (files->sender.done, ==, 0);
  g_assert_cmpuint (files->receiver.done, ==, 0);
  g_assert_nonnull (strstr (files->sender.error->message, "Somebody else"));
  /* It was told so before it has seen our key; otherwise the connection would just have ended. */
  g_assert_error (files->receiver.error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_TLS);
}

/* Who speaks in the clear where it is to be encrypted. */
static void
test_clear (Files         *files,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Xep174Pipe *dialled, *called, *clear;

  make_file (files, 400000);
  join (files, &dialled, &called);
  clear = xep174_pipe_new (dialled->connection, TRUE, NULL, NULL, dialled->clock, &error);
  xep174_pipe_free (dialled);
  start (files, clear, called);
  check_broken (files);
  g_assert_cmpuint (files->receiver.done, ==, 0);
}

/* --- Nobody shakes hands -------------------------------------------------------------------------- */

#define T_TLS xep174_timer_info (XEP174_TIMER_TLS)->milliseconds

static Xep174Clock *
set_clock (Xep174Pipe *pipe)
{
  xep174_clock_unref (pipe->clock);
  pipe->clock = xep174_clock_new_manual ();
  return pipe->clock;
}

static void
begin_again (End        *end,
             const char *contact)
{
  static const Xep174BytestreamEvents none = { 0 };
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&end->stream, xep174_bytestream_free);
  end->stream = xep174_bytestream_new (end->all, contact, "again", &none, NULL, &error);
  g_assert_no_error (error);
}

/* T11: somebody calls who knows the stream, and then says nothing: he is given up after T_tls, and where he
 * came in is not told for the next way. */
static void
test_silent_caller (Files         *files,
                    gconstpointer  data)
{
  End *romeo = &files->ends.romeo, *juliet = &files->ends.juliet;
  guint before = xep174_bytestream_get_candidates (juliet->stream)->len;
  Xep174Pipe *dialled, *called;
  g_autoptr(Xep174Pipe) silent = NULL;
  g_autoptr(Xep174Clock) clock = NULL;

  make_file (files, 400000);
  join (files, &dialled, &called);
  silent = dialled;
  clock = xep174_clock_ref (set_clock (called));
  files->receiver.pump = xep174_pump_receive (called, make_sink (files), files->size, &events,
                                              &files->receiver);
  xep174_clock_advance (clock, T_TLS);
  WAIT_FOR (files->receiver.ended);
  g_assert_error (files->receiver.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (files->receiver.done, ==, 0);

  begin_again (juliet, ROMEO);
  g_assert_cmpuint (xep174_bytestream_get_candidates (juliet->stream)->len, ==, before - 1);
  /* It was juliet's address; of romeo's nothing is known. */
  begin_again (romeo, JULIET);
  g_assert_cmpuint (xep174_bytestream_get_candidates (romeo->stream)->len, >, 0);
}

/* The same where we have called: that address is not dialled again. */
static void
test_silent_listener (Files         *files,
                      gconstpointer  data)
{
  End *romeo = &files->ends.romeo, *juliet = &files->ends.juliet;
  Xep174Pipe *dialled, *called;
  g_autoptr(Xep174Pipe) silent = NULL;
  g_autoptr(Xep174Clock) clock = NULL;
  g_autoptr(Xep174Bytestream) again = NULL;
  GPtrArray *candidates;
  static const Xep174BytestreamEvents none = { 0 };

  make_file (files, 400000);
  join (files, &dialled, &called);
  silent = called;
  clock = xep174_clock_ref (set_clock (dialled));
  files->sender.pump = xep174_pump_send (dialled, open_source (files), 0, files->size, &events,
                                         &files->sender);
  xep174_clock_advance (clock, T_TLS);
  WAIT_FOR (files->sender.ended);
  g_assert_error (files->sender.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (files->sender.done, ==, 0);

  g_string_truncate (romeo->log, 0);
  g_string_truncate (juliet->log, 0);
  candidates = xep174_bytestream_get_candidates (juliet->stream);
  g_ptr_array_set_size (candidates, 1);
  xep174_bytestream_dial (romeo->stream, candidates);
  WAIT_FOR (romeo->log->len > 0);
  g_assert_cmpstr (romeo->log->str, ==, "none ");
  g_assert_cmpstr (juliet->log->str, ==, "");
  /* Juliet dials romeo as before. */
  again = xep174_bytestream_new (juliet->all, ROMEO, "again", &none, NULL, NULL);
  g_assert_cmpuint (xep174_bytestream_get_candidates (again)->len, >, 0);
}

/* Once it is over a file may take as long as it does; and who gives up spoils no way. */
static void
test_shaken (Files         *files,
             gconstpointer  data)
{
  Xep174Pipe *dialled, *called;
  g_autoptr(Xep174Clock) clock = NULL;
  guint before = xep174_bytestream_get_candidates (files->ends.juliet.stream)->len;

  make_file (files, 64 * 1024 * 1024);
  join (files, &dialled, &called);
  clock = xep174_clock_ref (set_clock (called));
  start (files, dialled, called);
  WAIT_FOR (files->receiver.n_told > 0);
  xep174_clock_advance (clock, T_TLS);
  WAIT_FOR (files->sender.ended && files->receiver.ended);
  check_whole (files);
  begin_again (&files->ends.juliet, ROMEO);
  g_assert_cmpuint (xep174_bytestream_get_candidates (files->ends.juliet.stream)->len, ==, before);
}

static void
test_given_up (Files         *files,
               gconstpointer  data)
{
  Xep174Pipe *dialled, *called;
  g_autoptr(Xep174Pipe) silent = NULL;
  guint before = xep174_bytestream_get_candidates (files->ends.juliet.stream)->len;

  make_file (files, 400000);
  join (files, &dialled, &called);
  silent = dialled;
  files->receiver.pump = xep174_pump_receive (called, make_sink (files), files->size, &events,
                                              &files->receiver);
  xep174_pump_stop (files->receiver.pump);
  WAIT_FOR (files->receiver.ended);
  begin_again (&files->ends.juliet, ROMEO);
  g_assert_cmpuint (xep174_bytestream_get_candidates (files->ends.juliet.stream)->len, ==, before);
}
#endif

/* --- How often it is told ------------------------------------------------------------------------ */

static void
test_progress (Files         *files,
               gconstpointer  data)
{
  gint64 start = g_get_monotonic_time ();

  move (files, 64 * 1024 * 1024, FALSE);
  start = (g_get_monotonic_time () - start) * 10 / G_USEC_PER_SEC;
  g_assert_cmpuint (files->sender.n_told, >=, 1);
  g_assert_cmpuint (files->sender.n_told, <=, start + 3);
  g_assert_cmpuint (files->receiver.n_told, <=, start + 3);
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
  ADD ("resume", test_resume);
  ADD ("stream", test_stream);
  ADD ("stuck", test_stuck);
  ADD ("shorter", test_shorter);
  ADD ("longer", test_longer);
  ADD ("too-much", test_too_much);
  ADD ("sender-stops", test_sender_stops);
  ADD ("receiver-stops", test_receiver_stops);
  ADD ("freed", test_freed);
  ADD ("freed-at-once", test_freed_at_once);
  ADD ("progress", test_progress);
#ifdef HAVE_GNUTLS
  ADD_ONE ("wrong-caller", ENCRYPTED, test_wrong_caller);
  ADD_ONE ("wrong-listener", ENCRYPTED, test_wrong_listener);
  ADD_ONE ("in-the-clear", ENCRYPTED, test_clear);
  ADD_ONE ("T11-silent-caller", ENCRYPTED, test_silent_caller);
  ADD_ONE ("T11-silent-listener", ENCRYPTED, test_silent_listener);
  ADD_ONE ("T11-shaken", ENCRYPTED, test_shaken);
  ADD_ONE ("given-up", ENCRYPTED, test_given_up);
#endif

  return g_test_run ();
}
