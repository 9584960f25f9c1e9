/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-roster.h"

G_BEGIN_DECLS

/* What has not arrived when the program is about to end, in words. They change with what happens to it still:
 * “changed” tells so. */
#define CHAT_TYPE_UNTOLD (chat_untold_get_type ())
G_DECLARE_FINAL_TYPE (ChatUntold, chat_untold, CHAT, UNTOLD, GObject)

/* What there is at this moment; nothing is added later. */
ChatUntold *chat_untold_new             (ChatRoster *roster);
gboolean    chat_untold_is_empty        (ChatUntold *self);
/* There is a file among it. */
gboolean    chat_untold_has_file        (ChatUntold *self);
/* (transfer full): all of it */
char       *chat_untold_dup_text        (ChatUntold *self);
/* (nullable): what becomes of it, if something does */
const char *chat_untold_get_description (ChatUntold *self);

G_END_DECLS
