/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The greeting of a bytestream (RFC 1928, XEP-0065 §5.3.2), however its octets are cut. */

#include <string.h>

#include "xep174-socks.h"

#define DIGITS "972b7bf47291ca609517f67f86b5081086052dad"
#define UPPER  "972B7BF47291CA609517F67F86B5081086052DAD"

/* XEP-0260 §2.2. */
static void
test_address (void)
{
  g_autofree char *address = xep174_socks_address ("vj3hs98y", "romeo@montague.lit/orchard",
                                                   "juliet@capulet.lit/balcony");

  g_assert_cmpstr (address, ==, DIGITS);
}

typedef struct
{
  const char *name;
  const char *octets;
  gsize       length;
  guint       state;
  const char *answer;
  gsize       answered;
  gsize       rest; /* what is of the file */
} Row;

#define O(text) text, sizeof text - 1
#define GREETING "\5\1\0"
#define CHOICE   "\5\0"
#define ASKS     "\5\1\0\3\50" DIGITS "\0\0"
#define GRANTS   "\5\0\0\3\50" DIGITS "\0\0"
#define DENIES   "\5\2\0\3\50" DIGITS "\0\0"
#define REQUEST  XEP174_SOCKS_REQUEST
#define REFUSED  XEP174_SOCKS_REFUSED
#define DONE     XEP174_SOCKS_DONE

/* What comes, what is said to it. */
static const Row accepted[] = {
  { "right", O (GREETING ASKS), DONE, O (CHOICE GRANTS), 0 },
  { "and-more", O (GREETING ASKS "file"), DONE, O (CHOICE GRANTS), 4 },
  { "upper-case", O (GREETING "\5\1\0\3\50" UPPER "\0\0"), DONE, O (CHOICE GRANTS), 0 },
  { "a-port", O (GREETING "\5\1\0\3\50" DIGITS "\1\2"), DONE, O (CHOICE GRANTS), 0 },
  { "more-methods", O ("\5\4\2\3\0\1" ASKS), DONE, O (CHOICE GRANTS), 0 },
  { "half", O (GREETING "\5\1\0\3\50" DIGITS "\0"), REQUEST, O (CHOICE), 46 },
  { "a-password", O ("\5\1\2"), REFUSED, O ("\5\377"), 0 },
  { "no-method", O ("\5\0"), REFUSED, O ("\5\377"), 0 },
  { "version-4", O ("\4\1\0"), REFUSED, O (""), 0 },
  { "xmpp", O ("<?xml"), REFUSED, O (""), 0 },
  { "http", O ("GET / HTTP/1.1\r\n\r\n"), REFUSED, O (""), 0 },
  { "bind", O (GREETING "\5\2\0\3\50" DIGITS "\0\0"), REFUSED, O (CHOICE "\5\7\0\3\0\0\0"), 0 },
  { "udp", O (GREETING "\5\3\0\3\50" DIGITS "\0\0"), REFUSED, O (CHOICE "\5\7\0\3\0\0\0"), 0 },
  { "a-proxy-of-us", O (GREETING "\5\1\0\1\300\250\0\1\0\120"), REFUSED, O (CHOICE "\5\7\0\3\0\0\0"), 0 },
  { "a-host", O (GREETING "\5\1\0\3\13example.org\0\120"), REFUSED, O (CHOICE "\5\7\0\3\0\0\0"), 0 },
  { "no-digits", O (GREETING "\5\1\0\3\50" "../7bf47291ca609517f67f86b5081086052dad/" "\0\0"), REFUSED,
    O (CHOICE "\5\2\0\3\0\0\0"), 0 },
  { "zeros", O (GREETING "\5\1\0\3\50" "\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0\0\0"
                "\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0\0\0" "\0\0"), REFUSED,
    O (CHOICE "\5\2\0\3\0\0\0"), 0 },
  { "a-wrong-version-inside", O (GREETING "\4\1\0\3\50" DIGITS "\0\0"), REFUSED, O (CHOICE), 0 },
};

