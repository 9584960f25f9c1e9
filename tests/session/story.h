/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-arbiter-private.h"

G_BEGIN_DECLS

/* One arbiter, to which things happen; each leads to an exact list of actions. */

#define NONE XEP174_NO_SLOT

typedef struct
{
  Xep174Arbiter    arbiter;
  Xep174ActionList list;
} Story;

void     begin    (Story    *story,
                   gboolean  smaller);
/* One that encrypts; @sealed: and has to. */
void     begin_encrypted (Story    *story,
                          gboolean  smaller,
                          gboolean  sealed);
/* The actions but for the timers, as "name slot, name slot". */
void     expect   (Story      *story,
                   const char *expected);
void     happens  (Story      *story,
                   guint       event,
                   guint       slot,
                   const char *expected);
void     asked    (Story         *story,
                   Xep174HeadKind head,
                   const char    *expected);
void     comes_in (Story             *story,
                   Xep174StreamEvent  header,
                   const char        *expected);
/* A stream that came in is offered TLS: up to the end of its handshake. */
void     secures  (Story *story,
                   guint  slot,
                   guint  key);
gboolean runs     (const Story *story,
                   Xep174Timer  timer,
                   guint        slot);

G_END_DECLS
