/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T1-T10, T12-T14: whole managers that encrypt, with real TLS over memory. Each row of the table "What a key
 * leads to" in doc/security.md has a story here. */

#include "pair.h"

#include "xep174-trust-error.h"

/* T1-T3, T14: a first meeting. */
static void
test_both (Pair          *pair,
           gconstpointer  data)
{
  g_autoptr(Xep174Session) ours = NULL;
  g_autoptr(Xep174Session) theirs = NULL;
  g_autoptr(GBytes) binding = NULL;
  g_autoptr(GBytes) other_binding = NULL;
  g_autofree char *number = NULL;
  g_autofree char *other_number = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *own = NULL;

  pair_meet (pair);
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_SEEN);
  pair_check_trust (pair, pair->juliet, TRUE, XEP174_TRUST_SEEN);
  g_assert_true (pair_was_said_in_the_clear (pair, "<proceed"));
  g_assert_false (pair_was_said_in_the_clear (pair, "hello"));

  ours = pair_session_of (pair, pair->romeo);
  theirs = pair_session_of (pair, pair->juliet);
  binding = xep174_session_dup_channel_binding (ours);
  other_binding = xep174_session_dup_channel_binding (theirs);
  g_assert_cmpmem (g_bytes_get_data (binding, NULL), g_bytes_get_size (binding),
                   g_bytes_get_data (other_binding, NULL), g_bytes_get_size (other_binding));
  number = xep174_session_dup_safety_number (ours);
  other_number = xep174_session_dup_safety_number (theirs);
  g_assert_cmpstr (number, ==, other_number);
  shown = xep174_session_dup_peer_fingerprint (ours);
  own = xep174_identity_dup_fingerprint (xep174_session_manager_get_identity (pair->juliet));
  g_assert_cmpstr (shown, ==, own);

  pair_say (pair, pair->juliet, "and you");
  pair_check_log (pair, "got and you\nsent and you\n");
}

/* The second time nobody is new. */
static void
test_again (Pair          *pair,
            gconstpointer  data)
{
  pair_meet (pair);
  pair_end_sessions (pair);
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_UNKNOWN);
  pair_say (pair, pair->juliet, "again");
  pair_check_log (pair, "opened juliet@capulet recipient\nopened romeo@montague initiator\n"
                        "sent again\ngot again\n");
  pair_check_trust (pair, pair->juliet, TRUE, XEP174_TRUST_SEEN);
}

/* Both at the same moment (S5): the smaller name's connection is used. */
static void
test_crossing (Pair          *pair,
               gconstpointer  data)
{
  g_autofree char *log = NULL;

  pair_give_identity (pair->romeo);
  pair_give_identity (pair->juliet);
  stage_send (pair->stage, pair->romeo, JULIET, "one");
  stage_send (pair->stage, pair->juliet, ROMEO, "two");
  pair_connect_all (pair);
  stage_advance (pair->stage, 60000);
  pair_connect_all (pair);
  stage_advance (pair->stage, 60000);
  log = stage_take_log (pair->stage);
  g_assert_nonnull (strstr (log, "got one\n"));
  g_assert_nonnull (strstr (log, "got two\n"));
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_SEEN);
}

/* T5: with somebody who cannot, in the clear, as before. */
static void
test_plain_peer (Pair          *pair,
                 gconstpointer  data)
{
  pair_give_identity (pair->romeo);
  pair_say (pair, pair->romeo, "hello");
  pair_check_log (pair, "opened romeo@montague recipient\nopened juliet@capulet initiator\n"
                        "sent hello\ngot hello\n");
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_UNKNOWN);
  g_assert_true (pair_was_said_in_the_clear (pair, "hello"));
}

static void
test_plain_caller (Pair          *pair,
                   gconstpointer  data)
{
  pair_give_identity (pair->juliet);
  pair_say (pair, pair->romeo, "hello");
  pair_check_log (pair, "opened juliet@capulet initiator\nsent hello\n"
                        "opened romeo@montague recipient\ngot hello\n");
  pair_check_trust (pair, pair->juliet, FALSE, XEP174_TRUST_UNKNOWN);
}

