/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-key-records-private.h"
#include "xep174-trust-judge-private.h"

/* T6: who shows which key under which name, and what is made of it. */

#define KEY_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static GListModel *
remember (GListModel  *records,
          const char  *key,
          Xep174Trust  trust,
          const char  *name)
{
  g_autoptr(GListModel) before = records;
  g_autoptr(GListModel) named = name != NULL ? xep174_key_records_with_name (before, key, name)
                                             : g_object_ref (before);

  return xep174_key_records_with_trust (named, key, trust);
}

static void
expect (GListModel  *records,
        const char  *name,
        const char  *key,
        Xep174Trust  trust,
        gboolean     add)
{
  Xep174Verdict verdict = xep174_trust_judge (records, name, key);

  g_assert_cmpint (verdict.trust, ==, trust);
  g_assert_cmpint (verdict.add, ==, add);
}

static void
test_first (void)
{
  g_autoptr(GListModel) records = xep174_key_records_new ();

  expect (records, "juliet", KEY_A, XEP174_TRUST_SEEN, TRUE);
  g_assert_cmpint (xep174_trust_find_name (records, "juliet"), ==, XEP174_TRUST_UNKNOWN);
}

static void
test_again (void)
{
  g_autoptr(GListModel) records = remember (xep174_key_records_new (), KEY_A,
                                            XEP174_TRUST_SEEN, "juliet");

  expect (records, "juliet", KEY_A, XEP174_TRUST_SEEN, FALSE);
  /* RFC 6762 §16. */
  expect (records, "JULIET", KEY_A, XEP174_TRUST_SEEN, FALSE);
  g_assert_cmpint (xep174_trust_find_name (records, "Juliet"), ==, XEP174_TRUST_SEEN);
  g_assert_cmpint (xep174_trust_find_name (records, "romeo"), ==, XEP174_TRUST_UNKNOWN);

  records = remember (records, KEY_A, XEP174_TRUST_VERIFIED, NULL);
  expect (records, "juliet", KEY_A, XEP174_TRUST_VERIFIED, FALSE);
}

static void
test_other_key (void)
{
  g_autoptr(GListModel) records = remember (xep174_key_records_new (), KEY_A,
                                            XEP174_TRUST_SEEN, "juliet");
  g_autofree char *old = xep174_trust_dup_old_key (records, "juliet", KEY_B);
  g_autofree char *none = xep174_trust_dup_old_key (records, "juliet", KEY_A);

  expect (records, "juliet", KEY_B, XEP174_TRUST_CHANGED, FALSE);
  g_assert_cmpstr (old, ==, KEY_A);
  g_assert_null (none);

  /* Compared or not, a key of another name does not make it less strange. */
  records = remember (records, KEY_B, XEP174_TRUST_VERIFIED, "romeo");
  expect (records, "juliet", KEY_B, XEP174_TRUST_CHANGED, FALSE);

  /* A person accepts: both are hers from now on. */
  records = remember (records, KEY_B, XEP174_TRUST_SEEN, "juliet");
  expect (records, "juliet", KEY_A, XEP174_TRUST_SEEN, FALSE);
  expect (records, "juliet", KEY_B, XEP174_TRUST_SEEN, FALSE);
}

static void
test_other_name (void)
{
  g_autoptr(GListModel) records = remember (xep174_key_records_new (), KEY_A,
                                            XEP174_TRUST_SEEN, "juliet");

  expect (records, "juliet-1", KEY_A, XEP174_TRUST_SEEN, TRUE);
  records = remember (records, KEY_A, XEP174_TRUST_VERIFIED, NULL);
  expect (records, "juliet-1", KEY_A, XEP174_TRUST_VERIFIED, TRUE);
}

