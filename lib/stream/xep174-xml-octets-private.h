/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether octets are those of an XML stream at all: UTF-8 (RFC 3629 §4) without the control
 * characters that XML 1.0 §2.2 leaves out. Zeroed memory is the start. */
typedef struct
{
  guchar missing;   /* how many octets the character that has begun still lacks */
  guchar low;       /* the range of the next one */
  guchar high;
} Xep174XmlOctets;

/* The number of octets before the first bad one: @length if all are good so far. */
gsize xep174_xml_octets_check (Xep174XmlOctets *self,
                               const guchar    *octets,
                               gsize            length);

G_END_DECLS
