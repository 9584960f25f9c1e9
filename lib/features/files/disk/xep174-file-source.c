/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-source-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <gio/gfiledescriptorbased.h>

#include "xep174-digest-private.h"
#include "xep174-file-reader-private.h"
#include "xep174-folder-reader-private.h"
#include "xep174-gettext-private.h"

#define CHUNK (128 * 1024)
#define ATTRIBUTES \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," \
  G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE "," \
  G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC

struct _Xep174FileSource
{
  Xep174Reader *reader;
  guint64       size;
  Xep174Digest *digest; /* of the octets from the first one on, */
  guint64       hashed; /* and of how many */
  gboolean      whole;  /* it is at its end: */
  guint8        sha256[XEP174_DIGEST_LENGTH];
  gint64        changed;
};

/* --- Opening --------------------------------------------------------------------------------- */

static gboolean
read_info (GFile          *file,
           GFileInfo      *from,
           Xep174FileInfo *info,
           GError        **error)
{
  gboolean is_folder = g_file_info_get_file_type (from) == G_FILE_TYPE_DIRECTORY;
  const char *type = is_folder ? NULL : g_file_info_get_content_type (from);
  goffset size = g_file_info_get_size (from);

  if (!is_folder && (g_file_info_get_file_type (from) != G_FILE_TYPE_REGULAR || size < 0))
    {
      g_autofree char *path = g_file_get_parse_name (file);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   _("“%s” is no file and no folder, and nothing else can be sent"), path);
      return FALSE;
    }

  *info = (Xep174FileInfo) {
    .name = g_strdup (g_file_info_get_display_name (from)),
    .media_type = type != NULL ? g_content_type_get_mime_type (type) : NULL,
    .size = size,
    .is_folder = is_folder,
    .n_files = 1,
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

static gboolean
fail_not_here (gboolean   is_folder,
               GError   **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       is_folder ? _("Only a folder of this machine can be sent. Copy it here first")
                                 : _("Only a file of this machine can be sent. Copy it here first"));
  return FALSE;
}

static Xep174Reader *
open_folder (GFile           *file,
             Xep174FileInfo  *info,
             gint64          *changed,
             GError         **error)
{
  if (g_file_peek_path (file) != NULL)
    return xep174_folder_reader_open (g_file_peek_path (file), info, changed, error);

  fail_not_here (TRUE, error);
  return NULL;
}

/* GIO says what it has tried; people want to know what is wrong. */
static void
explain (GFile   *file,
         GError **error)
{
  g_autofree char *path = g_file_get_parse_name (file);
  GError *raw = error != NULL ? *error : NULL;
  char *text = NULL;

  if (raw == NULL)
    return;
  if (g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
      || g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY))
    text = g_strdup_printf (_("There is no file or folder “%s”"), path);
  else if (g_error_matches (raw, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    text = g_strdup_printf (_("“%s” cannot be read: %s"), path, g_strerror (EACCES));
  if (text == NULL)
    return;

  g_free (raw->message);
  raw->message = text;
}

/* Another descriptor of it: the stream closes its own. */
static Xep174Reader *
open_reader (GFile   *file,
             GError **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  int fd;

  if (stream == NULL)
    {
      explain (file, error);
      return NULL;
    }
  if (!G_IS_FILE_DESCRIPTOR_BASED (stream))
    {
      fail_not_here (FALSE, error);
      return NULL;
    }

  fd = fcntl (g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream)), F_DUPFD_CLOEXEC, 3);
  if (fd >= 0)
    return xep174_file_reader_new (fd);

  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), _("The file cannot be read"));
  return NULL;
}

Xep174FileSource *
xep174_file_source_open (GFile           *file,
                         Xep174FileInfo  *info,
                         GError         **error)
{
  g_autoptr(GFileInfo) found = g_file_query_info (file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, NULL, error);
  Xep174Reader *reader;
  Xep174FileSource *self;
  gint64 changed;

  /* Before it is opened: a pipe would wait for somebody. */
  if (found == NULL)
    explain (file, error);
  if (found == NULL || !read_info (file, found, info, error))
    return NULL;
  changed = read_changed (found);
  reader = info->is_folder ? open_folder (file, info, &changed, error) : open_reader (file, error);
  if (reader == NULL)
    {
      xep174_file_info_clear (info);
      return NULL;
    }

  self = xep174_file_source_new (reader, info->size);
  self->changed = changed;

  return self;
}

Xep174FileSource *
xep174_file_source_new (Xep174Reader *reader,
                        guint64       size)
{
  Xep174FileSource *self = g_new0 (Xep174FileSource, 1);

  self->reader = reader;
  self->size = size;
  self->digest = xep174_digest_new ();

  return self;
}

Xep174FileSource *
xep174_file_source_dup (Xep174FileSource  *self,
                        GError           **error)
{
  Xep174Reader *reader = xep174_reader_dup (self->reader, error);

  return reader != NULL ? xep174_file_source_new (reader, self->size) : NULL;
}

void
xep174_file_source_free (Xep174FileSource *self)
{
  xep174_reader_free (self->reader);
  xep174_digest_free (self->digest);
  g_free (self);
}

gint64
xep174_file_source_get_changed (Xep174FileSource *self)
{
  return self->changed;
}

/* --- Reading --------------------------------------------------------------------------------- */

/* What was sent and is sent again is not hashed again: were it something else by now, the other side
 * would see it. */
gssize
xep174_file_source_read (Xep174FileSource  *self,
                         guint64            offset,
                         gpointer           buffer,
                         gsize              size,
                         GError           **error)
{
  gssize n = xep174_reader_read (self->reader, offset, buffer, MIN (size, self->size - offset), error);

  if (n > 0 && offset <= self->hashed && offset + n > self->hashed)
    {
      gsize known = self->hashed - offset;

      xep174_digest_update (self->digest, (const guint8 *) buffer + known, n - known);
      self->hashed += n - known;
    }

  return n;
}

gboolean
xep174_file_source_hash (Xep174FileSource  *self,
                         guint8            *sha256,
                         GError           **error)
{
  g_autofree guint8 *chunk = NULL;

  if (self->hashed < self->size)
    chunk = g_malloc (CHUNK);
  while (self->hashed < self->size)
    if (xep174_file_source_read (self, self->hashed, chunk, CHUNK, error) < 0)
      return FALSE;

  if (!self->whole)
    xep174_digest_finish (self->digest, self->sha256);
  self->whole = TRUE;
  memcpy (sha256, self->sha256, sizeof self->sha256);

  return TRUE;
}