/* T5: REQUIRE, as initiator and as recipient. */
static void
test_required (Pair          *pair,
               gconstpointer  data)
{
  pair_give_identity (pair->romeo);
  xep174_session_manager_set_encryption (pair->romeo, XEP174_ENCRYPTION_POLICY_REQUIRE);
  pair_say (pair, pair->romeo, "hello");
  pair_check_log (pair, "opened romeo@montague recipient\n"
                        "failed juliet@capulet\nnot sent hello: xep174-session-error-quark 9\n"
                        "closing romeo@montague\n"
                        "closed romeo@montague: the other side accepts only encrypted messages\n");
  stage_advance (pair->stage, 10000);
  pair_say (pair, pair->juliet, "hello");
  stage_advance (pair->stage, 10000);
  g_assert_false (pair_was_said_in_the_clear (pair, "</presence>"));
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_null (strstr (log, "got hello"));
    g_assert_nonnull (strstr (log, "unconfirmed hello"));
    g_assert_nonnull (strstr (log, "not heard juliet@capulet\n"));
  }
}

/* T5: who has shown a key once is not heard without it any more. */
static void
test_stripped (Pair          *pair,
               gconstpointer  data)
{
  pair_meet (pair);
  pair_end_sessions (pair);
  xep174_session_manager_set_identity (pair->juliet, NULL);
  xep174_session_manager_set_trust_store (pair->juliet, NULL);
  pair_say (pair, pair->romeo, "secret");
  pair_check_log (pair, "opened romeo@montague recipient\n"
                        "failed juliet@capulet\nnot sent secret: xep174-session-error-quark 9\n"
                        "closing romeo@montague\n"
                        "closed romeo@montague: the other side accepts only encrypted messages\n");
  g_assert_false (pair_was_said_in_the_clear (pair, "secret"));
  stage_advance (pair->stage, 10000);
  pair_say (pair, pair->juliet, "it is I");
  stage_advance (pair->stage, 10000);
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_null (strstr (log, "got it is I"));
  }

  /* Until a person forgets the key. */
  g_assert_true (xep174_session_manager_forget_keys (pair->romeo, JULIET, NULL));
  pair_say (pair, pair->romeo, "well then");
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_nonnull (strstr (log, "got well then"));
  }
}

/* T6, T10: the same name with another key, called and calling; then a person accepts. */
static void
test_changed (Pair          *pair,
              gconstpointer  data)
{
  pair_meet (pair);
  pair_end_sessions (pair);
  pair_give_identity (pair->juliet);
  pair_say (pair, pair->romeo, "secret");
  pair_check_log (pair, "changed juliet@capulet\nfailed juliet@capulet\n"
                        "not sent secret: xep174-session-error-quark 10\n");
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_CHANGED);
  stage_advance (pair->stage, 10000);

  /* Told once for a key; the caller hears why. */
  pair_say (pair, pair->juliet, "it is I");
  pair_check_log (pair, "failed romeo@montague\nnot sent it is I: xep174-stream-error-quark 11\n");

  /* Who refuses sees the number, and so does who was refused: they can compare it now. */
  {
    g_autoptr(Xep174Session) his = pair_session_of (pair, pair->romeo);
    g_autoptr(Xep174Session) hers = pair_session_of (pair, pair->juliet);
    g_autofree char *his_number = xep174_session_dup_safety_number (his);
    g_autofree char *her_number = xep174_session_dup_safety_number (hers);
    g_autofree char *key = xep174_session_dup_peer_fingerprint (his);
    g_autofree char *own = pair_dup_key (pair->juliet);

    g_assert_nonnull (his_number);
    g_assert_cmpstr (her_number, ==, his_number);
    g_assert_cmpstr (key, ==, own);
    g_assert_true (xep174_session_manager_accept_key (pair->romeo, JULIET, key, NULL));
  }
  pair_say (pair, pair->juliet, "at last");
  pair_check_log (pair, "opened juliet@capulet recipient\nopened romeo@montague initiator\n"
                        "sent at last\ngot at last\n");
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_SEEN);
}

