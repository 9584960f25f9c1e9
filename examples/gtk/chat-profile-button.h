/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <xep174/xep174.h>

G_BEGIN_DECLS

#define CHAT_TYPE_PROFILE_BUTTON (chat_profile_button_get_type ())
G_DECLARE_FINAL_TYPE (ChatProfileButton, chat_profile_button, CHAT, PROFILE_BUTTON, AdwBin)

void chat_profile_button_set_client (ChatProfileButton *self,
                                     Xep174Client      *client);

G_END_DECLS
