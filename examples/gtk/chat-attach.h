/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

/* Files that the user has chosen, dropped or pasted go to the contact of @conversation. What cannot be sent
 * is told in the window of @widget. */

/* Asks which ones. */
void     chat_attach_choose (GtkWidget        *widget,
                             ChatConversation *conversation);
/* The same of folders, each with all that is in it: no dialog shows both. */
void     chat_attach_choose_folder (GtkWidget        *widget,
                                    ChatConversation *conversation);
/* @value: a GdkFileList or a GdkTexture */
void     chat_attach_value  (GtkWidget        *widget,
                             ChatConversation *conversation,
                             const GValue     *value);
/* Returns whether the clipboard has files or a picture, and no text that a person would rather paste. */
gboolean chat_attach_paste  (GtkWidget        *widget,
                             ChatConversation *conversation);

G_END_DECLS
