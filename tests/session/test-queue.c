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
#define SHOUTS_LONG 200
/* What may wait for a contact, and what its items and the allocator take beside the octets. */
#define MOST_WAITING (4 * 1024 * 1024 + 1000)

/* A program that answers whatever comes and does not look what becomes of it. */
static gboolean
shout_back (Xep174Session *session,
            Xep174Element *stanza,
            gpointer       data)
{
  if (xep174_element_matches (stanza, "message", XEP174_NS_CLIENT))
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
make_reply_of (gsize length)
{
  g_autofree char *filling = g_strnfill (length, 'x');

  return g_strdup_printf ("<message xmlns='jabber:client'><body>%s</body></message>", filling);
}

static char *
make_reply (void)
{
  return make_reply_of (900);
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

/* The same with a long text, which is not printed before its turn. */
static void
test_deaf_shouter_long (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply_of (50000);

  session = let_shout_back (raw, reply);
  memory_stream_set_room (ours, 1000);
  for (guint i = 0; i < SHOUTS_LONG; i++)
    memory_stream_say (end, "<message><body>Ho!</body></message>");
  stage_settle (raw->stage);
  g_assert_cmpuint (count_waiting (session, reply), <, MOST_WAITING + strlen (reply));
  g_assert_cmpuint (count_waiting (session, reply), >, MOST_WAITING / 2);
}

/* X9: the silence of whom we do not listen to is none, however short `idle-interval` is. A probe that
 * the program asks for (D22) waits, too. What went out after a while has waited for its receipt only
 * since then, and that lies in what we have not read (S7). */
static void
be_deaf_for_long (Raw          *raw,
                  MemoryStream *ours,
                  MemoryStream *end)
{
  g_autofree char *log = NULL;

  g_object_set (raw->manager, "idle-interval", 10000, NULL);
  memory_stream_set_room (ours, 1000);
  for (guint i = 0; i < SHOUTS; i++)
    memory_stream_say (end, "<message><body>Ho!</body></message>");
  stage_advance (raw->stage, 30000);
  memory_stream_set_room (ours, 300000);
  xep174_session_manager_probe (raw->manager);
  stage_advance (raw->stage, 95000);
  log = stage_take_log (raw->stage);
  g_assert_nonnull (strstr (log, "got Ho!"));
  g_assert_null (strstr (log, "clos"));
}

static void
test_deaf_shouter_idle (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply ();
  g_autofree char *log = NULL;

  session = let_shout_back (raw, reply);
  be_deaf_for_long (raw, ours, end);
  memory_stream_set_room (ours, G_MAXUINT);
  while (session->queue.length > 0)
    {
      stage_advance (raw->stage, 1000);
      answer_pings (raw, end);
    }
  log = stage_take_log (raw->stage);
  g_assert_null (strstr (log, "clos"));
  g_assert_null (strstr (log, "unconfirmed"));
}

/* S9: but nobody is locked out for it. */
static void
test_deaf_shouter_left (Raw           *raw,
                        gconstpointer  data)
{
  MemoryStream *end = raw_open_recipient (raw);
  g_autoptr(MemoryStream) ours = memory_stream_dup_other (end);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *reply = make_reply ();

  session = let_shout_back (raw, reply);
  be_deaf_for_long (raw, ours, end);
  end = raw_come_in (raw);
  raw_say_header (raw, end, FALSE);
  stage_advance (raw->stage, 4000);
  raw_hear_header (raw, end, TRUE, FEATURES);
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
  guint heard = 0;

  session = let_shout_back (raw, reply);
  for (guint i = 0; i < SHOUTS; i++)
    memory_stream_say (end, "<message><body>Ho!</body></message>");
  stage_settle (raw->stage);
  g_assert_cmpuint (count_waiting (session, reply), <, MOST_WAITING);
  /* How often depends on what an item takes beside its octets, and so on the machine. */
  for (guint i = 0; i < 5 && heard < SHOUTS; i++)
    {
      g_autofree char *told = NULL;

      stage_advance (raw->stage, XEP174_RECEIPT_AGE_MS);
      told = stage_take_log (raw->stage);
      heard += count (told, "got Ho!");
      g_assert_cmpuint (count (told, "unconfirmed"), ==, 0);
    }
  g_assert_cmpuint (heard, ==, SHOUTS);

  for (guint i = 0; i < 150 && !raw_is_dialled (raw); i++)
    stage_advance (raw->stage, 5000);
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
  g_autoptr(Xep174Element) stanza = xep174_element_parse (reply, NULL);
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

/* S7: what was written behind a ping is asked for as soon as that was answered. */
static void
test_behind_a_ping (Raw           *raw,
                    gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);

  stage_send (raw->stage, raw->manager, raw->peer, "one");
  stage_advance (raw->stage, 10000);
  stage_send (raw->stage, raw->manager, raw->peer, "two");
  answer_pings (raw, end);
  stage_advance (raw->stage, 10000);
  answer_pings (raw, end);
  raw_log (raw, "sent one\nsent two\n");
  memory_stream_break (end);
  raw_log (raw, "closed romeo@montague: Connection reset\n");
}

/* S7: who refuses a message has read it, and those before it. */
static void
test_refused (Raw           *raw,
              gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);
  const char *const ids[] = { "a", "b", "c", NULL };

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *xml = g_strdup_printf ("<message xmlns='jabber:client' id='%s'><body>%s</body>"
                                              "</message>", ids[i], ids[i]);

      stage_send_xml (raw->stage, raw->manager, raw->peer, xml, NULL);
    }
  raw_say (raw, end, "<message type='error' id='b'><error type='cancel'/></message>");
  memory_stream_break (end);
  raw_log (raw, "got <message xmlns='jabber:client' type='error' id='b' from='romeo@montague' "
                "to='juliet@capulet'><error type='cancel'/></message>\n"
                "sent a\nsent b\nsent c\nunconfirmed c\n"
                "closed romeo@montague: Connection reset\n");
}

