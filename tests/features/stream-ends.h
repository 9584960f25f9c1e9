/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-bytestreams-private.h"
#include "xep174-session-manager-private.h"

G_BEGIN_DECLS

/* Two managers over the loopback with a conversation, and a bytestream of each: what happens is logged. */

#define ROMEO  "romeo@montague"
#define JULIET "juliet@capulet"
#define SID    "vj3hs98y"

typedef struct
{
  Xep174SessionManager *manager;
  Xep174Bytestreams *all;
  Xep174Bytestream *stream;
  GString *log;
  char *cid; /* that was found */
} End;

typedef struct
{
  GObject *book;
  End romeo;
  End juliet;
  gboolean patience_over;
} Ends;

/* @data: whether they encrypt. */
void ends_set_up    (Ends          *self,
                     gconstpointer  encrypted);
void ends_tear_down (Ends          *self,
                     gconstpointer  encrypted);

/* Until @condition holds: the clock is the real one. */
#define WAIT_FOR(condition)                                                         \
  G_STMT_START {                                                                    \
    guint patience = g_timeout_add_seconds (30, ends_lose_patience, #condition);    \
    while (!(condition))                                                            \
      g_main_context_iteration (NULL, TRUE);                                        \
    g_source_remove (patience);                                                     \
  } G_STMT_END

gboolean ends_lose_patience (gpointer condition);

/* Somebody who connects to @end's port, and what he says. */
GSocket *ends_come_in (End         *end);
void     ends_say     (GSocket      *socket,
                       gconstpointer  octets,
                       gsize         length);
/* What he is told until the connection is ended, or until there are @length octets. */
GBytes  *ends_hear    (GSocket      *socket,
                       gsize         length);

/* A server of the test's own, in a thread: it takes one connection, which @serve speaks to. */
typedef struct
{
  GSocket *socket;
  guint16 port;
  void (*serve) (GSocket  *socket,
                 gpointer  data);
  gpointer data;
  GThread *thread;
} Server;

Server *server_new  (void   (*serve) (GSocket  *socket,
                                      gpointer  data),
                     gpointer data);
/* Waits for its thread. */
void    server_free (Server *self);
/* Reads exactly so much; FALSE at the end before. */
gboolean server_read (GSocket *socket,
                      gsize    length);
/* As the candidate @cid. */
Xep174JingleCandidate *server_to_candidate (Server     *self,
                                            const char *cid,
                                            guint32     priority);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

G_END_DECLS
