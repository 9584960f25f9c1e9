/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The names that contacts give to files: nothing of them leaves the folder, hides itself, or is something
 * else than it looks like. */

#include <string.h>

#include "xep174-file-name.h"

static const char *const names[][2] = {
  /* What people send. */
  { "photo.jpg", "photo.jpg" },
  { "Straße nach Köln.pdf", "Straße nach Köln.pdf" },
  { "文書.txt", "文書.txt" },
  { "my.tar.gz", "my.tar.gz" },
  { "100%.txt", "100%.txt" },
  /* Elsewhere. */
  { "../../etc/passwd", "passwd" },
  { "/etc/passwd", "passwd" },
  { "..\\..\\boot.ini", "boot.ini" },
  { "C:\\boot.ini", "boot.ini" },
  { "c:boot.ini", "c_boot.ini" },
  { "folder/", "file" },
  { "..%2F..%2Fpasswd", "%2F..%2Fpasswd" },
  { "....//....//x", "x" },
  { "", "file" },
  { ".", "file" },
  { "..", "file" },
  { "...", "file" },
  { "/", "file" },
  { " . . ", "file" },
  /* Hidden, or said to a shell. */
  { ".bashrc", "bashrc" },
  { "../.ssh/authorized_keys", "authorized_keys" },
  { "-rf", "_-rf" },
  { "~root", "_~root" },
  { "a\nb.txt", "a b.txt" },
  { "a\001b\033[2Jc\177.txt", "ab[2Jc.txt" },
  { "\302\205x\302\233y", "xy" },                         /* C1 controls */
  /* Not what it looks like. */
  { "invoice\342\200\256fdp.exe", "invoicefdp.exe" },     /* right-to-left override */
  { "a\342\201\246b\342\201\251.txt", "ab.txt" },         /* isolates */
  { "x\342\200\213y\357\273\277.txt", "xy.txt" },         /* a space of no width, a byte order mark */
  { "photo.jpg                     .exe", "photo.jpg .exe" },
  { "photo.jpg\302\240\302\240\343\200\200.exe", "photo.jpg .exe" },
  { "a\342\200\250b", "a b" },                            /* line separator */
  { "\342\200\217", "file" },
  { "\356\200\200x", "x" },                               /* private use */
  { "e\314\201.txt", "\303\251.txt" },
  { "\333\214\342\200\214\330\247", "\333\214\342\200\214\330\247" }, /* a joiner that Persian needs */
  { "a\357\274\217b", "a\357\274\217b" },                 /* a wide slash is none, and does not become one */
  { "a\342\210\225b", "a\342\210\225b" },
  { "u\001\314\204", "\305\253" }, /* an accent, and what cannot be seen before it */
  { "x\377\376.txt", "x\357\277\275\357\277\275.txt" },   /* no UTF-8 */
  { "\300\256\300\257x", "\357\277\275\357\277\275\357\277\275\357\277\275x" }, /* nor is a long “./” */
  /* Special elsewhere. */
  { "a<b>c:d\"e|f?g*.txt", "a_b_c_d_e_f_g_.txt" },
  { "CON", "_CON" },
  { "con.txt", "_con.txt" },
  { "nul.tar.gz", "_nul.tar.gz" },
  { "COM1", "_COM1" },
  { "lpt9.doc", "_lpt9.doc" },
  { "COM", "COM" },
  { "console.log", "console.log" },
  { "name.", "name" },
  { "name. . .", "name" },
  { "name.txt ", "name.txt" },
  { "file.txt::$DATA", "file.txt__$DATA" },
};

static void
check_safe (const char *safe)
{
  g_autofree char *again = xep174_file_name_make_safe (safe);

  g_assert_cmpstr (again, ==, safe);
  g_assert_true (g_utf8_validate (safe, -1, NULL));
  g_assert_cmpuint (strlen (safe), >, 0);
  g_assert_cmpuint (strlen (safe), <=, XEP174_FILE_NAME_MAX);
  g_assert_null (strpbrk (safe, "/\\\n\t:"));
  g_assert_cmpint (safe[0], !=, '.');
  g_assert_cmpint (safe[0], !=, '-');
  for (const char *c = safe; *c != '\0'; c = g_utf8_next_char (c))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (c)));
}

static void
test_corpus (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *safe = xep174_file_name_make_safe (names[i][0]);

      g_assert_cmpstr (safe, ==, names[i][1]);
      check_safe (safe);
    }
}

/* A name that is cut keeps its extension, and whole characters. */
static void
test_long (void)
{
  static const char *const units[] = { "a", "é", "文", "😀", ". ", "-", "con." };
  static const char *const endings[] = {
    "", ".txt", ".tar.gz", ".an extension that is longer than any of them",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    for (guint j = 0; j < G_N_ELEMENTS (endings); j++)
      for (guint length = 50; length < 300; length++)
        {
          g_autoptr(GString) name = g_string_new (NULL);
          g_autofree char *safe = NULL;
          g_autofree char *numbered = NULL;

          for (guint k = 0; k < length; k++)
            g_string_append (name, units[i]);
          g_string_append (name, endings[j]);
          safe = xep174_file_name_make_safe (name->str);
          check_safe (safe);
          numbered = xep174_file_name_number (safe, 4294967295u);
          check_safe (numbered);
          g_assert_nonnull (strstr (numbered, " (4294967295)"));
          if (units[i][0] != '.' && j > 0 && j < 3)
            {
              g_assert_true (g_str_has_suffix (safe, endings[j]));
              g_assert_true (g_str_has_suffix (numbered, endings[j]));
            }
        }
}

static void
test_numbers (void)
{
  static const struct { const char *name; guint number; const char *expected; } rows[] = {
    { "name.txt", 0, "name.txt" },
    { "name.txt", 1, "name (1).txt" },
    { "name.txt", 12, "name (12).txt" },
    { "name", 1, "name (1)" },
    { "my.tar.gz", 2, "my (2).tar.gz" },
    { "name (1).txt", 1, "name (1) (1).txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = xep174_file_name_number (rows[i].name, rows[i].number);

      g_assert_cmpstr (name, ==, rows[i].expected);
    }
}

static void
test_any_octets (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      char octets[400];
      guint length = g_test_rand_int_range (0, sizeof octets);
      g_autofree char *safe = NULL;

      for (guint j = 0; j < length; j++)
        octets[j] = g_test_rand_bit () ? g_test_rand_int_range (1, 256) : "./\\ -~\342\200\256"[j % 9];
      octets[length] = '\0';
      safe = xep174_file_name_make_safe (octets);
      check_safe (safe);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-name/corpus", test_corpus);
  g_test_add_func ("/file-name/long", test_long);
  g_test_add_func ("/file-name/numbers", test_numbers);
  g_test_add_func ("/file-name/any-octets", test_any_octets);

  return g_test_run ();
}
