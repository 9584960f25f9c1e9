/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Many people who are published by one mDNS server in this process, "name1@crowd" and so on. */
typedef struct _Crowd Crowd;

Crowd   *crowd_new      (guint n_people);
/* The same, but they are only pointed at, until they are let speak. */
Crowd   *crowd_new_mute (guint n_people);
void     crowd_speak    (Crowd *crowd);
/* All have been probed for and announced. */
gboolean crowd_is_there (const Crowd *crowd);
/* They say goodbye. */
void     crowd_free     (Crowd *crowd);
