/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that a contact offers by their address (XEP-0066), over the loopback: which are fetched and how they
 * come, and what is refused before anybody is asked. */

#include <string.h>

#include "http-server.h"
#include "transfer-sides.h"

#include "xep174-memory-trust-store.h"
#include "xep174-oob-private.h"
#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"

#define MERCUTIO "mercutio@verona"
#define HERE     "127.0.0.1"
#define THERE    "127.0.0.2"
#define OK       "HTTP/1.1 200 OK\r\n"
#define LENGTH   OK "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n"
#define CHUNKED  OK "Transfer-Encoding: chunked\r\n\r\n"
#define TAKEN    "result;"
#define MISSING  "404 item-not-found;"
#define REFUSED  "406 not-acceptable;"
#define BAD      "400 bad-request;"
#define TOO_MANY "500 resource-constraint;"

/* Mercutio offers, as telepathy-salut does, what juliet may fetch. */
typedef struct
{
  Sides sides;
  Xep174SessionManager *offerer;
  GString *answers;
  HttpServer *server;
  guint n_said;
} Fixture;

static gboolean
on_stanza (Xep174SessionManager *manager,
           Xep174Session        *session,
           Xep174Element        *stanza,
           Fixture              *f)
{
  Xep174Element *error = xep174_element_find_child (stanza, "error", NULL);
  const char *type = xep174_element_get_attribute (stanza, "type");

  /* A ping, on a slow machine. */
  if (g_strcmp0 (type, "get") == 0)
    return FALSE;

  if (error != NULL)
    g_string_append_printf (f->answers, "%s %s;", xep174_element_get_attribute (error, "code"),
                            xep174_element_get_name (xep174_element_get_first_child (error)));
  else
    g_string_append_printf (f->answers, "%s;", type);

  return TRUE;
}

static void
encrypt (Xep174SessionManager *manager)
{
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (NULL);
  g_autoptr(Xep174TrustStore) store = XEP174_TRUST_STORE (xep174_memory_trust_store_new ());

  xep174_session_manager_set_identity (manager, identity);
  xep174_session_manager_set_trust_store (manager, store);
}

static void
set_up (Fixture       *f,
        gconstpointer  encrypted)
{
  sides_set_up (&f->sides, NULL);
  f->answers = g_string_new (NULL);
  f->offerer = xep174_session_manager_new (MERCUTIO, XEP174_DIRECTORY (f->sides.book));
  g_assert_true (xep174_session_manager_listen (f->offerer, 0, NULL));
  test_book_add (f->sides.book, MERCUTIO, HERE, xep174_session_manager_get_port (f->offerer));
  g_signal_connect (f->offerer, "stanza-received", G_CALLBACK (on_stanza), f);
  if (encrypted == NULL)
    return;

  encrypt (f->offerer);
  encrypt (f->sides.juliet.manager);
}

static void
tear_down (Fixture       *f,
           gconstpointer  encrypted)
{
  g_clear_pointer (&f->server, http_server_free);
  xep174_session_manager_stop_listening (f->offerer);
  xep174_session_manager_end_everything (f->offerer);
  g_clear_object (&f->offerer);
  sides_tear_down (&f->sides, NULL);
  g_string_free (f->answers, TRUE);
}

/* Takes @reply. */
static void
begin_serving (Fixture    *f,
               const char *address,
               GBytes     *reply,
               gsize       step,
               gboolean    holds)
{
  g_clear_pointer (&f->server, http_server_free);
  f->server = http_server_new (address, reply, step, holds);
  g_bytes_unref (reply);
}

static GBytes *
text (const char *reply)
{
  return g_bytes_new (reply, strlen (reply));
}

static void
say (Fixture    *f,
     const char *query)
{
  g_autofree char *whole = g_strdup_printf ("<iq xmlns='jabber:client' type='set' id='%u'>%s</iq>",
                                            f->n_said++, query);
  g_autoptr(Xep174Element) iq = xep174_element_parse (whole, NULL);

  g_assert_nonnull (iq);
  g_string_truncate (f->answers, 0);
  xep174_feature_host_send_async (XEP174_FEATURE_HOST (f->offerer), JULIET, iq, NULL, NULL, NULL);
}

static void
offer_at (Fixture    *f,
          const char *address,
          const char *name,
          const char *attributes)
{
  g_autofree char *query
    = g_strdup_printf ("<query xmlns='jabber:iq:oob'><url type='file' mimeType='text/plain' %s>"
                       "\nhttp://%s:%u/1f/%s</url><desc/></query>", attributes, address,
                       f->server != NULL ? http_server_get_port (f->server) : 1, name);

  say (f, query);
}

