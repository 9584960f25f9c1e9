/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that go on: behind the last octet, after a conversation that broke and after a restart of either
 * program. */

#include "transfer-sides.h"

#include <glib/gstdio.h>

#include "on-disk.h"

typedef enum
{
  SENDER = 1,
  RECEIVER = 2,
  BOTH = 3,
  LINK = 4,
} Broken;


#define IN_BAND "in band"
#define SIZE (3 * 1024 * 1024 + 1)

static void
end_session (Side       *side,
             const char *with)
{
  Xep174Session *session = xep174_session_manager_find_session (side->manager, with);

  xep174_session_close_async (session, NULL, NULL, NULL);
}

static void
break_off (Sides *sides,
           Broken broken)
{
  /* Both have written down what they would need. */
  wait_until (side_last (&sides->romeo)->recorded && side_last (&sides->juliet)->recorded);
  if (broken & SENDER)
    side_kill (&sides->romeo);
  if (broken & RECEIVER)
    side_kill (&sides->juliet);
  if (broken & SENDER)
    side_start (sides, &sides->romeo);
  if (broken & RECEIVER)
    side_start (sides, &sides->juliet);
  if (broken == LINK)
    end_session (&sides->romeo, JULIET);
}

/* What was there when it broke is not sent again. */
static void
test_in_band (Sides         *sides,
              gconstpointer  data,
              Broken         broken)
{
  g_autofree char *octets = sides_make_file (sides, SIZE);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = sides_send (sides);
  guint64 before;

  wait_until (side_get_done (&sides->juliet) > SIZE / 2);
  break_off (sides, broken);
  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_get_state (side_last (&sides->juliet)) == STATE (WAITING)
              && !side_last (&sides->juliet)->paused);
  before = side_get_done (&sides->juliet);
  g_assert_cmpuint (before, >, SIZE / 2);
  g_assert_cmpuint (before, <, SIZE);
  wait_until (xep174_transfer_get_state (side_last (&sides->juliet)) == STATE (MOVING));
  g_assert_cmpuint (side_get_done (&sides->juliet), >=, before);
  wait_until (sides_have_it (sides) && side_last (&sides->romeo) != NULL
              && xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (DONE));
  sides_check (sides, octets, SIZE);
  g_assert_cmpuint (sides->n_offered, ==, 1);
}

#define IN_BAND_TEST(name, broken) \
  static void \
  test_in_band_##name (Sides         *sides, \
                       gconstpointer  data) \
  { \
    test_in_band (sides, data, broken); \
  }

IN_BAND_TEST (sender, SENDER)
IN_BAND_TEST (receiver, RECEIVER)
IN_BAND_TEST (both, BOTH)
IN_BAND_TEST (link, LINK)

/* As soon as octets are on their way, or when all are over: whatever it was, the file is there in the
 * end, once. */
static void
beside (Sides *sides,
        Broken broken)
{
  const gsize size = 64 * 1024 * 1024;
  g_autofree char *octets = g_malloc0 (size);
  g_autoptr(Xep174Transfer) sent = NULL;

  g_assert_true (g_file_set_contents (sides->path, octets, size, NULL));
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL
              && xep174_transfer_get_state (side_last (&sides->juliet)) >= STATE (MOVING));
  break_off (sides, broken);
  wait_until (sides_have_it (sides));
  if (!(broken & SENDER))
    {
      wait_until (xep174_transfer_has_ended (sent));
      g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
    }
  sides_check (sides, octets, size);
  g_assert_cmpuint (sides->n_offered, ==, 1);
}

static void
test_sender (Sides         *sides,
             gconstpointer  data)
{
  beside (sides, SENDER);
}

static void
test_receiver (Sides         *sides,
               gconstpointer  data)
{
  beside (sides, RECEIVER);
}

/* The connection of the file lives on. */
static void
test_link (Sides         *sides,
           gconstpointer  data)
{
  beside (sides, LINK);
}

/* An offer that nobody has answered is made again, and asks nobody twice. */
static void
test_offered (Sides         *sides,
              gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (sides, 7);
  g_autoptr(Xep174Transfer) sent = NULL;

  sent = sides_send (sides);
  side_kill (&sides->juliet);
  wait_until (xep174_transfer_get_state (sent) == STATE (WAITING));
  sides->n_offered = 0;
  side_start (sides, &sides->juliet);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  g_assert_cmpuint (sides->n_offered, ==, 1);
  sides_check (sides, octets, 7);
}

/* What was changed meanwhile is another file: both sides are told. */
static void
test_changed (Sides         *sides,
              gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && sent->recorded);
  side_kill (&sides->romeo);
  g_assert_true (g_file_set_contents (sides->path, "something else", -1, NULL));
  side_start (sides, &sides->romeo);
  wait_until (side_last (&sides->romeo) != NULL);
  /* A program can tell it from a new one. */
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (WAITING));
  wait_until (xep174_transfer_has_ended (side_last (&sides->romeo)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->romeo)), ==, STATE (FAILED));
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (FAILED));
  wait_until (sides_count (sides) == 0);
}