/* --- A peer of version 1.0 that talks and answers no ping (Swiften, loudmouth) ----------- */

#define MORE_THAN_THE_BOUND 1100
/* Stanzas, and the pings among them. */
#define MOST_UNCONFIRMED 1030

static Xep174Session *
send_many (Raw *raw)
{
  for (guint i = 0; i < MORE_THAN_THE_BOUND; i++)
    {
      g_autofree char *body = g_strdup_printf ("n%u.", i);

      stage_send (raw->stage, raw->manager, raw->peer, body);
    }
  stage_settle (raw->stage);
  return xep174_session_manager_ensure_session (raw->manager, raw->peer, NULL);
}

static void
talk_for (Raw          *raw,
          MemoryStream *end,
          guint         ms)
{
  for (guint left = ms; left > 0; left -= MIN (left, 20000))
    {
      stage_advance (raw->stage, MIN (left, 20000));
      raw_say_message (raw, end, "Ho!");
    }
}

static guint
count_written (Xep174Session *session)
{
  guint n = 0;

  for (guint i = 0; i < XEP174_ARBITER_N_SLOTS; i++)
    if (session->slots[i] != NULL)
      n += session->slots[i]->written.length;
  return n;
}

static void
assert_each_once (const char *log,
                  const char *what,
                  guint       n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = g_strdup_printf ("%s n%u.\n", what, i);

      g_assert_cmpuint (count (log, line), ==, 1);
    }
}

/* S7: its talk is no receipt, and no silence either that would end the session (X9). What a ping of
 * 90 s ago has asked for in vain is reported, once, and what waits behind the bound goes out. */
static void
test_talker (Raw           *raw,
             gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);
  g_autoptr(Xep174Session) session = send_many (raw);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *last = NULL;

  talk_for (raw, end, XEP174_RECEIPT_AGE_MS - 5000);
  last = stage_take_log (raw->stage);
  g_string_append (log, last);
  g_assert_cmpuint (count (log->str, "unconfirmed"), ==, 0);
  for (guint i = 0; i < 15; i++)
    {
      talk_for (raw, end, 20000);
      g_assert_cmpuint (count_written (session), <=, MOST_UNCONFIRMED);
      g_free (last);
      last = stage_take_log (raw->stage);
      g_string_append (log, last);
    }
  assert_each_once (log->str, "unconfirmed", 64);
  assert_each_once (log->str, "sent", MORE_THAN_THE_BOUND);
  g_assert_cmpuint (count (log->str, "closed"), ==, 0);

  memory_stream_break (end);
  stage_settle (raw->stage);
  g_free (last);
  last = stage_take_log (raw->stage);
  g_string_append (log, last);
  assert_each_once (log->str, "unconfirmed", MORE_THAN_THE_BOUND);
}

