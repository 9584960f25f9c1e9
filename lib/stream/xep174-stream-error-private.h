/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-stream-error.h"

G_BEGIN_DECLS

/* The GError that a received `<stream:error/>` stands for, its text kept. */
GError *xep174_stream_error_new_from_element (Xep174Element *element);

G_END_DECLS
