/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

void     prpl_typing_watch  (PrplAccount *self);
void     prpl_typing_forget (PrplAccount *self);
void     prpl_typing_heard  (PrplAccount   *self,
                             const char    *name,
                             Xep174Element *message);
void     prpl_typing_append (PrplAccount   *self,
                             const char    *name,
                             Xep174Element *message);
unsigned prpl_typing_send   (PurpleConnection *connection,
                             const char       *name,
                             PurpleTypingState state);
