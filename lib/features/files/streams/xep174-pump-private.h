/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-sink-private.h"
#include "xep174-file-source-private.h"
#include "xep174-pipe-private.h"

G_BEGIN_DECLS

/* Moves the octets of one transfer through a pipe, in a thread of its own. Everything is told
 * in the main context that was the thread's default when it began. */
typedef struct _Xep174Pump Xep174Pump;

/* Each may free the pump. */
typedef struct
{
  /* How many octets of the file are over, counted from its first: given to the socket, or to the
   * writer. At most ten times a second, and before the end if there is something new. While what was there
   * before is hashed it comes, too, with the same number. */
  void (*progress) (guint64  done,
                    gpointer data);
  /* Once, and nothing after it. %NULL: all octets are over. The sender is told when the other side has ended
   * the connection, too, or has had some seconds for it. */
  void (*ended)    (const GError *error,
                    gpointer      data);
} Xep174PumpEvents;

/* Takes @pipe and @source, of which the octets from @offset up to @size are sent. */
Xep174Pump *xep174_pump_send        (Xep174Pipe             *pipe,
                                     Xep174FileSource       *source,
                                     guint64                 offset,
                                     guint64                 size,
                                     const Xep174PumpEvents *events,
                                     gpointer                data);
/* Takes @pipe and @sink, which is written up to @size. */
Xep174Pump *xep174_pump_receive     (Xep174Pipe             *pipe,
                                     Xep174FileSink         *sink,
                                     guint64                 size,
                                     const Xep174PumpEvents *events,
                                     gpointer                data);
/* It ends soon, with G_IO_ERROR_CANCELLED if it was not about to end anyway. */
void        xep174_pump_stop        (Xep174Pump *self);
/* The others are for when it has ended. Whether it is the file here that has failed. */
gboolean    xep174_pump_is_local    (Xep174Pump *self);
/* The SHA-256 of all, of XEP174_SHA256_LENGTH octets; %NULL if not all of them are over. */
const guint8 *
            xep174_pump_get_hash    (Xep174Pump *self);
/* Its caller has it then. */
Xep174FileSink *
            xep174_pump_take_sink   (Xep174Pump *self);
/* Nothing is told any more. If it has not ended it is stopped, and what it has taken is freed when its thread
 * has ended; the part of the file is left. */
void        xep174_pump_free        (Xep174Pump *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Pump, xep174_pump_free)

G_END_DECLS
