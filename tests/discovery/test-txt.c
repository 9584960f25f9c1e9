/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <string.h>

#include "xep174-discovery.h"
#include "xep174-txt-private.h"

#define RDATA(octets) octets, sizeof (octets) - 1

typedef struct
{
  const char *what;
  const char *rdata;
  gsize size;
  const char *expected; /* the strings that are left, with '|' between them; '!' for no value */
} ReadCase;

static const ReadCase read_cases[] = {
  { "D2: one empty string", RDATA ("\0"), "" },
  { "no octets at all", RDATA (""), "" },
  { "D3: a value, an empty one, a missing one", RDATA ("\3a=1\2b=\1c"), "a=1|b=|c!" },
  { "D3: the first of several counts", RDATA ("\3a=1\3a=2\1a"), "a=1" },
  { "D3: case does not tell keys apart", RDATA ("\6Nick=A\6nICK=B"), "Nick=A" },
  { "D3: the first counts, even without a value", RDATA ("\1a\3a=2"), "a!" },
  { "D3: no key", RDATA ("\2=1\1=\3a=1"), "a=1" },
  { "D3: empty strings are passed over", RDATA ("\0\3a=1\0\0\3b=2"), "a=1|b=2" },
  { "D3: control characters in a key", RDATA ("\4a\tb=\3a=1\3\x7f=1\3\x1f=1\3 =1"), "a=1| =1" },
  { "D3: octets above ASCII in a key", RDATA ("\4\xc3\xa9=1\3\x80=1"), "" },
  { "D3: a value holds any number of '='", RDATA ("\5a=b=c\3b=="), "a=b=c|b==" },
  { "D3: unknown keys are kept", RDATA ("\6zork=1\13txtvers=900"), "zork=1|txtvers=900" },
  { "bad UTF-8 in a value", RDATA ("\4a=\xff" "b\4b=\xc3\xa9"), "a=\xef\xbf\xbd" "b|b=\xc3\xa9" },
  { "NUL in a value", RDATA ("\5a=b\0c"), "a=b\xef\xbf\xbd" "c" },
  { "a string longer than what is left", RDATA ("\3a=1\11b=2"), "a=1" },
  { "a length and nothing more", RDATA ("\3a=1\1"), "a=1" },
};

static char *
show (const Xep174Txt *txt)
{
  g_auto(GStrv) keys = xep174_txt_dup_keys (txt);
  GString *shown = g_string_new (NULL);

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      const char *value = xep174_txt_get (txt, keys[i]);

      g_assert_true (xep174_txt_has (txt, keys[i]));
      g_string_append_printf (shown, "%s%s%s%s", i > 0 ? "|" : "", keys[i],
                              value != NULL ? "=" : "!", value != NULL ? value : "");
    }

  return g_string_free (shown, FALSE);
}

static void
test_read (gconstpointer data)
{
  const ReadCase *read_case = data;
  g_autoptr(GBytes) rdata = g_bytes_new (read_case->rdata, read_case->size);
  g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);
  g_autofree char *shown = show (txt);

  g_assert_cmpstr (shown, ==, read_case->expected);
}

/* D3: a key is found whatever its case, and one that is not there has no value. */
static void
test_lookup (void)
{
  g_autoptr(GBytes) rdata = g_bytes_new_static (RDATA ("\6Nick=J\1x\2y="));
  g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);

  g_assert_cmpstr (xep174_txt_get (txt, "nick"), ==, "J");
  g_assert_true (xep174_txt_has (txt, "X"));
  g_assert_null (xep174_txt_get (txt, "x"));
  g_assert_cmpstr (xep174_txt_get (txt, "y"), ==, "");
  g_assert_false (xep174_txt_has (txt, "z"));
  g_assert_null (xep174_txt_get (txt, "z"));
}

