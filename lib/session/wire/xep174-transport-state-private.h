/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-record-layer-private.h"
#include "xep174-transport-private.h"

G_BEGIN_DECLS

/* For the two files of the transport alone. */
struct _Xep174Transport
{
  gint ref_count;
  Xep174Network *network;
  GIOStream *stream;
  /* Its halves and their functions are asked for once, not for each stanza. */
  GPollableInputStream *input;
  GPollableOutputStream *output;
  GPollableInputStreamInterface *input_iface;
  GPollableOutputStreamInterface *output_iface;
  Xep174Watch *watch;
  const Xep174TransportEvents *events;
  gpointer data;
  /* NULL as long as it is spoken in the clear. */
  Xep174RecordLayer *layer;
  GString *buffer;
  guint64 written;
  /* So far it was flushed: what is behind it is not for the socket yet. */
  guint64 flushed;
  GError *write_error;
  gsize heard_after_error;
  gboolean reading;
  gboolean ended;
  gboolean ended_by_fin;
  gboolean retired;
  gboolean shut;
  gboolean close_notify_said;
  gboolean finished;
  Xep174Alarm alarm;
};

G_END_DECLS
