/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* X8, S7: much to send, both ways, and peers that do not take it. */

#include "raw-peer.h"

#include "xep174-element-private.h"
#include "xep174-session-private.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define BURST 2500

typedef struct
{
  Stage *stage;
  Xep174SessionManager *juliet;
  Xep174SessionManager *romeo;
} Pair;

static void
pair_set_up (Pair          *pair,
             gconstpointer  data)
{
  pair->stage = stage_new ();
  pair->juliet = stage_manager_new (pair->stage, "juliet@capulet");
  pair->romeo = stage_manager_new (pair->stage, "romeo@montague");
}

static void
pair_tear_down (Pair          *pair,
                gconstpointer  data)
{
  g_assert_finalize_object (pair->juliet);
  g_assert_finalize_object (pair->romeo);
  stage_settle (pair->stage);
  stage_free (pair->stage);
}

static void
pair_connect (Pair *pair)
{
  MemoryStream *near_end;
  MemoryStream *far_end;

  memory_stream_new_pair (&near_end, &far_end);
  g_assert_true (xep174_session_manager_add_connection (pair->juliet, G_IO_STREAM (near_end),
                                                        XEP174_SESSION_ROLE_INITIATOR,
                                                        "romeo@montague", NULL));
  g_assert_true (xep174_session_manager_add_connection (pair->romeo, G_IO_STREAM (far_end),
                                                        XEP174_SESSION_ROLE_RECIPIENT, NULL,
                                                        NULL));
  g_object_unref (near_end);
  g_object_unref (far_end);
  stage_settle (pair->stage);
  stage_advance (pair->stage, 1000);
  g_free (stage_take_log (pair->stage));
}

static guint
count (const char *log,
       const char *line)
{
  guint n = 0;

  for (const char *at = strstr (log, line); at != NULL; at = strstr (at + 1, line))
    n++;
  return n;
}

/* S7: both say more than may be unconfirmed at a time; the receipts do not wait behind it. */
static void
test_burst (Pair          *pair,
            gconstpointer  data)
{
  g_autofree char *log = NULL;

  pair_connect (pair);
  for (guint i = 0; i < BURST; i++)
    {
      stage_send (pair->stage, pair->juliet, "romeo@montague", "j");
      stage_send (pair->stage, pair->romeo, "juliet@capulet", "r");
    }
  stage_settle (pair->stage);
  log = stage_take_log (pair->stage);
  g_assert_cmpuint (count (log, "got j\n"), ==, BURST);
  g_assert_cmpuint (count (log, "got r\n"), ==, BURST);
  g_assert_cmpuint (count (log, "unconfirmed"), ==, 0);
}

/* --- Answers of the program -------------------------------------------------------------- */

#define SHOUTS 6000
/* What may wait for a contact, and what its items and the allocator take beside the octets. */
#define MOST_WAITING (4 * 1024 * 1024 + 1000)

/* A program that answers whatever comes and does not look what becomes of it. */
static gboolean
shout_back (Xep174Session *session,
            Xep174Element *stanza,
            gpointer       data)
{
  if (xep174_element_is (stanza, "message", NULL)
      || xep174_element_is (stanza, "message", XEP174_NS_CLIENT))
    xep174_session_send_xml_async (session, data, NULL, NULL, NULL);
  return FALSE;
}

static Xep174Session *
let_shout_back (Raw        *raw,
                const char *reply)
{
  Xep174Session *session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);

  g_signal_connect (session, "stanza-received", G_CALLBACK (shout_back), (gpointer) reply);
  return session;
}

static gsize
count_waiting (Xep174Session *session,
               const char    *reply)
{
  return session->queue.length * strlen (reply);
}

static char *
make_reply (void)
{
  g_autofree char *filling = g_strnfill (900, 'x');

  return g_strdup_printf ("<message xmlns='jabber:client'><body>%s</body></message>", filling);
}

/* The contact reads what has come, and answers the last ping in it, if there is one. */
static void
answer_pings (Raw          *raw,
              MemoryStream *end)
{
  g_autofree char *heard = memory_stream_hear (end);
  const char *ping = g_strrstr (heard, "id='xep174-ping-");
  g_autofree char *pong = NULL;

  if (ping == NULL)
    return;

  pong = g_strdup_printf ("<iq type='result' %.*s/>", (int) strcspn (ping, ">"), ping);
  raw_say (raw, end, pong);
}

