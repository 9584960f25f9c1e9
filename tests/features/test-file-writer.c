/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files from contacts on a real disk: hostile folders, parts and sizes; nothing is written outside of the
 * folder, nothing is overwritten, and no part is left but to go on with it. */

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-file-writer-private.h"
#include "xep174-part-private.h"
#include "xep174-tree-private.h"

typedef struct
{
  char *root, *folder, *outside;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->root = g_dir_make_tmp (NULL, NULL);
  fixture->folder = g_build_filename (fixture->root, "folder", NULL);
  fixture->outside = g_build_filename (fixture->root, "outside", NULL);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->outside, "untouched", -1, NULL));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  assert_contents (fixture->root, "outside", "untouched");
  xep174_tree_remove (AT_FDCWD, fixture->root);
  g_assert_cmpint (g_access (fixture->root, F_OK), !=, 0);
  g_free (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->outside);
}

static Xep174Writer *
create (Fixture *fixture,
        guint64  size)
{
  g_autoptr(GError) error = NULL;
  Xep174Writer *writer = xep174_file_writer_create (fixture->folder, "id-1", size, &error);

  g_assert_no_error (error);

  return writer;
}

static Xep174Writer *
resume (Fixture  *fixture,
        guint64   size,
        GError  **error)
{
  Xep174FileInfo info = { .name = (char *) "name", .size = size };

  return xep174_file_writer_resume (fixture->folder, "id-1", &info, error);
}

static void
write_text (Xep174Writer *writer,
            const char       *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (xep174_writer_write (writer, text, strlen (text), NULL, &error));
  g_assert_no_error (error);
}

static void
finish_as (Xep174Writer *writer,
           const char       *name,
           const char       *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *got = xep174_writer_finish (writer, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, expected);
}

static void
test_whole (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Xep174Writer) writer = create (fixture, 6);

  write_text (writer, "abc");
  write_text (writer, "def");
  finish_as (writer, "name.txt", "name.txt");
  assert_contents (fixture->folder, "name.txt", "abcdef");
  g_assert_cmpuint (count (fixture->folder), ==, 1);
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Xep174Writer) writer = create (fixture, 0);

  finish_as (writer, "", "file");
  assert_contents (fixture->folder, "file", "");
}

/* Neither a file nor a link is overwritten or followed, whatever it is called. */
static void
test_taken (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *first = g_build_filename (fixture->folder, "name.txt", NULL);
  g_autofree char *second = g_build_filename (fixture->folder, "name (1).txt", NULL);
  g_autofree char *third = g_build_filename (fixture->folder, "name (2).txt", NULL);
  g_autofree char *fourth = g_build_filename (fixture->folder, "name (3).txt", NULL);
  g_autoptr(Xep174Writer) writer = create (fixture, 3);

  g_assert_true (g_file_set_contents (first, "mine", -1, NULL));
  g_assert_cmpint (symlink (fixture->outside, second), ==, 0);
  g_assert_cmpint (symlink ("nowhere", third), ==, 0);
  g_assert_cmpint (g_mkdir (fourth, 0700), ==, 0);
  write_text (writer, "new");
  finish_as (writer, "../name.txt", "name (4).txt");
  assert_contents (fixture->folder, "name.txt", "mine");
  assert_contents (fixture->folder, "name (4).txt", "new");
  g_assert_cmpint (g_access (third, F_OK), !=, 0);
}

