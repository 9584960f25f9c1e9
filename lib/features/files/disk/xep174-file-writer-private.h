/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file that comes from a contact, on its way to a folder. It is written to “.ID.part” and gets its name
 * when it is whole; nothing is ever overwritten, and no symbolic link is followed in the folder. Calls
 * may wait for the disk; errors are of G_IO_ERROR. */
typedef struct _Xep174FileWriter Xep174FileWriter;

/* @id names the transfer: of a to z, 0 to 9 and -. The part must not be there yet; there must be room for
 * @size octets. */
Xep174FileWriter *xep174_file_writer_create   (const char        *folder,
                                               const char        *id,
                                               guint64            size,
                                               GError           **error);
/* Goes on behind the octets that are in the part. */
Xep174FileWriter *xep174_file_writer_resume   (const char        *folder,
                                               const char        *id,
                                               guint64            size,
                                               GError           **error);
/* How much will come, if that was not known before. */
gboolean          xep174_file_writer_expect   (Xep174FileWriter  *self,
                                               guint64            size,
                                               GError           **error);
guint64           xep174_file_writer_get_done (Xep174FileWriter  *self);
/* All of @octets, or an error; none of them if they are more than are missing. */
gboolean          xep174_file_writer_write    (Xep174FileWriter  *self,
                                               gconstpointer      octets,
                                               gsize              length,
                                               GError           **error);
/* What is there already, from @offset on: how many octets, 0 at the end of what is done, -1 with an error. */
gssize            xep174_file_writer_read     (Xep174FileWriter  *self,
                                               guint64            offset,
                                               gpointer           buffer,
                                               gsize              size,
                                               GError           **error);
/* The file is whole: it is put on the disk, and called @name or, where that is taken, “name (1).ext”. Returns
 * its name. */
char             *xep174_file_writer_finish   (Xep174FileWriter  *self,
                                               const char        *name,
                                               GError           **error);
/* Removes the part. */
void              xep174_file_writer_discard  (Xep174FileWriter  *self);
/* Leaves the part, to be resumed. */
void              xep174_file_writer_free     (Xep174FileWriter  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174FileWriter, xep174_file_writer_free)

/* Ways to give @part the name @name without taking it from another file: 0, or errno. The first that
 * the file system knows is used. */
typedef int (*Xep174FilePlacer) (int         folder,
                                 const char *part,
                                 const char *name);

#define XEP174_FILE_N_PLACERS 3
extern const Xep174FilePlacer xep174_file_placers[XEP174_FILE_N_PLACERS];

G_END_DECLS
