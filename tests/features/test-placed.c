/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files and folders that get their names, by a program that ends at any step of that: what is found
 * afterwards is what came, and nothing stays hidden. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-file-sink-private.h"
#include "xep174-file-writer-private.h"
#include "xep174-folder-reader-private.h"
#include "xep174-folder-writer-private.h"
#include "xep174-tree-private.h"

#define FOLDER "folder"
#define NAME "name.x"
#define PART ".id-1.part"

/* --- A program that ends, and file systems that know less ------------------------------------- */

static int steps = -1; /* that are left */
static gboolean knows_no_replacing, knows_no_links;

static void
step (void)
{
  if (steps-- == 0)
    kill (getpid (), SIGKILL);
}

int
renameat2 (int           from,
           const char   *old,
           int           to,
           const char   *new,
           unsigned int  flags)
{
  step ();
  if (flags == 0 || !knows_no_replacing)
    return syscall (SYS_renameat2, from, old, to, new, flags);

  errno = EINVAL;
  return -1;
}

int
renameat (int         from,
          const char *old,
          int         to,
          const char *new)
{
  return renameat2 (from, old, to, new, 0);
}

int
linkat (int         from,
        const char *old,
        int         to,
        const char *new,
        int         flags)
{
  step ();
  if (!knows_no_links)
    return syscall (SYS_linkat, from, old, to, new, flags);

  errno = EPERM;
  return -1;
}

int
unlinkat (int         folder,
          const char *name,
          int         flags)
{
  step ();
  return syscall (SYS_unlinkat, folder, name, flags);
}

int
mkdirat (int         folder,
         const char *name,
         mode_t      mode)
{
  step ();
  return syscall (SYS_mkdirat, folder, name, mode);
}

/* No disk is waited for. */
int
syncfs (int fd)
{
  step ();
  return 0;
}

int
fsync (int fd)
{
  step ();
  return 0;
}

/* --- What comes ------------------------------------------------------------------------------ */

typedef struct
{
  char *root, *source, *keep;
  Xep174FileInfo info;
  guint8 *octets;
} Fixture;

static void
put (const char *folder,
     const char *path,
     const char *text)
{
  g_autofree char *whole = g_build_filename (folder, path, NULL);
  g_autofree char *above = g_path_get_dirname (whole);

  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (whole, text, -1, NULL));
}

static void
read_folder (Fixture *fixture)
{
  gint64 changed;
  Xep174Reader *reader = xep174_folder_reader_open (fixture->source, &fixture->info, &changed, NULL);
  guint64 at = 0;

  g_assert_nonnull (reader);
  fixture->octets = g_malloc (fixture->info.size);
  while (at < fixture->info.size)
    at += xep174_reader_read (reader, at, fixture->octets + at, fixture->info.size - at, NULL);
  xep174_reader_free (reader);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = XEP174_SHA256_LENGTH;

  fixture->root = g_dir_make_tmp (NULL, NULL);
  fixture->source = g_build_filename (fixture->root, "source", NULL);
  fixture->keep = g_build_filename (fixture->root, "keep", NULL);
  g_assert_cmpint (g_mkdir (fixture->keep, 0700), ==, 0);
  put (fixture->source, "a:b/one", "one");
  put (fixture->source, "a:b/c/two", "twotwo");
  put (fixture->source, "none", "");
  put (fixture->source, "zzz", "the last one");
  if (data != NULL)
    read_folder (fixture);
  else
    {
      fixture->octets = (guint8 *) g_strdup ("the only one");
      fixture->info.size = strlen ((char *) fixture->octets);
    }
  fixture->info.name = g_strdup (NAME);
  fixture->info.hashed = TRUE;
  g_checksum_update (checksum, fixture->octets, fixture->info.size);
  g_checksum_get_digest (checksum, fixture->info.sha256, &length);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  xep174_tree_remove (AT_FDCWD, fixture->root);
  xep174_file_info_clear (&fixture->info);
  g_free (fixture->octets);
  g_free (fixture->root);
  g_free (fixture->source);
  g_free (fixture->keep);
}

static void
begin_again (Fixture *fixture)
{
  xep174_tree_remove (AT_FDCWD, fixture->keep);
  g_assert_cmpint (g_mkdir (fixture->keep, 0700), ==, 0);
}

/* All of it, without a name. */
static Xep174FileSink *
write_all (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  Xep174FileSink *sink = xep174_file_sink_create (fixture->keep, "id-1", &fixture->info, &error);

  g_assert_no_error (error);
  xep174_file_sink_write (sink, fixture->octets, fixture->info.size, NULL, &error);
  g_assert_no_error (error);

  return sink;
}

