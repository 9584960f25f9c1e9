/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* T5, T6, T14: two chats for the desktop, without their windows, and what their users say of keys. */

#include <sys/socket.h>
#include <unistd.h>

#include "chat-person.h"

typedef struct
{
  Person romeo;
  Person juliet;
} Pair;

static Xep174SessionManager *
get_manager (Person *self)
{
  return xep174_client_get_session_manager (self->client);
}

static const char *
get_name (Person *self)
{
  return xep174_client_get_local_name (self->client);
}

static ChatKeys *
get_keys (Person *self)
{
  return chat_conversation_get_keys (self->conversation);
}

static void
begin (Person     *self,
       const char *user)
{
  /* Nothing can be there: keys are in memory. */
  person_begin (self, user, "/dev/null/none");
  g_object_set (get_manager (self), "receipt-delay", 0, NULL);
}

static void
set_up (Pair          *pair,
        gconstpointer  data)
{
  begin (&pair->romeo, "romeo");
  begin (&pair->juliet, "juliet");
  person_learn (&pair->romeo, &pair->juliet);
  person_learn (&pair->juliet, &pair->romeo);
}

static void
tear_down (Pair          *pair,
           gconstpointer  data)
{
  person_end (&pair->romeo);
  person_end (&pair->juliet);
}

/* (transfer full): our last message, when it is known what became of it */
static Xep174Message *
say (Person     *self,
     const char *text)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);
  Xep174Message *message;

  chat_conversation_send (self->conversation, text, NULL);
  message = g_list_model_get_item (messages, g_list_model_get_n_items (messages) - 1);
  await (xep174_message_get_state (message) != XEP174_MESSAGE_STATE_QUEUED);

  return message;
}

static void
await_privacy (Person      *self,
               ChatPrivacy  privacy)
{
  await (chat_conversation_get_privacy (self->conversation) == privacy);
}

static void
part (Pair *pair)
{
  Xep174Session *session =
    xep174_session_manager_find_session (get_manager (&pair->romeo), get_name (&pair->juliet));

  xep174_session_close_async (session, NULL, NULL, NULL);
  await (xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED);
  session = xep174_session_manager_find_session (get_manager (&pair->juliet), get_name (&pair->romeo));
  await (session == NULL || xep174_session_get_state (session) == XEP174_SESSION_STATE_CLOSED);
}

