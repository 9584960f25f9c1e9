/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of a folder: hostile manifests are refused, and of the others each name is safe, and alone in
 * its folder. */

#include <string.h>

#include "xep174-file-name.h"
#include "xep174-manifest.h"

#define READ(text, why) xep174_manifest_read (text, sizeof text - 1, why)

/* --- What is none ---------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  const char *text;
  gsize length;
} hostile[] = {
#define HOSTILE(name, text) { name, text, sizeof text - 1 }
  HOSTILE ("up", "1 ../a\0"),
  HOSTILE ("up, inside", "1 a/../../b\0"),
  HOSTILE ("up, at the end", "0 a/..\0"),
  HOSTILE ("up, a folder", "0 a/../\0"),
  HOSTILE ("here", "1 ./a\0"),
  HOSTILE ("here alone", "1 .\0"),
  HOSTILE ("absolute", "1 /etc/passwd\0"),
  HOSTILE ("root", "0 /\0"),
  HOSTILE ("an empty component", "1 a//b\0"),
  HOSTILE ("two slashes at the end", "0 a//\0"),
  HOSTILE ("no path", "1 \0"),
  HOSTILE ("no space", "1\0"),
  HOSTILE ("no size", " a\0"),
  HOSTILE ("only an end", "\0"),
  HOSTILE ("a sign", "-1 a\0"),
  HOSTILE ("another sign", "+1 a\0"),
  HOSTILE ("white space", "\t1 a\0"),
  HOSTILE ("hexadecimal", "0x1 a\0"),
  HOSTILE ("a zero before", "01 a\0"),
  HOSTILE ("two zeros", "00 a\0"),
  HOSTILE ("a huge size", "9223372036854775808 a\0"),
  HOSTILE ("a size of many digits", "18446744073709551617 a\0"),
  HOSTILE ("a huge sum", "9223372036854775807 a\0" "9223372036854775807 b\0"),
  HOSTILE ("a sum that is one too large", "9223372036854775807 a\0"),
  HOSTILE ("a folder with octets", "1 a/\0"),
  HOSTILE ("twice", "1 a\0" "1 a\0"),
  HOSTILE ("twice, deep", "1 a/b\0" "2 a/b\0"),
  HOSTILE ("a folder twice", "0 a/\0" "0 a/\0"),
  HOSTILE ("a file that is a folder", "1 a\0" "1 a/b\0"),
  HOSTILE ("a folder that is a file", "1 a/b\0" "1 a\0"),
  HOSTILE ("an empty folder that is not", "1 a/b\0" "0 a/\0"),
  HOSTILE ("an empty folder that is a file", "1 a\0" "0 a/\0"),
  HOSTILE ("no end", "1 a"),
  HOSTILE ("no end behind a right one", "1 a\0" "1 b"),
  HOSTILE ("octets behind it", "1 a\0" " "),
  HOSTILE ("too deep", "1 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28"
                       "/29/30/31/32/a\0"),
};

static void
test_hostile (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      const char *why = NULL;

      g_test_message ("%s", hostile[i].name);
      g_assert_null (xep174_manifest_read (hostile[i].text, hostile[i].length, &why));
      g_assert_nonnull (why);
    }
}

/* --- What is one ----------------------------------------------------------------------------- */

static void
check_entry (const Xep174Manifest *manifest,
             guint                 index,
             const char           *path,
             const char           *name,
             guint64               size,
             guint64               offset)
{
  const Xep174ManifestEntry *entry = xep174_manifest_get (manifest, index);
  g_autofree char *said = xep174_manifest_dup_path (manifest, index);

  g_assert_cmpstr (said, ==, path);
  g_assert_cmpstr (entry->name, ==, name);
  g_assert_cmpuint (entry->size, ==, size);
  g_assert_cmpuint (entry->offset, ==, offset);
}

static void
test_tree (void)
{
  static const char text[] = "3 a/b\0" "0 a/empty\0" "0 c/\0" "2 a/d/e\0" "4 f\0";
  const guint64 start = sizeof text - 1;
  const char *why;
  g_autoptr(Xep174Manifest) manifest = READ (text, &why);

  g_assert_nonnull (manifest);
  g_assert_cmpuint (manifest->n_files, ==, 4);
  g_assert_cmpuint (manifest->size, ==, start + 9);
  g_assert_cmpuint (manifest->entries->len, ==, 7);
  check_entry (manifest, 0, "a", "a", 0, start);
  check_entry (manifest, 1, "a/b", "b", 3, start);
  check_entry (manifest, 2, "a/empty", "empty", 0, start + 3);
  check_entry (manifest, 3, "c", "c", 0, start + 3);
  check_entry (manifest, 4, "a/d", "d", 0, start + 3);
  check_entry (manifest, 5, "a/d/e", "e", 2, start + 3);
  check_entry (manifest, 6, "f", "f", 4, start + 5);
  g_assert_true (xep174_manifest_get (manifest, 3)->is_folder);
  g_assert_false (xep174_manifest_get (manifest, 2)->is_folder);
  for (guint64 at = start; at < manifest->size; at++)
    g_assert_cmpuint (xep174_manifest_find (manifest, at), ==, at < start + 3 ? 1 : at < start + 5 ? 5 : 6);
}

static void
test_empty (void)
{
  const char *why;
  g_autoptr(Xep174Manifest) manifest = xep174_manifest_read ("", 0, &why);

  g_assert_nonnull (manifest);
  g_assert_cmpuint (manifest->n_files, ==, 0);
  g_assert_cmpuint (manifest->size, ==, 0);
}

