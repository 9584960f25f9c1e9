/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <xep174/xep174.h>

G_BEGIN_DECLS

/* Shows the picture of @contact in @avatar from now on, also a new one; NULL for none. */
void chat_picture_follow (AdwAvatar     *avatar,
                          Xep174Contact *contact);

/* (transfer full) (nullable): @octets as a picture, NULL if they are none, or too large a one. */
GdkPaintable *chat_picture_decode (GBytes *octets);

G_END_DECLS
