/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-clock-private.h"
#include "xep174-http.h"
#include "xep174-spoiled-private.h"
#include "xep174-tls-private.h"

G_BEGIN_DECLS

/* A connection on which nothing of a file has gone yet. */
typedef struct
{
  GSocketConnection *connection;
  Xep174Tls *tls; /* before its handshake; %NULL: in the clear */
  GBytes *key;    /* that the other side must show; with TLS */
  gboolean dials; /* we have made it, and begin the handshake */
  Xep174Http *chunks; /* which the file comes in; %NULL: it comes as it is */

  /* The main loop's. */
  Xep174Clock *clock;     /* %NULL once nobody waits for the handshake any more */
  Xep174Alarm alarm;
  Xep174Spoiled *spoiled; /* is told if nobody shakes hands with us; may be %NULL */
  char *contact;
  char *host;             /* what was dialled, of us or of the contact */
  /* Of both: Xep174Handshake, atomic. */
  gint handshake;
} Xep174Pipe;

/* With @certificate, which is ours, and the @key of the contact, it will be encrypted; else it
 * cannot. Without a @clock its handshake may last. */
Xep174Pipe *xep174_pipe_new  (GSocketConnection  *connection,
                              gboolean            dials,
                              Xep174Certificate  *certificate,
                              GBytes             *key,
                              Xep174Clock        *clock,
                              GError            **error);
void        xep174_pipe_free (Xep174Pipe *self);
/* Who does not shake hands is noted in @spoiled. */
void        xep174_pipe_set_spoiled (Xep174Pipe    *self,
                                     Xep174Spoiled *spoiled,
                                     const char    *contact);
/* T11: a handshake that is not over after T_tls is ended, and with it the connection. To be called in the
 * main loop. */
void        xep174_pipe_begin_handshake (Xep174Pipe *self);
/* In any thread, when it has gone @well, or has not: FALSE, and why, if it was too late, too. */
gboolean    xep174_pipe_end_handshake   (Xep174Pipe  *self,
                                         gboolean     well,
                                         GError     **error);
/* In the main loop again: nobody waits for it any more. Whether we have @given_up ourselves. */
void        xep174_pipe_rest (Xep174Pipe *self,
                              gboolean    given_up);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Pipe, xep174_pipe_free)

G_END_DECLS