static void
test_distrusted (void)
{
  g_autoptr(GListModel) records = remember (xep174_key_records_new (), KEY_A,
                                            XEP174_TRUST_DISTRUSTED, "juliet");

  expect (records, "juliet", KEY_A, XEP174_TRUST_DISTRUSTED, FALSE);
  expect (records, "romeo", KEY_A, XEP174_TRUST_DISTRUSTED, FALSE);
  /* It has shown a key, and is no stranger for it. */
  g_assert_cmpint (xep174_trust_find_name (records, "juliet"), ==, XEP174_TRUST_DISTRUSTED);
  expect (records, "juliet", KEY_B, XEP174_TRUST_CHANGED, FALSE);

  /* What holds for another key of the name counts, and the least of that. */
  records = remember (records, KEY_B, XEP174_TRUST_VERIFIED, "juliet");
  g_assert_cmpint (xep174_trust_find_name (records, "juliet"), ==, XEP174_TRUST_VERIFIED);
  records = remember (records, KEY_A, XEP174_TRUST_SEEN, NULL);
  g_assert_cmpint (xep174_trust_find_name (records, "juliet"), ==, XEP174_TRUST_SEEN);
}

/* A record with @n names, which nobody else has. */
static void
append (GListModel  *records,
        const char  *key,
        Xep174Trust  trust,
        guint        n)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(Xep174KeyRecord) record = NULL;
  g_auto(GStrv) names = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%.8s-%u", key, i);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  record = xep174_key_record_new (key, trust, (const char * const *) names);
  g_list_store_append (G_LIST_STORE (records), record);
}

static void
append_many (GListModel  *records,
             Xep174Trust  trust,
             guint        n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d %u", trust, i);
      g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

      append (records, key, trust, 1);
    }
}

/* T7: who invents names or keys takes a bounded place; what people have compared is not of it. */
static void
test_bound (void)
{
  g_autoptr(GListModel) records = xep174_key_records_new ();

  append_many (records, XEP174_TRUST_VERIFIED, 100);
  append_many (records, XEP174_TRUST_DISTRUSTED, 100);
  append_many (records, XEP174_TRUST_SEEN, XEP174_TRUST_MAX_SEEN_NAMES - 1);
  expect (records, "juliet", KEY_A, XEP174_TRUST_SEEN, TRUE);
  append (records, KEY_A, XEP174_TRUST_SEEN, 1);

  /* What is known is as before. */
  expect (records, "aaaaaaaa-0", KEY_A, XEP174_TRUST_SEEN, FALSE);
  expect (records, "aaaaaaaa-0", KEY_B, XEP174_TRUST_CHANGED, FALSE);
  expect (records, "juliet", KEY_B, XEP174_TRUST_UNKNOWN, FALSE);
  expect (records, "juliet", KEY_A, XEP174_TRUST_UNKNOWN, FALSE);

  /* So is what a person says. */
  records = remember (records, KEY_B, XEP174_TRUST_VERIFIED, NULL);
  expect (records, "juliet", KEY_B, XEP174_TRUST_VERIFIED, TRUE);
}

static void
test_names_of_one (void)
{
  g_autoptr(GListModel) seen = xep174_key_records_new ();
  g_autoptr(GListModel) compared = xep174_key_records_new ();

  append (seen, KEY_A, XEP174_TRUST_SEEN, XEP174_TRUST_MAX_SEEN_NAMES);
  expect (seen, "juliet", KEY_B, XEP174_TRUST_UNKNOWN, FALSE);

  append (compared, KEY_A, XEP174_TRUST_VERIFIED, XEP174_TRUST_MAX_NAMES_OF_KEY - 1);
  expect (compared, "juliet", KEY_A, XEP174_TRUST_VERIFIED, TRUE);
  compared = remember (compared, KEY_A, XEP174_TRUST_VERIFIED, "juliet");
  expect (compared, "juliet", KEY_A, XEP174_TRUST_VERIFIED, FALSE);
  expect (compared, "juliet-1", KEY_A, XEP174_TRUST_VERIFIED, FALSE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trust-judge/T6/first", test_first);
  g_test_add_func ("/trust-judge/T6/again", test_again);
  g_test_add_func ("/trust-judge/T6/other-key", test_other_key);
  g_test_add_func ("/trust-judge/T6/other-name", test_other_name);
  g_test_add_func ("/trust-judge/T6/distrusted", test_distrusted);
  g_test_add_func ("/trust-judge/T7/bound", test_bound);
  g_test_add_func ("/trust-judge/T7/names-of-one", test_names_of_one);

  return g_test_run ();
}
