/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files in a conversation of the chat for the desktop: what their rows say, and what can be done. */

#include <string.h>

#include <glib/gstdio.h>

#include "chat-pair.h"
#include "chat-saving.h"

/* It is unread and notified of like what somebody says, until the user looks. */
static void
test_offered (Pair          *pair,
              gconstpointer  data)
{
  g_autofree char *text = chat_message_dup_text (pair->offer);

  g_assert_cmpstr (text, ==, "File “sonnet”, 14 bytes");
  g_assert_true (chat_message_is_offer (pair->offer));
  g_assert_false (chat_message_is_offer (pair->sent));
  assert_note (pair->offer, " · offered");
  assert_note (pair->sent, " · waiting for an answer");
  g_assert_cmpuint (pair->juliet.n_received, ==, 1);
  g_assert_cmpuint (pair->romeo.n_received, ==, 0);
  g_assert_cmpuint (chat_conversation_get_unread (pair->juliet.conversation), ==, 1);
  g_assert_cmpuint (chat_conversation_get_unread (pair->romeo.conversation), ==, 0);
  chat_conversation_set_watched (pair->juliet.conversation, TRUE);
  g_assert_cmpuint (chat_conversation_get_unread (pair->juliet.conversation), ==, 0);
}

/* Nobody can answer, change or take back a file, and no sign in its name stands for a style. */
static void
test_no_message (Pair          *pair,
                 gconstpointer  data)
{
  Xep174Message *messages[] = { pair->sent, pair->offer };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_assert_false (chat_message_is_notice (messages[i]));
      g_assert_false (chat_message_is_open (messages[i]));
      g_assert_false (chat_message_is_changeable (messages[i]));
      g_assert_false (chat_message_is_styled (messages[i]));
      g_assert_null (chat_message_get_tick (messages[i]));
    }
}

/* The sender has not been told of the end before he has seen it; the other side has said it herself. */
static void
test_declined (Pair          *pair,
               gconstpointer  data)
{
  g_assert_true (chat_message_is_untold (pair->sent));
  g_assert_false (chat_message_is_untold (pair->offer));
  chat_conversation_set_watched (pair->romeo.conversation, TRUE);

  xep174_transfer_decline (chat_message_get_transfer (pair->offer));
  await (xep174_transfer_has_ended (chat_message_get_transfer (pair->sent)));
  g_assert_cmpuint (pair->romeo.n_failed, ==, 1);
  g_assert_true (pair->romeo.failed == pair->sent);
  g_assert_cmpuint (pair->juliet.n_failed, ==, 0);
  g_assert_true (chat_message_is_untold (pair->sent));
  g_assert_false (chat_message_is_untold (pair->offer));
  g_assert_false (chat_message_is_offer (pair->offer));
  chat_conversation_set_watched (pair->romeo.conversation, FALSE);
  g_assert_false (chat_message_is_untold (pair->sent));
}

/* What has arrived needs no word at the end. */
static void
test_done (Pair          *pair,
           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (pair->folder, "in", NULL);
  g_autofree char *saved = g_build_filename (path, "sonnet", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autofree char *text = NULL;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  xep174_transfer_accept_async (chat_message_get_transfer (pair->offer), folder, NULL, NULL, NULL);
  await (xep174_transfer_has_ended (chat_message_get_transfer (pair->sent))
         && xep174_transfer_has_ended (chat_message_get_transfer (pair->offer)));
  assert_note (pair->offer, " · done");
  assert_note (pair->sent, " · done");
  g_assert_false (chat_message_is_untold (pair->sent));
  g_assert_false (chat_message_is_untold (pair->offer));
  g_assert_true (g_file_get_contents (saved, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "Two households");
}

/* It is no offer any more as soon as the user has said so; at the end it is told even to who saw that. Before
 * there is anything in the folder it is written down, for the case that nothing can be told any more. */
static void
test_prepared (Pair          *pair,
               gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);
  g_autofree char *record = pair_dup_record (pair);

  pair_begin_saving (pair, TRUE, FALSE);
  while (pair_count_saved (pair) == 0)
    g_thread_yield ();
  g_assert_true (g_file_test (record, G_FILE_TEST_EXISTS));
  g_assert_true (chat_saving_is_pending (transfer));
  g_assert_false (chat_message_is_offer (pair->offer));
  assert_note (pair->offer, " · preparing…");
  chat_conversation_set_watched (pair->juliet.conversation, TRUE);
  g_assert_true (chat_message_is_untold (pair->offer));

  set_disk (FALSE, FALSE);
  await (xep174_transfer_has_ended (transfer));
  g_assert_false (chat_saving_is_pending (transfer));
  assert_note (pair->offer, " · done");
  g_assert_false (chat_message_is_untold (pair->offer));
}

/* The contact hears it at once, and nothing stays on the disk. */
static void
test_cancelled_early (Pair          *pair,
                      gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);

  pair_begin_saving (pair, TRUE, FALSE);
  xep174_transfer_cancel (transfer);
  await (xep174_transfer_has_ended (chat_message_get_transfer (pair->sent)));
  g_assert_true (chat_saving_is_pending (transfer));
  assert_note (pair->offer, " · The file was cancelled");
  g_assert_false (chat_message_is_untold (pair->offer));

  set_disk (FALSE, FALSE);
  await (!chat_saving_is_pending (transfer));
  assert_note (pair->offer, " · The file was cancelled");
  await (pair_count_saved (pair) == 0);
}

