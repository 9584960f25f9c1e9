/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

#define CHAT_TYPE_TITLE (chat_title_get_type ())
G_DECLARE_FINAL_TYPE (ChatTitle, chat_title, CHAT, TITLE, GtkBox)

void chat_title_set_conversation (ChatTitle        *self,
                                  ChatConversation *conversation);

G_END_DECLS