/* X8: who makes the program talk and does not listen is not listened to any more; it loses nothing. */
static void
test_deaf_shouter (Raw           *raw,
                   gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(GString) written = g_string_new (NULL);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply ();

  session = let_shout_back (raw, reply);
  g_object_set (raw->manager, "idle-interval", 0, NULL);
  memory_stream_set_room (ours, 1000);
  for (guint i = 0; i < SHOUTS; i++)
    memory_stream_say (end, "<message><body>Ho!</body></message>");
  stage_settle (raw->stage);
  g_test_message ("%" G_GSIZE_FORMAT " octets wait", count_waiting (session, reply));
  g_assert_cmpuint (count_waiting (session, reply), <, MOST_WAITING);
  g_assert_cmpuint (session->queue.length, >, 1000);

  memory_stream_set_room (ours, G_MAXUINT);
  while (session->queue.length > 0)
    {
      stage_advance (raw->stage, XEP174_RECEIPT_AGE_MS);
      answer_pings (raw, end);
    }
  memory_stream_copy_written (ours, written);
  g_assert_cmpuint (count (written->str, "</message>"), ==, SHOUTS);
}

/* X8: who listens and gives no receipts is not listened to for ever either. For as long as that is
 * so time counts as receipt; then silence is what it is (X9), and the rest waits for another stream. */
static void
test_shouter_without_receipts (Raw           *raw,
                               gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply ();
  g_autofree char *log = NULL;

  session = let_shout_back (raw, reply);
  for (guint i = 0; i < SHOUTS; i++)
    memory_stream_say (end, "<message><body>Ho!</body></message>");
  stage_settle (raw->stage);
  g_assert_cmpuint (count_waiting (session, reply), <, MOST_WAITING);
  stage_advance (raw->stage, 5 * XEP174_RECEIPT_AGE_MS);
  log = stage_take_log (raw->stage);
  g_assert_cmpuint (count (log, "got Ho!"), ==, SHOUTS);
  g_assert_cmpuint (count (log, "unconfirmed"), ==, 0);

  for (guint i = 0; i < 60 && !raw_is_dialled (raw); i++)
    stage_advance (raw->stage, 5000);
  g_clear_pointer (&log, g_free);
  log = stage_take_log (raw->stage);
  g_assert_cmpuint (count (log, "unconfirmed"), >, 1000);
  g_assert_cmpuint (count (log, "closed romeo@montague: no sign of life any more"), ==, 1);
  g_assert_true (raw_is_dialled (raw));
  g_assert_cmpuint (session->queue.length, >, 0);
}

/* --- What the program sends of its own accord -------------------------------------------- */

#define SENDS 10000

static gsize
get_heap (void)
{
#ifdef __GLIBC_PREREQ
#if __GLIBC_PREREQ (2, 33)
  return mallinfo2 ().uordblks;
#endif
#endif
  return 0;
}

static void
on_pending_end (GObject      *session,
                GAsyncResult *result,
                gpointer      data)
{
  (*(guint *) data)++;
}

/* X8: a send that cannot be written stays pending, and costs the stanza and its task: not its octets
 * once more. */
static void
test_pending (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply ();
  g_autoptr(Xep174Element) stanza = xep174_element_parse (reply, -1, NULL);
  gsize before, each;
  guint n_ended = 0;

  session = xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
  memory_stream_set_room (ours, 0);
  before = get_heap ();
  for (guint i = 0; i < SENDS; i++)
    xep174_session_send_async (session, stanza, NULL, on_pending_end, &n_ended);
  stage_settle (raw->stage);
  each = (get_heap () - before) / SENDS;
  g_assert_cmpuint (n_ended, ==, 0);
  g_test_message ("%u sends pending, %" G_GSIZE_FORMAT " octets each beside the stanza", SENDS, each);
  g_assert_cmpuint (each, <, 700);

  memory_stream_break (end);
  xep174_session_manager_stop_async (raw->manager, NULL, NULL, NULL);
  stage_advance (raw->stage, 20000);
  g_assert_cmpuint (n_ended, ==, SENDS);
}

/* --- Receipts ---------------------------------------------------------------------------- */

