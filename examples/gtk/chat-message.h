/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

G_BEGIN_DECLS

/* A message of theirs, what our program tells beside the messages, or what we know about one of ours. */
typedef enum
{
  CHAT_MESSAGE_STATE_THEIRS,
  CHAT_MESSAGE_STATE_NOTE,
  CHAT_MESSAGE_STATE_SENDING,
  CHAT_MESSAGE_STATE_SENT,
  CHAT_MESSAGE_STATE_RECEIVED, /* by their program */
  CHAT_MESSAGE_STATE_UNCONFIRMED,
  CHAT_MESSAGE_STATE_FAILED,
} ChatMessageState;

#define CHAT_TYPE_MESSAGE (chat_message_get_type ())
G_DECLARE_FINAL_TYPE (ChatMessage, chat_message, CHAT, MESSAGE, GObject)

ChatMessage      *chat_message_new            (Xep174Message    *stanza,
                                               ChatMessageState  state);
Xep174Message    *chat_message_get_stanza     (ChatMessage *self);
const char       *chat_message_get_text       (ChatMessage *self);
gboolean          chat_message_is_own         (ChatMessage *self);
ChatMessageState  chat_message_get_state      (ChatMessage *self);
/* @reason: (nullable): why, for a person */
void              chat_message_set_state      (ChatMessage      *self,
                                               ChatMessageState  state,
                                               const char       *reason);
/* The user has seen how it ended, if it has. */
void              chat_message_set_told       (ChatMessage *self);
/* It was not sent or may not have arrived, and the user has not seen that. */
gboolean          chat_message_is_untold      (ChatMessage *self);
/* (nullable): the icon's words, if an icon tells the state */
const char       *chat_message_get_tick       (ChatMessage *self);
/* The time; for our own messages without a tick the state, too. */
char             *chat_message_dup_note       (ChatMessage *self);

G_END_DECLS
