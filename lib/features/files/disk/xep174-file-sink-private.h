/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-writer-private.h"

G_BEGIN_DECLS

/* What comes, with the hash of it. Calls may wait for the disk; errors are of G_IO_ERROR. One is used by one
 * thread at a time. */
typedef struct _Xep174FileSink Xep174FileSink;

/* For what @info tells: as the functions of the writer of that kind. */
Xep174FileSink *xep174_file_sink_create   (const char           *folder,
                                           const char           *id,
                                           const Xep174FileInfo *info,
                                           GError              **error);
Xep174FileSink *xep174_file_sink_resume   (const char           *folder,
                                           const char           *id,
                                           const Xep174FileInfo *info,
                                           GError              **error);
/* How much there is of a file, without a look at it. */
guint64         xep174_file_sink_measure  (const char           *folder,
                                           const char           *id);
/* Takes @writer. */
Xep174FileSink *xep174_file_sink_new      (Xep174Writer         *writer);
/* How much will come, if that was not known before. */
gboolean        xep174_file_sink_expect   (Xep174FileSink       *self,
                                           guint64               size,
                                           GError              **error);
guint64         xep174_file_sink_get_done (Xep174FileSink       *self);
gboolean        xep174_file_sink_write    (Xep174FileSink       *self,
                                           gconstpointer         octets,
                                           gsize                 length,
                                           GCancellable         *cancellable,
                                           GError              **error);
/* Some of what was there before, for @buffer has @size octets: 0 if all is hashed, -1 with an error. Whoever
 * changed it is found out by the hash. */
gssize          xep174_file_sink_hash_some (Xep174FileSink      *self,
                                           gpointer              buffer,
                                           gsize                 size,
                                           GError              **error);
/* Of all that was written; then nothing more is. */
gboolean        xep174_file_sink_hash     (Xep174FileSink       *self,
                                           guint8               *sha256,
                                           GError              **error);
/* As those of #Xep174Writer. */
char           *xep174_file_sink_finish   (Xep174FileSink       *self,
                                           const char           *name,
                                           GError              **error);
const char     *xep174_file_sink_get_placed (Xep174FileSink     *self);
char           *xep174_file_sink_dup_path (Xep174FileSink       *self,
                                           const char           *folder);
void            xep174_file_sink_settle   (Xep174FileSink       *self);
void            xep174_file_sink_discard  (Xep174FileSink       *self);
void            xep174_file_sink_free     (Xep174FileSink       *self);
/* Nobody goes on with what is left, if something is. */
void            xep174_file_sink_remove   (const char           *folder,
                                           const char           *id,
                                           const Xep174FileInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174FileSink, xep174_file_sink_free)

G_END_DECLS
