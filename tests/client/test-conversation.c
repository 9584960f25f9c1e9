/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What stands in a conversation, and what becomes of it. */

#include <string.h>

#include "conversation-pair.h"

static void
note_state (GArray        *states,
            GParamSpec    *property,
            Xep174Message *message)
{
  Xep174MessageState state = xep174_message_get_state (message);

  g_array_append_val (states, state);
}

/* Both see it, it is unread there until it is read, and its state goes forward only. */
static void
test_said (Pair          *pair,
           gconstpointer  data)
{
  Xep174Message *mine, *theirs;
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (Xep174MessageState));

  mine = say (pair->his, "Hi");
  g_signal_connect_swapped (mine, "notify::state", G_CALLBACK (note_state), states);
  g_assert_cmpint (xep174_message_get_state (mine), ==, XEP174_MESSAGE_STATE_QUEUED);
  g_assert_true (xep174_message_get_outgoing (mine));
  g_assert_nonnull (xep174_message_get_id (mine));
  g_assert_nonnull (xep174_message_get_time (mine));
  g_assert_true (xep174_message_get_contact (mine) == xep174_conversation_get_contact (pair->his));
  wait_until (count (pair->hers) == 1);
  theirs = get (pair->hers, 0);
  g_assert_cmpstr (xep174_message_get_body (theirs), ==, "Hi");
  g_assert_cmpstr (xep174_message_get_id (theirs), ==, xep174_message_get_id (mine));
  g_assert_false (xep174_message_get_outgoing (theirs));
  g_assert_cmpint (xep174_message_get_state (theirs), ==, XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_cmpuint (xep174_conversation_get_unread (pair->hers), ==, 1);
  g_assert_cmpuint (xep174_conversation_get_unread (pair->his), ==, 0);
  g_assert_true (xep174_conversation_find_message (pair->hers, FALSE, xep174_message_get_id (mine))
                 == theirs);
  g_assert_null (xep174_conversation_find_message (pair->hers, TRUE, xep174_message_get_id (mine)));

  xep174_conversation_mark_read (pair->hers);
  g_assert_cmpint (xep174_message_get_state (theirs), ==, XEP174_MESSAGE_STATE_READ);
  g_assert_cmpuint (xep174_conversation_get_unread (pair->hers), ==, 0);
  wait_until (xep174_message_get_state (mine) == XEP174_MESSAGE_STATE_RECEIVED);
  for (guint i = 1; i < states->len; i++)
    g_assert_cmpint (g_array_index (states, Xep174MessageState, i), >,
                     g_array_index (states, Xep174MessageState, i - 1));
  g_signal_handlers_disconnect_by_data (mine, states);
}

#define NS_MARKERS "urn:xmpp:chat-markers:0"

/* With features: the other one learns what was read and who is typing. */
static void
test_features (Pair          *pair,
               gconstpointer  data)
{
  Xep174Message *first, *second;

  say (pair->his, "Hi");
  wait_until (knows (pair->romeo, pair->his, NS_MARKERS) && knows (pair->juliet, pair->hers, NS_MARKERS));
  first = say (pair->his, "One");
  second = say (pair->his, "Two");
  wait_until (count (pair->hers) == 3);
  xep174_conversation_mark_read (pair->hers);
  wait_until (xep174_message_get_state (second) == XEP174_MESSAGE_STATE_READ);
  g_assert_cmpint (xep174_message_get_state (first), ==, XEP174_MESSAGE_STATE_READ);

  xep174_conversation_set_state (pair->hers, XEP174_CHAT_STATE_COMPOSING);
  wait_until (xep174_conversation_get_contact_state (pair->his) == XEP174_CHAT_STATE_COMPOSING);
  say (pair->hers, "Who is there?");
  wait_until (xep174_conversation_get_contact_state (pair->his) == XEP174_CHAT_STATE_ACTIVE);
}

