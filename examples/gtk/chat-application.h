/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CHAT_TYPE_APPLICATION (chat_application_get_type ())
G_DECLARE_FINAL_TYPE (ChatApplication, chat_application, CHAT, APPLICATION, AdwApplication)

ChatApplication *chat_application_new      (void);
/* At the end there were messages that may not have arrived; each was told on standard error. */
gboolean         chat_application_has_lost (ChatApplication *self);

G_END_DECLS
