/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Replies of HTTP, however their octets are cut: what gives a file, and what does not. */

#include "xep174-http.h"

#include <string.h>

/* Reads @text in pieces of @step octets; appends the file to @body. Returns how many octets were taken. */
static gsize
feed (Xep174Http *http,
      const char *text,
      gsize       step,
      GString    *body)
{
  gsize length = strlen (text), from = 0;

  xep174_http_init (http);
  for (gsize to = MIN (step, length); from < length && http->state < XEP174_HTTP_REFUSED;
       to = MIN (to + step, length))
    while (from < to && http->state < XEP174_HTTP_REFUSED)
      {
        gsize n_body = 0;
        gsize taken = xep174_http_read (http, (const guint8 *) text + from, to - from, &n_body);

        g_assert_cmpuint (taken, >, 0);
        g_assert_cmpuint (taken, <=, to - from);
        g_assert_true (n_body == 0 || n_body == taken);
        g_string_append_len (body, text + from, n_body);
        from += taken;
      }

  return from;
}

typedef struct
{
  const char *reply;
  guint8 state;
  const char *body;
  gint64 length; /* -1: it is not said */
} Row;

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define STATE(name) XEP174_HTTP_##name

static const Row rows[] = {
  { OK "Content-Length: 3\r\n\r\nabc", STATE (BODY), "abc", 3 },
  { OK "\r\nabc", STATE (BODY), "abc", -1 },
  { "HTTP/1.0 200\r\ncontent-length:0\r\n\r\n", STATE (BODY), "", 0 },
  { "HTTP/1.1 200 \nContent-Length: 3\n\nabc", STATE (BODY), "abc", 3 },
  { OK "Content-Length: 3 \r\nContent-Length: 3\r\n\r\n", STATE (BODY), "", 3 },
  { OK "Server: a:b\r\nX-Empty:\r\nContent-Encoding: identity\r\nTransfer-Encoding: identity\r\n\r\n\r\n",
    STATE (BODY), "\r\n", -1 },
  { "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n" OK "\r\nabc", STATE (BODY), "abc", -1 },
  /* In chunks, as telepathy-salut sends it. */
  { CHUNKED "3\r\nabc\r\n0\r\n\r\n", STATE (DONE), "abc", -1 },
  { CHUNKED "1\r\na\r\n00000002;x=\"y\"\r\nbc\r\n000\r\nX: y\r\n\r\n", STATE (DONE), "abc", -1 },
  { CHUNKED "3 \r\n0\r\n\r\n", STATE (CHUNK_SIZE), "0\r\n", -1 },
  { CHUNKED "0\r\n\r\n", STATE (DONE), "", -1 },
  { CHUNKED "A\r\n0123456789\r\n0\r\n", STATE (TRAILER), "0123456789", -1 },
  { OK "Content-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", STATE (DONE),
    "abc", 3 },
  /* Not at its end. */
  { "", STATE (STATUS), "", -1 },
  { "HTTP/1.1 200", STATE (STATUS), "", -1 },
  { OK "Content-Length: 3\r\n", STATE (HEADER), "", 3 },
  { CHUNKED "3\r\nab", STATE (CHUNK), "ab", -1 },
  { CHUNKED "3\r\nabc", STATE (CHUNK_END), "abc", -1 },
  { CHUNKED "3", STATE (CHUNK_SIZE), "", -1 },
  /* Something else than the file. */
  { "HTTP/1.1 404 Not Found\r\n", STATE (REFUSED), "", -1 },
  { "HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", STATE (REFUSED), "", -1 },
  { "HTTP/1.1 206 Partial Content\r\n", STATE (REFUSED), "", -1 },
  { "HTTP/1.1 204 No Content\r\n", STATE (REFUSED), "", -1 },
  { "HTTP/1.1 101 Switching Protocols\r\n", STATE (REFUSED), "", -1 },
  { "HTTP/1.1 505 \r\n", STATE (REFUSED), "", -1 },
  /* Nonsense. */
  { "\r\n", STATE (BROKEN), "", -1 },
  { "SSH-2.0-OpenSSH\r\n", STATE (BROKEN), "", -1 },
  { "ICY 200 OK\r\n", STATE (BROKEN), "", -1 },
  { "HTTP/2.0 200 OK\r\n", STATE (BROKEN), "", -1 },
  { "HTTP/1.1  200 OK\r\n", STATE (BROKEN), "", -1 },
  { "HTTP/1.1 2000 OK\r\n", STATE (BROKEN), "", -1 },
  { "HTTP/1.1 20 OK no\r\n", STATE (BROKEN), "", -1 },
  { "HTTP/1.1 200 OK\rX", STATE (BROKEN), "", -1 },
  { OK "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: 3, 3\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: -1\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: +1\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: 0x1\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length:\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: 9223372036854775808\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length : 1\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Length: 1\r\n 2\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Transfer-Encoding: gzip, chunked\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Encoding: AppleSingle\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "Content-Encoding: gzip\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "no colon\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK ": nameless\r\n\r\n", STATE (BROKEN), "", -1 },
  { OK "X: \x01\r\n\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "g\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "-1\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "0x3\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED ";3\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "10000000000000003\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "ffffffffffffffff\r\n", STATE (BROKEN), "", -1 },
  { CHUNKED "3\r\nabcd", STATE (BROKEN), "abc", -1 },
  { CHUNKED "0\r\n\r\nabc", STATE (BROKEN), "", -1 },
};

static void
check (const Row *row,
       gsize      step)
{
  g_autoptr(GString) body = g_string_new (NULL);
  Xep174Http http;

  feed (&http, row->reply, step, body);
  if (http.state != row->state || !g_str_equal (body->str, row->body))
    g_error ("%s in pieces of %" G_GSIZE_FORMAT ": state %u, “%s”", row->reply, step, http.state, body->str);
  if (http.state >= STATE (REFUSED))
    return;
  g_assert_cmpint (http.measured, ==, row->length >= 0);
  if (row->length >= 0)
    g_assert_cmpuint (http.length, ==, row->length);
}

static void
test_replies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize step = 1; step <= strlen (rows[i].reply) + 1; step++)
      check (&rows[i], step);
}

