/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-discovery.h"
#include "xep174-session-manager.h"

/* Who is at the other end of a session: usually a contact of the discovery. If the name has gone
 * from the network, or was never there, it is a provisional contact that lives as long as the
 * session. */
typedef struct _Xep174Correspondents Xep174Correspondents;

Xep174Correspondents *xep174_correspondents_new        (Xep174Discovery      *discovery,
                                                        Xep174SessionManager *manager);
void                  xep174_correspondents_free       (Xep174Correspondents *self);
/* (transfer full), never NULL; it shows what is known of its key */
Xep174Contact        *xep174_correspondents_dup        (Xep174Correspondents *self,
                                                        const char           *name);
/* (transfer none) (nullable): the contact with that @name if there is a stream with it. Then it can
 * be answered without a look-up. */
Xep174Contact        *xep174_correspondents_find       (Xep174Correspondents *self,
                                                        const char           *name);
