/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "chat-roster.h"

/* (transfer full): the conversation with everybody who is there, and those with who has gone */
GListModel *chat_people_new       (ChatRoster *roster);
/* (transfer full): those of @people that @filter lets through: who has said something unread, then
 * by what was said last, then who is there, then by name. */
GListModel *chat_people_new_order (ChatRoster *roster,
                                   GListModel *people,
                                   GtkFilter  *filter);
/* Whether somebody who types @text may look for them. */
gboolean    chat_people_match     (ChatConversation *conversation,
                                   const char       *text);
