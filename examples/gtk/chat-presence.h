/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* “Available”, “Away”, “Do not disturb” */
const char *chat_presence_get_word          (Xep174Status status);
/* What a contact is said to be up to: one line, with its own words behind; safe to show. */
char       *chat_presence_describe          (Xep174Contact *contact);
/* The style class for its colour; the words tell the same to who sees none. */
const char *chat_presence_get_style         (Xep174Status status);
const char *chat_presence_get_contact_style (Xep174Contact *contact);
