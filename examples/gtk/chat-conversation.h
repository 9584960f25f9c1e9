/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

#include "chat-message.h"

G_BEGIN_DECLS

#define CHAT_TYPE_CONVERSATION (chat_conversation_get_type ())
G_DECLARE_FINAL_TYPE (ChatConversation, chat_conversation, CHAT, CONVERSATION, GObject)

ChatConversation *chat_conversation_new               (Xep174Client  *client,
                                                       Xep174Contact *contact);
Xep174Contact    *chat_conversation_get_contact       (ChatConversation *self);
/* The contact's, made for showing. */
const char       *chat_conversation_get_name          (ChatConversation *self);
/* The contact's own name on the network, in one printable line. */
char             *chat_conversation_dup_whole_name    (ChatConversation *self);
/* The name, and the whole one behind it where somebody else is called the same. */
char             *chat_conversation_dup_title         (ChatConversation *self);
gboolean          chat_conversation_get_has_namesake  (ChatConversation *self);
void              chat_conversation_set_has_namesake  (ChatConversation *self,
                                                       gboolean          has_namesake);
GListModel       *chat_conversation_get_messages      (ChatConversation *self);
guint             chat_conversation_get_unread        (ChatConversation *self);
/* When something was said last, in microseconds of the monotonic time; 0: never. */
gint64            chat_conversation_get_latest        (ChatConversation *self);
gboolean          chat_conversation_get_encrypted     (ChatConversation *self);
/* What is sent goes out at once, also to somebody who cannot be seen any more. */
gboolean          chat_conversation_get_connected     (ChatConversation *self);
/* Somebody has it before their eyes: then nothing in it is unread. */
void              chat_conversation_set_watched       (ChatConversation *self,
                                                       gboolean          watched);
gboolean          chat_conversation_get_watched       (ChatConversation *self);
/* What has been typed and not sent. */
const char       *chat_conversation_get_draft         (ChatConversation *self);
void              chat_conversation_set_draft         (ChatConversation *self,
                                                       const char       *draft);

void              chat_conversation_send              (ChatConversation *self,
                                                       const char       *text);
/* (nullable): the last one of ours with that id */
ChatMessage      *chat_conversation_find_own          (ChatConversation *self,
                                                       const char       *id);
void              chat_conversation_send_again        (ChatConversation *self,
                                                       ChatMessage      *message);

/* For the roster, which hears them from the client. */
void              chat_conversation_take              (ChatConversation *self,
                                                       Xep174Message    *message);
void              chat_conversation_take_unconfirmed  (ChatConversation *self,
                                                       Xep174Message    *message);
void              chat_conversation_take_refused      (ChatConversation *self,
                                                       const char       *id,
                                                       const char       *reason);
void              chat_conversation_follow            (ChatConversation *self,
                                                       Xep174Session    *session);

G_END_DECLS