static void
assert_octets (const Xep174Txt *txt,
               const char      *octets,
               gsize            size)
{
  g_autoptr(GBytes) rdata = xep174_txt_to_bytes (txt);

  g_assert_cmpmem (g_bytes_get_data (rdata, NULL), g_bytes_get_size (rdata), octets, size);
}

static void
test_write (void)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_new ();

  assert_octets (txt, RDATA ("\0")); /* D2 */

  g_assert_true (xep174_txt_set (txt, "a", "1", NULL));
  g_assert_true (xep174_txt_set (txt, "b", "", NULL));
  g_assert_true (xep174_txt_set (txt, "c", "\xc3\xa9", NULL));
  assert_octets (txt, RDATA ("\3a=1\2b=\4c=\xc3\xa9"));

  /* D3: no key twice; the place stays. */
  g_assert_true (xep174_txt_set (txt, "A", "23", NULL));
  assert_octets (txt, RDATA ("\4a=23\2b=\4c=\xc3\xa9"));

  g_assert_true (xep174_txt_set (txt, "B", NULL, NULL));
  g_assert_true (xep174_txt_set (txt, "never there", NULL, NULL));
  assert_octets (txt, RDATA ("\4a=23\4c=\xc3\xa9"));
}

static void
assert_refused (Xep174Txt            *txt,
                const char           *key,
                const char           *value,
                Xep174DiscoveryError  code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) before = xep174_txt_to_bytes (txt);
  g_autoptr(GBytes) after = NULL;

  g_assert_false (xep174_txt_set (txt, key, value, &error));
  g_assert_error (error, XEP174_DISCOVERY_ERROR, (int) code);
  after = xep174_txt_to_bytes (txt);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_bad_keys (void)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_new ();

  for (const char *const *key = (const char *const[]){ "", "a=b", "=", "a\tb", "\x7f", "\xc3\xa9",
                                                       NULL }; *key != NULL; key++)
    assert_refused (txt, *key, "1", XEP174_DISCOVERY_ERROR_INVALID_VALUE);

  assert_refused (txt, "a", "\xff", XEP174_DISCOVERY_ERROR_INVALID_VALUE);
}

/* D5: 255 octets a string. */
static void
test_string_limit (void)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_new ();
  g_autofree char *fits = g_strnfill (251, 'x');
  g_autofree char *too_long = g_strnfill (252, 'x');
  g_autofree char *long_key = g_strnfill (255, 'k');

  g_assert_true (xep174_txt_set (txt, "msg", fits, NULL));
  assert_refused (txt, "msg", too_long, XEP174_DISCOVERY_ERROR_TOO_LONG);
  assert_refused (txt, long_key, "", XEP174_DISCOVERY_ERROR_TOO_LONG);
}

/* D5: 1300 octets a record, 256 × 5 = 1280 and 20 more. */
static void
test_record_limit (void)
{
  g_autoptr(Xep174Txt) txt = xep174_txt_new ();
  g_autofree char *big = g_strnfill (253, 'x');
  g_autoptr(GBytes) rdata = NULL;

  for (char key[] = "a"; key[0] <= 'e'; key[0]++)
    g_assert_true (xep174_txt_set (txt, key, big, NULL));

  assert_refused (txt, "f", "123456789012345678", XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_assert_true (xep174_txt_set (txt, "f", "12345678901234567", NULL));
  rdata = xep174_txt_to_bytes (txt);
  g_assert_cmpuint (g_bytes_get_size (rdata), ==, XEP174_TXT_MAX);

  /* What is replaced makes room. */
  g_assert_true (xep174_txt_set (txt, "F", "76543210987654321", NULL));
  g_assert_true (xep174_txt_set (txt, "a", "", NULL));
  assert_refused (txt, "g", big, XEP174_DISCOVERY_ERROR_TOO_LONG);
  g_assert_true (xep174_txt_set (txt, "a", NULL, NULL));
  g_assert_true (xep174_txt_set (txt, "g", big, NULL));
}

/* What was written reads as the same; whatever was read can be written. */
static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (read_cases); i++)
    {
      g_autoptr(GBytes) rdata = g_bytes_new (read_cases[i].rdata, read_cases[i].size);
      g_autoptr(Xep174Txt) txt = xep174_txt_parse (rdata);
      g_autoptr(Xep174Txt) copy = xep174_txt_copy (txt);
      g_autoptr(GBytes) written = xep174_txt_to_bytes (copy);
      g_autoptr(Xep174Txt) again = xep174_txt_parse (written);

      g_assert_true (xep174_txt_equal (txt, copy));
      g_assert_true (xep174_txt_equal (txt, again));
    }
}

