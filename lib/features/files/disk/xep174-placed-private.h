/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-manifest.h"

G_BEGIN_DECLS

/* What has come and got its name before anybody was told: it is looked for among the names that it may have
 * been given in @folder, and is what it has to be if its octets have the hash of @info. Returns its
 * descriptor and @name, or -1. */

/* A plain file of this user under @n_names names: who else could have one for it might change it. */
int xep174_placed_open_file   (int                     folder,
                               const Xep174FileInfo   *info,
                               guint                   n_names,
                               char                  **name);
/* What is in @manifest, and nothing else; @text is the file that has the octets of that. No symbolic link is
 * followed. */
int xep174_placed_open_folder (int                     folder,
                               const Xep174FileInfo   *info,
                               const Xep174Manifest   *manifest,
                               int                     text,
                               char                  **name);

G_END_DECLS
