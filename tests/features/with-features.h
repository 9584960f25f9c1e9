/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-peer.h"
#include "xep174-feature.h"

G_BEGIN_DECLS

/* A manager that uses a feature, and a contact that says what it can do. */

/* Takes @feature; the manager has it then. */
void          raw_add_feature (Raw           *raw,
                               Xep174Feature *feature);
/* We have dialled, and the contact has answered with @features, elements of disco#info. */
MemoryStream *raw_open_to     (Raw           *raw,
                               const char    *features);

G_END_DECLS