/* Offers @size octets, -1 without saying so, and waits for the end of it. */
static Xep174Transfer *
fetch (Fixture *f,
       gssize   size)
{
  g_autofree char *attributes
    = size >= 0 ? g_strdup_printf ("size='%" G_GSSIZE_FORMAT "'", size) : g_strdup ("");
  guint before = f->sides.n_offered;

  offer_at (f, HERE, "sonnet.txt", attributes);
  wait_until (f->sides.n_offered > before);
  wait_until (xep174_transfer_has_ended (side_last (&f->sides.juliet)) && f->answers->len > 0);

  return side_last (&f->sides.juliet);
}

static void
remove_it (Fixture *f)
{
  g_assert_true (g_file_delete (xep174_transfer_get_file (side_last (&f->sides.juliet)), NULL, NULL));
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
test_comes (Fixture       *f,
            gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 4096, 1024 * 1024 + 7 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (Kind kind = MEASURED; kind <= BOTH; kind++)
      {
        g_autofree char *octets = sides_make_file (&f->sides, sizes[i]);
        Xep174Transfer *transfer;

        begin_serving (f, HERE, reply_with (octets, sizes[i], kind), 1000, kind == CHUNKS);
        transfer = fetch (f, sizes[i]);
        g_assert_cmpstr (f->answers->str, ==, TAKEN);
        g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
        g_assert_cmpuint (xep174_transfer_get_done (transfer), ==, sizes[i]);
        g_assert_cmpstr (xep174_transfer_get_media_type (transfer), ==, "text/plain");
        g_assert_null (xep174_transfer_get_sha256 (transfer));
        sides_check (&f->sides, octets, sizes[i]);
        g_assert_cmpuint (http_server_get_n (f->server), ==, 1);
        remove_it (f);
      }
}

static void
test_request (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *heard = NULL;
  g_autofree char *expected = NULL;

  begin_serving (f, HERE, text (OK "Content-Length: 1\r\n\r\na"), 1, FALSE);
  fetch (f, 1);
  heard = http_server_dup_heard (f->server);
  expected = g_strdup_printf ("GET /1f/sonnet.txt HTTP/1.1\r\nHost: " HERE ":%u\r\n",
                              http_server_get_port (f->server));
  g_assert_true (g_str_has_prefix (heard, expected));
}

/* Nobody has said how much it is: then the reply does, and what may come holds for that, too. */
static void
test_unsized (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (&f->sides, 70000);
  Xep174Transfer *transfer;

  for (Kind kind = MEASURED; kind <= BOTH; kind += BOTH - MEASURED)
    {
      begin_serving (f, HERE, reply_with (octets, 70000, kind), 1000, FALSE);
      transfer = fetch (f, -1);
      g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
      g_assert_cmpuint (xep174_transfer_get_size (transfer), ==, 70000);
      sides_check (&f->sides, octets, 70000);
      remove_it (f);
    }

  begin_serving (f, HERE, reply_with (octets, 70000, CHUNKS), 1000, FALSE);
  transfer = fetch (f, -1);
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_NOT_SUPPORTED);
  xep174_files_set_max_size (f->sides.juliet.files, 69999);
  begin_serving (f, HERE, reply_with (octets, 70000, MEASURED), 1000, FALSE);
  transfer = fetch (f, -1);
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_TOO_LARGE);
  g_assert_cmpstr (f->answers->str, ==, MISSING);
  wait_until (sides_count (&f->sides) == 0);
}

