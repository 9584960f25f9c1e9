/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* What comes is a part in a folder, “.ID.part”, until it gets its name: what all parts have in common.
 * Nothing is ever overwritten, and no symbolic link is followed in the folder. Errors are of G_IO_ERROR. */

void      xep174_part_set_errno    (GError       **error,
                                    int            number,
                                    const char    *what);
/* @id names the transfer: of a to z, 0 to 9 and -. */
char     *xep174_part_dup_name     (const char    *id);
/* Where the person wants it: there a link may lead. Or -1. */
int       xep174_part_open_folder  (const char    *folder,
                                    GError       **error);
/* Whether there is room for so many octets more, in so many files, where @fd is. */
gboolean  xep174_part_check_room   (int            fd,
                                    guint64        missing,
                                    guint          n_files,
                                    GError       **error);
/* Whether @part is still the name of @fd: in a folder that others may write to, they may have put something
 * else there. */
gboolean  xep174_part_has_its_name (int            folder,
                                    const char    *part,
                                    int            fd);

/* (nullable): a path that leads to @fd now: @path, or else what the kernel knows. */
char     *xep174_part_dup_path     (const char    *path,
                                    int            fd);

/* Whether it is a plain file of this user under one name, of at most @size octets: who else could have a name
 * for it might change it. */
gboolean  xep174_part_is_ours      (const struct stat *status,
                                    guint64            size);

/* What @what would say if the kernel refuses; fewer than @length may be written. What is shorter than @offset
 * was cut meanwhile. */
gssize    xep174_part_write        (int            fd,
                                    gconstpointer  octets,
                                    gsize          length,
                                    guint64        offset,
                                    const char    *what,
                                    GError       **error);
/* FALSE, because somebody else was here. */
gboolean  xep174_part_fail_changed (GError       **error);

/* Whether it is a plain file of @size octets: another process of this user may have cut it, or put something
 * else in its place. That other octets were put into it is not noticed. */
gboolean  xep174_part_is_whole     (int                fd,
                                    guint64            size);

/* Ways to give @part, which is in @from, the name @name in @folder without taking it from something else: 0,
 * or errno. The first that the file system knows is used. */
typedef int (*Xep174Placer) (int         from,
                             const char *part,
                             int         folder,
                             const char *name);

/* Ends with %NULL. */
extern const Xep174Placer xep174_file_placers[];
extern const Xep174Placer xep174_folder_placers[];

/* Names that are tried, until one is free. */
#define XEP174_PART_MAX_NUMBER 10000

/* Called @name or, where that is taken, “name (1).ext”. Returns its name. */
char     *xep174_part_place        (const Xep174Placer *placers,
                                    int                 from,
                                    const char         *part,
                                    int                 folder,
                                    const char         *name,
                                    GError            **error);

G_END_DECLS
