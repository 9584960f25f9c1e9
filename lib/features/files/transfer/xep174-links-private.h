/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-clock-private.h"
#include "xep174-session-manager.h"

G_BEGIN_DECLS

/* Conversations that something waits for: where one was lost it is opened again, after longer and longer
 * times. */
typedef struct _Xep174Links Xep174Links;

/* @manager is not owned; it outlives this. */
Xep174Links *xep174_links_new     (Xep174SessionManager *manager,
                                   Xep174Clock          *clock);
void         xep174_links_free    (Xep174Links          *self);
/* The conversation with @contact is over, and somebody wants it to be; @useful if something has moved since
 * it was mended last. */
void         xep174_links_mend    (Xep174Links          *self,
                                   const char           *contact,
                                   gboolean              useful);
/* There is one. */
void         xep174_links_rejoice (Xep174Links          *self,
                                   const char           *contact);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Links, xep174_links_free)

G_END_DECLS
