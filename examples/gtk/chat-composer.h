/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-privacy.h"

G_BEGIN_DECLS

#define CHAT_TYPE_COMPOSER (chat_composer_get_type ())
G_DECLARE_FINAL_TYPE (ChatComposer, chat_composer, CHAT, COMPOSER, GtkBox)

char    *chat_composer_dup_text    (ChatComposer *self);
void     chat_composer_set_text    (ChatComposer *self,
                                    const char   *text);
gboolean chat_composer_has_focus   (ChatComposer *self);
/* Puts the key that @keys is told of where the cursor is. */
gboolean chat_composer_take_key    (ChatComposer          *self,
                                    GtkEventControllerKey *keys);
/* Where nothing is sent, what is written stays here. */
void     chat_composer_set_privacy (ChatComposer *self,
                                    ChatPrivacy   privacy);

G_END_DECLS
