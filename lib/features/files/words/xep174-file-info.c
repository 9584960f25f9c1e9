/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-file-info-private.h"

#include <string.h>

#define SHA256 "sha-256"
/* Of 32 octets, with the padding (RFC 4648 §4). */
#define BASE64_LENGTH 44

void
xep174_file_info_clear (Xep174FileInfo *self)
{
  g_free (self->name);
  g_free (self->media_type);
  memset (self, 0, sizeof *self);
}

gboolean
xep174_file_read_number (const char *text,
                         guint64     max,
                         guint64    *number)
{
  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

gboolean
xep174_file_is_text (const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= XEP174_FILE_MAX_TEXT;
}

static gboolean
decode (const char *text,
        guint8     *sha256)
{
  g_autofree guint8 *octets = NULL;
  g_autofree char *again = NULL;
  gsize length;

  if (strlen (text) != BASE64_LENGTH)
    return FALSE;

  octets = g_base64_decode (text, &length);
  again = g_base64_encode (octets, length);
  /* §5: no white space, and nothing in the bits behind the last octet. */
  if (length != XEP174_SHA256_LENGTH || !g_str_equal (again, text))
    return FALSE;

  memcpy (sha256, octets, length);

  return TRUE;
}

gboolean
xep174_file_read_sha256 (Xep174Element  *parent,
                         Xep174FileInfo *info)
{
  g_autofree Xep174Element **hashes = xep174_element_list_children (parent, "hash", XEP174_NS_HASHES);

  for (guint i = 0; hashes[i] != NULL; i++)
    {
      g_autofree char *text = xep174_element_dup_text (hashes[i]);

      if (g_strcmp0 (xep174_element_get_attribute (hashes[i], "algo"), SHA256) != 0)
        continue;
      if (info->hashed || text == NULL || !decode (text, info->sha256))
        return FALSE;
      info->hashed = TRUE;
    }

  return TRUE;
}

Xep174Element *
xep174_file_append_hash (Xep174Element *parent,
                         const guint8  *sha256)
{
  Xep174Element *hash
    = xep174_element_append_new (parent, sha256 != NULL ? "hash" : "hash-used", XEP174_NS_HASHES);

  xep174_element_set_attribute (hash, "algo", SHA256);
  if (sha256 != NULL)
    {
      g_autofree char *text = g_base64_encode (sha256, XEP174_SHA256_LENGTH);

      xep174_element_append_text (hash, text);
    }

  return hash;
}

gboolean
xep174_file_read_folder (Xep174Element  *parent,
                         Xep174FileInfo *info)
{
  Xep174Element *folder = xep174_element_find_child (parent, "folder", XEP174_NS_FOLDER);
  guint64 n_files;

  if (folder == NULL)
    return TRUE;
  if (!xep174_file_read_number (xep174_element_get_attribute (folder, "files"), G_MAXUINT, &n_files)
      || !xep174_file_read_number (xep174_element_get_attribute (folder, "manifest"), info->size,
                                   &info->manifest))
    return FALSE;

  info->is_folder = TRUE;
  info->n_files = n_files;

  return TRUE;
}

void
xep174_file_append_folder (Xep174Element        *parent,
                           const Xep174FileInfo *info)
{
  Xep174Element *folder = xep174_element_append_new (parent, "folder", XEP174_NS_FOLDER);
  g_autofree char *n_files = g_strdup_printf ("%u", info->n_files);
  g_autofree char *manifest = g_strdup_printf ("%" G_GUINT64_FORMAT, info->manifest);

  xep174_element_set_attribute (folder, "files", n_files);
  xep174_element_set_attribute (folder, "manifest", manifest);
}
