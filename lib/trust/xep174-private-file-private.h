/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files that only their owner may read: 0600 in a folder of 0700. */

/* What tells one version of a file from the next; all 0 where there is none. */
typedef struct
{
  guint64 device;
  guint64 inode;
  guint64 size;
  gint64 changed_s;
  gint64 changed_ns;
} Xep174FileStamp;

/* G_FILE_ERROR_NOENT if there is none. A file that others may read or change, that is not ours or
 * that is not a plain one is an error. */
GBytes   *xep174_private_file_read  (const char       *path,
                                     Xep174FileStamp  *stamp,
                                     GError          **error);
/* What is there now, without reading it. */
void      xep174_private_file_stat  (const char      *path,
                                     Xep174FileStamp *stamp);
gboolean  xep174_file_stamp_equal   (const Xep174FileStamp *one,
                                     const Xep174FileStamp *other);
/* The file is the old or the new one whole, whatever happens. What could not be read again is not
 * written. Under the lock, @stamp is that of the new one. */
gboolean  xep174_private_file_write (const char       *path,
                                     const char       *contents,
                                     gsize             length,
                                     Xep174FileStamp  *stamp,
                                     GError          **error);
/* Only one program at a time changes the file; its folder is made if there is none. A descriptor to
 * be closed, or -1. It waits for a moment at most. */
int       xep174_private_file_lock  (const char  *path,
                                     GError     **error);
/* It does not wait: G_FILE_ERROR_AGAIN as long as somebody else has it. */
int       xep174_private_file_try_lock (const char  *path,
                                        GError     **error);

G_END_DECLS
