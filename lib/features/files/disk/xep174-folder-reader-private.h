/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-reader-private.h"

G_BEGIN_DECLS

/* The octets of a folder: its manifest, and then those of its files. What is in it is looked for once, when
 * it is opened; symbolic links and what is no file are only counted, and not sent. It fails if something in
 * it cannot be read. What it holds goes to @info, but for its name; @changed is another number when something
 * in it has changed. */
Xep174Reader *xep174_folder_reader_open (const char      *path,
                                         Xep174FileInfo  *info,
                                         gint64          *changed,
                                         GError         **error);

G_END_DECLS
