/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of a message of a conversation later: each claim has one outcome (F8). */

#include <string.h>

#include "conversation-pair.h"

#define NS_CORRECT "urn:xmpp:message-correct:0"
#define NS_REPLY "urn:xmpp:reply:0"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define REPLACE(id, text, xmlns) \
  "<message xmlns='jabber:client' type='chat' id='" text "'><body>" text "</body>" \
  "<replace xmlns='" xmlns "' id='" id "'/></message>"
#define RETRACT(id) \
  "<message xmlns='jabber:client'><retract xmlns='urn:xmpp:message-retract:1' id='" id "'/></message>"
#define REACT(id, text) \
  "<message xmlns='jabber:client'><reactions xmlns='urn:xmpp:reactions:0' id='" id "'>" \
  "<reaction>" text "</reaction></reactions></message>"

static void
note (GPtrArray  *noted,
      GParamSpec *property)
{
  g_ptr_array_add (noted, (gpointer) property->name);
}

static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

/* What was changed at once is told in any order. */
static void
expect (GPtrArray  *noted,
        const char *expected)
{
  g_autofree char *all = NULL;

  g_ptr_array_sort (noted, compare);
  g_ptr_array_add (noted, NULL);
  all = g_strjoinv (" ", (GStrv) noted->pdata);
  g_assert_cmpstr (all, ==, expected);
  g_ptr_array_set_size (noted, 0);
}

#define assert_body(message, text) g_assert_cmpstr (xep174_message_get_body (message), ==, text)

/* All that @person said before has arrived: the other one has this, too. */
static void
settle (Person             *person,
        Xep174Conversation *from,
        Xep174Conversation *to)
{
  static guint times;
  g_autofree char *text = g_strdup_printf ("settled %u", ++times);

  say (from, text);
  wait_until (g_str_equal (xep174_message_get_body (get (to, count (to) - 1)), text));
}

static void
say_as (Xep174Conversation *conversation,
        const char         *id,
        const char         *text)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, text);

  xep174_message_set_id (message, id);
  xep174_conversation_send_async (conversation, message, NULL, NULL, NULL);
}

