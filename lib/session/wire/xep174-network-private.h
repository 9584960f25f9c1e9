/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-directory.h"
#include "xep174-poller-private.h"
#include "xep174-clock-private.h"
#include "xep174-ways-private.h"

G_BEGIN_DECLS

/* Where the time, the connections and the chance of a session manager come from. A test gives its
 * own, and so drives whole sessions without a socket and without sleeping. */

typedef struct _Xep174Transport Xep174Transport;

typedef struct
{
  /* To an address of @ways that was not put aside; the one that they lead to, if there is one. */
  void       (*dial_async)  (gpointer             data,
                             Xep174Ways          *ways,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data);
  /* @address is set to what was connected to, %NULL if that has none. */
  GIOStream *(*dial_finish) (gpointer         data,
                             GAsyncResult    *result,
                             GSocketAddress **address,
                             GError         **error);
} Xep174Dialler;

typedef struct
{
  gint ref_count;
  Xep174Clock *clock;
  Xep174Poller *poller;
  GRand *random;
  /* Whether anybody reads the debugging messages. Asked once: it takes as long as a step. */
  gboolean is_logged;
  const Xep174Dialler *dialler;
  gpointer dialler_data;
  GDestroyNotify dialler_free;
  /* Counts the streams as they come, so that what was heard on one is known to be older or newer than
   * another (S9). */
  guint64 n_streams;
  /* (element-type Xep174Transport): connections that wait for the peer's FIN, owned. */
  GQueue lingering;
  /* Called when the last of them has gone. */
  void (*drained) (gpointer data);
  gpointer drained_data;
  /* Room for octets on their way, empty and nobody's: a large stanza is in three of them at a time, and does
   * not have to ask the kernel for their pages each time. */
  GString *scratches[3];
  guint n_scratches;
} Xep174Network;

/* @dialler_free is called with @dialler_data in the end. */
Xep174Network *xep174_network_new         (Xep174Clock        *clock,
                                           Xep174Poller        *poller,
                                           GRand               *random,
                                           const Xep174Dialler *dialler,
                                           gpointer             dialler_data,
                                           GDestroyNotify       dialler_free);
/* The real one: TCP to what the directory says. */
Xep174Network *xep174_network_new_for_tcp (GMainContext    *context,
                                           Xep174Directory *directory);
Xep174Network *xep174_network_ref         (Xep174Network *self);
void           xep174_network_unref       (Xep174Network *self);
void           xep174_network_remove_lingering (Xep174Network   *self,
                                                Xep174Transport *transport);
/* A string that is empty and has room for so much, to be given back or to be kept. */
GString       *xep174_network_take_scratch (Xep174Network *self,
                                            gsize          room);
void           xep174_network_give_scratch (Xep174Network *self,
                                            GString       *scratch);

void           xep174_network_dial_async  (Xep174Network       *self,
                                           Xep174Ways          *ways,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
GIOStream     *xep174_network_dial_finish (Xep174Network   *self,
                                           GAsyncResult    *result,
                                           GSocketAddress **address,
                                           GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Network, xep174_network_unref)

G_END_DECLS
