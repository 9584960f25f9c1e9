/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "xep174-manifest.h"

G_BEGIN_DECLS

/* The folders and files of a manifest on the disk, by descriptors from the topmost one on: no symbolic link
 * is followed, whoever puts one there. */
typedef struct
{
  const Xep174Manifest *manifest;
  gboolean said;   /* they are called as the sender calls them */
  int      root;
  guint    folder; /* the last one that was opened, */
  int      fd;     /* and its descriptor */
} Xep174Tree;

/* Takes @root; @manifest has to stay. */
void       xep174_tree_init       (Xep174Tree           *self,
                                   int                   root,
                                   const Xep174Manifest *manifest,
                                   gboolean              said);
void       xep174_tree_clear      (Xep174Tree           *self);
/* The descriptor of a folder, until the next one is asked for; or -1, and errno. With @make it is made if it
 * is not there, and so are those above. */
int        xep174_tree_get_folder (Xep174Tree           *self,
                                   guint                 folder,
                                   gboolean              make);
/* Opens a file with @flags; of one that is made the folders are, too. */
int        xep174_tree_open       (Xep174Tree           *self,
                                   guint                 index,
                                   int                   flags);

/* What is in a folder, sorted: (element-type filename). */
GPtrArray *xep174_tree_list       (int                   folder,
                                   GError              **error);
/* With all that is in it. */
void       xep174_tree_remove     (int                   folder,
                                   const char           *name);

G_END_DECLS
