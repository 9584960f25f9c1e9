/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-transfer-fsm-private.h"

G_BEGIN_DECLS

/* One who fetches a file (XEP-0066) over the real table, and whatever a contact, a server, a disk and a
 * program may do, at any step and in any order. */

#define OOB_ANSWERED "the offer is answered once, at the end, and well only if the file is here"
#define OOB_ASKED    "the program is asked once, and nothing is dialled or written before it accepts"
#define OOB_SIZE     "nothing is written behind the declared size, and all of it before the file is taken"
#define OOB_CLOSED   "at the end no connection is open, and what is not taken is removed"
#define OOB_ENDS     "it comes to an end"

/* Returns what is violated, or %NULL. */
const char *explore_oob (guint  size,
                         guint *n_worlds);

G_END_DECLS
