/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-file-info-private.h"
#include "xep174-manifest.h"

G_BEGIN_DECLS

/* The part of a folder is a folder, too, which only its owner can enter, with the manifest and, in “tree”,
 * what has come of it. When that has got its name the manifest stays: it is found by that. */
typedef struct
{
  int     folder; /* where it is, */
  char   *name;   /* and what it is called there */
  int     fd;     /* -1 if there is none */
  int     text;   /* the file of the manifest, */
  guint64 length; /* which has so many octets when it is whole */
} Xep174FolderPart;

/* The part must not be there yet. In any case it has to be cleared. */
gboolean        xep174_folder_part_make         (Xep174FolderPart      *self,
                                                 const char            *folder,
                                                 const char            *id,
                                                 const Xep174FileInfo  *info,
                                                 GError               **error);
/* The one that was left, with @done octets of the manifest. */
gboolean        xep174_folder_part_find         (Xep174FolderPart      *self,
                                                 const char            *folder,
                                                 const char            *id,
                                                 const Xep174FileInfo  *info,
                                                 guint64               *done,
                                                 GError               **error);
void            xep174_folder_part_clear        (Xep174FolderPart      *self);

/* The manifest is whole: what was said of it in the offer, @info, has to be true of it. */
Xep174Manifest *xep174_folder_part_read         (Xep174FolderPart      *self,
                                                 const Xep174FileInfo  *info,
                                                 GError               **error);
/* The descriptor of “tree”, or -1 and errno. */
int             xep174_folder_part_open_tree    (Xep174FolderPart      *self);
/* @tree is still where it was, and so is the part. */
gboolean        xep174_folder_part_has_tree     (Xep174FolderPart      *self,
                                                 int                    tree);
/* Gives it its name, */
char           *xep174_folder_part_place        (Xep174FolderPart      *self,
                                                 const char            *name,
                                                 GError               **error);
/* or takes @tree back, which is called @name. */
void            xep174_folder_part_take_back    (Xep174FolderPart      *self,
                                                 int                    tree,
                                                 const char            *name);
/* With what is in it, if it is still where it was. */
void            xep174_folder_part_remove       (Xep174FolderPart      *self);
/* What cannot be gone on with, too; only its name if it is no folder, and a folder that is not ours stays. */
void            xep174_folder_part_remove_left  (const char            *folder,
                                                 const char            *id,
                                                 const Xep174FileInfo  *info);

G_END_DECLS