static void
insert (Xep174Conversation *conversation,
        const char         *id,
        Xep174MessageState  state)
{
  g_autoptr(Xep174Message) message = g_object_new (XEP174_TYPE_MESSAGE, "body", id, "id", id, "state", state,
                                                   NULL);

  xep174_conversation_insert (conversation, count (conversation), message);
}

#define DISPLAYED(id) \
  "<message xmlns='jabber:client'><displayed xmlns='" NS_MARKERS "' id='" id "'/></message>"

static void
expect_states (Xep174Conversation *conversation,
               const char         *expected)
{
  static const char letters[] = "qsrRfu";
  g_autoptr(GString) states = g_string_new (NULL);

  for (guint i = 0; i < count (conversation); i++)
    g_string_append_c (states, letters[xep174_message_get_state (get (conversation, i))]);
  g_assert_cmpstr (states->str, ==, expected);
}

/* XEP-0333 §4.2: what was sent before what was shown was shown too, wherever it stands. What has not gone
 * out, or may not have arrived, was not. */
static void
test_displayed (Pair          *pair,
                gconstpointer  data)
{
  const Xep174MessageState states[] = {
    XEP174_MESSAGE_STATE_SENT, XEP174_MESSAGE_STATE_READ, XEP174_MESSAGE_STATE_UNCONFIRMED,
    XEP174_MESSAGE_STATE_FAILED, XEP174_MESSAGE_STATE_RECEIVED, XEP174_MESSAGE_STATE_READ,
    XEP174_MESSAGE_STATE_SENT, XEP174_MESSAGE_STATE_RECEIVED,
  };
  Xep174Message *last;
  g_autofree char *xml = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      const char id[] = { '0' + i, '\0' };

      insert (pair->his, id, states[i]);
    }
  expect_states (pair->his, "sRufrRsr");
  say_xml (pair->juliet, pair->hers, DISPLAYED ("nothing"));
  say_xml (pair->juliet, pair->hers, DISPLAYED ("5"));
  say_xml (pair->juliet, pair->hers, DISPLAYED ("6"));
  wait_until (xep174_message_get_state (get (pair->his, 6)) == XEP174_MESSAGE_STATE_READ);
  expect_states (pair->his, "RRufRRRr");

  /* One that failed is said again, after the last one. */
  last = say (pair->his, "last");
  xep174_conversation_send_async (pair->his, get (pair->his, 3), NULL, NULL, NULL);
  wait_until (count (pair->hers) == 2);
  xml = g_strdup_printf (DISPLAYED ("%s"), xep174_message_get_id (last));
  say_xml (pair->juliet, pair->hers, xml);
  wait_until (xep174_message_get_state (last) == XEP174_MESSAGE_STATE_READ);
  g_assert_cmpint (xep174_message_get_state (get (pair->his, 3)), !=, XEP174_MESSAGE_STATE_READ);
  g_assert_cmpint (xep174_message_get_state (get (pair->his, 7)), ==, XEP174_MESSAGE_STATE_READ);
  say_xml (pair->juliet, pair->hers, DISPLAYED ("3"));
  wait_until (xep174_message_get_state (get (pair->his, 3)) == XEP174_MESSAGE_STATE_READ);
  expect_states (pair->his, "RRuRRRRRR");
}

#define DELAYED(stamp) \
  "<message xmlns='jabber:client'><body>x</body><delay xmlns='urn:xmpp:delay' " stamp "/></message>"

/* XEP-0203: what comes late has the time when it was said; never one that is to come, and none that is no
 * time. */
