/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "xep174-namespaces-private.h"

G_BEGIN_DECLS

/* Appends what we are and can do (XEP-0030 §3.1): the answer to the question, and the stream
 * feature that saves it (XEP-0174 §10). */
void xep174_disco_append_info (Xep174Element *parent);

G_END_DECLS
