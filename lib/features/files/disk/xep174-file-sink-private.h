/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-file-writer-private.h"

G_BEGIN_DECLS

/* Where a file that comes goes to, with the hash of what has come: a folder, or a stream of the program's.
 * Calls may wait for the disk; errors are of G_IO_ERROR. */
typedef struct _Xep174FileSink Xep174FileSink;

/* As the functions of #Xep174FileWriter. */
Xep174FileSink *xep174_file_sink_create   (const char      *folder,
                                           const char      *id,
                                           guint64          size,
                                           GError         **error);
Xep174FileSink *xep174_file_sink_resume   (const char      *folder,
                                           const char      *id,
                                           guint64          size,
                                           GError         **error);
Xep174FileSink *xep174_file_sink_new_for  (GOutputStream   *stream,
                                           guint64          size);
/* How much will come, if that was not known before. */
gboolean        xep174_file_sink_expect   (Xep174FileSink  *self,
                                           guint64          size,
                                           GError         **error);
guint64         xep174_file_sink_get_done (Xep174FileSink  *self);
gboolean        xep174_file_sink_write    (Xep174FileSink  *self,
                                           gconstpointer    octets,
                                           gsize            length,
                                           GError         **error);
/* Of all that was written, in hexadecimal digits. */
char           *xep174_file_sink_dup_hash (Xep174FileSink  *self,
                                           GError         **error);
/* For who writes it in another way; %NULL for a stream. Until it is given back, with the @hash if it is
 * whole, nothing else may be done. */
Xep174FileWriter *
                xep174_file_sink_lend     (Xep174FileSink   *self);
void            xep174_file_sink_give_back (Xep174FileSink   *self,
                                           Xep174FileWriter *writer,
                                           const char       *hash);
gboolean        xep174_file_sink_can_lend (Xep174FileSink  *self);
/* The file is whole. Returns its name, “” for a stream, which is closed. */
char           *xep174_file_sink_finish   (Xep174FileSink  *self,
                                           const char      *name,
                                           GError         **error);
/* Removes what was written. What has gone to a stream is there. */
void            xep174_file_sink_discard  (Xep174FileSink  *self);
/* Leaves what was written, to be resumed. */
void            xep174_file_sink_free     (Xep174FileSink  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174FileSink, xep174_file_sink_free)

G_END_DECLS