/* Romeo cancels, and juliet's program ends before it has heard that: she is told when she is back, and
 * does not keep a part of which nobody has the rest. */
static void
cancel_unheard (Sides          *sides,
                Xep174Identity *of_juliet)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && side_last (&sides->juliet)->recorded);
  xep174_transfer_cancel (sent);
  side_kill (&sides->juliet);
  wait_until (side_is_closed (&sides->romeo, JULIET));
  side_start (sides, &sides->juliet);
  xep174_session_manager_set_identity (sides->juliet.manager, of_juliet);
  wait_until (side_last (&sides->juliet) != NULL);
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (WAITING));
  side_open (&sides->juliet, ROMEO);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (CANCELLED));
  wait_until (sides_count (sides) == 0);
}

static void
test_cancelled_unheard (Sides         *sides,
                        gconstpointer  data)
{
  cancel_unheard (sides, NULL);
}

/* Romeo may still hope that the stream is resumed, until there is another one (A2). */
static void
test_cancelled_unheard_encrypted (Sides         *sides,
                                  gconstpointer  data)
{
  g_autoptr(Xep174Identity) romeo = xep174_identity_generate (NULL);
  g_autoptr(Xep174Identity) juliet = xep174_identity_generate (NULL);

  xep174_session_manager_set_identity (sides->romeo.manager, romeo);
  xep174_session_manager_set_identity (sides->juliet.manager, juliet);
  cancel_unheard (sides, juliet);
}

/* So she is if romeo's program has ended, too, and then nothing is remembered any more. */
static void
test_cancelled_restarted (Sides         *sides,
                          gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && side_last (&sides->juliet)->recorded
              && sent->recorded);
  side_kill (&sides->juliet); /* Who hears nothing of it. */
  xep174_transfer_cancel (sent);
  side_kill (&sides->romeo);
  side_start (sides, &sides->juliet);
  wait_until (side_last (&sides->juliet) != NULL);
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (WAITING));
  side_start (sides, &sides->romeo);
  wait_until (xep174_transfer_has_ended (side_last (&sides->juliet)));
  g_assert_cmpint (xep174_transfer_get_state (side_last (&sides->juliet)), ==, STATE (CANCELLED));
  g_assert_null (side_last (&sides->romeo));
  wait_until (sides_count (sides) == 0 && count (sides->romeo.records) == 0
              && count (sides->juliet.records) == 0);
}

/* --- A conversation that waits for its first stanza (S1) ------------------------------------- */

#define OPENING "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " \
                "from='" JULIET "' to='" ROMEO "' version='1.0'>"

static void
write_text (GSocketConnection *connection,
            const char        *text)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_assert_true (g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL));
}

static gboolean
has_heard (GSocketConnection *connection,
           GString           *heard,
           const char        *text)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  char octets[4096];
  gssize n = g_socket_receive_with_blocking (socket, octets, sizeof octets, FALSE, NULL, NULL);

  if (n > 0)
    g_string_append_len (heard, octets, n);

  return strstr (heard->str, text) != NULL;
}

/* The feature is in use while juliet has called, and not said anything yet. */
static void
begin_anew (Side *side)
{
  Xep174FeatureHost *host = XEP174_FEATURE_HOST (side->manager);

  xep174_feature_host_remove_feature (host, XEP174_FEATURE (side->files));
  g_object_unref (side->files);
  side->files = xep174_files_new (side->records);
  g_assert_true (xep174_feature_host_add_feature (host, XEP174_FEATURE (side->files), NULL));
  wait_until (!side->files->restoring && side_last (side) != NULL);
}

static void
test_waiting (Sides         *sides,
              gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = sides_send (sides);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GString) heard = g_string_new (NULL);
  Xep174Session *session;

  wait_until (side_get_done (&sides->juliet) > SIZE / 2 && sent->recorded);
  side_kill (&sides->juliet);
  side_kill (&sides->romeo);
  side_start (sides, &sides->romeo);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", sides->romeo.port, NULL, NULL);
  write_text (connection, OPENING);
  wait_until ((session = xep174_session_manager_find_session (sides->romeo.manager, JULIET)) != NULL
              && xep174_session_get_state (session) == XEP174_SESSION_STATE_WAITING);
  begin_anew (&sides->romeo);
  g_assert_cmpint (xep174_session_get_state (session), ==, XEP174_SESSION_STATE_WAITING);
  write_text (connection, "<message from='" JULIET "' to='" ROMEO "'/>");
  wait_until (has_heard (connection, heard, "session-initiate"));
}

/* --- What is said holds after a restart ------------------------------------------------------ */

static void
assert_phase (Side       *side,
              const char *expected)
{
  g_autofree char *phase = side_dup_phase (side);

  g_assert_cmpstr (phase, ==, expected);
}

static void
on_asked (Xep174Files    *files,
          Xep174Transfer *transfer,
          Sides          *sides)
{
  assert_phase (&sides->romeo, "OFFERED");
}

/* Romeo hears that it is accepted, and that it has arrived. */
static void
on_heard (Xep174Transfer *sent,
          GParamSpec     *pspec,
          Sides          *sides)
{
  if (xep174_transfer_get_state (sent) == STATE (CONNECTING))
    assert_phase (&sides->juliet, "CONNECTING");
  if (xep174_transfer_get_state (sent) == STATE (DONE))
    assert_phase (&sides->juliet, "DONE");
}

