/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-namespaces-private.h"

G_BEGIN_DECLS

/* The `node` of our capabilities (XEP-0115 §4). It names the program, and is no address. */
#define XEP174_CAPS_NODE "urn:libxep174"

/* What the library itself can do. */
extern const char *const xep174_disco_own[];

/* Appends what we are and can do (XEP-0030 §3.1): the answer to the question, and the stream
 * feature that saves it (XEP-0174 §10). Returns what it has appended. */
Xep174Element *xep174_disco_append_info (Xep174Element      *parent,
                                         const char * const *announces);

G_END_DECLS
