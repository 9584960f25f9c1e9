/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "chat-roster.h"

/* (transfer full): the conversation with everybody who is there, then those with who has gone, each
 * by name. */
GListModel *chat_people_new (ChatRoster *roster);