static void
finish (Xep174FileSink *sink,
        const char     *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = xep174_file_sink_finish (sink, NAME, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, expected);
}

static Xep174FileSink *
resume (Fixture *fixture)
{
  return xep174_file_sink_resume (fixture->keep, "id-1", &fixture->info, NULL);
}

static void
check (Fixture    *fixture,
       const char *name)
{
  g_autofree char *folder = g_build_filename (fixture->keep, name, NULL);
  g_autofree char *inner = g_build_filename (folder, "a_b", NULL);

  if (!fixture->info.is_folder)
    {
      assert_contents (fixture->keep, name, "the only one");
      return;
    }

  assert_contents (folder, "a_b/one", "one");
  assert_contents (folder, "a_b/c/two", "twotwo");
  assert_contents (folder, "none", "");
  assert_contents (folder, "zzz", "the last one");
  g_assert_cmpuint (count (folder), ==, 3);
  g_assert_cmpuint (count (inner), ==, 2);
}

/* --- At any step ----------------------------------------------------------------------------- */

typedef struct
{
  gboolean no_replacing, no_links;
} Knows;

static const Knows file_systems[] = { { FALSE, FALSE }, { TRUE, FALSE }, { TRUE, TRUE } };

/* Of another process: at step @n it ends. TRUE if it did. */
static gboolean
run_until (Fixture  *fixture,
           int       n,
           gboolean  cancelled,
           gboolean *recorded)
{
  pid_t pid = fork ();
  int status;

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      Xep174FileSink *sink = write_all (fixture);

      steps = n;
      g_free (xep174_file_sink_finish (sink, NAME, NULL));
      if (cancelled)
        xep174_file_sink_discard (sink);
      *recorded = !cancelled;
      xep174_file_sink_settle (sink);
      xep174_file_sink_free (sink);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) || status == 0);

  return WIFSIGNALED (status);
}

/* What has taken a name and could not be used: it is empty, and nobody's. */
static guint
remove_empty (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->keep, NAME, NULL);
  GStatBuf status;

  if (g_stat (path, &status) < 0
      || (fixture->info.is_folder ? count (path) > 0 : status.st_size > 0))
    return 0;

  g_assert_cmpint (g_remove (path), ==, 0);

  return 1;
}

/* What is written down is true, and what is not is found. */
static void
check_done (Fixture  *fixture,
            gboolean  recorded)
{
  g_autoptr(Xep174FileSink) sink = recorded ? NULL : resume (fixture);
  g_autofree char *name = NULL;

  if (recorded)
    xep174_file_sink_remove (fixture->keep, "id-1", &fixture->info);
  else
    {
      g_assert_nonnull (sink);
      g_assert_cmpuint (xep174_file_sink_get_done (sink), ==, fixture->info.size);
      name = xep174_file_sink_finish (sink, NAME, NULL);
      g_assert_nonnull (name);
      xep174_file_sink_settle (sink);
    }
  check (fixture, name != NULL ? name : NAME);
  remove_empty (fixture);
  g_assert_cmpuint (count (fixture->keep), ==, 1);
}

/* Who has cancelled, and ended in the middle of that, may cancel again; nothing is left. */
static void
check_cancelled (Fixture *fixture)
{
  g_autoptr(Xep174FileSink) sink = resume (fixture);

  if (sink != NULL)
    xep174_file_sink_discard (sink);
  remove_empty (fixture);
  g_assert_cmpuint (count (fixture->keep), ==, 0);
}

static guint
try_steps (Fixture     *fixture,
           const Knows *knows,
           gboolean     cancelled)
{
  gboolean *recorded
    = mmap (NULL, sizeof *recorded, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  gboolean ended = TRUE;
  guint n = 0;

  g_assert_true (recorded != MAP_FAILED);
  for (; ended; n++)
    {
      *recorded = FALSE;
      knows_no_replacing = knows->no_replacing;
      knows_no_links = knows->no_links;
      ended = run_until (fixture, n, cancelled, recorded);
      if (cancelled)
        check_cancelled (fixture);
      else
        check_done (fixture, *recorded);
      begin_again (fixture);
    }
  munmap (recorded, sizeof *recorded);

  return n;
}

static void
test_at_any_step (Fixture       *fixture,
                  gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (file_systems); i++)
    {
      /* So that there is something to end. */
      g_assert_cmpuint (try_steps (fixture, &file_systems[i], FALSE), >, 1);
      g_assert_cmpuint (try_steps (fixture, &file_systems[i], TRUE), >, 2);
    }
}

