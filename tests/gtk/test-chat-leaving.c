/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The end of the chat for the desktop while files are under way: what it waits for, and what it tells. */

#include "chat-pair.h"
#include "chat-saving.h"
#include "chat-untold.h"

static void
count_untold (ChatConversation *conversation,
              Xep174Message    *message,
              gpointer          data)
{
  ++*(guint *) data;
}

static guint
get_untold (Person *self)
{
  guint n = 0;

  chat_roster_foreach_untold (self->roster, count_untold, &n);

  return n;
}

/* The end waits for the disk: then it goes on at the next start. */
static void
test_stopped_early (Pair          *pair,
                    gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);
  g_autofree char *record = pair_dup_record (pair);

  pair_begin_saving (pair, TRUE, FALSE);
  chat_roster_stop (pair->juliet.roster);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_true (chat_roster_is_busy (pair->juliet.roster));
  g_assert_cmpint (chat_roster_get_state (pair->juliet.roster), ==, CHAT_ROSTER_STATE_STOPPING);

  set_disk (FALSE, FALSE);
  await (chat_roster_get_state (pair->juliet.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_false (chat_saving_is_pending (transfer));
  await (xep174_transfer_get_state (transfer) == XEP174_TRANSFER_STATE_WAITING);
  g_assert_true (g_file_test (record, G_FILE_TEST_EXISTS));
  g_assert_true (chat_message_is_untold (pair->offer));
  chat_conversation_set_watched (pair->juliet.conversation, TRUE);
  g_assert_true (chat_message_is_untold (pair->offer));
}

/* Who waits for a file, to leave then, is told of it also if it ends in another way than it should. */
static void
test_awaited (Pair          *pair,
              gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);

  pair_begin_saving (pair, TRUE, FALSE);
  chat_roster_await_files (pair->juliet.roster, TRUE);
  xep174_transfer_cancel (chat_message_get_transfer (pair->sent));
  await (xep174_transfer_has_ended (transfer));
  chat_conversation_set_watched (pair->juliet.conversation, TRUE);
  g_assert_true (chat_message_is_untold (pair->offer));
  chat_roster_await_files (pair->juliet.roster, FALSE);
  g_assert_false (chat_message_is_untold (pair->offer));
  set_disk (FALSE, FALSE);
  await (!chat_saving_is_pending (transfer));
}

/* Who does not want to wait is told, and is off the network at once. Nothing stays in the folder. */
static void
test_hurried (Pair          *pair,
              gconstpointer  data)
{
  pair_begin_saving (pair, TRUE, FALSE);
  while (pair_count_saved (pair) == 0)
    g_thread_yield ();
  chat_roster_stop (pair->juliet.roster);
  chat_roster_stop (pair->juliet.roster);
  await (xep174_client_get_port (pair->juliet.client) == 0);
  g_assert_cmpint (chat_roster_get_state (pair->juliet.roster), ==, CHAT_ROSTER_STATE_STOPPING);

  set_disk (FALSE, FALSE);
  await (chat_roster_get_state (pair->juliet.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_cmpuint (pair_count_saved (pair), ==, 0);
  g_assert_cmpuint (get_untold (&pair->juliet), ==, 1);
}

/* What is still read is offered before the end. */
static void
test_sent_late (Pair          *pair,
                gconstpointer  data)
{
  GListModel *messages = chat_conversation_get_messages (pair->romeo.conversation);
  g_autoptr(GFile) file = g_file_new_for_path (pair->path);
  g_autoptr(Xep174Message) last = NULL;

  chat_conversation_send_file (pair->romeo.conversation, file, NULL, NULL);
  g_assert_true (chat_roster_is_busy (pair->romeo.roster));
  chat_roster_stop (pair->romeo.roster);
  await (chat_roster_get_state (pair->romeo.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_cmpuint (g_list_model_get_n_items (messages), ==, 2);
  last = g_list_model_get_item (messages, 1);
  g_assert_false (xep174_transfer_has_ended (chat_message_get_transfer (last)));
  g_assert_cmpuint (get_untold (&pair->romeo), ==, 2);
}

/* What could not be sent is told at the end if nobody looked. */
static void
test_not_sent (Pair          *pair,
               gconstpointer  data)
{
  GPtrArray *unsent = chat_conversation_get_unsent (pair->romeo.conversation);
  g_autofree char *path = g_build_filename (pair->folder, "nothing", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  chat_conversation_send_file (pair->romeo.conversation, file, NULL, NULL);
  await (!chat_roster_is_busy (pair->romeo.roster));
  g_assert_cmpuint (unsent->len, ==, 1);
  assert_note (unsent->pdata[0], " · not sent");
  g_assert_cmpstr (xep174_message_get_body (unsent->pdata[0]), ==, "“nothing”");
  g_assert_cmpuint (get_untold (&pair->romeo), ==, 2);
}

static void
on_untold_changed (ChatUntold *untold,
                   guint      *n_times)
{
  ++*n_times;
}

/* What is told at the end goes on with what becomes of it. */
static void
test_told_alive (Pair          *pair,
                 gconstpointer  data)
{
  g_autoptr(ChatUntold) untold = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  guint n_times = 0;

  pair_begin_saving (pair, TRUE, FALSE);
  untold = chat_untold_new (pair->juliet.roster);
  g_signal_connect (untold, "changed", G_CALLBACK (on_untold_changed), &n_times);
  before = chat_untold_dup_text (untold);
  g_assert_true (g_str_has_prefix (before, "romeo: File “sonnet”, 14 bytes\n"));
  g_assert_true (g_str_has_suffix (before, " · preparing…"));
  g_assert_true (chat_untold_has_file (untold));
  g_assert_nonnull (chat_untold_get_description (untold));

  set_disk (FALSE, FALSE);
  await (xep174_transfer_has_ended (chat_message_get_transfer (pair->offer)));
  g_assert_cmpuint (n_times, >, 0);
  after = chat_untold_dup_text (untold);
  g_assert_true (g_str_has_suffix (after, " · done"));
  g_assert_null (chat_untold_get_description (untold));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  PAIR_ADD ("/chat-leaving/stopped-early", test_stopped_early);
  PAIR_ADD ("/chat-leaving/awaited", test_awaited);
  PAIR_ADD ("/chat-leaving/hurried", test_hurried);
  PAIR_ADD ("/chat-leaving/sent-late", test_sent_late);
  PAIR_ADD ("/chat-leaving/not-sent", test_not_sent);
  PAIR_ADD ("/chat-leaving/told-alive", test_told_alive);

  return g_test_run ();
}
