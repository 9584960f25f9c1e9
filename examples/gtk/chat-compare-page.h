/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

#define CHAT_TYPE_COMPARE_PAGE (chat_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (ChatComparePage, chat_compare_page, CHAT, COMPARE_PAGE, AdwBin)

void chat_compare_page_set_conversation (ChatComparePage  *self,
                                         ChatConversation *conversation);

G_END_DECLS
