/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two ends of a TCP connection that say something and say it back, in one process or two. */

#define TALK_OCTETS 150

typedef struct
{
  const char *who;
  /* Whether both ends can live in one thread: all but the blocking one. */
  gboolean    shares;
  /* Takes the descriptor; of two ends the first one begins. */
  gpointer  (*start) (int      fd,
                      gboolean is_first);
  /* So many times there and back. */
  void      (*ping)  (gpointer end,
                      guint    count);
  /* For ever. */
  void      (*serve) (gpointer end);
} TalkKind;

extern const TalkKind talk_blocking;
extern const TalkKind talk_source;
extern const TalkKind talk_async;
extern const TalkKind talk_session;
/* The two where everything is encrypted. */
extern const TalkKind talk_bare_tls;
extern const TalkKind talk_sealed;
/* A session that finds out by pings what was received, as in the clear (S7). */
extern const TalkKind talk_pinged;
/* With ten features, none of which the message is for. */
extern const TalkKind talk_featured;
/* A session, and a first end that says its part with plain sockets. */
extern const TalkKind talk_half;

/* Over the loopback; without delay. */
void talk_connect (int fds[2]);

G_END_DECLS
