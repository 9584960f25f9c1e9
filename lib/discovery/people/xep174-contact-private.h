/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-contact.h"

Xep174Contact *xep174_contact_new          (const char *name, GBytes *txt);
/* Each takes effect and notifies on the same object (D14). If @txt is NULL, the record is as
 * before. Returns TRUE if the record has changed; then the caller must call
 * xep174_contact_changed(). */
gboolean       xep174_contact_update       (Xep174Contact *self, const char *name, GBytes *txt);
void           xep174_contact_changed      (Xep174Contact *self);
void           xep174_contact_set_online   (Xep174Contact *self, gboolean online);
void           xep174_contact_set_doubtful (Xep174Contact *self, gboolean doubtful);
/* @trust: with that of the session while there is one that is @encrypted */
void           xep174_contact_set_security (Xep174Contact *self, gboolean encrypted,
                                            Xep174Trust trust);
