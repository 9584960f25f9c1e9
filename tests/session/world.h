/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two whole managers joined in memory, and a die that decides what happens next: octets arrive
 * one, some or all at a time, connections are taken, refused, broken or cut, buffers fill, time
 * passes, both sides send and close. Then everything is let go to its end. In every run:
 *
 *  S1: no stanza of a recipient before one of the initiator has reached it;
 *  S3: one stream at most at rest;
 *  S6: none is opened while an old one is closing;
 *  S7: every stanza arrives once and in order, or its sender is told. */

typedef struct _World World;

/* A number below @n. */
typedef guint (*WorldDie) (gpointer data,
                           guint    n);

/* @harm: connections may break. */
World *world_new          (WorldDie  die,
                           gpointer  die_data,
                           gboolean  harm);
/* One thing happens. */
void   world_happen       (World    *world);
/* Somebody else connects to one of the two and says these octets. */
void   world_add_stranger (World         *world,
                           gconstpointer  octets,
                           gsize          length);
/* Lets everything go to its end, asserts what must hold, and frees the world. */
void   world_end          (World    *world);

G_END_DECLS
