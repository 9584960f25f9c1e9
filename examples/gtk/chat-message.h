/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

G_BEGIN_DECLS

/* (transfer full): a line of our own between the messages, to be inserted */
Xep174Message *chat_message_new_notice (const char *text);
gboolean       chat_message_is_notice  (Xep174Message *message);
/* (transfer full): what stands between the messages for a file that one side offers, to be inserted */
Xep174Message *chat_message_new_file   (Xep174Transfer *transfer);
/* (transfer full): stands for a file of ours that is not offered; it is not to be inserted */
Xep174Message *chat_message_new_unsent (GFile              *file,
                                        Xep174MessageState  state);
/* (nullable): the file that it stands for */
Xep174Transfer *chat_message_get_transfer (Xep174Message *message);
/* A file that the other side offers, and that the user has not answered. */
gboolean       chat_message_is_offer   (Xep174Message *message);
/* (transfer full): what is shown of its text */
char          *chat_message_dup_text   (Xep174Message *message);
/* (transfer full): the same, in one short line, for where another message is spoken of */
char          *chat_message_dup_excerpt (Xep174Message *message);
/* (transfer full) (nullable): what it answers, in such a line */
char          *chat_message_dup_answered (Xep174Message *message);
/* (transfer full) (nullable): how both sides have reacted to it */
char          *chat_message_dup_reactions (Xep174Message *message);
/* Whether something can be said of it: it is there, and both sides know it by one name. */
gboolean       chat_message_is_open    (Xep174Message *message);
/* … and the user may change it. */
gboolean       chat_message_is_changeable (Xep174Message *message);
/* Whether signs in its text stand for how it looks (XEP-0393). */
gboolean       chat_message_is_styled  (Xep174Message *message);
/* (nullable): the icon's words, if an icon tells the state; they are to be translated */
const char    *chat_message_get_tick   (Xep174Message *message);
/* (transfer full): the time; whether it was changed; for our own messages without a tick the state, too */
char          *chat_message_dup_note   (Xep174Message *message);

/* The user has seen how it ended, if it has. */
void           chat_message_set_told   (Xep174Message *message);
/* It begins anew. */
void           chat_message_unset_told (Xep174Message *message);
/* A file that the end of the program would interrupt. */
gboolean       chat_message_is_moving  (Xep174Message *message);
/* It was not sent or may not have arrived, and the user has not seen that; a file of this run that may still
 * arrive is told to everybody. */
gboolean       chat_message_is_untold  (Xep174Message *message);

G_END_DECLS