/* The offer is open again, and says why. */
static void
test_no_room (Pair          *pair,
              gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);

  pair_begin_saving (pair, FALSE, TRUE);
  await (!chat_saving_is_pending (transfer));
  g_assert_true (chat_message_is_offer (pair->offer));
  assert_note (pair->offer, " · offered: There is not enough room here. Make some, or choose another folder");
  g_assert_false (chat_message_is_untold (pair->offer));
  g_assert_cmpuint (pair_count_saved (pair), ==, 0);

  pair_begin_saving (pair, FALSE, FALSE);
  assert_note (pair->offer, " · preparing…");
  await (xep174_transfer_has_ended (transfer));
  assert_note (pair->offer, " · done");
}

static gboolean
is_recorded (Pair          *pair,
             Xep174Message *message)
{
  const char *id = xep174_transfer_get_id (chat_message_get_transfer (message));
  g_autofree char *record = g_build_filename (pair->folder, "romeo", "transfers", id, NULL);

  return g_file_test (record, G_FILE_TEST_EXISTS);
}

#define N_SENT 4

static void
send_more (Pair       *pair,
           GDateTime **times)
{
  GListModel *messages = chat_conversation_get_messages (pair->romeo.conversation);
  g_autoptr(GFile) file = g_file_new_for_path (pair->path);

  for (guint i = 0; i < N_SENT; i++)
    {
      g_autoptr(Xep174Message) message = NULL;

      if (i > 0)
        chat_conversation_send_file (pair->romeo.conversation, file, NULL, NULL);
      await (g_list_model_get_n_items (messages) > i);
      message = g_list_model_get_item (messages, i);
      await (is_recorded (pair, message));
      times[i] = g_date_time_ref (xep174_message_get_time (message));
    }
}

/* What was under way is there again before its contact is, as it was, and can be cancelled. */
static void
test_restarted (Pair          *pair,
                gconstpointer  data)
{
  GDateTime *times[N_SENT];
  GListModel *absent;
  GListModel *messages;

  send_more (pair, times);
  g_clear_object (&pair->sent);
  person_end (&pair->romeo);
  pair_begin (pair, &pair->romeo);
  absent = chat_roster_get_absent (pair->romeo.roster);
  await (g_list_model_get_n_items (absent) == 1);
  pair->romeo.conversation = g_list_model_get_item (absent, 0);
  g_assert_cmpstr (chat_conversation_get_name (pair->romeo.conversation), ==, "juliet");
  messages = chat_conversation_get_messages (pair->romeo.conversation);
  await (g_list_model_get_n_items (messages) == N_SENT);
  for (guint i = 0; i < N_SENT; i++)
    {
      g_autoptr(Xep174Message) message = g_list_model_get_item (messages, i);
      Xep174Transfer *transfer = chat_message_get_transfer (message);

      g_assert_true (g_date_time_equal (xep174_message_get_time (message), times[i]));
      g_date_time_unref (times[i]);
      assert_note (message, " · waiting for an answer");
      g_assert_false (chat_message_is_untold (message));
      xep174_transfer_cancel (transfer);
      await (xep174_transfer_has_ended (transfer));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  PAIR_ADD ("/chat-files/offered", test_offered);
  PAIR_ADD ("/chat-files/no-message", test_no_message);
  PAIR_ADD ("/chat-files/declined", test_declined);
  PAIR_ADD ("/chat-files/done", test_done);
  PAIR_ADD ("/chat-files/prepared", test_prepared);
  PAIR_ADD ("/chat-files/cancelled-early", test_cancelled_early);
  PAIR_ADD ("/chat-files/no-room", test_no_room);
  PAIR_ADD ("/chat-files/restarted", test_restarted);

  return g_test_run ();
}
