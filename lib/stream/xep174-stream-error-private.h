/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-element.h"
#include "xep174-stream-error.h"

G_BEGIN_DECLS

/* FALSE for a condition that RFC 6120 §4.9.3 does not have; @code is UNDEFINED_CONDITION then. */
gboolean  xep174_stream_error_from_condition   (const char        *condition,
                                                Xep174StreamError *code);
/* The GError that a received `<stream:error/>` stands for, its text kept. */
GError   *xep174_stream_error_new_from_element (Xep174Element     *element);

G_END_DECLS
