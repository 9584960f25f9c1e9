/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Folders on a real disk: what is read of one is written as the same one, from any octet on; hostile folders,
 * parts and manifests; and nothing is left but to go on with it. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "on-disk.h"
#include "xep174-folder-reader-private.h"
#include "xep174-folder-writer-private.h"
#include "xep174-tree-private.h"

#define UMLAUT "\xc3\xa4\xc3\xb6"

typedef struct
{
  char *root, *source, *keep;
  Xep174FileInfo info;
  gint64 changed;
  guint8 *octets; /* as they are sent */
} Fixture;

static void
put (Fixture    *fixture,
     const char *folder,
     const char *path,
     const char *text)
{
  g_autofree char *whole = g_build_filename (folder, path, NULL);
  g_autofree char *above = g_path_get_dirname (whole);

  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  if (text == NULL)
    g_assert_cmpint (g_mkdir (whole, 0700), ==, 0);
  else
    g_assert_true (g_file_set_contents (whole, text, -1, NULL));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->root = g_dir_make_tmp (NULL, NULL);
  fixture->source = g_build_filename (fixture->root, "source", NULL);
  fixture->keep = g_build_filename (fixture->root, "keep", NULL);
  put (fixture, fixture->root, "keep", NULL);
  put (fixture, fixture->root, "outside", "untouched");
  put (fixture, fixture->source, "a/one.txt", "one");
  put (fixture, fixture->source, "a/nothing", "");
  put (fixture, fixture->source, "a/b/c/two.txt", "twotwo");
  put (fixture, fixture->source, "empty", NULL);
  put (fixture, fixture->source, "z" UMLAUT "/" UMLAUT, "umlauts");
  put (fixture, fixture->source, "zzz", "the last one");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  assert_contents (fixture->root, "outside", "untouched");
  xep174_tree_remove (AT_FDCWD, fixture->root);
  g_assert_cmpint (g_access (fixture->root, F_OK), !=, 0);
  xep174_file_info_clear (&fixture->info);
  g_free (fixture->octets);
  g_free (fixture->root);
  g_free (fixture->source);
  g_free (fixture->keep);
}

/* --- Both ways ------------------------------------------------------------------------------- */

static Xep174Reader *
open_reader (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  Xep174Reader *reader
    = xep174_folder_reader_open (fixture->source, &fixture->info, &fixture->changed, &error);

  g_assert_no_error (error);

  return reader;
}

/* In pieces of any length. */
static void
read_octets (Fixture *fixture,
             gsize    step)
{
  g_autoptr(Xep174Reader) reader = open_reader (fixture);
  g_autoptr(GError) error = NULL;

  g_free (fixture->octets);
  fixture->octets = g_malloc (fixture->info.size);
  for (guint64 at = 0; at < fixture->info.size;)
    {
      gssize n = xep174_reader_read (reader, at, fixture->octets + at, MIN (step, fixture->info.size - at),
                                     &error);

      g_assert_no_error (error);
      g_assert_cmpint (n, >, 0);
      at += n;
    }
}

static Xep174Writer *
create (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  Xep174Writer *writer = xep174_folder_writer_create (fixture->keep, "id-1", &fixture->info, &error);

  g_assert_no_error (error);

  return writer;
}

static void
write_up_to (Fixture      *fixture,
             Xep174Writer *writer,
             guint64       end,
             gsize         step)
{
  g_autoptr(GError) error = NULL;
  guint64 at;

  while ((at = xep174_writer_get_done (writer)) < end)
    {
      xep174_writer_write (writer, fixture->octets + at, MIN (step, end - at), NULL, &error);
      g_assert_no_error (error);
    }
}

static void
finish_as (Xep174Writer *writer,
           const char   *name,
           const char   *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *got = xep174_writer_finish (writer, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, expected);
  xep174_writer_settle (writer);
}

static void
check_folder (Fixture    *fixture,
              const char *name)
{
  g_autofree char *folder = g_build_filename (fixture->keep, name, NULL);
  g_autofree char *empty = g_build_filename (folder, "empty", NULL);
  g_autofree char *a = g_build_filename (folder, "a", NULL);

  assert_contents (folder, "a/one.txt", "one");
  assert_contents (folder, "a/nothing", "");
  assert_contents (folder, "a/b/c/two.txt", "twotwo");
  assert_contents (folder, "z" UMLAUT "/" UMLAUT, "umlauts");
  assert_contents (folder, "zzz", "the last one");
  g_assert_true (g_file_test (empty, G_FILE_TEST_IS_DIR));
  g_assert_cmpuint (count (empty), ==, 0);
  g_assert_cmpuint (count (a), ==, 3);
  g_assert_cmpuint (count (folder), ==, 4);
}

