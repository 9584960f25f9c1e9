/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The cancellations of all that waits in a context, behind one #GSource: what waits costs an empty
 * turn of the main loop nothing, however much it is. */

typedef struct _Xep174Canceller Xep174Canceller;
typedef struct _Xep174Cancel Xep174Cancel;
typedef void (*Xep174CancelFunc) (gpointer data);

Xep174Canceller *xep174_canceller_new            (GMainContext *context);
void             xep174_canceller_free           (Xep174Canceller *self);

/* @func is called in the context, once, after @cancellable was cancelled in any thread, and not
 * any more once it is freed, which may happen in it. Either may outlive the other. */
Xep174Cancel    *xep174_cancel_new               (Xep174Canceller  *canceller,
                                                  GCancellable     *cancellable,
                                                  Xep174CancelFunc  func,
                                                  gpointer          data);
void             xep174_cancel_free              (Xep174Cancel *self);
GCancellable    *xep174_cancel_get_cancellable   (Xep174Cancel *self);

G_END_DECLS
