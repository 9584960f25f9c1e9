/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-contact.h"

/* Pictures (D15). */

/* RFC 1035 §3.2.1: the longest data of a record. */
#define XEP174_AVATAR_MAX 65535

/* Whether @hash can be the SHA-1 of anything: forty hexadecimal digits. */
gboolean xep174_avatar_is_hash (const char *hash);
/* Whether @hash is that of @picture. */
gboolean xep174_avatar_matches (GBytes     *picture,
                                const char *hash);

/* Who loads the pictures of contacts; the contacts share it. */
typedef struct
{
  gpointer owner; /* not referenced, NULL once it has gone */
  /* Takes @task, whose result is the picture. */
  void   (*load) (gpointer       owner,
                  Xep174Contact *contact,
                  GTask         *task);
} Xep174AvatarLoader;

/* Takes a reference on @loader, which was made with g_rc_box_new(). */
void xep174_contact_set_loader (Xep174Contact      *self,
                                Xep174AvatarLoader *loader);
