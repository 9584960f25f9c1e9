/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

/* Whoever is on the network is a buddy, and nobody else is. */

void  prpl_buddies_watch      (PrplAccount *self);
void  prpl_buddies_forget     (PrplAccount *self);

char *prpl_buddies_dup_status (PurpleBuddy *buddy);
void  prpl_buddies_tooltip    (PurpleBuddy          *buddy,
                               PurpleNotifyUserInfo *info,
                               gboolean              full);
void  prpl_buddies_show_info  (PurpleConnection *connection,
                               const char       *name);