/* What comes with the lines before the file is not taken with them. */
static void
test_head (void)
{
  static const char head[] = OK "Content-Length: 3\r\n\r\n";
  static const char *const texts[] = { OK "Content-Length: 3\r\n\r\nabc", CHUNKED "3\r\nabc\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Xep174Http http;
      gsize n_body, taken;

      xep174_http_init (&http);
      g_assert_false (xep174_http_has_head (&http));
      taken = xep174_http_read (&http, (const guint8 *) texts[i], strlen (texts[i]), &n_body);
      g_assert_true (xep174_http_has_head (&http));
      g_assert_cmpuint (n_body, ==, 0);
      g_assert_true (g_str_has_prefix (texts[i] + taken, "abc"));
      if (i == 0)
        g_assert_cmpuint (taken, ==, strlen (head));
    }
}

/* @n octets of lines, then whatever ends them; in each of the three places where lines are. */
static guint8
read_lines (const char *before,
            gsize       line,
            gsize       lines)
{
  g_autoptr(GString) reply = g_string_new (before);
  g_autoptr(GString) body = g_string_new (NULL);
  Xep174Http http;

  for (gsize i = 0; i < lines; i++)
    {
      g_string_append (reply, "X: ");
      for (gsize j = 5; j < line; j++)
        g_string_append_c (reply, 'y');
      g_string_append (reply, "\r\n");
    }
  g_string_append (reply, "\r\n");
  feed (&http, reply->str, 1000, body);

  return http.state;
}

static void
test_bounds (void)
{
  gsize rest = XEP174_HTTP_MAX_HEADER - strlen (OK) - 2;

  g_assert_cmpint (read_lines (OK, rest, 1), ==, STATE (BODY));
  g_assert_cmpint (read_lines (OK, rest + 1, 1), ==, STATE (BROKEN));
  g_assert_cmpint (read_lines (OK, 100, rest / 100), ==, STATE (BODY));
  g_assert_cmpint (read_lines (OK, 100, rest / 100 + 1), ==, STATE (BROKEN));
  g_assert_cmpint (read_lines (CHUNKED "0\r\n", 100, 160), ==, STATE (DONE));
  g_assert_cmpint (read_lines (CHUNKED "0\r\n", 100, 170), ==, STATE (BROKEN));
  for (gsize line = XEP174_HTTP_MAX_LINE - 4; line < XEP174_HTTP_MAX_LINE + 4; line++)
    g_assert_cmpint (read_lines (OK, line, 2), ==, STATE (BODY));
}

/* The smallest chunks that there are go on for as long as the file does. */
static void
test_many_chunks (void)
{
  g_autoptr(GString) reply = g_string_new (CHUNKED);
  g_autoptr(GString) body = g_string_new (NULL);
  Xep174Http http;

  for (guint i = 0; i < XEP174_HTTP_MAX_HEADER; i++)
    g_string_append (reply, "1\r\na\r\n");
  g_string_append (reply, "0\r\n\r\n");
  feed (&http, reply->str, 7, body);
  g_assert_cmpint (http.state, ==, STATE (DONE));
  g_assert_cmpuint (body->len, ==, XEP174_HTTP_MAX_HEADER);
}

static void
test_request (void)
{
  g_autofree char *request = xep174_http_request ("10.0.0.7:5297", "/1f/a");

  g_assert_true (g_str_has_prefix (request, "GET /1f/a HTTP/1.1\r\nHost: 10.0.0.7:5297\r\n"));
  g_assert_nonnull (strstr (request, "\r\nConnection: close\r\n"));
  g_assert_null (strstr (request, "AppleSingle"));
  g_assert_true (g_str_has_suffix (request, "\r\n\r\n"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/replies", test_replies);
  g_test_add_func ("/http/head", test_head);
  g_test_add_func ("/http/bounds", test_bounds);
  g_test_add_func ("/http/many-chunks", test_many_chunks);
  g_test_add_func ("/http/request", test_request);

  return g_test_run ();
}
