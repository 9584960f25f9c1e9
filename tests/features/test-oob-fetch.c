/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that a contact offers by their address (XEP-0066), over the loopback: how they come, and
 * what becomes of one that does not. */

#include <string.h>

#include "oob-sides.h"

#define LENGTH  OK "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

/* Offers @size octets, -1 without saying so, and waits for the end of it. */
static Xep174Transfer *
fetch (Oob    *f,
       gssize  size)
{
  g_autofree char *attributes
    = size >= 0 ? g_strdup_printf ("size='%" G_GSSIZE_FORMAT "'", size) : g_strdup ("");
  guint before = f->sides.n_offered;

  oob_offer_at (f, HERE, "sonnet.txt", attributes);
  wait_until (f->sides.n_offered > before);
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)) && f->answers->len > 0);

  return side_last (&f->sides.juliet);
}

/* --- What comes ------------------------------------------------------------------------------ */

typedef enum
{
  MEASURED,
  UNTIL_CLOSED,
  CHUNKS,
  BOTH, /* telepathy-salut says the length beside the chunks */
} Kind;

static GBytes *
reply_with (const char *octets,
            gsize       size,
            Kind        kind)
{
  GString *reply = g_string_new (NULL);
  gsize length;

  if (kind == MEASURED)
    g_string_append_printf (reply, LENGTH, size);
  else if (kind == BOTH)
    g_string_append_printf (reply,
                            OK "Transfer-Encoding: chunked\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                            size);
  else
    g_string_append (reply, kind == CHUNKS ? CHUNKED : OK "\r\n");
  if (kind < CHUNKS)
    g_string_append_len (reply, octets, size);
  else
    {
      for (gsize at = 0, n; at < size; at += n)
        {
          n = MIN (4096, size - at);
          g_string_append_printf (reply, "%" G_GSIZE_MODIFIER "x\r\n", n);
          g_string_append_len (reply, octets + at, n);
          g_string_append (reply, "\r\n");
        }
      g_string_append (reply, "0\r\n\r\n");
    }

  length = reply->len;

  return g_bytes_new_take (g_string_free (reply, FALSE), length);
}

static void
test_comes (Oob           *f,
            gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 4096, 1024 * 1024 + 7 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (Kind kind = MEASURED; kind <= BOTH; kind++)
      {
        g_autofree char *octets = sides_make_file (&f->sides, sizes[i]);
        Xep174Transfer *transfer;

        oob_begin_serving (f, HERE, reply_with (octets, sizes[i], kind), 1000, kind == CHUNKS);
        transfer = fetch (f, sizes[i]);
        g_assert_cmpstr (f->answers->str, ==, TAKEN);
        g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
        g_assert_cmpuint (xep174_transfer_get_done (transfer), ==, sizes[i]);
        g_assert_cmpstr (xep174_transfer_get_media_type (transfer), ==, "text/plain");
        g_assert_null (xep174_transfer_get_sha256 (transfer));
        sides_check (&f->sides, octets, sizes[i]);
        g_assert_cmpuint (http_server_get_n (f->server), ==, 1);
        oob_remove (f);
      }
}

static void
test_request (Oob           *f,
              gconstpointer  data)
{
  g_autofree char *heard = NULL;
  g_autofree char *expected = NULL;

  oob_begin_serving (f, HERE, oob_text (OK "Content-Length: 1\r\n\r\na"), 1, FALSE);
  fetch (f, 1);
  heard = http_server_dup_heard (f->server);
  expected = g_strdup_printf ("GET /1f/sonnet.txt HTTP/1.1\r\nHost: " HERE ":%u\r\n",
                              http_server_get_port (f->server));
  g_assert_true (g_str_has_prefix (heard, expected));
}

/* Nobody has said how much it is: then the reply does, and what may come holds for that, too. */
static void
test_unsized (Oob           *f,
              gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (&f->sides, 70000);
  Xep174Transfer *transfer;

  for (Kind kind = MEASURED; kind <= BOTH; kind += BOTH - MEASURED)
    {
      oob_begin_serving (f, HERE, reply_with (octets, 70000, kind), 1000, FALSE);
      transfer = fetch (f, -1);
      g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
      g_assert_cmpuint (xep174_transfer_get_size (transfer), ==, 70000);
      sides_check (&f->sides, octets, 70000);
      oob_remove (f);
    }

  oob_begin_serving (f, HERE, reply_with (octets, 70000, CHUNKS), 1000, FALSE);
  transfer = fetch (f, -1);
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_NOT_SUPPORTED);
  xep174_files_set_max_size (f->sides.juliet.files, 69999);
  oob_begin_serving (f, HERE, reply_with (octets, 70000, MEASURED), 1000, FALSE);
  transfer = fetch (f, -1);
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_TOO_LARGE);
  g_assert_cmpstr (f->answers->str, ==, MISSING);
  wait_until (sides_count (&f->sides) == 0);
}