/* What others answer to us: libpurple with its own address, in text. */
static const Row dialled[] = {
  { "right", O (CHOICE GRANTS), DONE, O (GREETING ASKS), 0 },
  { "and-more", O (CHOICE GRANTS "file"), DONE, O (GREETING ASKS), 4 },
  { "libpurple", O (CHOICE "\5\0\0\3\15" "192.168.111.2" "\0\0" "x"), DONE, O (GREETING ASKS), 1 },
  { "ipv4", O (CHOICE "\5\0\0\1\300\250\0\1\0\120"), DONE, O (GREETING ASKS), 0 },
  { "ipv6", O (CHOICE "\5\0\0\4" "0123456789abcdef" "\0\120" "x"), DONE, O (GREETING ASKS), 1 },
  { "nothing", O (CHOICE "\5\0\0\3\0\0\0"), DONE, O (GREETING ASKS), 0 },
  { "long", O (CHOICE "\5\0\0\3\377"), REQUEST, O (GREETING ASKS), 5 },
  { "denied", O (CHOICE DENIES), REFUSED, O (GREETING ASKS), 0 },
  { "unknown-type", O (CHOICE "\5\0\0\2\0\0\0"), REFUSED, O (GREETING ASKS), 0 },
  { "a-password", O ("\5\2"), REFUSED, O (GREETING), 0 },
  { "none", O ("\5\377"), REFUSED, O (GREETING), 0 },
  { "version-4", O ("\4\0"), REFUSED, O (GREETING), 0 },
  { "xmpp", O ("<stream"), REFUSED, O (GREETING), 0 },
};

/* Octets come @step at a time. */
static void
play (const Row *row,
      gboolean   dials,
      gsize      step)
{
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  g_autoptr(GByteArray) pending = g_byte_array_new ();
  Xep174Socks socks;

  if (dials)
    xep174_socks_dial (&socks, DIGITS, answer);
  else
    xep174_socks_accept (&socks);

  for (gsize i = 0; i < row->length; i += step)
    {
      gsize taken;

      g_byte_array_append (pending, (const guint8 *) row->octets + i, MIN (step, row->length - i));
      while ((taken = xep174_socks_read (&socks, pending->data, pending->len, answer)) > 0)
        {
          g_assert_cmpuint (taken, <=, pending->len);
          g_byte_array_remove_range (pending, 0, taken);
          if (xep174_socks_asks (&socks))
            xep174_socks_grant (&socks, g_str_equal (socks.address, DIGITS), answer);
        }
      if (socks.state == REFUSED)
        break;
      g_assert_true (socks.state == DONE || pending->len < XEP174_SOCKS_MAX);
    }

  g_assert_cmpint (socks.state, ==, row->state);
  g_assert_cmpmem (answer->data, answer->len, row->answer, row->answered);
  if (socks.state != REFUSED)
    g_assert_cmpuint (pending->len, ==, row->rest);
}

static void
test_rows (gconstpointer data)
{
  gboolean dials = GPOINTER_TO_INT (data);
  const Row *rows = dials ? dialled : accepted;
  guint n = dials ? G_N_ELEMENTS (dialled) : G_N_ELEMENTS (accepted);

  for (guint i = 0; i < n; i++)
    for (gsize step = 1; step <= rows[i].length; step++)
      play (&rows[i], dials, step);
}

/* An address that nobody expects is refused, with an answer. */
static void
test_unexpected (void)
{
  g_autoptr(GByteArray) answer = g_byte_array_new ();
  Xep174Socks socks;

  xep174_socks_accept (&socks);
  g_assert_cmpuint (xep174_socks_read (&socks, (const guint8 *) O (GREETING), answer), ==, 3);
  g_assert_cmpuint (xep174_socks_read (&socks, (const guint8 *) O (ASKS), answer), ==, sizeof ASKS - 1);
  g_assert_true (xep174_socks_asks (&socks));
  xep174_socks_grant (&socks, FALSE, answer);
  g_assert_cmpint (socks.state, ==, REFUSED);
  g_assert_cmpmem (answer->data, answer->len, CHOICE DENIES, sizeof CHOICE DENIES - 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/socks/address", test_address);
  g_test_add_data_func ("/socks/accepted", GINT_TO_POINTER (FALSE), test_rows);
  g_test_add_data_func ("/socks/dialled", GINT_TO_POINTER (TRUE), test_rows);
  g_test_add_func ("/socks/unexpected", test_unexpected);

  return g_test_run ();
}
