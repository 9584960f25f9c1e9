/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-identity-private.h"
#include "xep174-safety-number-private.h"
#include "xep174-trust-error.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <gnutls/x509.h>

static void
test_pem (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) one = xep174_identity_generate (&error);
  g_autoptr(Xep174Identity) other = xep174_identity_generate (&error);
  g_autoptr(Xep174Identity) again = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *others = NULL;
  g_autofree char *agains = NULL;
  g_autofree char *pem = NULL;

  g_assert_no_error (error);
  fingerprint = xep174_identity_dup_fingerprint (one);
  others = xep174_identity_dup_fingerprint (other);
  g_assert_true (xep174_fingerprint_is_valid (fingerprint));
  g_assert_cmpstr (fingerprint, !=, others);

  pem = xep174_identity_to_pem (one, &error);
  g_assert_no_error (error);
  again = xep174_identity_new_from_pem (pem, &error);
  g_assert_no_error (error);
  agains = xep174_identity_dup_fingerprint (again);
  g_assert_cmpstr (agains, ==, fingerprint);
}

/* Nothing in the certificate tells whose it is or when it was made. */
static void
test_anonymous (void)
{
  char *names[2] = { NULL, NULL };
  time_t begins[2];
  guint8 serials[2][20];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);
      g_autofree char *pem = xep174_identity_to_pem (identity, NULL);
      const gnutls_datum_t datum = { (guchar *) pem, strlen (pem) };
      gsize size = sizeof serials[i];
      gnutls_datum_t name;
      gnutls_x509_crt_t crt;

      g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
      g_assert_cmpint (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_PEM), ==, 0);
      g_assert_cmpint (gnutls_x509_crt_get_dn2 (crt, &name), ==, 0);
      names[i] = g_strndup ((char *) name.data, name.size);
      gnutls_free (name.data);
      begins[i] = gnutls_x509_crt_get_activation_time (crt);
      g_assert_cmpint (gnutls_x509_crt_get_serial (crt, serials[i], &size), ==, 0);
      gnutls_x509_crt_deinit (crt);
    }

  g_assert_cmpstr (names[0], ==, names[1]);
  g_assert_cmpint (begins[0], ==, begins[1]);
  g_assert_cmpint (memcmp (serials[0], serials[1], 16), !=, 0);
  g_free (names[0]);
  g_free (names[1]);
}

static void
expect_invalid (const char *pem)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (xep174_identity_new_from_pem (pem, &error));
  g_assert_true (error != NULL && error->domain == XEP174_TRUST_ERROR);
}

static void
test_invalid_pem (void)
{
  g_autoptr(Xep174Identity) one = xep174_identity_generate (NULL);
  g_autoptr(Xep174Identity) other = xep174_identity_generate (NULL);
  g_autofree char *pem = xep174_identity_to_pem (one, NULL);
  g_autofree char *other_pem = xep174_identity_to_pem (other, NULL);
  char *crt = strstr (pem, "-----BEGIN CERTIFICATE-----");
  char *other_crt = strstr (other_pem, "-----BEGIN CERTIFICATE-----");
  g_autofree char *secret = g_strndup (pem, crt - pem);
  g_autofree char *mixed = g_strconcat (secret, other_crt, NULL);
  g_autofree char *cut = g_strndup (pem, strlen (pem) / 2);

  expect_invalid ("");
  expect_invalid ("nonsense");
  expect_invalid (crt);
  expect_invalid (secret);
  expect_invalid (mixed);
  expect_invalid (cut);
}

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp (NULL, NULL);
  fixture->path = g_build_filename (fixture->folder, "identity.pem", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);

  g_remove (fixture->path);
  g_remove (lock);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static char *
load (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_load_or_create (fixture->path, &error);

  g_assert_no_error (error);
  return xep174_identity_dup_fingerprint (identity);
}

static void
test_kept (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *first = load (fixture);
  g_autofree char *second = load (fixture);
  GStatBuf status;

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
}

/* T7 for ourselves: a damaged identity is an error and never a new one. */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  g_free (load (fixture));
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpint (truncate (fixture->path, length / 2), ==, 0);
  g_assert_null (xep174_identity_load_or_create (fixture->path, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (fixture->path, &after, &length, NULL));
  g_assert_true (g_str_has_prefix (contents, after));

  g_assert_true (g_file_set_contents_full (fixture->path, contents, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0644, NULL));
  g_assert_cmpint (chmod (fixture->path, 0644), ==, 0);
  g_assert_null (xep174_identity_load_or_create (fixture->path, &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_UNSAFE);
  g_clear_error (&error);
  g_assert_null (xep174_identity_load_or_create (fixture->path, NULL));
}

static gpointer
load_in_thread (gpointer data)
{
  return load (data);
}

static void
test_at_once (Fixture       *fixture,
              gconstpointer  data)
{
  GThread *threads[8];
  g_autofree char *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("program", load_in_thread, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *fingerprint = g_thread_join (threads[i]);

      if (first == NULL)
        first = g_steal_pointer (&fingerprint);
      else
        g_assert_cmpstr (fingerprint, ==, first);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/identity/pem", test_pem);
  g_test_add_func ("/identity/anonymous", test_anonymous);
  g_test_add_func ("/identity/invalid-pem", test_invalid_pem);
  g_test_add ("/identity/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/identity/T7/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/identity/at-once", Fixture, NULL, set_up, test_at_once, tear_down);

  return g_test_run ();
}
