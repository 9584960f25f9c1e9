/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "chat-roster.h"

/* (transfer full): the conversations with all who are there, and with some who have gone */
GListModel *chat_people_new       (ChatRoster *roster);
/* (transfer full): those of @people that pass @filter. First come those with unread messages, then
 * those with the latest messages, then those who are there, then it goes by name. */
GListModel *chat_people_new_order (ChatRoster *roster,
                                   GListModel *people,
                                   GtkFilter  *filter);
/* Whether this conversation is shown to a user who searches for @text. */
gboolean    chat_people_match     (ChatConversation *conversation,
                                   const char       *text);
