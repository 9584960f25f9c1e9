/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-roster.h"

G_BEGIN_DECLS

#define CHAT_TYPE_WINDOW (chat_window_get_type ())
G_DECLARE_FINAL_TYPE (ChatWindow, chat_window, CHAT, WINDOW, AdwApplicationWindow)

ChatWindow *chat_window_new               (GtkApplication *application,
                                           ChatRoster     *roster);
void        chat_window_open_conversation (ChatWindow       *self,
                                           ChatConversation *conversation);
/* Shows the messages of which the user does not know that they may not have arrived. Returns %FALSE
 * if there are none. */
gboolean    chat_window_show_untold       (ChatWindow       *self);
/* Files are on their way: whether to wait for them is the user's choice, see chat_closing_ask(). */
void        chat_window_ask_to_close      (ChatWindow       *self);
/* Says what the end waits for: files, or messages. */
void        chat_window_show_waiting      (ChatWindow       *self,
                                           gboolean          waits,
                                           gboolean          for_files);

G_END_DECLS
