/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "chat-untold.h"

G_BEGIN_DECLS

/* What the user is asked, and told, when the window is to be closed. */

/* Files are on their way: “app.quit-later”, “app.quit-now” or “app.stay” is the answer. */
GtkWindow *chat_closing_ask       (GtkWindow *parent);
/* (transfer full): the page for what has not arrived */
GtkWidget *chat_closing_page_new  (ChatUntold *untold);
/* (transfer full): stands until what is waited for is over */
AdwToast  *chat_closing_toast_new (gboolean for_files);

G_END_DECLS