static void
test_name (Fixture       *f,
           gconstpointer  data)
{
  begin_serving (f, HERE, text (OK "Content-Length: 1\r\n\r\na"), 9, FALSE);
  offer_at (f, HERE, "..%2F..%2F.bashrc", "size='1'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (xep174_transfer_get_name (side_last (&f->sides.juliet)), ==, "bashrc");
  g_assert_cmpuint (sides_count (&f->sides), ==, 1);
}

/* --- What does not --------------------------------------------------------------------------- */

static void
test_lies (Fixture       *f,
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

      begin_serving (f, HERE, text (rows[i].reply), 1000, FALSE);
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
test_nobody_there (Fixture       *f,
                   gconstpointer  data)
{
  Xep174Transfer *transfer = fetch (f, 3);

  g_assert_error (xep174_transfer_get_error (transfer), G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (f->answers->str, ==, MISSING);
  wait_until (sides_count (&f->sides) == 0);
}

static void
test_declined (Fixture       *f,
               gconstpointer  data)
{
  begin_serving (f, HERE, text (OK "\r\nabc"), 1000, FALSE);
  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (side_last (&f->sides.juliet) != NULL);
  g_assert_cmpuint (f->answers->len, ==, 0);
  xep174_transfer_decline (side_last (&f->sides.juliet));
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, REFUSED);
  g_assert_cmpuint (http_server_get_n (f->server), ==, 0);
}

/* While nothing has come of the reply, while it is looked at, and while the file comes. */
static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  static const char *const replies[] = { "", OK, OK "Content-Length: 3\r\n\r\na", CHUNKED "2\r\na" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      guint before = f->sides.n_offered;
      Xep174Transfer *transfer;

      begin_serving (f, HERE, text (replies[i]), 1000, TRUE);
      offer_at (f, HERE, "sonnet.txt", "size='3'");
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

/* --- Nobody is asked ------------------------------------------------------------------------- */

#define QUERY(attributes, url) "<query xmlns='jabber:iq:oob'><url " attributes ">" url "</url></query>"

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  static const struct { const char *query, *answer; } rows[] = {
    { "<query xmlns='jabber:iq:oob'/>", BAD },
    { "<query xmlns='jabber:iq:oob'><desc>a</desc></query>", BAD },
    { QUERY ("size='3'", ""), BAD },
    { QUERY ("size='3'", "https://" HERE "/a"), BAD },
    { QUERY ("size='3'", "file:///etc/passwd"), BAD },
    { QUERY ("size='3'", "http://user@" HERE "/a"), BAD },
    { QUERY ("size='3'", "http://example.org/a"), BAD },
    { QUERY ("size='x'", "http://" HERE "/a"), BAD },
    { QUERY ("size='-1'", "http://" HERE "/a"), BAD },
    { QUERY ("type='directory' size='3'", "http://" HERE "/a/"), BAD },
    { QUERY ("type='directory' size='3'", "http://" HERE "/a"), REFUSED },
    { QUERY ("size='9'", "http://" HERE "/a"), REFUSED },
    /* Somebody else's host, and what is none. */
    { QUERY ("size='3'", "http://" THERE "/a"), REFUSED },
    { QUERY ("size='3'", "http://192.0.2.1/a"), REFUSED },
    { QUERY ("size='3'", "http://[2001:db8::1]/a"), REFUSED },
    { QUERY ("size='3'", "http://0.0.0.0/a"), REFUSED },
    { QUERY ("size='3'", "http://255.255.255.255/a"), REFUSED },
    { QUERY ("size='3'", "http://224.0.0.251/a"), REFUSED },
    { QUERY ("size='3'", "http://[::ffff:192.0.2.1]/a"), REFUSED },
  };

  xep174_files_set_max_size (f->sides.juliet.files, 8);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      say (f, rows[i].query);
      wait_until (f->answers->len > 0);
      if (!g_str_equal (f->answers->str, rows[i].answer))
        g_error ("%s is answered with %s", rows[i].query, f->answers->str);
      g_assert_null (side_last (&f->sides.juliet));
    }
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
}

/* The host of the contact may have another address than the conversation; and a name is not looked up. */
static void
test_other_address (Fixture       *f,
                    gconstpointer  data)
{
  begin_serving (f, THERE, text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);

  begin_serving (f, HERE, text (OK "\r\nabc"), 1000, FALSE);
  offer_at (f, "nobody-knows-it.local", "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);
}

/* Nobody is asked before it is clear whose the address is. */
static void
test_late (Fixture       *f,
           gconstpointer  data)
{
  begin_serving (f, THERE, text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  f->sides.n_offered = 0;

  test_book_set_slow (f->sides.book, TRUE);
  offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (test_book_count_questions (f->sides.book) == 1);
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
  test_book_set_slow (f->sides.book, FALSE);
  test_book_answer (f->sides.book);
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);

  /* And nobody at all who has gone meanwhile. */
  test_book_set_slow (f->sides.book, TRUE);
  offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (test_book_count_questions (f->sides.book) == 1);
  side_kill (&f->sides.juliet);
  test_book_answer (f->sides.book);
  g_assert_cmpuint (f->sides.n_offered, ==, 1);
}

static Xep174Transfer *
offer_and_wait (Fixture    *f,
                const char *address)
{
  guint before = f->sides.n_offered;

  f->sides.accepts_nothing = TRUE;
  offer_at (f, address, "sonnet.txt", "size='3'");
  wait_until (f->sides.n_offered > before);

  return side_last (&f->sides.juliet);
}

static void
accept (Fixture        *f,
        Xep174Transfer *transfer)
{
  g_autoptr(GFile) folder = g_file_new_for_path (f->sides.keep);

  xep174_transfer_accept_async (transfer, folder, NULL, NULL, NULL);
  wait_until (xep174_transfer_has_ended (transfer));
}

static void
end_conversation (Fixture *f)
{
  Xep174Session *session = xep174_session_manager_find_session (f->offerer, JULIET);

  xep174_session_close_async (session, NULL, NULL, NULL);
  wait_until ((session = xep174_session_manager_find_session (f->sides.juliet.manager, MERCUTIO)) == NULL
              || xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED);
}

/* Hours may go by before a person accepts: the host may be somebody else's by then. */
static void
test_moved (Fixture       *f,
            gconstpointer  data)
{
  Xep174Transfer *transfer;

  begin_serving (f, THERE, text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  transfer = offer_and_wait (f, THERE);
  test_book_move (f->sides.book, HERE);
  accept (f, transfer);
  g_assert_error (xep174_transfer_get_error (transfer), XEP174_TRANSFER_ERROR,
                  XEP174_TRANSFER_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (http_server_get_n (f->server), ==, 0);
  wait_until (f->answers->len > 0 && sides_count (&f->sides) == 0);
  g_assert_cmpstr (f->answers->str, ==, MISSING);
}

/* Where there is no conversation any more the directory knows. */
static void
test_conversation_ended (Fixture       *f,
                         gconstpointer  data)
{
  Xep174Transfer *transfer;

  begin_serving (f, HERE, text (OK "\r\nabc"), 1000, FALSE);
  transfer = offer_and_wait (f, HERE);
  end_conversation (f);
  accept (f, transfer);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  remove_it (f);

  transfer = offer_and_wait (f, HERE);
  end_conversation (f);
  test_book_move (f->sides.book, NULL);
  accept (f, transfer);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (FAILED));
  g_assert_cmpuint (http_server_get_n (f->server), ==, 1);
}

/* The directory takes its time, and the person has second thoughts. */
static void
test_cancelled_unsure (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr(GFile) folder = g_file_new_for_path (f->sides.keep);
  Xep174Transfer *transfer;

  begin_serving (f, THERE, text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  transfer = offer_and_wait (f, THERE);
  test_book_set_slow (f->sides.book, TRUE);
  xep174_transfer_accept_async (transfer, folder, NULL, NULL, NULL);
  wait_until (test_book_count_questions (f->sides.book) == 1);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (CONNECTING));
  xep174_transfer_cancel (transfer);
  test_book_answer (f->sides.book);
  wait_until (f->answers->len > 0 && sides_count (&f->sides) == 0);
  g_assert_cmpstr (f->answers->str, ==, REFUSED);
  g_assert_cmpuint (http_server_get_n (f->server), ==, 0);
}

static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  for (guint i = 0; i <= XEP174_FILES_MAX_OFFERS; i++)
    offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TOO_MANY);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_files_get_transfers (f->sides.juliet.files)), ==,
                    XEP174_FILES_MAX_OFFERS);
}

