/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-session-manager.h"

G_BEGIN_DECLS

/* Where a contact is, so that nobody makes us connect to somebody else: at the other end of its
 * conversation, and where the directory would let us dial it for one. Only the host counts; which port, the
 * contact says. */
typedef struct _Xep174Places Xep174Places;

typedef enum
{
  XEP174_PLACE_THEIRS,
  XEP174_PLACE_STRANGE,
  XEP174_PLACE_UNSURE, /* for now: the directory is asked */
} Xep174Place;

/* As the conversation is now. If there is none, or if it does not go over TCP from host to host, the
 * directory alone is asked. @changed tells, never from within, that what was unsure may be clear. It may
 * free @self. */
Xep174Places   *xep174_places_new     (Xep174SessionManager *manager,
                                       const char           *contact,
                                       void                (*changed) (gpointer data),
                                       gpointer              data);
void            xep174_places_free    (Xep174Places *self);
/* What is to be dialled for @host, an address without a scope; %NULL is the host at the other end. Whose it
 * is is not asked. %NULL if it is no place for any contact, or where there is no such conversation. */
GSocketAddress *xep174_places_resolve (Xep174Places *self,
                                       const char   *host,
                                       guint16       port);
Xep174Place     xep174_places_judge   (Xep174Places   *self,
                                       GSocketAddress *address);
/* Whatever their ports are, and however an IPv4 address is written. One of a link is another one on
 * another link. */
gboolean        xep174_places_is_same (GSocketAddress *one,
                                       GSocketAddress *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Places, xep174_places_free)

G_END_DECLS
