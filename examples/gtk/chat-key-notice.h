/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

#define CHAT_TYPE_KEY_NOTICE (chat_key_notice_get_type ())
G_DECLARE_FINAL_TYPE (ChatKeyNotice, chat_key_notice, CHAT, KEY_NOTICE, AdwBin)

void chat_key_notice_set_conversation (ChatKeyNotice    *self,
                                       ChatConversation *conversation);

G_END_DECLS
