/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "chat-conversation.h"

G_BEGIN_DECLS

/* What is waited for between the user's wish to leave and the end: that what was sent is confirmed, and that
 * files are offered or accepted. */
typedef struct _ChatLeaving ChatLeaving;

typedef void (*ChatLeaveFunc) (gpointer data);

/* @conversations and @transfers are sets, which may change at any time. @leave is called once nothing is to
 * be waited for. */
ChatLeaving *chat_leaving_new            (GHashTable    *conversations,
                                          GHashTable    *transfers,
                                          ChatLeaveFunc  leave,
                                          gpointer       data);
void         chat_leaving_free           (ChatLeaving *self);
void         chat_leaving_begin          (ChatLeaving *self);
/* Waits for nobody any more. What a disk still works on is given up: see chat_leaving_uses_disk(). */
void         chat_leaving_hurry          (ChatLeaving *self);
/* Something has changed that it may wait for. */
void         chat_leaving_check          (ChatLeaving *self);
/* A file is on its way or read before it is offered, or it is not known yet whether there is room for one. */
gboolean     chat_leaving_moves_files    (ChatLeaving *self);
/* The end is to come when no file moves; or not any more. What moves at this moment, and does not
 * arrive, is told at the end in any case. */
void         chat_leaving_await_files    (ChatLeaving *self,
                                          gboolean     awaits);
/* Something that was waited for is interrupted. */
gboolean     chat_leaving_awaits_interrupted (ChatLeaving *self);
/* A disk makes room for a file, or is about to take that back. If the program ended now, that would stay. */
gboolean     chat_leaving_uses_disk      (ChatLeaving *self);

G_END_DECLS