static void
test_late (Pair          *pair,
           gconstpointer  data)
{
  static const struct
  {
    const char *xml;
    const char *expected; /* NULL: when it came */
  } cases[] = {
    { DELAYED ("stamp='2002-09-10T23:08:25Z'"), "2002-09-10T23:08:25.000" },
    { DELAYED ("stamp='2002-09-11T01:08:25.250+02:00' from='somebody@else'"), "2002-09-10T23:08:25.250" },
    { DELAYED ("stamp='9999-12-31T23:59:59Z'"), NULL },
    { DELAYED ("stamp='2002-09-10T23:08:25'"), NULL },
    { DELAYED ("stamp='1969-12-31T23:59:59Z'"), NULL },
    { DELAYED ("stamp='yesterday'"), NULL },
    { DELAYED (""), NULL },
    { "<message xmlns='jabber:client'><body>x</body>"
      "<delay xmlns='urn:example:other' stamp='2002-09-10T23:08:25Z'/></message>", NULL },
  };
  g_autoptr(GDateTime) begin = g_date_time_new_now_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    say_xml (pair->juliet, pair->hers, cases[i].xml);
  wait_until (count (pair->his) == G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GDateTime *time = xep174_message_get_time (get (pair->his, i));
      g_autoptr(GDateTime) utc = g_date_time_to_utc (time);
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
      g_autofree char *text = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%S.");
      g_autofree char *whole = g_strdup_printf ("%s%03d", text, g_date_time_get_microsecond (utc) / 1000);

      if (cases[i].expected != NULL)
        g_assert_cmpstr (whole, ==, cases[i].expected);
      else
        g_assert_true (g_date_time_compare (begin, utc) <= 0 && g_date_time_compare (utc, now) <= 0);
    }
}

/* What goes through the client stands here, too; what cannot be sent has failed, and can be sent again. */
static void
test_client (Pair          *pair,
             gconstpointer  data)
{
  Xep174Contact *juliet = xep174_conversation_get_contact (pair->his);
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_NORMAL, "Two");
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();

  xep174_client_send_text_async (pair->romeo->client, juliet, "One", NULL, NULL, NULL);
  g_assert_cmpuint (count (pair->his), ==, 1);
  g_cancellable_cancel (cancelled);
  xep174_client_send_message_async (pair->romeo->client, juliet, message, cancelled, NULL, NULL);
  g_assert_true (get (pair->his, 1) == message);
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_FAILED);
  g_assert_error (xep174_message_get_error (message), G_IO_ERROR, G_IO_ERROR_CANCELLED);

  xep174_conversation_send_async (pair->his, message, NULL, NULL, NULL);
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_QUEUED);
  g_assert_null (xep174_message_get_error (message));
  wait_until (count (pair->hers) == 2);
  g_assert_cmpuint (count (pair->his), ==, 2);
  g_assert_cmpint (xep174_message_get_kind (get (pair->hers, 1)), ==, XEP174_MESSAGE_KIND_NORMAL);
  say (pair->his, "");
  g_assert_cmpint (xep174_message_get_state (get (pair->his, 2)), ==, XEP174_MESSAGE_STATE_FAILED);

  /* Said to somebody else it is another message. */
  xep174_conversation_send_async (pair->hers, message, NULL, NULL, NULL);
  g_assert_true (get (pair->hers, 2) != message);
  wait_until (count (pair->his) == 4);
}

/* A program's own extension goes with the text. */
static void
test_append (Pair          *pair,
             gconstpointer  data)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "Hi");
  g_autoptr(Xep174Element) more = xep174_element_new ("more", "urn:example:more");

  xep174_message_append (message, more);
  xep174_conversation_send_async (pair->his, message, NULL, NULL, NULL);
  wait_until (count (pair->hers) == 1);
  g_assert_nonnull (xep174_element_find_child (xep174_message_get_element (get (pair->hers, 0)), "more",
                                               "urn:example:more"));
}