/* What a person says of a key. */
static void
test_verified (Pair          *pair,
               gconstpointer  data)
{
  g_autofree char *key = NULL;
  g_autoptr(GError) error = NULL;

  pair_meet (pair);
  key = pair_dup_key (pair->juliet);
  g_assert_false (xep174_session_manager_verify_key (pair->romeo, JULIET, "3f", &error));
  g_assert_error (error, XEP174_TRUST_ERROR, XEP174_TRUST_ERROR_INVALID_KEY);
  g_assert_true (xep174_session_manager_verify_key (pair->romeo, JULIET, key, NULL));
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_VERIFIED);
  pair_check_trust (pair, pair->juliet, TRUE, XEP174_TRUST_SEEN);
  pair_end_sessions (pair);
  pair_say (pair, pair->juliet, "again");
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_VERIFIED);
}

static void
test_distrusted (Pair          *pair,
                 gconstpointer  data)
{
  g_autofree char *key = NULL;

  pair_meet (pair);
  key = pair_dup_key (pair->juliet);
  g_assert_true (xep174_session_manager_distrust_key (pair->romeo, JULIET, NULL, NULL));
  stage_advance (pair->stage, 10000);
  g_free (stage_take_log (pair->stage));
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_DISTRUSTED);
  pair_say (pair, pair->romeo, "no");
  pair_check_log (pair, "failed juliet@capulet\nnot sent no: xep174-session-error-quark 11\n");

  /* Whoever was wrong about it can say so. */
  g_assert_true (xep174_session_manager_accept_key (pair->romeo, JULIET, key, NULL));
  pair_say (pair, pair->romeo, "yes");
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_SEEN);
}

/* T6, T8: while the right one is silent, somebody calls with another key. The number that is shown stays that
 * of the key in use, and what a person says is said of the key that he names. */
static void
test_knocked (Pair          *pair,
              gconstpointer  data)
{
  g_autoptr(Xep174SessionManager) impostor = pair_manager_new (pair->stage, JULIET);
  g_autoptr(Xep174Session) session = NULL;
  g_autofree char *own = NULL;
  g_autofree char *other = NULL;
  g_autofree char *shown = NULL;
  g_autoptr(GError) error = NULL;

  pair_meet (pair);
  memory_stream_set_flowing (pair->wire, FALSE);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_give_identity (impostor);
  stage_send (pair->stage, impostor, ROMEO, "it is I");
  pair_connect_all (pair);
  while (strstr (pair->stage->log->str, "changed juliet@capulet") == NULL)
    {
      stage_advance (pair->stage, 500);
      pair_connect_all (pair);
    }
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_SEEN);
  own = pair_dup_key (pair->juliet);
  other = pair_dup_key (impostor);
  session = pair_session_of (pair, pair->romeo);
  shown = xep174_session_dup_peer_fingerprint (session);
  g_assert_cmpstr (shown, ==, own);
  xep174_session_manager_verify_key (pair->romeo, JULIET, shown, &error);
  g_assert_no_error (error);
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_VERIFIED);
  xep174_session_manager_distrust_key (pair->romeo, JULIET, other, &error);
  g_assert_no_error (error);
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_VERIFIED);

  xep174_session_manager_distrust_key (pair->romeo, JULIET, own, &error);
  g_assert_no_error (error);
  stage_advance (pair->stage, 10000);
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_DISTRUSTED);
}

/* Two have knocked, the second while the person was still asking who the first was: the first is
 * accepted. */
