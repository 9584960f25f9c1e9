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

/* Somebody who connects to @end's port, or to another one, and what he says. */
GSocket *ends_come_in (End         *end);
GSocket *ends_come_to (guint16      port);
void     ends_say     (GSocket      *socket,
                       gconstpointer  octets,
                       gsize         length);
/* What he is told until the connection is ended, or until there are @length octets. */
GBytes  *ends_hear    (GSocket      *socket,
                       gsize         length);

/* Greeting and request for the stream with @address, and what is said to it: the second octet behind the
 * choice of a method, 0 if it is granted; -1 for less. */
GBytes  *ends_make_request (const char *address);
int      ends_hear_answer  (GSocket    *socket);

/* Who waits at @host for others, and takes nobody: that one has come is seen. */
GSocket *ends_listen     (const char *host,
                          guint16    *port);
gboolean ends_was_called (GSocket    *socket);

/* A server of the test's own, in a thread: it takes one connection, which @serve speaks to. */
typedef struct
{
  const char *host;
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
/* Elsewhere than at 127.0.0.1. */
Server *server_new_at (const char *host,
                       void      (*serve) (GSocket  *socket,
                                           gpointer  data),
                       gpointer    data);
/* What @serve may be: it grants whatever is asked for, says @data if there is any, and waits. */
void    server_grant (GSocket  *socket,
                      gpointer  data);
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
