/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-clock-private.h"

G_BEGIN_DECLS

/* Ways to contacts at whose end nobody has shaken hands. For a while they are not gone again: what was
 * dialled is not dialled, and where somebody came in is not told. */
typedef struct _Xep174Spoiled Xep174Spoiled;

Xep174Spoiled *xep174_spoiled_new   (Xep174Clock   *clock);
Xep174Spoiled *xep174_spoiled_ref   (Xep174Spoiled *self);
void           xep174_spoiled_unref (Xep174Spoiled *self);
/* @host: what we have @dialled; else the one of ours that was dialled. */
void           xep174_spoiled_add   (Xep174Spoiled *self,
                                     const char    *contact,
                                     gboolean       dialled,
                                     const char    *host);
/* After some, all ways to a contact are spoiled: the conversation is left. */
gboolean       xep174_spoiled_has   (Xep174Spoiled *self,
                                     const char    *contact,
                                     gboolean       dialled,
                                     const char    *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Spoiled, xep174_spoiled_unref)

G_END_DECLS