static MemoryStream *
open_stream (Raw      *raw,
             gboolean  legacy)
{
  MemoryStream *end = raw_come_in (raw);

  raw_say_header (raw, end, legacy);
  raw_say_message (raw, end, "hail");
  stage_advance (raw->stage, 1000);
  g_free (memory_stream_hear (end));
  g_free (stage_take_log (raw->stage));
  return end;
}

/* S7: a bare end of TCP (Gajim's habit) is no fault, and no receipt either. */
static void
test_bare_end (Raw           *raw,
               gconstpointer  data)
{
  for (guint legacy = 0; legacy < 2; legacy++)
    {
      MemoryStream *end = open_stream (raw, legacy);

      stage_send (raw->stage, raw->manager, raw->peer, "one");
      stage_advance (raw->stage, 3000);
      g_free (memory_stream_hear (end));
      g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
      raw_log (raw, "sent one\nunconfirmed one\nclosed romeo@montague\n");
    }
}

/* S7: behind the closing tag of a peer without a version the end of TCP is awaited only if what it
 * may not have read was written just before; and only that is reported. */
static void
test_crossed_footers (Raw           *raw,
                      gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, TRUE);

  stage_send (raw->stage, raw->manager, raw->peer, "old");
  stage_advance (raw->stage, 1500);
  stage_close (raw->stage, raw->manager, raw->peer);
  raw_say (raw, end, FOOTER);
  raw_log (raw, "sent old\nclosing romeo@montague\nclosed romeo@montague\nclose\n");

  end = open_stream (raw, TRUE);
  stage_send (raw->stage, raw->manager, raw->peer, "old");
  stage_advance (raw->stage, 1500);
  stage_send (raw->stage, raw->manager, raw->peer, "new");
  stage_close (raw->stage, raw->manager, raw->peer);
  raw_say (raw, end, FOOTER);
  raw_log (raw, "sent old\nclosing romeo@montague\nsent new\n");
  stage_advance (raw->stage, 1500);
  g_free (memory_stream_hear (end));
  g_io_stream_close (G_IO_STREAM (end), NULL, NULL);
  raw_log (raw, "unconfirmed new\nclosed romeo@montague\nclose\n");
}

/* S7: a program that hangs while its host takes what we say. However long that lasts, nothing of it
 * counts as received; in the end silence ends the session (X9), and all is reported. */
static void
test_hung (Raw           *raw,
           gconstpointer  data)
{
  open_stream (raw, FALSE);
  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_advance (raw->stage, 2 * XEP174_RECEIPT_AGE_MS);
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  raw_log (raw, "sent one\nsent two\n");
  stage_advance (raw->stage, 300000);
  raw_log (raw, "unconfirmed one\nunconfirmed two\n"
                "closed romeo@montague: no sign of life any more\n");
}

/* S7: a program that takes its time is not taken for one that hangs, and its late receipt counts. */
static void
test_slow (Raw           *raw,
           gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_advance (raw->stage, 2 * XEP174_RECEIPT_AGE_MS);
  answer_pings (raw, end);
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  raw_log (raw, "sent one\nsent two\n");
  memory_stream_break (end);
  raw_log (raw, "unconfirmed two\nclosed romeo@montague: Connection reset\n");
}

#define SMALLER "juliet@capulet"

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/queue/S7/burst", Pair, NULL, pair_set_up, test_burst, pair_tear_down);
  g_test_add ("/queue/X8/pending", Raw, SMALLER, raw_set_up, test_pending, raw_tear_down);
  g_test_add ("/queue/X8/deaf-shouter", Raw, SMALLER, raw_set_up, test_deaf_shouter,
              raw_tear_down);
  g_test_add ("/queue/X8/shouter-without-receipts", Raw, SMALLER, raw_set_up,
              test_shouter_without_receipts, raw_tear_down);
  g_test_add ("/queue/S7/bare-end", Raw, SMALLER, raw_set_up, test_bare_end, raw_tear_down);
  g_test_add ("/queue/S7/crossed-footers", Raw, SMALLER, raw_set_up, test_crossed_footers,
              raw_tear_down);
  g_test_add ("/queue/S7/hung", Raw, SMALLER, raw_set_up, test_hung, raw_tear_down);
  g_test_add ("/queue/S7/slow", Raw, SMALLER, raw_set_up, test_slow, raw_tear_down);
  return g_test_run ();
}