/* Each way that a file system may know. */
static void
check_placers (Fixture            *fixture,
               const Xep174Placer *placers,
               gboolean            is_folder)
{
  g_autofree char *part = g_build_filename (fixture->folder, "part", NULL);
  int folder = open (fixture->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; placers[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("name-%u", i);
      g_autofree char *placed = g_build_filename (fixture->folder, name, NULL);

      if (is_folder)
        g_assert_cmpint (g_mkdir (part, 0700), ==, 0);
      else
        g_assert_true (g_file_set_contents (part, "new", -1, NULL));
      g_assert_cmpint (placers[i] (folder, "part", folder, "taken"), ==, EEXIST);
      g_assert_cmpint (placers[i] (folder, "part", folder, "linked"), ==, EEXIST);
      g_assert_cmpint (placers[i] (folder, "part", folder, "full"), ==, EEXIST);
      g_assert_cmpint (g_access (part, F_OK), ==, 0);
      g_assert_cmpint (placers[i] (folder, "part", folder, name), ==, 0);
      g_assert_cmpint (g_access (part, F_OK), !=, 0);
      g_assert_true (g_file_test (placed, is_folder ? G_FILE_TEST_IS_DIR : G_FILE_TEST_IS_REGULAR));
      assert_contents (fixture->folder, "taken", "mine");
      g_assert_cmpint (placers[i] (folder, "part", folder, "none"), ==, ENOENT);
      g_assert_cmpint (g_remove (placed), ==, 0);
    }
  close (folder);
}

static void
test_placers (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *taken = g_build_filename (fixture->folder, "taken", NULL);
  g_autofree char *linked = g_build_filename (fixture->folder, "linked", NULL);
  g_autofree char *full = g_build_filename (fixture->folder, "full", NULL);

  g_assert_true (g_file_set_contents (taken, "mine", -1, NULL));
  g_assert_cmpint (symlink (fixture->outside, linked), ==, 0);
  g_assert_cmpint (g_mkdir (full, 0700), ==, 0);
  check_placers (fixture, xep174_file_placers, FALSE);
  check_placers (fixture, xep174_folder_placers, TRUE);
}

static void
test_too_much (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = create (fixture, 5);

  write_text (writer, "abc");
  g_assert_false (xep174_writer_write (writer, "def", 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_cmpuint (xep174_writer_get_done (writer), ==, 3);
  assert_contents (fixture->folder, ".id-1.part", "abc");
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 0);
}

static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  static const guint64 sizes[] = { G_MAXUINT64, G_MAXINT64, G_GUINT64_CONSTANT (1) << 60 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_file_writer_create (fixture->folder, "id-1", sizes[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      g_assert_cmpuint (count (fixture->folder), ==, 0);
    }
}

/* A disk that ends in the middle: a limit of this process stands for it. It is known before, or comes later,
 * and ends neither the process nor changes what a signal does. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *octets = g_malloc0 (8192);
  Xep174Writer *writer = create (fixture, 8192);
  struct rlimit before;

  limit_files (4096, &before);
  g_assert_false (xep174_writer_write (writer, octets, 8192, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  assert_signal_as_before ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (xep174_writer_get_done (writer), ==, 4096);
  xep174_writer_discard (writer);
  xep174_writer_free (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 0);
  g_clear_error (&error);

  limit_files (4096, &before);
  g_assert_null (xep174_file_writer_create (fixture->folder, "id-1", 4097, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  writer = create (fixture, 4096);
  g_assert_true (xep174_writer_write (writer, octets, 4096, NULL, NULL));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  xep174_writer_discard (writer);
  xep174_writer_free (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 0);
}

/* From now on the kernel answers @call, of this thread, as it does when somebody has no more room. */
static gboolean
use_up_quota (long call)
{
  struct sock_filter steps[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDQUOT),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { G_N_ELEMENTS (steps), steps };

  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
         && prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

static gpointer
create_without_quota (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(GError) error = NULL;

  if (!use_up_quota (SYS_fallocate))
    return NULL;

  g_assert_null (xep174_file_writer_create (fixture->folder, "id-1", 8192, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (count (fixture->folder), ==, 0);

  return fixture;
}

static gpointer
write_without_quota (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = create (fixture, 6);

  write_text (writer, "abc");
  if (!use_up_quota (SYS_pwrite64))
    return NULL;

  g_assert_false (xep174_writer_write (writer, "def", 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (xep174_writer_get_done (writer), ==, 3);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 0);

  return fixture;
}

/* Others have room on the disk, this user has not: known before, or in the middle. */
static void
test_quota (Fixture       *fixture,
            gconstpointer  data)
{
  static const GThreadFunc uses[] = { create_without_quota, write_without_quota };

  for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
    if (g_thread_join (g_thread_new (NULL, uses[i], fixture)) == NULL)
      g_test_skip ("the kernel has no seccomp");
}

static void
test_resumed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Xep174Writer *first = create (fixture, 6);
  g_autoptr(Xep174Writer) second = NULL;

  write_text (first, "abc");
  xep174_writer_free (first);
  g_assert_null (xep174_file_writer_create (fixture->folder, "id-1", 6, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  second = resume (fixture, 6, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (xep174_writer_get_done (second), ==, 3);
  write_text (second, "def");
  finish_as (second, "x", "x");
  assert_contents (fixture->folder, "x", "abcdef");
}

/* What stands in place of a part is not written to. */
static void
test_hostile_part (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->folder, ".id-1.part", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr(GError) error = NULL;

      switch (i)
        {
        case 0: g_assert_cmpint (symlink (fixture->outside, part), ==, 0); break;
        case 1: g_assert_cmpint (symlink ("nowhere", part), ==, 0); break;
        case 2: g_assert_cmpint (mkfifo (part, 0600), ==, 0); break;
        case 3: g_assert_cmpint (g_mkdir (part, 0700), ==, 0); break;
        case 4: g_assert_cmpint (link (fixture->outside, part), ==, 0); break;
        default: g_assert_true (g_file_set_contents (part, "longer than the size", -1, NULL));
        }
      g_assert_null (xep174_file_writer_create (fixture->folder, "id-1", 12, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
      g_clear_error (&error);
      g_assert_null (resume (fixture, 12, &error));
      g_assert_nonnull (error);
      g_assert_cmpint (g_remove (part), ==, 0);
    }
  g_assert_cmpint (g_access (other, F_OK), !=, 0);
}

/* Somebody puts another file in place of ours, which is then neither renamed nor removed. */
static void
test_swapped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *part = g_build_filename (fixture->folder, ".id-1.part", NULL);
  g_autoptr(Xep174Writer) writer = create (fixture, 3);

  write_text (writer, "abc");
  g_assert_cmpint (g_unlink (part), ==, 0);
  g_assert_cmpint (symlink (fixture->outside, part), ==, 0);
  g_assert_null (xep174_writer_finish (writer, "name", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 1);
}

/* Somebody cuts it while it comes: it would be written on behind a hole. */
static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->folder, ".id-1.part", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = create (fixture, 6);

  write_text (writer, "abc");
  g_assert_cmpint (truncate (part, 1), ==, 0);
  g_assert_false (xep174_writer_write (writer, "def", 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->folder), ==, 0);
}

/* Somebody cuts it, or adds something, when all has come and was hashed. */
static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  static const gsize lengths[] = { 0, 2, 4 };
  g_autofree char *part = g_build_filename (fixture->folder, ".id-1.part", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(Xep174Writer) writer = create (fixture, 3);

      write_text (writer, "abc");
      g_assert_cmpint (truncate (part, lengths[i]), ==, 0);
      g_assert_null (xep174_writer_finish (writer, "name", &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
      xep174_writer_discard (writer);
      g_assert_cmpuint (count (fixture->folder), ==, 0);
    }
}

/* The folder that was opened is written to, wherever its name leads by then. */
static void
test_moved_folder (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (fixture->root, "moved", NULL);
  g_autofree char *lure = g_build_filename (fixture->root, "lure", NULL);
  g_autoptr(Xep174Writer) writer = create (fixture, 3);

  g_assert_cmpint (g_rename (fixture->folder, moved), ==, 0);
  g_assert_cmpint (g_mkdir (lure, 0700), ==, 0);
  g_assert_cmpint (symlink (lure, fixture->folder), ==, 0);
  write_text (writer, "abc");
  finish_as (writer, "name", "name");
  assert_contents (moved, "name", "abc");
  g_assert_cmpuint (count (lure), ==, 0);
}

static void
test_vanished_folder (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = create (fixture, 3);

  xep174_tree_remove (AT_FDCWD, fixture->folder);
  write_text (writer, "abc");
  g_assert_null (xep174_writer_finish (writer, "name", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (xep174_file_writer_create (fixture->folder, "id-2", 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (xep174_file_writer_create (fixture->outside, "id-2", 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/file-writer/whole", test_whole },
    { "/file-writer/empty", test_empty },
    { "/file-writer/taken", test_taken },
    { "/file-writer/placers", test_placers },
    { "/file-writer/too-much", test_too_much },
    { "/file-writer/no-room", test_no_room },
    { "/file-writer/full", test_full },
    { "/file-writer/quota", test_quota },
    { "/file-writer/resumed", test_resumed },
    { "/file-writer/hostile-part", test_hostile_part },
    { "/file-writer/swapped", test_swapped },
    { "/file-writer/cut", test_cut },
    { "/file-writer/changed", test_changed },
    { "/file-writer/moved-folder", test_moved_folder },
    { "/file-writer/vanished-folder", test_vanished_folder },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
