/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

G_BEGIN_DECLS

/* Knows the name of everybody, so that two people with the same name can be told apart. */
typedef struct _ChatNamesakes ChatNamesakes;

ChatNamesakes *chat_namesakes_new    (void);
void           chat_namesakes_free   (ChatNamesakes    *self);
/* Call it again when the name has changed. */
void           chat_namesakes_put    (ChatNamesakes    *self,
                                      ChatConversation *conversation);
/* May be called while @conversation is being finalized. */
void           chat_namesakes_remove (ChatNamesakes    *self,
                                      ChatConversation *conversation);

G_END_DECLS
