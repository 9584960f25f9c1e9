/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-people.h"

#include <string.h>

#include "chat-text.h"

static gpointer
to_conversation (gpointer item,
                 gpointer roster)
{
  g_autoptr(Xep174Contact) contact = item;

  return chat_roster_dup_conversation (roster, contact);
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  ChatConversation *one = (ChatConversation *) a;
  ChatConversation *other = (ChatConversation *) b;
  gboolean one_unread = chat_conversation_get_unread (one) > 0;
  gboolean other_unread = chat_conversation_get_unread (other) > 0;
  gint64 one_latest = chat_conversation_get_latest (one);
  gint64 other_latest = chat_conversation_get_latest (other);
  gboolean one_online = xep174_contact_get_online (chat_conversation_get_contact (one));
  gboolean other_online = xep174_contact_get_online (chat_conversation_get_contact (other));

  if (one_unread != other_unread)
    return one_unread ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;
  if (one_latest != other_latest)
    return one_latest > other_latest ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;
  if (one_online != other_online)
    return one_online ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;

  return gtk_ordering_from_cmpfunc (g_utf8_collate (chat_conversation_get_name (one),
                                                    chat_conversation_get_name (other)));
}

static void
on_reordered (GtkSorter *sorter)
{
  gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

GListModel *
chat_people_new (ChatRoster *roster)
{
  GListModel *contacts = xep174_client_get_contacts (chat_roster_get_client (roster));
  g_autoptr(GtkMapListModel) present =
    gtk_map_list_model_new (g_object_ref (contacts), to_conversation, g_object_ref (roster),
                            g_object_unref);
  GListStore *lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (lists, present);
  g_list_store_append (lists, chat_roster_get_absent (roster));

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists)));
}

GListModel *
chat_people_new_order (ChatRoster *roster,
                       GListModel *people,
                       GtkFilter  *filter)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));
  GtkFilterListModel *found =
    gtk_filter_list_model_new (g_object_ref (people), g_object_ref (filter));

  g_signal_connect_object (roster, "reordered", G_CALLBACK (on_reordered), sorter,
                           G_CONNECT_SWAPPED);

  return G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (found), sorter));
}

gboolean
chat_people_match (ChatConversation *conversation,
                   const char       *text)
{
  g_autofree char *whole = chat_conversation_dup_whole_name (conversation);
  g_autofree char *names =
    g_strconcat (chat_conversation_get_name (conversation), "\n", whole, NULL);
  g_autofree char *folded_names = chat_text_fold (names);
  g_autofree char *folded_text = chat_text_fold (text);

  return strstr (folded_names, folded_text) != NULL;
}
