/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"

G_BEGIN_DECLS

/* The file of @folder that was @id on its way, is as @info tells with its hash, and got its name before
 * anybody was told: that name, or %NULL if it has none yet. Waits for the disk. */
char *xep174_file_find_placed (const char           *folder,
                               const char           *id,
                               const Xep174FileInfo *info);

G_END_DECLS