/* --- What is not it -------------------------------------------------------------------------- */

/* It has its name, and the program has ended. */
static void
end_behind (Fixture *fixture)
{
  g_autoptr(Xep174FileSink) sink = write_all (fixture);

  finish (sink, NAME);
}

static void
make_link (Fixture    *fixture,
           const char *path,
           gboolean    symbolic)
{
  g_autofree char *whole = g_build_filename (fixture->keep, path, NULL);
  g_autofree char *other = g_build_filename (fixture->root, "other", NULL);

  xep174_tree_remove (AT_FDCWD, other);
  if (symbolic)
    {
      g_assert_cmpint (g_rename (whole, other), ==, 0);
      g_assert_cmpint (symlink (other, whole), ==, 0);
    }
  else
    g_assert_cmpint (link (whole, other), ==, 0);
}

static void
expect_unknown (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->keep, NAME, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_file_sink_resume (fixture->keep, "id-1", &fixture->info, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count (fixture->keep), ==, 1);
}

static void
test_other_file (Fixture       *fixture,
                 gconstpointer  data)
{
  for (guint i = 0; i < 6; i++)
    {
      end_behind (fixture);
      switch (i)
        {
        case 0: put (fixture->keep, NAME, "the only ONE"); break;
        case 1: put (fixture->keep, NAME, "the only one."); break;
        case 2: put (fixture->keep, NAME, ""); break;
        case 3: make_link (fixture, NAME, TRUE); break;
        case 4: make_link (fixture, NAME, FALSE); break;
        default: fixture->info.hashed = FALSE;
        }
      expect_unknown (fixture);
      begin_again (fixture);
    }
}

static void
replace_by (const char *folder,
            const char *path,
            char        what)
{
  g_autofree char *whole = g_build_filename (folder, path, NULL);

  xep174_tree_remove (AT_FDCWD, whole);
  if (what == 'd')
    g_assert_cmpint (g_mkdir (whole, 0700), ==, 0);
  if (what == 'f')
    g_assert_true (g_file_set_contents (whole, "", 0, NULL));
  if (what == 'p')
    g_assert_cmpint (mkfifo (whole, 0600), ==, 0);
}

/* More, less or something else in it, and links. */
static void
test_other_folder (Fixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 0; i < 15; i++)
    {
      g_autofree char *folder = g_build_filename (fixture->keep, NAME, NULL);

      end_behind (fixture);
      switch (i)
        {
        case 0: put (folder, "a_b/c/two", "twoTWO"); break;
        case 1: put (folder, "a_b/c/two", "twotwotwo"); break;
        case 2: put (folder, "none", "some"); break;
        case 3: put (folder, "more", ""); break;
        case 4: put (folder, "a_b/c/.more", ""); break;
        case 5: put (folder, "more/and/more", ""); break;
        case 6: replace_by (folder, "none", 0); break;
        case 7: replace_by (folder, "none", 'd'); break;
        case 8: replace_by (folder, "none", 'p'); break;
        case 9: replace_by (folder, "a_b/c", 'f'); break;
        case 10: make_link (fixture, NAME "/zzz", TRUE); break;
        case 11: make_link (fixture, NAME "/a_b", TRUE); break;
        case 12: make_link (fixture, NAME, TRUE); break;
        case 13: make_link (fixture, NAME "/zzz", FALSE); break;
        default: fixture->info.hashed = FALSE;
        }
      expect_unknown (fixture);
      begin_again (fixture);
    }
}

/* In a folder where others may write. */
static void
test_other_user (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char *const paths[] = { NAME, NAME "/a_b/c", NAME "/zzz" };

  if (geteuid () != 0)
    {
      g_test_skip ("Only root can give something to others");
      return;
    }

  for (guint i = 0; i < (fixture->info.is_folder ? G_N_ELEMENTS (paths) : 1); i++)
    {
      g_autofree char *path = g_build_filename (fixture->keep, paths[i], NULL);

      end_behind (fixture);
      g_assert_cmpint (chown (path, 1, 1), ==, 0);
      expect_unknown (fixture);
      begin_again (fixture);
    }
}

