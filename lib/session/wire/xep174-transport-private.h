/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-network-private.h"

G_BEGIN_DECLS

/* One connection: octets in and out without blocking, and an end that does not reset. It knows
 * nothing of XML. */

typedef struct _Xep174Tls Xep174Tls;

/* Each function may free the transport. */
typedef struct
{
  /* They are lent until the function returns, also if it runs a main loop; XEP174_POLLER_PADDING more can be
   * read behind them. */
  void (*octets)   (const guint8 *octets,
                    gsize         length,
                    gpointer      data);
  /* The peer sends no more (@error is NULL) or the connection broke; nothing comes after it. */
  void (*ended)    (const GError *error,
                    gpointer      data);
  /* More has gone out while the socket was waited for. */
  void (*progress) (gpointer data);
  /* The handshake of TLS has ended well. May be %NULL. */
  void (*encrypted) (gpointer data);
} Xep174TransportEvents;

Xep174Transport *xep174_transport_new             (Xep174Network                *network,
                                                   GIOStream                    *stream,
                                                   const Xep174TransportEvents  *events,
                                                   gpointer                      data,
                                                   GError                      **error);
/* Another owner: an incoming stream becomes a session's. */
void             xep174_transport_set_events      (Xep174Transport             *self,
                                                   const Xep174TransportEvents *events,
                                                   gpointer                     data);
/* Closes at once. */
void             xep174_transport_free            (Xep174Transport *self);
/* Closes at once, with a reset: the peer is told that not all may have been read. */
void             xep174_transport_abort           (Xep174Transport *self);
/* Sends what is left and says FIN: nothing is appended any more, and what comes is still read. */
void             xep174_transport_shut            (Xep174Transport *self);
/* Sends what is left, says FIN, and reads until the peer's FIN or for @ms at most: a close with
 * octets unread would reset the connection and destroy our last words on their way. */
void             xep174_transport_retire          (Xep174Transport *self,
                                                   guint            ms);
/* Closes at once all that do so. */
void             xep174_transport_end_lingering   (Xep174Network   *network);
/* What is appended from now on goes out encrypted, and what comes must be so. Takes @tls. */
void             xep174_transport_start_tls       (Xep174Transport *self,
                                                   Xep174Tls       *tls);
GIOStream       *xep174_transport_steal           (Xep174Transport *self);

/* Whether there is something to read, or the end. */
gboolean         xep174_transport_has_input       (Xep174Transport *self);
void             xep174_transport_set_reading     (Xep174Transport *self,
                                                   gboolean         reading);
gboolean         xep174_transport_get_reading     (Xep174Transport *self);

/* What goes out next: append to it, then flush. Before it is flushed no octet goes out. */
GString         *xep174_transport_get_buffer      (Xep174Transport *self);
/* Before about so much is appended. The buffer may be another one then. */
void             xep174_transport_make_room       (Xep174Transport *self,
                                                   gsize            octets);
/* What was appended since it was flushed last. */
gboolean         xep174_transport_has_unflushed   (Xep174Transport *self);
const char      *xep174_transport_get_unflushed   (Xep174Transport *self,
                                                   gsize           *length);
void             xep174_transport_flush           (Xep174Transport *self);
/* Whether a write has failed. It is told as the end of the connection once it is read. */
gboolean         xep174_transport_has_failed      (Xep174Transport *self);
/* Octets since the start: given to the socket, and appended in all. */
guint64          xep174_transport_get_written     (Xep174Transport *self);
guint64          xep174_transport_get_appended    (Xep174Transport *self);
/* What can no longer be taken back: given to the socket, or sealed for it. */
guint64          xep174_transport_get_begun       (Xep174Transport *self);
/* Takes octets back, counted as above, of which none has begun to go out. */
void             xep174_transport_erase           (Xep174Transport *self,
                                                   guint64          start,
                                                   guint64          end);

GSocketAddress  *xep174_transport_dup_remote      (Xep174Transport *self);
GSocketAddress  *xep174_transport_dup_local       (Xep174Transport *self);
gboolean         xep174_transport_is_encrypted    (Xep174Transport *self);
/* Whether its stream is a socket of TCP, and nothing else is between. */
gboolean         xep174_transport_is_tcp          (Xep174Transport *self);
/* How many of our octets the peer had read when it ended the connection: its TCP acknowledged them,
 * said FIN and did not reset, as it does for what is unread. FALSE where nobody can know. */
gboolean         xep174_transport_get_read        (Xep174Transport *self,
                                                   guint64         *octets);
/* Whether the connection stands and the peer's host has acknowledged all that was appended, be it
 * read or not. FALSE where nobody can know. */
gboolean         xep174_transport_is_taken_in     (Xep174Transport *self);
/* How often in a row TCP has repeated what the peer's host does not acknowledge; -1 if nobody knows. */
int              xep174_transport_get_repeats     (Xep174Transport *self);
/* The measured round trip in ms, 0 if nobody knows. */
guint            xep174_transport_get_round_trip  (Xep174Transport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Transport, xep174_transport_free)

G_END_DECLS
