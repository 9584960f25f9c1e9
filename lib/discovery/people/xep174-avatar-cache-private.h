/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Pictures by their SHA-1: some in memory, and more in a folder if there is one. What was not used for
 * longest goes first. */
typedef struct _Xep174AvatarCache Xep174AvatarCache;

#define XEP174_AVATAR_CACHE_SIZE (4 * 1024 * 1024) /* octets in memory */
#define XEP174_AVATAR_CACHE_FILES 256
#define XEP174_AVATAR_CACHE_DAYS  30 /* since a file was last asked for */

Xep174AvatarCache *xep174_avatar_cache_new        (void);
void               xep174_avatar_cache_free       (Xep174AvatarCache *self);
/* The folder is made when the first picture goes there. NULL for none. */
void               xep174_avatar_cache_set_folder (Xep174AvatarCache *self,
                                                   const char        *folder);
/* (transfer full): NULL if there is none with that hash. */
GBytes            *xep174_avatar_cache_dup        (Xep174AvatarCache *self,
                                                   const char        *hash);
/* It must have that hash. */
void               xep174_avatar_cache_put        (Xep174AvatarCache *self,
                                                   const char        *hash,
                                                   GBytes            *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Xep174AvatarCache, xep174_avatar_cache_free)