static void
meet (Pair *pair)
{
  g_autoptr(Xep174Message) message = say (&pair->romeo, "I take thee at thy word");

  await (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
  await_privacy (&pair->juliet, CHAT_PRIVACY_SEEN);
}

static void
on_state (Xep174Message *message,
          GParamSpec    *pspec,
          GString       *ticks)
{
  g_string_append_printf (ticks, "%s;", chat_message_get_tick (message));
}

/* A4: sent, then received. */
static void
test_received (Pair          *pair,
               gconstpointer  data)
{
  GListModel *messages = chat_conversation_get_messages (pair->romeo.conversation);
  g_autoptr(Xep174Message) message = NULL;
  g_autoptr(GString) ticks = g_string_new (NULL);

  chat_conversation_send (pair->romeo.conversation, "I take thee at thy word", NULL);
  message = g_list_model_get_item (messages, 0);
  g_assert_null (chat_message_get_tick (message));
  g_signal_connect (message, "notify::state", G_CALLBACK (on_state), ticks);
  await (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_cmpstr (ticks->str, ==, "sent;received;");
  g_assert_false (chat_message_is_untold (message));
}

/* T9: every connection of this process ends without a word. */
static void
break_connections (void)
{
  for (int fd = 0; fd < sysconf (_SC_OPEN_MAX) && fd < 1024; fd++)
    {
      struct sockaddr_storage peer;
      socklen_t length = sizeof peer;

      if (getpeername (fd, (struct sockaddr *) &peer, &length) == 0 && peer.ss_family == AF_INET)
        shutdown (fd, SHUT_RDWR);
    }
}

/* (transfer full): of which nobody knows whether it has arrived, when the user leaves. */
static Xep174Message *
leave_in_doubt (Pair *pair)
{
  Xep174Message *message;
  Xep174FeatureHost *host = XEP174_FEATURE_HOST (pair->romeo.client);

  meet (pair);
  xep174_feature_host_remove_feature (host, xep174_feature_host_get_feature (host, XEP174_TYPE_RECEIPTS));
  g_object_set (get_manager (&pair->romeo), "receipt-delay", 60000, NULL);
  message = say (&pair->romeo, "parting is such sweet sorrow");
  break_connections ();
  await (!chat_conversation_get_connected (pair->romeo.conversation));
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_SENT);
  chat_roster_stop (pair->romeo.roster);
  g_assert_cmpint (chat_roster_get_state (pair->romeo.roster), ==, CHAT_ROSTER_STATE_STOPPING);

  return message;
}

/* A3: who leaves while a connection is broken waits for the next one, which tells what has arrived. */
static void
test_leave_broken (Pair          *pair,
                   gconstpointer  data)
{
  g_autoptr(Xep174Message) message = leave_in_doubt (pair);

  await (chat_roster_get_state (pair->romeo.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_RECEIVED);
}

/* A3: unless he is in a hurry. */
static void
test_leave_broken_now (Pair          *pair,
                       gconstpointer  data)
{
  g_autoptr(Xep174Message) message = leave_in_doubt (pair);

  chat_roster_stop (pair->romeo.roster);
  await (chat_roster_get_state (pair->romeo.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_UNCONFIRMED);
}

/* Juliet comes again with another key. */
static void
change_key (Pair *pair)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Xep174Identity) identity = xep174_identity_generate (&error);

  g_assert_no_error (error);
  part (pair);
  xep174_session_manager_set_identity (get_manager (&pair->juliet), identity);
}

static void
test_compare (Pair          *pair,
              gconstpointer  data)
{
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *other_fingerprint = NULL;
  g_auto(GStrv) nobody = NULL;
  g_auto(GStrv) others = NULL;
  g_autofree char *list = NULL;
  Xep174TrustStore *store = xep174_session_manager_get_trust_store (get_manager (&pair->romeo));
  g_autoptr(GError) error = NULL;

  g_assert_null (chat_keys_dup_number (get_keys (&pair->romeo), &fingerprint));
  g_assert_cmpint (chat_keys_get_privacy (get_keys (&pair->romeo)), ==, CHAT_PRIVACY_NOT_CONNECTED);
  chat_keys_connect (get_keys (&pair->romeo));
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
  await_privacy (&pair->juliet, CHAT_PRIVACY_SEEN);
  ours = chat_keys_dup_number (get_keys (&pair->romeo), &fingerprint);
  theirs = chat_keys_dup_number (get_keys (&pair->juliet), &other_fingerprint);
  g_assert_cmpstr (ours, ==, theirs);
  g_assert_cmpstr (fingerprint, !=, other_fingerprint);

  g_assert_true (chat_keys_confirm (get_keys (&pair->romeo), fingerprint, &error));
  g_assert_no_error (error);
  await_privacy (&pair->romeo, CHAT_PRIVACY_COMPARED);
  g_assert_cmpint (chat_keys_get_privacy (get_keys (&pair->juliet)), ==, CHAT_PRIVACY_SEEN);
  nobody = chat_keys_dup_other_names (get_keys (&pair->romeo), NULL);
  g_assert_null (nobody[0]);
  xep174_trust_store_add (store, fingerprint, "nurse@verona", NULL);
  xep174_trust_store_add (store, fingerprint, "tybalt@verona", NULL);
  others = chat_keys_dup_other_names (get_keys (&pair->romeo), NULL);
  list = g_strjoinv (";", others);
  g_assert_cmpstr (list, ==, "nurse@verona;tybalt@verona");
  part (pair);
  g_assert_cmpint (chat_keys_get_privacy (get_keys (&pair->romeo)), ==, CHAT_PRIVACY_SEALED);
  g_assert_cmpint (chat_keys_find_trust (get_keys (&pair->romeo), fingerprint), ==, XEP174_TRUST_VERIFIED);
  g_strfreev (others);
  others = chat_keys_dup_other_names (get_keys (&pair->romeo), fingerprint);
  g_assert_cmpuint (g_strv_length (others), ==, 2);
}

static void
test_changed (Pair          *pair,
              gconstpointer  data)
{
  g_autoptr(Xep174Message) message = NULL;
  g_autofree char *old = NULL;
  g_autofree char *number = NULL;
  g_autofree char *fingerprint = NULL;
  g_autoptr(GError) error = NULL;

  meet (pair);
  g_free (chat_keys_dup_number (get_keys (&pair->romeo), &old));
  change_key (pair);
  message = say (&pair->romeo, "art thou she?");
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_FAILED);
  g_assert_true (chat_message_is_untold (message));
  await_privacy (&pair->romeo, CHAT_PRIVACY_CHANGED);

  /* What the user says is said of the key whose number was shown. */
  number = chat_keys_dup_number (get_keys (&pair->romeo), &fingerprint);
  g_assert_nonnull (number);
  g_assert_true (chat_keys_confirm (get_keys (&pair->romeo), old, &error));
  g_assert_no_error (error);
  g_assert_cmpint (chat_keys_find_trust (get_keys (&pair->romeo), old), ==, XEP174_TRUST_VERIFIED);
  g_assert_cmpint (chat_keys_find_trust (get_keys (&pair->romeo), fingerprint), ==, XEP174_TRUST_UNKNOWN);

  g_assert_true (chat_keys_confirm (get_keys (&pair->romeo), fingerprint, &error));
  g_assert_no_error (error);
  await_privacy (&pair->romeo, CHAT_PRIVACY_COMPARED);
  chat_conversation_send_again (pair->romeo.conversation, xep174_message_get_id (message));
  await (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
}

/* To distrust the new key leaves the old one as it was. */
static void
test_denied (Pair          *pair,
             gconstpointer  data)
{
  g_autoptr(Xep174Identity) identity = NULL;
  g_autoptr(Xep174Message) message = NULL;
  g_autoptr(Xep174Message) again = NULL;
  g_autofree char *fingerprint = NULL;

  meet (pair);
  g_set_object (&identity, xep174_session_manager_get_identity (get_manager (&pair->juliet)));
  change_key (pair);
  message = say (&pair->romeo, "art thou she?");
  await_privacy (&pair->romeo, CHAT_PRIVACY_CHANGED);
  g_free (chat_keys_dup_number (get_keys (&pair->romeo), &fingerprint));
  g_assert_true (chat_keys_deny (get_keys (&pair->romeo), fingerprint, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEALED);

  xep174_session_manager_set_identity (get_manager (&pair->juliet), identity);
  again = say (&pair->romeo, "it is my lady");
  await (xep174_message_get_state (again) == XEP174_MESSAGE_STATE_RECEIVED);
}

static void
test_distrusted (Pair          *pair,
                 gconstpointer  data)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *again = NULL;
  g_autoptr(Xep174Message) message = NULL;

  meet (pair);
  g_free (chat_keys_dup_number (get_keys (&pair->romeo), &fingerprint));
  g_assert_true (chat_keys_deny (get_keys (&pair->romeo), fingerprint, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_DISTRUSTED);
  await_privacy (&pair->juliet, CHAT_PRIVACY_REFUSED);
  message = say (&pair->romeo, "no");
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_FAILED);

  again = chat_keys_dup_distrusted (get_keys (&pair->romeo));
  g_assert_cmpstr (again, ==, fingerprint);
  g_assert_true (chat_keys_accept (get_keys (&pair->romeo), again, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
  await_privacy (&pair->juliet, CHAT_PRIVACY_SEEN);
}

/* Of several, only the one that is shown is trusted again: the others may be somebody else's. */
static void
test_distrusted_several (Pair          *pair,
                         gconstpointer  data)
{
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;
  g_autofree char *again = NULL;
  g_autoptr(Xep174Message) first = NULL;
  g_autoptr(Xep174Message) second = NULL;

  meet (pair);
  g_free (chat_keys_dup_number (get_keys (&pair->romeo), &old));
  change_key (pair);
  first = say (&pair->romeo, "art thou she?");
  await_privacy (&pair->romeo, CHAT_PRIVACY_CHANGED);
  g_free (chat_keys_dup_number (get_keys (&pair->romeo), &new));
  g_assert_true (chat_keys_deny (get_keys (&pair->romeo), old, NULL));
  g_assert_true (chat_keys_deny (get_keys (&pair->romeo), new, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_DISTRUSTED);
  g_assert_null (chat_keys_dup_distrusted (get_keys (&pair->romeo)));

  second = say (&pair->romeo, "art thou not she?");
  again = chat_keys_dup_distrusted (get_keys (&pair->romeo));
  g_assert_cmpstr (again, ==, new);
  g_assert_true (chat_keys_accept (get_keys (&pair->romeo), again, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
  g_assert_cmpint (chat_keys_find_trust (get_keys (&pair->romeo), old), ==, XEP174_TRUST_DISTRUSTED);
}

/* T10, T14: who is not accepted knows it, and sees the number, too. */
static void
test_refused (Pair          *pair,
              gconstpointer  data)
{
  g_autoptr(Xep174Message) message = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *refused = NULL;

  meet (pair);
  change_key (pair);
  message = say (&pair->juliet, "it is I");
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_FAILED);
  await_privacy (&pair->juliet, CHAT_PRIVACY_REFUSED);
  await_privacy (&pair->romeo, CHAT_PRIVACY_CHANGED);
  ours = chat_keys_dup_number (get_keys (&pair->juliet), &fingerprint);
  theirs = chat_keys_dup_number (get_keys (&pair->romeo), &refused);
  g_assert_nonnull (ours);
  g_assert_cmpstr (ours, ==, theirs);

  g_assert_true (chat_keys_accept (get_keys (&pair->romeo), refused, NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
  await_privacy (&pair->juliet, CHAT_PRIVACY_SEEN);
}

static void
set_encrypts (Person           *self,
              Xep174Identity   *identity,
              Xep174TrustStore *store)
{
  xep174_session_manager_set_identity (get_manager (self), identity);
  xep174_session_manager_set_trust_store (get_manager (self), store);
}

static guint
count_notes (Person *self)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);
  guint n_notes = 0;

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);

      n_notes += chat_message_is_notice (message);
    }

  return n_notes;
}

/* T5: who calls without encryption is told of once, and again only after the contact has been there. */
static void
test_unheard (Pair          *pair,
              gconstpointer  data)
{
  g_autoptr(Xep174Identity) identity = NULL;
  g_autoptr(Xep174TrustStore) store = NULL;
  gint64 latest;

  meet (pair);
  g_set_object (&identity, xep174_session_manager_get_identity (get_manager (&pair->juliet)));
  g_set_object (&store, xep174_session_manager_get_trust_store (get_manager (&pair->juliet)));
  latest = chat_conversation_get_latest (pair->romeo.conversation);
  for (guint n_notes = 1; n_notes <= 2; n_notes++)
    {
      part (pair);
      set_encrypts (&pair->juliet, NULL, NULL);
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr(Xep174Message) message = say (&pair->juliet, "it is I");

          await (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_UNCONFIRMED);
        }
      g_assert_cmpuint (count_notes (&pair->romeo), ==, n_notes);
      g_assert_cmpuint (chat_conversation_get_unread (pair->romeo.conversation), ==, 0);
      g_assert_cmpint (chat_conversation_get_latest (pair->romeo.conversation), ==, latest);
      set_encrypts (&pair->juliet, identity, store);
      chat_keys_connect (get_keys (&pair->romeo));
      await_privacy (&pair->romeo, CHAT_PRIVACY_SEEN);
    }
}

static void
test_stripped (Pair          *pair,
               gconstpointer  data)
{
  g_autoptr(Xep174Message) message = NULL;

  meet (pair);
  part (pair);
  xep174_session_manager_set_identity (get_manager (&pair->juliet), NULL);
  xep174_session_manager_set_trust_store (get_manager (&pair->juliet), NULL);
  message = say (&pair->romeo, "secret");
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_FAILED);
  await_privacy (&pair->romeo, CHAT_PRIVACY_STRIPPED);
  g_assert_nonnull (chat_keys_get_problem (get_keys (&pair->romeo)));

  g_assert_true (chat_keys_forget (get_keys (&pair->romeo), NULL));
  await_privacy (&pair->romeo, CHAT_PRIVACY_NOT_CONNECTED);
  chat_conversation_send_again (pair->romeo.conversation, xep174_message_get_id (message));
  await (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_SENT);
  await_privacy (&pair->romeo, CHAT_PRIVACY_CLEAR);
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
    { "/chat-keys/T14/compare", test_compare },
    { "/chat-keys/A4/received", test_received },
    { "/chat-keys/A3/leave-broken", test_leave_broken },
    { "/chat-keys/A3/leave-broken-now", test_leave_broken_now },
    { "/chat-keys/T6/changed", test_changed },
    { "/chat-keys/T6/denied", test_denied },
    { "/chat-keys/T6/distrusted", test_distrusted },
    { "/chat-keys/T6/distrusted-several", test_distrusted_several },
    { "/chat-keys/T10-T14/refused", test_refused },
    { "/chat-keys/T5/stripped", test_stripped },
    { "/chat-keys/T5/unheard", test_unheard },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Pair, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
