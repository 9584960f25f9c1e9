/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-pump-private.h"

G_BEGIN_DECLS

/* For the files of the pump alone. */

/* What is read at a time, from the file or from the socket. */
#define XEP174_PUMP_CHUNK (128 * 1024)

struct _Xep174Pump
{
  gatomicrefcount ref_count; /* the thread has one, and so has what it tells */
  GMainContext *context;

  /* The main loop's. */
  const Xep174PumpEvents *events; /* %NULL: nobody wants to know any more */
  gpointer data;
  guint64 last_told;
  gboolean ended;

  /* The thread's, until it has ended. */
  Xep174Pipe *pipe;
  int socket;
  gboolean local;           /* the file has failed, not the connection */
  Xep174FileSource *source; /* of who sends */
  Xep174FileSink *sink;     /* of who receives */
  guint64 offset;
  guint64 size;
  gboolean hashed;
  guint8 hash[XEP174_SHA256_LENGTH];
  GError *error;
  gint64 told_at;
  guint8 *buffer;
  const guint8 *unread;     /* of the buffer: records that are not opened yet, or chunks */
  gsize n_unread;
  GString *text;
  GString *wire;

  /* Of both. */
  GCancellable *stop;
  GMutex mutex;
  guint64 done;
  gboolean telling;         /* a source is on its way */
};

/* In the thread: what one call of the system does, or one happening of TLS. */

void            xep174_pump_set_errno     (GError     **error,
                                           const char  *what);
gboolean        xep174_pump_is_stopped    (Xep174Pump  *self,
                                           GError     **error);
gboolean        xep174_pump_write         (Xep174Pump    *self,
                                           gconstpointer  octets,
                                           gsize          length,
                                           GError       **error);
/* At least one octet, to the buffer; or -1. */
gssize          xep174_pump_read          (Xep174Pump  *self,
                                           gsize        size,
                                           GError     **error);
gssize          xep174_pump_read_file     (Xep174Pump  *self,
                                           guint64      offset,
                                           gsize        size,
                                           GError     **error);
/* Of what was there before: 0 if all is hashed. */
gssize          xep174_pump_hash_part     (Xep174Pump  *self,
                                           GError     **error);
gboolean        xep174_pump_write_records (Xep174Pump  *self,
                                           GError     **error);
/* Of what has come, or of what comes next; an initiator @begins with nothing. */
Xep174TlsResult xep174_pump_open_records  (Xep174Pump  *self,
                                           gboolean     begins,
                                           GError     **error);
gboolean        xep174_pump_shake_hands   (Xep174Pump  *self,
                                           GError     **error);
gssize          xep174_pump_await_last    (Xep174Pump *self,
                                           gint64      end);

/* In chunks: octets of the file, at least one, or -1. What they are in is kept until the next call. */
gssize          xep174_pump_read_chunk    (Xep174Pump    *self,
                                           const guint8 **octets,
                                           GError       **error);
/* Whether what is unread, which is taken, is nothing but the end. */
gboolean        xep174_pump_is_chunks_end (Xep174Pump  *self);

G_END_DECLS
