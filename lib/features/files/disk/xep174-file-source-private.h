/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-reader-private.h"

G_BEGIN_DECLS

/* What is sent, with the hash of what was read. Calls wait for the disk; errors are of G_IO_ERROR. One is
 * used by one thread at a time. */
typedef struct _Xep174FileSource Xep174FileSource;

/* What it is called, how large it is and what it holds goes to @info. */
Xep174FileSource *xep174_file_source_open  (GFile             *file,
                                            Xep174FileInfo    *info,
                                            GError           **error);
/* Takes @reader. */
Xep174FileSource *xep174_file_source_new   (Xep174Reader      *reader,
                                            guint64            size);
/* Another one of the same, for another thread; nothing is hashed of it. */
Xep174FileSource *xep174_file_source_dup   (Xep174FileSource  *self,
                                            GError           **error);
void              xep174_file_source_free  (Xep174FileSource  *self);
/* The same as long as nobody has changed what is sent; of a file it is in microseconds since 1970 when that
 * was, 0 if it is not known. */
gint64            xep174_file_source_get_changed (Xep174FileSource *self);
/* How many octets; never none, for that there are fewer than there were; or -1. All that is before @offset
 * was read before. */
gssize            xep174_file_source_read  (Xep174FileSource  *self,
                                            guint64            offset,
                                            gpointer           buffer,
                                            gsize              size,
                                            GError           **error);
/* Of all octets; those that were not read yet are. */
gboolean          xep174_file_source_hash  (Xep174FileSource  *self,
                                            guint8            *sha256,
                                            GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174FileSource, xep174_file_source_free)

G_END_DECLS
