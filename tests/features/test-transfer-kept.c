/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is found in the folder of records: others write there, programs that were ended leave something, and
 * what is over stays for a day. */

#include "transfer-sides.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-private-file-private.h"

#define NAME "sonnet.txt"
/* Twice as many are more than are read of those that go on. */
#define MANY 600

/* --- Who waits ------------------------------------------------------------------------------- */

static guint n_pauses;
/* Others do it in the first pause. */
static const char *removed;
static int let_go = -1;

void
g_usleep (gulong microseconds)
{
  n_pauses++;
  if (removed != NULL)
    g_assert_cmpint (g_unlink (removed), ==, 0);
  removed = NULL;
  if (let_go >= 0)
    close (let_go);
  let_go = -1;
}

/* --- What is put there ----------------------------------------------------------------------- */

static char *
path_of (Side       *side,
         const char *id,
         const char *suffix)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);

  return g_build_filename (side->records, name, NULL);
}

static gboolean
is_there (Side       *side,
          const char *id,
          const char *suffix)
{
  g_autofree char *path = path_of (side, id, suffix);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Without a lock, and faster than with one. */
static char *
put (Sides      *sides,
     const char *phase,
     const char *suffix)
{
  static guint n_put;
  char *id = g_uuid_string_random ();
  g_autofree char *path = path_of (&sides->juliet, id, suffix);
  g_autofree char *text
    = g_strdup_printf ("[transfer]\ncontact=" ROMEO "\nid=%s\nattempt=1\ntime=%u\nrole=1\nphase=%s"
                       "\nname=" NAME "\nsize=5\nplace=%s\nchanged=0\n", id, ++n_put, phase, sides->keep);
  g_autoptr(GError) error = NULL;

  g_mkdir (sides->juliet.records, 0700);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);

  return id;
}

static void
put_beside (Side       *side,
            const char *id,
            const char *suffix)
{
  g_autofree char *path = path_of (side, id, suffix);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

/* As another program would. */
static int
lock (Side       *side,
      const char *id)
{
  g_autofree char *path = path_of (side, id, ".lock");
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);

  return fd;
}

static void
start (Sides *sides)
{
  side_start (sides, &sides->juliet);
  wait_until (!sides->juliet.files->restoring);
}

static guint
count_records (Side *side)
{
  g_autoptr(GDir) dir = g_dir_open (side->records, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_uuid_string_is_valid (name);

  return n;
}

/* --- Another program ------------------------------------------------------------------------- */

static guint
count_pauses (Sides *sides,
              guint  n_locked,
              guint  n_free)
{
  g_autoptr(GPtrArray) records = NULL;
  gboolean missed;
  g_autoptr(GArray) locks = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; i < n_locked; i++)
    {
      g_autofree char *id = put (sides, "RESTING", "");
      int fd = lock (&sides->juliet, id);

      g_array_append_val (locks, fd);
    }
  n_pauses = 0;
  records = xep174_transfer_record_list (sides->juliet.records, &missed);
  g_assert_cmpuint (records->len, ==, n_free);
  g_assert_true (missed);
  for (guint i = 0; i < n_locked; i++)
    close (g_array_index (locks, int, i));

  return n_pauses;
}

/* However many it has, nobody waits longer. */
static void
test_others (Sides         *sides,
             gconstpointer  data)
{
  guint one = count_pauses (sides, 1, 0);

  g_assert_cmpuint (count_pauses (sides, 20, 1), ==, one);
}

/* What this program has closed is let go of a moment later. */
static void
test_let_go (Sides         *sides,
             gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autoptr(GPtrArray) records = NULL;
  gboolean missed;

  let_go = lock (&sides->juliet, id);
  records = xep174_transfer_record_list (sides->juliet.records, &missed);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_false (missed);
}

/* A lock that is removed while one waits for it is none any more. */
static void
test_lock_removed (Sides         *sides,
                   gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autofree char *path = path_of (&sides->juliet, id, "");
  g_autofree char *name = path_of (&sides->juliet, id, ".lock");
  struct stat found, held;
  int fd;

  let_go = lock (&sides->juliet, id);
  removed = name;
  fd = xep174_private_file_lock (path, NULL);
  g_assert_cmpint (fstat (fd, &held), ==, 0);
  g_assert_cmpint (stat (name, &found), ==, 0);
  g_assert_cmpuint (found.st_ino, ==, held.st_ino);
  close (fd);
}

/* --- Programs that were ended ---------------------------------------------------------------- */

/* Each is looked at once, though there are two files of it. */
static void
test_ended (Sides         *sides,
            gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autoptr(GPtrArray) records = NULL;
  gboolean missed;

  put_beside (&sides->juliet, id, ".end");
  n_pauses = 0;
  records = xep174_transfer_record_list (sides->juliet.records, &missed);
  g_assert_cmpuint (n_pauses, ==, 0);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_true (((Xep174TransferRecord *) records->pdata[0])->over);
}