/* S7: one that answers late, but within 90 s, has nothing of it reported. */
static void
test_slow_talker (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);
  G_GNUC_UNUSED g_autoptr(Xep174Session) session = send_many (raw);
  g_autoptr(GString) log = g_string_new (NULL);

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *more = NULL;

      talk_for (raw, end, XEP174_RECEIPT_AGE_MS - 15000);
      answer_pings (raw, end);
      more = stage_take_log (raw->stage);
      g_string_append (log, more);
    }
  assert_each_once (log->str, "sent", MORE_THAN_THE_BOUND);
  g_assert_cmpuint (count (log->str, "unconfirmed"), ==, 0);
  g_assert_cmpuint (count (log->str, "got <iq"), ==, 0);
}

static gboolean
count_up (guint *n)
{
  (*n)++;
  return FALSE;
}

/* S7: a ping that was answered after all, too late, is nothing for the program. */
static void
test_late_answer (Raw           *raw,
                  gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);
  g_autoptr(Xep174Session) session = send_many (raw);
  guint n_stanzas = 0;

  talk_for (raw, end, XEP174_RECEIPT_AGE_MS + 20000);
  g_signal_connect_swapped (session, "stanza-received", G_CALLBACK (count_up), &n_stanzas);
  raw_say (raw, end, "<iq type='result' id='xep174-ping-1'/>");
  g_assert_cmpuint (n_stanzas, ==, 0);
  raw_say (raw, end, "<iq type='result' id='xep174-ping-99'/>");
  g_assert_cmpuint (n_stanzas, ==, 1);
}

static void
drop_manager (Raw *raw)
{
  g_clear_object (&raw->manager);
}

static void
on_unconfirmed (Xep174Session *session,
                Xep174Element *stanza,
                guint         *n)
{
  (*n)++;
}

/* S7: a program that gives up everything when it is told hears of all the same. */
static void
test_talker_dropped (Raw           *raw,
                     gconstpointer  data)
{
  MemoryStream *end = open_stream (raw, FALSE);
  g_autoptr(Xep174Session) session = send_many (raw);
  g_autofree char *log = NULL;
  guint n_unconfirmed = 0;
  guint n_sent;

  g_signal_connect (session, "stanza-unconfirmed", G_CALLBACK (on_unconfirmed), &n_unconfirmed);
  g_signal_connect_swapped (session, "stanza-unconfirmed", G_CALLBACK (drop_manager), raw);
  for (guint i = 0; i < 8 && raw->manager != NULL; i++)
    talk_for (raw, end, 20000);
  g_assert_null (raw->manager);
  stage_settle (raw->stage);
  log = stage_take_log (raw->stage);
  n_sent = count (log, "\nsent n") + g_str_has_prefix (log, "sent n");
  g_assert_cmpuint (n_sent, >, 1000);
  g_assert_cmpuint (n_unconfirmed, ==, n_sent);
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
  g_test_add ("/queue/X8/deaf-shouter-long", Raw, SMALLER, raw_set_up, test_deaf_shouter_long,
              raw_tear_down);
  g_test_add ("/queue/X9/deaf-shouter", Raw, SMALLER, raw_set_up, test_deaf_shouter_idle,
              raw_tear_down);
  g_test_add ("/queue/S9/deaf-shouter", Raw, SMALLER, raw_set_up, test_deaf_shouter_left,
              raw_tear_down);
  g_test_add ("/queue/X8/shouter-without-receipts", Raw, SMALLER, raw_set_up,
              test_shouter_without_receipts, raw_tear_down);
  g_test_add ("/queue/S7/bare-end", Raw, SMALLER, raw_set_up, test_bare_end, raw_tear_down);
  g_test_add ("/queue/S7/crossed-footers", Raw, SMALLER, raw_set_up, test_crossed_footers,
              raw_tear_down);
  g_test_add ("/queue/S7/hung", Raw, SMALLER, raw_set_up, test_hung, raw_tear_down);
  g_test_add ("/queue/S7/slow", Raw, SMALLER, raw_set_up, test_slow, raw_tear_down);
  g_test_add ("/queue/S7/refused", Raw, SMALLER, raw_set_up, test_refused, raw_tear_down);
  g_test_add ("/queue/S7/behind-a-ping", Raw, SMALLER, raw_set_up, test_behind_a_ping,
              raw_tear_down);
  g_test_add ("/queue/S7/talker", Raw, SMALLER, raw_set_up, test_talker, raw_tear_down);
  g_test_add ("/queue/S7/slow-talker", Raw, SMALLER, raw_set_up, test_slow_talker, raw_tear_down);
  g_test_add ("/queue/S7/late-answer", Raw, SMALLER, raw_set_up, test_late_answer, raw_tear_down);
  g_test_add ("/queue/S7/talker-dropped", Raw, SMALLER, raw_set_up, test_talker_dropped,
              raw_tear_down);
  return g_test_run ();
}
