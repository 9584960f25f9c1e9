/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-writer-private.h"

G_BEGIN_DECLS

/* A file that comes from a contact, on its way to a folder: a part, as all of xep174-part-private.h. */

/* The part must not be there yet; there must be room for @size octets. */
Xep174Writer *xep174_file_writer_create (const char  *folder,
                                         const char  *id,
                                         guint64      size,
                                         GError     **error);
/* Goes on behind the octets that are in the part; or is finished, if the file has its name already. A part
 * that it cannot go on with is removed. */
Xep174Writer *xep174_file_writer_resume (const char            *folder,
                                         const char            *id,
                                         const Xep174FileInfo  *info,
                                         GError               **error);
/* Nobody goes on with the part, if there is one: it loses its name, whatever somebody has made of it. */
void          xep174_file_writer_remove (const char            *folder,
                                         const char            *id);

G_END_DECLS
