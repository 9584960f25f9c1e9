/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-session-manager-private.h"

G_BEGIN_DECLS

/* A caller that does not speak XMPP, on the one port that there is: who asked for what begins with its first
 * octet has it. It counts among those that are not identified (X8) until it is freed, which its manager
 * outlives. */
struct _Xep174Guest
{
  Xep174Caller caller;
  Xep174SessionManager *manager;
  GSocketConnection *connection;
};

Xep174Guest *xep174_guest_new  (Xep174SessionManager *manager,
                                GSocketConnection    *connection,
                                const char           *host);
void         xep174_guest_free (Xep174Guest *self);

/* Who begins with @first, which is no octet of XML, is given to @func; with %NULL it is treated as any other
 * that speaks no XML. */
void         xep174_session_manager_set_guests (Xep174SessionManager *self,
                                                guint8                first,
                                                Xep174GuestFunc       func,
                                                gpointer              data);
/* Whether who has said @octets, and nothing before, is one. */
gboolean     xep174_session_manager_wants      (Xep174SessionManager *self,
                                                const guint8         *octets);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Guest, xep174_guest_free)

G_END_DECLS