/* By the id of the last correction, and of one before it; many of them are not remembered. */
static void
correct_by_other_ids (Pair          *pair,
                      Xep174Message *one,
                      Xep174Message *two)
{
  say_xml (pair->romeo, pair->his, REPLACE ("ONE", "Uno", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("One", "Due", NS_CORRECT));
  settle (pair->romeo, pair->his, pair->hers);
  assert_body (one, "Due");
  g_assert_true (xep174_conversation_find_message (pair->hers, FALSE, "Uno") == one);
  g_assert_null (xep174_conversation_find_message (pair->hers, TRUE, "Uno"));
  say_xml (pair->romeo, pair->his, REPLACE ("1", "Tre", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("1", "2", NS_CORRECT));
  settle (pair->romeo, pair->his, pair->hers);
  g_assert_null (xep174_conversation_find_message (pair->hers, FALSE, "One"));
  g_assert_true (xep174_conversation_find_message (pair->hers, FALSE, "2") == two);
  assert_body (two, "two");
}

/* What romeo claims of messages, and what juliet has then. */
static void
test_claims (Pair          *pair,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) log = g_ptr_array_new ();
  Xep174Message *one, *two, *own;

  say_as (pair->his, "1", "one");
  say_as (pair->his, "2", "two");
  wait_until (count (pair->hers) == 2);
  say_as (pair->hers, "3", "own");
  one = get (pair->hers, 0);
  two = get (pair->hers, 1);
  own = get (pair->hers, 2);
  g_signal_connect_swapped (one, "notify", G_CALLBACK (note), log);
  g_assert_false (xep174_message_get_edited (one));

  say_xml (pair->romeo, pair->his, REPLACE ("1", "One", NS_CORRECT));
  wait_until (xep174_message_get_edited (one));
  assert_body (one, "One");
  g_assert_cmpstr (xep174_message_get_id (one), ==, "1");
  g_assert_cmpstr (xep174_element_get_attribute (xep174_message_get_element (one), "id"), ==, "One");
  expect (log, "body edited element");
  g_assert_cmpuint (xep174_conversation_get_unread (pair->hers), ==, 2);

  /* Again, by the id of the first; the same text once more is nothing new. */
  say_xml (pair->romeo, pair->his, REPLACE ("1", "ONE", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("1", "ONE", NS_CORRECT));
  settle (pair->romeo, pair->his, pair->hers);
  assert_body (one, "ONE");
  expect (log, "body element element");

  correct_by_other_ids (pair, one, two);
  expect (log, "body body body body element element element element");

  /* Of what is not there, by a forgotten id, of what the other one said, of another namespace, and before
   * there is what it corrects: a new message. */
  say_xml (pair->romeo, pair->his, REPLACE ("7", "a", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("One", "b", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("3", "c", NS_CORRECT));
  say_xml (pair->romeo, pair->his, REPLACE ("1", "d", "urn:example:other"));
  say_xml (pair->romeo, pair->his, REPLACE ("later", "e", NS_CORRECT));
  say_as (pair->his, "later", "f");
  wait_until (count (pair->hers) == 12);
  for (guint i = 0; i < 6; i++)
    {
      const char text[] = { 'a' + i, '\0' };

      assert_body (get (pair->hers, 6 + i), text);
      g_assert_false (xep174_message_get_edited (get (pair->hers, 6 + i)));
    }
  assert_body (own, "own");
  g_assert_false (xep174_message_get_edited (own));
  expect (log, "");

  /* What was taken back stays so. */
  say_xml (pair->romeo, pair->his, REACT ("1", "+"));
  say_xml (pair->romeo, pair->his, RETRACT ("1"));
  say_xml (pair->romeo, pair->his, RETRACT ("1"));
  say_xml (pair->romeo, pair->his, RETRACT ("3"));
  say_xml (pair->romeo, pair->his, RETRACT ("nothing"));
  say_xml (pair->romeo, pair->his, REACT ("1", "+"));
  say_xml (pair->romeo, pair->his, REPLACE ("1", "g", NS_CORRECT));
  wait_until (count (pair->hers) == 13);
  assert_body (get (pair->hers, 12), "g");
  assert_body (one, "");
  g_assert_true (xep174_message_get_retracted (one));
  g_assert_null (xep174_message_get_element (one));
  g_assert_null (*xep174_message_get_reactions (one));
  expect (log, "body element reactions reactions retracted");
  g_assert_false (xep174_message_get_retracted (own));
  g_assert_false (xep174_message_get_retracted (two));
  g_signal_handlers_disconnect_by_data (one, log);
}

/* Signs on messages of either side, each with all of its signs. */
static void
test_signs (Pair          *pair,
            gconstpointer  data)
{
  Xep174Message *own;

  say_as (pair->his, "1", "one");
  wait_until (count (pair->hers) == 1);
  say_as (pair->hers, "3", "own");
  own = get (pair->hers, 1);
  say_xml (pair->romeo, pair->his, REACT ("3", "+"));
  wait_until (*xep174_message_get_reactions (own) != NULL);
  say_xml (pair->romeo, pair->his, REACT ("3", "-"));
  say_xml (pair->romeo, pair->his, REACT ("1", "!"));
  say_xml (pair->romeo, pair->his, REACT ("7", "?"));
  settle (pair->romeo, pair->his, pair->hers);
  g_assert_cmpstr (xep174_message_get_reactions (own)[0], ==, "-");
  g_assert_null (xep174_message_get_reactions (own)[1]);
  g_assert_cmpstr (xep174_message_get_reactions (get (pair->hers, 0))[0], ==, "!");
  g_assert_null (*xep174_message_get_own_reactions (own));
}

typedef gboolean (*Finish) (Xep174Conversation *, GAsyncResult *, GError **);

static void
end_well (Xep174Conversation *conversation,
          Call               *call,
          Finish              finish)
{
  g_autoptr(GError) error = NULL;

  call_wait (call);
  g_assert_true (finish (conversation, call->result, &error));
  g_assert_no_error (error);
  g_clear_object (&call->result);
}

static void
end_badly (Xep174Conversation *conversation,
           Call               *call,
           Finish              finish,
           gint                code)
{
  g_autoptr(GError) error = NULL;

  call_wait (call);
  g_assert_false (finish (conversation, call->result, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, code);
  g_clear_object (&call->result);
}

static void
correct (Xep174Conversation *conversation,
         Xep174Message      *message,
         const char         *text,
         Call               *call)
{
  xep174_conversation_correct_async (conversation, message, text, NULL, call_done, call);
}

/* What romeo does to his own, and juliet sees. */
static void
test_deeds (Pair          *pair,
            gconstpointer  data)
{
  const char *const signs[] = { "👋", "🐢", NULL };
  const char *const repeated[] = { "👋", "👋", "🐢", "👋", NULL }, *const nothing[] = { NULL };
  Xep174Message *mine = say (pair->his, "won"), *theirs;
  Call call = { NULL };

  wait_until (count (pair->hers) == 1 && knows (pair->romeo, pair->his, NS_CORRECT));
  theirs = get (pair->hers, 0);
  correct (pair->his, mine, "one", &call);
  assert_body (mine, "won");
  end_well (pair->his, &call, xep174_conversation_correct_finish);
  assert_body (mine, "one");
  g_assert_true (xep174_message_get_edited (mine));
  wait_until (xep174_message_get_edited (theirs));
  assert_body (theirs, "one");
  g_assert_cmpuint (count (pair->his), ==, 1);

  xep174_conversation_react_async (pair->his, mine, repeated, NULL, call_done, &call);
  end_well (pair->his, &call, xep174_conversation_react_finish);
  g_assert_true (g_strv_equal (xep174_message_get_own_reactions (mine), signs));
  wait_until (*xep174_message_get_reactions (theirs) != NULL);
  g_assert_true (g_strv_equal (xep174_message_get_reactions (theirs), signs));
  xep174_conversation_react_async (pair->his, mine, nothing, NULL, call_done, &call);
  end_well (pair->his, &call, xep174_conversation_react_finish);
  wait_until (*xep174_message_get_reactions (theirs) == NULL);
  g_assert_null (*xep174_message_get_own_reactions (mine));

  xep174_conversation_retract_async (pair->his, mine, NULL, call_done, &call);
  end_well (pair->his, &call, xep174_conversation_retract_finish);
  g_assert_true (xep174_message_get_retracted (mine));
  assert_body (mine, "");
  wait_until (xep174_message_get_retracted (theirs));
  assert_body (theirs, "");
}

/* Juliet's program does not take the correction that she has now. */
static char *
dup_correction (Pair          *pair,
                Xep174Message *theirs,
                const char    *text)
{
  wait_until (g_str_equal (xep174_message_get_body (theirs), text));
  return g_strdup (xep174_element_get_attribute (xep174_message_get_element (theirs), "id"));
}

static void
refuse (Pair       *pair,
        const char *id)
{
  g_autofree char *xml =
    g_strdup_printf ("<message xmlns='jabber:client' type='error' id='%s'><error type='cancel'>"
                     "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>", id);

  say_xml (pair->juliet, pair->hers, xml);
  settle (pair->juliet, pair->hers, pair->his);
}

static void
correct_well (Pair          *pair,
              Xep174Message *mine,
              const char    *text)
{
  Call call = { NULL };

  correct (pair->his, mine, text, &call);
  end_well (pair->his, &call, xep174_conversation_correct_finish);
  assert_body (mine, text);
}

/* A text that was refused is not shown, in whatever order that is told; the next one may be taken. */
static void
test_refused (Pair          *pair,
              gconstpointer  data)
{
  Xep174Message *mine = say (pair->his, "one"), *theirs;
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *shown = NULL;
  Xep174MessageState state;

  wait_until (count (pair->hers) == 1 && knows (pair->romeo, pair->his, NS_CORRECT));
  theirs = get (pair->hers, 0);
  correct_well (pair, mine, "two");
  first = dup_correction (pair, theirs, "two");
  correct_well (pair, mine, "three");
  second = dup_correction (pair, theirs, "three");
  state = xep174_message_get_state (mine);
  refuse (pair, first);
  assert_body (mine, "three");
  g_assert_true (xep174_message_get_edited (mine));
  g_assert_no_error (xep174_message_get_error (mine));
  refuse (pair, second);
  assert_body (mine, "one");
  g_assert_false (xep174_message_get_edited (mine));
  g_assert_error (xep174_message_get_error (mine), XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED);
  g_assert_cmpint (xep174_message_get_state (mine), ==, state);
  refuse (pair, second);
  assert_body (mine, "one");

  correct_well (pair, mine, "four");
  g_assert_no_error (xep174_message_get_error (mine));
  third = dup_correction (pair, theirs, "four");
  correct_well (pair, mine, "five");
  g_free (first);
  first = dup_correction (pair, theirs, "five");
  refuse (pair, first);
  assert_body (mine, "four");
  g_assert_true (xep174_message_get_edited (mine));

  /* Who has shown the correction has shown the message; what went wrong stays. */
  shown = g_strdup_printf ("<message xmlns='jabber:client'><displayed xmlns='urn:xmpp:chat-markers:0'"
                           " id='%s'/></message>", third);
  say_xml (pair->juliet, pair->hers, shown);
  wait_until (xep174_message_get_state (mine) == XEP174_MESSAGE_STATE_READ);
  g_assert_error (xep174_message_get_error (mine), XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED);
}

/* What cannot be done changes nothing, and nothing is sent. */
static void
test_obstacles (Pair          *pair,
                gconstpointer  data)
{
  const char *const signs[] = { "+", NULL };
  g_autoptr(Xep174Conversation) his = g_object_ref (pair->his);
  g_autoptr(Xep174Message) strange = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "x");
  Xep174Message *mine = say (his, "one"), *failed = say (his, ""), *theirs;
  Call call = { NULL };

  wait_until (count (pair->hers) == 1 && knows (pair->romeo, his, NS_CORRECT));
  say_as (pair->hers, "3", "own");
  wait_until (count (his) == 3);
  theirs = get (his, 2);
  correct (his, theirs, "y", &call);
  end_badly (his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  correct (his, strange, "y", &call);
  end_badly (his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  correct (his, failed, "y", &call);
  end_badly (his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  correct (his, mine, "", &call);
  end_badly (his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STANZA);
  xep174_conversation_retract_async (his, theirs, NULL, call_done, &call);
  end_badly (his, &call, xep174_conversation_retract_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  xep174_conversation_retract_async (his, mine, NULL, call_done, &call);
  end_well (his, &call, xep174_conversation_retract_finish);
  xep174_conversation_react_async (his, mine, signs, NULL, call_done, &call);
  end_badly (his, &call, xep174_conversation_react_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  xep174_client_drop_conversation (pair->romeo->client, his);
  xep174_conversation_react_async (his, theirs, signs, NULL, call_done, &call);
  end_badly (his, &call, xep174_conversation_react_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  assert_body (theirs, "own");
  g_assert_null (*xep174_message_get_own_reactions (theirs));
}

/* A client without the features says so, and takes what comes for what it is to people. */
static void
test_without (Pair          *pair,
              gconstpointer  data)
{
  const char *const signs[] = { "+", NULL };
  Xep174Message *mine = say (pair->his, "one");
  g_autoptr(Xep174Message) reply = xep174_message_new_reply (mine, "yes");
  Call call = { NULL };

  correct (pair->his, mine, "y", &call);
  end_badly (pair->his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_conversation_retract_async (pair->his, mine, NULL, call_done, &call);
  end_badly (pair->his, &call, xep174_conversation_retract_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_conversation_react_async (pair->his, mine, signs, NULL, call_done, &call);
  end_badly (pair->his, &call, xep174_conversation_react_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_conversation_send_async (pair->his, reply, NULL, call_done, &call);
  end_badly (pair->his, &call, xep174_conversation_send_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (xep174_message_get_state (reply), ==, XEP174_MESSAGE_STATE_FAILED);

  say_as (pair->his, "1", "one");
  say_xml (pair->romeo, pair->his, REPLACE ("1", "One", NS_CORRECT));
  say_xml (pair->romeo, pair->his, RETRACT ("1"));
  say_xml (pair->romeo, pair->his, "<message xmlns='jabber:client'><body>&gt; x\nyes</body>"
                                   "<reply xmlns='" NS_REPLY "' id='1'/></message>");
  wait_until (count (pair->hers) == 4);
  assert_body (get (pair->hers, 1), "one");
  assert_body (get (pair->hers, 2), "One");
  assert_body (get (pair->hers, 3), "> x\nyes");
  g_assert_null (xep174_message_get_reply_to (get (pair->hers, 3)));
  g_assert_false (xep174_message_get_retracted (get (pair->hers, 1)));
}

/* One whose program does not know it, as libpurple does not: a correction is a new message, and a reply
 * quotes. */
static void
test_legacy (Pair          *pair,
             gconstpointer  data)
{
  Xep174FeatureHost *juliet = XEP174_FEATURE_HOST (pair->juliet->client);
  GListModel *features = xep174_feature_host_get_features (juliet);
  const char *const signs[] = { "+", NULL };
  g_autoptr(Xep174Message) reply = NULL;
  Xep174Message *mine;
  Call call = { NULL };

  while (g_list_model_get_n_items (features) > 0)
    {
      g_autoptr(Xep174Feature) feature = g_list_model_get_item (features, 0);

      xep174_feature_host_remove_feature (juliet, feature);
    }
  mine = say (pair->his, "won");
  wait_until (count (pair->hers) == 1);
  correct (pair->his, mine, "one", &call);
  g_assert_cmpuint (count (pair->his), ==, 2);
  end_well (pair->his, &call, xep174_conversation_correct_finish);
  assert_body (mine, "won");
  g_assert_false (xep174_message_get_edited (mine));
  assert_body (get (pair->his, 1), "one");
  g_assert_cmpstr (xep174_message_get_id (get (pair->his, 1)), !=, xep174_message_get_id (mine));
  reply = xep174_message_new_reply (mine, "yes");
  xep174_conversation_send_async (pair->his, reply, NULL, NULL, NULL);
  wait_until (count (pair->hers) == 3);
  assert_body (get (pair->hers, 1), "one");
  assert_body (get (pair->hers, 2), "> won\nyes");
  assert_body (reply, "yes");
  xep174_conversation_retract_async (pair->his, mine, NULL, call_done, &call);
  end_badly (pair->his, &call, xep174_conversation_retract_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  xep174_conversation_react_async (pair->his, mine, signs, NULL, call_done, &call);
  end_badly (pair->his, &call, xep174_conversation_react_finish, XEP174_SESSION_ERROR_NOT_SUPPORTED);
  g_assert_false (xep174_message_get_retracted (mine));
}

/* A reply leads to what it answers on both sides, and is corrected as a reply. */
static void
test_replies (Pair          *pair,
              gconstpointer  data)
{
  Xep174Message *question = say (pair->his, "Where?"), *asked, *answer;
  g_autoptr(Xep174Message) reply = NULL;
  Call call = { NULL };

  wait_until (count (pair->hers) == 1 && knows (pair->juliet, pair->hers, NS_CORRECT));
  asked = get (pair->hers, 0);
  reply = xep174_message_new_reply (asked, "Hear");
  g_assert_null (xep174_message_find_answered (reply));
  xep174_conversation_send_async (pair->hers, reply, NULL, NULL, NULL);
  g_assert_true (xep174_message_find_answered (reply) == asked);
  wait_until (count (pair->his) == 2);
  answer = get (pair->his, 1);
  g_assert_cmpstr (xep174_message_get_reply_to (answer), ==, xep174_message_get_id (question));
  g_assert_true (xep174_message_find_answered (answer) == question);
  correct (pair->hers, reply, "Here", &call);
  end_well (pair->hers, &call, xep174_conversation_correct_finish);
  wait_until (xep174_message_get_edited (answer));
  assert_body (answer, "Here");
  g_assert_nonnull (xep174_element_find_child (xep174_message_get_element (answer), "reply", NS_REPLY));
  g_assert_true (xep174_message_find_answered (answer) == question);

  /* A quote for others is left out; who only quotes says that. What is answered may not be here. */
  say_xml (pair->juliet, pair->hers,
           "<message xmlns='jabber:client'><body>&gt; x\nyes</body><reply xmlns='" NS_REPLY "' id='0'/>"
           "<fallback xmlns='" NS_FALLBACK "' for='" NS_REPLY "'><body start='0' end='4'/></fallback>"
           "</message>");
  say_xml (pair->juliet, pair->hers,
           "<message xmlns='jabber:client'><body>&gt; x</body><reply xmlns='" NS_REPLY "' id='0'/>"
           "<fallback xmlns='" NS_FALLBACK "' for='" NS_REPLY "'/></message>");
  wait_until (count (pair->his) == 4);
  assert_body (get (pair->his, 2), "yes");
  assert_body (get (pair->his, 3), "> x");
  g_assert_cmpstr (xep174_message_get_reply_to (get (pair->his, 2)), ==, "0");
  g_assert_null (xep174_message_find_answered (get (pair->his, 2)));
}

/* A program's store brings all of it back. */
static void
test_stored (void)
{
  const char *const signs[] = { "+", NULL }, *const repeated[] = { "+", "+", NULL };
  g_autoptr(GError) why = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no"), error = NULL;
  g_autoptr(Xep174Message) failed =
    g_object_new (XEP174_TYPE_MESSAGE, "state", XEP174_MESSAGE_STATE_FAILED, "error", why, NULL);
  g_autoptr(Xep174Message) message =
    g_object_new (XEP174_TYPE_MESSAGE, "body", "one", "id", "1", "edited", TRUE, "reactions", signs,
                  "own-reactions", repeated, "reply-to", "0", NULL);
  g_autoptr(Xep174Message) gone = g_object_new (XEP174_TYPE_MESSAGE, "body", "", "retracted", TRUE, NULL);
  g_auto(GStrv) read = NULL, own = NULL;
  g_autofree char *reply_to = NULL;
  gboolean edited, retracted;

  g_object_get (message, "edited", &edited, "retracted", &retracted, "reactions", &read, "own-reactions",
                &own, "reply-to", &reply_to, NULL);
  g_object_get (failed, "error", &error, NULL);
  g_assert_cmpstr (error->message, ==, "no");
  g_assert_cmpstr (xep174_message_get_error (failed)->message, ==, "no");
  g_assert_true (edited && !retracted);
  g_assert_true (g_strv_equal ((const char * const *) read, signs));
  g_assert_true (g_strv_equal ((const char * const *) own, signs));
  g_assert_cmpstr (reply_to, ==, "0");
  g_assert_true (xep174_message_get_retracted (gone));
  g_assert_null (xep174_message_find_answered (message));
}

/* What the program has made without a text, or with an empty id, harms nobody. */
static void
test_bare (Pair          *pair,
           gconstpointer  data)
{
  const gboolean ours[] = { TRUE, FALSE };
  Call call = { NULL };

  say (pair->his, "one");
  wait_until (count (pair->hers) == 1 && knows (pair->romeo, pair->his, NS_CORRECT));
  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    {
      g_autoptr(Xep174Message) bare =
        g_object_new (XEP174_TYPE_MESSAGE, "contact", xep174_conversation_get_contact (pair->his), "id",
                      i == 0 ? "a" : "b", "outgoing", ours[i], "state", XEP174_MESSAGE_STATE_RECEIVED, NULL);
      g_autoptr(Xep174Message) reply = xep174_message_new_reply (bare, "yes");

      assert_body (bare, "");
      xep174_conversation_insert (pair->his, 0, bare);
      correct (pair->his, bare, "text", &call);
      if (ours[i])
        end_well (pair->his, &call, xep174_conversation_correct_finish);
      else
        end_badly (pair->his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STATE);
      xep174_conversation_send_async (pair->his, reply, NULL, call_done, &call);
      end_well (pair->his, &call, xep174_conversation_send_finish);
    }
  {
    g_autoptr(Xep174Message) bare =
      g_object_new (XEP174_TYPE_MESSAGE, "outgoing", FALSE, "body", NULL, "id", "", "reply-to", "", NULL);
    g_autoptr(Xep174Message) reply = xep174_message_new_reply (bare, "yes");

    g_assert_null (xep174_message_get_id (bare));
    g_assert_null (xep174_message_get_reply_to (bare));
    g_assert_null (xep174_message_get_reply_to (reply));
    xep174_conversation_insert (pair->his, 0, bare);
    xep174_conversation_send_async (pair->his, bare, NULL, call_done, &call);
    end_badly (pair->his, &call, xep174_conversation_send_finish, XEP174_SESSION_ERROR_INVALID_STANZA);
  }
}

/* Where a correction would be another message, it waits until what it corrects has gone out. */
static void
test_queued (Pair          *pair,
             gconstpointer  data)
{
  Xep174Message *mine = say (pair->his, "won");
  Call call = { NULL };

  correct (pair->his, mine, "one", &call);
  end_badly (pair->his, &call, xep174_conversation_correct_finish, XEP174_SESSION_ERROR_INVALID_STATE);
  wait_until (xep174_message_get_state (mine) != XEP174_MESSAGE_STATE_QUEUED && count (pair->hers) == 1
              && knows (pair->romeo, pair->his, NS_CORRECT));
  g_assert_cmpuint (count (pair->his), ==, 1);
  correct (pair->his, mine, "one", &call);
  end_well (pair->his, &call, xep174_conversation_correct_finish);
  wait_until (xep174_message_get_edited (get (pair->hers, 0)));
  g_assert_cmpuint (count (pair->hers), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data) \
  g_test_add ("/amended/F8/" #name, Pair, data, pair_set_up, test_##name, pair_tear_down)
  ADD (claims, "features");
  ADD (signs, "features");
  ADD (deeds, "features");
  ADD (refused, "features");
  ADD (obstacles, "features");
  ADD (without, NULL);
  ADD (legacy, "features");
  ADD (replies, "features");
  ADD (bare, "features");
  ADD (queued, "features");
  g_test_add_func ("/amended/F8/stored", test_stored);
  return g_test_run ();
}
