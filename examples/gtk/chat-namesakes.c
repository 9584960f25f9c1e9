/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-namesakes.h"

#include "chat-text.h"

struct _ChatNamesakes
{
  GHashTable *groups; /* (element-type utf8 GHashTable): for each name who has it */
  GHashTable *names;  /* (element-type ChatConversation utf8): the name of each */
};

ChatNamesakes *
chat_namesakes_new (void)
{
  ChatNamesakes *self = g_new (ChatNamesakes, 1);

  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) g_hash_table_unref);
  self->names = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  return self;
}

void
chat_namesakes_free (ChatNamesakes *self)
{
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->groups);
  g_free (self);
}

static void
tell (GHashTable *group)
{
  GHashTableIter iter;
  gpointer conversation;

  g_hash_table_iter_init (&iter, group);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    chat_conversation_set_has_namesake (conversation, g_hash_table_size (group) > 1);
}

void
chat_namesakes_put (ChatNamesakes    *self,
                    ChatConversation *conversation)
{
  /* In a list “Romeo” and “romeo” look alike. */
  g_autofree char *name = chat_text_fold (chat_conversation_get_name (conversation));
  GHashTable *group;

  if (g_strcmp0 (g_hash_table_lookup (self->names, conversation), name) == 0)
    return;

  chat_namesakes_remove (self, conversation);
  group = g_hash_table_lookup (self->groups, name);
  if (group == NULL)
    {
      group = g_hash_table_new (NULL, NULL);
      g_hash_table_insert (self->groups, g_strdup (name), group);
    }
  g_hash_table_add (group, conversation);
  g_hash_table_insert (self->names, conversation, g_steal_pointer (&name));
  tell (group);
}

void
chat_namesakes_remove (ChatNamesakes    *self,
                       ChatConversation *conversation)
{
  const char *name = g_hash_table_lookup (self->names, conversation);
  GHashTable *group;

  if (name == NULL)
    return;

  group = g_hash_table_lookup (self->groups, name);
  g_hash_table_remove (group, conversation);
  if (g_hash_table_size (group) > 0)
    tell (group);
  else
    g_hash_table_remove (self->groups, name);
  g_hash_table_remove (self->names, conversation);
}