static void
test_written_first (Sides         *sides,
                    gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = NULL;

  g_signal_connect (sides->juliet.files, "transfer-offered", G_CALLBACK (on_asked), sides);
  sent = sides_send (sides);
  g_signal_connect (sent, "notify::state", G_CALLBACK (on_heard), sides);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  sides_check (sides, octets, SIZE);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* What is over holds nothing open, also what was over before the program began. */
static void
test_nothing_open (Sides         *sides,
                   gconstpointer  data)
{
  G_GNUC_UNUSED g_autofree char *octets = sides_make_file (sides, SIZE);
  guint before = 0;

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(Xep174Transfer) sent = sides_send (sides);

      wait_until (xep174_transfer_has_ended (sent) && sent->lock < 0
                  && xep174_transfer_has_ended (side_last (&sides->juliet))
                  && g_atomic_int_get (&side_last (&sides->juliet)->lock) < 0);
      /* The first brings the conversation, too. */
      if (i == 0)
        before = count_descriptors ();
    }
  wait_until (count_descriptors () <= before);
  side_kill (&sides->juliet);
  before = count_descriptors ();
  side_start (sides, &sides->juliet);
  wait_until (!sides->juliet.files->restoring);
  for (GList *link = sides->juliet.files->known.head; link != NULL; link = link->next)
    wait_until (!((Xep174Transfer *) link->data)->paused);
  g_assert_cmpuint (g_queue_get_length (&sides->juliet.files->known), ==, 5);
  wait_until (count_descriptors () < before + 5);
}

/* Where nothing can be written down files go all the same. */
static void
test_no_records (Sides         *sides,
                 gconstpointer  data)
{
  g_autofree char *octets = sides_make_file (sides, SIZE);
  g_autoptr(Xep174Transfer) sent = NULL;

  g_assert_true (g_file_set_contents (sides->romeo.records, "", 0, NULL));
  g_assert_true (g_file_set_contents (sides->juliet.records, "", 0, NULL));
  sent = sides_send (sides);
  wait_until (xep174_transfer_has_ended (sent));
  g_assert_cmpint (xep174_transfer_get_state (sent), ==, STATE (DONE));
  sides_check (sides, octets, SIZE);
}

/* The sender begins anew while octets of before still come: first they end, and then it is told from where
 * the rest is wanted. */
static void
test_offered_while_moving (Sides         *sides,
                           gconstpointer  data)
{
  const gsize size = 64 * 1024 * 1024;
  g_autofree char *octets = g_malloc0 (size);
  G_GNUC_UNUSED g_autoptr(Xep174Transfer) sent = NULL;
  Xep174Jingle again = { .action = XEP174_JINGLE_INITIATE, .way = XEP174_JINGLE_WAY_S5B };
  g_autofree char *sid = NULL;
  Xep174Transfer *come;

  g_assert_true (g_file_set_contents (sides->path, octets, size, NULL));
  sent = sides_send (sides);
  wait_until (side_last (&sides->juliet) != NULL && side_last (&sides->juliet)->pump != NULL);
  come = side_last (&sides->juliet);
  again.sid = sid = g_strdup (come->sid);
  again.file.size = size;
  again.file.goes_on = TRUE;
  xep174_transfer_hear (come, &again, come->attempt + 1);
  g_assert_cmpint (come->fsm.state, ==, XEP174_TRANSFER_RESTING);
  g_assert_true (come->paused);
  wait_until (!come->paused);
  g_assert_cmpint (come->fsm.state, ==, XEP174_TRANSFER_CONNECTING);
  g_assert_cmpuint (come->fsm.done, ==, xep174_file_sink_get_done (come->sink));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function) \
  g_test_add ("/transfer-resume/" name, Sides, data, sides_set_up, function, sides_tear_down)
  ADD ("in-band/sender", IN_BAND, test_in_band_sender);
  ADD ("in-band/receiver", IN_BAND, test_in_band_receiver);
  ADD ("in-band/both", IN_BAND, test_in_band_both);
  ADD ("in-band/link", IN_BAND, test_in_band_link);
  ADD ("sender", NULL, test_sender);
  ADD ("receiver", NULL, test_receiver);
  ADD ("link", NULL, test_link);
  ADD ("offered", NULL, test_offered);
  ADD ("changed", IN_BAND, test_changed);
  ADD ("cancelled-unheard", IN_BAND, test_cancelled_unheard);
  ADD ("cancelled-unheard-encrypted", IN_BAND, test_cancelled_unheard_encrypted);
  ADD ("cancelled-restarted", IN_BAND, test_cancelled_restarted);
  ADD ("waiting", IN_BAND, test_waiting);
  ADD ("written-first", NULL, test_written_first);
  ADD ("nothing-open", NULL, test_nothing_open);
  ADD ("no-records", NULL, test_no_records);
  ADD ("offered-while-moving", NULL, test_offered_while_moving);

  return g_test_run ();
}
