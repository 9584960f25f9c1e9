/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-output-writer-private.h"

typedef struct
{
  Xep174Writer parent;
  GOutputStream *stream;
  guint64 size;
  guint64 done;
} OutputWriter;

static gboolean
stream_expect (Xep174Writer  *writer,
               guint64        size,
               GError       **error)
{
  ((OutputWriter *) writer)->size = size;

  return TRUE;
}

static guint64
stream_get_done (Xep174Writer *writer)
{
  return ((OutputWriter *) writer)->done;
}

/* What was written before it failed counts: it is gone. */
static gboolean
stream_write (Xep174Writer  *writer,
              gconstpointer  octets,
              gsize          length,
              GCancellable  *cancellable,
              GError       **error)
{
  OutputWriter *self = (OutputWriter *) writer;
  gboolean well;
  gsize n = 0;

  if (!xep174_writer_has_room (self->size, self->done, length, error))
    return FALSE;

  well = g_output_stream_write_all (self->stream, octets, length, &n, cancellable, error);
  self->done += n;

  return well;
}

static gssize
stream_read (Xep174Writer  *writer,
             guint64        offset,
             gpointer       buffer,
             gsize          size,
             GError       **error)
{
  return 0;
}

static char *
stream_finish (Xep174Writer  *writer,
               const char    *name,
               GError       **error)
{
  return g_output_stream_close (((OutputWriter *) writer)->stream, NULL, error) ? g_strdup ("") : NULL;
}

static void
stream_discard (Xep174Writer *writer)
{
}

static void
stream_free (Xep174Writer *writer)
{
  g_object_unref (((OutputWriter *) writer)->stream);
  g_free (writer);
}

Xep174Writer *
xep174_output_writer_new (GOutputStream *stream,
                          guint64        size)
{
  OutputWriter *self = g_new0 (OutputWriter, 1);

  self->parent = (Xep174Writer) {
    stream_expect, stream_get_done, stream_write, stream_read, stream_finish, stream_discard,
    stream_free,
  };
  self->stream = g_object_ref (stream);
  self->size = size;

  return &self->parent;
}
