/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-trust-store.h"
#include "xep174-memory-trust-store.h"
#include "xep174-private-file-private.h"
#include "xep174-trust-error.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define KEY_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

typedef struct
{
  char *folder;
  char *path;
  Xep174TrustStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *top = g_dir_make_tmp (NULL, NULL);

  fixture->folder = g_build_filename (top, "made", "here", NULL);
  fixture->path = g_build_filename (fixture->folder, "keys", NULL);
  fixture->store = XEP174_TRUST_STORE (xep174_file_trust_store_new (fixture->path));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);
  g_autofree char *made = g_path_get_dirname (fixture->folder);
  g_autofree char *top = g_path_get_dirname (made);

  g_object_unref (fixture->store);
  g_remove (fixture->path);
  g_remove (lock);
  g_rmdir (fixture->folder);
  g_rmdir (made);
  g_assert_cmpint (g_rmdir (top), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static guint
count (Xep174TrustStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) records = xep174_trust_store_list (store, &error);

  g_assert_no_error (error);
  return g_list_model_get_n_items (records);
}

static void
add (Xep174TrustStore *store,
     const char       *fingerprint,
     const char       *name)
{
  g_autoptr(GError) error = NULL;

  xep174_trust_store_add (store, fingerprint, name, &error);
  g_assert_no_error (error);
}

static void
expect_trust (Xep174TrustStore *store,
              guint             i,
              Xep174Trust       trust)
{
  g_autoptr(GListModel) records = xep174_trust_store_list (store, NULL);
  g_autoptr(Xep174KeyRecord) record = g_list_model_get_item (records, i);

  g_assert_cmpint (xep174_key_record_get_trust (record), ==, trust);
}

/* What holds for every store. */
static void
exercise (Xep174TrustStore *store)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (count (store), ==, 0);
  add (store, KEY_A, "juliet");
  add (store, KEY_A, "JULIET");
  add (store, KEY_B, "romeo");
  g_assert_cmpuint (count (store), ==, 2);
  expect_trust (store, 0, XEP174_TRUST_SEEN);

  g_assert_true (xep174_trust_store_set_trust (store, KEY_A, XEP174_TRUST_VERIFIED, &error));
  add (store, KEY_A, "juliet-1");
  expect_trust (store, 0, XEP174_TRUST_VERIFIED);

  g_assert_true (xep174_trust_store_forget (store, "romeo", &error));
  g_assert_true (xep174_trust_store_forget (store, "nobody", &error));
  g_assert_cmpuint (count (store), ==, 1);
  g_assert_no_error (error);

  g_assert_false (xep174_trust_store_add (store, KEY_B, "", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_memory (void)
{
  g_autoptr(Xep174MemoryTrustStore) store = xep174_memory_trust_store_new ();

  exercise (XEP174_TRUST_STORE (store));
}

static void
test_file (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Xep174FileTrustStore) other = xep174_file_trust_store_new (fixture->path);
  GStatBuf status;

  exercise (fixture->store);

  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0700);

  /* Another program's view, and what it adds. */
  g_assert_cmpuint (count (XEP174_TRUST_STORE (other)), ==, 1);
  expect_trust (XEP174_TRUST_STORE (other), 0, XEP174_TRUST_VERIFIED);
  add (XEP174_TRUST_STORE (other), KEY_B, "mercutio");
  g_assert_cmpuint (count (fixture->store), ==, 2);
}

/* T7: neither read nor changed, and never written over. */
static void
expect_refused (Fixture *fixture,
                GQuark   domain,
                int      code)
{
  g_autoptr(Xep174FileTrustStore) fresh = xep174_file_trust_store_new (fixture->path);
  g_autoptr(GError) unread = NULL;
  g_autoptr(GError) unchanged = NULL;

  g_assert_null (xep174_trust_store_list (XEP174_TRUST_STORE (fresh), &unread));
  g_assert_error (unread, domain, code);
  g_assert_nonnull (strstr (unread->message, fixture->path));
  g_assert_false (xep174_trust_store_add (XEP174_TRUST_STORE (fresh), KEY_B, "romeo", &unchanged));
  g_assert_error (unchanged, domain, code);
  /* Nor by who had read it before. */
  g_clear_error (&unread);
  g_assert_null (xep174_trust_store_list (fixture->store, &unread));
  g_assert_error (unread, domain, code);
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *after = NULL;

  add (fixture->store, KEY_A, "juliet");
  g_assert_true (g_file_set_contents_full (fixture->path, "nonsense", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED);
  g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, "nonsense");

  g_assert_cmpint (truncate (fixture->path, 0), ==, 0);
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED);
}

static void
test_readable_by_others (Fixture       *fixture,
                         gconstpointer  data)
{
  add (fixture->store, KEY_A, "juliet");
  g_assert_cmpint (chmod (fixture->path, 0640), ==, 0);
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
}

static void
test_symbolic_link (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *target = g_strconcat (fixture->path, ".real", NULL);

  add (fixture->store, KEY_A, "juliet");
  g_assert_cmpint (g_rename (fixture->path, target), ==, 0);
  g_assert_cmpint (symlink (target, fixture->path), ==, 0);
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
  g_remove (target);
  /* Also one that leads nowhere. */
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
}

