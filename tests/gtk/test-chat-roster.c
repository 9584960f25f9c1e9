/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The conversations of the chat for the desktop, without its windows. */

#include <string.h>

#include "chat-roster.h"

static void
call_nick (Xep174Discovery *discovery,
           const char      *nick)
{
  g_autofree char *txt = g_strdup_printf ("%cnick=%s", (int) (strlen ("nick=") + strlen (nick)),
                                          nick);
  g_autoptr(GBytes) bytes = g_bytes_new (txt, strlen (txt));

  xep174_discovery_put_contact (discovery, "romeo@montague", bytes);
}

static void
on_reordered (ChatRoster *roster,
            guint      *n_times)
{
  (*n_times)++;
}

/* Who holds the contact may ask for the conversation time and again, and hears of a name once. */
static void
test_conversation_comes_and_goes (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  g_autoptr(Xep174Client) client = xep174_client_new (profile, discovery);
  g_autoptr(ChatRoster) roster = chat_roster_new (client);
  g_autoptr(ChatConversation) last = NULL;
  Xep174Contact *contact;
  guint n_times = 0;

  contact = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  g_signal_connect (roster, "reordered", G_CALLBACK (on_reordered), &n_times);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(ChatConversation) conversation = chat_roster_dup_conversation (roster, contact);

      g_assert_true (chat_conversation_get_contact (conversation) == contact);
    }

  g_assert_null (chat_roster_find_conversation (roster, "romeo@montague"));
  g_assert_cmpuint (g_list_model_get_n_items (xep174_client_get_conversations (client)), ==, 0);
  call_nick (discovery, "Roland");
  g_assert_cmpuint (n_times, ==, 0);
  last = chat_roster_dup_conversation (roster, contact);
  call_nick (discovery, "Romeo");
  g_assert_cmpuint (n_times, ==, 1);
}

/* A4: who has sent something looks for its tick; and what is said in one breath shares a question. */
static void
test_ticks_come_soon (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  g_autoptr(Xep174Client) client = xep174_client_new (profile, discovery);
  g_autoptr(ChatRoster) roster = chat_roster_new (client);
  guint delay;

  g_assert_nonnull (roster);
  g_object_get (xep174_client_get_session_manager (client), "receipt-delay", &delay, NULL);
  g_assert_cmpuint (delay, <=, 1000);
  g_assert_cmpuint (delay, >=, 500);
}

/* Two of one name are told apart, however they write it; alone again there is nothing to tell. */
static void
test_namesakes (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  g_autoptr(Xep174Client) client = xep174_client_new (profile, discovery);
  g_autoptr(ChatRoster) roster = chat_roster_new (client);
  Xep174Contact *contact = xep174_discovery_put_contact (discovery, "Romeo@verona", NULL);
  g_autoptr(ChatConversation) verona = chat_roster_dup_conversation (roster, contact);
  g_autoptr(ChatConversation) montague = NULL;
  g_autofree char *title = NULL;

  g_assert_false (chat_conversation_get_has_namesake (verona));
  contact = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  montague = chat_roster_dup_conversation (roster, contact);
  g_assert_true (chat_conversation_get_has_namesake (verona));
  g_assert_true (chat_conversation_get_has_namesake (montague));
  title = chat_conversation_dup_title (montague);
  g_assert_cmpstr (title, ==, "romeo (romeo@montague)");

  call_nick (discovery, "Roland");
  g_assert_false (chat_conversation_get_has_namesake (verona));
  call_nick (discovery, "ROMEO");
  g_assert_true (chat_conversation_get_has_namesake (verona));
  g_clear_object (&montague);
  g_assert_false (chat_conversation_get_has_namesake (verona));
}

/* What cannot be seen tells two apart all the same. */
static void
test_invisible (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  g_autoptr(Xep174Client) client = xep174_client_new (profile, discovery);
  g_autoptr(ChatRoster) roster = chat_roster_new (client);
  Xep174Contact *contact = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  g_autoptr(ChatConversation) romeo = chat_roster_dup_conversation (roster, contact);
  g_autoptr(ChatConversation) other = NULL;
  g_autofree char *title = NULL;

  contact = xep174_discovery_put_contact (discovery, "ro\u200bmeo@montague", NULL);
  other = chat_roster_dup_conversation (roster, contact);
  g_assert_true (chat_conversation_get_has_namesake (romeo));
  title = chat_conversation_dup_title (other);
  g_assert_cmpstr (title, ==, "romeo (ro\\u{200B}meo@montague)");
}

static void
on_untold (ChatConversation *conversation,
           Xep174Message    *message,
           gpointer          texts)
{
  g_string_append_printf (texts, "%s;", xep174_message_get_body (message));
}

static char *
dup_untold (ChatRoster *roster)
{
  g_autoptr(GString) texts = g_string_new (NULL);

  chat_roster_foreach_untold (roster, on_untold, texts);

  return g_string_free (g_steal_pointer (&texts), FALSE);
}

/* S7: what was not sent is untold until the user looks at it, and again after another try. */
static void
test_untold (void)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new ("juliet", NULL);
  g_autoptr(Xep174Discovery) discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  g_autoptr(Xep174Client) client = xep174_client_new (profile, discovery);
  g_autoptr(ChatRoster) roster = chat_roster_new (client);
  Xep174Contact *contact = xep174_discovery_put_contact (discovery, "romeo@montague", NULL);
  g_autoptr(ChatConversation) romeo = chat_roster_dup_conversation (roster, contact);
  g_autoptr(Xep174Message) message = NULL;
  g_autofree char *failed = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *again = NULL;

  chat_conversation_send (romeo, "one", NULL);
  message = g_list_model_get_item (chat_conversation_get_messages (romeo), 0);
  g_assert_cmpint (xep174_message_get_state (message), ==, XEP174_MESSAGE_STATE_FAILED);
  failed = dup_untold (roster);
  g_assert_cmpstr (failed, ==, "one;");

  chat_conversation_set_watched (romeo, TRUE);
  seen = dup_untold (roster);
  g_assert_cmpstr (seen, ==, "");
  chat_conversation_set_watched (romeo, FALSE);
  chat_conversation_send_again (romeo, xep174_message_get_id (message));
  again = dup_untold (roster);
  g_assert_cmpstr (again, ==, "one;");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chat-roster/conversation-comes-and-goes", test_conversation_comes_and_goes);
  g_test_add_func ("/chat-roster/namesakes", test_namesakes);
  g_test_add_func ("/chat-roster/invisible", test_invisible);
  g_test_add_func ("/chat-roster/untold", test_untold);
  g_test_add_func ("/chat-roster/A4/ticks-come-soon", test_ticks_come_soon);
  return g_test_run ();
}