static void
test_knocked_twice (Pair          *pair,
                    gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  pair_meet (pair);
  pair_end_sessions (pair);
  pair_give_identity (pair->juliet);
  first = pair_dup_key (pair->juliet);
  pair_say (pair, pair->juliet, "first");
  pair_give_identity (pair->juliet);
  second = pair_dup_key (pair->juliet);
  pair_say (pair, pair->juliet, "second");
  g_free (stage_take_log (pair->stage));

  g_assert_true (xep174_session_manager_accept_key (pair->romeo, JULIET, first, NULL));
  pair_say (pair, pair->juliet, "second again");
  pair_check_log (pair, "failed romeo@montague\nnot sent second again: xep174-stream-error-quark 11\n");
  pair_check_trust (pair, pair->romeo, FALSE, XEP174_TRUST_CHANGED);
  g_assert_true (xep174_session_manager_verify_key (pair->romeo, JULIET, second, NULL));
  pair_say (pair, pair->juliet, "at last");
  pair_check_trust (pair, pair->romeo, TRUE, XEP174_TRUST_VERIFIED);
}

static void
check_words (Xep174SessionManager *manager,
             Xep174Session        *session,
             GError               *error,
             const char           *words)
{
  g_assert_nonnull (strstr (error->message, words));
}

/* T5: who has switched it off is told so, and not that somebody else may be there. */
static void
test_off (Pair          *pair,
          gconstpointer  data)
{
  pair_meet (pair);
  pair_end_sessions (pair);
  g_signal_connect (pair->romeo, "session-failed", G_CALLBACK (check_words), "switch it on");
  xep174_session_manager_set_encryption (pair->romeo, XEP174_ENCRYPTION_POLICY_OFF);
  pair_say (pair, pair->romeo, "secret");
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_nonnull (strstr (log, "not sent secret: xep174-session-error-quark 9\n"));
    g_assert_null (strstr (log, "got"));
  }
}

/* REQUIRE ends what is in the clear. */
static void
test_required_later (Pair          *pair,
                     gconstpointer  data)
{
  pair_give_identity (pair->romeo);
  pair_say (pair, pair->romeo, "hello");
  g_free (stage_take_log (pair->stage));
  xep174_session_manager_set_encryption (pair->romeo, XEP174_ENCRYPTION_POLICY_REQUIRE);
  stage_advance (pair->stage, 10000);
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_nonnull (strstr (log, "closed juliet@capulet: "));
  }
}

/* The keys are not the program's to take. */
static void
test_steal (Pair          *pair,
            gconstpointer  data)
{
  g_autoptr(Xep174Session) session = NULL;
  g_autoptr(GError) error = NULL;

  pair_meet (pair);
  session = pair_session_of (pair, pair->romeo);
  g_assert_null (xep174_session_steal_stream (session, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_NOT_SUPPORTED);
}

/* T9: somebody on the way ends TCP; that is not the end of the conversation. */
static void
test_cut (Pair          *pair,
          gconstpointer  data)
{
  pair_meet (pair);
  memory_stream_set_flowing (pair->wire_back, FALSE);
  pair_say (pair, pair->romeo, "lost");
  memory_stream_break (pair->wire);
  stage_settle (pair->stage);
  pair_end_sessions (pair);
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_null (strstr (log, "lost"));
  }
}

