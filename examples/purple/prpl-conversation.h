/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

void prpl_conversation_watch (PrplAccount *self);
/* The account is going offline: what has not arrived by then is told all the same. */
void prpl_conversation_watch_end (PrplAccount *self);
/* NULL if nothing has been said to them. */
const char *prpl_conversation_describe_last (Xep174Contact *contact);
int  prpl_conversation_send (PurpleConnection  *connection,
                             const char        *name,
                             const char        *html,
                             PurpleMessageFlags flags);
void prpl_conversation_send_typing (PurpleConnection *connection,
                                    const char       *name,
                                    PurpleTypingState state);
void prpl_conversation_end (PurpleConnection *connection,
                            const char       *name);
