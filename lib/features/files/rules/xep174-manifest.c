/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xep174-manifest.h"

#include <string.h>

#include "xep174-file-name.h"

/* What is remembered while it is read. */
typedef struct
{
  Xep174Manifest *manifest;
  GHashTable     *said;    /* of PARENT/NAME, as it is said: the index, and 1 */
  GHashTable     *taken;   /* PARENT/NAME, safe and folded */
  GHashTable     *next;    /* of the same with the least number of its digits: the next to try */
  const char     *why;
} Reader;

/* --- Writing --------------------------------------------------------------------------------- */

void
xep174_manifest_append (GString    *text,
                        const char *path,
                        guint64     size)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT " %s", size, path);
  g_string_append_c (text, '\0');
}

/* --- The manifest ---------------------------------------------------------------------------- */

static void
clear_entry (gpointer data)
{
  Xep174ManifestEntry *entry = data;

  g_free (entry->name);
  g_free (entry->said);
}

static Xep174Manifest *
manifest_new (gsize length)
{
  Xep174Manifest *self = g_new0 (Xep174Manifest, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Xep174ManifestEntry));
  g_array_set_clear_func (self->entries, clear_entry);
  self->size = length;

  return self;
}

void
xep174_manifest_free (Xep174Manifest *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

const Xep174ManifestEntry *
xep174_manifest_get (const Xep174Manifest *self,
                     guint                 index)
{
  return &g_array_index (self->entries, Xep174ManifestEntry, index);
}

guint
xep174_manifest_find (const Xep174Manifest *self,
                      guint64               offset)
{
  guint low = 0, high = self->entries->len;

  /* The first whose end is behind it: neither a folder nor an empty file is. */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Xep174ManifestEntry *entry = xep174_manifest_get (self, middle);

      if (entry->offset + entry->size > offset)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

char *
xep174_manifest_dup_path (const Xep174Manifest *self,
                          guint                 index)
{
  GString *path = g_string_new (NULL);

  for (; index != XEP174_MANIFEST_ROOT; index = xep174_manifest_get (self, index)->parent)
    {
      if (path->len > 0)
        g_string_prepend_c (path, '/');
      g_string_prepend (path, xep174_manifest_get (self, index)->said);
    }

  return g_string_free (path, FALSE);
}

/* --- Names ----------------------------------------------------------------------------------- */

static gboolean
refuse (Reader     *reader,
        const char *why)
{
  reader->why = why;

  return FALSE;
}

/* What is one name on some file systems is one here. */
static char *
dup_key (guint       parent,
         const char *safe)
{
  g_autofree char *folded = g_utf8_casefold (safe, -1);
  g_autofree char *normal = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);

  return g_strdup_printf ("%u/%s", parent, normal);
}

static gboolean
take (Reader     *reader,
      guint       parent,
      const char *name)
{
  char *key = dup_key (parent, name);

  if (!g_hash_table_contains (reader->taken, key))
    return g_hash_table_add (reader->taken, key);

  g_free (key);
  return FALSE;
}

/* The first name with a number of as many digits as @least that is free, or %NULL. Names that are cut alike
 * for so many digits share one counter: so no number is tried twice. */
static char *
take_number (Reader     *reader,
             guint       parent,
             const char *safe,
             guint       least)
{
  g_autofree char *cut = xep174_file_name_number (safe, least);
  char *counter = dup_key (parent, cut);
  guint number = MAX (least, GPOINTER_TO_UINT (g_hash_table_lookup (reader->next, counter)));
  char *name = NULL;

  for (; name == NULL && number < 10 * least; number++)
    {
      g_autofree char *numbered = xep174_file_name_number (safe, number);

      if (take (reader, parent, numbered))
        name = g_steal_pointer (&numbered);
    }
  g_hash_table_insert (reader->next, counter, GUINT_TO_POINTER (number));

  return name;
}

/* The safe name, or the first number of it that is free; always the same for the same manifest. */
static char *
take_name (Reader     *reader,
           guint       parent,
           const char *said)
{
  g_autofree char *safe = xep174_file_name_make_safe (said);
  char *name = NULL;

  if (take (reader, parent, safe))
    return g_steal_pointer (&safe);

  for (guint least = 1; name == NULL; least *= 10)
    name = take_number (reader, parent, safe, least);

  return name;
}

/* --- Reading --------------------------------------------------------------------------------- */

static gboolean
add (Reader     *reader,
     guint       parent,
     const char *said,
     gboolean    is_folder,
     guint64     size)
{
  Xep174Manifest *manifest = reader->manifest;
  Xep174ManifestEntry entry = { NULL, NULL, parent, is_folder, size, manifest->size };

  if (manifest->entries->len == XEP174_MANIFEST_MAX_ENTRIES)
    return refuse (reader, "there are too many files");
  if (size > G_MAXINT64 - manifest->size)
    return refuse (reader, "the files are too large");

  entry.name = take_name (reader, parent, said);
  entry.said = g_strdup (said);
  g_array_append_val (manifest->entries, entry);
  manifest->size += size;
  manifest->n_files += !is_folder;
  g_hash_table_insert (reader->said, g_strdup_printf ("%u/%s", parent, said),
                       GUINT_TO_POINTER (manifest->entries->len));

  return TRUE;
}

static gboolean
is_component (const char *said)
{
  return *said != '\0' && strcmp (said, ".") != 0 && strcmp (said, "..") != 0;
}

/* A path is said once, and a file is no folder. Folders on the way to a file need not be said. */
static gboolean
read_path (Reader     *reader,
           const char *path,
           guint64     size)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", XEP174_MANIFEST_MAX_DEPTH + 2);
  guint n = g_strv_length (parts);
  gboolean is_folder = n > 1 && *parts[n - 1] == '\0';
  guint parent = XEP174_MANIFEST_ROOT;

  n -= is_folder;
  if (n == 0)
    return refuse (reader, "a file has no path");
  if (n > XEP174_MANIFEST_MAX_DEPTH)
    return refuse (reader, "a folder is too deep");
  if (is_folder && size > 0)
    return refuse (reader, "a folder has octets");

  for (guint i = 0; i < n; i++)
    {
      gboolean last = i == n - 1;
      g_autofree char *key = g_strdup_printf ("%u/%s", parent, parts[i]);
      guint known = GPOINTER_TO_UINT (g_hash_table_lookup (reader->said, key));

      if (!is_component (parts[i]))
        return refuse (reader, "a path leads elsewhere");
      if (known > 0 && (last || !xep174_manifest_get (reader->manifest, known - 1)->is_folder))
        return refuse (reader, "a path is there twice");
      if (known == 0 && !add (reader, parent, parts[i], !last || is_folder, last ? size : 0))
        return FALSE;
      parent = known > 0 ? known - 1 : reader->manifest->entries->len - 1;
    }

  return TRUE;
}

static gboolean
read_record (Reader     *reader,
             const char *record)
{
  const char *space = strchr (record, ' ');
  g_autofree char *digits = space != NULL ? g_strndup (record, space - record) : NULL;
  guint64 size;

  if (digits == NULL || (*digits == '0' && digits[1] != '\0')
      || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &size, NULL))
    return refuse (reader, "a file has no size");

  return read_path (reader, space + 1, size);
}

static gboolean
read_all (Reader     *reader,
          const char *text,
          gsize       length)
{
  if (length > XEP174_MANIFEST_MAX_LENGTH)
    return refuse (reader, "it is too long");
  if (length > 0 && text[length - 1] != '\0')
    return refuse (reader, "the last record has no end");

  for (gsize at = 0; at < length; at += strlen (text + at) + 1)
    if (!read_record (reader, text + at))
      return FALSE;

  return TRUE;
}

Xep174Manifest *
xep174_manifest_read (const char  *text,
                      gsize        length,
                      const char **why)
{
  g_autoptr(Xep174Manifest) self = manifest_new (length);
  g_autoptr(GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) next = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { self, said, taken, next, NULL };

  if (read_all (&reader, text, length))
    return g_steal_pointer (&self);

  *why = reader.why;

  return NULL;
}
