/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* X8: what a stream may hold. libxml2 sets a custom handler none of these bounds. */
typedef struct
{
  guint max_stanza_octets;
  guint max_header_octets;
  guint max_depth;
  guint max_attributes;
  guint max_namespaces;
  guint max_names;
} Xep174StreamLimits;

/* What a parser has that nobody has told otherwise. */
#define XEP174_STREAM_LIMITS_STANDARD { 256 * 1024, 8 * 1024, 128, 40, 32, 4096 }

G_END_DECLS
