/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

/* “Available”, “Away”, “Do not disturb” */
const char *chat_presence_get_word          (Xep174Status      status);
/* The contact's status and its own words about it, in one line that is safe to show. If somebody
 * else has the same name, the line begins with the name on the network. */
char       *chat_presence_describe          (ChatConversation *conversation);
/* The style class for the colour of the status. The words say the same, for those who see no
 * colours. */
const char *chat_presence_get_style         (Xep174Status      status);
const char *chat_presence_get_contact_style (Xep174Contact    *contact);
