/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

#define CHAT_TYPE_PERSON_ROW (chat_person_row_get_type ())
G_DECLARE_FINAL_TYPE (ChatPersonRow, chat_person_row, CHAT, PERSON_ROW, GtkBox)

G_END_DECLS
