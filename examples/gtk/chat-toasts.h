/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-conversation.h"

G_BEGIN_DECLS

/* (transfer full): @text as it is, whatever signs are in it */
AdwToast *chat_toast_new      (const char *text);
/* Says @text of a conversation, with a button that leads there. */
void      chat_toasts_tell    (AdwToastOverlay  *overlay,
                               ChatConversation *conversation,
                               const char       *text);
/* The user looks at that conversation: what was said of it has done its work. */
void      chat_toasts_dismiss (AdwToastOverlay  *overlay,
                               ChatConversation *conversation);

G_END_DECLS
