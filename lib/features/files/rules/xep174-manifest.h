/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is in a folder that is sent: a record for each file, and for each folder that is empty,
 *
 *   SIZE SP PATH NUL
 *
 * with the size in decimal digits. The path is relative and has no empty, “.” or “..” component; that of an
 * empty folder ends with “/”, and its size is 0. Behind the last record come the octets of all files, in the
 * same order: so manifest and files are one stream of octets. */

#define XEP174_MANIFEST_MAX_LENGTH  (16 * 1024 * 1024)
/* Files and folders. */
#define XEP174_MANIFEST_MAX_ENTRIES 100000
#define XEP174_MANIFEST_MAX_DEPTH   32
/* No parent: it is in the folder itself. */
#define XEP174_MANIFEST_ROOT        G_MAXUINT

typedef struct
{
  char    *name;      /* one component, made safe, and alone in its folder */
  char    *said;      /* as the sender calls it */
  guint    parent;    /* the index of its folder, which stands before it */
  gboolean is_folder;
  guint64  size;
  guint64  offset;    /* where its octets begin, the manifest's own counted */
} Xep174ManifestEntry;

typedef struct
{
  GArray *entries;    /* of Xep174ManifestEntry: as they come, each folder before what is in it */
  guint   n_files;
  guint64 size;       /* of all, the manifest's own octets counted */
} Xep174Manifest;

void            xep174_manifest_append (GString        *text,
                                        const char     *path,
                                        guint64         size);
/* %NULL, with why for the log, if it is none, or says too much. */
Xep174Manifest *xep174_manifest_read   (const char     *text,
                                        gsize           length,
                                        const char    **why);
void            xep174_manifest_free   (Xep174Manifest *self);
const Xep174ManifestEntry *
                xep174_manifest_get    (const Xep174Manifest *self,
                                        guint           index);
/* The index of the file that octet @offset, which is behind the manifest and before its end, belongs to. */
guint           xep174_manifest_find   (const Xep174Manifest *self,
                                        guint64         offset);
/* The path of an entry, as it is said. */
char           *xep174_manifest_dup_path (const Xep174Manifest *self,
                                        guint           index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174Manifest, xep174_manifest_free)

G_END_DECLS