/* While a record was written: the first one, or the next. */
static void
test_half_written (Sides         *sides,
                   gconstpointer  data)
{
  g_autofree char *first = put (sides, "RESTING", ".QWERT3");
  g_autofree char *next = put (sides, "RESTING", "");
  g_autofree char *lone = g_uuid_string_random ();
  g_autofree char *end = g_uuid_string_random ();
  g_autoptr(GPtrArray) records = NULL;
  gboolean missed;

  put_beside (&sides->juliet, first, ".lock");
  put_beside (&sides->juliet, next, ".A2C4E6");
  put_beside (&sides->juliet, next, ".lock");
  put_beside (&sides->juliet, lone, ".lock");
  put_beside (&sides->juliet, end, ".end");
  put_beside (&sides->juliet, "notes", ".lock");
  records = xep174_transfer_record_list (sides->juliet.records, &missed);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_true (is_there (&sides->juliet, next, ""));
  g_assert_true (is_there (&sides->juliet, next, ".lock"));
  g_assert_true (is_there (&sides->juliet, "notes", ".lock"));
  g_assert_cmpuint (count (sides->juliet.records), ==, 3);
}

/* --- What is no file ------------------------------------------------------------------------- */

static void
test_end_is_pipe (Sides         *sides,
                  gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autofree char *end = path_of (&sides->juliet, id, ".end");

  g_assert_cmpint (mkfifo (end, 0600), ==, 0);
  xep174_transfer_record_end (sides->juliet.records, id);
  side_kill (&sides->juliet);
  start (sides);
  wait_until (count (sides->juliet.records) == 0);
}

static void
test_end_is_folder (Sides         *sides,
                    gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autofree char *end = path_of (&sides->juliet, id, ".end");

  g_assert_cmpint (g_mkdir (end, 0700), ==, 0);
  side_kill (&sides->juliet);
  start (sides);
  g_assert_null (side_last (&sides->juliet));
  wait_until (count (sides->juliet.records) == 0);
}

static void
test_end_is_link (Sides         *sides,
                  gconstpointer  data)
{
  g_autofree char *id = put (sides, "RESTING", "");
  g_autofree char *end = path_of (&sides->juliet, id, ".end");

  g_assert_cmpint (symlink ("/nothing/here", end), ==, 0);
  side_kill (&sides->juliet);
  start (sides);
  g_assert_null (side_last (&sides->juliet));
  wait_until (count (sides->juliet.records) == 0);
}

/* --- What has ended -------------------------------------------------------------------------- */

/* It may be a thousand: what goes on is found all the same, and nothing is held open for them. */
static void
test_many (Sides         *sides,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) records = NULL;
  gboolean missed;
  guint n_open = 0, n_locked = 0;

  for (guint i = 0; i < MANY; i++)
    {
      g_free (put (sides, "DONE", ""));
      g_free (put (sides, i % 50 == 0 ? "RESTING" : "DONE", ""));
    }
  records = xep174_transfer_record_list (sides->juliet.records, &missed);
  for (guint i = 0; i < records->len; i++)
    {
      Xep174TransferRecord *record = records->pdata[i];

      n_open += record->phase == XEP174_TRANSFER_RESTING;
      n_locked += record->lock >= 0;
    }
  g_assert_cmpuint (n_open, ==, MANY / 50);
  g_assert_cmpuint (n_locked, ==, n_open);
}

/* What is not remembered is not kept. */
static void
test_bounded (Sides         *sides,
              gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, 5);
  g_autofree char *oldest = put (sides, "DONE", "");
  GQueue *known;

  side_kill (&sides->juliet);
  for (guint i = 0; i < 2 * XEP174_FILES_MAX_KNOWN; i++)
    g_free (put (sides, "DONE", ""));
  start (sides);
  known = &sides->juliet.files->known;
  g_assert_cmpuint (g_queue_get_length (known), ==, XEP174_FILES_MAX_KNOWN);
  wait_until (count_records (&sides->juliet) == XEP174_FILES_MAX_KNOWN);
  g_assert_false (is_there (&sides->juliet, oldest, ""));
  g_object_unref (sides_send (sides));
  wait_until (side_last (&sides->juliet) != NULL && xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpuint (g_queue_get_length (known), ==, XEP174_FILES_MAX_KNOWN);
  wait_until (count_records (&sides->juliet) == XEP174_FILES_MAX_KNOWN);
}

/* Nothing is there yet. */
static void
set_up (Sides         *sides,
        gconstpointer  data)
{
  sides_set_up (sides, data);
  wait_until (!sides->romeo.files->restoring && !sides->juliet.files->restoring);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/transfer-kept/" name, Sides, NULL, set_up, function, sides_tear_down)
  ADD ("others", test_others);
  ADD ("let-go", test_let_go);
  ADD ("lock-removed", test_lock_removed);
  ADD ("ended", test_ended);
  ADD ("half-written", test_half_written);
  ADD ("end-is-pipe", test_end_is_pipe);
  ADD ("end-is-folder", test_end_is_folder);
  ADD ("end-is-link", test_end_is_link);
  ADD ("many", test_many);
  ADD ("bounded", test_bounded);

  return g_test_run ();
}
