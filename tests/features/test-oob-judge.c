/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that a contact offers by their address (XEP-0066), over the loopback: what is refused before
 * anybody is asked, and whose the address is, then and when the file is fetched. */

#include "oob-sides.h"

#include "xep174-session-manager-private.h"
#include "xep174-session-private.h"

#define THERE    "127.0.0.2"
#define BAD      "400 bad-request;"
#define TOO_MANY "500 resource-constraint;"

#define QUERY(attributes, url) "<query xmlns='jabber:iq:oob'><url " attributes ">" url "</url></query>"

static void
test_refused (Oob           *f,
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
      oob_say (f, rows[i].query);
      wait_until (f->answers->len > 0);
      if (!g_str_equal (f->answers->str, rows[i].answer))
        g_error ("%s is answered with %s", rows[i].query, f->answers->str);
      g_assert_null (side_last (&f->sides.juliet));
    }
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
}

/* The host of the contact may have another address than the conversation; and a name is not looked up. */
static void
test_other_address (Oob           *f,
                    gconstpointer  data)
{
  oob_begin_serving (f, THERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  oob_offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);

  oob_begin_serving (f, HERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  oob_offer_at (f, "nobody-knows-it.local", "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);
}

/* Nobody is asked before it is clear whose the address is. */
static void
test_late (Oob           *f,
           gconstpointer  data)
{
  oob_begin_serving (f, THERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  test_book_add (f->sides.book, MERCUTIO, THERE, 1);
  oob_offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  f->sides.n_offered = 0;

  test_book_set_slow (f->sides.book, TRUE);
  oob_offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (test_book_count_questions (f->sides.book) == 1);
  g_assert_cmpuint (f->sides.n_offered, ==, 0);
  test_book_set_slow (f->sides.book, FALSE);
  test_book_answer (f->sides.book);
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TAKEN);

  /* And nobody at all who has gone meanwhile. */
  test_book_set_slow (f->sides.book, TRUE);
  oob_offer_at (f, THERE, "sonnet.txt", "size='3'");
  wait_until (test_book_count_questions (f->sides.book) == 1);
  side_kill (&f->sides.juliet);
  test_book_answer (f->sides.book);
  g_assert_cmpuint (f->sides.n_offered, ==, 1);
}

static Xep174Transfer *
offer_and_wait (Oob        *f,
                const char *address)
{
  guint before = f->sides.n_offered;

  f->sides.accepts_nothing = TRUE;
  oob_offer_at (f, address, "sonnet.txt", "size='3'");
  wait_until (f->sides.n_offered > before);

  return side_last (&f->sides.juliet);
}

static void
accept (Oob            *f,
        Xep174Transfer *transfer)
{
  g_autoptr(GFile) folder = g_file_new_for_path (f->sides.keep);

  xep174_transfer_accept_async (transfer, folder, NULL, NULL, NULL);
  wait_until (xep174_transfer_has_ended (transfer));
}

static void
end_conversation (Oob *f)
{
  Xep174Session *session = xep174_session_manager_find_session (f->offerer, JULIET);

  xep174_session_close_async (session, NULL, NULL, NULL);
  wait_until ((session = xep174_session_manager_find_session (f->sides.juliet.manager, MERCUTIO)) == NULL
              || xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED);
}

/* Hours may go by before a person accepts: the host may be somebody else's by then. */
static void
test_moved (Oob           *f,
            gconstpointer  data)
{
  Xep174Transfer *transfer;

  oob_begin_serving (f, THERE, oob_text (OK "\r\nabc"), 1000, FALSE);
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
test_conversation_ended (Oob           *f,
                         gconstpointer  data)
{
  Xep174Transfer *transfer;

  oob_begin_serving (f, HERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  transfer = offer_and_wait (f, HERE);
  end_conversation (f);
  accept (f, transfer);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (DONE));
  oob_remove (f);

  transfer = offer_and_wait (f, HERE);
  end_conversation (f);
  test_book_move (f->sides.book, NULL);
  accept (f, transfer);
  g_assert_cmpint (xep174_transfer_get_state (transfer), ==, STATE (FAILED));
  g_assert_cmpuint (http_server_get_n (f->server), ==, 1);
}

/* The directory takes its time, and the person has second thoughts. */
static void
test_cancelled_unsure (Oob           *f,
                       gconstpointer  data)
{
  g_autoptr(GFile) folder = g_file_new_for_path (f->sides.keep);
  Xep174Transfer *transfer;

  oob_begin_serving (f, THERE, oob_text (OK "\r\nabc"), 1000, FALSE);
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
test_many (Oob           *f,
           gconstpointer  data)
{
  g_signal_handlers_block_matched (f->sides.juliet.files, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, &f->sides);
  for (guint i = 0; i <= XEP174_FILES_MAX_OFFERS; i++)
    oob_offer_at (f, HERE, "sonnet.txt", "size='3'");
  wait_until (f->answers->len > 0);
  g_assert_cmpstr (f->answers->str, ==, TOO_MANY);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_files_get_transfers (f->sides.juliet.files)), ==,
                    XEP174_FILES_MAX_OFFERS);
}

/* T5: the file would come in the clear. */
static void
test_encrypted (Oob           *f,
                gconstpointer  data)
{
  oob_begin_serving (f, HERE, oob_text (OK "\r\nabc"), 1000, FALSE);
  oob_offer_at (f, HERE, "sonnet.txt", "size='3'");
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

  OOB_ADD ("/oob-judge/refused", test_refused);
  OOB_ADD ("/oob-judge/other-address", test_other_address);
  OOB_ADD ("/oob-judge/late", test_late);
  OOB_ADD ("/oob-judge/moved", test_moved);
  OOB_ADD ("/oob-judge/conversation-ended", test_conversation_ended);
  OOB_ADD ("/oob-judge/cancelled-unsure", test_cancelled_unsure);
  OOB_ADD ("/oob-judge/X8-many", test_many);
#ifdef HAVE_GNUTLS
  g_test_add ("/oob-judge/encrypted", Oob, "", oob_set_up, test_encrypted, oob_tear_down);
#endif

  return g_test_run ();
}
