/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-key-records-private.h"

#include <string.h>

#include "xep174-safety-number-private.h"
#include "xep174-trust-error.h"

#define KEY_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
/* FIPS 180-2, appendix B.1: of “abc”. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* A list with @changed in the place of @before, which is dropped. */
static void
replace (GListModel **records,
         GListModel  *changed)
{
  g_object_unref (*records);
  *records = changed;
}

static GListModel *
build_some (void)
{
  GListModel *records = xep174_key_records_new ();

  replace (&records, xep174_key_records_with_name (records, KEY_A, "juliet@balcony"));
  /* What a name may have: XEP-0174 §3 and D9. */
  replace (&records, xep174_key_records_with_name (records, KEY_A, "a;b\\;=[x]\n\"é 中\x01"));
  replace (&records, xep174_key_records_with_name (records, KEY_B, " leading and trailing "));
  replace (&records, xep174_key_records_with_trust (records, KEY_B, XEP174_TRUST_DISTRUSTED));
  return records;
}

static void
assert_same (GListModel *one,
             GListModel *other)
{
  g_assert_cmpuint (g_list_model_get_n_items (one), ==, g_list_model_get_n_items (other));
  for (guint i = 0; i < g_list_model_get_n_items (one); i++)
    {
      g_autoptr(Xep174KeyRecord) a = g_list_model_get_item (one, i);
      g_autoptr(Xep174KeyRecord) b = g_list_model_get_item (other, i);

      g_assert_cmpstr (xep174_key_record_get_fingerprint (a), ==,
                       xep174_key_record_get_fingerprint (b));
      g_assert_cmpint (xep174_key_record_get_trust (a), ==, xep174_key_record_get_trust (b));
      g_assert_cmpstrv (xep174_key_record_get_names (a), xep174_key_record_get_names (b));
    }
}

static void
test_changes (void)
{
  g_autoptr(GListModel) records = build_some ();
  g_autoptr(GListModel) lent = g_object_ref (records);
  g_autoptr(Xep174KeyRecord) record = NULL;

  replace (&records, xep174_key_records_with_name (records, KEY_A, "JULIET@balcony"));
  record = g_list_model_get_item (records, 0);
  g_assert_cmpuint (g_strv_length ((char **) xep174_key_record_get_names (record)), ==, 2);
  g_clear_object (&record);

  /* T7: a name that is added takes no trust away. */
  replace (&records, xep174_key_records_with_trust (records, KEY_A, XEP174_TRUST_VERIFIED));
  replace (&records, xep174_key_records_with_name (records, KEY_A, "romeo"));
  record = g_list_model_get_item (records, 0);
  g_assert_cmpint (xep174_key_record_get_trust (record), ==, XEP174_TRUST_VERIFIED);
  g_assert_true (xep174_key_record_has_name (record, "Romeo"));
  g_clear_object (&record);

  /* Who is forgotten is so under that name alone; a key that is distrusted stays so. */
  replace (&records, xep174_key_records_without_name (records, " leading and trailing "));
  replace (&records, xep174_key_records_without_name (records, "ROMEO"));
  g_assert_cmpuint (g_list_model_get_n_items (records), ==, 2);
  record = g_list_model_get_item (records, 1);
  g_assert_cmpint (xep174_key_record_get_trust (record), ==, XEP174_TRUST_DISTRUSTED);
  g_assert_cmpuint (g_strv_length ((char **) xep174_key_record_get_names (record)), ==, 0);
  replace (&records, xep174_key_records_without_name (records, "juliet@balcony"));
  replace (&records, xep174_key_records_without_name (records, "a;b\\;=[x]\n\"é 中\x01"));
  g_assert_cmpuint (g_list_model_get_n_items (records), ==, 1);

  g_assert_cmpuint (g_list_model_get_n_items (lent), ==, 2);
}

static void
test_file (void)
{
  g_autoptr(GListModel) records = build_some ();
  g_autoptr(GListModel) none = xep174_key_records_new ();
  g_autoptr(GListModel) read = NULL;
  g_autoptr(GListModel) read_none = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  g_autofree char *text = xep174_key_records_print (records, &length);
  g_autofree char *empty = NULL;

  read = xep174_key_records_parse (text, length, &error);
  g_assert_no_error (error);
  assert_same (read, records);

  empty = xep174_key_records_print (none, &length);
  read_none = xep174_key_records_parse (empty, length, &error);
  g_assert_no_error (error);
  assert_same (read_none, none);
}