/* T5: the file would come in the clear. */
static void
test_encrypted (Fixture       *f,
                gconstpointer  data)
{
  begin_serving (f, HERE, text (OK "\r\nabc"), 1000, FALSE);
  offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_true (xep174_session_is_encrypted (xep174_session_manager_find_session (f->offerer, JULIET)));
  g_assert_cmpstr (f->answers->str, ==, REFUSED);
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
  g_assert_cmpuint (http_server_get_n (f->server), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/transfer-oob/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("comes", test_comes);
  ADD ("request", test_request);
  ADD ("unsized", test_unsized);
  ADD ("name", test_name);
  ADD ("lies", test_lies);
  ADD ("nobody-there", test_nobody_there);
  ADD ("declined", test_declined);
  ADD ("cancelled", test_cancelled);
  ADD ("refused", test_refused);
  ADD ("other-address", test_other_address);
  ADD ("late", test_late);
  ADD ("moved", test_moved);
  ADD ("conversation-ended", test_conversation_ended);
  ADD ("cancelled-unsure", test_cancelled_unsure);
  ADD ("X8-many", test_many);
#ifdef HAVE_GNUTLS
  g_test_add ("/transfer-oob/encrypted", Fixture, "", set_up, test_encrypted, tear_down);
#endif

  return g_test_run ();
}