/* T12: a name whose key is known may call from anywhere, and has to show that key first. */
static void
test_anywhere (Pair          *pair,
               gconstpointer  data)
{
  pair_meet (pair);
  pair_end_sessions (pair);
  g_object_set (pair->juliet, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  pair_say (pair, pair->romeo, "from afar");
  pair_check_log (pair, "opened romeo@montague recipient\nopened juliet@capulet initiator\n"
                        "sent from afar\ngot from afar\n");
  pair_check_trust (pair, pair->juliet, TRUE, XEP174_TRUST_SEEN);
  pair_end_sessions (pair);

  pair_give_identity (pair->romeo);
  pair_say (pair, pair->romeo, "somebody else");
  pair_check_log (pair, "changed romeo@montague\n"
                        "failed juliet@capulet\nnot sent somebody else: xep174-stream-error-quark 11\n");
  pair_end_sessions (pair);

  /* Who has no key there needs an address. */
  g_assert_true (xep174_session_manager_forget_keys (pair->juliet, ROMEO, NULL));
  pair_say (pair, pair->romeo, "nobody");
  stage_advance (pair->stage, 60000);
  {
    g_autofree char *log = stage_take_log (pair->stage);

    g_assert_null (strstr (log, "got nobody"));
  }
}

static MemoryStream *
come_in (Pair *pair)
{
  MemoryStream *near_end;
  MemoryStream *far_end;

  memory_stream_new_pair (&near_end, &far_end);
  g_ptr_array_add (pair->wires, near_end);
  g_ptr_array_add (pair->wires, far_end);
  memory_stream_set_flowing (near_end, TRUE);
  memory_stream_set_flowing (far_end, TRUE);
  g_assert_true (xep174_session_manager_add_connection (pair->juliet, G_IO_STREAM (near_end),
                                                        XEP174_SESSION_ROLE_RECIPIENT, NULL, NULL));
  stage_settle (pair->stage);
  return far_end;
}

/* T12, T11: who claims the name from anywhere and shows no key has no place at the contact's, however
 * often it comes. */
static void
test_anywhere_in_vain (Pair          *pair,
                       gconstpointer  data)
{
  g_autofree char *heard = NULL;
  MemoryStream *liar;

  pair_meet (pair);
  pair_end_sessions (pair);
  g_object_set (pair->juliet, "address-policy", XEP174_ADDRESS_POLICY_VERIFY, NULL);
  liar = come_in (pair);
  memory_stream_say (liar, "<stream:stream " NS_ATTRIBUTES " from='" ROMEO "' to='" JULIET "'"
                           " version='1.0'>");
  stage_settle (pair->stage);
  heard = memory_stream_hear (liar);
  g_assert_nonnull (strstr (heard, "<required/>"));

  pair_say (pair, pair->juliet, "where are you");
  stage_advance (pair->stage, 1000);
  pair_connect_all (pair);
  pair_check_log (pair, "opened juliet@capulet recipient\nopened romeo@montague initiator\n"
                        "sent where are you\ngot where are you\n");
  memory_stream_say (liar, "<message><body>here</body></message>");
  stage_settle (pair->stage);
  g_clear_pointer (&heard, g_free);
  heard = memory_stream_hear (liar);
  g_assert_nonnull (strstr (heard, "<policy-violation"));
  pair_check_log (pair, "");
}

/* Many, both ways, and none in the clear. */
static void
test_many (Pair          *pair,
           gconstpointer  data)
{
  g_autofree char *log = NULL;

  pair_meet (pair);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *body = g_strdup_printf ("message %u", i);

      stage_send (pair->stage, i % 3 != 0 ? pair->romeo : pair->juliet, i % 3 != 0 ? JULIET : ROMEO, body);
    }
  stage_settle (pair->stage);
  stage_advance (pair->stage, 10000);
  log = stage_take_log (pair->stage);
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *line = g_strdup_printf ("got message %u\n", i);

      g_assert_nonnull (strstr (log, line));
    }
  g_assert_false (pair_was_said_in_the_clear (pair, "message 299"));
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Pair          *pair,
                  gconstpointer  data);
  } tests[] = {
    { "/encryption/T1-T3-T14/both", test_both },
    { "/encryption/T6/again", test_again },
    { "/encryption/S5/crossing", test_crossing },
    { "/encryption/T5/plain-peer", test_plain_peer },
    { "/encryption/T5/plain-caller", test_plain_caller },
    { "/encryption/T5/required", test_required },
    { "/encryption/T5/required-later", test_required_later },
    { "/encryption/T5/off", test_off },
    { "/encryption/T5/stripped", test_stripped },
    { "/encryption/T6-T10/changed", test_changed },
    { "/encryption/T6/verified", test_verified },
    { "/encryption/T6/distrusted", test_distrusted },
    { "/encryption/T6-T8/knocked", test_knocked },
    { "/encryption/T6/knocked-twice", test_knocked_twice },
    { "/encryption/steal", test_steal },
    { "/encryption/T9/cut", test_cut },
    { "/encryption/T12/anywhere", test_anywhere },
    { "/encryption/T11-T12/anywhere-in-vain", test_anywhere_in_vain },
    { "/encryption/many", test_many },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Pair, NULL, pair_set_up, tests[i].test, pair_tear_down);

  return g_test_run ();
}