/* What would be one name, here or on another file system, gets a number: the same each time. */
static void
test_collisions (void)
{
  static const char text[] = "1 a\0" "1 A\0" "1 a \0" "1 a (1)\0" "1 .a\0" "1 a:b\0" "1 a_b\0"
                             "1 .../x\0" "1 \xc3\xa4\0" "1 a\xcc\x88\0" "1 \xff\0" "1 d/a\0" "1 CON\0";
  static const char *const names[] = {
    "a", "A (1)", "a (2)", "a (1) (1)", "a (3)", "a_b", "a_b (1)", "file", "x", "\xc3\xa4", "\xc3\xa4 (1)",
    "\xef\xbf\xbd", "d", "a", "_CON",
  };
  const char *why;

  for (guint turn = 0; turn < 2; turn++)
    {
      g_autoptr(Xep174Manifest) manifest = READ (text, &why);

      g_assert_nonnull (manifest);
      g_assert_cmpuint (manifest->entries->len, ==, G_N_ELEMENTS (names));
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        g_assert_cmpstr (xep174_manifest_get (manifest, i)->name, ==, names[i]);
    }
}

/* --- Bounds ---------------------------------------------------------------------------------- */

static Xep174Manifest *
read_many (guint       n,
           const char *format,
           const char *format_of_one)
{
  GString *text = g_string_new (NULL);
  Xep174Manifest *manifest;
  const char *why;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *digits = g_strdup_printf ("%u", i);
      g_auto(GStrv) parts = g_strsplit (format, "#", 2);
      g_autofree char *path = g_strjoinv (digits, parts);

      xep174_manifest_append (text, path, 0);
      if (format_of_one != NULL)
        {
          g_auto(GStrv) others = g_strsplit (format_of_one, "#", 2);
          g_autofree char *other = g_strjoinv (digits, others);

          xep174_manifest_append (text, other, 0);
        }
    }
  manifest = xep174_manifest_read (text->str, text->len, &why);
  g_string_free (text, TRUE);

  return manifest;
}

static void
test_many (void)
{
  g_autoptr(Xep174Manifest) most = read_many (XEP174_MANIFEST_MAX_ENTRIES, "#", NULL);

  g_assert_nonnull (most);
  g_assert_cmpuint (most->n_files, ==, XEP174_MANIFEST_MAX_ENTRIES);
  g_assert_null (read_many (XEP174_MANIFEST_MAX_ENTRIES + 1, "#", NULL));
  /* Folders count, too, said or not. */
  g_assert_null (read_many (XEP174_MANIFEST_MAX_ENTRIES / 2 + 1, "#/a", NULL));
}

/* Numbers are found without trying all of those before, also where long names are cut for them: else this
 * would take minutes. */
static void
test_many_collisions (void)
{
  g_autofree char *long_name = g_strnfill (XEP174_FILE_NAME_MAX - 5, 'x');
  g_autofree char *one = g_strconcat (long_name, "#", NULL);
  g_autofree char *other = g_strconcat (".", one, NULL);
  g_autoptr(Xep174Manifest) same = read_many (1000, ":#", "_#");
  g_autoptr(Xep174Manifest) cut = read_many (20000, one, other);

  g_assert_nonnull (same);
  g_assert_nonnull (cut);
}

/* Names that differ when they are cut for a number of one digit, and not for two. */
static void
test_collisions_of_two_digits (void)
{
  const guint n = 1000, n_same = 20;
  g_autofree char *long_name = g_strnfill (XEP174_FILE_NAME_MAX - 8, 'x');
  g_autofree char *many = g_strdup_printf ("%s-####", long_name);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(Xep174Manifest) manifest = NULL;
  g_autoptr(Xep174Manifest) none = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 with;
  const char *why;

  for (guint i = 0; i < n * n_same; i++)
    {
      g_autofree char *dots = g_strnfill (i / n, '.');
      char last[7] = "";
      g_autofree char *path = NULL;

      g_unichar_to_utf8 (0x20000 + i % n, last);
      path = g_strconcat (dots, long_name, last, NULL);
      xep174_manifest_append (text, path, 0);
    }
  manifest = xep174_manifest_read (text->str, text->len, &why);
  with = g_get_monotonic_time () - start;
  g_assert_nonnull (manifest);
  start = g_get_monotonic_time ();
  none = read_many (n * n_same, many, NULL);
  g_assert_nonnull (none);
  g_assert_cmpint (with, <, 30 * (g_get_monotonic_time () - start));
}

static void
test_too_long (void)
{
  g_autofree char *text = g_malloc0 (XEP174_MANIFEST_MAX_LENGTH + 1);
  const char *why = NULL;

  memset (text, 'a', XEP174_MANIFEST_MAX_LENGTH);
  memcpy (text, "1 ", 2);
  g_assert_null (xep174_manifest_read (text, XEP174_MANIFEST_MAX_LENGTH + 1, &why));
  g_assert_cmpstr (why, ==, "it is too long");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manifest/hostile", test_hostile);
  g_test_add_func ("/manifest/tree", test_tree);
  g_test_add_func ("/manifest/empty", test_empty);
  g_test_add_func ("/manifest/collisions", test_collisions);
  g_test_add_func ("/manifest/many", test_many);
  g_test_add_func ("/manifest/many-collisions", test_many_collisions);
  g_test_add_func ("/manifest/collisions-of-two-digits", test_collisions_of_two_digits);
  g_test_add_func ("/manifest/too-long", test_too_long);

  return g_test_run ();
}
