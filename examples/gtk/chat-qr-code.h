/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CHAT_TYPE_QR_CODE (chat_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (ChatQrCode, chat_qr_code, CHAT, QR_CODE, GtkWidget)

/* FALSE if there is no code for it, because the program was built without libqrencode. */
gboolean chat_qr_code_set_text (ChatQrCode *self,
                                const char *text);

G_END_DECLS
