/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-conversation-private.h"

/* The conversations of a client, and what its features tell of them. */
typedef struct _Xep174Conversations Xep174Conversations;

/* @host is the client, which has it and outlives it. */
Xep174Conversations *xep174_conversations_new      (Xep174FeatureHost   *host);
void                 xep174_conversations_free     (Xep174Conversations *self);
/* From now on they are kept: until then nothing is. */
GListModel          *xep174_conversations_keep     (Xep174Conversations *self);
/* (nullable) (transfer none) */
Xep174Conversation  *xep174_conversations_find     (Xep174Conversations *self,
                                                    const char          *name);
/* (transfer full): that with @contact, made if there is none. */
Xep174Conversation  *xep174_conversations_ensure   (Xep174Conversations *self,
                                                    Xep174Contact       *contact);
/* (transfer full): what stands for @message, which is about to be sent to @contact. */
Xep174Message       *xep174_conversations_hand_over (Xep174Conversations  *self,
                                                     Xep174Contact        *contact,
                                                     Xep174Message        *message);
/* @contact has said it. */
void                 xep174_conversations_take     (Xep174Conversations *self,
                                                    Xep174Contact       *contact,
                                                    Xep174Message       *message);
void                 xep174_conversations_drop     (Xep174Conversations *self,
                                                    Xep174Conversation  *conversation);
/* (transfer full) (nullable): our message to @name with that @id, to which this has happened. */
Xep174Message       *xep174_conversations_tell     (Xep174Conversations *self,
                                                    const char          *name,
                                                    const char          *id,
                                                    Xep174MessageEvent   event,
                                                    const GError        *error);
