/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

#include "chat-keys.h"
#include "chat-message.h"

G_BEGIN_DECLS

#define CHAT_TYPE_CONVERSATION (chat_conversation_get_type ())
G_DECLARE_FINAL_TYPE (ChatConversation, chat_conversation, CHAT, CONVERSATION, GObject)

ChatConversation *chat_conversation_new               (Xep174Client  *client,
                                                       Xep174Contact *contact);
Xep174Contact    *chat_conversation_get_contact       (ChatConversation *self);
/* The contact's name, safe to show. */
const char       *chat_conversation_get_name          (ChatConversation *self);
/* The contact's name on the network, in one line that is safe to show. */
char             *chat_conversation_dup_whole_name    (ChatConversation *self);
/* The name to show; if somebody else has the same one, the name on the network comes after it. */
char             *chat_conversation_dup_title         (ChatConversation *self);
gboolean          chat_conversation_get_has_namesake  (ChatConversation *self);
void              chat_conversation_set_has_namesake  (ChatConversation *self,
                                                       gboolean          has_namesake);
GListModel       *chat_conversation_get_messages      (ChatConversation *self);
guint             chat_conversation_get_unread        (ChatConversation *self);
/* When the last message came or went, in microseconds of the monotonic time; 0: never. */
gint64            chat_conversation_get_latest        (ChatConversation *self);
ChatKeys         *chat_conversation_get_keys          (ChatConversation *self);
ChatPrivacy       chat_conversation_get_privacy       (ChatConversation *self);
/* A message can be sent at once, even if the contact cannot be seen any more. */
gboolean          chat_conversation_get_connected     (ChatConversation *self);
/* The user is looking at it, so new messages are read, and it is seen what did not arrive. */
void              chat_conversation_set_watched       (ChatConversation *self,
                                                       gboolean          watched);
gboolean          chat_conversation_get_watched       (ChatConversation *self);
/* The other one is typing. */
gboolean          chat_conversation_get_typing        (ChatConversation *self);
/* What the user does here, which the other side is told if it asks. */
void              chat_conversation_set_state         (ChatConversation *self,
                                                       Xep174ChatState   state);
/* What the user has typed and not sent. */
const char       *chat_conversation_get_draft         (ChatConversation *self);
void              chat_conversation_set_draft         (ChatConversation *self,
                                                       const char       *draft);

Xep174Conversation *chat_conversation_get_talk        (ChatConversation *self);
/* @answered: (nullable): what it answers */
void              chat_conversation_send              (ChatConversation *self,
                                                       const char       *text,
                                                       Xep174Message    *answered);
/* Our message with that id, which has failed. */
void              chat_conversation_send_again        (ChatConversation *self,
                                                       const char       *id);

/* (scope async): @callback ends xep174_client_send_file_async() */
void              chat_conversation_send_file         (ChatConversation   *self,
                                                       GFile              *file,
                                                       GAsyncReadyCallback callback,
                                                       gpointer            data);
/* (element-type Xep174Message): stand for files that are read before they are offered, or could not be
 * offered while nobody looked; “file-sent” tells that one of them is not read any more. */
GPtrArray        *chat_conversation_get_unsent        (ChatConversation *self);
gboolean          chat_conversation_reads_files       (ChatConversation *self);

/* For the roster, which gets these from the client. */
/* There is a message, which is read if the user looks. */
void              chat_conversation_take_received     (ChatConversation *self);
/* A file, to be shown where the conversation is now; (transfer none): what stands for it there */
Xep174Message    *chat_conversation_take_file         (ChatConversation *self,
                                                       Xep174Transfer   *transfer);
/* A broken connection has left them open, and the next one may tell that they have arrived. */
void              chat_conversation_add_interrupted   (ChatConversation *self,
                                                       GPtrArray        *messages);
/* Somebody has called in the contact's name without encryption, and was refused. */
void              chat_conversation_take_unheard      (ChatConversation *self);
void              chat_conversation_follow            (ChatConversation *self,
                                                       Xep174Session    *session);

G_END_DECLS
