/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "chat-people.h"

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
  gboolean one_online = xep174_contact_get_online (chat_conversation_get_contact (one));
  gboolean other_online = xep174_contact_get_online (chat_conversation_get_contact (other));

  if (one_online != other_online)
    return one_online ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;

  return gtk_ordering_from_cmpfunc (g_utf8_collate (chat_conversation_get_name (one),
                                                    chat_conversation_get_name (other)));
}

static void
on_renamed (GtkSorter *sorter)
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
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));

  g_list_store_append (lists, present);
  g_list_store_append (lists, chat_roster_get_absent (roster));
  g_signal_connect_object (roster, "renamed", G_CALLBACK (on_renamed), sorter, G_CONNECT_SWAPPED);

  return G_LIST_MODEL (
    gtk_sort_list_model_new (G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (lists))),
                             sorter));
}
