/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-file-info-private.h"

G_BEGIN_DECLS

/* A file that is sent: its octets from anywhere on, and the hash of all. Calls wait for the disk;
 * errors are of G_IO_ERROR. */
typedef struct _Xep174FileSource Xep174FileSource;

/* What it is called, how large it is and what it holds goes to @info. */
Xep174FileSource *xep174_file_source_open  (GFile             *file,
                                            Xep174FileInfo    *info,
                                            GError           **error);
void              xep174_file_source_free  (Xep174FileSource  *self);
/* In microseconds since 1970, 0 if it is not known: when the file was changed last. */
gint64            xep174_file_source_get_changed (Xep174FileSource *self);
/* Another descriptor of the same file. */
int               xep174_file_source_dup_fd (Xep174FileSource *self,
                                            GError           **error);
/* At most @length octets from @offset on; never none, for that the file was cut. */
GBytes           *xep174_file_source_read  (Xep174FileSource  *self,
                                            guint64            offset,
                                            gsize              length,
                                            GError           **error);
/* Of all octets; those that were not read yet are. */
gboolean          xep174_file_source_hash  (Xep174FileSource  *self,
                                            guint8            *sha256,
                                            GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174FileSource, xep174_file_source_free)

G_END_DECLS
