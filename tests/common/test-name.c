/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "xep174-name-private.h"

static void
test_validity (void)
{
  g_autofree char *longest = g_strnfill (63, 'a');
  g_autofree char *too_long = g_strnfill (64, 'a');

  g_assert_true (xep174_name_is_valid ("juliet@capulet", NULL));
  g_assert_true (xep174_name_is_valid ("wjt@bael (2)", NULL));
  g_assert_true (xep174_name_is_valid (longest, NULL));

  for (const char *const *bad = (const char *const[]){ "", too_long, "\xff", NULL }; *bad; bad++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (xep174_name_is_valid (*bad, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_identity (void)
{
  g_assert_true (xep174_name_equal ("Juliet@Capulet", "juliet@capulet"));
  g_assert_cmpuint (xep174_name_hash ("Juliet@Capulet"), ==, xep174_name_hash ("juliet@capulet"));
  g_assert_false (xep174_name_equal ("julieÉ", "julieé"));
}

/* S5, with its own example. */
static void
test_order (void)
{
  g_assert_true (xep174_name_is_smaller ("juliet@capulet", "romeo@montague"));
  g_assert_false (xep174_name_is_smaller ("romeo@montague", "juliet@capulet"));
  g_assert_true (xep174_name_is_smaller ("Zoe@a", "abe@a"));
  g_assert_true (xep174_name_is_smaller ("z@a", "é@a"));
}

static void
test_jid (void)
{
  static const char *const cases[][2] = {
    { "juliet@capulet", "juliet@capulet" },
    { "d'artagnan and co@fr", "d\\27artagnan\\20and\\20co@fr" },
    { "c\\d@x", "c\\d@x" },
    { "c\\5cd@x", "c\\5c5cd@x" },
    { "a@b@c", "a\\40b@c" },
    { "foo", "foo" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *jid = xep174_name_to_jid (cases[i][0]);

      g_assert_cmpstr (jid, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name/validity", test_validity);
  g_test_add_func ("/name/identity", test_identity);
  g_test_add_func ("/name/order", test_order);
  g_test_add_func ("/name/jid", test_jid);
  return g_test_run ();
}