static void
test_whole (Fixture       *fixture,
            gconstpointer  data)
{
  static const gsize steps[] = { 1, 7, 128 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *name = g_strdup_printf ("name-%u", i);
      g_autoptr(Xep174Writer) writer = NULL;

      read_octets (fixture, steps[i]);
      g_assert_true (fixture->info.is_folder);
      g_assert_cmpuint (fixture->info.n_files, ==, 5);
      g_assert_cmpuint (fixture->info.n_left_out, ==, 0);
      writer = create (fixture);
      write_up_to (fixture, writer, fixture->info.size, steps[G_N_ELEMENTS (steps) - 1 - i]);
      finish_as (writer, name, name);
      check_folder (fixture, name);
      g_assert_cmpuint (count (fixture->keep), ==, i + 1);
    }
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Xep174Reader) reader = NULL;
  g_autoptr(Xep174Writer) writer = NULL;

  xep174_tree_remove (AT_FDCWD, fixture->source);
  g_assert_cmpint (g_mkdir (fixture->source, 0700), ==, 0);
  reader = open_reader (fixture);
  g_assert_cmpuint (fixture->info.size, ==, 0);
  g_assert_cmpuint (fixture->info.n_files, ==, 0);
  writer = create (fixture);
  finish_as (writer, "empty", "empty");
  g_assert_cmpuint (count (fixture->keep), ==, 1);
}

/* A program that is killed at any octet goes on behind it; what is there is read again. */
static void
test_resumed (Fixture       *fixture,
              gconstpointer  data)
{
  read_octets (fixture, 4096);
  for (guint64 end = 0; end <= fixture->info.size; end++)
    {
      g_autofree char *name = g_strdup_printf ("name-%" G_GUINT64_FORMAT, end);
      g_autofree guint8 *again = g_malloc0 (fixture->info.size);
      g_autoptr(GError) error = NULL;
      Xep174Writer *first = create (fixture);
      g_autoptr(Xep174Writer) second = NULL;

      write_up_to (fixture, first, end, 5);
      xep174_writer_free (first);
      second = xep174_folder_writer_resume (fixture->keep, "id-1", &fixture->info, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (xep174_writer_get_done (second), ==, end);
      for (guint64 at = 0; at < end;)
        {
          gssize n = xep174_writer_read (second, at, again + at, 64, &error);

          g_assert_no_error (error);
          g_assert_cmpint (n, >, 0);
          at += n;
        }
      g_assert_cmpmem (again, end, fixture->octets, end);
      write_up_to (fixture, second, fixture->info.size, 4096);
      finish_as (second, name, name);
      check_folder (fixture, name);
    }
}

/* --- What is sent ---------------------------------------------------------------------------- */

/* Links, and what is no file, stay here, and are counted. */
static void
test_links (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *link_path = g_build_filename (fixture->source, "link", NULL);
  g_autofree char *folder_link = g_build_filename (fixture->source, "a", "link", NULL);
  g_autofree char *pipe_path = g_build_filename (fixture->source, "pipe", NULL);
  g_autofree char *outside = g_build_filename (fixture->root, "outside", NULL);
  g_autoptr(Xep174Writer) writer = NULL;

  g_assert_cmpint (symlink (outside, link_path), ==, 0);
  g_assert_cmpint (symlink (fixture->root, folder_link), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  read_octets (fixture, 100);
  g_assert_cmpuint (fixture->info.n_left_out, ==, 3);
  g_assert_cmpuint (fixture->info.n_files, ==, 5);
  writer = create (fixture);
  write_up_to (fixture, writer, fixture->info.size, 100);
  finish_as (writer, "name", "name");
  check_folder (fixture, "name");
}

static void
expect_changed (Fixture      *fixture,
                Xep174Reader *reader,
                const char   *path)
{
  g_autofree guint8 *octets = g_malloc (fixture->info.size);
  g_autoptr(GError) error = NULL;
  guint64 at = 0;
  gssize n = 0;

  for (; n >= 0 && at < fixture->info.size; at += MAX (n, 0))
    n = xep174_reader_read (reader, at, octets, fixture->info.size - at, &error);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
}

/* What is not as it was any more is not sent, and it is said which file that is. */
static void
test_changed (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->source, "a", "b", "c", "two.txt", NULL);
  g_autofree char *b = g_build_filename (fixture->source, "a", "b", NULL);
  g_autofree char *moved = g_build_filename (fixture->root, "moved", NULL);

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(Xep174Reader) reader = open_reader (fixture);
      g_autoptr(Xep174Reader) again = NULL;
      gint64 before = fixture->changed;

      switch (i)
        {
        case 0: put (fixture, fixture->source, "a/b/c/two.txt", "longer than before"); break;
        case 1: g_assert_cmpint (truncate (path, 2), ==, 0); break;
        case 2: put (fixture, fixture->source, "a/b/c/two.txt", "TW"); break;
        case 3:
          g_assert_cmpint (g_rename (b, moved), ==, 0);
          g_assert_cmpint (symlink (moved, b), ==, 0);
          break;
        default:
          g_assert_cmpint (g_unlink (b), ==, 0);
          g_assert_cmpint (g_rename (moved, b), ==, 0);
          g_clear_pointer (&reader, xep174_reader_free);
          reader = open_reader (fixture);
          g_assert_cmpint (g_unlink (path), ==, 0);
        }
      expect_changed (fixture, reader, "a/b/c/two.txt");
      again = open_reader (fixture);
      g_assert_cmpint (fixture->changed, !=, before);
    }
}

