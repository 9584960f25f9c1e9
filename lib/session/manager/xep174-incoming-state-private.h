/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-session-manager-private.h"
#include "xep174-slot-private.h"

G_BEGIN_DECLS

/* For the two files of an incoming stream alone. */

typedef struct _Xep174Incoming Xep174Incoming;

struct _Xep174Incoming
{
  Xep174Caller caller;
  Xep174SessionManager *manager;
  Xep174Network *network;
  Xep174Stream stream;
  Xep174Slot *slot;
  Xep174Alarm alarm;
  Xep174AlarmFunc ring; /* what it calls */
  GSocketAddress *address;
  char *expected;
  char *found; /* whom the directory knows at its address */
  /* What the header says: who, and which kind of event it is. */
  char *claimed;
  guint header_event;
  gboolean heard; /* an octet has come */
  gboolean offered; /* TLS, without knowing who it is (T1) */
  /* A question to the directory that is not answered yet. */
  GCancellable *asking;
  GCancellable *suspecting;
  gboolean running;
};

/* What happens to the stream: steps it, and does what follows. `slot` is gone when it has ended. */
void xep174_incoming_step        (Xep174Incoming *self,
                                  guint           event);
void xep174_incoming_fail        (Xep174Incoming    *self,
                                  Xep174StreamError  code,
                                  const char        *text);
void xep174_incoming_stop_asking (GCancellable **question);
/* For the log. */
const char *
     xep174_incoming_describe_host  (Xep174Incoming *self);
/* Whether it says that it is somebody whose key is known. */
gboolean
     xep174_incoming_has_known_name (Xep174Incoming *self);

G_END_DECLS
