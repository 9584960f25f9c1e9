/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-sink-private.h"

#include <string.h>

#include "xep174-digest-private.h"
#include "xep174-file-writer-private.h"
#include "xep174-folder-part-private.h"
#include "xep174-folder-writer-private.h"
#include "xep174-gettext-private.h"
#include "xep174-part-private.h"

#define CHUNK (128 * 1024)

struct _Xep174FileSink
{
  Xep174Writer *writer;
  Xep174Digest *digest; /* of so many octets: */
  guint64       hashed;
  gboolean      whole;  /* it is at its end: */
  guint8        sha256[XEP174_DIGEST_LENGTH];
};

Xep174FileSink *
xep174_file_sink_new (Xep174Writer *writer)
{
  Xep174FileSink *self = g_new0 (Xep174FileSink, 1);

  self->writer = writer;
  self->digest = xep174_digest_new ();

  return self;
}

Xep174FileSink *
xep174_file_sink_create (const char            *folder,
                         const char            *id,
                         const Xep174FileInfo  *info,
                         GError               **error)
{
  Xep174Writer *writer = info->is_folder ? xep174_folder_writer_create (folder, id, info, error)
                                         : xep174_file_writer_create (folder, id, info->size, error);

  return writer != NULL ? xep174_file_sink_new (writer) : NULL;
}

Xep174FileSink *
xep174_file_sink_resume (const char            *folder,
                         const char            *id,
                         const Xep174FileInfo  *info,
                         GError               **error)
{
  Xep174Writer *writer = info->is_folder ? xep174_folder_writer_resume (folder, id, info, error)
                                         : xep174_file_writer_resume (folder, id, info, error);

  return writer != NULL ? xep174_file_sink_new (writer) : NULL;
}

guint64
xep174_file_sink_measure (const char *folder,
                          const char *id)
{
  g_autofree char *name = xep174_part_dup_name (id);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat status;

  return lstat (path, &status) == 0 && S_ISREG (status.st_mode) ? status.st_size : 0;
}

gboolean
xep174_file_sink_expect (Xep174FileSink  *self,
                         guint64          size,
                         GError         **error)
{
  return xep174_writer_expect (self->writer, size, error);
}

guint64
xep174_file_sink_get_done (Xep174FileSink *self)
{
  return xep174_writer_get_done (self->writer);
}

gssize
xep174_file_sink_hash_some (Xep174FileSink  *self,
                            gpointer         buffer,
                            gsize            size,
                            GError         **error)
{
  guint64 left = xep174_writer_get_done (self->writer) - self->hashed;
  gssize n = left > 0 ? xep174_writer_read (self->writer, self->hashed, buffer, MIN (size, left), error) : 0;

  if (n == 0 && left > 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                           _("What has come was changed. Ask for it once more"));
      return -1;
    }
  if (n > 0)
    {
      xep174_digest_update (self->digest, buffer, n);
      self->hashed += n;
    }

  return n;
}

static gboolean
hash_before (Xep174FileSink  *self,
             GError         **error)
{
  g_autofree guint8 *chunk = NULL;
  gssize n;

  if (self->hashed == xep174_writer_get_done (self->writer))
    return TRUE;

  chunk = g_malloc (CHUNK);
  do
    n = xep174_file_sink_hash_some (self, chunk, CHUNK, error);
  while (n > 0);

  return n == 0;
}

/* What was written before it failed counts, too. */
gboolean
xep174_file_sink_write (Xep174FileSink  *self,
                        gconstpointer    octets,
                        gsize            length,
                        GCancellable    *cancellable,
                        GError         **error)
{
  gboolean well;
  gsize n;

  if (!hash_before (self, error))
    return FALSE;

  well = xep174_writer_write (self->writer, octets, length, cancellable, error);
  n = xep174_writer_get_done (self->writer) - self->hashed;
  xep174_digest_update (self->digest, octets, n);
  self->hashed += n;

  return well;
}

gboolean
xep174_file_sink_hash (Xep174FileSink  *self,
                       guint8          *sha256,
                       GError         **error)
{
  if (!hash_before (self, error))
    return FALSE;

  if (!self->whole)
    xep174_digest_finish (self->digest, self->sha256);
  self->whole = TRUE;
  memcpy (sha256, self->sha256, sizeof self->sha256);

  return TRUE;
}

char *
xep174_file_sink_finish (Xep174FileSink  *self,
                         const char      *name,
                         GError         **error)
{
  return xep174_writer_finish (self->writer, name, error);
}

const char *
xep174_file_sink_get_placed (Xep174FileSink *self)
{
  return xep174_writer_get_placed (self->writer);
}

char *
xep174_file_sink_dup_path (Xep174FileSink *self,
                           const char     *folder)
{
  return xep174_writer_dup_path (self->writer, folder);
}

void
xep174_file_sink_settle (Xep174FileSink *self)
{
  xep174_writer_settle (self->writer);
}

void
xep174_file_sink_discard (Xep174FileSink *self)
{
  xep174_writer_discard (self->writer);
}

void
xep174_file_sink_free (Xep174FileSink *self)
{
  xep174_writer_free (self->writer);
  xep174_digest_free (self->digest);
  g_free (self);
}

void
xep174_file_sink_remove (const char           *folder,
                         const char           *id,
                         const Xep174FileInfo *info)
{
  if (info->is_folder)
    xep174_folder_part_remove_left (folder, id, info);
  else
    xep174_file_writer_remove (folder, id);
}
