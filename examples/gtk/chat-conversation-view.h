/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

#define CHAT_TYPE_CONVERSATION_VIEW (chat_conversation_view_get_type ())
G_DECLARE_FINAL_TYPE (ChatConversationView, chat_conversation_view, CHAT, CONVERSATION_VIEW, GtkBox)

ChatConversation *chat_conversation_view_get_conversation (ChatConversationView *self);
void              chat_conversation_view_set_conversation (ChatConversationView *self,
                                                           ChatConversation     *conversation);

G_END_DECLS
