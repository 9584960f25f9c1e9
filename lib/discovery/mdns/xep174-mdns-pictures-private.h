/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-mdns-browser-private.h"

/* Pictures that somebody wants to see (D15): a few at a time, and about each name one question a
 * second, however often the picture changes and whoever asks. The question is withdrawn at the first
 * right answer. */
typedef struct _Xep174MdnsPictures Xep174MdnsPictures;

/* How many are looked for at a time. They take no slots: whoever is here comes first. */
#define XEP174_MDNS_PICTURES 4
/* RFC 6762 §5.2: the least time between two questions about the same. */
#define XEP174_MDNS_PICTURE_REST_MS 1000
/* How long to wait for an answer, and how long where the name was heard first, before all are asked
 * everywhere. */
#define XEP174_MDNS_PICTURE_MS       5000
#define XEP174_MDNS_PICTURE_THERE_MS 1500

Xep174MdnsPictures *xep174_mdns_pictures_new  (Xep174MdnsHub     *hub,
                                               Xep174MdnsBrowser *browser);
void                xep174_mdns_pictures_free (Xep174MdnsPictures *self);
/* Takes @task, whose result is the picture with that SHA-1. */
void                xep174_mdns_pictures_run  (Xep174MdnsPictures *self,
                                               const char         *name,
                                               const char         *hash,
                                               GTask              *task);
/* We are not online any more: nobody waits from now on. */
void                xep174_mdns_pictures_stop (Xep174MdnsPictures *self);
