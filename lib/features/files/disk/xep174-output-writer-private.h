/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-writer-private.h"

G_BEGIN_DECLS

/* Octets that come go to a stream of the program's. Nothing of them can be read back. */
Xep174Writer *xep174_output_writer_new (GOutputStream *stream,
                                        guint64        size);

G_END_DECLS
