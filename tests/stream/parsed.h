/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"

G_BEGIN_DECLS

/* (transfer full): an element that is right; as it was read, or one that can be changed. */
Xep174Element *parse     (const char *xml);
Xep174Element *parse_own (const char *xml);

G_END_DECLS
