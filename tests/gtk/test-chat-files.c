/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two chats for the desktop, without their windows, and a file from one to the other. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <glib/gstdio.h>

#include "chat-roster.h"
#include "chat-saving.h"
#include "chat-untold.h"

/* A disk that does not answer before the test says so, or that is full. */
static struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_closed;
  gboolean is_full;
} disk;

/* In the place of that of the C library. GLib, which writes records with it, keeps no size. */
__attribute__ ((visibility ("default"))) int
fallocate (int   fd,
           int   mode,
           off_t offset,
           off_t length)
{
  gboolean is_full;

  if ((mode & FALLOC_FL_KEEP_SIZE) == 0)
    return 0;

  g_mutex_lock (&disk.mutex);
  while (disk.is_closed)
    g_cond_wait (&disk.cond, &disk.mutex);
  is_full = disk.is_full;
  g_mutex_unlock (&disk.mutex);
  errno = ENOSPC;

  return is_full ? -1 : 0;
}

static void
set_disk (gboolean is_closed,
          gboolean is_full)
{
  g_mutex_lock (&disk.mutex);
  disk.is_closed = is_closed;
  disk.is_full = is_full;
  g_cond_broadcast (&disk.cond);
  g_mutex_unlock (&disk.mutex);
}

typedef struct
{
  Xep174Discovery *discovery;
  Xep174Client *client;
  ChatRoster *roster;
  ChatConversation *conversation; /* with the other */
  guint n_received;
  Xep174Message *failed; /* the last one */
  guint n_failed;
} Person;

typedef struct
{
  Person romeo;
  Person juliet;
  char *folder;
  char *path;
  Xep174Message *sent;
  Xep174Message *offer;
} Pair;

#define await(condition) \
  while (!(condition)) \
    g_main_context_iteration (NULL, TRUE)

static void
on_received (ChatRoster       *roster,
             ChatConversation *conversation,
             Xep174Message    *message,
             Person           *self)
{
  g_assert_true (conversation == self->conversation);
  self->n_received++;
}

static void
on_failed (ChatRoster       *roster,
           ChatConversation *conversation,
           Xep174Message    *message,
           Person           *self)
{
  self->failed = message;
  self->n_failed++;
}

static void
begin (Person     *self,
       const char *user,
       const char *folder)
{
  g_autoptr(Xep174Profile) profile = xep174_profile_new (user, NULL);
  g_autofree char *data = g_build_filename (folder, user, NULL);

  g_assert_true (xep174_profile_set_machine (profile, "verona", NULL));
  self->discovery = XEP174_DISCOVERY (xep174_manual_discovery_new ());
  self->client = g_object_new (XEP174_TYPE_CLIENT, "profile", profile, "discovery", self->discovery,
                               "data-dir", data, NULL);
  self->roster = chat_roster_new (self->client);
  g_signal_connect (self->roster, "message-received", G_CALLBACK (on_received), self);
  g_signal_connect (self->roster, "message-failed", G_CALLBACK (on_failed), self);
  chat_roster_start (self->roster);
  await (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_ONLINE);
}

static void
learn (Person *self,
       Person *other)
{
  g_autoptr(GError) error = NULL;
  Xep174Contact *contact = xep174_manual_discovery_add (
    XEP174_MANUAL_DISCOVERY (self->discovery), xep174_client_get_local_name (other->client), "127.0.0.1",
    xep174_client_get_port (other->client), &error);

  g_assert_no_error (error);
  self->conversation = chat_roster_dup_conversation (self->roster, contact);
}