/* Nothing is kept for who does not ask; it is one object for each contact, until it is dropped. */
static void
test_kept (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  g_autoptr(Xep174Conversation) dropped = NULL;
  Xep174Contact *a, *b;
  GListModel *list;
  Call call = { NULL };
  g_autoptr(GError) error = NULL;

  a = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "a@b", "127.0.0.1", 1, NULL);
  b = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "c@d", "127.0.0.1", 1, NULL);
  xep174_client_send_text_async (romeo->client, a, "Not kept", NULL, NULL, NULL);
  list = xep174_client_get_conversations (romeo->client);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  xep174_client_send_text_async (romeo->client, b, "Kept", NULL, NULL, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  dropped = g_object_ref (xep174_client_get_conversation (romeo->client, b));
  g_assert_cmpuint (count (dropped), ==, 1);
  g_assert_true (xep174_client_get_conversation (romeo->client, b) == dropped);

  xep174_client_drop_conversation (romeo->client, dropped);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  xep174_conversation_send_async (dropped, get (dropped, 0), NULL, call_done, &call);
  call_wait (&call);
  g_assert_false (xep174_conversation_send_finish (dropped, call.result, &error));
  g_assert_error (error, XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_INVALID_STATE);
  g_object_unref (call.result);
  g_assert_true (xep174_client_get_conversation (romeo->client, b) != dropped);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static Xep174Message *
old_message (const char *text,
             gboolean    outgoing)
{
  g_autoptr(GDateTime) then = g_date_time_new_utc (2026, 1, 2, 3, 4, 5.5);

  return g_object_new (XEP174_TYPE_MESSAGE, "body", text, "id", text, "outgoing", outgoing, "time", then,
                       "state", XEP174_MESSAGE_STATE_RECEIVED, NULL);
}

static void
on_items (Xep174Conversation *conversation,
          guint               position,
          guint               removed,
          guint               added,
          gint               *length)
{
  *length += (gint) added - (gint) removed;
  g_assert_cmpint (*length, ==, count (conversation));
}

/* A program's store: history stands first; the oldest go, and with them what is known of them. */
static void
test_history (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Xep174Contact *contact = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "a@b",
                                                        "127.0.0.1", 1, NULL);
  Xep174Conversation *conversation = xep174_client_get_conversation (romeo->client, contact);
  g_autoptr(Xep174Message) oldest = old_message ("oldest", FALSE);
  gint length = 0;

  g_signal_connect (conversation, "items-changed", G_CALLBACK (on_items), &length);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr(Xep174Message) message = old_message (text, i % 2 == 0);

      xep174_conversation_insert (conversation, i, message);
    }
  xep174_conversation_insert (conversation, 0, oldest);
  g_assert_cmpuint (count (conversation), ==, 10);
  g_assert_cmpuint (xep174_conversation_get_unread (conversation), ==, 5);
  g_assert_cmpint (g_date_time_get_microsecond (xep174_message_get_time (oldest)), ==, 500000);
  g_assert_true (get (conversation, 0) == oldest);
  g_assert_cmpstr (xep174_message_get_body (get (conversation, 9)), ==, "8");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (conversation), 10));

  xep174_conversation_set_limit (conversation, 3);
  g_assert_cmpuint (count (conversation), ==, 3);
  g_assert_cmpuint (xep174_conversation_get_unread (conversation), ==, 1);
  g_assert_null (xep174_conversation_find_message (conversation, FALSE, "oldest"));
  g_assert_nonnull (xep174_conversation_find_message (conversation, FALSE, "7"));
  /* It stands nowhere now. */
  xep174_message_set_id (oldest, "again");
  /* Beyond the end is at the end. */
  xep174_conversation_insert (conversation, 99, oldest);
  g_assert_cmpuint (count (conversation), ==, 3);
  g_assert_true (get (conversation, 2) == oldest);
}

/* @octets of a text, and as much in a stanza if @with_stanza. */
static void
insert_large (Xep174Conversation *conversation,
              gsize               octets,
              gboolean            with_stanza)
{
  g_autofree char *text = g_strnfill (octets, 'x');
  g_autoptr(Xep174Element) stanza = xep174_element_new ("message", "jabber:client");
  g_autoptr(Xep174Message) message = NULL;

  xep174_element_append_text (stanza, text);
  message = g_object_new (XEP174_TYPE_MESSAGE, "body", text, "outgoing", FALSE, "element",
                          with_stanza ? stanza : NULL, NULL);
  xep174_conversation_insert (conversation, count (conversation), message);
}

