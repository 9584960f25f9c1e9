/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

/* The buddies are exactly the contacts that are on the network. */

void  prpl_buddies_watch      (PrplAccount *self);
void  prpl_buddies_forget     (PrplAccount *self);

char *prpl_buddies_dup_status (PurpleBuddy *buddy);
void  prpl_buddies_tooltip    (PurpleBuddy          *buddy,
                               PurpleNotifyUserInfo *info,
                               gboolean              full);
void  prpl_buddies_show_info  (PurpleConnection *connection,
                               const char       *name);
