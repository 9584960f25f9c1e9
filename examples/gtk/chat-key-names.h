/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-keys.h"

G_BEGIN_DECLS

#define CHAT_TYPE_KEY_NAMES (chat_key_names_get_type ())
G_DECLARE_FINAL_TYPE (ChatKeyNames, chat_key_names, CHAT, KEY_NAMES, AdwBin)

/* @fingerprint: (nullable): nothing is shown without it */
void chat_key_names_show (ChatKeyNames *self,
                          ChatKeys     *keys,
                          const char   *fingerprint);

G_END_DECLS