#define MIB (1024 * 1024)
#define LATER "<message xmlns='jabber:client' id='later'><body>"
#define SIGNS "<message xmlns='jabber:client'><reactions xmlns='urn:xmpp:reactions:0' id='mine'>"

/* X8: a stranger does not decide how much is kept, whatever he fills it with. */
static void
test_octets (Pair          *pair,
             gconstpointer  data)
{
  g_autoptr(GString) xml = g_string_new (LATER);

  for (guint i = 0; i < 20; i++)
    insert_large (pair->his, MIB, FALSE);
  g_assert_cmpuint (count (pair->his), ==, 15);
  for (guint i = 0; i < 20; i++)
    insert_large (pair->his, MIB, TRUE);
  g_assert_cmpuint (count (pair->his), ==, 7);
  insert_large (pair->his, 20 * MIB, FALSE);
  g_assert_cmpuint (count (pair->his), ==, 1);
  g_assert_cmpuint (xep174_conversation_get_unread (pair->his), ==, 1);

  /* What is said of a message later counts, too. */
  for (guint i = 0; i < 4; i++)
    insert_large (pair->his, 4 * MIB - 1024, FALSE);
  insert (pair->his, "mine", XEP174_MESSAGE_STATE_SENT);
  g_assert_cmpuint (count (pair->his), ==, 5);
  g_string_assign (xml, SIGNS);
  for (guint i = 0; i < 64; i++)
    g_string_append_printf (xml, "<reaction>%060u</reaction>", i);
  g_string_append (xml, "</reactions></message>");
  say_xml (pair->juliet, pair->hers, xml->str);
  wait_until (count (pair->his) == 4);
  say_xml (pair->juliet, pair->hers, LATER "short</body></message>");
  wait_until (count (pair->his) == 5);
  insert_large (pair->his, 4 * MIB - 16 * 1024, FALSE);
  g_assert_cmpuint (count (pair->his), ==, 6);
  g_string_assign (xml, LATER);
  for (guint i = 0; i < 200 * 1024; i++)
    g_string_append_c (xml, 'x');
  g_string_append (xml, "</body><replace xmlns='urn:xmpp:message-correct:0' id='later'/></message>");
  say_xml (pair->juliet, pair->hers, xml->str);
  wait_until (xep174_message_get_edited (xep174_conversation_find_message (pair->his, FALSE, "later")));
  g_assert_cmpuint (count (pair->his), ==, 5);

  xep174_conversation_set_limit (pair->his, 0);
  for (guint i = 0; i < 20; i++)
    insert_large (pair->his, MIB, FALSE);
  g_assert_cmpuint (count (pair->his), ==, 25);
  xep174_conversation_set_limit (pair->his, 100);
  g_assert_cmpuint (count (pair->his), ==, 15);
}

/* Their ids are found when all of them are there, and no others. */
static void
test_many (void)
{
  g_autoptr(Person) romeo = person_new ("romeo", "montague", NULL);
  Xep174Contact *contact = xep174_manual_discovery_add (XEP174_MANUAL_DISCOVERY (romeo->discovery), "a@b",
                                                        "127.0.0.1", 1, NULL);
  Xep174Conversation *conversation = xep174_client_get_conversation (romeo->client, contact);
  const guint n = 2000;

  xep174_conversation_set_limit (conversation, n);
  for (guint i = 0; i < n + 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr(Xep174Message) message = old_message (id, i % 2 == 0);

      xep174_conversation_insert (conversation, MIN (i, n), message);
    }
  g_assert_cmpuint (count (conversation), ==, n);
  for (guint i = 0; i < n + 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_true (xep174_conversation_find_message (conversation, i % 2 == 0, id)
                     == (i < 10 ? NULL : get (conversation, i - 10)));
    }
  xep174_conversation_mark_read (conversation);
  g_assert_cmpuint (xep174_conversation_get_unread (conversation), ==, 0);
}

