/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-tls-private.h"

G_BEGIN_DECLS

/* A connection on which nothing of a file has gone yet. */
typedef struct
{
  GSocketConnection *connection;
  Xep174Tls *tls; /* before its handshake; %NULL: in the clear */
  GBytes *key;    /* that the other side must show; with TLS */
  gboolean dials; /* we have made it, and begin the handshake */
} Xep174Pipe;

/* With @certificate, which is ours, and the @key of the contact, it will be encrypted; else it
 * cannot. */
Xep174Pipe *xep174_pipe_new  (GSocketConnection  *connection,
                              gboolean            dials,
                              Xep174Certificate  *certificate,
                              GBytes             *key,
                              GError            **error);
void        xep174_pipe_free (Xep174Pipe *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Pipe, xep174_pipe_free)

G_END_DECLS
