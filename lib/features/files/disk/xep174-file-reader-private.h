/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-reader-private.h"

G_BEGIN_DECLS

/* The octets of one file. Takes @fd. */
Xep174Reader *xep174_file_reader_new (int fd);

G_END_DECLS
