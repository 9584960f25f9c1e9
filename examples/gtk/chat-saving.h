/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

G_BEGIN_DECLS

/* What the user has said to an offer. The library looks for room before it answers, and that may take long;
 * for it, the offer is open meanwhile. When any of this changes, "state" of the transfer is notified. */

void          chat_saving_begin      (Xep174Transfer *transfer,
                                      GFile          *folder);
/* It is offered to the user, who has not answered. */
gboolean      chat_saving_is_asked   (Xep174Transfer *transfer);
/* It is not known yet whether there is room. */
gboolean      chat_saving_is_pending (Xep174Transfer *transfer);
/* The end of the program would interrupt it: it is on its way, or pending. */
gboolean      chat_saving_moves      (Xep174Transfer *transfer);
/* The program ends: what is pending stays so, and nothing of it stays on the disk. */
void          chat_saving_give_up    (Xep174Transfer *transfer);
/* The program ends only when it does not move any more, so nobody may see what becomes of it before that. */
void          chat_saving_set_awaited (Xep174Transfer *transfer,
                                       gboolean        is_awaited);
gboolean      chat_saving_is_awaited (Xep174Transfer *transfer);
/* Room is being made, or taken back. */
gboolean      chat_saving_uses_disk  (Xep174Transfer *transfer);
/* (nullable): why it could not be saved; the offer is open again */
const GError *chat_saving_get_error  (Xep174Transfer *transfer);

G_END_DECLS
