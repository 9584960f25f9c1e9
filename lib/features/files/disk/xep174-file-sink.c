/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-sink-private.h"

#include "xep174-gettext-private.h"

#define CHUNK (128 * 1024)

struct _Xep174FileSink
{
  Xep174FileWriter *writer; /* or a stream */
  GOutputStream    *stream;
  guint64           size;
  guint64           done;   /* of the stream */
  GChecksum        *hash;   /* of so many octets */
  guint64           hashed;
  char             *whole;  /* of all, if somebody else has found it */
};

static Xep174FileSink *
sink_new (Xep174FileWriter *writer,
          GOutputStream    *stream,
          guint64           size)
{
  Xep174FileSink *self = g_new0 (Xep174FileSink, 1);

  self->writer = writer;
  self->stream = stream;
  self->size = size;
  self->hash = g_checksum_new (G_CHECKSUM_SHA256);

  return self;
}

Xep174FileSink *
xep174_file_sink_create (const char  *folder,
                         const char  *id,
                         guint64      size,
                         GError     **error)
{
  Xep174FileWriter *writer = xep174_file_writer_create (folder, id, size, error);

  return writer != NULL ? sink_new (writer, NULL, size) : NULL;
}

Xep174FileSink *
xep174_file_sink_new_for (GOutputStream *stream,
                          guint64        size)
{
  return sink_new (NULL, g_object_ref (stream), size);
}

Xep174FileSink *
xep174_file_sink_resume (const char  *folder,
                         const char  *id,
                         guint64      size,
                         GError     **error)
{
  Xep174FileWriter *writer = xep174_file_writer_resume (folder, id, size, error);

  return writer != NULL ? sink_new (writer, NULL, size) : NULL;
}

guint64
xep174_file_sink_get_done (Xep174FileSink *self)
{
  return self->writer != NULL ? xep174_file_writer_get_done (self->writer) : self->done;
}

/* What somebody else has written, or was there before, counts as it is now: whoever changed it is found out
 * by the hash. */
static gboolean
hash_part (Xep174FileSink  *self,
           GError         **error)
{
  g_autofree guint8 *chunk = NULL;
  guint64 end = xep174_file_sink_get_done (self);

  if (self->hashed == end)
    return TRUE;

  chunk = g_malloc (CHUNK);
  while (self->hashed < end)
    {
      gssize n = xep174_file_writer_read (self->writer, self->hashed, chunk, MIN (CHUNK, end - self->hashed),
                                          error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                               _("What has come of the file was changed. Let it be sent again"));
          return FALSE;
        }
      g_checksum_update (self->hash, chunk, n);
      self->hashed += n;
    }

  return TRUE;
}

gboolean
xep174_file_sink_expect (Xep174FileSink  *self,
                         guint64          size,
                         GError         **error)
{
  self->size = size;

  return self->writer == NULL || xep174_file_writer_expect (self->writer, size, error);
}

static gboolean
write_stream (Xep174FileSink  *self,
              gconstpointer    octets,
              gsize            length,
              GError         **error)
{
  if (!g_output_stream_write_all (self->stream, octets, length, NULL, NULL, error))
    return FALSE;

  self->done += length;

  return TRUE;
}

gboolean
xep174_file_sink_write (Xep174FileSink  *self,
                        gconstpointer    octets,
                        gsize            length,
                        GError         **error)
{
  if (!hash_part (self, error))
    return FALSE;
  if (self->writer != NULL ? !xep174_file_writer_write (self->writer, octets, length, error)
                           : !write_stream (self, octets, length, error))
    return FALSE;

  g_checksum_update (self->hash, octets, length);
  self->hashed += length;

  return TRUE;
}

char *
xep174_file_sink_dup_hash (Xep174FileSink  *self,
                           GError         **error)
{
  g_autoptr(GChecksum) hash = NULL;

  if (self->whole != NULL)
    return g_strdup (self->whole);
  if (!hash_part (self, error))
    return NULL;

  hash = g_checksum_copy (self->hash);

  return g_strdup (g_checksum_get_string (hash));
}

gboolean
xep174_file_sink_can_lend (Xep174FileSink *self)
{
  return self->writer != NULL;
}

Xep174FileWriter *
xep174_file_sink_lend (Xep174FileSink *self)
{
  return g_steal_pointer (&self->writer);
}

void
xep174_file_sink_give_back (Xep174FileSink   *self,
                            Xep174FileWriter *writer,
                            const char       *hash)
{
  self->writer = writer;
  self->whole = g_strdup (hash);
}

char *
xep174_file_sink_finish (Xep174FileSink  *self,
                         const char      *name,
                         GError         **error)
{
  if (self->writer != NULL)
    return xep174_file_writer_finish (self->writer, name, error);

  return g_output_stream_close (self->stream, NULL, error) ? g_strdup ("") : NULL;
}

void
xep174_file_sink_discard (Xep174FileSink *self)
{
  if (self->writer != NULL)
    xep174_file_writer_discard (self->writer);
}

void
xep174_file_sink_free (Xep174FileSink *self)
{
  g_clear_pointer (&self->writer, xep174_file_writer_free);
  g_clear_object (&self->stream);
  g_checksum_free (self->hash);
  g_free (self->whole);
  g_free (self);
}
