/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-stream-error.h"

G_BEGIN_DECLS

/* FALSE for a condition that RFC 6120 §4.9.3 does not have; @code is UNDEFINED_CONDITION then. */
gboolean    xep174_stream_error_from_condition (const char        *condition,
                                                Xep174StreamError *code);
/* Why the other side ends a conversation with it, for who does not know the name. */
const char *xep174_stream_error_get_reason     (Xep174StreamError  code);

G_END_DECLS
