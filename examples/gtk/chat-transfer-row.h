/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <xep174/xep174.h>

G_BEGIN_DECLS

#define CHAT_TYPE_TRANSFER_ROW (chat_transfer_row_get_type ())
G_DECLARE_FINAL_TYPE (ChatTransferRow, chat_transfer_row, CHAT, TRANSFER_ROW, GtkBox)

ChatTransferRow *chat_transfer_row_new          (void);
/* @transfer: (nullable) */
void             chat_transfer_row_set_transfer (ChatTransferRow *self,
                                                 Xep174Transfer  *transfer);

G_END_DECLS