static void
test_unreadable (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->source, "a", "one.txt", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_folder_reader_open (path, &fixture->info, &fixture->changed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_clear_error (&error);
  if (geteuid () == 0)
    {
      g_test_skip ("Root reads everything");
      return;
    }

  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_null (xep174_folder_reader_open (fixture->source, &fixture->info, &fixture->changed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "a/one.txt"));
}

static void
test_deep (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GString *path = g_string_new ("1");

  for (guint i = 1; i < XEP174_MANIFEST_MAX_DEPTH; i++)
    g_string_append (path, "/d");
  put (fixture, fixture->source, path->str, "deep");
  xep174_reader_free (open_reader (fixture));
  g_string_append (path, "x/too-deep");
  put (fixture, fixture->source, path->str, "deep");
  g_string_free (path, TRUE);
  g_assert_null (xep174_folder_reader_open (fixture->source, &fixture->info, &fixture->changed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* --- What comes ------------------------------------------------------------------------------ */

/* Nobody is told of a file. */
static void
expect_error (GError *error,
              int     code)
{
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_cmpstr (strcasestr (error->message, "the file"), ==, NULL);
}

/* Neither a folder nor a link is replaced or written into. */
static void
test_taken (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *linked = g_build_filename (fixture->keep, "name (1)", NULL);
  g_autoptr(Xep174Writer) writer = NULL;

  read_octets (fixture, 100);
  put (fixture, fixture->keep, "name/mine", "mine");
  put (fixture, fixture->keep, "name (2)", NULL);
  g_assert_cmpint (symlink (fixture->root, linked), ==, 0);
  writer = create (fixture);
  write_up_to (fixture, writer, fixture->info.size, 100);
  finish_as (writer, "../name", "name (3)");
  check_folder (fixture, "name (3)");
  assert_contents (fixture->keep, "name/mine", "mine");
  g_assert_cmpuint (count (fixture->keep), ==, 4);
}

static void
expect_refused (Fixture    *fixture,
                const char *manifest,
                gsize       length,
                guint64     size,
                guint       n_files)
{
  Xep174FileInfo info = { .size = size, .is_folder = TRUE, .n_files = n_files, .manifest = length };
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = xep174_folder_writer_create (fixture->keep, "id-1", &info, &error);

  g_assert_no_error (error);
  g_assert_false (xep174_writer_write (writer, manifest, length, NULL, &error));
  expect_error (error, G_IO_ERROR_INVALID_DATA);
  /* Or it would be told as whole, before anybody hears of the error. */
  g_assert_cmpuint (xep174_writer_get_done (writer), <, size);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->keep), ==, 0);
}

static void
test_hostile_manifest (Fixture       *fixture,
                       gconstpointer  data)
{
  expect_refused (fixture, "9 ../outside\0", 13, 22, 1);
  expect_refused (fixture, "9 a\0", 4, 14, 1); /* another sum */
  expect_refused (fixture, "9 a\0", 4, 12, 1);
  expect_refused (fixture, "9 a\0", 4, 13, 2); /* another number */
  expect_refused (fixture, "9 a", 3, 12, 1);
  expect_refused (fixture, "1 a", 3, 3, 1); /* with nothing behind it */
}

static void
test_too_much (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = NULL;

  read_octets (fixture, 100);
  writer = create (fixture);
  write_up_to (fixture, writer, fixture->info.size - 1, 100);
  g_assert_false (xep174_writer_write (writer, "ab", 2, NULL, &error));
  expect_error (error, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_cmpuint (xep174_writer_get_done (writer), ==, fixture->info.size - 1);
}

static void
test_no_room (Fixture       *fixture,
              gconstpointer  data)
{
  static const guint64 sizes[] = { G_MAXUINT64, G_MAXINT64, G_GUINT64_CONSTANT (1) << 60 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Xep174FileInfo info = { .size = sizes[i], .is_folder = TRUE, .n_files = 1, .manifest = 10 };
      g_autoptr(GError) error = NULL;

      g_assert_null (xep174_folder_writer_create (fixture->keep, "id-1", &info, &error));
      expect_error (error, G_IO_ERROR_NO_SPACE);
      g_assert_cmpuint (count (fixture->keep), ==, 0);
    }
}

/* A disk that ends in the middle: a limit of this process stands for it. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *large = g_strnfill (8192, 'x');
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = NULL;
  struct rlimit before;

  put (fixture, fixture->source, "large", large);
  read_octets (fixture, 8192);
  writer = create (fixture);
  limit_files (4096, &before);
  g_assert_false (xep174_writer_write (writer, fixture->octets, fixture->info.size, NULL, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  assert_signal_as_before ();
  expect_error (error, G_IO_ERROR_FAILED);
  g_assert_cmpuint (xep174_writer_get_done (writer), <, fixture->info.size);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->keep), ==, 0);
}

/* Somebody puts a link where a folder, or a file, will be: nothing is written through it. */
static void
test_link_comes (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char *const paths[] = { "a", "a/b", "a/b/c/two.txt", "zzz" };

  read_octets (fixture, 100);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *tree = g_build_filename (fixture->keep, ".id-1.part", "tree", NULL);
      g_autofree char *path = g_build_filename (tree, paths[i], NULL);
      g_autofree char *above = g_path_get_dirname (path);
      g_autofree char *elsewhere = g_build_filename (fixture->root, i < 2 ? "elsewhere" : "outside", NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(Xep174Writer) writer = create (fixture);

      g_mkdir_with_parents (above, 0700);
      if (i < 2)
        g_mkdir (elsewhere, 0700);
      g_assert_cmpint (symlink (elsewhere, path), ==, 0);
      g_assert_false (xep174_writer_write (writer, fixture->octets, fixture->info.size, NULL, &error));
      expect_error (error, G_IO_ERROR_FAILED);
      if (i < 2)
        g_assert_cmpuint (count (elsewhere), ==, 0);
      xep174_writer_discard (writer);
      g_assert_cmpuint (count (fixture->keep), ==, 0);
    }
}

/* What stands in place of a part, or in one, is not written to. */
static void
test_hostile_part (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->keep, ".id-1.part", NULL);
  g_autofree char *manifest = g_build_filename (part, "manifest", NULL);
  g_autofree char *tree = g_build_filename (part, "tree", NULL);
  g_autofree char *outside = g_build_filename (fixture->root, "outside", NULL);

  read_octets (fixture, 100);
  for (guint i = 0; i < 9; i++)
    {
      g_autoptr(GError) error = NULL;
      Xep174Writer *writer = create (fixture);

      write_up_to (fixture, writer, fixture->info.size - 2, 100);
      xep174_writer_free (writer);
      switch (i)
        {
        case 0: g_assert_cmpint (g_chmod (part, 0770), ==, 0); break;
        case 1: g_assert_cmpint (g_unlink (manifest) + symlink (outside, manifest), ==, 0); break;
        case 2: g_assert_cmpint (g_unlink (manifest) + mkfifo (manifest, 0600), ==, 0); break;
        case 3: put (fixture, part, "manifest", "9 ../outside"); break;
        case 4: g_assert_true (g_file_set_contents (manifest, (char *) fixture->octets, fixture->info.size,
                                                    NULL)); break;
        case 5:
          xep174_tree_remove (AT_FDCWD, tree);
          g_assert_cmpint (symlink (fixture->root, tree), ==, 0);
          break;
        case 6: put (fixture, tree, "a/one.txt", "longer than it was"); break;
        case 7: xep174_tree_remove (AT_FDCWD, part); break;
        default:
          xep174_tree_remove (AT_FDCWD, part);
          g_assert_cmpint (symlink (fixture->source, part), ==, 0);
        }
      writer = xep174_folder_writer_resume (fixture->keep, "id-1", &fixture->info, &error);
      if (i == 3)
        {
          /* It goes on with the manifest, which is not what was offered then. */
          g_assert_nonnull (writer);
          g_assert_false (xep174_writer_write (writer, fixture->octets + 12, fixture->info.size - 12, NULL,
                                               &error));
          xep174_writer_free (writer);
        }
      else
        g_assert_null (writer);
      g_assert_nonnull (error);
      xep174_tree_remove (AT_FDCWD, part);
      g_unlink (part);
    }
}

/* Somebody puts another folder in place of ours, which is then neither renamed nor removed. */
static void
test_swapped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *part = g_build_filename (fixture->keep, ".id-1.part", NULL);
  g_autofree char *moved = g_build_filename (fixture->root, "moved", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = NULL;

  read_octets (fixture, 100);
  writer = create (fixture);
  g_assert_cmpint (g_rename (part, moved), ==, 0);
  put (fixture, part, "tree/mine", "mine");
  write_up_to (fixture, writer, fixture->info.size, 100);
  g_assert_null (xep174_writer_finish (writer, "name", &error));
  expect_error (error, G_IO_ERROR_NOT_FOUND);
  xep174_writer_discard (writer);
  assert_contents (part, "tree/mine", "mine");
  g_assert_cmpuint (count (fixture->keep), ==, 1);
}

/* Somebody puts something else in place of what is whole already. */
static void
test_replaced (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *tree = g_build_filename (fixture->keep, ".id-1.part", "tree", NULL);
  g_autofree char *file = g_build_filename (tree, "a", "one.txt", NULL);
  g_autofree char *folder = g_build_filename (tree, "empty", NULL);
  g_autofree char *outside = g_build_filename (fixture->root, "outside", NULL);

  read_octets (fixture, 100);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(Xep174Writer) writer = create (fixture);

      write_up_to (fixture, writer, fixture->info.size, 100);
      g_assert_cmpint (g_remove (i < 6 ? file : folder), ==, 0);
      switch (i)
        {
        case 0: break;
        case 1: g_assert_cmpint (symlink (outside, file), ==, 0); break;
        case 2: g_assert_cmpint (mkfifo (file, 0600), ==, 0); break;
        case 3: g_assert_cmpint (g_mkdir (file, 0700), ==, 0); break;
        case 4: put (fixture, tree, "a/one.txt", "on"); break;
        case 5: put (fixture, tree, "a/one.txt", "one and more"); break;
        case 6: g_assert_cmpint (symlink (fixture->source, folder), ==, 0); break;
        default: put (fixture, tree, "empty", "a file");
        }
      g_assert_null (xep174_writer_finish (writer, "name", &error));
      expect_error (error, G_IO_ERROR_FAILED);
      xep174_writer_discard (writer);
      g_assert_cmpuint (count (fixture->keep), ==, 0);
    }
}

/* A file is cut between two octets of it. */
static void
test_cut (Fixture       *fixture,
          gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->keep, ".id-1.part", "tree", "a", "b", "c", "two.txt",
                                           NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = NULL;

  read_octets (fixture, 100);
  writer = create (fixture);
  write_up_to (fixture, writer, fixture->info.manifest + 2, 100);
  g_assert_cmpint (truncate (file, 1), ==, 0);
  g_assert_false (xep174_writer_write (writer, fixture->octets + fixture->info.manifest + 2,
                                       fixture->info.size - fixture->info.manifest - 2, NULL, &error));
  expect_error (error, G_IO_ERROR_FAILED);
  xep174_writer_discard (writer);
  g_assert_cmpuint (count (fixture->keep), ==, 0);
}

static void
test_vanished (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Writer) writer = NULL;

  read_octets (fixture, 100);
  writer = create (fixture);
  write_up_to (fixture, writer, fixture->info.manifest, 100);
  xep174_tree_remove (AT_FDCWD, fixture->keep);
  g_assert_false (xep174_writer_write (writer, fixture->octets + fixture->info.manifest,
                                       fixture->info.size - fixture->info.manifest, NULL, &error));
  expect_error (error, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (xep174_folder_writer_create (fixture->keep, "id-2", &fixture->info, &error));
  expect_error (error, G_IO_ERROR_NOT_FOUND);
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
    { "/folder/whole", test_whole },
    { "/folder/nothing", test_nothing },
    { "/folder/resumed", test_resumed },
    { "/folder/links", test_links },
    { "/folder/changed", test_changed },
    { "/folder/unreadable", test_unreadable },
    { "/folder/deep", test_deep },
    { "/folder/taken", test_taken },
    { "/folder/hostile-manifest", test_hostile_manifest },
    { "/folder/too-much", test_too_much },
    { "/folder/no-room", test_no_room },
    { "/folder/full", test_full },
    { "/folder/link-comes", test_link_comes },
    { "/folder/hostile-part", test_hostile_part },
    { "/folder/swapped", test_swapped },
    { "/folder/replaced", test_replaced },
    { "/folder/cut", test_cut },
    { "/folder/vanished", test_vanished },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