static void
expect_damaged (const char *text,
                gssize      length)
{
  g_autoptr(GError) error = NULL;

  if (length < 0)
    length = strlen (text);
  g_assert_null (xep174_key_records_parse (text, length, &error));
  g_assert_nonnull (error);
}

/* T7: wherever a file was cut, it is not taken for one with fewer keys. */
static void
test_cut (void)
{
  g_autoptr(GListModel) records = build_some ();
  gsize length;
  g_autofree char *text = xep174_key_records_print (records, &length);

  /* The last octet is the end of a line. */
  for (gsize i = 0; i + 1 < length; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GListModel) read = xep174_key_records_parse (text, i, &error);

      /* Only the end of the last name is not told from the name itself. */
      if (read != NULL)
        g_assert_cmpuint (g_list_model_get_n_items (read), ==, 2);
      else
        g_assert_nonnull (error);
    }
}

#define HEAD "[libxep174 keys]\nversion=1\nkeys=1\n"

static void
test_damaged (void)
{
  expect_damaged ("", -1);
  expect_damaged ("\0\0\0\0", 4);
  expect_damaged ("keys=0\n", -1);
  expect_damaged ("[libxep174 keys]\nkeys=0\n", -1);
  expect_damaged ("[libxep174 keys]\nversion=2\nkeys=0\n", -1);
  expect_damaged ("[libxep174 keys]\nversion=one\nkeys=0\n", -1);
  expect_damaged (HEAD, -1);
  expect_damaged (HEAD "[" KEY_A "]\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seen\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\nnames=juliet;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seem\nnames=juliet;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=unknown\nnames=juliet;\n", -1);
  expect_damaged (HEAD "[" KEY_A "0]\ntrust=seen\nnames=juliet;\n", -1);
  expect_damaged (HEAD "[0123]\ntrust=seen\nnames=juliet;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seen\nnames=;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seen\nnames=\xff;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seen\nnames=a\\q;\n", -1);
  expect_damaged (HEAD "[" KEY_A "]\ntrust=seen\nnames=a;\n"
                  "[" KEY_B "]\ntrust=seen\nnames=b;\n", -1);
}

static void
test_fingerprint (void)
{
  g_autoptr(GBytes) key = g_bytes_new_static ("abc", 3);
  g_autofree char *fingerprint = xep174_key_dup_fingerprint (key);

  g_assert_cmpstr (fingerprint, ==, ABC);
  g_assert_true (xep174_fingerprint_is_valid (fingerprint));
  g_assert_false (xep174_fingerprint_is_valid (""));
  fingerprint[0] = 'B';
  g_assert_false (xep174_fingerprint_is_valid (fingerprint));
  g_assert_false (xep174_fingerprint_is_valid (ABC "0"));
}

static void
test_safety_number (void)
{
  g_autoptr(GBytes) a = g_bytes_new_static ("abc", 3);
  g_autoptr(GBytes) b = g_bytes_new_static ("abd", 3);
  g_autofree char *ours = xep174_dup_safety_number (a, b);
  g_autofree char *theirs = xep174_dup_safety_number (b, a);
  g_autofree char *same = xep174_dup_safety_number (a, a);
  g_auto(GStrv) groups = g_strsplit (ours, " ", -1);

  g_assert_cmpstr (ours, ==, theirs);
  g_assert_cmpstr (ours, !=, same);
  g_assert_cmpuint (g_strv_length (groups), ==, 12);
  for (char **group = groups; *group != NULL; group++)
    g_assert_cmpuint (strspn (*group, "0123456789"), ==, 5);
  g_assert_cmpint (strncmp (groups[0], groups[6], 5), <, 0);
  /* Computed by Python's hashlib. */
  g_assert_cmpstr (ours, ==,
                   "05342 81492 40033 19885 06931 07747"
                   " 77700 90518 65823 98082 15805 59836");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key-records/changes", test_changes);
  g_test_add_func ("/key-records/file", test_file);
  g_test_add_func ("/key-records/T7/cut", test_cut);
  g_test_add_func ("/key-records/T7/damaged", test_damaged);
  g_test_add_func ("/key-records/fingerprint", test_fingerprint);
  g_test_add_func ("/key-records/safety-number", test_safety_number);

  return g_test_run ();
}
