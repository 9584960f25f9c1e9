/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-writer-private.h"

G_BEGIN_DECLS

/* A folder that comes from a contact: its part is a folder, too, which only its owner can enter, with the
 * manifest and, in “tree”, what has come of it. */

Xep174Writer *xep174_folder_writer_create (const char            *folder,
                                           const char            *id,
                                           const Xep174FileInfo  *info,
                                           GError               **error);
/* As those of a file. */
Xep174Writer *xep174_folder_writer_resume (const char            *folder,
                                           const char            *id,
                                           const Xep174FileInfo  *info,
                                           GError               **error);

G_END_DECLS
