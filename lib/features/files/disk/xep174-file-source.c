/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-source-private.h"

#include <errno.h>
#include <fcntl.h>

#include <gio/gfiledescriptorbased.h>

#include "xep174-gettext-private.h"

#define CHUNK (128 * 1024)
#define ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE "," \
  G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

struct _Xep174FileSource
{
  GInputStream *stream;
  guint64       size;
  guint64       place;  /* of the stream */
  GChecksum    *hash;   /* of the octets from the first one on, */
  guint64       hashed; /* and of how many */
  gint64        changed;
};

static gboolean
read_info (GFileInfo      *from,
           Xep174FileInfo *info,
           GError        **error)
{
  const char *type = g_file_info_get_content_type (from);
  goffset size = g_file_info_get_size (from);

  if (g_file_info_get_file_type (from) != G_FILE_TYPE_REGULAR || size < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                           _("Only a file can be sent, no folder and nothing else"));
      return FALSE;
    }

  *info = (Xep174FileInfo) {
    .name = g_strdup (g_file_info_get_display_name (from)),
    .media_type = type != NULL ? g_content_type_get_mime_type (type) : NULL,
    .size = size,
    .ranged = TRUE,
  };

  return TRUE;
}

static gint64
read_changed (GFileInfo *info)
{
  g_autoptr(GDateTime) changed = g_file_info_get_modification_date_time (info);

  if (changed == NULL)
    return 0;

  return g_date_time_to_unix (changed) * G_USEC_PER_SEC + g_date_time_get_microsecond (changed);
}

Xep174FileSource *
xep174_file_source_open (GFile           *file,
                         Xep174FileInfo  *info,
                         GError         **error)
{
  g_autoptr(GFileInfo) found = g_file_query_info (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, NULL, error);
  g_autoptr(GFileInputStream) stream = NULL;
  Xep174FileSource *self;

  /* Before it is opened: a pipe would wait for somebody. */
  if (found == NULL || !read_info (found, info, error))
    return NULL;
  stream = g_file_read (file, NULL, error);
  if (stream != NULL && !G_IS_FILE_DESCRIPTOR_BASED (stream))
    {
      g_clear_object (&stream);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("Only a file of this machine can be sent. Copy it here first"));
    }
  if (stream == NULL)
    {
      xep174_file_info_clear (info);
      return NULL;
    }

  self = g_new0 (Xep174FileSource, 1);
  self->stream = G_INPUT_STREAM (g_steal_pointer (&stream));
  self->size = info->size;
  self->hash = g_checksum_new (G_CHECKSUM_SHA256);
  self->changed = read_changed (found);

  return self;
}

void
xep174_file_source_free (Xep174FileSource *self)
{
  g_object_unref (self->stream);
  g_checksum_free (self->hash);
  g_free (self);
}

gint64
xep174_file_source_get_changed (Xep174FileSource *self)
{
  return self->changed;
}

int
xep174_file_source_dup_fd (Xep174FileSource  *self,
                           GError           **error)
{
  int fd = g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (self->stream));
  int own = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (own < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), _("The file cannot be read"));

  return own;
}

/* What was sent and is sent again is not hashed again: were it something else by now, the other side
 * would see it. */
static void
hash_new (Xep174FileSource *self,
          guint64           offset,
          GBytes           *octets)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (octets, &length);
  gsize known = MIN (self->hashed - offset, length);

  g_checksum_update (self->hash, data + known, length - known);
  self->hashed += length - known;
}

static GBytes *
read_some (Xep174FileSource  *self,
           guint64            offset,
           gsize              length,
           GError           **error)
{
  g_autoptr(GBytes) octets = NULL;

  if (offset != self->place
      && !g_seekable_seek (G_SEEKABLE (self->stream), offset, G_SEEK_SET, NULL, error))
    return NULL;
  octets = g_input_stream_read_bytes (self->stream, MIN (length, self->size - offset), NULL, error);
  if (octets == NULL)
    return NULL;
  if (g_bytes_get_size (octets) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                           _("The file was changed while it was sent. Send it again"));
      return NULL;
    }

  self->place = offset + g_bytes_get_size (octets);
  if (offset <= self->hashed)
    hash_new (self, offset, octets);

  return g_steal_pointer (&octets);
}

static gboolean
hash_up_to (Xep174FileSource  *self,
            guint64            end,
            GError           **error)
{
  while (self->hashed < end)
    {
      g_autoptr(GBytes) octets = read_some (self, self->hashed, MIN (CHUNK, end - self->hashed), error);

      if (octets == NULL)
        return FALSE;
    }

  return TRUE;
}

GBytes *
xep174_file_source_read (Xep174FileSource  *self,
                         guint64            offset,
                         gsize              length,
                         GError           **error)
{
  return hash_up_to (self, offset, error) ? read_some (self, offset, length, error) : NULL;
}

gboolean
xep174_file_source_hash (Xep174FileSource  *self,
                         guint8            *sha256,
                         GError           **error)
{
  g_autoptr(GChecksum) hash = NULL;
  gsize length = XEP174_SHA256_LENGTH;

  if (!hash_up_to (self, self->size, error))
    return FALSE;

  hash = g_checksum_copy (self->hash);
  g_checksum_get_digest (hash, sha256, &length);

  return TRUE;
}
