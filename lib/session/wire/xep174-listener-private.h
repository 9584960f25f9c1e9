/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-clock-private.h"

G_BEGIN_DECLS

/* XEP-0174 §3: the port that is preferred. */
#define XEP174_DEFAULT_PORT 5298

typedef struct _Xep174Listener Xep174Listener;

/* May free the listener. */
typedef void (*Xep174AcceptFunc) (GIOStream *connection,
                                  gpointer   data);

/* @port 0: the default port if it is free, else any; another: that one or an error. */
Xep174Listener *xep174_listener_new      (GMainContext      *context,
                                          Xep174Clock      *clock,
                                          guint16            port,
                                          Xep174AcceptFunc   func,
                                          gpointer           data,
                                          GError           **error);
void            xep174_listener_free     (Xep174Listener *self);
guint16         xep174_listener_get_port (Xep174Listener *self);

G_END_DECLS
