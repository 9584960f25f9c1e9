/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-canceller-private.h"

G_BEGIN_DECLS

/* Readiness of all streams of a session manager. Streams that are one file descriptor share one
 * epoll descriptor, which one #GSource polls: the cost of a round trip does not grow with the
 * sessions that are idle beside it. The one stream that has been talking alone for a while is
 * polled beside it, which saves a system call a message. Other pollable streams have sources of
 * their own. */

typedef struct _Xep174Poller Xep174Poller;
typedef struct _Xep174Watch Xep174Watch;

/* @ready is G_IO_IN, G_IO_OUT or both, always part of the interest. The function may free the
 * watch. */
typedef void (*Xep174WatchFunc) (GIOCondition ready,
                                 gpointer     data);

/* One buffer for everything that is read through a poller, with so much behind it as who parses it may want
 * to look at. */
#define XEP174_POLLER_BUFFER_SIZE (64 * 1024)
#define XEP174_POLLER_PADDING 64

Xep174Poller *xep174_poller_new          (GMainContext *context);
Xep174Poller *xep174_poller_ref          (Xep174Poller *self);
void          xep174_poller_unref        (Xep174Poller *self);
/* In a main loop of a handler's own it is another one. */
guint8       *xep174_poller_take_buffer  (Xep174Poller *self);
void          xep174_poller_give_buffer  (Xep174Poller *self,
                                          guint8       *buffer);
/* What is cancelled is told in the context of the poller. */
Xep174Canceller *xep174_poller_get_canceller (Xep174Poller *self);
/* What begins between the two calls, with tasks and sources of its own, belongs to the context of
 * the poller, whoever asks for it. @entered is what the first has returned. */
gboolean      xep174_poller_enter        (Xep174Poller *self);
void          xep174_poller_leave        (Xep174Poller *self,
                                          gboolean      entered);
/* Lets the main loop wake for as long as @fd is readable, until it is closed; whoever wants to know
 * it has a source of its own to check. FALSE where there is no epoll. */
gboolean      xep174_poller_wake_on      (Xep174Poller *self,
                                          int           fd);

Xep174Watch  *xep174_watch_new           (Xep174Poller     *poller,
                                          GIOStream        *stream,
                                          Xep174WatchFunc   func,
                                          gpointer          data,
                                          GError          **error);
void          xep174_watch_free          (Xep174Watch *self);
void          xep174_watch_set_interest  (Xep174Watch  *self,
                                          GIOCondition  interest);

G_END_DECLS
