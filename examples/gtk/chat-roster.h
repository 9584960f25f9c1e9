/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

G_BEGIN_DECLS

typedef enum
{
  CHAT_ROSTER_STATE_OFFLINE,
  CHAT_ROSTER_STATE_STARTING,
  CHAT_ROSTER_STATE_ONLINE,
} ChatRosterState;

#define CHAT_TYPE_ROSTER (chat_roster_get_type ())
G_DECLARE_FINAL_TYPE (ChatRoster, chat_roster, CHAT, ROSTER, GObject)

ChatRoster       *chat_roster_new                 (Xep174Client *client);
Xep174Client     *chat_roster_get_client          (ChatRoster *self);
/* The conversations whose contact has gone; the others belong to the list of contacts. */
GListModel       *chat_roster_get_absent          (ChatRoster *self);
ChatRosterState   chat_roster_get_state           (ChatRoster *self);
/* (nullable): why it could not go online */
const char       *chat_roster_get_problem         (ChatRoster *self);

void              chat_roster_start               (ChatRoster *self);
/* Says goodbye; the roster is offline when it is done. */
void              chat_roster_stop                (ChatRoster *self);

/* (transfer full): the one conversation with @contact */
ChatConversation *chat_roster_dup_conversation    (ChatRoster    *self,
                                                   Xep174Contact *contact);
/* (transfer full) (nullable): the conversation with the contact of that name, if there is one */
ChatConversation *chat_roster_find_conversation   (ChatRoster *self,
                                                   const char *name);

G_END_DECLS
