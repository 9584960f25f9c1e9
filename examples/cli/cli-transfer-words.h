/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <xep174/xep174.h>

/* (transfer full): the name of its file, in quotation marks and made safe to show. */
char  *cli_transfer_name        (Xep174Transfer *transfer);
/* (transfer full): how large it is, and of a folder how many files it has. */
char  *cli_transfer_size        (Xep174Transfer *transfer);
/* (transfer full) (nullable): what of a folder is not sent. */
char  *cli_transfer_left_out    (Xep174Transfer *transfer);
/* (transfer full): how far it is, for a person: “45 %, 12.3 MB/s, 0:07 left”; at the end, how it ended.
 * Safe to show. */
char  *cli_transfer_describe    (Xep174Transfer *transfer);
guint  cli_transfer_get_percent (Xep174Transfer *transfer);
/* (transfer full): its name and how far it is, in so many places at most; safe to show. */
char  *cli_transfer_tell        (Xep174Transfer *transfer,
                                 guint           width);