/* A repaired value can be longer than the octets it was made of, and than a string. */
static void
test_repaired (void)
{
  g_autofree char *rdata = g_malloc (256);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(Xep174Txt) txt = NULL;

  memset (rdata, 0xff, 256);
  rdata[1] = 'a';
  rdata[2] = '=';
  bytes = g_bytes_new (rdata, 256);
  txt = xep174_txt_parse (bytes);

  g_assert_true (g_utf8_validate (xep174_txt_get (txt, "a"), -1, NULL));
  g_assert_cmpuint (strlen (xep174_txt_get (txt, "a")), ==, 253 * 3);
}

/* Hostile: 64 KiB of keys that all differ, and of keys that are all the same. */
static void
test_huge (void)
{
  g_autoptr(GByteArray) different = g_byte_array_new ();
  g_autoptr(GByteArray) same = g_byte_array_new ();
  guint n_different = 0;

  for (guint i = 0; different->len < 65530; i++, n_different++)
    {
      char string[8];
      guint8 length = g_snprintf (string, sizeof string, "%x", i);

      g_byte_array_append (different, &length, 1);
      g_byte_array_append (different, (const guint8 *) string, length);
      g_byte_array_append (same, (const guint8 *) "\3a=1", 4);
    }

  {
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&different));
    g_autoptr(Xep174Txt) txt = xep174_txt_parse (bytes);
    g_auto(GStrv) keys = xep174_txt_dup_keys (txt);

    g_assert_cmpuint (g_strv_length (keys), ==, n_different);
  }
  {
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&same));
    g_autoptr(Xep174Txt) txt = xep174_txt_parse (bytes);
    g_auto(GStrv) keys = xep174_txt_dup_keys (txt);

    g_assert_cmpuint (g_strv_length (keys), ==, 1);
  }
}

/* Hostile: random octets neither crash nor hang, and what is left of them is UTF-8. */
static void
test_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      guint8 octets[64];
      gsize size = g_test_rand_int_range (0, sizeof octets);
      g_autoptr(GBytes) rdata = NULL;
      g_autoptr(Xep174Txt) txt = NULL;
      g_autofree char *shown = NULL;

      for (gsize i = 0; i < size; i++)
        octets[i] = g_test_rand_bit () ? g_test_rand_int_range (0, 8)
                                       : g_test_rand_int_range (0, 256);
      rdata = g_bytes_new (octets, size);
      txt = xep174_txt_parse (rdata);
      shown = show (txt);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (read_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/txt/read/", read_cases[i].what, NULL);

      g_test_add_data_func (path, &read_cases[i], test_read);
    }
  g_test_add_func ("/txt/D3-lookup", test_lookup);
  g_test_add_func ("/txt/D2-D3-write", test_write);
  g_test_add_func ("/txt/D3-bad-keys", test_bad_keys);
  g_test_add_func ("/txt/D5-string-limit", test_string_limit);
  g_test_add_func ("/txt/D5-record-limit", test_record_limit);
  g_test_add_func ("/txt/round-trip", test_round_trip);
  g_test_add_func ("/txt/repaired", test_repaired);
  g_test_add_func ("/txt/huge", test_huge);
  g_test_add_func ("/txt/random", test_random);

  return g_test_run ();
}
