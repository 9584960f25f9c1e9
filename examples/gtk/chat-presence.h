/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

/* “Available”, “Away”, “Do not disturb” */
const char *chat_presence_get_word          (Xep174Status      status);
/* What the contact is up to: one line, with its own words behind; safe to show. In front stands the
 * whole name where somebody else is called the same. */
char       *chat_presence_describe          (ChatConversation *conversation);
/* The style class for its colour; the words tell the same to who sees none. */
const char *chat_presence_get_style         (Xep174Status      status);
const char *chat_presence_get_contact_style (Xep174Contact    *contact);
