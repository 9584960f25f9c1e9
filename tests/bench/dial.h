/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "book.h"
#include "xep174-session-manager.h"

G_BEGIN_DECLS

/* Two session managers on the loopback. One says something to the other, on a new stream each time. */

typedef struct
{
  Xep174SessionManager *from;
  Xep174SessionManager *to;
  gboolean has_come;
} Dial;

/* @prepare (nullable): what each of them is given before it listens. */
void           dial_init  (Dial     *dial,
                           TestBook *book,
                           void    (*prepare) (Xep174SessionManager *manager));
void           dial_clear (Dial *dial);
/* (transfer full): the session, once the message has come. */
Xep174Session *dial_say   (Dial *dial);
/* Takes @session; until nothing is left of it. */
void           dial_end   (Dial          *dial,
                           Xep174Session *session);

G_END_DECLS
