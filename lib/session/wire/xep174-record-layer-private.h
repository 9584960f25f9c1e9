/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-network-private.h"
#include "xep174-tls-private.h"

G_BEGIN_DECLS

/* What lies between the buffer of a transport and its stream once they speak TLS (RFC 8446 §5): the
 * records on their way out. It knows of no stream. */
typedef struct
{
  Xep174Tls *tls;
  Xep174Network *network;
  /* What waits for the stream: at first what was still to be said in the clear. */
  GString *records;
  /* How many octets of the transport's buffer are in them. */
  gsize text;
  gboolean open;
  /* By close_notify of the peer. */
  gboolean closed;
} Xep174RecordLayer;

/* Owns @tls, and not @network. @clear goes out first, and is the beginning of the buffer, too. */
Xep174RecordLayer *xep174_record_layer_new  (Xep174Tls     *tls,
                                             Xep174Network *network,
                                             const char    *clear,
                                             gsize          length);
void               xep174_record_layer_free (Xep174RecordLayer *self);
/* Whether there is something for the stream, made of @text if nothing else waits. */
gboolean           xep174_record_layer_fill (Xep174RecordLayer  *self,
                                             const char         *text,
                                             gsize               length,
                                             GError            **error);
/* The stream has taken @n octets of the records. How many octets of text are out by that. */
gsize              xep174_record_layer_sent (Xep174RecordLayer *self,
                                             gsize              n);

G_END_DECLS