static void
test_name (Oob           *f,
           gconstpointer  data)
{
  oob_begin_serving (f, HERE, oob_text (OK "Content-Length: 1\r\n\r\na"), 9, FALSE);
  oob_offer_at (f, HERE, "..%2F..%2F.bashrc", "size='1'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (xep174_transfer_get_name (side_last (&f->sides.juliet)), ==, "bashrc");
  g_assert_cmpuint (sides_count (&f->sides), ==, 1);
}

/* --- What does not --------------------------------------------------------------------------- */

static void
test_lies (Oob           *f,
           gconstpointer  data)
{
  static const struct { const char *reply; GQuark (*domain) (void); int code; } rows[] = {
    { OK "Content-Length: 4\r\n\r\nabcd", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { OK "Content-Length: 2\r\n\r\nab", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { OK "Content-Length: 3\r\n\r\nabcd", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { OK "\r\nabcd", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { CHUNKED "4\r\nabcd\r\n0\r\n\r\n", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { CHUNKED "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", xep174_transfer_error_quark,
      XEP174_TRANSFER_ERROR_VIOLATION },
    { CHUNKED "3\r\nabc\r\n0\r\n\r\nd", xep174_transfer_error_quark, XEP174_TRANSFER_ERROR_VIOLATION },
    { CHUNKED "2\r\nab\r\n0\r\n\r\n", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED },
    { CHUNKED "2\r\nab\r\nx\r\n", g_io_error_quark, G_IO_ERROR_INVALID_DATA },
    { CHUNKED "2\r\nab", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED },
    { OK "Content-Length: 3\r\n\r\nab", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED },
    { OK "Content-Length: 3\r\n", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED },
    { "", g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED },
    { "\x05\x01", g_io_error_quark, G_IO_ERROR_INVALID_DATA },
    { OK "Content-Encoding: AppleSingle\r\n\r\nabc", g_io_error_quark, G_IO_ERROR_INVALID_DATA },
    { "HTTP/1.1 404 Not Found\r\n\r\nabc", g_io_error_quark, G_IO_ERROR_NOT_FOUND },
    { "HTTP/1.1 302 Found\r\nLocation: http://" HERE "/\r\n\r\n", g_io_error_quark, G_IO_ERROR_NOT_FOUND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Xep174Transfer *transfer;

      oob_begin_serving (f, HERE, oob_text (rows[i].reply), 1000, FALSE);
      transfer = fetch (f, 3);
      g_test_message ("%s: %s", rows[i].reply, xep174_transfer_get_error (transfer)->message);
      g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (FAILED));
      g_assert_error (xep174_transfer_get_error (transfer), rows[i].domain (), rows[i].code);
      g_assert_cmpstr (f->answers->str, ==, MISSING);
      g_assert_cmpuint (http_server_get_n (f->server), ==, 1);
      wait_until (sides_count (&f->sides) == 0);
    }
}

static void
test_nobody_there (Oob           *f,
                   gconstpointer  data)
{
  Xep174Transfer *transfer = fetch (f, 3);

  g_assert_error (xep174_transfer_get_error (transfer), G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (f->answers->str, ==, MISSING);
  wait_until (sides_count (&f->sides) == 0);
}

static void
test_declined (Oob           *f,
               gconstpointer  data)
{
  oob_begin_serving (f, HERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  oob_offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (side_last (&f->sides.juliet) != NULL);
  g_assert_cmpuint (f->answers->len, ==, 0);
  xep174_transfer_decline (side_last (&f->sides.juliet));
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, REFUSED);
  g_assert_cmpuint (http_server_get_n (f->server), ==, 0);
}

/* While nothing has come of the reply, while it is looked at, and while the file comes. */
static void
test_cancelled (Oob           *f,
                gconstpointer  data)
{
  static const char *const replies[] = { "", OK, OK "Content-Length: 3\r\n\r\na", CHUNKED "2\r\na" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      guint before = f->sides.n_offered;
      Xep174Transfer *transfer;

      oob_begin_serving (f, HERE, oob_text (replies[i]), 1000, TRUE);
      oob_offer_at (f, HERE, "sonnet.txt", "size='3'");
      wait_until (f->sides.n_offered > before);
      transfer = side_last (&f->sides.juliet);
      wait_until (xep174_transfer_get_state (transfer) == (i < 2 ? STATE (CONNECTING) : STATE (MOVING)));
      if (i >= 2)
        wait_until (xep174_transfer_get_done (transfer) == 1);
      xep174_transfer_cancel (transfer);
      wait_until (f->answers->len > 0);
      g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (CANCELLED));
      g_assert_cmpstr (f->answers->str, ==, REFUSED);
      wait_until (sides_count (&f->sides) == 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  OOB_ADD ("/oob-fetch/comes", test_comes);
  OOB_ADD ("/oob-fetch/request", test_request);
  OOB_ADD ("/oob-fetch/unsized", test_unsized);
  OOB_ADD ("/oob-fetch/name", test_name);
  OOB_ADD ("/oob-fetch/lies", test_lies);
  OOB_ADD ("/oob-fetch/nobody-there", test_nobody_there);
  OOB_ADD ("/oob-fetch/declined", test_declined);
  OOB_ADD ("/oob-fetch/cancelled", test_cancelled);

  return g_test_run ();
}