/* What had to go before it was known what becomes of it is told of all the same. */
static void
test_gone (Pair          *pair,
           gconstpointer  data)
{
  g_autoptr(Xep174Message) first = NULL;
  g_autoptr(Xep174Message) second = NULL;
  Xep174Message *third;

  xep174_conversation_set_limit (pair->his, 1);
  first = g_object_ref (say (pair->his, "one"));
  second = g_object_ref (say (pair->his, "two"));
  third = say (pair->his, "three");
  g_assert_cmpuint (count (pair->his), ==, 1);
  g_assert_null (xep174_conversation_find_message (pair->his, TRUE, xep174_message_get_id (first)));
  wait_until (xep174_message_get_state (third) == XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_cmpint (xep174_message_get_state (first), ==, XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_cmpint (xep174_message_get_state (second), ==, XEP174_MESSAGE_STATE_RECEIVED);
  /* Nothing else holds them now. */
  g_assert_finalize_object (g_steal_pointer (&first));
  g_assert_finalize_object (g_steal_pointer (&second));
}

/* --- How it ends ------------------------------------------------------------------------------ */

/* X14: what the contact's program did not take has failed, though it had arrived. */
static void
test_refused (Pair          *pair,
              gconstpointer  data)
{
  Xep174Message *message = say (pair->his, "Hi");
  g_autofree char *back = NULL;

  wait_until (count (pair->hers) == 1 && xep174_message_get_state (message) != XEP174_MESSAGE_STATE_QUEUED);
  back = g_strdup_printf ("<message xmlns='jabber:client' type='error' id='%s'><body>Hi</body>"
                          "<error type='modify'><not-acceptable "
                          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
                          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Too short</text></error></message>",
                          xep174_message_get_id (message));
  say_xml (pair->juliet, pair->hers, back);
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_FAILED);
  g_assert_error (xep174_message_get_error (message), XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_REFUSED);
  g_assert_nonnull (strstr (xep174_message_get_error (message)->message, "Too short"));
  g_assert_cmpuint (count (pair->his), ==, 1);
}

static Xep174Session *
session_of (Person     *person,
            const char *name)
{
  return xep174_session_manager_find_session (xep174_client_get_session_manager (person->client), name);
}

/* S7: the connection breaks, and nobody knows. It is sent again only by who wants that. */
static void
test_unconfirmed (Pair          *pair,
                  gconstpointer  data)
{
  gboolean awaits = g_strcmp0 (data, "awaits") == 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(GIOStream) stolen = NULL;
  Xep174Message *message;

  /* Acknowledged streams go on; this is about the others. */
  xep174_client_set_encryption (pair->juliet->client, XEP174_ENCRYPTION_POLICY_OFF);
  if (awaits)
    xep174_session_manager_set_completion (xep174_client_get_session_manager (pair->romeo->client),
                                           XEP174_COMPLETION_RECEIVED);
  message = say (pair->his, "one");
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
  /* Juliet's program hangs, and is killed. */
  stolen = xep174_session_steal_stream (session_of (pair->juliet, "romeo@montague"), &error);
  g_assert_no_error (error);
  message = say (pair->his, "two");
  if (!awaits)
    wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_SENT);
  else
    for (guint i = 0; i < 10; i++)
      g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (xep174_message_get_state (message), ==,
                   awaits ? XEP174_MESSAGE_STATE_QUEUED : XEP174_MESSAGE_STATE_SENT);
  g_assert_null (xep174_message_get_error (message));
  g_io_stream_close (stolen, NULL, NULL);
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_UNCONFIRMED);
  g_assert_error (xep174_message_get_error (message), XEP174_SESSION_ERROR, XEP174_SESSION_ERROR_UNCONFIRMED);

  xep174_conversation_send_async (pair->his, message, NULL, NULL, NULL);
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_null (xep174_message_get_error (message));
  g_assert_cmpuint (count (pair->his), ==, 2);
  g_assert_cmpuint (count (pair->hers), ==, 2);
}

