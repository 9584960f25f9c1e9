/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

/* (element-type PrplQuestion) the dialogs of an account. */
GPtrArray *prpl_trust_new_questions (void);

void   prpl_trust_watch  (PrplAccount *self);
void   prpl_trust_forget (PrplAccount *self);

/* (element-type PurpleMenuAction) what can be said of the buddy's key. */
GList *prpl_trust_menu   (PurpleBuddy *buddy);
