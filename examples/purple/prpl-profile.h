/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "prpl-account.h"

GList        *prpl_profile_dup_options  (void);
GList        *prpl_profile_status_types (PurpleAccount *purple);
Xep174Client *prpl_profile_new_client   (PurpleAccount *purple,
                                         GError       **error);
void          prpl_profile_set_status   (PurpleAccount *purple,
                                         PurpleStatus  *status);

/* What others see of the user; NULL for nothing. */
void          prpl_profile_set_picture  (PurpleAccount     *purple,
                                         PurpleStoredImage *picture);

/* The id of the status type that shows @status. */
const char   *prpl_profile_status_id    (Xep174Status status);
