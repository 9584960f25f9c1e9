/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-network-private.h"

G_BEGIN_DECLS

/* The greeting of one connection (XEP-0065 §5.3.2), from its beginning to its end. Behind it nothing is
 * read: that is of the file. */
typedef struct _Xep174Greeting Xep174Greeting;

typedef struct
{
  /* Whether a stream of that address is expected. Only for who was connected to. */
  gboolean (*asks) (const char *address,
                    gpointer    data);
  /* It is over, and may be freed; %NULL: it has failed. The connection is lent. */
  void     (*over) (GSocketConnection *connection,
                    gpointer           data);
} Xep174GreetingEvents;

/* It lasts for @ms at most. */
Xep174Greeting *xep174_greeting_new    (GSocketConnection          *connection,
                                        GMainContext               *context,
                                        Xep174Network              *network,
                                        guint                       ms,
                                        const Xep174GreetingEvents *events,
                                        gpointer                    data);
void            xep174_greeting_free   (Xep174Greeting *self);
/* Each may end it. */
void            xep174_greeting_dial   (Xep174Greeting *self,
                                        const char     *address);
/* @octets were read already. */
void            xep174_greeting_accept (Xep174Greeting *self,
                                        const guint8   *octets,
                                        gsize           length);
/* What was asked for. */
const char     *xep174_greeting_get_address (Xep174Greeting *self);

G_END_DECLS