/* With `completion` it is queued until there is a sign of its receipt, and never less than received then. */
static void
test_completion (Pair          *pair,
                 gconstpointer  data)
{
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (Xep174MessageState));
  Xep174Message *message;
  Call call = { NULL };
  g_autoptr(GError) error = NULL;

  xep174_session_manager_set_completion (xep174_client_get_session_manager (pair->romeo->client),
                                         XEP174_COMPLETION_RECEIVED);
  message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "Hi");
  g_signal_connect_swapped (message, "notify::state", G_CALLBACK (note_state), states);
  xep174_conversation_send_async (pair->his, message, NULL, call_done, &call);
  call_wait (&call);
  g_assert_true (xep174_conversation_send_finish (pair->his, call.result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_RECEIVED);
  g_assert_cmpuint (states->len, ==, 1);
  g_signal_handlers_disconnect_by_data (message, states);
  g_object_unref (call.result);
  g_object_unref (message);
}

static void
drop (Xep174Conversation *conversation,
      guint               position,
      guint               removed,
      guint               added,
      Person             *person)
{
  xep174_client_drop_conversation (person->client, conversation);
}

/* A handler drops the conversation that tells it something, and nothing is lost but that. */
static void
test_dropped (Pair          *pair,
              gconstpointer  data)
{
  g_autoptr(Xep174Message) message = xep174_message_new (XEP174_MESSAGE_KIND_CHAT, "Hi");
  Xep174Contact *juliet = xep174_conversation_get_contact (pair->his);
  Xep174Contact *romeo = xep174_conversation_get_contact (pair->hers);

  g_signal_connect (pair->his, "items-changed", G_CALLBACK (drop), pair->romeo);
  g_signal_connect (pair->hers, "items-changed", G_CALLBACK (drop), pair->juliet);
  xep174_conversation_send_async (pair->his, message, NULL, NULL, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_client_get_conversations (pair->romeo->client)), ==, 0);
  wait_until (pair->juliet->heard->len == 1);
  g_assert_cmpuint (g_list_model_get_n_items (xep174_client_get_conversations (pair->juliet->client)), ==, 0);
  wait_until (xep174_message_get_state (message) == XEP174_MESSAGE_STATE_SENT);
  pair->his = xep174_client_get_conversation (pair->romeo->client, juliet);
  pair->hers = xep174_client_get_conversation (pair->juliet->client, romeo);
  say (pair->his, "Again");
  wait_until (count (pair->hers) == 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/conversation/said", Pair, NULL, pair_set_up, test_said, pair_tear_down);
  g_test_add ("/conversation/features", Pair, "features", pair_set_up, test_features, pair_tear_down);
  g_test_add ("/conversation/displayed", Pair, "features", pair_set_up, test_displayed, pair_tear_down);
  g_test_add ("/conversation/F9/late", Pair, NULL, pair_set_up, test_late, pair_tear_down);
  g_test_add ("/conversation/client", Pair, NULL, pair_set_up, test_client, pair_tear_down);
  g_test_add ("/conversation/append", Pair, NULL, pair_set_up, test_append, pair_tear_down);
  g_test_add_func ("/conversation/kept", test_kept);
  g_test_add_func ("/conversation/history", test_history);
  g_test_add_func ("/conversation/many", test_many);
  g_test_add ("/conversation/octets", Pair, "features", pair_set_up, test_octets, pair_tear_down);
  g_test_add ("/conversation/gone", Pair, NULL, pair_set_up, test_gone, pair_tear_down);
  g_test_add ("/conversation/refused", Pair, NULL, pair_set_up, test_refused, pair_tear_down);
  g_test_add ("/conversation/unconfirmed", Pair, NULL, pair_set_up, test_unconfirmed, pair_tear_down);
  g_test_add ("/conversation/unconfirmed-awaited", Pair, "awaits", pair_set_up, test_unconfirmed,
              pair_tear_down);
  g_test_add ("/conversation/completion", Pair, NULL, pair_set_up, test_completion, pair_tear_down);
  g_test_add ("/conversation/dropped", Pair, NULL, pair_set_up, test_dropped, pair_tear_down);
  return g_test_run ();
}