static void
test_no_file (Fixture       *fixture,
              gconstpointer  data)
{
  add (fixture->store, KEY_A, "juliet");
  g_remove (fixture->path);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
  g_remove (fixture->path);
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  expect_refused (fixture, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
  g_rmdir (fixture->path);
}

static void
test_open_folder (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  add (fixture->store, KEY_A, "juliet");
  g_assert_cmpint (chmod (fixture->folder, 0777), ==, 0);
  g_assert_false (xep174_trust_store_add (fixture->store, KEY_B, "romeo", &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *inside = NULL;
  g_autoptr(Xep174FileTrustStore) store = NULL;
  g_autoptr(GError) error = NULL;

  add (fixture->store, KEY_A, "juliet");
  inside = g_build_filename (fixture->path, "keys", NULL);
  store = xep174_file_trust_store_new (inside);
  g_assert_null (xep174_trust_store_list (XEP174_TRUST_STORE (store), &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_clear_error (&error);
  g_assert_false (xep174_trust_store_add (XEP174_TRUST_STORE (store), KEY_B, "romeo", &error));
  g_assert_nonnull (error);
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *name = g_strconcat (fixture->path, ".lock", NULL);
  g_autoptr(GError) error = NULL;
  int lock;

  add (fixture->store, KEY_A, "juliet");
  lock = g_open (name, O_RDWR, 0);
  g_assert_cmpint (flock (lock, LOCK_EX), ==, 0);
  g_assert_false (xep174_trust_store_add (fixture->store, KEY_B, "romeo", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN);
  /* To read needs no lock: the file is replaced whole. */
  g_assert_cmpuint (count (fixture->store), ==, 1);
  close (lock);
  add (fixture->store, KEY_B, "romeo");
}

/* As on a full disk: the old file stays. */
static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  struct rlimit before;
  struct rlimit none;
  g_autoptr(GError) error = NULL;

  add (fixture->store, KEY_A, "juliet");
  getrlimit (RLIMIT_FSIZE, &before);
  none = before;
  none.rlim_cur = 10;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &none);
  g_assert_false (xep174_trust_store_add (fixture->store, KEY_B, "romeo", &error));
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
  g_assert_cmpuint (count (fixture->store), ==, 1);
}

/* T7: what was there and is gone is no beginning; neither is its folder. */
static void
test_vanished (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *away = g_strconcat (fixture->folder, ".away", NULL);
  g_autoptr(Xep174FileTrustStore) anew = NULL;
  g_autoptr(GError) error = NULL;

  /* Nobody is lost with an empty one. */
  add (fixture->store, KEY_A, "juliet");
  g_assert_true (xep174_trust_store_forget (fixture->store, "juliet", NULL));
  g_remove (fixture->path);
  g_assert_cmpuint (count (fixture->store), ==, 0);

  add (fixture->store, KEY_A, "juliet");
  g_assert_cmpint (g_rename (fixture->folder, away), ==, 0);
  g_assert_null (xep174_trust_store_list (fixture->store, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_clear_error (&error);
  g_assert_false (xep174_trust_store_add (fixture->store, KEY_B, "romeo", &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_false (xep174_trust_store_forget (fixture->store, "juliet", &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_MISSING);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  /* The next program begins anew; or somebody puts it back. */
  anew = xep174_file_trust_store_new (fixture->path);
  g_assert_cmpuint (count (XEP174_TRUST_STORE (anew)), ==, 0);
  {
    g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);

    g_remove (lock);
    g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  }
  g_assert_cmpint (g_rename (away, fixture->folder), ==, 0);
  g_assert_cmpuint (count (fixture->store), ==, 1);
}

/* Nothing is written that could not be read again. */
static void
test_too_large (Fixture       *fixture,
                gconstpointer  data)
{
  gsize length = 64 * 1024 * 1024 + 1;
  g_autofree char *contents = g_malloc0 (length);
  Xep174FileStamp stamp;
  g_autoptr(GError) error = NULL;

  add (fixture->store, KEY_A, "juliet");
  g_assert_false (xep174_private_file_write (fixture->path, contents, length, &stamp, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_FULL);
  g_assert_cmpuint (count (fixture->store), ==, 1);
}

#define PROGRAMS 3
#define KEYS 5

static gpointer
add_many (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(Xep174FileTrustStore) store = xep174_file_trust_store_new (fixture->path);
  static int next;

  for (guint i = 0; i < KEYS; i++)
    {
      g_autofree char *name = g_strdup_printf ("name-%d", g_atomic_int_add (&next, 1));
      g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

      add (XEP174_TRUST_STORE (store), key, name);
    }
  return NULL;
}

/* No change of one is lost to another's. */
static void
test_at_once (Fixture       *fixture,
              gconstpointer  data)
{
  GThread *threads[PROGRAMS];

  for (guint i = 0; i < PROGRAMS; i++)
    threads[i] = g_thread_new ("program", add_many, fixture);
  for (guint i = 0; i < PROGRAMS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (count (fixture->store), ==, PROGRAMS * KEYS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/trust-store/" name, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/trust-store/memory", test_memory);
  ADD ("file", test_file);
  ADD ("T7/damaged", test_damaged);
  ADD ("T7/readable-by-others", test_readable_by_others);
  ADD ("T7/symbolic-link", test_symbolic_link);
  ADD ("T7/no-file", test_no_file);
  ADD ("T7/open-folder", test_open_folder);
  ADD ("T7/no-folder", test_no_folder);
  ADD ("T7/locked", test_locked);
  ADD ("T7/full", test_full);
  ADD ("T7/vanished", test_vanished);
  ADD ("T7/too-large", test_too_large);
  ADD ("at-once", test_at_once);

  return g_test_run ();
}
