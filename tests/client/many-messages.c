/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a conversation of many messages takes: test-many.py counts the instructions of each job,
 * KIND/MESSAGES. */

#include "xep174-conversation-private.h"

static void
put_in (Xep174Conversation *conversation,
        guint               position,
        guint               i,
        gboolean            outgoing)
{
  g_autofree char *id = g_strdup_printf ("%u", i);
  g_autoptr(Xep174Message) message =
    g_object_new (XEP174_TYPE_MESSAGE, "body", id, "id", id, "outgoing", outgoing, "state",
                  outgoing ? XEP174_MESSAGE_STATE_SENT : XEP174_MESSAGE_STATE_RECEIVED, NULL);

  xep174_conversation_insert (conversation, position, message);
}

static guint
count (Xep174Conversation *conversation)
{
  return g_list_model_get_n_items (G_LIST_MODEL (conversation));
}

static void
at_the_end (Xep174Conversation *conversation,
            guint               n)
{
  for (guint i = 0; i < n; i++)
    put_in (conversation, i, i, i % 2 == 0);
  g_assert_cmpuint (count (conversation), ==, n);
}

static void
at_the_front (Xep174Conversation *conversation,
              guint               n)
{
  for (guint i = 0; i < n; i++)
    put_in (conversation, 0, i, i % 2 == 0);
  g_assert_cmpuint (count (conversation), ==, n);
}

/* The oldest go. */
static void
bounded (Xep174Conversation *conversation,
         guint               n)
{
  xep174_conversation_set_limit (conversation, 100);
  for (guint i = 0; i < n; i++)
    {
      put_in (conversation, MIN (i, 100), i, i % 2 == 0);
      g_assert_cmpuint (count (conversation), <=, 100);
    }
  g_assert_cmpuint (xep174_conversation_get_unread (conversation), ==, 50);
}

/* One that is never read here stands before all others. */
static void
read_one_by_one (Xep174Conversation *conversation,
                 guint               n)
{
  for (guint i = 0; i < n; i++)
    {
      put_in (conversation, i, i, FALSE);
      xep174_conversation_mark_read (conversation);
    }
  g_assert_cmpuint (xep174_conversation_get_unread (conversation), ==, 0);
}

/* Twice, by a contact that has nothing better to do. */
static void
shown_one_by_one (Xep174Conversation *conversation,
                  guint               n)
{
  for (guint i = 0; i < n; i++)
    put_in (conversation, i, i, TRUE);
  for (guint i = 0; i < 2 * n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i % n);

      xep174_conversation_tell_displayed (conversation, id);
      g_assert_cmpint (xep174_conversation_find_message (conversation, TRUE, id)->state, ==,
                       XEP174_MESSAGE_STATE_READ);
    }
}

static const struct
{
  const char *name;
  void (*run) (Xep174Conversation *conversation, guint n);
} kinds[] = {
  { "at-the-end", at_the_end },
  { "at-the-front", at_the_front },
  { "bounded", bounded },
  { "read-one-by-one", read_one_by_one },
  { "shown-one-by-one", shown_one_by_one },
};

/* Callgrind counts from its beginning to its end. */
void bench_measured (guint kind, Xep174Conversation *conversation, guint n);

G_NO_INLINE void
bench_measured (guint               kind,
                Xep174Conversation *conversation,
                guint               n)
{
  kinds[kind].run (conversation, n);
}

int
main (int   argc,
      char *argv[])
{
  for (int i = 1; i < argc; i++)
    {
      g_auto(GStrv) job = g_strsplit (argv[i], "/", 2);
      g_autoptr(Xep174Conversation) conversation = g_object_new (XEP174_TYPE_CONVERSATION, NULL);
      guint kind = 0;

      while (g_strcmp0 (kinds[kind].name, job[0]) != 0)
        g_assert_cmpuint (++kind, <, G_N_ELEMENTS (kinds));
      xep174_conversation_set_limit (conversation, 0);
      bench_measured (kind, conversation, g_ascii_strtoull (job[1], NULL, 10));
    }
  return 0;
}
