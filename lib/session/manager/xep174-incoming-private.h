/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-incoming-state-private.h"

G_BEGIN_DECLS

/* A stream that came in and that nobody is known for yet (X4, X13). It belongs to the manager until
 * it is attributed, refused or over. */

/* @name is the contact's, if who made the connection knows it. */
Xep174Incoming *xep174_incoming_new            (Xep174SessionManager  *manager,
                                                GIOStream             *connection,
                                                const char            *name,
                                                GError               **error);
void            xep174_incoming_free           (Xep174Incoming *self);
void            xep174_incoming_start          (Xep174Incoming *self);
/* X8: refuses one that is one too many, and frees it. */
void            xep174_incoming_turn_away      (Xep174Incoming *self);

G_END_DECLS