static void
end (Person *self)
{
  chat_roster_stop (self->roster);
  await (chat_roster_get_state (self->roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_clear_object (&self->conversation);
  g_clear_object (&self->roster);
  g_clear_object (&self->client);
  g_clear_object (&self->discovery);
}

static Xep174Message *
await_first (Person *self)
{
  GListModel *messages = chat_conversation_get_messages (self->conversation);

  await (g_list_model_get_n_items (messages) > 0);

  return g_list_model_get_item (messages, 0);
}

static void
set_up (Pair          *pair,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  pair->folder = g_dir_make_tmp (NULL, &error);
  g_assert_no_error (error);
  pair->path = g_build_filename (pair->folder, "sonnet", NULL);
  g_file_set_contents (pair->path, "Two households", -1, &error);
  g_assert_no_error (error);
  begin (&pair->romeo, "romeo", pair->folder);
  begin (&pair->juliet, "juliet", pair->folder);
  learn (&pair->romeo, &pair->juliet);
  learn (&pair->juliet, &pair->romeo);

  file = g_file_new_for_path (pair->path);
  chat_conversation_send_file (pair->romeo.conversation, file, NULL, NULL);
  pair->sent = await_first (&pair->romeo);
  pair->offer = await_first (&pair->juliet);
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_all (inner);
    }
  g_remove (path);
}

static void
tear_down (Pair          *pair,
           gconstpointer  data)
{
  g_clear_object (&pair->sent);
  g_clear_object (&pair->offer);
  end (&pair->romeo);
  end (&pair->juliet);
  /* A thread may be about to write down where a file is. */
  while (g_file_test (pair->folder, G_FILE_TEST_EXISTS))
    remove_all (pair->folder);
  g_free (pair->folder);
  g_free (pair->path);
}

static void
assert_note (Xep174Message *message,
             const char    *state)
{
  g_autofree char *note = chat_message_dup_note (message);

  g_assert_true (g_str_has_suffix (note, state));
}

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

static void
begin_saving (Pair     *pair,
              gboolean  is_closed,
              gboolean  is_full)
{
  g_autofree char *path = g_build_filename (pair->folder, "in", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  set_disk (is_closed, is_full);
  chat_saving_begin (chat_message_get_transfer (pair->offer), folder);
}

/* What has come, or is to come. */
static guint
count_saved (Pair *pair)
{
  g_autofree char *path = g_build_filename (pair->folder, "in", NULL);
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static char *
dup_record (Pair *pair)
{
  return g_build_filename (pair->folder, "juliet", "transfers",
                           xep174_transfer_get_id (chat_message_get_transfer (pair->offer)), NULL);
}

/* It is no offer any more as soon as the user has said so; at the end it is told even to who saw that. Before
 * there is anything in the folder it is written down, for the case that nothing can be told any more. */
static void
test_prepared (Pair          *pair,
               gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);
  g_autofree char *record = dup_record (pair);

  begin_saving (pair, TRUE, FALSE);
  while (count_saved (pair) == 0)
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

  begin_saving (pair, TRUE, FALSE);
  xep174_transfer_cancel (transfer);
  await (xep174_transfer_has_ended (chat_message_get_transfer (pair->sent)));
  g_assert_true (chat_saving_is_pending (transfer));
  assert_note (pair->offer, " · The file was cancelled");
  g_assert_false (chat_message_is_untold (pair->offer));

  set_disk (FALSE, FALSE);
  await (!chat_saving_is_pending (transfer));
  assert_note (pair->offer, " · The file was cancelled");
  await (count_saved (pair) == 0);
}

/* The offer is open again, and says why. */
static void
test_no_room (Pair          *pair,
              gconstpointer  data)
{
  Xep174Transfer *transfer = chat_message_get_transfer (pair->offer);

  begin_saving (pair, FALSE, TRUE);
  await (!chat_saving_is_pending (transfer));
  g_assert_true (chat_message_is_offer (pair->offer));
  assert_note (pair->offer, " · offered: There is not enough room here. Make some, or choose another folder");
  g_assert_false (chat_message_is_untold (pair->offer));
  g_assert_cmpuint (count_saved (pair), ==, 0);

  begin_saving (pair, FALSE, FALSE);
  assert_note (pair->offer, " · preparing…");
  await (xep174_transfer_has_ended (transfer));
  assert_note (pair->offer, " · done");
}

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
  g_autofree char *record = dup_record (pair);

  begin_saving (pair, TRUE, FALSE);
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

  begin_saving (pair, TRUE, FALSE);
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
  begin_saving (pair, TRUE, FALSE);
  while (count_saved (pair) == 0)
    g_thread_yield ();
  chat_roster_stop (pair->juliet.roster);
  chat_roster_stop (pair->juliet.roster);
  await (xep174_client_get_port (pair->juliet.client) == 0);
  g_assert_cmpint (chat_roster_get_state (pair->juliet.roster), ==, CHAT_ROSTER_STATE_STOPPING);

  set_disk (FALSE, FALSE);
  await (chat_roster_get_state (pair->juliet.roster) == CHAT_ROSTER_STATE_OFFLINE);
  g_assert_cmpuint (count_saved (pair), ==, 0);
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

  begin_saving (pair, TRUE, FALSE);
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
  end (&pair->romeo);
  begin (&pair->romeo, "romeo", pair->folder);
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
  static const struct
  {
    const char *path;
    void (*test) (Pair          *pair,
                  gconstpointer  data);
  } tests[] = {
    { "/chat-files/offered", test_offered },
    { "/chat-files/no-message", test_no_message },
    { "/chat-files/declined", test_declined },
    { "/chat-files/done", test_done },
    { "/chat-files/prepared", test_prepared },
    { "/chat-files/cancelled-early", test_cancelled_early },
    { "/chat-files/no-room", test_no_room },
    { "/chat-files/stopped-early", test_stopped_early },
    { "/chat-files/awaited", test_awaited },
    { "/chat-files/hurried", test_hurried },
    { "/chat-files/sent-late", test_sent_late },
    { "/chat-files/not-sent", test_not_sent },
    { "/chat-files/told-alive", test_told_alive },
    { "/chat-files/restarted", test_restarted },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Pair, NULL, set_up, tests[i].test, tear_down);

  return g_test_run ();
}