/* The first that is right counts, whatever has the names before it. */
static void
test_numbered (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *first = g_build_filename (fixture->keep, NAME, NULL);
  g_autofree char *own = g_build_filename (fixture->keep, "name (3).x", NULL);
  g_autofree char *linked = g_build_filename (fixture->keep, "name (1).x", NULL);
  g_autofree char *pipe_path = g_build_filename (fixture->keep, "name (2).x", NULL);
  g_autoptr(Xep174FileSink) sink = NULL;

  end_behind (fixture);
  g_assert_cmpint (g_rename (first, own), ==, 0);
  g_assert_cmpint (symlink (own, linked), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  put (fixture->keep, fixture->info.is_folder ? NAME "/zzz" : NAME, "the only ONE");
  sink = resume (fixture);
  g_assert_nonnull (sink);
  g_assert_cmpstr (xep174_file_sink_get_placed (sink), ==, "name (3).x");
  finish (sink, "name (3).x");
  xep174_file_sink_settle (sink);
  check (fixture, "name (3).x");
  g_assert_cmpuint (count (fixture->keep), ==, 4);
}

/* --- What is left ---------------------------------------------------------------------------- */

/* The folder that was opened is cleaned up, wherever its name leads by then. */
static void
test_moved (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (fixture->root, "moved", NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Xep174FileSink) sink = write_all (fixture);

      g_assert_cmpint (g_rename (fixture->keep, moved), ==, 0);
      g_assert_cmpint (g_mkdir (fixture->keep, 0700), ==, 0);
      finish (sink, NAME);
      if (i == 0)
        xep174_file_sink_settle (sink);
      else
        xep174_file_sink_discard (sink);
      g_assert_cmpuint (count (moved), ==, 1 - i);
      g_assert_cmpuint (count (fixture->keep), ==, 0);
      xep174_tree_remove (AT_FDCWD, moved);
    }
}

/* Somebody has put something in the place of it, or has taken the part away. */
static void
test_discarded (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->keep, NAME, NULL);
  g_autofree char *part = g_build_filename (fixture->keep, PART, NULL);
  g_autofree char *mine = g_build_filename (fixture->keep, "mine", NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Xep174FileSink) sink = write_all (fixture);

      finish (sink, NAME);
      if (i == 0)
        xep174_tree_remove (AT_FDCWD, part);
      else
        {
          g_assert_cmpint (g_rename (path, mine), ==, 0);
          put (fixture->keep, NAME, "another");
        }
      xep174_file_sink_discard (sink);
      g_assert_cmpuint (count (fixture->keep), ==, 2 * i);
    }
  check (fixture, "mine");
  assert_contents (fixture->keep, NAME, "another");
}

/* A folder that others can enter, or have put there, is not removed; what cannot be gone on with is, and of
 * anything else its hidden name. */
static void
test_removed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->keep, PART, NULL);
  g_autofree char *other = g_build_filename (fixture->root, "other", NULL);

  for (guint i = 0; i < 5; i++)
    {
      guint left = i == 1 || (i == 2 && fixture->info.is_folder);

      xep174_file_sink_free (write_all (fixture));
      switch (i)
        {
        case 0: make_link (fixture, PART, TRUE); break;
        case 1: xep174_tree_remove (AT_FDCWD, part); put (part, "mine", "mine"); break;
        case 2:
          if (fixture->info.is_folder)
            g_assert_cmpint (g_chmod (part, 0750), ==, 0);
          else
            make_link (fixture, PART, FALSE);
          break;
        case 3: break;
        default: xep174_tree_remove (AT_FDCWD, part);
        }
      xep174_file_sink_remove (fixture->keep, "id-1", &fixture->info);
      g_assert_cmpuint (count (fixture->keep), ==, left);
      g_assert_cmpint (g_access (other, F_OK) == 0, ==, i == 0 || (i == 2 && !fixture->info.is_folder));
      xep174_tree_remove (AT_FDCWD, other);
      begin_again (fixture);
    }
}

/* There is no room for the rest. */
static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  xep174_file_sink_free (write_all (fixture));
  fixture->info.size = G_MAXINT64;
  fixture->info.hashed = FALSE;
  g_assert_null (xep174_file_sink_resume (fixture->keep, "id-1", &fixture->info, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count (fixture->keep), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) g_test_add ("/placed/" name, Fixture, data, set_up, function, tear_down)
#define ADD_BOTH(name, function) ADD ("file/" name, NULL, function); ADD ("folder/" name, FOLDER, function)
  ADD_BOTH ("at-any-step", test_at_any_step);
  ADD ("file/other", NULL, test_other_file);
  ADD ("folder/other", FOLDER, test_other_folder);
  ADD_BOTH ("other-user", test_other_user);
  ADD_BOTH ("numbered", test_numbered);
  ADD_BOTH ("moved", test_moved);
  ADD_BOTH ("discarded", test_discarded);
  ADD_BOTH ("removed", test_removed);
  ADD_BOTH ("no-room", test_no_room);

  return g_test_run ();
}
